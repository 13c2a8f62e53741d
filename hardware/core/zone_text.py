"""The text rules of a machine-readable zone (ICAO 9303-3 to -6): forms, check digits, dates, names.

Cameras and document readers read zones; both judge them here. What a zone says, field by field, is
the business of whoever opens a chip with it (hardware.smartcard.mrz).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")


class ZoneFlaw(StrEnum):
    """What is wrong with a zone."""

    FORM = "form"
    """It has not the lines of TD1, TD2 or TD3."""
    CHARACTERS = "characters"
    """A character is none that a zone has: mostly one that could not be read."""
    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    COMPOSITE = "composite"
    """The check digit of this part does not fit it."""
    DATES = "dates"
    """A date is none."""
    NAMES = "names"
    """The names are not spelt as names are."""


Checks = tuple[tuple[ZoneFlaw, tuple[slice, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One size of zone: its lines, what stands where, which check digit covers what.

    Attributes:
        kinds: A letter a cell, all lines one after the other: a letters and fillers, d digits,
            n digits and fillers, x anything, s sex, t and p the kinds of documents.
        checks: What is checked, the cells that it covers, the cell of its digit.
        dates: Where birth and expiry begin.
        names: Where the names begin; they end with their line.
    """

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
        (ZoneFlaw.NUMBER, (slice(5, 14),), 14),
        (ZoneFlaw.BIRTH, (slice(30, 36),), 36),
        (ZoneFlaw.EXPIRY, (slice(38, 44),), 44),
        (ZoneFlaw.COMPOSITE, (slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)), 59),
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
        (ZoneFlaw.NUMBER, (slice(36, 45),), 45),
        (ZoneFlaw.BIRTH, (slice(49, 55),), 55),
        (ZoneFlaw.EXPIRY, (slice(57, 63),), 63),
        (ZoneFlaw.COMPOSITE, (slice(36, 46), slice(49, 56), slice(57, 71)), 71),
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
        (ZoneFlaw.NUMBER, (slice(44, 53),), 53),
        (ZoneFlaw.BIRTH, (slice(57, 63),), 63),
        (ZoneFlaw.EXPIRY, (slice(65, 71),), 71),
        (ZoneFlaw.OPTIONAL, (slice(72, 86),), 86),
        (ZoneFlaw.COMPOSITE, (slice(44, 54), slice(57, 64), slice(65, 87)), 87),
    ),
    (57, 65),
    5,
)  # fmt: skip
LAYOUTS = (TD1, TD2, TD3)

_NAMES = re.compile(r"[A-Z]+(<[A-Z]+)*(<<[A-Z]+(<[A-Z]+)*)?<*")
_DATE = re.compile(r"[0-9<]{2}(0[1-9]|1[0-2]|<<)(0[1-9]|[12][0-9]|3[01]|<<)")


def follows_rules(text: str, layout: Layout) -> bool:
    """Tell whether check digits, dates, number and the shape of the names are right."""
    return next(flaws(text, layout), None) is None


def flaws(text: str, layout: Layout) -> Iterator[ZoneFlaw]:
    """Tell what is wrong with a zone of this size, line breaks left out."""
    if len(text) != layout.lines * layout.cells:
        yield ZoneFlaw.FORM
        return
    if not ALPHABET.issuperset(text):
        yield ZoneFlaw.CHARACTERS
        return
    for checked, parts, place in layout.checks:
        covered = "".join(text[part] for part in parts)
        # Fillers follow a number, never lead it.
        leads = checked is ZoneFlaw.NUMBER and covered[0] == "<"
        if leads or not _digit_fits(covered, text, place, layout):
            yield checked
    if not all(_DATE.fullmatch(text[start : start + 6]) for start in layout.dates):
        yield ZoneFlaw.DATES
    end = layout.names + layout.cells - layout.names % layout.cells
    if _NAMES.fullmatch(text[layout.names : end]) is None:
        yield ZoneFlaw.NAMES


def layout_of(text: str) -> Layout | None:
    """Return the size that a zone of so many characters has: 90 TD1, 72 TD2, 88 TD3."""
    return next((each for each in LAYOUTS if each.lines * each.cells == len(text)), None)


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
