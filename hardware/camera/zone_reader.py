"""Reads the machine-readable zone and the card access number (CAN) from a picture of a card.

Own code all through: lines are found as bars of ink (zone_locating), a network of some hundred
thousand weights tells the glyphs of OCR-B apart (zone_glyphs, zone_lines), and the rules of ICAO
9303 say what is believed (zone_checks). docs/decisions/0016 gives the reasons and the measurements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice

import cv2
import numpy as np

from hardware.camera.interface import Pixels
from hardware.camera.zone_access_number import find_access_number
from hardware.camera.zone_checks import decode
from hardware.camera.zone_lines import read_line, turned
from hardware.camera.zone_locating import SEARCH_LONG_SIDE, Bar, bars, joined
from hardware.core.zone_text import LAYOUTS, TD1, Layout

LONGEST_SIDE = 1920
"""A larger picture is made smaller first: the print would not gain, and time is short."""

SHORTEST_SIDE = 60
DARK = 38
"""A picture whose lightest parts are darker than this shows nothing."""

GAPS = (11, 18)
"""Letters that stand closer are one line: first for a card that fills half of the searched picture,
then for one that fills it."""

ZONE_ASPECT = 11.0
MOST_GROUPS = 3
LEAST_PIECES, MOST_LONG = 9, 14
PROMISING, LEAST_WORTH = 0.35, 0.5
PARALLEL = np.cos(np.deg2rad(6))
SPACING = (1.5, 4.2)
"""Line spacing of a zone in thicknesses of a line; nominal is 6.35 mm to 2.7 mm."""


class ZoneQuality(StrEnum):
    """Why a picture gave no zone, or READ."""

    READ = "read"
    NOTHING = "nothing"
    DARK = "dark"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True, repr=False)
class Zone:
    """What was read of a card's face; it has no repr, for it is somebody's.

    Attributes:
        mrz: 90 (TD1), 72 (TD2) or 88 (TD3) characters without breaks, all check digits right.
        can: Six digits. They have no check digit: believe them when two pictures agree.
        quality: READ where there is an mrz or a can; else why not.
    """

    mrz: str | None
    can: str | None
    quality: ZoneQuality


def read_zone(pixels: Pixels) -> Zone:
    """Read a picture: height x width x 3, blue-green-red, or height x width, grey; 8 bits.

    The card may lie upside down. A picture that is no such array shows nothing.
    """
    grey = _grey(pixels)
    if grey is None:
        return Zone(None, None, ZoneQuality.NOTHING)
    small, factor = _small(grey)
    found: list[Bar] = []
    groups: list[tuple[Layout, list[Bar]]] = []
    mrz, place = None, None
    for gap in GAPS:
        new = joined([bar.scaled(factor) for bar in bars(small, gap)])
        tried = list(islice(_groups(new), MOST_GROUPS))
        found, groups = found + new, groups + tried
        mrz, place = _first_read(grey, tried)
        if mrz is not None:
            break
    can = find_access_number(grey, small, found, place)
    if mrz is None and can is None:
        return Zone(None, None, _why(grey, groups))
    return Zone(mrz, can, ZoneQuality.READ)


def _grey(pixels: Pixels) -> Pixels | None:
    """Return the picture in grey and not too large, or None where it is none."""
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.size == 0:
        return None
    if pixels.ndim == 3 and pixels.shape[2] not in (1, 3):
        return None
    if min(pixels.shape[:2]) < SHORTEST_SIDE:
        return None
    if max(pixels.shape[:2]) > 16 * min(pixels.shape[:2]):
        return None
    pixels = np.ascontiguousarray(pixels)
    if pixels.ndim == 3:
        plain = (
            pixels[:, :, 0] if pixels.shape[2] == 1 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        )
    else:
        plain = pixels
    longest = max(plain.shape)
    if longest > LONGEST_SIDE:
        factor = LONGEST_SIDE / longest
        plain = cv2.resize(plain, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(plain, np.uint8)


def _small(grey: Pixels) -> tuple[Pixels, float]:
    """Return the picture in which is searched, and how many times larger grey is."""
    factor = max(grey.shape) / SEARCH_LONG_SIDE
    way = cv2.INTER_AREA if factor > 1 else cv2.INTER_LINEAR
    size = round(grey.shape[1] / factor), round(grey.shape[0] / factor)
    return np.asarray(cv2.resize(grey, size, interpolation=way), np.uint8), factor


def _groups(found: Sequence[Bar]) -> Iterator[tuple[Layout, list[Bar]]]:
    """Deal bars that lie like the lines of one zone into groups, the likeliest first."""
    long = [
        bar
        for bar in found
        if 2 * bar.half_length >= ZONE_ASPECT * bar.thickness and bar.pieces >= LEAST_PIECES
    ][:MOST_LONG]
    pairs = {
        (at, other)
        for at, other in combinations(range(len(long)), 2)
        if _are_neighbours(long[at], long[other])
    }
    triples = [
        [long[at] for at in three]
        for three in combinations(range(len(long)), 3)
        if sum(pair in pairs for pair in combinations(three, 2)) >= 2
        and _are_even([long[at] for at in three])
    ]
    triples.sort(key=lambda group: -sum(bar.half_length for bar in group))
    yield from ((TD1, _from_the_top(group)) for group in triples)
    twos = [[long[at], long[other]] for at, other in pairs]
    twos.sort(key=lambda group: -sum(bar.half_length for bar in group))
    if not triples:
        yield from (
            (layout, _from_the_top(group)) for group in twos for layout in LAYOUTS if layout != TD1
        )


def _offset(one: Bar, other: Bar) -> tuple[float, float]:
    """How far the other's middle lies along one bar and across it (down is positive)."""
    x, y = other.x - one.x, other.y - one.y
    right_x, right_y = one.dx / one.half_length, one.dy / one.half_length
    return x * right_x + y * right_y, y * right_x - x * right_y


