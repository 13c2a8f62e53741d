"""Writes what a calibration found: a report, a picture, and numbers for programs."""

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from common.matching.error_rates import REPLICATES
from office.commands.calibration_engines import DESCRIBED
from office.commands.calibration_findings import Calibration
from office.commands.calibration_plot import draw_det
from office.commands.calibration_tables import (
    compared,
    per_cent,
    shipped,
    thresholds,
    unusable,
    work,
)

REPORT, PICTURE, NUMBERS, FAILURES = "report.md", "det.png", "rates.json", "failures.csv"

_METHOD = """\
## How it was measured

- Every capture of a sensor is compared once with every other of that sensor{across}. The earlier
  file is the first of the two.
- FMR is the share of pairs of strangers whose score is at or above a threshold, FNMR the share of
  pairs of one subject below it (ISO/IEC 19795-1). The threshold for a rate is the smallest at
  which the FMR is at most that rate; in the tables it is rounded up, so that it still holds.
  The equal error rate is the mean of both where they are nearest each other.
- {failures}
- Intervals (95 %) come from drawing the subjects {replicates:,} times with replacement: a pair of
  one subject counts as often as its subject was drawn, a pair of strangers as often as the one
  times the other. The fewer subjects, the further out their ends are taken. The same captures
  always give the same intervals. The FNMR at a wanted rate is that at the threshold which each
  drawing would have set for itself.
- Where not one pair erred, such drawings cannot tell, and the upper end is that of Clopper and
  Pearson (about 3 / n), with n the number of subjects for FNMR, of pairs of subjects for FMR. That
  is the most cautious reading, and may exceed the interval of a row in which some pairs erred.
- No drawing puts a threshold above all scores of strangers that were seen; where none of them
  would match, its interval has no upper end.
"""

_COUNTED = (
    "A pair of one subject with an unusable capture counts as missed at every threshold"
    " (`--count-failures`); a pair of strangers with one is left out."
)
_NOT_COUNTED = "Pairs with an unusable capture are left out (`--no-count-failures`)."

_WORTH = """\
## What the figures are worth

- {subjects:,} subjects make {pairs}. If none of them ever matched, they would support no FMR below
  **{lowest}** (95 %). Were all {impostors:,} comparisons of strangers independent, which they are
  not, it would be {optimistic}. Rows marked * want less than these people can prove: take their
  thresholds as an extrapolation.
- An interval speaks of other people like these, before the same sensors, handled in the same way.
  It says nothing of other sensors, skins, ages, light or habits.
- Captures of one sitting resemble each other more than those of another day do, so FNMR in service
  is higher than measured on them. Calibrate with captures of several days.
- A threshold chosen here fits these captures best. Keep some people apart, and check it on them.
- A subject is what the labels call so. Where one person gives several fingers under different
  labels, the intervals are a little too narrow.
"""


def as_numbers(calibration: Calibration) -> dict[str, Any]:
    """The numbers, without names of files or subjects; null where there is none."""
    request = calibration.request
    asked = {key: value for key, value in asdict(request).items() if key != "folders"}
    engines = [asdict(found) for found in calibration.engines]
    head = {"made": calibration.made.isoformat(), "confidence": 0.95, "replicates": REPLICATES}
    return {name: _finite(value) for name, value in {**head, **asked, "results": engines}.items()}


def _finite(value: Any) -> Any:
    """JSON knows neither infinity nor what is not a number."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(calibration: Calibration, folder: Path) -> None:
    """Put the report, the picture and the numbers into a folder that exists; failures, if any.

    Only failures.csv names files; the others may be passed on.
    """
    (folder / NUMBERS).write_text(json.dumps(as_numbers(calibration), indent=1) + "\n", "utf-8")
    (folder / REPORT).write_text("\n".join(_report(calibration)) + "\n", "utf-8")
    draw_det(calibration, folder / PICTURE)
    (folder / FAILURES).unlink(missing_ok=True)
    if calibration.failures:
        with (folder / FAILURES).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("engine", "file", "reason"), *calibration.failures])


def _report(calibration: Calibration) -> Iterator[str]:
    yield f"# {calibration.title}"
    yield f"\nMeasured on {calibration.made} by `{_command(calibration)}`.\n"
    for found in calibration.engines:
        yield f"- **{found.engine}**: {DESCRIBED[found.engine]}"
    yield f"\n![Error curves]({PICTURE})\n"
    yield "The lines are what was measured, the shades their 95 % intervals; the points are shipped"
    yield "thresholds."
    yield "\n## What was compared\n"
    yield from compared(calibration)
    yield "\n## Thresholds for chosen false match rates\n"
    yield from thresholds(calibration)
    if any(found.all.at_shipped for found in calibration.engines):
        yield "\n## At the shipped threshold\n"
        yield from shipped(calibration)
    yield f"\n{_worth(calibration)}"
    yield _method(calibration)
    if calibration.failures:
        yield "## Captures that could not be used\n"
        yield from unusable(calibration)
        yield ""
    yield "## How long it took\n"
    yield from work(calibration)


def _command(calibration: Calibration) -> str:
    """As it was typed, without the names of folders."""
    asked = calibration.request
    words = [
        "smartics matching calibrate",
        *["FOLDER"] * len(asked.folders),
        f"--kind {asked.kind}",
    ]
    if calibration.shows_fingers:
        words += [f"--dpi {asked.dpi}", *(f"--engine {engine}" for engine in asked.engines)]
    words += [f"--rate {rate:g}" for rate in asked.rates]
    words += ["--strangers-across"] * asked.strangers_across
    words += ["--no-count-failures"] * (not asked.count_failures)
    if asked.most_strangers is not None:
        words.append(f"--most-strangers {asked.most_strangers}")
    return " ".join(words)


def _worth(calibration: Calibration) -> str:
    found = calibration.engines[0].all
    return _WORTH.format(
        subjects=found.subjects,
        pairs=f"{found.stranger_pairs:,} pairs of people",
        lowest=per_cent(found.lowest_supported_fmr),
        impostors=found.impostor_pairs,
        optimistic=per_cent(found.lowest_if_independent_fmr),
    )


def _method(calibration: Calibration) -> str:
    asked = calibration.request
    across = ", and with those of other folders, whose subjects are other people"
    return _METHOD.format(
        across=across if asked.strangers_across else "",
        failures=_COUNTED if asked.count_failures else _NOT_COUNTED,
        replicates=REPLICATES,
    )


def summary(calibration: Calibration) -> Iterator[str]:
    """What a terminal shows."""
    yield from compared(calibration)
    yield ""
    yield from thresholds(calibration)
    if at_shipped := shipped(calibration):
        yield ""
        yield from at_shipped
    lowest = per_cent(calibration.engines[0].all.lowest_supported_fmr)
    yield f"\n{calibration.title} support no FMR below {lowest} (*)."
    for engine in calibration.engines:
        if engine.all.failures:
            yield f"Captures that {engine.engine} could not use: {engine.all.failures}."
