"""The words of a visit to the registration kiosk: its states, events and tasks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from common.domain.card_problem import CardProblem
from common.domain.finger_ladder import (
    AskFinger,
    FingerLadder,
)
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason
from common.flow.machine import ForReading
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import Capture, FingerEnrolment, Kept
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import Particulars, TagView


@dataclass(frozen=True, slots=True, repr=False)
class OldCard:
    """What the old card says about its holder."""

    identity_number: IdentityNumber
    surname: str
    given_names: str
    chinese_name: str
    sex: str
    date_of_birth: date
    fingers: tuple[tuple[int, FingerTemplate], ...]
    portrait_jpeg: bytes = b""

    def impressions(self, position: int) -> tuple[FingerTemplate, ...]:
        """What the card holds of one finger."""
        return tuple(template for where, template in self.fingers if where == position)

    def __repr__(self) -> str:
        return "OldCard(<redacted>)"


@dataclass(frozen=True, slots=True)
class FingerTaken:
    """A finger just given that is the holder's, and the impressions of it to enrol."""

    position: int
    score: float
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderProof:
    """By what the person is the holder, with all that was tried before.

    Attributes:
        score: Of the best finger, or of the face.
        taken: The fingers that are enrolled anew; none after a face.
    """

    by: Literal["finger", "face"]
    ladder: FingerLadder
    score: float
    taken: tuple[FingerTaken, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """The case in work.

    Attributes:
        number: The tag's, the only thing of it that a screen may always show.
        done: The backend's marks of what is done already.
        card_inside: Whether the old card is in this kiosk.
        token: What the code on the slip says.
        twin: The face alone does not say who this is.
        gives_no_fingers: The person said so before the card was read.
    """

    case_id: UUID
    number: str
    identity_number: IdentityNumber
    particulars: Particulars
    done: frozenset[str] = frozenset()
    card_inside: bool = False
    token: str = ""
    twin: bool = False
    gives_no_fingers: bool = False

    def __repr__(self) -> str:
        return f"OpenCase({self.number})"


class NotYet(StrEnum):
    """Why a tag shown here cannot be served here."""

    CALLED_ELSEWHERE = "called_elsewhere"
    NOT_CALLED = "not_called"
    UNKNOWN = "unknown"
    NO_CONNECTION = "no_connection"
    DONE_HERE = "done_here"
    FORM_FIRST = "form_first"


# States


@dataclass(frozen=True, slots=True)
class StartingUp:
    """The kiosk looks at its devices, and for a card left inside, before it says welcome."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A device without which nobody can be served is missing; it is looked for again."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Nobody is here. The next tag is called to this kiosk; a tag shown is read."""


@dataclass(frozen=True, slots=True)
class Calling:
    """A tag is called to this kiosk."""

    tag: TagView
    recalls: int = 0


@dataclass(frozen=True, slots=True)
class Arriving:
    """A tag was shown; the office is asked for its case."""

    token: str
    called: TagView | None = None


@dataclass(frozen=True, slots=True)
class NotYourTurn:
    """The tag shown cannot be served here and now; its holder is told why and where."""

    why: NotYet
    place: str = ""
    people_ahead: int = 0
    called: TagView | None = None


@dataclass(frozen=True, slots=True)
class AskingConsent:
    """What will be taken and why is told before anything is taken."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class InsertingCard:
    """The old card is asked for. tries counts cards that could not be read, problem says why."""

    case: OpenCase
    tries: int = 0
    problem: CardProblem | None = None


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """The old card is inside."""

    case: OpenCase
    tries: int = 0


@dataclass(frozen=True, slots=True)
class CheckingFinger:
    """A finger is asked for, to prove who this is: the right hand's before the left's.

    Attributes:
        asked: Which finger, in ISO's numbers, and which try of it.
        advice: What was wrong with the last try; None at the first.
        nobody: At the last try nobody put a finger.
        taken: Fingers that are the holder's already.
    """

    case: OpenCase
    card: OldCard
    ladder: FingerLadder
    asked: AskFinger
    advice: FingerAdvice | None = None
    nobody: bool = False
    taken: tuple[FingerTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrollingFinger:
    """The finger that was proven is captured again, for the new card.

    Attributes:
        score: With which it was proven.
    """

    case: OpenCase
    card: OldCard
    ladder: FingerLadder
    enrolment: FingerEnrolment
    score: float
    advice: FingerAdvice | None = None
    nobody: bool = False
    taken: tuple[FingerTaken, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckingFace:
    """The fingers did not prove it: the person looks at the camera. seen: what the last try saw."""

    case: OpenCase
    card: OldCard
    ladder: FingerLadder
    attempt: int = 1
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SavingHolder:
    """Who the person is, and the new fingers, go into the journal."""

    case: OpenCase
    proof: HolderProof


@dataclass(frozen=True, slots=True)
class FillingGap:
    """A page of the form that has a gap."""

    case: OpenCase
    page: int


@dataclass(frozen=True, slots=True)
class CheckingParticulars:
    """The person reads the form: is this right?"""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class PrintingForm:
    """The confirmed form is kept and printed, and the registration is finished."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class HandingOff:
    """The hand-over to an officer is kept, with what was tried here."""

    case: OpenCase
    reason: HandOffReason
    ladder: FingerLadder | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Done here; the tag will be called to a booth."""

    number: str
    printed: bool


@dataclass(frozen=True, slots=True)
class HandedOff:
    """An officer goes on from here; nothing has to be repeated."""

    number: str
    reason: HandOffReason


@dataclass(frozen=True, slots=True)
class GoToStaff:
    """Even the hand-over could not be kept: the person is asked to speak to staff."""

    number: str


AfterCard: TypeAlias = InsertingCard | Registered | HandedOff | GoToStaff | Welcome
"""What may follow once the person holds the card again; Welcome: nobody waits for anything."""


@dataclass(frozen=True, slots=True)
class ReturningCard:
    """The card, if one is inside, moves to the gate."""

    then: AfterCard


@dataclass(frozen=True, slots=True)
class TakeCard:
    """The card waits at the gate, as long as it takes. late: staff were called."""

    then: AfterCard
    late: bool = False


@dataclass(frozen=True, slots=True)
class CardStuck:
    """A card is inside and does not come out; the kiosk keeps trying and staff come."""


State: TypeAlias = (
    StartingUp
    | OutOfService
    | Welcome
    | Calling
    | Arriving
    | NotYourTurn
    | AskingConsent
    | InsertingCard
    | ReadingCard
    | CheckingFinger
    | EnrollingFinger
    | CheckingFace
    | SavingHolder
    | FillingGap
    | CheckingParticulars
    | PrintingForm
    | HandingOff
    | Registered
    | HandedOff
    | GoToStaff
    | ReturningCard
    | TakeCard
    | CardStuck
)


# Events


@dataclass(frozen=True, slots=True)
class Started:
    """The program began."""


@dataclass(frozen=True, slots=True)
class ReadyToServe:
    """Every device answers and no card is inside."""


@dataclass(frozen=True, slots=True)
class CardFoundInside:
    """Somebody's card was left in the unit."""


@dataclass(frozen=True, slots=True)
class DeviceMissing:
    """A device does not answer."""


@dataclass(frozen=True, slots=True)
class TagCalled:
    """The office called a tag to this kiosk."""

    tag: TagView


@dataclass(frozen=True, slots=True)
class NobodyCame:
    """The holder of the called tag did not come in time."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The tag called here is called no longer."""


@dataclass(frozen=True, slots=True)
class TagShown:
    """A code of ours was held before the camera."""

    token: str


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The holder of the tag is here, and this is the case."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class TagNotServed:
    """The tag cannot be served here and now."""

    why: NotYet
    place: str = ""
    people_ahead: int = 0


@dataclass(frozen=True, slots=True)
class Consented:
    """The person read the notice and goes on."""


@dataclass(frozen=True, slots=True)
class CannotGiveFingers:
    """The person cannot or will not give fingerprints."""


@dataclass(frozen=True, slots=True)
class CannotGiveThisFinger:
    """The finger that is asked for is bandaged or missing."""


@dataclass(frozen=True, slots=True)
class CardInserted:
    """The unit drew a card in."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """The chip told who the holder is."""

    card: OldCard


@dataclass(frozen=True, slots=True)
class CardNotRead:
    """The card cannot be used."""

    problem: CardProblem


@dataclass(frozen=True, slots=True)
class FingerMatched:
    """The finger is the holder's; used_s: how long fingers have taken so far."""

    template: FingerTemplate
    score: float
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FingerNotMatched:
    """It is not, or too poor to tell; advice None: nobody put a finger there."""

    advice: FingerAdvice | None
    quality: int = 0
    score: float = 0.0
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FingerCaptured:
    """The finger was captured once more. advice: what would make the next one better."""

    capture: Capture
    advice: FingerAdvice | None = None
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FingerNotCaptured:
    """Nothing came that could be kept; advice None: nobody put a finger there."""

    advice: FingerAdvice | None
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceAccepted:
    """The face is the one on the card's chip."""

    score: float


@dataclass(frozen=True, slots=True)
class FaceNotAccepted:
    """seen: "no_face", or "unlike": an officer has to compare."""

    seen: str


@dataclass(frozen=True, slots=True)
class HolderSaved:
    """It is on the disk."""


@dataclass(frozen=True, slots=True)
class PageFilled:
    """A page of the form was filled in."""

    particulars: Particulars


@dataclass(frozen=True, slots=True)
class ParticularsRight:
    """The person says that the form is right."""


@dataclass(frozen=True, slots=True)
class ParticularsWrong:
    """The person says that it is not, and wants staff."""


@dataclass(frozen=True, slots=True)
class FormFinished:
    """All is on the disk. printed: the form came out here; else the booth prints it."""

    printed: bool


@dataclass(frozen=True, slots=True)
class HandOffSaved:
    """The hand-over is on the disk."""


@dataclass(frozen=True, slots=True)
class CardAtGate:
    """The card can be taken."""


@dataclass(frozen=True, slots=True)
class CardTaken:
    """No card is in the unit."""


@dataclass(frozen=True, slots=True)
class CardNotTaken:
    """The card still waits after half a minute."""


@dataclass(frozen=True, slots=True)
class ReadLongEnough:
    """A screen that only tells something was shown for its time."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The person touched finish or back."""


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
    | ReadyToServe
    | CardFoundInside
    | DeviceMissing
    | TagCalled
    | NobodyCame
    | CallEnded
    | TagShown
    | CaseOpened
    | TagNotServed
    | Consented
    | CannotGiveFingers
    | CannotGiveThisFinger
    | CardInserted
    | CardRead
    | CardNotRead
    | FingerMatched
    | FingerNotMatched
    | FingerCaptured
    | FingerNotCaptured
    | FaceAccepted
    | FaceNotAccepted
    | HolderSaved
    | PageFilled
    | ParticularsRight
    | ParticularsWrong
    | FormFinished
    | HandOffSaved
    | CardAtGate
    | CardTaken
    | CardNotTaken
    | ReadLongEnough
    | Finished
    | AskedForStaff
    | PersonLeft
    | EquipmentFailed
)


# Tasks


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
class FinishForm:
    """Keep the confirmation, print the form, keep that the registration is finished."""

    case: OpenCase


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
    | OpenCaseOf
    | AwaitCard
    | ReadCard
    | CheckFinger
    | CaptureFinger
    | CheckFace
    | SaveHolder
    | SaveForm
    | FinishForm
    | SaveHandOff
    | GiveCardBack
    | FreeCard
    | AwaitCardTaken
    | ShowFor
)
