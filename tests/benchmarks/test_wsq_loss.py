"""What coding a finger image costs its matching: prints as they are against the same ones coded.

One impression comes as it is, as from a scanner; the other went through a record, as from a card.
The prints are those of FVC in the folder that SMARTICS_TEST_DATA names (fingerprints/fvc*/
FINGER_IMPRESSION.png). Run with -s to see the table; with SMARTICS_ALL_PAIRS=1 it takes all prints
and all pairs (a quarter of an hour), else a few.
"""

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pytest
from PIL import Image

from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.images import FingerImage
from common.matching.fingers import MATCH_THRESHOLD, extract

DATA = os.environ.get("SMARTICS_TEST_DATA", "")
ALL = bool(os.environ.get("SMARTICS_ALL_PAIRS"))
DPI = {"fvc2002_db1_b": 500, "fvc2002_db3_b": 500}
CODINGS = (ImageCoding.WSQ, ImageCoding.JPEG_2000)

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.timeout(5400 if ALL else 300),
    pytest.mark.skipif(not DATA, reason="SMARTICS_TEST_DATA names no folder of prints"),
]


class Print:
    """One impression, as it is and after each coding."""

    def __init__(self, file: Path) -> None:
        self.finger = f"{file.parent.name}/{file.stem.split('_')[0]}"
        pixels = np.asarray(Image.open(file).convert("L"), dtype=np.uint8)
        dpi = DPI[file.parent.name]
        self.plain = PreparedFinger(extract(pixels, dpi))
        self.coded, self.ratio, self.ms = {}, {}, {}
        for coding in CODINGS:
            started = perf_counter()
            image = FingerImage.of(pixels, coding, dpi=dpi)
            written = perf_counter()
            again = image.pixels()
            read = perf_counter()
            self.coded[coding] = PreparedFinger(extract(again, dpi))
            self.ratio[coding] = pixels.size / len(image.data)
            self.ms[coding] = ((written - started) * 1e3, (read - written) * 1e3)


@pytest.fixture(scope="module")
def prints() -> list[Print]:
    folders = [Path(DATA) / "fingerprints" / name for name in DPI]
    files = [file for folder in folders for file in sorted(folder.glob("*_*.png"))]
    few = [file for file in files if file.stem in {"101_1", "101_2", "105_3", "105_4"}]
    found = [Print(file) for file in (files if ALL else few)]
    assert found
    return found


def _scores(prints: list[Print], coding: ImageCoding | None, *, same: bool) -> Iterator[float]:
    for a, b in combinations(prints, 2):
        one_sensor = a.finger.split("/")[0] == b.finger.split("/")[0]
        if one_sensor and (a.finger == b.finger) is same:
            yield likeness(a.plain, b.plain if coding is None else b.coded[coding])


def test_what_coding_costs(prints: list[Print]) -> None:
    print(f"\n{len(prints)} prints; coded against as they are, from {MATCH_THRESHOLD}")
    plain = list(_scores(prints, None, same=True))
    for coding in (None, *CODINGS):
        genuine = list(_scores(prints, coding, same=True))
        others = list(_scores(prints, coding, same=False))
        missed = sum(score < MATCH_THRESHOLD for score in genuine)
        false = sum(score >= MATCH_THRESHOLD for score in others)
        print(
            f"{coding.value if coding else 'as it is':10} missed {missed} of {len(genuine)},"
            f" false {false} of {len(others)}, median score {median(genuine):.1f}",
            end="",
        )
        if coding:
            sizes = median(one.ratio[coding] for one in prints)
            wrote, read = (median(one.ms[coding][n] for one in prints) for n in (0, 1))
            print(f", {sizes:.0f}:1, written in {wrote:.0f} ms, read in {read:.0f} ms", end="")
            lost = sum(
                before >= MATCH_THRESHOLD > after
                for before, after in zip(plain, genuine, strict=True)
            )
            assert lost <= max(1, len(plain) // 20)
            assert median(genuine) > 0.7 * median(plain)
        print()
