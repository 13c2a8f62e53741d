"""Invented people whose names, numbers, fingers and faces come from one seed and agree.

Nobody here exists. The same seed gives the same person on every machine; a finger takes about half
a second to grow the first time and is then remembered, in memory and, if asked for, in a folder.

    person(7)                      an adult of 18 to 88
    person(7, Kind.TWIN)           that person's identical twin
    person(7, Kind.CHILD)          somebody else, 5 to 10 years old; likewise for the other kinds
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hardware.simulation import (
    face_days,
    face_painting,
    face_traits,
    faces,
    particulars,
    ridge_growth,
    ridges,
)
from hardware.simulation.ridge_patterns import Floats

ColourImage = npt.NDArray[np.uint8]
GreyImage = npt.NDArray[np.uint8]

REFERENCE_DAY = date(2026, 1, 1)
"""The day on which the ages of the kinds hold, and of portraits unless another is asked for."""

RIGHT_THUMB, LEFT_LITTLE = 1, 10
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 600, 771


class Kind(Enum):
    """What is special about a person; the order of the kinds is part of who they are."""

    ADULT = "adult"
    TWIN = "twin"
    YOUTH = "youth"
    CHILD = "child"
    VERY_OLD = "very_old"
    WORN_FINGERS = "worn_fingers"
    MISSING_FINGERS = "missing_fingers"

    @property
    def number(self) -> int:
        """0 for ADULT, and so on."""
        return list(Kind).index(self)


_AGES = {Kind.YOUTH: (11, 18), Kind.CHILD: (5, 11), Kind.VERY_OLD: (85, 101)}
_ADULT_AGES = (18, 88)
_LETTERS = "ZYXWVUT"
"""The letter of the identity number, by kind."""


class MissingFingerError(LookupError):
    """The person has lost that finger."""


@dataclass(frozen=True)
class InventedPerson:
    """One person; identity_number is written as on a card, such as Z123456(3).

    Attributes:
        worn_fingers: Positions whose ridges are nearly gone: no scanner gets a good picture.
        missing_fingers: Positions that the person has lost.
    """

    seed: int
    kind: Kind
    surname: str
    given_names: str
    chinese_name: str
    sex: str
    date_of_birth: date
    identity_number: str
    place_of_birth: str
    address: str
    phone: str
    worn_fingers: frozenset[int] = frozenset()
    missing_fingers: frozenset[int] = frozenset()

    @property
    def english_name(self) -> str:
        """Surname, a comma, given names: as printed on the card."""
        return f"{self.surname}, {self.given_names}"

    def age(self, on: date = REFERENCE_DAY) -> int:
        """Full years on that day."""
        birthday_comes = (on.month, on.day) < (self.date_of_birth.month, self.date_of_birth.day)
        return on.year - self.date_of_birth.year - birthday_comes

    def finger(
        self,
        position: int,
        impression_seed: int,
        dpi: int = 500,
        skin: ridges.Skin = ridges.Skin.NORMAL,
        cache: Path | None = None,
        on: date | None = None,
    ) -> GreyImage:
        """Press one finger (1 right thumb .. 10 left little) on a glass of that resolution.

        Args:
            position: Which finger, as in ISO/IEC 19794-2.
            impression_seed: Another number is another press of the same finger.
            dpi: The scanner's resolution; at 500 the picture is 320 wide and 400 high.
            skin: The state the finger is in.
            cache: A folder that keeps grown fingers from one run to the next.
            on: The day: presses of one day share how dry the skin is, and small cuts; fingers of
                the young grow. Without it, each press has a day of its own near REFERENCE_DAY.

        Raises:
            ValueError: There is no such finger.
            MissingFingerError: The person has lost that finger.
        """
        if not RIGHT_THUMB <= position <= LEFT_LITTLE:
            raise ValueError(f"no finger has the number {position}")
        if position in self.missing_fingers:
            raise MissingFingerError(f"finger {position} is missing")
        master = _master(_body(self) * 16 + position, position, self.sex, cache)
        day = None if on is None else on.toordinal()
        wear = self._wear(position, on or REFERENCE_DAY)
        return ridges.at_resolution(ridges.press(master, impression_seed, skin, wear, day), dpi)

    def face(
        self, shot_seed: int, width: int = 720, height: int = 960, on: date | None = None
    ) -> ColourImage:
        """The person before a camera; another shot_seed is another moment.

        Light, pose and smile change with the moment. Hair, clothes, glasses, tiredness and age
        change with the day; without one, it is the day of the portrait.
        """
        return self.posed(faces.casual(shot_seed), shot_seed, width, height, on)

    def posed(
        self, how: faces.Shot, seed: int, width: int, height: int, on: date | None = None
    ) -> ColourImage:
        """The person as the caller wants them: turned, lit and near as the shot says."""
        return faces.take(_head(self, on), how, seed, width, height)

    def portrait(
        self, width: int = PORTRAIT_WIDTH, height: int = PORTRAIT_HEIGHT, on: date | None = None
    ) -> ColourImage:
        """A photograph fit for a card: straight, evenly lit, the head filling the picture."""
        return self.posed(faces.STUDIO, self.seed, width, height, on)

    def _wear(self, position: int, on: date) -> ridges.Wear:
        age, number = self.age(on), _body(self) * 16 + position
        rng = np.random.default_rng([number, 31])
        years = float(np.clip((age - 45) / 50, 0, 1.1))
        lost = float(rng.uniform(0.9, 1.0)) if position in self.worn_fingers else 0.35 * years
        return ridges.Wear(
            size=float(np.interp(age, (5, 11, 18), (0.78, 0.9, 1.0))),
            lost=lost,
            creases=int(rng.poisson(0.4 + 7 * years**2)),
            dryness=0.8 * years * float(rng.uniform(0.5, 1.2)),
            number=number,
        )


def person(seed: int, kind: Kind = Kind.ADULT) -> InventedPerson:
    """The person of that seed and kind; a twin is the twin of the adult of the same seed.

    Raises:
        ValueError: The seed is not within 0..999999.
    """
    if not 0 <= seed < 1_000_000:
        raise ValueError("a person's seed is a number from 0 to 999999")
    if kind is Kind.TWIN:
        return _twin(person(seed))
    rng = np.random.default_rng([_number(seed, kind), 3])
    sex = "F" if rng.random() < 0.5 else "M"
    born = particulars.birthday(rng, REFERENCE_DAY, *_AGES.get(kind, _ADULT_AGES))
    family = particulars.family(rng, sex)
    given, chinese = particulars.given_names(rng, sex, family)
    return InventedPerson(
        seed=seed,
        kind=kind,
        surname=family[1],
        given_names=given,
        chinese_name=chinese,
        sex=sex,
        date_of_birth=born,
        identity_number=particulars.identity_number(seed, _LETTERS[kind.number]),
        place_of_birth=particulars.place_of_birth(rng),
        address=particulars.address(rng),
        phone=f"5550 {seed % 10_000:04d}",
        worn_fingers=particulars.some_fingers(rng) if kind is Kind.WORN_FINGERS else frozenset(),
        missing_fingers=particulars.lost_fingers(rng)
        if kind is Kind.MISSING_FINGERS
        else frozenset(),
    )


def _twin(sibling: InventedPerson) -> InventedPerson:
    """Born of the same parents on the same day, with the same face; all else is the twin's own."""
    seed, sex = sibling.seed, sibling.sex
    again = np.random.default_rng([seed, 3])
    again.random()
    particulars.birthday(again, REFERENCE_DAY, *_ADULT_AGES)
    family = particulars.family(again, sex)
    rng = np.random.default_rng([_number(seed, Kind.TWIN), 3])
    given, chinese = sibling.given_names, sibling.chinese_name
    while given == sibling.given_names or (chinese and chinese == sibling.chinese_name):
        given, chinese = particulars.given_names(rng, sex, family)
    return replace(
        sibling,
        kind=Kind.TWIN,
        given_names=given,
        chinese_name=chinese,
        identity_number=particulars.identity_number(seed, _LETTERS[Kind.TWIN.number]),
        address=particulars.address(rng),
        phone=f"5551 {seed % 10_000:04d}",
    )


def _number(seed: int, kind: Kind) -> int:
    """A number of its own for every person."""
    return kind.number * 1_000_000 + seed


def _body(who: InventedPerson) -> int:
    return _number(who.seed, who.kind)


@lru_cache(maxsize=64)
def _master(number: int, position: int, sex: str, cache: Path | None) -> Floats:
    seed = ridge_growth.FingerSeed(number, position, sex)
    return ridge_growth.grow(seed) if cache is None else ridge_growth.kept(seed, cache)


@lru_cache(maxsize=12)
def _head(who: InventedPerson, on: date | None) -> face_painting.Head:
    """The head on a day; twins have the traits of one face, all but alike."""
    body = who.seed if who.kind is Kind.TWIN else _body(who)
    age = who.age(on or REFERENCE_DAY)
    traits = face_traits.invent(body, female=who.sex == "F", age=age)
    if who.kind is Kind.TWIN:
        traits = face_days.twin(traits, _body(who))
    if on is not None:
        traits = face_days.on_day(traits, _body(who), on.toordinal())
    return face_painting.paint_head(traits)
