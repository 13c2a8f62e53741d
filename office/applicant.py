"""An invented applicant: who it is, what it carries, and the way it takes through the office."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from io import BytesIO
from threading import Event

import cv2
from PIL import Image

from common.domain.case import OldDocument
from common.domain.language import Language
from common.domain.queue import TagRequestBy
from common.matching.fingers import FingerPosition, extract
from common.wire.shapes import Particulars
from hardware.simulation.chip import blank_chip, personalised_chip
from hardware.simulation.people import InventedPerson, person
from hardware.smartcard.lds import ChipContent, FingerRecord, encode
from hardware.smartcard.mrz import Mrz
from office.bench_client import BenchClient, as_png

THUMBS = (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB)
ENROLLED_YEARS_AGO = 12
CHIP_PORTRAIT = (240, 308)
CHIP_PORTRAIT_BYTES = 16_000


class Outcome(Enum):
    """How an applicant's day ends."""

    COLLECTED = auto()
    HANDED_OFF = auto()


@dataclass
class Applicant:
    """One applicant of a played day.

    Attributes:
        finger_fails: At collection this person places a finger that is not enrolled.
        loaded: Set by the staff when the new card lies in the kiosk or the cabinet.
        hands: The name of the person's hands in the simulated world.
    """

    number: int
    language: Language
    books: bool
    prefills: bool
    tag_by: TagRequestBy
    surrenders: OldDocument
    finger_fails: bool
    seed: int
    letter_token: str = ""
    loaded: Event = field(default_factory=Event)
    called_to_counter: Event = field(default_factory=Event)
    outcome: Outcome | None = None

    @property
    def who(self) -> InventedPerson:
        """Name, number, fingers and face."""
        return person(self.seed)

    @property
    def hands(self) -> str:
        """The hands, as a place of the simulated world."""
        return f"applicant-{self.number}"

    @property
    def kept_in_kiosk(self) -> bool:
        """Tell whether the new card waits in the kiosk; else in the e-Cabinet."""
        return not self.finger_fails

    def particulars(self) -> Particulars:
        """The form as this person fills it in."""
        who = self.who
        return Particulars(
            surname=who.surname,
            given_names=who.given_names,
            chinese_name=who.chinese_name,
            sex="F" if who.sex == "F" else "M",
            date_of_birth=who.date_of_birth,
            place_of_birth=who.place_of_birth,
            nationality="CHINESE",
            marital_status="single",
            occupation="CLERK",
            address=who.address,
            telephone=who.phone,
        )

    def finger_png(self, press: int, position: int = FingerPosition.RIGHT_THUMB) -> str:
        """One press of one finger, as the simulated glass takes it."""
        return as_png(self.who.finger(int(position), press))

    def stranger_finger_png(self, press: int) -> str:
        """A press of a finger that is nobody's here: this person's own little finger."""
        return self.finger_png(press, FingerPosition.LEFT_LITTLE)

    def face_png(self, moment: int, width: int = 720, height: int = 960) -> str:
        """The face before a camera."""
        return as_png(self.who.face(moment, width, height))


def applicant(number: int) -> Applicant:
    """The applicant of that number, from 1: three ways through the office, in turn."""
    way = (number - 1) % 3
    return Applicant(
        number=number,
        language=(Language.TRADITIONAL, Language.ENGLISH, Language.SIMPLIFIED)[way],
        books=way != 2,
        prefills=way == 0,
        tag_by=(TagRequestBy.LETTER, TagRequestBy.CARD, TagRequestBy.NUMBER)[way],
        surrenders=OldDocument.ACKNOWLEDGEMENT if way == 1 else OldDocument.OLD_CARD,
        finger_fails=way == 2,
        seed=100 + number,
    )


def give_old_card(bench: BenchClient, one: Applicant) -> str:
    """Put the card of years ago into the applicant's hands; return its id.

    Its chip holds the portrait and the two thumbs as they were then: other presses and another
    moment than those of today.
    """
    who = one.who
    today = date(2026, 1, 1)
    content = ChipContent(
        mrz=Mrz(
            document_number=f"P{one.seed:08d}",
            surname=who.surname.upper(),
            given_names=who.given_names.upper(),
            sex="F" if who.sex == "F" else "M",
            date_of_birth=who.date_of_birth,
            expiry=today.replace(year=today.year + 10),
            nationality="CHN",
            issuer="CHN",
        ),
        portrait_jpeg=_chip_portrait(who),
        fingers=tuple(
            FingerRecord(
                int(position),
                extract(
                    who.finger(int(position), ENROLLED_YEARS_AGO), 500, position=position
                ).to_bytes(),
            )
            for position in THUMBS
        ),
        chinese_name=who.chinese_name,
        personal_number=who.identity_number,
        place_of_birth=who.place_of_birth,
        address=who.address,
    )
    chip = personalised_chip(f"{0x0D00_0000 + one.seed:016X}", encode(content))
    return bench.make("card", f"hand.{one.hands}", {"label": "old card", "chip": chip})


def make_blanks(bench: BenchClient, hands: str, count: int) -> list[str]:
    """Put blank cards from the factory into somebody's hands."""
    taken = sum(thing["data"].get("label") == "new card" for thing in bench.things())
    return [
        bench.make(
            "card",
            f"hand.{hands}",
            {"label": "new card", "chip": blank_chip(f"{0x0B00_0000 + number:016X}")},
        )
        for number in range(taken, taken + count)
    ]


def _chip_portrait(who: InventedPerson) -> bytes:
    picture = Image.fromarray(cv2.cvtColor(who.portrait(*CHIP_PORTRAIT), cv2.COLOR_BGR2RGB))
    for quality in range(85, 20, -5):
        jpeg = BytesIO()
        picture.save(jpeg, "JPEG", quality=quality)
        if len(jpeg.getvalue()) <= CHIP_PORTRAIT_BYTES:
            break
    return jpeg.getvalue()
