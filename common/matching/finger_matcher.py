"""How alike two sets of minutiae are: pairs that keep their distances and angles to each other.

The steps, for two fingers a and b:

1. Every minutia describes its neighbours by distance, bearing and turn relative to its own
   direction. These do not change when the finger is moved or rotated.
2. A candidate pair (minutia of a, minutia of b) is as good as the neighbours it has in common.
3. Candidate pairs are consistent when the one sees the other alike in both fingers. Power
   iteration on that graph finds the largest set of pairs that agree with each other.
4. A greedy walk turns it into a one-to-one pairing, whose agreement, damped by the share of
   minutiae in the common area that found a partner and by how far partners miss each other when
   one finger is laid over the other, is the score.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from common.matching.finger_template import FingerTemplate

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

_MAX_MINUTIAE = 90
_NEIGHBOURS = 10
_CANDIDATES = 140
_ITERATIONS = 12
_MIN_PAIRS = 3

# Skin stretches: what is further apart may differ more, and says less.
_DISTANCE_TOLERANCE_PX = 5.0
_DISTANCE_TOLERANCE_SHARE = 0.06
_BEARING_TOLERANCE = np.deg2rad(22.0)
_TURN_TOLERANCE = np.deg2rad(25.0)
_FAR_PX = 180.0
_OVERLAP_MARGIN_PX = 15.0
_WORST_MISS_PX = 30.0

# Pairs that agree step by step but miss each other when the fingers are laid over one another are
# chance: true pairs miss by 6 px (95 %: 9 px), chance pairs of alike patterns by 9 px and more.
_MISFIT_PX = 9.0


class PreparedFinger:
    """A template's minutiae with what each of them sees of the others."""

    def __init__(self, template: FingerTemplate) -> None:
        best = sorted(template.minutiae, key=lambda m: -m.quality)[:_MAX_MINUTIAE]
        self.count = len(best)
        self.points: npt.NDArray[np.complex128] = np.array(
            [complex(m.x, -m.y) for m in best], dtype=np.complex128
        )
        direction: Floats = np.array([m.angle * 2 * np.pi / 256 for m in best], dtype=np.float64)
        offset = self.points[None, :] - self.points[:, None]
        self.distance: Floats = np.abs(offset)
        self.bearing: Floats = _wrap(np.angle(offset) - direction[:, None])
        self.turn: Floats = _wrap(direction[None, :] - direction[:, None])
        others = self.distance.copy()
        np.fill_diagonal(others, np.inf)
        self.neighbours: Ints = np.argsort(others, axis=1)[:, : max(0, self.count - 1)][
            :, :_NEIGHBOURS
        ]


@dataclass(frozen=True)
class _Candidates:
    """Pairs (a[i], b[i]) worth looking at, and how much their neighbourhoods agree."""

    a: Ints
    b: Ints
    support: Floats


def likeness(a: PreparedFinger, b: PreparedFinger) -> float:
    """A score of 0 and up; compare it with MATCH_THRESHOLD of common.matching.fingers."""
    if min(a.count, b.count) <= _MIN_PAIRS:
        return 0.0
    candidates = _candidates(a, b)
    if len(candidates.a) < _MIN_PAIRS:
        return 0.0
    consistency = _consistency(a, b, candidates)
    chosen = _one_to_one(candidates, consistency, _agreement(candidates, consistency))
    if len(chosen) < _MIN_PAIRS:
        return 0.0
    strength = float(consistency[np.ix_(chosen, chosen)].sum()) / 2
    pairs_a, pairs_b = candidates.a[chosen], candidates.b[chosen]
    common, misfit = _laid_over(a, b, pairs_a, pairs_b)
    return strength * len(chosen) / max(1.0, common) / (1 + (misfit / _MISFIT_PX) ** 4)


def _wrap(angle: Floats) -> Floats:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _edge_agreement(
    distances: tuple[Floats, Floats], bearings: tuple[Floats, Floats], turns: tuple[Floats, Floats]
) -> tuple[Floats, Floats, Floats, Flags]:
    """The three errors of an edge seen in a and in b, 1 being the limit, and who is within it."""
    longer = np.maximum(*distances)
    tolerance = _DISTANCE_TOLERANCE_PX + _DISTANCE_TOLERANCE_SHARE * longer
    stretch = np.abs(distances[0] - distances[1]) / tolerance
    bearing = np.abs(_wrap(bearings[0] - bearings[1])) / _BEARING_TOLERANCE
    turn = np.abs(_wrap(turns[0] - turns[1])) / _TURN_TOLERANCE
    return stretch, bearing, turn, (stretch < 1) & (bearing < 1) & (turn < 1)


