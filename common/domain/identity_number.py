"""The identity card number and its check digit."""

import re
import unicodedata
from dataclasses import dataclass

_SHAPE = re.compile(r"([A-Z]{1,2})([0-9]{6})([0-9A])")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
_LETTER_VALUE = {chr(ord("A") + i): 10 + i for i in range(26)} | {" ": 36}


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked number such as A123456(3). The check digit is not part of the number.

    Source: the common schema COM000001 of the Digital Policy Office ([A-Z]{1,2}[0-9]{6}[0-9A]).
    """

    prefix: str
    digits: str

    @classmethod
    def parse(cls, typed: str) -> "IdentityNumber":
        """Read a number as people type it: any case or width, with or without brackets.

        Raises:
            ValueError: The text has the wrong shape or the wrong check digit.
        """
        plain = re.sub(r"[\s()]", "", unicodedata.normalize("NFKC", typed).upper())
        match = _SHAPE.fullmatch(plain)
        if match is None:
            raise ValueError("not an identity card number")
        number = cls(match[1], match[2])
        if number.check_digit != match[3]:
            raise ValueError("the check digit does not fit the number")
        return number

    @property
    def check_digit(self) -> str:
        """The digit in brackets, computed modulo 11."""
        values = [_LETTER_VALUE[letter] for letter in self.prefix.rjust(2)]
        values += [int(digit) for digit in self.digits]
        rest = sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True)) % 11
        return {0: "0", 1: "A"}.get(rest, str(11 - rest))

    @property
    def masked(self) -> str:
        """The number as a public screen may show it: A123***(*)."""
        return f"{self.prefix}{self.digits[:3]}***(*)"

    def __str__(self) -> str:
        return f"{self.prefix}{self.digits}({self.check_digit})"

    def __repr__(self) -> str:
        return "IdentityNumber(<redacted>)"
