"""Which minutiae of two fingers belong together: a one-to-one pairing that neighbours support.

1. A candidate pair (minutia of a, minutia of b) is as good as the edges to neighbours that it has
   in common.
2. Candidates are consistent when the edge between them is alike in both fingers. Power iteration
   on that graph finds the largest set of candidates that agree with each other.
3. A greedy walk makes it one-to-one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from common.matching.finger_edges import (
    BEARING_TOLERANCE,
    COUNTS_AGREE,
    LENGTH_UNIT,
    TURN_TOLERANCE,
    Floats,
    Ints,
    PreparedFinger,
    Shorts,
)

_CANDIDATES = 160
_ITERATIONS = 12
_FAR_PX = 180.0
_FEWEST = 3

# How much of an edge's weight is left at the edge of each tolerance.
_LENGTH_COSTS, _ANGLE_COSTS = 0.7, 0.6


@dataclass(frozen=True)
class Candidates:
    """Pairs (a[i], b[i]) worth looking at, and how much their neighbourhoods agree."""

    a: Ints
    b: Ints
    support: Floats


def core_pairs(a: PreparedFinger, b: PreparedFinger) -> tuple[Ints, Ints] | None:
    """Indices into a and into b of the minutiae that belong together; None if too few do."""
    if min(a.count, b.count) <= _FEWEST:
        return None
    candidates = _candidates(a, b)
    if len(candidates.a) <= _FEWEST:
        return None
    weights = consistency(a, b, candidates.a, candidates.b)
    taken = _one_to_one(candidates, weights, _agreement(candidates, weights))
    if len(taken) < _FEWEST:
        return None
    return candidates.a[taken], candidates.b[taken]


def consistency(a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints) -> Floats:
    """(p, p): how well each pair's edge to each other pair is alike in both fingers, 0..1.

    0 where they contradict, or share a minutia.
    """
    of_a, of_b = np.ix_(pairs_a, pairs_a), np.ix_(pairs_b, pairs_b)
    length = _apart(a.length[of_a], b.length[of_b], LENGTH_UNIT)
    bearing = _apart(a.bearing[of_a], b.bearing[of_b], BEARING_TOLERANCE)
    bearing = np.maximum(bearing, bearing.T)  # each end must see the other alike
    turn = _apart(a.turn[of_a], b.turn[of_b], TURN_TOLERANCE)
    distinct = (pairs_a[:, None] != pairs_a) & (pairs_b[:, None] != pairs_b)
    agrees = (length < 1) & (bearing < 1) & (turn < 1) & distinct
    weight = (1 - 0.6 * length) * (1 - 0.6 * bearing) * (1 - 0.6 * turn)
    # What is further apart says less.
    weight *= np.clip(1.25 - np.maximum(a.span[of_a], b.span[of_b]) / _FAR_PX, 0.15, 1.0)
    weight *= COUNTS_AGREE[a.ridges[of_a], b.ridges[of_b]]
    return np.where(agrees, weight, np.float32(0))


def _apart(of_a: Shorts, of_b: Shorts, tolerance: int) -> Floats:
    """How far apart two values are, 1 being the tolerance."""
    return np.abs((of_a - of_b).astype(np.float32)) * np.float32(1 / tolerance)


def _candidates(a: PreparedFinger, b: PreparedFinger) -> Candidates:
    weight, (in_a, in_b, edge_a, edge_b) = _edge_weights(a, b)
    # An edge may count once only, whichever side it is counted from.
    edges_of_a = np.zeros((a.count, b.count, a.near.shape[1]), np.float32)
    edges_of_b = np.zeros((a.count, b.count, b.near.shape[1]), np.float32)
    np.maximum.at(edges_of_a, (in_a, in_b, edge_a), weight)
    np.maximum.at(edges_of_b, (in_a, in_b, edge_b), weight)
    support = np.minimum(edges_of_a.sum(axis=2), edges_of_b.sum(axis=2))
    best = np.argsort(-support, axis=None, kind="stable")[:_CANDIDATES]
    in_a, in_b = np.unravel_index(best, support.shape)
    scores = support[in_a, in_b]
    alive = scores > 0
    return Candidates(in_a[alive], in_b[alive], scores[alive])


def _edge_weights(a: PreparedFinger, b: PreparedFinger) -> tuple[Floats, tuple[Ints, ...]]:
    """How alike an edge of the one is to an edge of the other, wherever they are alike at all.

    Returns:
        (m,) weights up to 1, and where: m indices each into the minutiae of a and of b, and into
        the edges of these two.
    """
    # Whole numbers and no copies: this is where a comparison spends its time.

    def seen(finger: PreparedFinger, values: npt.NDArray[np.int16]) -> Shorts:
        return np.asarray(np.take_along_axis(values, finger.near, axis=1), np.int16)

    def differ(of_a: Shorts, of_b: Shorts) -> Shorts:
        apart = seen(a, of_a)[:, None, :, None] - seen(b, of_b)[None, :, None, :]
        np.abs(apart, out=apart)
        return apart

    length, bearing = differ(a.length, b.length), differ(a.bearing, b.bearing)
    turn = differ(a.turn, b.turn)
    # The one value that has no positive twin, -32768, is no small difference either.
    within = (length.view(np.uint16) < LENGTH_UNIT) & (bearing.view(np.uint16) < BEARING_TOLERANCE)
    within &= turn.view(np.uint16) < TURN_TOLERANCE
    where = np.nonzero(within)
    in_a, in_b, edge_a, edge_b = where
    ridges_a = a.ridges[in_a, a.near[in_a, edge_a]]
    ridges_b = b.ridges[in_b, b.near[in_b, edge_b]]
    weight = (
        (1 - _LENGTH_COSTS / LENGTH_UNIT * length[where].astype(np.float32))
        * (1 - _ANGLE_COSTS / BEARING_TOLERANCE * bearing[where].astype(np.float32))
        * (1 - _ANGLE_COSTS / TURN_TOLERANCE * turn[where].astype(np.float32))
        * COUNTS_AGREE[ridges_a, ridges_b]
    )
    return weight, where


def _agreement(candidates: Candidates, weights: Floats) -> Floats:
    """Power iteration: a pair that strong pairs agree with is strong."""
    strength: Floats = candidates.support / candidates.support.max()
    for _ in range(_ITERATIONS):
        backed: Floats = weights @ strength + np.float32(0.05) * candidates.support
        strength = backed / np.float32(np.linalg.norm(backed))
    return strength


def _one_to_one(candidates: Candidates, weights: Floats, strength: Floats) -> Ints:
    """Take the strongest pairs first; each minutia once, each pair backed by those taken."""
    taken: list[int] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    backing = np.zeros(len(strength), np.float32)
    order = np.argsort(-strength, kind="stable")
    for pair in order:
        if strength[pair] < 0.05 * strength[order[0]]:
            break
        in_a, in_b = int(candidates.a[pair]), int(candidates.b[pair])
        if in_a in used_a or in_b in used_b:
            continue
        if taken and backing[pair] < min(0.35 * len(taken), 1.2):
            continue
        taken.append(int(pair))
        used_a.add(in_a)
        used_b.add(in_b)
        backing += weights[:, pair]
    return np.array(taken, dtype=np.intp)
