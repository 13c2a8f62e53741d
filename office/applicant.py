"""An invented applicant: who it is, what it carries, and the way it takes through the office."""

from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Event

from common.domain.case import OldDocument
from common.domain.language import Language
from common.domain.queue import TagRequestBy
from common.matching.fingers import FingerPosition
from common.wire.shapes import Particulars
from hardware.simulation.chip import blank_chip
from hardware.simulation.people import InventedPerson, person
from office.bench_client import BenchClient, as_png


class Outcome(Enum):
    """How an applicant's day ends."""

    COLLECTED = auto()
    HANDED_OFF = auto()


@dataclass
class Applicant:
    """One applicant of a played day.

    Attributes:
        card_has_pace: The old card opens with PACE; else it is of the generation before.
        finger_fails: At collection this person places a finger that is not enrolled.
        sends_proxy: Somebody collects this person's card at the counter; the person activates it.
        bandaged: The finger that this person cannot give; 0 for none.
        large_text: This person reads text twice as large.
        loaded: Set by the staff when the new card lies in the kiosk or the cabinet.
        hands: The name of the person's hands in the simulated world.
    """

    number: int
    language: Language
    books: bool
    prefills: bool
    tag_by: TagRequestBy
    surrenders: OldDocument
    card_has_pace: bool
    finger_fails: bool
    seed: int
    sends_proxy: bool = False
    bandaged: int = 0
    letter_token: str = ""
    large_text: bool = False
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
        return not (self.finger_fails or self.sends_proxy)

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
        card_has_pace=way != 1,
        finger_fails=way == 2,
        seed=100 + number,
        bandaged=FingerPosition.LEFT_THUMB if way == 1 else 0,
    )


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
