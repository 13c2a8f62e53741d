"""The events of a visit to the registration kiosk: what a person, a device or the office did."""

from dataclasses import dataclass, field
from typing import TypeAlias

from common.domain.card_problem import CardProblem
from common.domain.case import LateReason
from common.domain.language import OfficeLanguage
from common.domain.portrait import PortraitRule
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import Capture
from common.matching.finger_template import FingerTemplate
from common.wire.old_card import OldCardStanding
from common.wire.shapes import Particulars, TagView
from kiosk_registration.words import (
    Change,
    CodeTrouble,
    Contact,
    NotYet,
    OfficeChoice,
    OldCard,
    OpenCase,
    Shot,
)


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
class OtherCodeShown:
    """A code that is not ours was held before the camera."""


@dataclass(frozen=True, slots=True)
class CameraMissing:
    """The camera does not answer; it is tried again in the background."""


@dataclass(frozen=True, slots=True)
class CameraBack:
    """It answers again."""


@dataclass(frozen=True, slots=True)
class LineLost:
    """The office does not answer; it is asked again in the background."""


@dataclass(frozen=True, slots=True)
class LineBack:
    """It answers."""


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
class CardStands:
    """What the office knows of the card."""

    told: OldCardStanding


@dataclass(frozen=True, slots=True)
class ExcuseGiven:
    """The person declares why they come late."""

    why: LateReason


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
class GapLeft:
    """The person cannot say what is missing: an officer asks for it at the booth."""


@dataclass(frozen=True, slots=True)
class ParticularsRight:
    """The person says that the form is right."""


@dataclass(frozen=True, slots=True)
class ParticularsWrong:
    """The person says that something has changed or is not right."""


@dataclass(frozen=True, slots=True)
class ChangeChosen:
    """This is what has changed."""

    change: Change


@dataclass(frozen=True, slots=True)
class WentBack:
    """The person touched back: nothing of this screen counts."""


@dataclass(frozen=True, slots=True)
class KeptAsItIs:
    """The person goes on without the change of what stands on the card."""


@dataclass(frozen=True, slots=True)
class AlterationWanted:
    """The person wants what stands on the card changed."""


@dataclass(frozen=True, slots=True)
class OfficesFound:
    """The offices to choose from; none where the list cannot be had."""

    offices: tuple[OfficeChoice, ...]


@dataclass(frozen=True, slots=True)
class OfficeChosen:
    """The new card will be collected here."""

    code: str


@dataclass(frozen=True, slots=True)
class MobileGiven:
    """Notices shall go to this number, if the code proves it."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class MobileDeclined:
    """The person gives no number, or does not prove it."""

    language: OfficeLanguage


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The code left, or is about to."""


@dataclass(frozen=True, slots=True)
class CodeNotSent:
    """No code can be sent now."""

    why: CodeTrouble


@dataclass(frozen=True, slots=True)
class CodeTyped:
    """The person typed a code."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeAskedAgain:
    """The code did not come; send another one."""


@dataclass(frozen=True, slots=True)
class CodeRight:
    """The number is the person's, and the office keeps it."""


@dataclass(frozen=True, slots=True)
class CodeNotRight:
    """It is wrong, too old, or cannot be checked now."""

    why: CodeTrouble


@dataclass(frozen=True, slots=True)
class GoneOn:
    """The person touched go on."""


@dataclass(frozen=True, slots=True)
class PhotographAtBooth:
    """The person would rather have an officer take the photograph."""


@dataclass(frozen=True, slots=True)
class FaceHint:
    """What the live picture lacks; None: nothing."""

    rule: PortraitRule | None


@dataclass(frozen=True, slots=True)
class ShotAsked:
    """Take a photograph now."""


@dataclass(frozen=True, slots=True)
class ShotTaken:
    """It was taken and checked."""

    shot: Shot


@dataclass(frozen=True, slots=True)
class ShotMissed:
    """There was not exactly one face in the picture: it does not count."""


@dataclass(frozen=True, slots=True)
class ChoiceAsked:
    """There are photographs enough; let me choose."""


@dataclass(frozen=True, slots=True)
class ShotChosen:
    """The photograph with this index, among those to choose from."""

    index: int


@dataclass(frozen=True, slots=True)
class SignatureTaken:
    """Somebody signed and rested the pen: a PNG."""

    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignatureKept:
    """The person is content with the signature."""


@dataclass(frozen=True, slots=True)
class SignatureAgain:
    """Clear it; the person signs once more."""


@dataclass(frozen=True, slots=True)
class SignAtBooth:
    """The person would rather sign at the booth."""


@dataclass(frozen=True, slots=True)
class PaperChosen:
    """The form on paper, or electronically alone."""

    on_paper: bool


@dataclass(frozen=True, slots=True)
class FormFinished:
    """All is on the disk. printed: the form came out here. sent: the office knows already."""

    printed: bool
    sent: bool = True


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
    | OtherCodeShown
    | CameraMissing
    | CameraBack
    | LineLost
    | LineBack
    | CaseOpened
    | TagNotServed
    | Consented
    | CannotGiveFingers
    | CannotGiveThisFinger
    | CardInserted
    | CardRead
    | CardNotRead
    | CardStands
    | ExcuseGiven
    | FingerMatched
    | FingerNotMatched
    | FingerCaptured
    | FingerNotCaptured
    | FaceAccepted
    | FaceNotAccepted
    | HolderSaved
    | PageFilled
    | GapLeft
    | ParticularsRight
    | ParticularsWrong
    | ChangeChosen
    | WentBack
    | KeptAsItIs
    | AlterationWanted
    | OfficesFound
    | OfficeChosen
    | MobileGiven
    | MobileDeclined
    | CodeSent
    | CodeNotSent
    | CodeTyped
    | CodeAskedAgain
    | CodeRight
    | CodeNotRight
    | GoneOn
    | PhotographAtBooth
    | FaceHint
    | ShotAsked
    | ShotTaken
    | ShotMissed
    | ChoiceAsked
    | ShotChosen
    | SignatureTaken
    | SignatureKept
    | SignatureAgain
    | SignAtBooth
    | PaperChosen
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
