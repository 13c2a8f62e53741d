"""Lays one finger over another as skin does: what is near moves together, what is far less so.

Each place is moved by the rotation, stretch and shift that the pairs around it show, near ones
counting most, and pulled a little towards the rotation of the whole finger (moving least squares
with similarity transforms; S. Schaefer, T. McPhail and J. Warren, SIGGRAPH 2006).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from common.matching.finger_edges import Complexes, Ints, PreparedFinger, wrapped

Doubles = npt.NDArray[np.float64]

_REACH_PX = 50.0
_RIGIDITY = 0.15
_STRETCH = (0.85, 1.18)

_ROUNDS = 4
_FEWEST = 3
_TOLERANCE_PX = 10.0
_DIRECTION_TOLERANCE = np.deg2rad(28)
_FARTHEST_PX = 130.0


@dataclass(frozen=True)
class Laid:
    """Where points come to lie.

    Attributes:
        places: In the other finger, x - iy in pixels.
        turns: Unit complex numbers times the local stretch: how directions turn there.
        gaps: Pixels to the nearest pair that says so.
    """

    places: Complexes
    turns: Complexes
    gaps: Doubles


@dataclass(frozen=True)
class Skin:
    """Pairs of points of two fingers, from which every other place can be told."""

    source: Complexes
    target: Complexes

    @property
    def rotation(self) -> complex:
        """The rotation of the whole, a unit complex number."""
        source, target = self.source - self.source.mean(), self.target - self.target.mean()
        turn = complex(np.sum(target * np.conj(source)))
        return turn / abs(turn) if abs(turn) > 1e-9 else 1.0 + 0.0j

    def lay(self, points: Complexes) -> Laid:
        """Move any points of the source finger to the target finger."""
        distance = np.abs(points[:, None] - self.source[None, :])
        return self._laid(points, distance, distance.min(axis=1))

    def lay_pairs(self) -> Laid:
        """Move the paired points, each by all pairs but its own, so that a wrong one shows."""
        distance = np.abs(self.source[:, None] - self.source[None, :])
        np.fill_diagonal(distance, np.inf)
        return self._laid(self.source, distance, distance.min(axis=1))

    def _laid(self, points: Complexes, distance: Doubles, gaps: Doubles) -> Laid:
        weight = np.exp(-((distance / _REACH_PX) ** 2)) + 1e-3 * np.exp(-distance / 200)
        total = weight.sum(axis=1)
        centre = (weight @ self.source) / total
        aim = (weight @ self.target) / total
        spin = weight @ (self.target * np.conj(self.source)) - total * aim * np.conj(centre)
        size = weight @ np.abs(self.source) ** 2 - total * np.abs(centre) ** 2
        stiff = _RIGIDITY * total * _REACH_PX**2
        turns = (spin + stiff * self.rotation) / (size + stiff)
        stretch = np.abs(turns)
        turns = turns / np.maximum(stretch, 1e-9) * np.clip(stretch, *_STRETCH)
        return Laid(turns * (points - centre) + aim, turns, gaps)


def grow(
    a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints
) -> tuple[Ints, Ints] | None:
    """Lay a over b by its pairs, pair what then lies together, and so on until nothing changes.

    Returns None when fewer than three pairs hold.
    """
    for _ in range(_ROUNDS):
        found_a, found_b = _lying_together(a, b, pairs_a, pairs_b)
        if len(found_a) < _FEWEST:
            return None
        same = set(zip(found_a, found_b, strict=True)) == set(zip(pairs_a, pairs_b, strict=True))
        pairs_a, pairs_b = found_a, found_b
        if same:
            break
    return pairs_a, pairs_b


def _lying_together(
    a: PreparedFinger, b: PreparedFinger, pairs_a: Ints, pairs_b: Ints
) -> tuple[Ints, Ints]:
    """Minutiae that are each other's nearest in place and direction, within tolerances."""
    skin = Skin(a.points[pairs_a], b.points[pairs_b])
    laid, own = skin.lay(a.points), skin.lay_pairs()
    for values, better in zip(
        (laid.places, laid.turns, laid.gaps), (own.places, own.turns, own.gaps), strict=True
    ):
        values[pairs_a] = better
    # Far from any pair the skin may have moved further.
    tolerance = _TOLERANCE_PX * np.clip(0.8 + laid.gaps / 120, 0.8, 2.0)
    miss = np.abs(laid.places[:, None] - b.points[None, :]) / tolerance[:, None]
    direction = a.direction + np.angle(laid.turns)
    turn = np.abs(wrapped(direction[:, None] - b.direction[None, :])) / _DIRECTION_TOLERANCE
    possible = (miss < 1) & (turn < 1) & (laid.gaps < _FARTHEST_PX)[:, None]
    cost = np.where(possible, miss**2 + 0.6 * turn**2, np.inf)
    best_b, best_a = cost.argmin(axis=1), cost.argmin(axis=0)
    every = np.arange(a.count)
    kept = np.flatnonzero(np.isfinite(cost[every, best_b]) & (best_a[best_b] == every))
    return kept, best_b[kept]
