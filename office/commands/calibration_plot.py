"""Draws the error curves of a calibration as a DET plot."""

import logging
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

from office.commands.calibration_findings import Calibration, EngineFindings

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Okabe and Ito's, which people with any colour vision tell apart."""

_TICKS = (1e-6, 1e-5, 1e-4, 1e-3, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9)
_LARGEST_FMR, _LARGEST_FNMR = 0.5, 0.95
_normal = NormalDist()


def draw_det(calibration: Calibration, file: Path) -> None:
    """One line an engine with its interval as a shade, on axes of the normal distribution."""
    import matplotlib as mpl  # noqa: PLC0415 (slow, and needed here alone)

    mpl.use("Agg")
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    from matplotlib.figure import Figure  # noqa: PLC0415 (as above)

    figure = Figure(figsize=(8, 7), dpi=120, layout="constrained")
    axes = figure.subplots()
    lowest = _lowest(calibration.engines)
    highest = max([high for found in calibration.engines for high in found.all.det.high] or [0])
    for found, colour in zip(calibration.engines, _COLOURS, strict=False):
        _draw_engine(axes, found, colour, lowest)
    for rate in calibration.request.rates:
        axes.axvline(_place(rate), color="0.3", linewidth=1.0, linestyle=":", zorder=0)
    _settle_axes(axes, lowest, (_LARGEST_FMR, min(max(1.3 * highest, 0.05), _LARGEST_FNMR)))
    axes.set_title(calibration.title, fontsize=12)
    axes.legend(loc="upper right", fontsize=10, framealpha=0.95)
    figure.savefig(file)


def _lowest(engines: list[EngineFindings]) -> tuple[float, float]:
    """Where the axes begin: below the smallest FMR and FNMR that so many pairs can have."""
    impostors = max(found.all.impostor_pairs for found in engines)
    genuine = max(found.all.genuine_pairs for found in engines)
    return 0.6 / max(impostors, 10), 0.6 / max(genuine, 10)


def _draw_engine(
    axes: Any, found: EngineFindings, colour: str, lowest: tuple[float, float]
) -> None:
    det, floor = found.all.det, lowest[1]
    across = [_place(fmr) for fmr in det.fmr]
    low, line, high = (
        [_place(max(value, floor)) for value in values] for values in (det.low, det.fnmr, det.high)
    )
    axes.fill_between(across, low, high, color=colour, alpha=0.15, linewidth=0)
    label = f"{found.engine}: equal error rate {100 * found.all.eer.value:.2g} %"
    axes.plot(across, line, color=colour, linewidth=2, label=label)
    for at in found.all.at_shipped:
        x, y = (max(e.value, least) for e, least in zip((at.fmr, at.fnmr), lowest, strict=True))
        axes.plot(_place(x), _place(y), "o", color=colour, markersize=8, markeredgecolor="white")
        axes.annotate(
            f"{at.name} {at.threshold.value:g}",
            (_place(x), _place(y)),
            textcoords="offset points",
            xytext=(8, 8),
            fontsize=9,
            color=colour,
        )


def _settle_axes(axes: Any, lowest: Sequence[float], highest: Sequence[float]) -> None:
    for axis, low, high in zip((axes.xaxis, axes.yaxis), lowest, highest, strict=True):
        ticks = [tick for tick in _TICKS if low <= tick <= high]
        axis.set_ticks([_place(tick) for tick in ticks], [f"{100 * tick:g}" for tick in ticks])
    axes.set_xlim(_place(lowest[0]), _place(highest[0]))
    axes.set_ylim(_place(lowest[1]), _place(highest[1]))
    axes.plot([-9, 9], [-9, 9], color="0.8", linewidth=0.8, zorder=0)
    axes.grid(visible=True, color="0.92", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel("false match rate (FMR), %: pairs of strangers that match")
    axes.set_ylabel("false non-match rate (FNMR), %: pairs of one subject that do not match")


def _place(rate: float) -> float:
    """Where a rate lies on an axis of the normal distribution."""
    return _normal.inv_cdf(min(max(rate, 1e-9), 1 - 1e-9))
