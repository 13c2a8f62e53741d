"""The machine-readable zone of cards (TD1), other official documents (TD2) and passports (TD3).

ICAO Doc 9303 parts 3 to 6. Our cards are TD1; the others are what applicants bring.
"""

import re
from dataclasses import dataclass
from datetime import date

from hardware.core.zone_text import check_digit
from hardware.smartcard.chip_errors import ChipError

NAME_WORDS = re.compile(r"[A-Z]+(?: [A-Z]+)*")
NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9<]{0,20}[A-Z0-9])?")
STATE = re.compile(r"[A-Z]{1,3}")
OPTIONAL = re.compile(r"[A-Z0-9<]*")
ALPHABET = re.compile(r"[A-Z0-9<]+")
CODE = re.compile(r"[A-Z][A-Z0-9]?")
UNKNOWN_DAY = re.compile(r"[0-9]{4}<<|[0-9]{2}<<<<")
SHORTEST_VALIDITY_YEARS = 10


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the fields of a form lie in its text, line breaks left out."""

    size: int
    lines: int
    number: slice
    optional: slice
    birth: slice
    sex: int
    expiry: slice
    nationality: slice
    names: slice
    composite: tuple[slice, ...]
    first_optional: slice | None = None
    optional_digit: int | None = None

    @property
    def overflow(self) -> slice:
        """Where the rest of a document number of more than nine characters goes."""
        return self.first_optional or self.optional


LAYOUTS = {
    "TD1": _Layout(
        90,
        3,
        slice(5, 14),
        slice(48, 59),
        slice(30, 36),
        37,
        slice(38, 44),
        slice(45, 48),
        slice(60, 90),
        (slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)),
        first_optional=slice(15, 30),
    ),
    "TD2": _Layout(
        72,
        2,
        slice(36, 45),
        slice(64, 71),
        slice(49, 55),
        56,
        slice(57, 63),
        slice(46, 49),
        slice(5, 36),
        (slice(36, 46), slice(49, 56), slice(57, 71)),
    ),
    "TD3": _Layout(
        88,
        2,
        slice(44, 53),
        slice(72, 86),
        slice(57, 63),
        64,
        slice(65, 71),
        slice(54, 57),
        slice(5, 44),
        (slice(44, 54), slice(57, 64), slice(65, 87)),
        optional_digit=86,
    ),
}
COMPOSITE = {"TD1": 59, "TD2": 71, "TD3": 87}


@dataclass(frozen=True, slots=True, repr=False)
class Mrz:
    """What the zone says. Names are as the zone spells them: capitals A to Z and blanks.

    It has no repr, so that no log shows whose it is.

    Attributes:
        document_number: Up to 22 characters; a filler inside stands for another sign.
        sex: M, F or X.
        date_of_birth: The first day it can be where the zone leaves month or day open.
        optional: The optional field: of the second line in TD1 and TD2 (11 and 7 characters),
            the personal number in TD3 (14).
        first_optional: TD1's optional field of the first line, up to 15 characters.
        form: TD1, TD2 or TD3. code: The kind of document: I, P, PM, AC...
        birth_is_exact: Whether month and day of birth are known.
    """

    document_number: str
    surname: str
    given_names: str
    sex: str
    date_of_birth: date
    expiry: date
    nationality: str
    issuer: str
    optional: str = ""
    first_optional: str = ""
    form: str = "TD1"
    code: str = "I"
    birth_is_exact: bool = True

    def __post_init__(self) -> None:
        checks = (
            (NUMBER, self.document_number),
            (NAME_WORDS, self.surname),
            (STATE, self.nationality),
            (STATE, self.issuer),
            (OPTIONAL, self.optional),
            (OPTIONAL, self.first_optional),
            (CODE, self.code),
        )
        for pattern, text in checks:
            if not pattern.fullmatch(text):
                raise ValueError("a field holds characters that its place in the zone cannot hold")
        if self.given_names and not NAME_WORDS.fullmatch(self.given_names):
            raise ValueError("given names hold other characters than A to Z and blanks")
        if self.form not in LAYOUTS or self.sex not in ("M", "F", "X"):
            raise ValueError("the form is TD1, TD2 or TD3; the sex is M, F or X")
        layout = LAYOUTS[self.form]
        if len(self.optional) > _size(layout.optional):
            raise ValueError("the optional field is longer than its place in the zone")
        over = max(len(self.document_number) - 9, 0)
        taken = over + 2 if over else 0
        there = len(self.first_optional) if layout.first_optional else len(self.optional)
        if taken + there > _size(layout.overflow) or (over and layout.optional_digit):
            raise ValueError("the document number is longer than its place in the zone")

    def text(self) -> str:
        """Return the characters of the zone (TD1 90, TD2 72, TD3 88), without line breaks."""
        layout = LAYOUTS[self.form]
        zone = ["<"] * layout.size
        _put(zone, slice(0, 2), self.code)
        _put(zone, slice(2, 5), self.issuer)
        _put(zone, layout.names, f"{self.surname}<<{self.given_names}".replace(" ", "<"))
        _put(zone, layout.nationality, self.nationality)
        _put(zone, layout.optional, self.optional)
        if layout.first_optional:
            _put(zone, layout.first_optional, self.first_optional)
        self._put_number(zone, layout)
        _put_checked(zone, layout.birth, _six(self.date_of_birth, self.birth_is_exact))
        zone[layout.sex] = "<" if self.sex == "X" else self.sex
        _put_checked(zone, layout.expiry, _six(self.expiry))
        if layout.optional_digit and self.optional:
            zone[layout.optional_digit] = check_digit("".join(zone[layout.optional]))
        together = "".join("".join(zone[part]) for part in layout.composite)
        zone[COMPOSITE[self.form]] = check_digit(together)
        return "".join(zone)

    def information(self) -> str:
        """Return what opens a chip: number, birth and expiry, each with its check digit.

        ICAO Doc 9303-11, 9.7.2 (MRZ_information), 24 characters or more.
        """
        birth, expiry = _six(self.date_of_birth, self.birth_is_exact), _six(self.expiry)
        fields = (_filled(self.document_number, 9), birth, expiry)
        return "".join(field + check_digit(field) for field in fields)

    @classmethod
    def parse(cls, text: str, born: date | None = None) -> "Mrz":
        """Read a zone of 90 (TD1), 72 (TD2) or 88 (TD3) characters; line breaks may be in it.

        The zone has two digits for a year. born, from another file of the chip, settles the
        century; without it the card is taken to have been issued to somebody already born, for
        at least ten years.

        Raises:
            ChipError: A check digit or a field is wrong (reason malformed).
        """
        text = text.replace("\r", "").replace("\n", "") if len(text) <= 100 else ""
        form = next((name for name, it in LAYOUTS.items() if it.size == len(text)), None)
        if form is None or not ALPHABET.fullmatch(text):
            raise ChipError("malformed", "not a zone of 90, 88 or 72 characters")
        layout = LAYOUTS[form]
        together = "".join(text[part] for part in layout.composite)
        _require_digit(together, text[COMPOSITE[form]])
        number, rest = _read_number(text, layout)
        surname, given = _names(text[layout.names])
        expiry = _date(2000, _checked(text, layout.expiry))
        birth, exact = _birth(_checked(text, layout.birth), expiry, born)
        optional = text[layout.optional].rstrip("<")
        if layout.optional_digit and optional + text[layout.optional_digit].strip("<"):
            _require_digit(text[layout.optional], text[layout.optional_digit])
        try:
            return cls(
                number,
                surname,
                given,
                text[layout.sex].replace("<", "X"),
                birth,
                expiry,
                text[layout.nationality].rstrip("<"),
                text[2:5].rstrip("<"),
                optional if layout.first_optional or rest is None else rest,
                (rest or "") if layout.first_optional else "",
                form,
                text[0:2].rstrip("<"),
                exact,
            )
        except ValueError as error:
            raise ChipError("malformed", str(error)) from error

    def _put_number(self, zone: list[str], layout: _Layout) -> None:
        """A number of more than nine characters has < for its digit, and goes on elsewhere."""
        number, digit_at = self.document_number, layout.number.stop
        _put(zone, layout.number, number[:9])
        if len(number) <= 9:
            zone[digit_at] = check_digit("".join(zone[layout.number]))
            return
        rest = self.first_optional if layout.first_optional else self.optional
        _put(zone, layout.overflow, number[9:] + check_digit(number) + "<" + rest)


def zone_name(name: str) -> str:
    """Spell a name in Latin letters as the zone can: O'Neil-Wong becomes ONEIL WONG.

    Raises:
        ValueError: It has letters that somebody must transcribe first, or none at all.
    """
    spelt = " ".join(re.sub(r"[-\s]+", " ", re.sub(r"['’.,]", "", name)).split()).upper()
    if not NAME_WORDS.fullmatch(spelt):
        raise ValueError("a name with other letters than A to Z")
    return spelt


def _read_number(text: str, layout: _Layout) -> tuple[str, str | None]:
    """Return the number, and what follows it in the field that it may go on into."""
    number, digit = text[layout.number], text[layout.number.stop]
    rest = text[layout.overflow].rstrip("<") if layout.first_optional else None
    if digit == "<" and layout.optional_digit is None:
        overflow, _, tail = text[layout.overflow].partition("<")
        number, digit, rest = number + overflow[:-1], overflow[-1:], tail.rstrip("<")
    _require_digit(number, digit)
    return number.rstrip("<"), rest


def _names(field: str) -> tuple[str, str]:
    surname, _, given = field.partition("<<")
    words = [part.replace("<", " ").split() for part in (surname, given)]
    return " ".join(words[0]), " ".join(words[1])


def _checked(text: str, field: slice) -> str:
    _require_digit(text[field], text[field.stop])
    return text[field]


def _require_digit(text: str, digit: str) -> None:
    # A field of fillers may have a filler for its digit (9303-4, 4.2.2.2).
    if digit != check_digit(text) and (digit != "<" or text.strip("<")):
        raise ChipError("malformed", "a check digit is wrong")


def _put(zone: list[str], field: slice, text: str) -> None:
    zone[field] = _filled(text[: _size(field)], _size(field))


def _put_checked(zone: list[str], field: slice, text: str) -> None:
    _put(zone, field, text)
    zone[field.stop] = check_digit(text)


def _filled(text: str, size: int) -> str:
    return text.ljust(size, "<")


def _size(field: slice) -> int:
    return int(field.stop) - int(field.start)


def _six(day: date, exact: bool = True) -> str:
    known = f"{day.year % 100:02}{day.month:02}{day.day:02}"
    if exact:
        return known
    return known[:2] + "<<<<" if (day.month, day.day) == (1, 1) else known[:4] + "<<"


def _date(century: int, six: str) -> date:
    try:
        return date(century + int(six[:2]), int(six[2:4]), int(six[4:6]))
    except ValueError:
        raise ChipError("malformed", "not a date") from None


def _birth(six: str, expiry: date, born: date | None) -> tuple[date, bool]:
    """The latest day with these digits on which somebody can have been born; is it exact."""
    exact = not UNKNOWN_DAY.fullmatch(six)
    if born is not None:
        known = six.rstrip("<") if not exact else six
        if not _six(born).startswith(known):
            raise ChipError("malformed", "two dates of birth on one chip")
        return born, True
    first = six if exact else six.replace("<<<<", "0101").replace("<<", "01")
    latest = f"{expiry.year - SHORTEST_VALIDITY_YEARS}{expiry.month:02}{expiry.day:02}"
    return _date(2000 if "20" + first <= latest else 1900, first), exact