def _candidates(a: PreparedFinger, b: PreparedFinger) -> _Candidates:
    def seen(finger: PreparedFinger, values: Floats) -> Floats:
        return np.take_along_axis(values, finger.neighbours, axis=1)

    def pair_up(of_a: Floats, of_b: Floats) -> tuple[Floats, Floats]:
        return seen(a, of_a)[:, None, :, None], seen(b, of_b)[None, :, None, :]

    stretch, bearing, turn, within = _edge_agreement(
        pair_up(a.distance, b.distance), pair_up(a.bearing, b.bearing), pair_up(a.turn, b.turn)
    )
    weight = np.where(within, (1 - 0.7 * stretch) * (1 - 0.6 * bearing) * (1 - 0.6 * turn), 0.0)
    # An edge may count once only, whichever side it is counted from.
    support = np.minimum(weight.max(axis=3).sum(axis=2), weight.max(axis=2).sum(axis=2))
    best = np.argsort(-support, axis=None)[:_CANDIDATES]
    in_a, in_b = np.unravel_index(best, support.shape)
    scores = support[in_a, in_b]
    alive = scores > 0
    return _Candidates(in_a[alive], in_b[alive], scores[alive])


def _consistency(a: PreparedFinger, b: PreparedFinger, candidates: _Candidates) -> Floats:
    """How well each candidate agrees with each other one; 0 where they contradict."""
    of_a, of_b = np.ix_(candidates.a, candidates.a), np.ix_(candidates.b, candidates.b)
    stretch, bearing, turn, _ = _edge_agreement(
        (a.distance[of_a], b.distance[of_b]),
        (a.bearing[of_a], b.bearing[of_b]),
        (a.turn[of_a], b.turn[of_b]),
    )
    bearing = np.maximum(bearing, bearing.T)  # each end must see the other alike
    distinct = (candidates.a[:, None] != candidates.a) & (candidates.b[:, None] != candidates.b)
    agrees = (stretch < 1) & (bearing < 1) & (turn < 1) & distinct
    far = np.maximum(a.distance[of_a], b.distance[of_b]) / _FAR_PX
    weight = (1 - 0.6 * stretch) * (1 - 0.6 * bearing) * (1 - 0.6 * turn)
    return np.where(agrees, weight * np.clip(1.25 - far, 0.15, 1.0), 0.0)


def _agreement(candidates: _Candidates, consistency: Floats) -> Floats:
    """Power iteration: a pair that strong pairs agree with is strong."""
    strength: Floats = candidates.support / candidates.support.max()
    for _ in range(_ITERATIONS):
        backed: Floats = consistency @ strength + 0.05 * candidates.support
        strength = backed / float(np.linalg.norm(backed))
    return strength


def _one_to_one(candidates: _Candidates, consistency: Floats, strength: Floats) -> Ints:
    """Take the strongest pairs first; each minutia once, each pair backed by those taken."""
    taken: list[int] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    backing = np.zeros(len(strength))
    order = np.argsort(-strength)
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
        backing += consistency[:, pair]
    return np.array(taken, dtype=np.intp)


def _laid_over(
    a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints
) -> tuple[float, float]:
    """Lay a over b by its pairs.

    Returns:
        How many minutiae lie where both have finger (geometric mean of both sides), and how far
        the pairs miss each other (root mean square in pixels).
    """
    to_a, to_b = a.points[pairs_a], b.points[pairs_b]
    centre_a, centre_b = to_a.mean(), to_b.mean()
    turn = np.sum((to_b - centre_b) * np.conj(to_a - centre_a))
    rotation = turn / abs(turn) if abs(turn) > 0 else 1.0 + 0.0j
    a_in_b = (a.points - centre_a) * rotation + centre_b
    b_in_a = (b.points - centre_b) / rotation + centre_a
    common = np.sqrt(_inside(a_in_b, b.points) * _inside(b_in_a, a.points))
    misses = np.minimum(np.abs(a_in_b[pairs_a] - to_b), _WORST_MISS_PX)
    return float(common), float(np.sqrt(np.mean(misses**2)))


def _inside(points: npt.NDArray[np.complex128], area: npt.NDArray[np.complex128]) -> int:
    margin = _OVERLAP_MARGIN_PX
    across = (points.real > area.real.min() - margin) & (points.real < area.real.max() + margin)
    along = (points.imag > area.imag.min() - margin) & (points.imag < area.imag.max() + margin)
    return int((across & along).sum())
