"""The rules of a machine-readable zone (ICAO 9303-4, -5, -6): what may stand where, and the sums.

What the camera saw is turned into text here. A character that cannot stand where it was seen, or a
check digit that fails, is repaired only where two glyphs look alike and the camera itself was in
doubt; otherwise the zone counts as not read. Nothing is made up.
"""

import re
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hardware.camera.zone_glyphs import GLYPHS, NOTHING, Floats

CLASSES = {
    "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ<",
    "d": "0123456789",
    "n": "0123456789<",
    "x": GLYPHS,
    "s": "MFX<",
    "t": "ACI",
    "p": "P",
}
"""What may stand in a cell of each kind. The kinds spell the layouts below."""

LOOK_ALIKES = frozenset(
    frozenset(pair) for pair in ("0O", "0D", "0Q", "OQ", "OD", "1I", "8B", "5S", "2Z", "6G")
)

LEAST_SURE, LEAST_SURE_UNCHECKED = 0.6, 0.9
"""A glyph among those that may stand there must be so probable; the second where no check digit
covers it, as in names: each name that was misread from a tilted card had a letter below that."""

LEAST_SEEN = 0.05
"""So probable it must be among all glyphs, unless it looks like the one that was seen."""

ALIKE_SEEN = 1e-4
"""A look-alike must have been thought possible by so much to stand in for what was seen."""

MOST_REPAIRS, MOST_DOUBTS = 2, 8
CLEARER = 2.0
"""By so much (in logarithms) a repair must be likelier than every other that fits the sums."""

