"""Prepares a sentence for a voice: numbers that are read out one by one, signs that are silent."""

import re

CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}-?\d{1,7}\**(\([0-9A*]\))?(?![A-Za-z0-9])")
"""A tag (A023), a place (K1), an identity number (A123456(3)), also one half hidden by stars."""
LONG_NUMBER = re.compile(r"(?<![\d.])(\d{5,}|\d{4} \d{4})(?![\d.])")
"""A telephone number and the like; a year has four digits and is read as one."""
LETTER = re.compile(r"(?<=[A-Z]) (?=\d)")
DOTS = re.compile("\u25cf+")
SILENT = re.compile("[\u2022\u2013\u2014\u2192\u203a\u00b7|]")


def spelled(text: str) -> str:
    """Return what the voice is given: 'A023' becomes 'A-0 2 3'."""
    text = CODE.sub(lambda found: _apart(found[0]), text)
    text = LONG_NUMBER.sub(lambda found: _apart(found[0]), text)
    return re.sub(r"\s+", " ", SILENT.sub(", ", text)).strip()


def hidden(text: str) -> int:
    """Count the characters that are shown as dots."""
    return sum(len(dots) for dots in DOTS.findall(text))


def _apart(code: str) -> str:
    """Write one sign after the other; a letter clings to its digit, or 'A' would be an article."""
    return LETTER.sub("-", " ".join(sign for sign in code if sign.isalnum()))
