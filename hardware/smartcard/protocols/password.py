"""What opens a chip: the key in the printed zone, the card access number, a PIN or a PUK.

Sources: ICAO Doc 9303-11, 4.3.2 and 9.7.3; 9303-4, 9303-5 and 9303-6 for the zones.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum

from hardware.core.zone_text import check_digit

NUMBER_FIELD = 9
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9<]{0,21}")
_SIX = re.compile(r"[0-9<]{6}")
_DIGITS = re.compile(r"[0-9]{4,16}")
_PRINTABLE = re.compile(r"[\x21-\x7e]{4,32}")
_ZONE = re.compile(r"[A-Z0-9<]+")
_TD1, _TD2, _TD3 = 90, 72, 88


class PasswordKind(IntEnum):
    """The kinds of password by the number that PACE gives them (DO 83)."""

    MRZ = 1
    CAN = 2
    PIN = 3
    PUK = 4


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A password, and what the protocols make of it. It has no repr, so that no log shows it.

    Attributes:
        kind: Which of the four it is.
        pace_secret: f(password), from which PACE derives the key of the nonce.
        bac_seed: The 16 bytes from which BAC derives its keys; None where it is not the zone.
    """

    kind: PasswordKind
    pace_secret: bytes
    bac_seed: bytes | None = None

    @classmethod
    def from_mrz(cls, document_number: str, birth: str, expiry: str) -> "Password":
        """Take the three fields of the zone that only somebody who holds the document sees.

        Args:
            document_number: Without check digit; fillers at its end may be left out.
            birth: YYMMDD; unknown parts are fillers.
            expiry: YYMMDD.

        Raises:
            ValueError: A field holds something else.
        """
        if not _NUMBER.fullmatch(document_number):
            raise ValueError("not a document number")
        if not _SIX.fullmatch(birth) or not _SIX.fullmatch(expiry):
            raise ValueError("a date of the zone has six digits")
        fields = (document_number.rstrip("<").ljust(NUMBER_FIELD, "<"), birth, expiry)
        told = "".join(field + check_digit(field) for field in fields)
        secret = hashlib.sha1(told.encode("ascii"), usedforsecurity=False).digest()
        return cls(PasswordKind.MRZ, secret, secret[:16])

    @classmethod
    def from_mrz_text(cls, text: str) -> "Password":
        """Take the zone as it is printed: TD1, TD2 or TD3, with or without line breaks.

        Raises:
            ValueError: It is no such zone, or a check digit is wrong.
        """
        zone = "".join(text.split())
        if not _ZONE.fullmatch(zone) or len(zone) not in (_TD1, _TD2, _TD3):
            raise ValueError("not a machine-readable zone")
        if len(zone) == _TD1:
            number, rest = zone[5:15], zone[15:30]
            birth, expiry = zone[30:37], zone[38:45]
        else:
            second = zone[len(zone) // 2 :]
            number, birth, expiry = second[:10], second[13:20], second[21:28]
            rest = second[28:35] if len(zone) == _TD2 else ""
        if number[9] == "<" and rest.strip("<"):
            number = number[:9] + rest.partition("<")[0]
        for field in (number, birth, expiry):
            if check_digit(field[:-1]) != field[-1].replace("<", "0"):
                raise ValueError("a check digit of the zone is wrong")
        return cls.from_mrz(number[:-1], birth[:-1], expiry[:-1])

    @classmethod
    def can(cls, digits: str) -> "Password":
        """Take the card access number that is printed on the card.

        Raises:
            ValueError: It is not a few digits.
        """
        return cls._of_digits(PasswordKind.CAN, digits)

    @classmethod
    def pin(cls, digits: str) -> "Password":
        """Take the holder's secret number.

        Raises:
            ValueError: It is not a few printable characters.
        """
        return cls._of_characters(PasswordKind.PIN, digits)

    @classmethod
    def puk(cls, digits: str) -> "Password":
        """Take the number that opens a blocked PIN.

        Raises:
            ValueError: It is not a few printable characters.
        """
        return cls._of_characters(PasswordKind.PUK, digits)

    @classmethod
    def _of_digits(cls, kind: PasswordKind, digits: str) -> "Password":
        if not _DIGITS.fullmatch(digits):
            raise ValueError("not a number of 4 to 16 digits")
        return cls(kind, digits.encode("ascii"))

    @classmethod
    def _of_characters(cls, kind: PasswordKind, characters: str) -> "Password":
        if not _PRINTABLE.fullmatch(characters):
            raise ValueError("not 4 to 32 printable characters")
        return cls(kind, characters.encode("ascii"))
