"""How well invented people are known again and told apart by the production matchers.

The run in CI is small. The whole one, for docs/decisions/0010, with a folder that keeps what has
grown and a bound for the pairs of fingers of two people:

    SMARTICS_PEOPLE=1000 SMARTICS_PEOPLE_PAIRS=499500 SMARTICS_PEOPLE_PROCESSES=2 \
    SMARTICS_PEOPLE_CACHE=/var/tmp/fingers nice python -m pytest -s -p no:cacheprovider \
    tests/benchmarks/test_invented_people.py

Each person presses the right index finger on two days, and is photographed for a card and, up to
eight years later, before a camera.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from common.matching.faces import ACCEPT_FROM, OFFICER_FROM, FaceEngine
from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.fingers import MATCH_THRESHOLD, FingerTemplate, extract
from hardware.simulation.people import REFERENCE_DAY, person

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(0)]

PEOPLE = int(os.environ.get("SMARTICS_PEOPLE", "8"))
PAIRS = int(os.environ.get("SMARTICS_PEOPLE_PAIRS", "400"))
PROCESSES = int(os.environ.get("SMARTICS_PEOPLE_PROCESSES", "1"))
KEPT_IN = os.environ.get("SMARTICS_PEOPLE_CACHE")
INDEX = 2
WORTH_ENROLLING = 30

PAIRS_AT_ONCE = 500

Floats = npt.NDArray[np.float64]
Pair: TypeAlias = tuple[int, int]


def another_day(seed: int) -> date:
    """Some day within eight years after the portrait."""
    return REFERENCE_DAY + timedelta(days=1 + seed * 173 % 2900)


def two_impressions(seed: int) -> tuple[FingerTemplate, FingerTemplate]:
    folder = Path(KEPT_IN) if KEPT_IN else None
    first, second = (
        extract(person(seed).finger(INDEX, seed * 2 + press, cache=folder, on=day))
        for press, day in ((0, REFERENCE_DAY), (1, another_day(seed)))
    )
    return first, second


_prepared: list[tuple[PreparedFinger, ...]] = []


def prepare(templates: list[tuple[FingerTemplate, FingerTemplate]]) -> None:
    """Make every impression ready once in each process."""
    _prepared[:] = [tuple(map(PreparedFinger, both)) for both in templates]


def likenesses(pairs: Sequence[Pair]) -> list[float]:
    """How alike the first impression of the one is to the second of the other."""
    return [likeness(_prepared[a][0], _prepared[b][1]) for a, b in pairs]


def compared(templates: list[tuple[FingerTemplate, FingerTemplate]], pairs: list[Pair]) -> Floats:
    slices = [pairs[i : i + PAIRS_AT_ONCE] for i in range(0, len(pairs), PAIRS_AT_ONCE)]
    found = spread_over_processes(likenesses, slices, 1, prepare, templates)
    return np.array([score for part in found for score in part])


@cache
def engine() -> FaceEngine:
    cv2.setNumThreads(1)
    return FaceEngine()


def two_faces(seed: int) -> tuple[Sequence[int], Floats]:
    """How many faces were found in each of two pictures, and the embeddings of the largest."""
    pictures = person(seed).portrait(), person(seed).face(seed, 540, 720, on=another_day(seed))
    found = [engine().find(picture) for picture in pictures]
    nothing = np.full(128, np.nan)
    embeddings = [
        engine().embedding(picture, faces[0]) if faces else nothing
        for picture, faces in zip(pictures, found, strict=True)
    ]
    return [len(faces) for faces in found], np.array(embeddings, np.float64)


def nothing_to_prepare(_: Any) -> None:
    """Processes that start afresh need a beginning that has a name."""


def spread_over_processes(
    work: Callable[[Any], Any],
    things: Iterable[Any],
    at_once: int = 20,
    begin: Callable[[Any], None] = nothing_to_prepare,
    given: Any = None,
) -> list[Any]:
    if PROCESSES == 1:
        begin(given)
        return [work(thing) for thing in things]
    many = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, many, begin, (given,)) as pool:
        return list(pool.map(work, things, chunksize=at_once))


def pairs_of_two_people() -> list[Pair]:
    """All of them, or as many as are asked for, drawn at random."""
    if PEOPLE * (PEOPLE - 1) // 2 <= PAIRS:
        return list(combinations(range(PEOPLE), 2))
    rng = np.random.default_rng(1)
    firsts, steps = rng.integers(0, PEOPLE, PAIRS), rng.integers(1, PEOPLE, PAIRS)
    return [(int(a), int(a + step) % PEOPLE) for a, step in zip(firsts, steps, strict=True)]


def tell(title: str, scores: Floats, thresholds: Sequence[float], *, same: bool) -> None:
    wrong = [np.sum(scores < limit) if same else np.sum(scores >= limit) for limit in thresholds]
    shares = ", ".join(
        f"{count} at {limit:g} ({100 * count / len(scores):.3f} %)"
        for count, limit in zip(wrong, thresholds, strict=True)
    )
    low, middle, high = np.percentile(scores, [1, 50, 99])
    print(f"{title}: {len(scores)} pairs, {'missed' if same else 'false matches'} {shares}")
    print(
        f"  least {scores.min():.3g}, 1 % {low:.3g}, median {middle:.3g}, 99 % {high:.3g}, "
        f"most {scores.max():.3g}"
    )


def test_fingers() -> None:
    templates = spread_over_processes(two_impressions, range(PEOPLE))
    quality = np.array([one.quality for both in templates for one in both])
    good = float(np.mean(quality >= WORTH_ENROLLING))
    same = compared(templates, [(who, who) for who in range(PEOPLE)])
    different = compared(templates, pairs_of_two_people())
    print(f"\nright index fingers of {PEOPLE} people, NFIQ 2 from {WORTH_ENROLLING}: {good:.1%},")
    print(f"  NFIQ 2 least {quality.min()}, median {np.median(quality):.0f}, most {quality.max()}")
    limits = (MATCH_THRESHOLD, 1.5 * MATCH_THRESHOLD, 2 * MATCH_THRESHOLD)
    tell("same finger", same, limits, same=True)
    tell("different people", different, limits, same=False)
    assert good >= 0.9
    assert np.mean(same >= MATCH_THRESHOLD) >= 0.9
    assert np.mean(different >= MATCH_THRESHOLD) <= 0.01


def test_faces() -> None:
    found = spread_over_processes(two_faces, range(PEOPLE))
    not_one = [seed for seed, (counts, _) in enumerate(found) if list(counts) != [1, 1]]
    likenesses = np.array([e[0] for _, e in found]) @ np.array([e[1] for _, e in found]).T
    same = np.diag(likenesses)
    different = likenesses[np.triu_indices(PEOPLE, 1)]
    print(f"\nfaces of {PEOPLE} people; not exactly one face found: {not_one or 'none'}")
    limits = (OFFICER_FROM, ACCEPT_FROM, 0.6)
    tell("same face", same[~np.isnan(same)], limits, same=True)
    tell("different people", different[~np.isnan(different)], limits, same=False)
    assert len(not_one) <= 0.02 * PEOPLE
    assert np.mean(same >= ACCEPT_FROM) >= 0.9
    assert np.mean(different >= ACCEPT_FROM) <= 0.15
