"""A visit to the tag kiosk: letter, card or number in, tag out.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.flow.machine import ForReading, Step
from common.wire.shapes import TagView

WRONG_NUMBERS = 3


class Way(StrEnum):
    """How a person may ask for a tag; a number can always be typed."""

    LETTER = "letter"
    CARD = "card"


class Reason(StrEnum):
    """Why a person is asked to go to reception."""

    LETTER_UNKNOWN = "letter_unknown"
    LETTER_OTHER_DAY = "letter_other_day"
    NUMBER_WRONG = "number_wrong"
    YEAR_WRONG = "year_wrong"
    CASE_CLOSED = "case_closed"
    NO_TAGS_LEFT = "no_tags_left"
    CARD_ZONE_UNREADABLE = "card_zone_unreadable"
    CARD_CHIP_SILENT = "card_chip_silent"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_NOT_VALID = "card_not_valid"
    CARD_FOREIGN = "card_foreign"
    NO_CONNECTION = "no_connection"
    EQUIPMENT_FAILED = "equipment_failed"
    ASKED_FOR_STAFF = "asked_for_staff"


TRY_AGAIN = frozenset({Reason.NUMBER_WRONG, Reason.YEAR_WRONG})
"""Reasons after which a person who typed may type again."""


# What a person asks with


@dataclass(frozen=True, slots=True)
class ByLetter:
    """The token of the appointment letter."""

    token: str


@dataclass(frozen=True, slots=True)
class ByCard:
    """The number that the inserted card gave."""

    number: IdentityNumber


@dataclass(frozen=True, slots=True)
class ByNumber:
    """A number typed, and the year of birth beside it."""

    number: IdentityNumber
    year_of_birth: int


Asking: TypeAlias = ByLetter | ByCard | ByNumber


# States


@dataclass(frozen=True, slots=True)
class StartingUp:
    """The kiosk asks its card unit where a card is, before it says welcome."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Letter and card are looked for; chosen is the way that a person wants explained.

    missing names the ways that are broken.
    """

    missing: frozenset[Way] = frozenset()
    chosen: Way | None = None


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """A card was drawn in."""


@dataclass(frozen=True, slots=True)
class ReturningCard:
    """The card moves to the gate."""

    then: "Asking | Reason | None"


@dataclass(frozen=True, slots=True)
class TakeCard:
    """The card waits at the gate, as long as it takes. late: staff were called."""

    then: "Asking | Reason | None"
    late: bool = False


@dataclass(frozen=True, slots=True)
class CardStuck:
    """A card is inside and does not come out; the kiosk keeps trying and staff come."""


@dataclass(frozen=True, slots=True)
class TypingNumber:
    """The identity card number is typed; wrong counts what did not fit so far."""

    wrong: int = 0


@dataclass(frozen=True, slots=True)
class TypingYear:
    """The year of birth is typed, so that nobody takes another person's place."""

    number: IdentityNumber
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class GettingTag:
    """The office looks for the appointment or the case."""

    asking: Asking
    wrong: int = 0


class Slip(StrEnum):
    """What became of the slip."""

    PRINTING = "printing"
    PRINTED = "printed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TagIssued:
    """The person has a tag, and reads what to do next. unsent: the office does not know it yet."""

    tag: TagView
    reprinted: bool
    slip: Slip = Slip.PRINTING
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class GoToReception:
    """Staff go on from here."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Something is broken; the kiosk tries again by itself."""


State: TypeAlias = (
    StartingUp
    | Welcome
    | ReadingCard
    | ReturningCard
    | TakeCard
    | CardStuck
    | TypingNumber
    | TypingYear
    | GettingTag
    | TagIssued
    | GoToReception
    | OutOfService
)


# Events


@dataclass(frozen=True, slots=True)
class Started:
    """The program began."""


@dataclass(frozen=True, slots=True)
class NoCardInside:
    """The card unit is empty."""


@dataclass(frozen=True, slots=True)
class CardFoundInside:
    """Somebody's card was left in the unit."""


@dataclass(frozen=True, slots=True)
class WayMissing:
    """A device of the welcome does not answer; it is tried again in the background."""

    way: Way


@dataclass(frozen=True, slots=True)
class WayBack:
    """That device answers again."""

    way: Way


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A code of ours was held before the camera."""

    token: str


@dataclass(frozen=True, slots=True)
class CardInserted:
    """The unit drew a card in."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """The chip gave the holder's number."""

    number: IdentityNumber


@dataclass(frozen=True, slots=True)
class CardNotRead:
    """The card cannot be used."""

    problem: CardProblem


