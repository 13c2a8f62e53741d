"""The particulars of invented people: names, birthdays, numbers, addresses, fingers they lost."""

from datetime import date, timedelta

import numpy as np

from hardware.simulation.invented_words import (
    ENGLISH_ONLY,
    ESTATES,
    GIVEN,
    PLACES,
    STREETS,
    SURNAMES,
    WESTERN,
)

FINGERS = 10


def place_of_birth(rng: np.random.Generator) -> str:
    """Mostly here."""
    return str(rng.choice(PLACES))


def birthday(rng: np.random.Generator, today: date, youngest: int, oldest: int) -> date:
    """The birth of somebody who is today at least `youngest` and younger than `oldest` years."""
    # Chosen by days, so that birthdays fall anywhere in a year.
    return today - timedelta(days=int(rng.integers(youngest * 366, oldest * 365)))


def some_fingers(rng: np.random.Generator) -> frozenset[int]:
    """All ten for every other person, else some."""
    if rng.random() < 0.5:
        return frozenset(range(1, FINGERS + 1))
    count = int(rng.integers(2, 9))
    return frozenset(int(p) for p in rng.choice(FINGERS, count, replace=False) + 1)


def lost_fingers(rng: np.random.Generator) -> frozenset[int]:
    """One to four, or a whole hand."""
    if rng.random() < 0.2:
        return frozenset(range(1, 6) if rng.random() < 0.5 else range(6, 11))
    count = int(rng.integers(1, 5))
    return frozenset(int(p) for p in rng.choice(FINGERS, count, replace=False) + 1)


def family(rng: np.random.Generator, sex: str) -> tuple[str, str]:
    """The surname in characters, if there are any, and in Latin letters."""
    kind = rng.random()
    if kind < 0.08:
        return "", str(rng.choice(ENGLISH_ONLY))
    families = [SURNAMES[int(i)] for i in rng.choice(len(SURNAMES), 2, replace=False)]
    # A wife may put her husband's surname before her own.
    families = families if kind < 0.14 and sex == "F" else families[:1]
    return "".join(one for one, _ in families), " ".join(latin for _, latin in families)


def given_names(rng: np.random.Generator, sex: str, family: tuple[str, str]) -> tuple[str, str]:
    """Given names in Latin letters, and the whole name in characters."""
    if not family[0]:
        return " ".join(str(n) for n in rng.choice(WESTERN[sex], 2, replace=False)), ""
    count = 1 if rng.random() < 0.08 else 2
    chosen = [GIVEN[sex][int(i)] for i in rng.choice(len(GIVEN[sex]), count, replace=False)]
    given = " ".join(latin.capitalize() for _, latin in chosen)
    if rng.random() < 0.2:
        given += f" {rng.choice(WESTERN[sex])}"
    return given, family[0] + "".join(character for character, _ in chosen)


def identity_number(seed: int, letter: str) -> str:
    """A number of its own for everybody, with its check digit (letter A=10, space=36, mod 11)."""
    digits = f"{(seed * 7919 + 104_729) % 1_000_000:06d}"
    values = [36, ord(letter) - ord("A") + 10, *(int(digit) for digit in digits)]
    rest = sum(v * weight for v, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    check = {0: "0", 1: "A"}.get(rest, str(11 - rest))
    return f"{letter}{digits}({check})"


def address(rng: np.random.Generator) -> str:
    """A flat in an estate that is on no map."""
    flat = f"Flat {'ABCDEFGH'[int(rng.integers(8))]}, {int(rng.integers(1, 41))}/F"
    street = f"{int(rng.integers(1, 200))} {rng.choice(STREETS)}"
    return f"{flat}, {rng.choice(ESTATES)}, {street}, Hong Kong"
