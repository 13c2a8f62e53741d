"""Reads one line of OCR-B: lays equal cells over it and asks which glyph stands in each."""

from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.camera.interface import Pixels
from hardware.camera.zone_glyphs import (
    NOTHING,
    PITCH,
    STRIP_HEIGHT,
    WINDOW_WIDTH,
    Floats,
    likelihoods,
    normalised,
    windows,
)
from hardware.camera.zone_locating import Bar

MARGIN = 4
"""Cells that a strip has beyond both ends of the bar."""

STEP = 2
"""Pixels between the windows that look for the cells."""

STRETCHES = np.linspace(-0.09, 0.09, 13)
SLANTS = np.linspace(-0.6, 0.6, 25)
"""How much the pitch may differ from the guess, and grow along the line (a tilted card)."""

ROWS_TRIED = (-5, -3, -1, 1, 3, 5)
"""Where beside the guessed middle of the line the glyphs' own middle is looked for."""

SIDE = 4
"""Columns that a strip of cells has more at both ends, so that the windows fit."""

FLOOR = -4.0
"""No single cell may count for more than this against a fit: a stain is not a refutation."""

LEAST_SCORE = -1.2
"""A fit that is worse in its cells' mean is no line; it is not looked at again."""

BETWEEN_PIXELS = 1.3
"""Above so many camera pixels for one of the strip, the picture is softened first."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was seen in the cells of a line.

    Attributes:
        seen: A row a cell: the logarithm of each glyph's probability, the last for nothing.
        presence: The mean probability that a glyph stands in a cell.
        outside: The probability that nothing stands in the two cells beyond the ends.
    """

    seen: Floats
    presence: float
    outside: float

    @property
    def worth(self) -> float:
        """How surely this is a line of that many glyphs, 0 to 1."""
        sure = float(np.exp(np.minimum(self.seen.max(axis=1), 0)).mean())
        return self.presence * self.outside * sure


@dataclass(frozen=True, slots=True)
class _Fit:
    """Columns of the cells' middles: first + k * pitch, the pitch growing by slant along them."""

    first: float
    pitch: float
    slant: float
    score: float


def read_line(picture: Pixels, bar: Bar, cells: int, pitch: float, loose: float = 1.0) -> Line:
    """Read a line that the bar covers.

    Args:
        picture: The grey picture, upright or not.
        bar: Where the line is, in the picture's pixels; its vector points the way of reading.
        cells: How many characters it has.
        pitch: The guessed distance of two characters in pixels.
        loose: How many times wider than usual the guess may be off.
    """
    bar = _levelled(picture, bar, pitch)
    ink = normalised(_strip(picture, bar, pitch))
    fit = _fitted(ink, cells, loose)
    if fit.score < LEAST_SCORE * cells:
        return Line(np.full((cells, NOTHING + 1), -np.log(NOTHING + 1), np.float32), 0.0, 0.0)
    bar = _aligned(picture, bar, pitch, fit, cells)
    return _look(picture, bar, pitch, fit, cells)


def turned(bar: Bar) -> Bar:
    """The same bar read from its other end."""
    return Bar(bar.x, bar.y, -bar.dx, -bar.dy, bar.thickness)


def _axes(bar: Bar) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    right = np.array([bar.dx, bar.dy]) / max(bar.half_length, 1e-6)
    return right, np.array([-right[1], right[0]])


def _strip(picture: Pixels, bar: Bar, pitch: float) -> Pixels:
    """Turn a bar upright: PITCH pixels a character, MARGIN characters beyond its ends."""
    width = _width(bar, pitch)
    columns = (np.arange(width) + 0.5 - width / 2) * (pitch / PITCH)
    rows = (np.arange(STRIP_HEIGHT) + 0.5 - STRIP_HEIGHT / 2) * (pitch / PITCH)
    return _sampled(picture, bar, columns, np.ones_like(columns), rows, pitch)


