"""Where a visit to the tag kiosk can stand, and what a person asks with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from common.domain.identity_number import IdentityNumber
from common.domain.queue import Arrival, Companion, Errand, Guardian, Interpreted, Need
from common.wire.shapes import OfficePlace, SlotAnswer, SlotTime, TagAnswer, TagView

WRONG_NUMBERS = 3


class Way(StrEnum):
    """How a person may ask for a tag; a number can always be typed."""

    LETTER = "letter"
    CARD = "card"


class Reason(StrEnum):
    """Why a person is asked to go to reception. RECEPTION gives no reason at all."""

    LETTER_UNKNOWN = "letter_unknown"
    LETTER_OTHER_DAY = "letter_other_day"
    NUMBER_WRONG = "number_wrong"
    YEAR_WRONG = "year_wrong"
    CASE_CLOSED = "case_closed"
    NO_CARD = "no_card"
    RECEPTION = "reception"
    NO_TAGS_LEFT = "no_tags_left"
    CARD_ZONE_UNREADABLE = "card_zone_unreadable"
    CARD_CHIP_SILENT = "card_chip_silent"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_NOT_VALID = "card_not_valid"
    CARD_FOREIGN = "card_foreign"
    NO_CONNECTION = "no_connection"
    EQUIPMENT_FAILED = "equipment_failed"
    ASKED_FOR_STAFF = "asked_for_staff"
    CHILD = "child"


TRY_AGAIN = frozenset({Reason.NUMBER_WRONG, Reason.YEAR_WRONG})
"""Reasons after which a person who typed may type again."""
SHOW_AGAIN = frozenset(
    {
        Reason.LETTER_UNKNOWN,
        Reason.LETTER_OTHER_DAY,
        Reason.CARD_ZONE_UNREADABLE,
        Reason.CARD_CHIP_SILENT,
        Reason.CARD_FOREIGN,
    }
)
"""Reasons after which a person may show it once more, or say otherwise who they are."""
CALLED = frozenset(
    {
        *TRY_AGAIN,
        Reason.CASE_CLOSED,
        Reason.NO_CARD,
        Reason.RECEPTION,
        Reason.CARD_DOUBTFUL,
        Reason.CARD_NOT_VALID,
    }
)
"""Reasons with which a tag for reception is given, so that nobody is lost in the crowd.

All of them look the same to who stands behind. A code that is not ours gets no tag.
"""


class Question(StrEnum):
    """What a person has to decide, or is told, before there can be a tag."""

    OTHER_OFFICE = "other_office"
    OTHER_DAY = "other_day"
    NO_PLACES = "no_places"
    GUARDIAN = "guardian"
    GUARDIAN_OR_ADULT = "guardian_or_adult"
    COMPANION_YOUNG = "companion_young"
    COMPANIONS_FULL = "companions_full"
    CARD_READY = "card_ready"
    CARD_NOT_READY = "card_not_ready"
    CARD_ELSEWHERE = "card_elsewhere"


class Choice(StrEnum):
    """What a person decides."""

    WALK_IN = "walk_in"
    OTHER_SLOT = "other_slot"
    WAIT_LIST = "wait_list"
    PRINT = "print"
    SHOW_WAY = "show_way"
    GUARDIAN_HERE = "guardian_here"
    GUARDIAN_ABSENT = "guardian_absent"
    ADULT = "adult"
    OWN_TAG = "own_tag"
    COUNTER = "counter"


# What a person asks with


@dataclass(frozen=True, slots=True)
class ByLetter:
    """The token of the appointment letter, of a receipt, or of today's slip."""

    token: str


@dataclass(frozen=True, slots=True)
class ByCard:
    """The number that the inserted card gave, and the year of birth where it gave that."""

    number: IdentityNumber
    year_of_birth: int | None = None


@dataclass(frozen=True, slots=True)
class ByNumber:
    """A number typed, and the year of birth beside it."""

    number: IdentityNumber
    year_of_birth: int


@dataclass(frozen=True, slots=True)
class ByNobody:
    """A person who could not be recognised, or must not be served here: reception calls them."""

    reason: Reason


Asking: TypeAlias = ByLetter | ByCard | ByNumber | ByNobody


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes with the question beside who asks.

    Attributes:
        holder: The tag of whom the person comes along with, as companion.
        at_counter: A tag for the counter is wanted although a collection kiosk is open.
    """

    errand: Errand | None = None
    holder: "TagIssued | None" = None
    companion: Companion | None = None
    guardian: Guardian | None = None
    walk_in: bool = False
    at_counter: bool = False
    needs: tuple[Need, ...] = ()
    interpreter: Interpreted | None = None


NOTHING_MORE = Wish()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the office says a person can choose from."""

    question: Question
    answer: TagAnswer

    @property
    def slots(self) -> tuple[SlotTime, ...]:
        """Slots of this office that are free."""
        return self.answer.offers

    @property
    def place(self) -> OfficePlace | None:
        """The other office."""
        return self.answer.place


@dataclass(frozen=True, slots=True)
class Coming:
    """How a person came to the appointment, as the office's clock says."""

    arrival: Arrival
    slot: datetime
    be_back_at: datetime | None = None


