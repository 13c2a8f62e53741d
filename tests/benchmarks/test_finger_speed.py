"""What reading and comparing fingers costs, as multiples of NIST's software in the same run.

The floors are mindtct for an extraction and Bozorth3 for a comparison, both on the same invented
impressions. Times are those of the processor. Run with -s to see the table.
"""

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import cv2
import numpy as np
import pytest

from common.matching import finger_nbis, finger_network
from common.matching.finger_area import find_area, ridge_share
from common.matching.finger_extraction import extract
from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.ridge_counts import count_ridges
from hardware.simulation.people import person

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(120)]

INDEX = 2
PEOPLE = (1, 2, 3)
ROUNDS = 3


def spent_ms(run: Callable[[], object]) -> float:
    """The median of some rounds, after one that does not count."""
    run()
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        run()
        times.append((process_time() - began) * 1000)
    return median(times)


def show(title: str, floor: str, rows: dict[str, float]) -> None:
    print(f"\n{title:<34}{'ms':>9}{'x ' + floor:>14}")
    for name, spent in rows.items():
        print(f"{name:<34}{spent:>9.1f}{spent / rows[floor]:>14.2f}")


def mindtct(image: np.ndarray) -> Any:
    nist = finger_nbis._extractor(with_quality=False)
    return nist.extract_minutiae(cv2.imencode(".png", image)[1].tobytes())


def test_stages_of_an_extraction():
    images = [person(who).finger(INDEX, 1) for who in PEOPLE]
    network = finger_network.load()
    areas = [find_area(image) for image in images]
    cut = [np.ascontiguousarray(im[area.box()]) for im, area in zip(images, areas, strict=True)]
    templates = [extract(image) for image in images]
    both = list(zip(images, areas, strict=True))
    each = {
        "mindtct": lambda: [mindtct(image) for image in images],
        "mindtct with NFIQ 2": lambda: [finger_nbis.examine(image) for image in images],
        "area and share of ridges": lambda: [ridge_share(i, find_area(i)) for i in images],
        "network, cut to the finger": lambda: [network.find(image, 0.3) for image in cut],
        "network, whole picture": lambda: [network.find(image, 0.3) for image, _ in both],
        "ridges between minutiae": lambda: [
            count_ridges(i, t.minutiae) for i, t in zip(images, templates, strict=True)
        ],
        "all of it": lambda: [extract(image) for image in images],
    }
    rows = {name: spent_ms(run) / len(images) for name, run in each.items()}
    show("one impression", "mindtct", rows)
    assert all(spent > 0 for spent in rows.values())


def test_stages_of_a_comparison():
    images = [person(who).finger(INDEX, press) for who in PEOPLE for press in (1, 2)]
    templates = [extract(image) for image in images]
    prepared = [PreparedFinger(template) for template in templates]
    theirs = [mindtct(image) for image in images]
    pairs = [(i, j) for i in range(len(images)) for j in range(i)]
    many = sum(t.minutiae != () for t in templates) and len(pairs)
    rows = {
        "Bozorth3": spent_ms(lambda: [theirs[i].compare(theirs[j]) for i, j in pairs]) / many,
        "prepared": spent_ms(lambda: [PreparedFinger(t) for t in templates]) / len(templates),
        "compared": spent_ms(lambda: [likeness(prepared[i], prepared[j]) for i, j in pairs]) / many,
    }
    show("one comparison", "Bozorth3", rows)
    count = np.mean([len(t.minutiae) for t in templates])
    print(f"{count:.0f} minutiae in the mean")
    assert all(spent > 0 for spent in rows.values())
