"""The machine-readable zone of an identity card: three lines of thirty characters (ICAO TD1)."""

import re
from dataclasses import dataclass
from datetime import date

from hardware.smartcard.chip_errors import ChipError

LINE = 30
NAME_WORDS = re.compile(r"[A-Z]+(?: [A-Z]+)*")
NUMBER = re.compile(r"[A-Z0-9]{1,22}")
STATE = re.compile(r"[A-Z]{1,3}")
OPTIONAL = re.compile(r"[A-Z0-9<]*")
ALPHABET = re.compile(r"[A-Z0-9<]{90}")
SHORTEST_VALIDITY_YEARS = 10


@dataclass(frozen=True, slots=True, repr=False)
class Mrz:
    """What the zone says. Names are as the zone spells them: capitals A to Z and blanks.

    It has no repr, so that no log shows whose it is.

    Attributes:
        sex: M, F or X.
        optional: The optional field of the second line, up to 11 characters.
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

    def __post_init__(self) -> None:
        checks = (
            (NUMBER, self.document_number),
            (NAME_WORDS, self.surname),
            (STATE, self.nationality),
            (STATE, self.issuer),
            (OPTIONAL, self.optional),
        )
        for pattern, text in checks:
            if not pattern.fullmatch(text):
                raise ValueError("a field holds characters that its place in the zone cannot hold")
        if self.given_names and not NAME_WORDS.fullmatch(self.given_names):
            raise ValueError("given names hold other characters than A to Z and blanks")
        if self.sex not in ("M", "F", "X") or len(self.optional) > 11:
            raise ValueError("the sex is M, F or X; the optional field has 11 characters")

    def text(self) -> str:
        """Return the 90 characters of the zone, without line breaks."""
        number, rest = self._number_fields()
        birth, expiry = _six(self.date_of_birth), _six(self.expiry)
        sex = "<" if self.sex == "X" else self.sex
        first = "I<" + _filled(self.issuer, 3) + number + _filled(rest, 15)
        second = birth + check_digit(birth) + sex + expiry + check_digit(expiry)
        second += _filled(self.nationality, 3) + _filled(self.optional, 11)
        composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
        return first + second + check_digit(composite) + self._name_line()

    @classmethod
    def parse(cls, text: str, born: date | None = None) -> "Mrz":
        """Read the 90 characters of a zone.

        The zone has two digits for a year. born, from another file of the chip, settles the
        century; without it the card is taken to have been issued to somebody already born, for
        at least ten years.

        Raises:
            ChipError: A check digit or a field is wrong (reason malformed).
        """
        if not ALPHABET.fullmatch(text):
            raise ChipError("malformed", "not a zone of 90 characters")
        first, second, third = text[:30], text[30:60], text[60:]
        number, number_digit, rest = first[5:14], first[14], first[15:30]
        if number_digit == "<":
            overflow, _, _ = rest.partition("<")
            number, number_digit = number + overflow[:-1], overflow[-1:]
        composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
        _require_digit(number, number_digit)
        _require_digit(second[0:6], second[6])
        _require_digit(second[8:14], second[14])
        _require_digit(composite, second[29])
        surname, _, given = third.partition("<<")
        expiry = _date(2000, second[8:14])
        birth = _birth(second[0:6], expiry)
        if born is not None:
            if _six(born) != second[0:6]:
                raise ChipError("malformed", "two dates of birth on one chip")
            birth = born
        try:
            return cls(
                number.rstrip("<"),
                surname.strip("<").replace("<", " "),
                given.strip("<").replace("<", " "),
                second[7].replace("<", "X"),
                birth,
                expiry,
                second[15:18].rstrip("<"),
                first[2:5].rstrip("<"),
                second[18:29].rstrip("<"),
            )
        except ValueError as error:
            raise ChipError("malformed", str(error)) from error

    def _number_fields(self) -> tuple[str, str]:
        """Number with check digit (10 characters), and what of it goes to the optional field."""
        digit = check_digit(_filled(self.document_number, 9))
        if len(self.document_number) <= 9:
            return _filled(self.document_number, 9) + digit, ""
        return self.document_number[:9] + "<", self.document_number[9:] + digit

    def _name_line(self) -> str:
        names = f"{self.surname}<<{self.given_names}".replace(" ", "<")
        return _filled(names[:LINE], LINE)


def zone_name(name: str) -> str:
    """Spell a name in Latin letters as the zone can: O'Neil-Wong becomes ONEIL WONG.

    Raises:
        ValueError: It has letters that somebody must transcribe first, or none at all.
    """
    spelt = " ".join(re.sub(r"[-\s]+", " ", re.sub(r"['’.,]", "", name)).split()).upper()
    if not NAME_WORDS.fullmatch(spelt):
        raise ValueError("a name with other letters than A to Z")
    return spelt


def check_digit(text: str) -> str:
    """The check digit of ICAO 9303: weights 7 3 1, letters count from 10, fillers are 0."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def _require_digit(text: str, digit: str) -> None:
    if check_digit(text) != digit:
        raise ChipError("malformed", "a check digit is wrong")


def _filled(text: str, size: int) -> str:
    return text.ljust(size, "<")


def _six(day: date) -> str:
    return f"{day.year % 100:02}{day.month:02}{day.day:02}"


def _date(century: int, six: str) -> date:
    try:
        return date(century + int(six[:2]), int(six[2:4]), int(six[4:6]))
    except ValueError:
        raise ChipError("malformed", "not a date") from None


def _birth(six: str, expiry: date) -> date:
    """The latest day with these digits on which somebody can have been born."""
    latest = f"{expiry.year - SHORTEST_VALIDITY_YEARS}{expiry.month:02}{expiry.day:02}"
    return _date(2000 if "20" + six <= latest else 1900, six)
