"""The words of staff's work at the collection kiosk: states, events and tasks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from common.wire.shapes import OfficerSession
from kiosk_collection.outcome import Stuck


class CardProblem(StrEnum):
    """Why a card cannot be loaded."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    NOT_PASSED = "not_passed"
    FULL = "full"
    NO_CONNECTION = "no_connection"


@dataclass(frozen=True, slots=True)
class Stand:
    """What the kiosk holds.

    Attributes:
        filled, empty, silent: The pockets with a card, without one, and with a silent sensor.
        bins: How many items each bin took since it was last emptied, by location.
        stuck: What a hand has to take out, for a release that nothing else can end.
    """

    filled: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()
    bins: tuple[tuple[str, int], ...] = ()
    stuck: Stuck | None = None


@dataclass(frozen=True, slots=True)
class LoadCard:
    """A card that is about to be loaded. before: the pockets that were filled already."""

    card_id: UUID
    case_id: UUID
    chip_serial: str
    pocket: int
    before: tuple[int, ...]


# States


@dataclass(frozen=True, slots=True)
class Menu:
    """The officer chooses. stand is None until it was counted."""

    officer: OfficerSession
    stand: Stand | None = None


@dataclass(frozen=True, slots=True)
class AwaitingCard:
    """The officer inserts the next new card. problem: why the last one came back."""

    officer: OfficerSession
    loaded: int = 0
    last_pocket: int = 0
    problem: CardProblem | None = None


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """The new card is inside; its chip is read."""

    officer: OfficerSession
    loaded: int = 0


@dataclass(frozen=True, slots=True)
class ReturningCard:
    """The card cannot be loaded and comes back."""

    officer: OfficerSession
    problem: CardProblem
    loaded: int = 0


@dataclass(frozen=True, slots=True)
class PlacingCard:
    """The officer puts the card into the pocket.

    Attributes:
        wrong_pocket: Where it lies instead; 0 where it lies nowhere yet.
        late: No card has been seen in the pocket for a while.
    """

    officer: OfficerSession
    card: LoadCard
    loaded: int = 0
    wrong_pocket: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """What lies in the intake comes back, and the officer is signed out."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class Left:
    """Staff's work is over; the kiosk starts up for visitors."""


State: TypeAlias = Menu | AwaitingCard | ReadingCard | ReturningCard | PlacingCard | Leaving | Left

# Events


@dataclass(frozen=True, slots=True)
class Counted:
    """The kiosk's stand is known."""

    stand: Stand


@dataclass(frozen=True, slots=True)
class LoadChosen:
    """The officer wants to load cards."""


@dataclass(frozen=True, slots=True)
class BinsEmptied:
    """The officer has emptied the bins and counted what lay in them."""


@dataclass(frozen=True, slots=True)
class TakenOutByHand:
    """The officer has taken out by hand what was stuck."""


@dataclass(frozen=True, slots=True)
class NoCardInside:
    """The officer has looked, and no new card is in the machine."""


@dataclass(frozen=True, slots=True)
class MenuChosen:
    """The officer has no more cards to load."""


@dataclass(frozen=True, slots=True)
class LeaveChosen:
    """The officer is done."""


@dataclass(frozen=True, slots=True)
class NobodyInserted:
    """No card came for a while."""


@dataclass(frozen=True, slots=True)
class NewCardInserted:
    """A card was drawn in."""


@dataclass(frozen=True, slots=True)
class NewCardKnown:
    """The card belongs into a pocket."""

    card: LoadCard


@dataclass(frozen=True, slots=True)
class NewCardUseless:
    """The card cannot be loaded."""

    problem: CardProblem


@dataclass(frozen=True, slots=True)
class CardHandedBack:
    """The card that could not be loaded is with the officer again."""


@dataclass(frozen=True, slots=True)
class CardPlaced:
    """The pocket's sensor sees the card."""


@dataclass(frozen=True, slots=True)
class WrongPocket:
    """Another pocket's sensor sees the card."""

    pocket: int


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """No sensor sees the card yet."""


@dataclass(frozen=True, slots=True)
class OfficerGone:
    """Nothing of staff's is left in the kiosk, and the officer is signed out."""


Event: TypeAlias = (
    Counted
    | LoadChosen
    | BinsEmptied
    | TakenOutByHand
    | NoCardInside
    | MenuChosen
    | LeaveChosen
    | NobodyInserted
    | NewCardInserted
    | NewCardKnown
    | NewCardUseless
    | CardHandedBack
    | CardPlaced
    | WrongPocket
    | NotPlaced
    | OfficerGone
)

# Tasks


@dataclass(frozen=True, slots=True)
class Count:
    """Look into pockets and bins; a card that was just put into its pocket is recorded."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class EmptyBins:
    """Begin to count the bins at nought."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class SettleByHand:
    """End the open release: what was stuck is with the officer."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class SettleAsGone:
    """End the open release: the new card is with its holder."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class AwaitCard:
    """Wait for a new card at the intake."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read the chip of the new card and find out where it belongs."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """Give the card at the intake back and wait until it is taken."""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """Give the card back, and wait until the pocket's sensor sees it."""

    card: LoadCard
    wrong_pocket: int = 0


@dataclass(frozen=True, slots=True)
class RecordStored:
    """Write that the card lies in its pocket."""

    card: LoadCard
    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class Leave:
    """Give back what lies in the intake, and sign the officer out."""

    officer: OfficerSession


Task: TypeAlias = (
    Count
    | EmptyBins
    | SettleByHand
    | SettleAsGone
    | AwaitCard
    | ReadCard
    | ReturnCard
    | PlaceCard
    | RecordStored
    | Leave
)
