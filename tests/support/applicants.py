"""Applicants at the collection kiosk: what each of them has, does and forgets."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from random import Random
from typing import Any

from common.domain.identity_number import IdentityNumber
from hardware.simulation.people import InventedPerson
from kiosk_collection import events as e
from kiosk_collection import visit as v
from tests.support.collection_floor import HOLDER, Errand, Floor

SOMEBODY_ELSE = 2
BREAKS = (
    ("presenter", "jammed"),
    ("presenter", "unplugged"),
    ("intake", "unplugged"),
    ("magazine", "unplugged"),
    ("camera", "unplugged"),
    ("finger_scanner", "unplugged"),
    ("ticket_printer", "unplugged"),
)


class Story(Enum):
    """What is particular about one person."""

    USUAL = auto()
    TWIN_OF_THE_HOLDER = auto()
    FOUND_THE_CARD = auto()
    GIVES_NO_FINGERS = auto()
    WORN_FINGER = auto()
    FOR_ANOTHER = auto()
    MINOR = auto()
    CARD_WITHOUT_PRINT = auto()
    TYPES_A_WRONG_YEAR = auto()
    FAULTY_NEW_CARD = auto()
    SAYS_NO = auto()
    DOES_NOT_TAKE = auto()


MAY_BE_SERVED = {Story.USUAL, Story.WORN_FINGER}
"""All others have to meet an officer."""


@dataclass
class Applicant:
    """One person. walks_away_at: the state in which they turn and go; mishap: what befalls them."""

    story: Story
    walks_away_at: type | None = None
    mishap: tuple[type, str, Any] | None = None
    taps_twice: bool = False
    has_left: bool = False
    mishap_was: tuple[type, str, Any] | None = None

    @classmethod
    def drawn(cls, dice: Random) -> "Applicant":
        """Draw somebody: half come as the process wants them, and nothing befalls them."""
        story = Story.USUAL if dice.random() < 0.4 else dice.choice(list(Story))
        states = (v.CheckingFace, v.CheckingFinger, v.IsThisRight, v.TakeNewCard, v.TakeDocument)
        leaves = dice.choice(states) if dice.random() < 0.15 else None
        befalls = None
        if dice.random() < 0.35:
            when = dice.choice((v.ReadingDocument, v.FetchingCard, v.PresentingCard, v.TakeNewCard))
            kind = dice.choice(("breaks", "line", "answers", "power"))
            what = dice.choice(BREAKS) if kind == "breaks" else dice.randrange(30)
            befalls = (when, kind, what)
        return cls(story, leaves, befalls, dice.random() < 0.3)

    def errand(self, floor: Floor) -> Errand:
        """Have a card made, and come with the old one."""
        return floor.errand(
            fingers_of=SOMEBODY_ELSE if self.story is Story.FAULTY_NEW_CARD else HOLDER,
            born="2010-05-06" if self.story is Story.MINOR else "1980-05-06",
            twin=self.story is Story.TWIN_OF_THE_HOLDER,
            smeared=self.story in (Story.CARD_WITHOUT_PRINT, Story.TYPES_A_WRONG_YEAR),
        )

    @property
    def may_be_served(self) -> bool:
        """Whether the machine may hand the card to this person."""
        return self.story in MAY_BE_SERVED and not self.has_left

    def act(self, floor: Floor, errand: Errand, state: v.State) -> None:
        """Do what this person does in this state."""
        if self.mishap is not None and isinstance(state, self.mishap[0]):
            self._suffer(floor)
        if self.walks_away_at is not None and isinstance(state, self.walks_away_at):
            self.has_left = True
        if self.has_left:
            self._leave(floor, state)
            return
        for event in self._touches(floor, errand, state):
            floor.kiosk.tell(event)
            if self.taps_twice:
                floor.kiosk.tell(event)

    def _suffer(self, floor: Floor) -> None:
        assert self.mishap is not None
        _, kind, what = self.mishap
        self.mishap, self.mishap_was = None, self.mishap
        match kind:
            case "breaks":
                floor.break_down(*what)
            case "power":
                floor.fuse.left = what
            case _:
                floor.lose_line(answers_only=kind == "answers")

    def _leave(self, floor: Floor, state: v.State) -> None:
        """The kiosk asks whether anybody is there; nobody answers. Staff take what is left."""
        floor.kiosk.tell(e.PersonLeft())
        if isinstance(state, v.TakeDocument) and state.late:
            floor.hand("intake", "take", hand="person")

    def _touches(self, floor: Floor, errand: Errand, state: v.State) -> tuple[e.Event, ...]:
        kiosk, story = floor.kiosk, self.story
        match state:
            case v.Unread():
                return (e.TypingChosen(),)
            case v.TypingNumber():
                return (e.NumberTyped(IdentityNumber.parse(errand.who.identity_number)),)
            case v.TypingYear():
                return (e.YearTyped(1980 if story is not Story.TYPES_A_WRONG_YEAR else 1981),)
            case v.CheckingFace(gives_no_fingers=False) if story is Story.GIVES_NO_FINGERS:
                kiosk.stand_before(errand.who)
                return (e.CannotGiveFingers(),)
            case v.CheckingFace() if story is Story.FOR_ANOTHER:
                return (e.CollectsForAnother(),)
            case v.CheckingFace():
                kiosk.stand_before(_face(story, errand))
            case v.CheckingFinger(asked=asked):
                floor.hand("finger_scanner", "lift")
                floor.a_moment()
                if story in (Story.TWIN_OF_THE_HOLDER, Story.FOUND_THE_CARD):
                    kiosk.place_finger(_another(errand), 1, asked.attempt)
                elif story is Story.WORN_FINGER and asked.attempt == 1:
                    kiosk.place_finger(errand.who, 5)
                else:
                    kiosk.place_finger(errand.who, asked.position)
            case v.IsThisRight():
                return (e.SaidWrong() if story is Story.SAYS_NO else e.SaidRight(),)
            case v.TakeNewCard() if story is not Story.DOES_NOT_TAKE:
                floor.hand("presenter", "take", hand="person")
            case v.TakeDocument():
                floor.hand("intake", "take", hand="person")
            case v.Ended() | v.Collected():
                floor.hand("finger_scanner", "lift")
                return (e.Finished(),)
        return ()


def _face(story: Story, errand: Errand) -> InventedPerson:
    return _another(errand) if story is Story.FOUND_THE_CARD else errand.who


def _another(errand: Errand) -> InventedPerson:
    return replace(errand.who, seed=SOMEBODY_ELSE)
