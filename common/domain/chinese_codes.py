"""Chinese commercial codes of names, and how a character is found without typing it.

The table is cut out of the Unihan database, Unicode 15 (kTaiwanTelegraph, kMainlandTelegraph,
kCangjie, kCantonese, variants) by installers/make_chinese_table.py.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("chinese_table.tsv")
LONGEST_NAME = 6
"""Characters of a Chinese name (common schema of the Government, person's Chinese name)."""
NO_CODE = "0000"
"""Stands for a character that has no code, so that codes and characters count the same."""


@dataclass(frozen=True, slots=True)
class Table:
    """The table, read once.

    Attributes:
        codes: Character to its code.
        choices: Character to all codes worth offering, the likeliest first.
        coded: Code to its characters, the commonest first.
        written: Cangjie keys or Cantonese syllable to characters, the commonest first.
    """

    codes: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    coded: dict[str, tuple[str, ...]]
    written: dict[str, tuple[str, ...]]


@cache
def table() -> Table:
    """Return the table."""
    lines = TABLE.read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    codes = {row[0]: row[1] for row in rows if row[1]}
    choices: dict[str, tuple[str, ...]] = {}
    coded: dict[str, list[str]] = defaultdict(list)
    written: dict[str, list[str]] = defaultdict(list)
    for one, code, mainland, cangjie, cantonese, variants in rows:
        offered = [code, mainland, *(codes[variant] for variant in variants)]
        choices[one] = tuple(dict.fromkeys(filter(None, offered)))
        for number in {code, mainland} - {""}:
            coded[number].append(one)
        for letters in {cangjie.lower(), *cantonese.split()} - {""}:
            written[letters].append(one)
    return Table(codes, choices, _fixed(coded), _fixed(written))


def code_of(character: str) -> str:
    """Return a character's code, or nothing where the table has none."""
    return table().codes.get(character, "")


def codes_for(character: str) -> tuple[str, ...]:
    """Return all codes worth offering: its own, the mainland's, those of its variants."""
    return table().choices.get(character, ())


def characters_for(typed: str) -> tuple[str, ...]:
    """Return the characters meant by a code of four digits, Cangjie keys or a syllable.

    A code stands for several characters, so a person has to choose: none is taken silently.
    """
    text = typed.strip().lower()
    found = table().coded if text.isdigit() else table().written
    return found.get(text, ())


def codes_of(name: str) -> str:
    """Return the codes of a name as a form holds them; NO_CODE where the table has none."""
    return " ".join(code_of(character) or NO_CODE for character in name)


def fitting_codes(name: str, codes: str) -> str:
    """Return the codes if there is one for each character, else those of the table."""
    return codes if len(codes.split()) == len(name) else codes_of(name)


def undecided(name: str, codes: str) -> tuple[int, ...]:
    """Return the places of the characters for which somebody has still to choose a code."""
    parts = fitting_codes(name, codes).split()
    return tuple(place for place, code in enumerate(parts) if code == NO_CODE)


def shown_codes(codes: str) -> str:
    """Return codes as papers and screens show them: a character without one has dashes."""
    return " ".join("----" if code == NO_CODE else code for code in codes.split())


def _fixed(found: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(characters)) for key, characters in found.items()}