@dataclass(frozen=True, slots=True)
class CardAtGate:
    """The card can be taken."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """The gate is empty again."""


@dataclass(frozen=True, slots=True)
class CardNotTaken:
    """The card still waits after half a minute."""


@dataclass(frozen=True, slots=True)
class WayChosen:
    """The person wants to be shown how letter or card are used."""

    way: Way


@dataclass(frozen=True, slots=True)
class NumberChosen:
    """The person wants to type the number."""


@dataclass(frozen=True, slots=True)
class NumberTyped:
    """A number whose check digit fits."""

    number: IdentityNumber


@dataclass(frozen=True, slots=True)
class YearTyped:
    """A year of birth."""

    year: int


@dataclass(frozen=True, slots=True)
class TagGranted:
    """The office gave a tag, or the one given before; unsent: the kiosk gave one of its own."""

    tag: TagView
    reprinted: bool
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class TagRefused:
    """The office gave none."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The slip came out."""


@dataclass(frozen=True, slots=True)
class SlipMissing:
    """No slip came out, or nobody knows."""


@dataclass(frozen=True, slots=True)
class ReadLongEnough:
    """A screen that only tells something was shown for its time."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """The person touched back, start over or finish."""


@dataclass(frozen=True, slots=True)
class AskedForStaff:
    """The person called staff."""


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Nobody has touched the kiosk for a while."""


@dataclass(frozen=True, slots=True)
class EquipmentFailed:
    """A device did something no row here answers."""


Event: TypeAlias = (
    Started
    | NoCardInside
    | CardFoundInside
    | WayMissing
    | WayBack
    | LetterShown
    | CardInserted
    | CardRead
    | CardNotRead
    | CardAtGate
    | CardTaken
    | CardNotTaken
    | WayChosen
    | NumberChosen
    | NumberTyped
    | YearTyped
    | TagGranted
    | TagRefused
    | SlipPrinted
    | SlipMissing
    | ReadLongEnough
    | WentBack
    | AskedForStaff
    | PersonLeft
    | EquipmentFailed
)


# Tasks


@dataclass(frozen=True, slots=True)
class LookForCard:
    """Ask the unit whether a card is inside."""


@dataclass(frozen=True, slots=True)
class WatchForLetter:
    """Look through the camera until a code of ours is seen."""


@dataclass(frozen=True, slots=True)
class AwaitCard:
    """Keep the gate open until a card comes."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read the chip of the card inside."""


@dataclass(frozen=True, slots=True)
class GiveCardBack:
    """Move the card to the gate."""


@dataclass(frozen=True, slots=True)
class FreeCard:
    """Try again and again to move the card to the gate."""


@dataclass(frozen=True, slots=True)
class AwaitCardTaken:
    """Wait half a minute for the card to be taken."""


@dataclass(frozen=True, slots=True)
class AskForTag:
    """Ask the office."""

    asking: Asking


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print the slip in the visitor's language."""

    tag: TagView
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class ShowFor(ForReading):
    """Leave the screen for the person to read."""

    seconds: float


Task: TypeAlias = (
    LookForCard
    | WatchForLetter
    | AwaitCard
    | ReadCard
    | GiveCardBack
    | FreeCard
    | AwaitCardTaken
    | AskForTag
    | PrintSlip
    | ShowFor
)

TAG_READ_S = 15.0
TAG_ON_SCREEN_S = 20.0
RECEPTION_READ_S = 15.0
REST_S = 10.0


