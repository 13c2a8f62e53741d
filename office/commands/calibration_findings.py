"""What a calibration found: thresholds and error rates with their intervals, for each engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from common.matching.error_rates import Curve, Estimate, Scores, most_when_none_seen
from office.commands.calibration_engines import SHIPPED
from office.commands.calibration_labels import Capture
from office.commands.calibration_pairs import subjects_of
from office.commands.calibration_request import Kind, Request
from office.commands.calibration_work import Measured, Stage

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

ALL_SENSORS = "all"
_DET_POINTS = 120


@dataclass(frozen=True)
class AtThreshold:
    """How often is erred at one threshold.

    Attributes:
        name: What the code calls a shipped threshold; none for one found here.
        wanted_fmr: The rate that a threshold was found for; none for a shipped one.
        supported: Whether so many people can prove the wanted rate at all.
        threshold: Its interval says where other people would have put it.
        fmr: At this very threshold.
        fnmr: At this very threshold if shipped; else at the threshold that other people would
            have given for the wanted rate.
    """

    name: str | None
    wanted_fmr: float | None
    supported: bool
    threshold: Estimate
    fmr: Estimate
    fnmr: Estimate


@dataclass(frozen=True)
class Det:
    """A detection error trade-off curve: FNMR with its interval where the FMR is given."""

    fmr: list[float]
    fnmr: list[float]
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class Findings:
    """What one engine did with the captures of one sensor, or of all."""

    sensor: str
    subjects: int
    captures: int
    failures: int
    genuine_pairs: int
    impostor_pairs: int
    stranger_pairs: int
    lowest_supported_fmr: float
    lowest_if_independent_fmr: float
    eer: Estimate
    at_rates: list[AtThreshold]
    at_shipped: list[AtThreshold]
    det: Det


@dataclass(frozen=True)
class EngineFindings:
    """What one engine did: by sensor, and all sensors together at the end."""

    engine: str
    reasons: dict[str, int]
    extraction: Stage
    comparison: Stage
    sensors: list[Findings]

    @property
    def all(self) -> Findings:
        """All sensors together."""
        return self.sensors[-1]


@dataclass(frozen=True)
class Calibration:
    """All that a report tells.

    Attributes:
        made: On which day.
        request: What was asked for.
        engines: What each of them did.
        failures: Which engine could not use which file, and why.
    """

    made: date
    request: Request
    engines: list[EngineFindings]
    failures: list[tuple[str, str, str]]

    @property
    def shows_fingers(self) -> bool:
        """Fingers, and not faces."""
        return self.request.kind is Kind.FINGER

    @property
    def title(self) -> str:
        """What was measured, on how many."""
        found = self.engines[0].all
        what = "Fingers" if self.shows_fingers else "Faces"
        return f"{what}: {found.subjects:,} subjects, {found.captures:,} captures"


def findings_of(
    measured: Measured, captures: list[Capture], pairs: Ints, request: Request
) -> EngineFindings:
    """Work out everything about one engine."""
    reasons = list(measured.failures.values())
    return EngineFindings(
        measured.engine,
        {reason: reasons.count(reason) for reason in sorted(set(reasons))},
        measured.extraction,
        measured.comparison,
        list(_by_sensor(measured, captures, pairs, request)),
    )


def _by_sensor(
    measured: Measured, captures: list[Capture], pairs: Ints, request: Request
) -> Iterator[Findings]:
    subjects = subjects_of(captures, request)
    sensors = np.array([c.sensor for c in captures])
    failed = np.isin(np.arange(len(captures)), list(measured.failures))
    names = list(dict.fromkeys(sensors.tolist()))
    groups = [(name, sensors == name) for name in names] if len(names) > 1 else []
    for name, members in [*groups, (ALL_SENSORS, np.ones(len(captures), bool))]:
        inside = members[pairs].all(axis=1)
        scores = _usable(subjects[pairs[inside]], measured.scores[inside], request)
        counts = len(set(subjects[members])), int(members.sum()), int((members & failed).sum())
        yield _found(name, counts, scores, SHIPPED[measured.engine], request.rates)


def _usable(subjects: Ints, scores: Floats, request: Request) -> Scores:
    """A failed capture may count as missed, but never as a stranger who was told apart."""
    a, b = subjects.T
    used = np.isfinite(scores) | ((a == b) & request.count_failures)
    return Scores.of(a[used], b[used], scores[used])


def _found(
    sensor: str,
    counts: tuple[int, int, int],
    scores: Scores,
    shipped: dict[str, float],
    rates: Sequence[float],
) -> Findings:
    curve = scores.curve()
    chosen = [curve.threshold_for(rate) for rate in rates]
    grid = _det_grid(len(scores.impostor))
    eer, fixed, moved, missed, det = _estimated(
        scores, curve, [*chosen, *shipped.values()], rates, grid
    )
    supported = scores.lowest_supported_fmr
    fmr = _rates(fixed[0::2], scores.stranger_pairs)
    # The FNMR at a chosen threshold is told with the threshold's own doubt in it.
    fnmr = _rates(np.concatenate([missed, fixed[1::2][len(chosen) :]]), scores.paired_subjects)
    wanted: list[tuple[str | None, float | None]] = [(None, rate) for rate in rates]
    wanted += [(name, None) for name in shipped]
    thresholds = [Estimate(*ends) for ends in moved.tolist()]
    thresholds += [Estimate(value, value, value) for value in shipped.values()]
    rows = [
        AtThreshold(name, rate, rate is None or rate >= supported, *estimates)
        for (name, rate), *estimates in zip(wanted, thresholds, fmr, fnmr, strict=True)
    ]
    return Findings(
        sensor,
        *counts,
        len(scores.genuine),
        len(scores.impostor),
        scores.stranger_pairs,
        supported,
        most_when_none_seen(len(scores.impostor)),
        _rates(eer, scores.paired_subjects)[0],
        rows[: len(chosen)],
        rows[len(chosen) :],
        Det(grid.tolist(), *det.T.tolist()),
    )


def _rates(rows: Floats, trials: int) -> list[Estimate]:
    return [Estimate.of_rate(value, low, high, trials) for value, low, high in rows.tolist()]


def _estimated(
    scores: Scores, curve: Curve, thresholds: list[float], rates: Sequence[float], grid: Floats
) -> list[Floats]:
    """Rows of value, low and high.

    They are of the EER; of FMR and FNMR at each threshold in turn; of the threshold for each rate;
    of the FNMR at each rate; of the FNMR along the grid.
    """

    def measure(weighed: Curve) -> Floats:
        return np.concatenate(
            [
                [weighed.eer()],
                *map(weighed.at, thresholds),
                [weighed.threshold_for(rate) for rate in rates],
                weighed.fnmr_at(np.array(rates)),
                weighed.fnmr_at(grid),
            ]
        )

    rows = np.stack([measure(curve), *scores.intervals(measure)], axis=1)
    return np.split(rows, np.cumsum([1, 2 * len(thresholds), len(rates), len(rates)]))


def _det_grid(impostors: int) -> Floats:
    """FMRs as far apart as a DET plot shows them, from one false match to a half."""
    if impostors < 3:
        return np.zeros(0)
    normal = NormalDist()
    places = np.linspace(normal.inv_cdf(1 / impostors), 0.0, _DET_POINTS)[1:]
    return np.array([1 / impostors, *map(normal.cdf, places)])