def _sampled(
    picture: Pixels,
    bar: Bar,
    columns: NDArray[np.floating],
    scales: NDArray[np.floating],
    rows: NDArray[np.floating],
    pitch: float,
) -> Pixels:
    """Sample the picture at distances along and across a bar, rows scaled in each column."""
    right, down = _axes(bar)
    along = columns[None, :]
    across = rows[:, None] * scales[None, :]
    x = bar.x - 0.5 + along * right[0] + across * down[0]
    y = bar.y - 0.5 + along * right[1] + across * down[1]
    left, top = int(max(x.min() - 4, 0)), int(max(y.min() - 4, 0))
    part = picture[top : int(max(y.max() + 5, 1)), left : int(max(x.max() + 5, 1))]
    if part.size == 0:
        return np.zeros((len(rows), len(columns)), np.uint8)
    if pitch > BETWEEN_PIXELS * PITCH:
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.35 * pitch / PITCH), np.uint8)
    seen = cv2.remap(
        part,
        (x - left).astype(np.float32),
        (y - top).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(seen, np.uint8)


def _levelled(picture: Pixels, bar: Bar, pitch: float) -> Bar:
    """Turn and shift a bar so that the ink lies evenly about it: all glyphs have one middle."""
    ink = np.clip(normalised(_strip(picture, bar, pitch)), 0, 3) ** 2
    height, width = ink.shape
    rows = np.arange(height) - (height - 1) / 2
    blocks = width // PITCH
    shaped = ink[:, : blocks * PITCH].reshape(height, blocks, PITCH).sum(axis=2)
    weights = shaped.sum(axis=0)[MARGIN : blocks - MARGIN]
    if len(weights) < 3 or weights.max() <= 0:
        return bar
    middles = (rows @ shaped)[MARGIN : blocks - MARGIN] / np.maximum(weights, 1e-6)
    places = (np.arange(blocks) + 0.5 - width / PITCH / 2)[MARGIN : blocks - MARGIN] * PITCH
    trust = np.minimum(weights, np.median(weights))
    slope, shift = np.polyfit(places, middles, 1, w=np.sqrt(trust + 1e-6))
    slope = float(np.clip(slope, -0.1, 0.1)) if len(weights) >= 12 else 0.0
    right, down = _axes(bar)
    middle = np.array([bar.x, bar.y]) + down * float(np.clip(shift, -8, 8)) * pitch / PITCH
    turned_right = right + down * slope
    half = turned_right / np.linalg.norm(turned_right) * bar.half_length
    return Bar(float(middle[0]), float(middle[1]), float(half[0]), float(half[1]), bar.thickness)


def _fitted(ink: Floats, cells: int, loose: float) -> _Fit:
    """Find the row of cells of which most hold a glyph, and nothing stands beyond."""
    half = WINDOW_WIDTH // 2
    columns = np.arange(half, ink.shape[1] - half + 1, STEP)
    nothing = likelihoods(windows(ink, columns, STRIP_HEIGHT // 2))[:, NOTHING]
    there = np.maximum(np.log1p(-np.minimum(np.exp(nothing), 0.9999)), FLOOR)
    table = np.stack([there, np.maximum(nothing, FLOOR)])
    middle = ink.shape[1] / 2
    start = middle - (cells - 1) / 2 * PITCH
    best = _best(
        table,
        cells,
        start,
        np.arange(-2.2 * loose, 2.21 * loose, 0.1) * PITCH,
        1 + STRETCHES * loose,
        SLANTS,
    )
    return _best(
        table,
        cells,
        best.first,
        np.arange(-3, 3.1, 1.0),
        best.pitch / PITCH + np.linspace(-0.012, 0.012, 7) * loose,
        best.slant + np.linspace(-0.03, 0.03, 5),
    )


def _best(
    table: Floats,
    cells: int,
    start: float,
    shifts: NDArray[np.float64],
    stretches: NDArray[np.float64],
    slants: NDArray[np.float64],
) -> _Fit:
    """Try all combinations."""
    shift, stretch, slant = (one.ravel() for one in np.meshgrid(shifts, stretches, slants))
    first = start + shift
    places = _columns(first[:, None], stretch[:, None] * PITCH, slant[:, None], cells)
    at = np.clip(np.round((places - WINDOW_WIDTH // 2) / STEP), 0, table.shape[1] - 1).astype(int)
    score = table[0][at[:, 1:-1]].sum(axis=1) + 2 * table[1][at[:, [0, -1]]].sum(axis=1)
    # Around the true place all fits are about equally good: their middle is the best of them.
    weight = np.exp(score - score.max())
    weight /= weight.sum()
    return _Fit(
        float(first @ weight), float(stretch @ weight) * PITCH, float(slant @ weight), score.max()
    )


def _columns(
    first: NDArray[np.float64],
    pitch: NDArray[np.float64],
    slant: NDArray[np.float64],
    cells: int,
) -> NDArray[np.float64]:
    """The middles of all cells, and of one before and one behind."""
    k = np.arange(-1, cells + 1, dtype=np.float64)[None, :]
    return first + pitch * (k + slant * (k * (k - cells + 1)) / (2 * cells))


def _aligned(picture: Pixels, bar: Bar, pitch: float, fit: _Fit, cells: int) -> Bar:
    """Turn and shift a bar so that the network sees its glyphs best."""
    ink = _cells_ink(picture, bar, pitch, fit, cells)
    middles = _middles(cells)[1:-1]
    rows = np.array(ROWS_TRIED)
    seen = np.stack(
        [likelihoods(windows(ink, middles, STRIP_HEIGHT // 2 + row)) for row in ROWS_TRIED]
    )
    sure = np.exp(seen[:, :, :NOTHING].max(axis=2)) ** 4
    trust = sure.sum(axis=0) + 1e-6
    best = (rows @ sure) / trust
    k = np.arange(cells) - (cells - 1) / 2
    slope, shift = (
        np.polyfit(k, best, 1, w=np.sqrt(np.minimum(trust, 2)))
        if cells > 8
        else (0.0, float(np.average(best, weights=trust)))
    )
    right, down = _axes(bar)
    place = (fit.first + fit.pitch * (cells - 1) / 2) - _width(bar, pitch) / 2
    tilt = slope / fit.pitch
    middle = np.array([bar.x, bar.y]) + down * (shift - tilt * place) * pitch / PITCH
    half = (right + down * tilt) * bar.half_length
    return Bar(float(middle[0]), float(middle[1]), float(half[0]), float(half[1]), bar.thickness)


def _width(bar: Bar, pitch: float) -> int:
    """The width of a bar's strip in its pixels."""
    return ceil((2 * bar.half_length / pitch + 2 * MARGIN) * PITCH)


def _middles(cells: int) -> NDArray[np.int64]:
    """The columns of the middles of all cells, and of one before and one behind."""
    return np.round((np.arange(cells + 2) + 0.5) * PITCH).astype(np.int64) + SIDE


def _cells_ink(picture: Pixels, bar: Bar, pitch: float, fit: _Fit, cells: int) -> Floats:
    """Sample the line anew, so that each cell is PITCH wide; return the normalised ink."""
    k = (np.arange((cells + 2) * PITCH) + 0.5) / PITCH - 1.5
    columns = fit.first + fit.pitch * (k + fit.slant * (k * (k - cells + 1)) / (2 * cells))
    scales = fit.pitch / PITCH * (1 + fit.slant * (2 * k - cells + 1) / (2 * cells))
    along = (columns - _width(bar, pitch) / 2) * (pitch / PITCH)
    rows = (np.arange(STRIP_HEIGHT) + 0.5 - STRIP_HEIGHT / 2) * (pitch / PITCH)
    strip = _sampled(picture, bar, along, scales, rows, pitch)
    return np.pad(normalised(strip), ((0, 0), (SIDE, SIDE)), mode="edge")


def _look(picture: Pixels, bar: Bar, pitch: float, fit: _Fit, cells: int) -> Line:
    """Look at each cell from nine places."""
    ink = _cells_ink(picture, bar, pitch, fit, cells)
    middles = _middles(cells)
    total = np.zeros((cells + 2, NOTHING + 1), np.float32)
    for row in (-2, 0, 2):
        for column in (-1, 0, 1):
            total += likelihoods(windows(ink, middles + column, STRIP_HEIGHT // 2 + row))
    mean = total / 9
    seen = np.asarray(mean - np.log(np.exp(mean).sum(axis=1, keepdims=True)), np.float32)
    nothing = np.exp(seen[:, NOTHING])
    return Line(
        seen[1:-1], float(1 - nothing[1:-1].mean()), float(np.sqrt(nothing[0] * nothing[-1]))
    )