Then: TypeAlias = "Asking | Reason | None"
"""What comes once a card is back in its holder's hand."""


# States


@dataclass(frozen=True, slots=True)
class StartingUp:
    """The kiosk asks its card unit where a card is, before it says welcome."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Outside the office's hours; opens_at is when to come back, where that is known."""

    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Welcome:
    """Letter and card are looked for; chosen is the way that a person wants explained.

    missing names the ways that are broken. With a wish somebody is in the middle of a visit.
    came_back: the same person went back to the first screen, and reads on in their language.
    """

    missing: frozenset[Way] = frozenset()
    chosen: Way | None = None
    wish: Wish = NOTHING_MORE
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingErrand:
    """The person comes for something else than an old card's replacement."""

    missing: frozenset[Way] = frozenset()


@dataclass(frozen=True, slots=True)
class HearingFee:
    """What the errand costs is told before anything is done."""

    errand: Errand
    missing: frozenset[Way] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """A card was drawn in."""

    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class ReturningCard:
    """The card moves to the gate."""

    then: Then
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class TakeCard:
    """The card waits at the gate, as long as it takes. late: it was not taken at once."""

    then: Then
    late: bool = False
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Unread:
    """Letter or card did not say who it is, and are looked for; reason is one of SHOW_AGAIN."""

    reason: Reason
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class CardStuck:
    """A card is inside and does not come out; the kiosk keeps trying and staff come."""


@dataclass(frozen=True, slots=True)
class TypingNumber:
    """The identity card number is typed; wrong counts what did not fit so far."""

    wrong: int = 0
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class TypingYear:
    """The year of birth is typed, so that nobody takes another person's place."""

    number: IdentityNumber
    wrong: int = 0
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class GettingTag:
    """The office looks for the appointment or the case."""

    asking: Asking
    wrong: int = 0
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Deciding:
    """The office has no tag for the person as things are; what can be had is offered."""

    asking: Asking
    wish: Wish
    offer: Offer


@dataclass(frozen=True, slots=True)
class ChoosingSlot:
    """Free slots are offered. is_taken: the one that was chosen went to somebody else."""

    asking: Asking
    wish: Wish
    offer: Offer
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class TakingSlot:
    """The office books or moves the appointment; starts_at None is the wait list."""

    asking: Asking
    wish: Wish
    offer: Offer
    starts_at: datetime | None


class Slip(StrEnum):
    """What became of the slip."""

    PRINTING = "printing"
    PRINTED = "printed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """The person has an appointment, or a place on the wait list."""

    taken: SlotAnswer
    slip: Slip = Slip.PRINTING


@dataclass(frozen=True, slots=True)
class SlotsListed:
    """The free slots are on a slip, to be thought over."""

    slots: tuple[SlotTime, ...]
    slip: Slip = Slip.PRINTING


@dataclass(frozen=True, slots=True)
class HearingWhere:
    """The person goes on at another place: an office, or a kiosk of this one."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class TagIssued:
    """The person has a tag, and reads what to do next. unsent: the office does not know it yet.

    Attributes:
        coming: Where there is an appointment today, how the person came to it.
        reception: The tag is one for reception, and this is why.
        told: What the person needs is noted with the tag; False: it could not be noted.
    """

    tag: TagView
    reprinted: bool
    slip: Slip = Slip.PRINTING
    unsent: bool = False
    coming: Coming | None = None
    reception: Reason | None = None
    told: bool | None = None

    @property
    def may_say_more(self) -> bool:
        """Whether needs and companions can be added to this tag now."""
        is_done = self.slip is not Slip.PRINTING
        return is_done and not self.unsent and self.reception in (None, Reason.CHILD)


@dataclass(frozen=True, slots=True)
class SayingMore:
    """The holder of the tag wants to say what they need, or that somebody comes along."""

    issued: TagIssued


@dataclass(frozen=True, slots=True)
class ChoosingNeeds:
    """What the person needs is asked with pictures; nothing has to be answered."""

    issued: TagIssued


@dataclass(frozen=True, slots=True)
class ChoosingLanguage:
    """An interpreter is wanted: for which language."""

    issued: TagIssued
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class TellingNeeds:
    """The office notes the needs with the tag."""

    issued: TagIssued
    needs: tuple[Need, ...]
    interpreter: Interpreted | None = None


@dataclass(frozen=True, slots=True)
class ChoosingCompanion:
    """Somebody comes along: as a person of 65 or over, or with a disability."""

    issued: TagIssued


@dataclass(frozen=True, slots=True)
class GoToReception:
    """Staff go on from here."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Something is broken; the kiosk tries again by itself."""


State: TypeAlias = (
    StartingUp
    | Closed
    | Welcome
    | ChoosingErrand
    | HearingFee
    | ReadingCard
    | ReturningCard
    | TakeCard
    | Unread
    | CardStuck
    | TypingNumber
    | TypingYear
    | GettingTag
    | Deciding
    | ChoosingSlot
    | TakingSlot
    | SlotTaken
    | SlotsListed
    | HearingWhere
    | TagIssued
    | SayingMore
    | ChoosingNeeds
    | ChoosingLanguage
    | TellingNeeds
    | ChoosingCompanion
    | GoToReception
    | OutOfService
)
