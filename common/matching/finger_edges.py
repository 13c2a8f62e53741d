"""What each minutia sees of the others, in numbers that can be subtracted quickly.

An edge from one minutia to another has a length, a bearing (where the other lies, relative to the
own direction), a turn (how the other's direction differs) and the ridges that it crosses. None of
them changes when the finger is moved or rotated; the last one does not even when skin is stretched.

Lengths are kept on a scale on which the tolerance is one everywhere, so that comparing two is one
subtraction: u = ln(1 + share * d / base) / share, whose slope is 1 / (base + share * d). Angles are
kept in 1/65536 of a turn, whose 16-bit difference wraps as angles do.
"""

import numpy as np
import numpy.typing as npt

from common.matching.finger_template import FingerTemplate
from common.matching.ridge_counts import NEIGHBOURS, ridge_counts_in

Shorts = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]
Complexes = npt.NDArray[np.complex128]

MAX_MINUTIAE = 100

_LENGTH_BASE_PX = 5.0
_LENGTH_SHARE = 0.10
"""Two lengths agree within 5 px and 10 %: skin stretches, and ridges are counted besides."""

LENGTH_UNIT = 512
BEARING_TOLERANCE = round(22 / 360 * 65536)
TURN_TOLERANCE = round(25 / 360 * 65536)

UNCOUNTED = 16
"""Stands for a number of ridges that nobody counted."""


class PreparedFinger:
    """A template's best minutiae with what each of them sees of the others.

    Attributes:
        count: How many there are, n.
        chosen: (n,) their indices in the template.
        points: (n,) places, x - iy in pixels at 500 dpi.
        direction: (n,) radians, counter-clockwise.
        kind, quality: (n,) as in the template, quality 0..1.
        span: (n, n) distances in pixels.
        length, bearing, turn: (n, n) in the units of this module.
        ridges: (n, n) ridges between, UNCOUNTED where unknown.
        near: (n, k) the nearest others of each.
    """

    def __init__(self, template: FingerTemplate) -> None:
        qualities = np.array([m.quality for m in template.minutiae], np.int64)
        self.chosen: Ints = np.argsort(-qualities, kind="stable")[:MAX_MINUTIAE]
        best = [template.minutiae[i] for i in self.chosen]
        self.count = len(best)
        self.points: Complexes = np.array([complex(m.x, -m.y) for m in best], np.complex128)
        self.direction: npt.NDArray[np.float64] = np.array([m.angle for m in best]) * np.pi / 128
        self.kind: Ints = np.array([m.kind for m in best], np.intp)
        # A maker that reports no quality vouches for all alike.
        self.quality: Floats = np.array([(m.quality or 50) / 100 for m in best], np.float32)
        offset = self.points[None, :] - self.points[:, None]
        self.span: Floats = np.abs(offset).astype(np.float32)
        scaled = np.log1p(_LENGTH_SHARE / _LENGTH_BASE_PX * self.span) / _LENGTH_SHARE
        self.length: Shorts = np.round(scaled * LENGTH_UNIT).astype(np.int16)
        self.bearing: Shorts = _short(np.angle(offset) - self.direction[:, None])
        self.turn: Shorts = _short(self.direction[None, :] - self.direction[:, None])
        counted = ridge_counts_in(template)[np.ix_(self.chosen, self.chosen)]
        self.ridges: Ints = np.where(counted < 0, UNCOUNTED, np.minimum(counted, UNCOUNTED - 1))
        others = self.span.copy()
        np.fill_diagonal(others, np.inf)
        self.near: Ints = np.argsort(others, axis=1)[:, : min(NEIGHBOURS, max(0, self.count - 1))]


def _short(angle: npt.NDArray[np.float64]) -> Shorts:
    return (
        (np.round(angle * (32768 / np.pi)).astype(np.int64) & 0xFFFF)
        .astype(np.uint16)
        .view(np.int16)
    )


def wrapped(angle: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """An angle in radians, brought within -pi to pi."""
    return angle - 2 * np.pi * np.round(angle / (2 * np.pi))


def _agreement_of_counts() -> Floats:
    """How well two numbers of ridges agree: 1 for equal, 0 from a difference of three."""
    counts = np.arange(UNCOUNTED + 1)
    difference = np.abs(counts[:, None] - counts[None, :]).astype(np.float32)
    table = np.maximum(0, 1 - 0.22 * difference**1.5)
    table[UNCOUNTED, :] = table[:, UNCOUNTED] = 0.7
    return np.asarray(table, np.float32)


COUNTS_AGREE = _agreement_of_counts()
"""(ridges in the one finger, ridges in the other) -> 0..1."""
