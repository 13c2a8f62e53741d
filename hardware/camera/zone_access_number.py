"""Finds the card access number: six digits of OCR-B that stand alone on the face of a card."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from hardware.camera.interface import Pixels
from hardware.camera.zone_glyphs import GLYPHS, NOTHING
from hardware.camera.zone_lines import Line, read_line, turned
from hardware.camera.zone_locating import Bar, bars

DIGITS = 6
GAP_SHARE, LEAST_GAP, MOST_GAP = 0.042, 11, 21
"""The widest gap between two digits in parts of a zone's length, and its bounds in pixels."""

CELLS_LONG = 5.65
"""The length of six digits in pitches: the outer ones do not fill their cells."""

ASPECT = (3.6, 8.5)
PIECES = range(5, 9)
"""Six, but two may run together, or a stain stand between."""

MOST_TRIED = 8
PARALLEL = np.cos(np.deg2rad(8))

LEAST_SURE = 0.9
"""Each digit among all glyphs; there is no check digit to ask."""

ALONE = 0.9
OTHERS = 0.35
"""Where the best reading of a place is worth more than this, but not sure, nothing is said."""


def find_access_number(
    grey: Pixels, small: Pixels, found: Sequence[Bar], zone: Bar | None
) -> str | None:
    """Return the only six digits that stand alone, or None; two different ones are none.

    Args:
        grey: The picture.
        small: The same, as it is searched.
        found: Its lines of print, the longest first.
        zone: The first line of the zone, pointing the way of reading, where one was read.
    """
    guide = zone if zone is not None else next(iter(found), None)
    if guide is None:
        return None
    read: set[str] = set()
    for bar in _candidates(_level_bars(small, guide, grey.shape[1] / small.shape[1]), zone):
        ways = (bar,) if zone is not None else (bar, turned(bar))
        texts = {text for way in ways if (text := _digits(grey, way)) is not None}
        read |= texts
    return read.pop() if len(read) == 1 else None


def _level_bars(small: Pixels, guide: Bar, factor: float) -> list[Bar]:
    """Turn the picture until the guide lies level, and find the lines of print that lie so too."""
    angle = float(np.rad2deg(np.arctan2(guide.dy, guide.dx)))
    angle -= 180 * round(angle / 180)
    height, width = small.shape
    back = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level = cv2.warpAffine(small, back, (width, height), borderMode=cv2.BORDER_REPLICATE)
    gap = min(max(round(GAP_SHARE * 2 * guide.half_length / factor), LEAST_GAP), MOST_GAP)
    there = cv2.invertAffineTransform(back)
    found = []
    for bar in bars(np.asarray(level, np.uint8), gap, is_level=True):
        middle = there @ (bar.x, bar.y, 1.0)
        half = there[:, :2] @ (bar.dx, bar.dy)
        found.append(
            Bar(
                float(middle[0]),
                float(middle[1]),
                float(half[0]),
                float(half[1]),
                bar.thickness,
                bar.pieces,
            )
        )
    return [bar.scaled(factor) for bar in found]


def _candidates(found: Sequence[Bar], zone: Bar | None) -> Iterator[Bar]:
    """Bars of the right shape; where the zone is known, those that lie as it does."""
    tried: list[Bar] = []
    for bar in found:
        if bar.pieces not in PIECES:
            continue
        if not ASPECT[0] <= 2 * bar.half_length / bar.thickness <= ASPECT[1]:
            continue
        if any(_is_same(bar, other) for other in tried):
            continue
        way = bar
        if zone is not None:
            cosine = (bar.dx * zone.dx + bar.dy * zone.dy) / (bar.half_length * zone.half_length)
            if abs(cosine) < PARALLEL or not 0.12 < bar.half_length / zone.half_length < 0.6:
                continue
            way = bar if cosine > 0 else turned(bar)
        if len(tried) == MOST_TRIED:
            return
        tried.append(bar)
        yield way


def _is_same(one: Bar, other: Bar) -> bool:
    near = max(1.0, 0.2 * one.thickness)
    return (
        abs(one.x - other.x) < near
        and abs(one.y - other.y) < near
        and abs(one.half_length - other.half_length) < near
    )


def _digits(grey: Pixels, bar: Bar) -> str | None:
    """Read six digits where the bar is, if they are sure and nothing stands beside them."""
    line = read_line(grey, bar, DIGITS, 2 * bar.half_length / CELLS_LONG)
    if line.outside < ALONE or not _is_sure(line):
        return None
    return "".join(GLYPHS[glyph] for glyph in line.seen.argmax(axis=1))


def _is_sure(line: Line) -> bool:
    best = line.seen.argmax(axis=1)
    if any(glyph == NOTHING or not GLYPHS[glyph].isdigit() for glyph in best):
        return False
    return bool(np.exp(line.seen.max(axis=1)).min() >= LEAST_SURE)
