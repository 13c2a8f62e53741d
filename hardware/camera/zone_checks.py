"""What the camera saw of a machine-readable zone, turned into text by the rules of ICAO 9303.

A character that cannot stand where it was seen, or a
check digit that fails, is repaired only where two glyphs look alike and the camera itself was in
doubt; otherwise the zone counts as not read. Nothing is made up.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hardware.camera.zone_glyphs import GLYPHS, NOTHING, Floats
from hardware.core.zone_text import Layout, follows_rules

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


def _allowed(layout: Layout) -> NDArray[np.bool_]:
    table = {kind: [glyph in glyphs for glyph in GLYPHS] for kind, glyphs in CLASSES.items()}
    return np.array([table[kind] for kind in layout.kinds])


def _covered(layout: Layout) -> set[int]:
    """The cells that a check digit covers, and those of the check digits."""
    covered = {place for _, _, place in layout.checks}
    for _, parts, _ in layout.checks:
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
