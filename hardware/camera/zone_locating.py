"""Finds lines of print in a picture: dark bars, once the gaps between their letters are closed."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.interface import Pixels

SEARCH_LONG_SIDE = 640
"""The long side of the picture in which is searched."""

STROKE_KERNEL = 13
"""Wider than a stroke in the searched picture, so that closing wipes the print away."""

INK_LEVELS = (10, 60)
"""Ink, in 255ths of the paper's brightness: less is grain; more than the second is surely print."""

MOST_BARS = 60
LEAST_ASPECT = 2.2
SHORTEST = 18
MOST_DIAGONAL = 0.5
"""A bar lies within some 25 degrees of a side of the picture: its box is that much longer."""

THICKNESS = (4.0, 60.0)
MOST_PIXELS = 3000


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of print: its middle, half its length as a vector to the right, its thickness.

    All in pixels; the vector points right, within 90 degrees. pieces is how many letters stand
    apart from one another in it, as far as the searched picture shows.
    """

    x: float
    y: float
    dx: float
    dy: float
    thickness: float
    pieces: int = 0

    @property
    def half_length(self) -> float:
        """Half the length in pixels."""
        return float(np.hypot(self.dx, self.dy))

    def scaled(self, factor: float) -> "Bar":
        """The same bar in a picture factor times as large."""
        x, y, dx, dy = (factor * value for value in (self.x, self.y, self.dx, self.dy))
        return Bar(x, y, dx, dy, factor * self.thickness, self.pieces)


def ink_of(grey: Pixels, kernel: int) -> Pixels:
    """Return how much darker each pixel is than the paper around it, in 255ths of the paper."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((kernel, kernel), np.uint8))
    hat = cv2.subtract(paper, grey).astype(np.float32)
    return np.asarray(255 * hat / (paper.astype(np.float32) + 12), np.uint8)


def bars(grey: Pixels, gap: int, *, is_level: bool = False) -> list[Bar]:
    """Return lines of print, the longest first, at most MOST_BARS.

    Args:
        grey: A picture of at most SEARCH_LONG_SIDE pixels.
        gap: Letters that stand closer than so many pixels are one line.
        is_level: The lines lie level, so that only gaps from left to right are closed.
    """
    smooth = np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8)
    ink = ink_of(smooth, STROKE_KERNEL if gap < 14 else 2 * gap - 7)
    level, _ = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    level = min(max(level * 0.9, INK_LEVELS[0]), INK_LEVELS[1])
    _, print_mask = cv2.threshold(ink, level, 255, cv2.THRESH_BINARY)
    shape = (gap, 1) if is_level else (gap, gap)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT if is_level else cv2.MORPH_ELLIPSE, shape)
    edge = gap
    padded = cv2.copyMakeBorder(print_mask, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)
    closed = closed[edge:-edge, edge:-edge]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=4)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    wide, thick = sides.max(axis=1), sides.min(axis=1)
    is_bar = (wide >= SHORTEST) & ((thick < THICKNESS[1]) | (thick < MOST_DIAGONAL * wide))
    is_bar[0] = False  # what lies between
    order = [int(at) for at in np.argsort(-wide) if is_bar[at]][: 2 * MOST_BARS]
    found = []
    for at in order:
        x, y, w, h = (int(value) for value in stats[at, :4])
        part = (labels[y : y + h, x : x + w] == at) & (print_mask[y : y + h, x : x + w] > 0)
        if (bar := _bar(part, x, y)) is not None:
            found.append(bar)
    return found[:MOST_BARS]


def joined(found: Sequence[Bar]) -> list[Bar]:
    """Return the bars, the longest first, and those that pieces of one line make together."""
    chains = []
    rest = sorted(found, key=lambda bar: -bar.half_length)
    while rest:
        chain, is_growing = rest.pop(0), True
        pieces = 1
        while is_growing:
            fitting = next((bar for bar in rest if _continues(chain, bar)), None)
            is_growing = fitting is not None
            if fitting is not None:
                rest.remove(fitting)
                chain = _hull(chain, fitting)
                pieces += 1
        if pieces > 1:
            chains.append(chain)
    return sorted([*found, *chains], key=lambda bar: -bar.half_length)


def _continues(one: Bar, other: Bar) -> bool:
    """Tell whether the other bar lies in the run of the first, not far from its end."""
    thickness = max(one.thickness, other.thickness)
    if min(one.thickness, other.thickness) < 0.5 * thickness:
        return False
    right_x, right_y = one.dx / one.half_length, one.dy / one.half_length
    x, y = other.x - one.x, other.y - one.y
    along, across = abs(x * right_x + y * right_y), abs(y * right_x - x * right_y)
    leans = abs(other.dy * right_x - other.dx * right_y)
    apart = along - one.half_length - other.half_length
    return (
        across < 0.35 * thickness + 0.03 * along
        and leans < max(0.12 * other.half_length, 0.3 * thickness)
        and -0.8 * thickness < apart < 1.6 * thickness
    )


def _hull(one: Bar, other: Bar) -> Bar:
    """The bar from the outer end of one to the outer end of the other."""
    sign = 1 if other.dx * one.dx + other.dy * one.dy >= 0 else -1
    ends = [(one.x + way * one.dx, one.y + way * one.dy) for way in (-1, 1)] + [
        (other.x + way * sign * other.dx, other.y + way * sign * other.dy) for way in (-1, 1)
    ]
    along = [x * one.dx + y * one.dy for x, y in ends]
    (left_x, left_y), (right_x, right_y) = ends[int(np.argmin(along))], ends[int(np.argmax(along))]
    return Bar(
        (left_x + right_x) / 2,
        (left_y + right_y) / 2,
        (right_x - left_x) / 2,
        (right_y - left_y) / 2,
        max(one.thickness, other.thickness),
        one.pieces + other.pieces,
    )


def _bar(part: NDArray[np.bool_], left: int, top: int) -> Bar | None:
    """Fit a bar to the pixels of one blot, if it is one."""
    ys, xs = np.nonzero(part)
    if len(xs) < 24:
        return None
    every = 1 + len(xs) // MOST_PIXELS
    xs, ys = xs[::every], ys[::every]
    middle_x, middle_y = float(xs.mean()), float(ys.mean())
    dx, dy = xs - middle_x, ys - middle_y
    angle = 0.5 * np.arctan2(2 * float(dx @ dy), float(dx @ dx) - float(dy @ dy))
    right = np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-right[1], right[0]])
    along = dx * right[0] + dy * right[1]
    across = dx * down[0] + dy * down[1]
    start, end = float(along.min()), float(along.max()) + 1
    low, high = np.percentile(across, (2, 98))
    thickness = float(high - low) + 1
    aspect = (end - start) / thickness
    if not THICKNESS[0] <= thickness <= THICKNESS[1] or aspect < LEAST_ASPECT:
        return None
    centre = np.array([left + middle_x, top + middle_y])
    centre = centre + right * (start + end) / 2 + down * (low + high) / 2
    half = right * (end - start) / 2
    filled = np.bincount((along - start).astype(np.int64)) > 0
    pieces = 1 + int(np.count_nonzero(filled[1:] & ~filled[:-1]))
    return Bar(
        float(centre[0]), float(centre[1]), float(half[0]), float(half[1]), thickness, pieces
    )
