"""How alike two sets of minutiae are, and which minutiae say so."""

from dataclasses import dataclass, replace

import numpy as np

from common.matching.finger_edges import UNCOUNTED, Floats, Ints, PreparedFinger, wrapped
from common.matching.finger_pairing import consistency, core_pairs
from common.matching.finger_skin import Skin, grow

__all__ = ["Pairing", "PreparedFinger", "likeness", "pairing"]

_NEAR_PX = 140.0
_WORST_MISS_PX = 20.0
_MISFIT_PX = 7.0
_BLUR = 0.25
_UNKNOWN_COUNT_MISS = 0.5
_MOST_COUNTS_MISSED = 4
_OVERLAP_PX = 50.0
_OVERLAP_GAP_PX = 110.0
_DOUBTED = 1.0
"""So many more minutiae are taken to have found no partner: three of three prove nothing."""


@dataclass(frozen=True)
class Pairing:
    """What two impressions have in common, and the evidence in it.

    Attributes:
        a, b: Indices into the templates' minutiae, pair by pair.
        strength: How many edges between near pairs agree, each up to 1.
        share: Of the minutiae where both have finger, how many found a partner, 0..1.
        misfit: Root mean square distance of pairs in pixels, skin being moved by the others.
        blur: Mean difference of their directions, radians.
        counts_missed: Mean difference in ridges between near pairs.
        same_kind: Share of pairs that agree in ending or bifurcation.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    strength: float
    share: float
    misfit: float
    blur: float
    counts_missed: float
    same_kind: float

    @property
    def score(self) -> float:
        """0 and up; compare it with MATCH_THRESHOLD of common.matching.fingers.

        Impostors that come close do so with many minutiae, of which few find partners: the share
        counts twice. Each doubt then takes its part.
        """
        fit = 1 / (1 + (self.misfit / _MISFIT_PX) ** 4) / (1 + (self.blur / _BLUR) ** 2)
        ridges = float(np.exp(-0.5 * self.counts_missed)) * (0.5 + 0.5 * self.same_kind)
        return 10 * self.strength * self.share**2 * fit * ridges


def likeness(a: PreparedFinger, b: PreparedFinger) -> float:
    """A score of 0 and up; compare it with MATCH_THRESHOLD of common.matching.fingers."""
    found = pairing(a, b)
    return 0.0 if found is None else found.score


def pairing(a: PreparedFinger, b: PreparedFinger) -> Pairing | None:
    """Pair the minutiae of two impressions; None when nothing holds together."""
    # The one with fewer minutiae is laid over the other, whichever comes first.
    if a.count > b.count:
        found = _pairing(b, a)
        return None if found is None else replace(found, a=found.b, b=found.a)
    return _pairing(a, b)


def _pairing(a: PreparedFinger, b: PreparedFinger) -> Pairing | None:
    core = core_pairs(a, b)
    grown = None if core is None else grow(a, b, *core)
    if grown is None:
        return None
    pairs_a, pairs_b = grown
    laid = Skin(a.points[pairs_a], b.points[pairs_b]).lay_pairs()
    misses = np.minimum(np.abs(laid.places - b.points[pairs_b]), _WORST_MISS_PX)
    direction = a.direction[pairs_a] + np.angle(laid.turns)
    return Pairing(
        a=tuple(int(i) for i in a.chosen[pairs_a]),
        b=tuple(int(i) for i in b.chosen[pairs_b]),
        strength=_strength(a, b, pairs_a, pairs_b),
        share=_share(a, b, pairs_a, pairs_b),
        misfit=float(np.sqrt(np.mean(misses**2))),
        blur=float(np.abs(wrapped(direction - b.direction[pairs_b])).mean()),
        counts_missed=_counts_missed(a, b, pairs_a, pairs_b),
        same_kind=float(np.mean(a.kind[pairs_a] == b.kind[pairs_b])),
    )


def _near(a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints) -> Floats:
    """(p, p) 1 where two different pairs are near each other, else 0."""
    span = np.maximum(a.span[np.ix_(pairs_a, pairs_a)], b.span[np.ix_(pairs_b, pairs_b)])
    near = (span < _NEAR_PX).astype(np.float32)
    np.fill_diagonal(near, 0)
    return near


def _strength(a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints) -> float:
    weights = consistency(a, b, pairs_a, pairs_b) * _near(a, b, pairs_a, pairs_b)
    return float(weights.sum()) / 2


def _counts_missed(a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints) -> float:
    ridges_a, ridges_b = a.ridges[np.ix_(pairs_a, pairs_a)], b.ridges[np.ix_(pairs_b, pairs_b)]
    counted = (ridges_a != UNCOUNTED) & (ridges_b != UNCOUNTED)
    counted &= _near(a, b, pairs_a, pairs_b) > 0
    if not counted.any():
        return _UNKNOWN_COUNT_MISS
    return float(np.minimum(np.abs(ridges_a - ridges_b)[counted], _MOST_COUNTS_MISSED).mean())


def _share(a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints) -> float:
    """Of the minutiae that should have found a partner, how many did, weighed by quality."""
    there = _should_pair(a, b, pairs_a, pairs_b)
    back = _should_pair(b, a, pairs_b, pairs_a)
    paired = np.sqrt(a.quality[pairs_a] * b.quality[pairs_b]).sum()
    possible = np.sqrt(a.quality[there].sum() * b.quality[back].sum())
    return float(paired / (possible + _DOUBTED))


def _should_pair(
    a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which minutiae of a come to lie where b has minutiae around, or are paired."""
    laid = Skin(a.points[pairs_a], b.points[pairs_b]).lay(a.points)
    around = np.abs(laid.places[:, None] - b.points[None, :])
    second = np.partition(around, 1, axis=1)[:, 1]
    should = (second < _OVERLAP_PX) & (laid.gaps < _OVERLAP_GAP_PX)
    should[pairs_a] = True
    return np.asarray(should, np.bool_)
