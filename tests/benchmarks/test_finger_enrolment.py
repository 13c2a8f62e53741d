"""What the best two of three captures are worth, against the first capture alone.

Needs FVC2002 DB1_B and DB3_B below SMARTICS_TEST_DATA. Run with -s to see the table.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.matching.finger_enrolment import CAPTURES, RETAKES, FingerEnrolment, capture
from common.matching.fingers import FingerImageError, FingerTemplate, extract, verify

SETS = {"fvc2002_db1_b": 500, "fvc2002_db3_b": 500}
FOLDER = Path(os.environ.get("SMARTICS_TEST_DATA", "/nowhere")) / "fingerprints"
IMPRESSIONS = 8

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="SMARTICS_TEST_DATA has no fingerprints"),
]


@dataclass
class Tally:
    """How often a later touch of the enrolled finger was missed."""

    touches: int = 0
    missed_first_alone: int = 0
    missed_by_policy: int = 0
    enrolments: int = 0
    not_enrolled: int = 0


def impressions(name: str, finger: int) -> list[FingerTemplate]:
    found = []
    for number in range(1, IMPRESSIONS + 1):
        file = FOLDER / name / f"{finger}_{number}.png"
        try:
            found.append(extract(np.asarray(Image.open(file).convert("L")), SETS[name]))
        except FingerImageError:
            found.append(FingerTemplate((), 1, 1, 0))
    return found


def enrolled(captures: Sequence[FingerTemplate]) -> tuple[list[FingerTemplate], int]:
    """Enrol as a booth does; return what is kept and how many captures that took."""
    one = FingerEnrolment(1)
    for template in captures:
        one = one.captured(capture(template, one.captures))
        if one.is_done:
            break
    return [kept.template for kept in one.ended().kept], len(one.captures)


def one_finger(tally: Tally, all_of_it: list[FingerTemplate]) -> None:
    for begin in range(IMPRESSIONS):
        order = all_of_it[begin:] + all_of_it[:begin]
        kept, used = enrolled(order[: CAPTURES + RETAKES])
        tally.enrolments += 1
        if not kept:
            tally.not_enrolled += 1
            continue
        for probe in order[used:]:
            tally.touches += 1
            tally.missed_first_alone += not verify(probe, order[:1]).matched
            tally.missed_by_policy += not verify(probe, kept).matched


@pytest.mark.parametrize("name", SETS)
def test_the_best_two_of_three_miss_less_than_the_first_alone(name, capsys):
    tally = Tally()
    for finger in range(101, 111):
        one_finger(tally, impressions(name, finger))
    with capsys.disabled():
        first = tally.missed_first_alone / tally.touches
        policy = tally.missed_by_policy / tally.touches
        print(
            f"\n{name}: {tally.touches} touches, missed {first:.1%} with the first capture alone,"
            f" {policy:.1%} with the best two; {tally.not_enrolled} of {tally.enrolments} fingers"
            " had nothing to enrol"
        )
    assert tally.missed_by_policy <= tally.missed_first_alone
