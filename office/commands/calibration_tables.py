"""The tables of a calibration, fit for a terminal and for a report."""

import math
from collections.abc import Iterator

from common.matching.error_rates import Estimate
from office.commands.calibration_findings import (
    AtThreshold,
    Calibration,
    EngineFindings,
    Findings,
)
from office.commands.calibration_work import Stage

_NOTHING = "-"


def compared(calibration: Calibration) -> list[str]:
    """How many captures and pairs there were, and where both errors are equal."""
    head = ["engine", "sensor", "subjects", "captures", "unusable"]
    head += ["pairs of one subject", "pairs of strangers", "equal error rate"]
    rows = [
        [
            *_named(engine, found),
            *(f"{n:,}" for n in (found.subjects, found.captures, found.failures)),
            *(f"{n:,}" for n in (found.genuine_pairs, found.impostor_pairs)),
            _rate(found.eer),
        ]
        for engine, found in _each(calibration)
    ]
    return _table(head, rows)


def thresholds(calibration: Calibration) -> list[str]:
    """The threshold for each wanted rate, and what it costs."""
    head = ["engine", "sensor", "wanted FMR", "threshold", "FMR", "FNMR"]
    rows = [
        [
            *_named(engine, found),
            per_cent(at.wanted_fmr) + ("" if at.supported else " *"),
            _threshold(at, calibration),
            _rate(at.fmr),
            _rate(at.fnmr),
        ]
        for engine, found in _each(calibration)
        for at in found.at_rates
        if at.wanted_fmr is not None
    ]
    return _table(head, rows)


def shipped(calibration: Calibration) -> list[str]:
    """What the thresholds of the stations do; nothing for engines that no station uses."""
    head = ["engine", "sensor", "shipped threshold", "FMR", "FNMR"]
    rows = [
        [*_named(engine, found), _shipped(at), _rate(at.fmr), _rate(at.fnmr)]
        for engine, found in _each(calibration)
        for at in found.at_shipped
    ]
    return _table(head, rows) if rows else []


def unusable(calibration: Calibration) -> list[str]:
    """Why captures could not be used, without their names."""
    rows = [
        [engine.engine, reason, f"{count:,}"]
        for engine in calibration.engines
        for reason, count in engine.reasons.items()
    ]
    return _table(["engine", "reason", "captures"], rows)


def work(calibration: Calibration) -> list[str]:
    """What each stage took."""
    head = ["engine", "stage", "items", "elapsed", "of a processor, each"]
    stages = [
        (engine.engine, name, stage)
        for engine in calibration.engines
        for name, stage in (("extraction", engine.extraction), ("comparison", engine.comparison))
    ]
    return _table(head, [[engine, name, *_took(stage)] for engine, name, stage in stages])


def per_cent(rate: float) -> str:
    """Three digits that count."""
    return f"{100 * rate:.3g} %" if math.isfinite(rate) else _NOTHING


def _each(calibration: Calibration) -> Iterator[tuple[EngineFindings, Findings]]:
    for engine in calibration.engines:
        for found in engine.sensors:
            yield engine, found


def _named(engine: EngineFindings, found: Findings) -> list[str]:
    return [engine.engine, found.sensor]


def _rate(estimate: Estimate) -> str:
    if not math.isfinite(estimate.value):
        return _NOTHING
    low, high = (f"{100 * end:.3g}" for end in (estimate.low, estimate.high))
    return f"{per_cent(estimate.value)} ({low} to {high})"


def _threshold(at: AtThreshold, calibration: Calibration) -> str:
    found, digits = at.threshold, 2 if calibration.shows_fingers else 3
    if not math.isfinite(found.value):
        return _NOTHING
    value = math.ceil(found.value * 10**digits) / 10**digits
    high = f"to {found.high:.{digits}f}" if at.fmr.value else "and up"
    return f"{value:.{digits}f} ({found.low:.{digits}f} {high})"


def _shipped(at: AtThreshold) -> str:
    return f"{at.name} {at.threshold.value:g}"


def _took(stage: Stage) -> list[str]:
    each_ms = 1000 * stage.processor_s / max(stage.items, 1)
    return [f"{stage.items:,}", f"{stage.elapsed_s:.1f} s", f"{each_ms:.3g} ms"]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Markdown whose columns stand below each other."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = [head, ["-" * width for width in widths], *rows]
    return [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