def enter(state: State) -> Step[State, Task]:
    """Return the step into a state, with what the station has to do there."""
    match state:
        case StartingUp():
            return Step(state, (LookForCard(),))
        case Welcome():
            return Step(state, (WatchForLetter(), AwaitCard()))
        case ReadingCard():
            return Step(state, (ReadCard(),))
        case ReturningCard():
            return Step(state, (GiveCardBack(),))
        case TakeCard():
            return Step(state, (AwaitCardTaken(),))
        case CardStuck():
            return Step(state, (FreeCard(),))
        case GettingTag(asking):
            return Step(state, (AskForTag(asking),))
        case TagIssued(tag, _, Slip.PRINTING, unsent):
            return Step(state, (PrintSlip(tag, unsent),))
        case TagIssued(slip=Slip.MISSING):
            return Step(state, (ShowFor(TAG_ON_SCREEN_S),))
        case TagIssued():
            return Step(state, (ShowFor(TAG_READ_S),))
        case GoToReception():
            return Step(state, (ShowFor(RECEPTION_READ_S),))
        case OutOfService():
            return Step(state, (ShowFor(REST_S),))
        case _:
            return Step(state)


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case StartingUp(), Started():
            return enter(state)
        case StartingUp(), NoCardInside():
            return enter(Welcome())
        case StartingUp(), CardFoundInside():
            return enter(ReturningCard(None))
        case StartingUp(), WayMissing(way):
            return enter(Welcome(frozenset({way})))

        case Welcome(missing, chosen), WayMissing(way) if way not in missing:
            return enter(Welcome(missing | {way}, None if chosen == way else chosen))
        case Welcome(missing, chosen), WayBack(way) if way in missing:
            return enter(Welcome(missing - {way}, chosen))
        case Welcome(missing), WayChosen(way) if way not in missing:
            return _or_stay(state, Welcome(missing, way))
        case Welcome(missing), PersonLeft() | WentBack():
            return _or_stay(state, Welcome(missing))
        case Welcome(), LetterShown(token):
            return enter(GettingTag(ByLetter(token)))
        case Welcome(), CardInserted():
            return enter(ReadingCard())
        case Welcome(), NumberChosen():
            return enter(TypingNumber())

        # The card goes back before anything else happens: who holds a tag forgets the card.
        case ReadingCard(), CardRead(number):
            return enter(ReturningCard(ByCard(number)))
        case ReadingCard(), CardNotRead(problem):
            return enter(ReturningCard(Reason(f"card_{problem}")))
        case ReturningCard(then), CardAtGate():
            return enter(TakeCard(then))
        case CardStuck(), CardAtGate():
            return enter(TakeCard(None))
        case ReturningCard(then) | TakeCard(then), CardTaken():
            return _after_card(then)
        case CardStuck(), CardTaken():
            return enter(StartingUp())
        case TakeCard(then), CardNotTaken():
            return _still_waiting(then, state)

        case TypingNumber(wrong), NumberTyped(number):
            return enter(TypingYear(number, wrong))
        case TypingYear(number, wrong), YearTyped(year):
            return enter(GettingTag(ByNumber(number, year), wrong))
        case TypingYear(_, wrong), WentBack():
            return enter(TypingNumber(wrong))

        case GettingTag(), TagGranted(tag, reprinted, unsent):
            return enter(TagIssued(tag, reprinted, unsent=unsent))
        case GettingTag(ByNumber(), wrong), TagRefused(reason) if (
            reason in TRY_AGAIN and wrong + 1 < WRONG_NUMBERS
        ):
            return enter(TypingNumber(wrong + 1))
        case GettingTag(), TagRefused(reason):
            return enter(GoToReception(reason))

        case TagIssued(slip=Slip.PRINTING) as issued, SlipPrinted():
            return enter(replace(issued, slip=Slip.PRINTED))
        # The tag exists anyway: number and code stay on the screen.
        case TagIssued(slip=Slip.PRINTING) as issued, SlipMissing() | EquipmentFailed():
            return enter(replace(issued, slip=Slip.MISSING))
        case TagIssued(slip=Slip.PRINTING), PersonLeft() | WentBack():
            return Step(state)

        case TagIssued() | GoToReception() | OutOfService(), ReadLongEnough():
            return enter(StartingUp())

        case _, PersonLeft() | WentBack() | AskedForStaff() | EquipmentFailed():
            return _leave(state, event)
        case _:
            return Step(state)


def _after_card(then: "Asking | Reason | None") -> Step[State, Task]:
    match then:
        case None:
            return enter(StartingUp())
        case Reason():
            return enter(GoToReception(then))
        case _:
            return enter(GettingTag(then))


def _still_waiting(then: "Asking | Reason | None", state: State) -> Step[State, Task]:
    """Never swallow a card: staff come, and the wait begins anew in the same state."""
    late = TakeCard(then, late=True)
    return Step(state, (AwaitCardTaken(),)) if state == late else enter(late)


def _leave(state: State, event: Event) -> Step[State, Task]:
    """End the visit, except where a card has to be given back first."""
    match state, event:
        case StartingUp() | Welcome() | OutOfService(), EquipmentFailed():
            return _or_stay(state, OutOfService())
        case Welcome(), AskedForStaff():
            return enter(GoToReception(Reason.ASKED_FOR_STAFF))
        case StartingUp() | Welcome(), _:
            return Step(state)
        case ReadingCard(), EquipmentFailed():
            return enter(ReturningCard(Reason.EQUIPMENT_FAILED))
        case ReadingCard() | ReturningCard(), PersonLeft():
            return _or_stay(state, ReturningCard(None))
        case TakeCard(_, late), PersonLeft():
            return _or_stay(state, TakeCard(None, late))
        case ReturningCard() | TakeCard(), EquipmentFailed():
            return enter(CardStuck())
        case CardStuck(), EquipmentFailed():
            return Step(state, (FreeCard(),))
        case ReadingCard() | ReturningCard() | TakeCard() | CardStuck(), _:
            return Step(state)
        case GoToReception(), AskedForStaff():
            return Step(state)
        case GoToReception() | TagIssued(), EquipmentFailed():
            return enter(StartingUp())
        case _, EquipmentFailed():
            return enter(GoToReception(Reason.EQUIPMENT_FAILED))
        case _, AskedForStaff():
            return enter(GoToReception(Reason.ASKED_FOR_STAFF))
        case GettingTag(), WentBack():
            return Step(state)
        case _:
            return enter(StartingUp())


def _or_stay(state: State, other: State) -> Step[State, Task]:
    """Go to the other state; tasks are not asked for twice where the visit is there already."""
    return Step(state) if state == other else enter(other)