Checks = tuple[tuple[tuple[slice, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of zone: its lines, what stands where, which check digit covers what."""

    lines: int
    cells: int
    kinds: str
    checks: Checks
    dates: tuple[int, int]
    names: int


TD1 = Layout(
    3,
    30,
    "ta" + "aaa" + "x" * 9 + "n" + "x" * 15
    + "n" * 6 + "d" + "s" + "n" * 6 + "d" + "aaa" + "x" * 11 + "d"
    + "a" * 30,
    (
        ((slice(5, 14),), 14),
        ((slice(30, 36),), 36),
        ((slice(38, 44),), 44),
        ((slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)), 59),
    ),
    (30, 38),
    60,
)  # fmt: skip
TD2 = Layout(
    2,
    36,
    "ta" + "aaa" + "a" * 31
    + "x" * 9 + "n" + "aaa" + "n" * 6 + "d" + "s" + "n" * 6 + "d" + "x" * 7 + "d",
    (
        ((slice(36, 45),), 45),
        ((slice(49, 55),), 55),
        ((slice(57, 63),), 63),
        ((slice(36, 46), slice(49, 56), slice(57, 71)), 71),
    ),
    (49, 57),
    5,
)  # fmt: skip
TD3 = Layout(
    2,
    44,
    "pa" + "aaa" + "a" * 39
    + "x" * 9 + "d" + "aaa" + "n" * 6 + "d" + "s" + "n" * 6 + "d" + "x" * 14 + "n" + "d",
    (
        ((slice(44, 53),), 53),
        ((slice(57, 63),), 63),
        ((slice(65, 71),), 71),
        ((slice(72, 86),), 86),
        ((slice(44, 54), slice(57, 64), slice(65, 87)), 87),
    ),
    (57, 65),
    5,
)  # fmt: skip
LAYOUTS = (TD1, TD2, TD3)

_NAMES = re.compile(r"[A-Z]+(<[A-Z]+)*(<<[A-Z]+(<[A-Z]+)*)?<*")
_DATE = re.compile(r"[0-9<]{2}(0[1-9]|1[0-2]|<<)(0[1-9]|[12][0-9]|3[01]|<<)")


def decode(seen: Floats, layout: Layout) -> str | None:
    """Return the zone that was seen, or None where that is not certain.

    Args:
        seen: A row a cell, all lines one after the other: logarithms of the probabilities of
            GLYPHS, and last of nothing at all.
        layout: The size of zone that these cells should be.
    """
    allowed = _allowed(layout)
    within = np.where(allowed, seen[:, :NOTHING], -np.inf)
    chosen = within.argmax(axis=1)
    if not _all_plausible(seen, within, chosen, _covered(layout)):
        return None
    text = "".join(GLYPHS[glyph] for glyph in chosen)
    if not follows_rules(text, layout):
        repaired = _repaired(seen, within, chosen, layout)
        if repaired is None:
            return None
        text = repaired
    return text


def follows_rules(text: str, layout: Layout) -> bool:
    """Tell whether check digits, dates, number and the shape of the names are right."""
    if text[layout.checks[0][0][0].start] == "<":  # fillers follow a number, never lead it
        return False
    for parts, place in layout.checks:
        if not _digit_fits("".join(text[part] for part in parts), text, place, layout):
            return False
    if not all(_DATE.fullmatch(text[start : start + 6]) for start in layout.dates):
        return False
    end = layout.names + layout.cells - layout.names % layout.cells
    return _NAMES.fullmatch(text[layout.names : end]) is not None


def check_digit(text: str) -> str:
    """The check digit of ICAO 9303-3: weights 7 3 1, letters from 10 on, fillers 0."""
    values = (0 if letter == "<" else int(letter, 36) for letter in text)
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def _digit_fits(covered: str, text: str, place: int, layout: Layout) -> bool:
    digit = text[place]
    if digit != "<":
        return check_digit(covered) == digit
    if layout is TD3:  # an optional field without content may go without its digit
        return place == 86 and not covered.strip("<")
    # A long number goes on in the optional field, and its digit follows it (9303-5, 4.2.2.2 j).
    rest = text[15:30] if layout is TD1 else text[64:71]
    more, filler, _ = rest.partition("<")
    if len(more) < 2 or not filler:
        return False
    return check_digit(covered + more[:-1]) == more[-1]


def _allowed(layout: Layout) -> NDArray[np.bool_]:
    table = {kind: [glyph in glyphs for glyph in GLYPHS] for kind, glyphs in CLASSES.items()}
    return np.array([table[kind] for kind in layout.kinds])


def _covered(layout: Layout) -> set[int]:
    """The cells that a check digit covers, and those of the check digits."""
    covered = {place for _, place in layout.checks}
    for parts, _ in layout.checks:
        covered.update(at for part in parts for at in range(part.start, part.stop))
    return covered


def _all_plausible(
    seen: Floats, within: Floats, chosen: NDArray[np.intp], covered: set[int]
) -> bool:
    """Tell whether each cell's choice is what was seen there, or looks like it."""
    rows = np.arange(len(seen))
    best = seen[:, :NOTHING].argmax(axis=1)
    mine = np.exp(seen[rows, chosen])
    sure = mine / np.maximum(np.exp(within).sum(axis=1), 1e-30)
    for at in rows:
        alike = frozenset((GLYPHS[best[at]], GLYPHS[chosen[at]])) in LOOK_ALIKES
        if mine[at] < (ALIKE_SEEN if alike else LEAST_SEEN):
            return False
        if at not in covered and sure[at] < LEAST_SURE_UNCHECKED:
            return False
        if sure[at] < LEAST_SURE and not _has_twin(within[at], chosen[at]):
            return False
    return True


def _has_twin(row: Floats, chosen: np.intp) -> bool:
    """Tell whether the doubt is between look-alikes, so that check digits may settle it."""
    second = int(np.argsort(-row)[1])
    return frozenset((GLYPHS[chosen], GLYPHS[second])) in LOOK_ALIKES


def _repaired(seen: Floats, within: Floats, chosen: NDArray[np.intp], layout: Layout) -> str | None:
    """Swap look-alikes until all sums are right; None unless one way is clearly the likeliest."""
    doubts = sorted(_doubts(seen, within, chosen, _covered(layout)))[:MOST_DOUBTS]
    right: list[tuple[float, str]] = []
    plain = [GLYPHS[glyph] for glyph in chosen]
    for count in range(1, MOST_REPAIRS + 1):
        for swaps in combinations(doubts, count):
            letters = plain.copy()
            for _, at, glyph in swaps:
                letters[at] = glyph
            if follows_rules(text := "".join(letters), layout):
                right.append((sum(cost for cost, _, _ in swaps), text))
    right.sort()
    if not right or (len(right) > 1 and right[1][0] - right[0][0] < CLEARER):
        return None
    return right[0][1]


def _doubts(
    seen: Floats, within: Floats, chosen: NDArray[np.intp], covered: set[int]
) -> list[tuple[float, int, str]]:
    """What else may stand in the covered cells: how much less likely, where, which glyph."""
    found = []
    for at in covered:
        for glyph in np.flatnonzero(np.isfinite(within[at])):
            alike = frozenset((GLYPHS[glyph], GLYPHS[chosen[at]])) in LOOK_ALIKES
            if alike and seen[at, glyph] >= np.log(ALIKE_SEEN):
                found.append((float(seen[at, chosen[at]] - seen[at, glyph]), at, GLYPHS[glyph]))
    return found