def _are_neighbours(one: Bar, other: Bar) -> bool:
    """Tell whether two bars may be lines of one zone, next to each other."""
    cosine = (one.dx * other.dx + one.dy * other.dy) / (one.half_length * other.half_length)
    if abs(cosine) < PARALLEL:
        return False
    longer, shorter = (
        max(one.half_length, other.half_length),
        min(one.half_length, other.half_length),
    )
    if shorter < 0.8 * longer:
        return False
    along, across = _offset(one, other)
    thickness = (one.thickness + other.thickness) / 2
    return abs(along) < 0.3 * longer and SPACING[0] < abs(across) / thickness < SPACING[1]


def _are_even(group: Sequence[Bar]) -> bool:
    """Tell whether three bars are about equally far from one another."""
    first, second, third = _from_the_top(group)
    upper, lower = _offset(first, second)[1], _offset(second, third)[1]
    return 0.65 < upper / max(lower, 1e-6) < 1.55


def _from_the_top(group: Sequence[Bar]) -> list[Bar]:
    first = group[0]
    # Of lines that stand upright in the picture one may point up and the next down.
    alike = [bar if bar.dx * first.dx + bar.dy * first.dy > 0 else turned(bar) for bar in group]
    return sorted(alike, key=lambda bar: _offset(first, bar)[1])


def _first_read(
    grey: Pixels, groups: Sequence[tuple[Layout, Sequence[Bar]]]
) -> tuple[str | None, Bar | None]:
    """Read the first group that is a zone; return also its first line as a bar to be read."""
    for layout, group in groups:
        mrz, is_turned = _read_group(grey, layout, group)
        if mrz is not None:
            return mrz, turned(group[0]) if is_turned else group[0]
    return None, None


def _read_group(grey: Pixels, layout: Layout, group: Sequence[Bar]) -> tuple[str | None, bool]:
    """Read the lines of a zone, either way up; tell also which way it was."""
    for is_turned in (False, True):
        lines = [turned(bar) for bar in reversed(group)] if is_turned else list(group)
        longest = max(bar.half_length for bar in lines)
        # The ends of a bar are those of the outer glyphs: a fifth of their cells stays empty.
        pitch = 2 * longest / (layout.cells - 0.4)
        first = read_line(grey, lines[0], layout.cells, pitch)
        if first.worth < PROMISING:
            continue
        rest = [read_line(grey, bar, layout.cells, pitch) for bar in lines[1:]]
        if min(line.worth for line in (first, *rest)) < LEAST_WORTH:
            continue
        text = decode(np.concatenate([line.seen for line in (first, *rest)]), layout)
        if text is not None:
            return text, is_turned
    return None, False


def _why(grey: Pixels, groups: Sequence[tuple[Layout, Sequence[Bar]]]) -> ZoneQuality:
    """Say why nothing was read."""
    if float(np.percentile(grey[::4, ::4], 99)) < DARK:
        return ZoneQuality.DARK
    if not groups:
        return ZoneQuality.NOTHING
    height, width = grey.shape
    for _, group in groups:
        for bar in group:
            for x, y in ((bar.x - bar.dx, bar.y - bar.dy), (bar.x + bar.dx, bar.y + bar.dy)):
                rim = bar.thickness * 0.7
                if not (rim < x < width - rim and rim < y < height - rim):
                    return ZoneQuality.CUT_OFF
    return ZoneQuality.BLURRED
