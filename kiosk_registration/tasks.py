"""The tasks of a visit to the registration kiosk: what the station is asked to do."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from common.domain.finger_ladder import FingerLadder
from common.domain.queue import HandOffReason
from common.flow.machine import ForReading
from common.matching.finger_enrolment import Capture
from common.matching.finger_template import FingerTemplate
from common.wire.facts import What
from common.wire.shapes import Particulars, TagView
from kiosk_registration.words import Contact, HolderProof, OpenCase


@dataclass(frozen=True, slots=True)
class LookAtDevices:
    """Ask every device how it is, and the card unit where a card is."""


@dataclass(frozen=True, slots=True)
class CallNext:
    """Ask the office for the next tag, as long as it takes."""


@dataclass(frozen=True, slots=True)
class WatchForTag:
    """Look through the camera until a code of ours is seen."""


@dataclass(frozen=True, slots=True)
class AwaitVisitor:
    """Give the holder of the called tag a minute."""

    tag: TagView


@dataclass(frozen=True, slots=True)
class CallAgain:
    """Have the tag called once more."""

    tag: TagView


@dataclass(frozen=True, slots=True)
class MissTag:
    """Tell the office that nobody came."""

    tag: TagView


@dataclass(frozen=True, slots=True)
class LeaveTag:
    """Tell the office that the person walked away: the tag waits again."""

    token: str


@dataclass(frozen=True, slots=True)
class OpenCaseOf:
    """Say that the holder of the tag is here, and fetch the case."""

    token: str


@dataclass(frozen=True, slots=True)
class AwaitCard:
    """Keep the gate open until a card comes."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read the chip of the card inside."""


@dataclass(frozen=True, slots=True)
class AskAboutCard:
    """Ask the office how the card stands."""

    case_id: UUID
    chip_serial: str
    date_of_birth: date

    def __repr__(self) -> str:
        return "AskAboutCard(<redacted>)"


@dataclass(frozen=True, slots=True)
class CheckFinger:
    """Take a finger and compare it with the card's. is_first: the time begins to run."""

    fingers: tuple[tuple[int, FingerTemplate], ...]
    position: int
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class CaptureFinger:
    """Take a finger that was proven once more; known: what is known to be the holder's."""

    position: int
    earlier: tuple[Capture, ...]
    known: tuple[FingerTemplate, ...]


@dataclass(frozen=True, slots=True)
class CheckFace:
    """Compare the person with the portrait of the card's chip."""

    portrait_jpeg: bytes

    def __repr__(self) -> str:
        return "CheckFace(<redacted>)"


@dataclass(frozen=True, slots=True)
class SaveHolder:
    """Keep who the person is, the new fingers, and what the card added to the form."""

    case: OpenCase
    proof: HolderProof


@dataclass(frozen=True, slots=True)
class SaveForm:
    """Keep the form as far as it is filled in."""

    case_id: UUID
    particulars: Particulars


@dataclass(frozen=True, slots=True)
class Record:
    """Keep that something happened."""

    case_id: UUID
    what: What

    def __repr__(self) -> str:
        return f"Record({self.what.kind})"


@dataclass(frozen=True, slots=True)
class FetchOffices:
    """Fetch the offices where cards are collected."""


@dataclass(frozen=True, slots=True)
class SendCode:
    """Have a code sent to a number."""

    case_id: UUID
    contact: Contact


@dataclass(frozen=True, slots=True)
class CheckCode:
    """Hold a typed code against the one that was sent."""

    case_id: UUID
    contact: Contact
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WatchFace:
    """Show the camera's pictures and judge one now and then, until the stay is left."""


@dataclass(frozen=True, slots=True)
class TakePortrait:
    """Take the next picture, check it and cut the portrait out of it."""


@dataclass(frozen=True, slots=True)
class TakeSignature:
    """Take ink on the pad until somebody has signed."""


@dataclass(frozen=True, slots=True)
class FinishForm:
    """Print the form where that is wanted, and keep that the registration is finished."""

    case: OpenCase
    on_paper: bool = True


@dataclass(frozen=True, slots=True)
class SaveHandOff:
    """Keep that an officer goes on, why, and what was tried."""

    case_id: UUID
    reason: HandOffReason
    ladder: FingerLadder | None = None


@dataclass(frozen=True, slots=True)
class GiveCardBack:
    """Move the card, if there is one, to the gate."""


@dataclass(frozen=True, slots=True)
class FreeCard:
    """Try again and again to move the card to the gate."""


@dataclass(frozen=True, slots=True)
class AwaitCardTaken:
    """Wait half a minute for the card to be taken."""


@dataclass(frozen=True, slots=True)
class ShowFor(ForReading):
    """Leave the screen for the person to read."""

    seconds: float


Task: TypeAlias = (
    LookAtDevices
    | CallNext
    | WatchForTag
    | AwaitVisitor
    | CallAgain
    | MissTag
    | LeaveTag
    | OpenCaseOf
    | AwaitCard
    | ReadCard
    | AskAboutCard
    | CheckFinger
    | CaptureFinger
    | CheckFace
    | SaveHolder
    | SaveForm
    | Record
    | FetchOffices
    | SendCode
    | CheckCode
    | WatchFace
    | TakePortrait
    | TakeSignature
    | FinishForm
    | SaveHandOff
    | GiveCardBack
    | FreeCard
    | AwaitCardTaken
    | ShowFor
)
