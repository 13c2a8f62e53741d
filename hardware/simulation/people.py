"""Invented people whose names, numbers, fingers and faces come from one seed and agree.

Nobody here exists. The same seed gives the same person on every machine; a finger takes about a
second to grow the first time and is then remembered, in memory and, if a folder is given, on disk.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hardware.simulation import face_painting, face_traits, faces, ridges
from hardware.simulation.invented_words import (
    ENGLISH_ONLY,
    ESTATES,
    GIVEN,
    PLACES,
    STREETS,
    SURNAMES,
    WESTERN,
)

ColourImage = npt.NDArray[np.uint8]
GreyImage = npt.NDArray[np.uint8]

REFERENCE_DAY = date(2026, 1, 1)
"""Everybody is 18 to 88 years old on this day."""

_LOOKS = (
    0, 0, 7, 4, 7, 9, 6, 8, 2, 9, 5, 5, 3, 3, 3, 4, 3, 2, 6, 2,
    1, 1, 2, 8, 7, 8, 8, 6, 3, 3, 6, 5, 3, 0, 3, 1, 7, 1, 5, 6,
)  # fmt: skip
"""Which of ten looks each of the first forty people has: those that a face network confuses least
(docs/decisions/0010). Everybody else has look 0."""

RIGHT_THUMB, LEFT_LITTLE = 1, 10
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 600, 771


@dataclass(frozen=True)
class InventedPerson:
    """One person; identity_number is written as on a card, such as Z123456(3)."""

    seed: int
    surname: str
    given_names: str
    chinese_name: str
    sex: str
    date_of_birth: date
    identity_number: str
    place_of_birth: str
    address: str
    phone: str

    @property
    def english_name(self) -> str:
        """Surname, a comma, given names: as printed on the card."""
        return f"{self.surname}, {self.given_names}"

    def finger(
        self,
        position: int,
        impression_seed: int,
        dpi: int = 500,
        skin: ridges.Skin = ridges.Skin.NORMAL,
        cache: Path | None = None,
    ) -> GreyImage:
        """Press one finger (1 right thumb .. 10 left little) on a glass of that resolution.

        Args:
            position: Which finger, as in ISO/IEC 19794-2.
            impression_seed: Another number is another press of the same finger.
            dpi: The scanner's resolution; at 500 the picture is 320 wide and 400 high.
            skin: The state the finger is in.
            cache: A folder that keeps grown fingers from one run to the next.

        Raises:
            ValueError: There is no such finger.
        """
        if not RIGHT_THUMB <= position <= LEFT_LITTLE:
            raise ValueError(f"no finger has the number {position}")
        master = _master(self.seed, position, cache)
        return ridges.at_resolution(ridges.press(master, impression_seed, skin), dpi)

    def face(self, shot_seed: int, width: int = 720, height: int = 960) -> ColourImage:
        """The person before a camera; another shot_seed is another moment."""
        shot = faces.casual(shot_seed)
        return faces.take(_head(self), shot, shot_seed, width, height)

    def portrait(self, width: int = PORTRAIT_WIDTH, height: int = PORTRAIT_HEIGHT) -> ColourImage:
        """A photograph fit for a card: straight, evenly lit, the head filling the picture."""
        return faces.take(_head(self), faces.STUDIO, self.seed, width, height)


def person(seed: int) -> InventedPerson:
    """The person of that seed.

    Raises:
        ValueError: The seed is not within 0..999999.
    """
    if not 0 <= seed < 1_000_000:
        raise ValueError("a person's seed is a number from 0 to 999999")
    rng = np.random.default_rng([seed, 3])
    sex = "F" if rng.random() < 0.5 else "M"
    # Chosen by days, so that birthdays fall anywhere in a year.
    born = REFERENCE_DAY - timedelta(days=int(rng.integers(18 * 366, 88 * 365)))
    surname, given, chinese = _names(rng, sex)
    return InventedPerson(
        seed=seed,
        surname=surname,
        given_names=given,
        chinese_name=chinese,
        sex=sex,
        date_of_birth=born,
        identity_number=_identity_number(seed),
        place_of_birth=str(rng.choice(PLACES)),
        address=_address(rng),
        phone=f"5550 {seed % 10_000:04d}",
    )


def _names(rng: np.random.Generator, sex: str) -> tuple[str, str, str]:
    kind = rng.random()
    if kind < 0.08:
        surname = str(rng.choice(ENGLISH_ONLY))
        return surname, " ".join(str(n) for n in rng.choice(WESTERN[sex], 2, replace=False)), ""
    families = [SURNAMES[int(i)] for i in rng.choice(len(SURNAMES), 2, replace=False)]
    # A wife may put her husband's surname before her own.
    families = families if kind < 0.14 and sex == "F" else families[:1]
    count = 1 if rng.random() < 0.08 else 2
    chosen = [GIVEN[sex][int(i)] for i in rng.choice(len(GIVEN[sex]), count, replace=False)]
    surname = " ".join(latin for _, latin in families)
    given = " ".join(latin.capitalize() for _, latin in chosen)
    if rng.random() < 0.2:
        given += f" {rng.choice(WESTERN[sex])}"
    return surname, given, "".join(character for character, _ in [*families, *chosen])


def _identity_number(seed: int) -> str:
    """A number of its own for every seed, with its check digit (letter A=10, space=36, mod 11)."""
    digits = f"{(seed * 7919 + 104_729) % 1_000_000:06d}"
    values = [36, ord("Z") - ord("A") + 10, *(int(digit) for digit in digits)]
    rest = sum(v * weight for v, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    check = {0: "0", 1: "A"}.get(rest, str(11 - rest))
    return f"Z{digits}({check})"


def _address(rng: np.random.Generator) -> str:
    flat = f"Flat {'ABCDEFGH'[int(rng.integers(8))]}, {int(rng.integers(1, 41))}/F"
    street = f"{int(rng.integers(1, 200))} {rng.choice(STREETS)}"
    return f"{flat}, {rng.choice(ESTATES)}, {street}, Hong Kong"


@lru_cache(maxsize=64)
def _master(seed: int, position: int, cache: Path | None) -> ridges.Floats:
    grow_from = seed * 16 + position
    return ridges.grow(grow_from) if cache is None else ridges.kept(grow_from, cache)


@lru_cache(maxsize=12)
def _head(who: InventedPerson) -> face_painting.Head:
    age = (REFERENCE_DAY - who.date_of_birth).days // 365
    look = _LOOKS[who.seed] if who.seed < len(_LOOKS) else 0
    traits = face_traits.invent(who.seed, female=who.sex == "F", age=age, variant=look)
    return face_painting.paint_head(traits)
