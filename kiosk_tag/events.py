"""What can happen in a visit to the tag kiosk."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Companion, Errand, Interpreted, Need
from common.wire.shapes import SlotAnswer, TagView
from kiosk_tag.states import Choice, Coming, Offer, Reason, Way


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
    """The chip gave the holder's number and year of birth."""

    number: IdentityNumber
    year_of_birth: int | None = None


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
    coming: Coming | None = None
    reception: Reason | None = None


@dataclass(frozen=True, slots=True)
class TagRefused:
    """The office gave none."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class DecisionNeeded:
    """The office gave none yet: the person has to decide."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class SlotAnswered:
    """The office says what became of the slot that was wanted."""

    taken: SlotAnswer


@dataclass(frozen=True, slots=True)
class OfficeShut:
    """It is outside the office's hours."""

    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfficeOpened:
    """The office's hours began."""


@dataclass(frozen=True, slots=True)
class ErrandsWanted:
    """The person comes for something else."""


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """Nothing that is offered fits: no paper, no card, no number, or another errand."""


@dataclass(frozen=True, slots=True)
class ErrandChosen:
    """The person says for what."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class FeeAccepted:
    """The person heard the fee and goes on."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The person decides."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class SlotChosen:
    """The person wants this slot."""

    starts_at: datetime


@dataclass(frozen=True, slots=True)
class MoreWanted:
    """The holder of the tag has something to add."""


@dataclass(frozen=True, slots=True)
class NeedsWanted:
    """The person wants to say what is needed."""


@dataclass(frozen=True, slots=True)
class NeedsChosen:
    """The person says what is needed."""

    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """The person says which language the interpreter speaks."""

    language: Interpreted


@dataclass(frozen=True, slots=True)
class CompanionWanted:
    """Somebody comes along."""


@dataclass(frozen=True, slots=True)
class CompanionChosen:
    """Why that person may come along."""

    companion: Companion


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
    | DecisionNeeded
    | SlotAnswered
    | OfficeShut
    | OfficeOpened
    | ErrandsWanted
    | NoneOfThese
    | ErrandChosen
    | FeeAccepted
    | Chosen
    | SlotChosen
    | MoreWanted
    | NeedsWanted
    | NeedsChosen
    | LanguageChosen
    | CompanionWanted
    | CompanionChosen
    | SlipPrinted
    | SlipMissing
    | ReadLongEnough
    | WentBack
    | AskedForStaff
    | PersonLeft
    | EquipmentFailed
)
