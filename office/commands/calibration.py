"""Runs a calibration from the folders of captures to all that was found."""

import numpy as np

from common.domain.clock import office_day, system_clock
from office.commands.answers import CouldNotError
from office.commands.calibration_findings import Calibration, findings_of
from office.commands.calibration_labels import captures_in
from office.commands.calibration_pairs import Ints, pairs_of, subjects_of
from office.commands.calibration_request import Request
from office.commands.calibration_work import measure


def run(request: Request) -> Calibration:
    """Label, pair, extract, compare and count.

    Raises:
        CouldNotError: The captures cannot tell anything, or an engine cannot be had.
    """
    captures = captures_in(request.folders)
    pairs = pairs_of(captures, request)
    _check(subjects_of(captures, request)[pairs])
    measured = list(measure(captures, pairs, request))
    if all(len(one.failures) == len(captures) for one in measured):
        reason = next(iter(measured[0].failures.values()))
        raise CouldNotError(f"none of the {len(captures)} captures can be used: the first {reason}")
    failures = [
        (one.engine, str(captures[i].file), reason)
        for one in measured
        for i, reason in sorted(one.failures.items())
    ]
    found = [findings_of(one, captures, pairs, request) for one in measured]
    return Calibration(office_day(system_clock()), request, found, failures)


def _check(subjects: Ints) -> None:
    same = subjects[:, 0] == subjects[:, 1]
    if not np.any(same):
        raise CouldNotError("nobody gave two captures to one sensor: check the labels")
    if np.all(same):
        raise CouldNotError("all captures to be compared are of one subject: check the labels")
