"""What the tag kiosk's flow asks its station to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from common.flow.machine import ForReading
from common.wire.shapes import SlotAnswer, SlotTime, TagView
from kiosk_tag.states import NOTHING_MORE, Asking, Coming, Wish


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
    wish: Wish = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class WatchHours:
    """Look at the clock and the office's hours; is_open is how they stand for the visit."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class TakeSlot:
    """Ask the office for a slot, or for the wait list."""

    asking: Asking
    wish: Wish
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print the slip in the visitor's language."""

    tag: TagView
    unsent: bool = False
    coming: Coming | None = None


@dataclass(frozen=True, slots=True)
class PrintAppointment:
    """Print what was booked."""

    taken: SlotAnswer


@dataclass(frozen=True, slots=True)
class PrintSlots:
    """Print the slots that are free."""

    slots: tuple[SlotTime, ...]


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
    | WatchHours
    | TakeSlot
    | PrintSlip
    | PrintAppointment
    | PrintSlots
    | ShowFor
)
