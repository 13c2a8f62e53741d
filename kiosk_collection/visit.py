"""The words of a visit to the collection kiosk: its states, events and tasks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from common.domain.case import OldDocument
from common.domain.finger_ladder import AskFinger, FingerLadder
from common.domain.queue import HandOffReason
from common.wire.evidence import Attempts
from common.wire.shapes import CaseView, OfficerSession
from kiosk_collection.outcome import Outcome
from kiosk_collection.staff import words as staff

# What a visit carries


class Place(StrEnum):
    """Where the new card waits."""

    HERE = "here"
    COUNTER = "counter"
    OTHER_OFFICE = "other_office"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """Whose card is to be collected, and against which document the kiosk holds."""

    document: OldDocument
    case: CaseView
    place: Place

    def __repr__(self) -> str:
        return "Visit(<redacted>)"


@dataclass(frozen=True, slots=True, repr=False)
class NewCard:
    """The face of the new card, as its chip has it; the number is masked."""

    number: str
    surname: str
    given_names: str
    chinese_name: str
    portrait_jpeg: bytes

    def __repr__(self) -> str:
        return "NewCard(<redacted>)"


class EndKind(StrEnum):
    """What a visit that brought no card ends in."""

    LEFT = "left"
    NOT_READY = "not_ready"
    OTHER_OFFICE = "other_office"
    WRONG_DOCUMENT = "wrong_document"
    UNREADABLE = "unreadable"
    ZONE_UNREADABLE = "zone_unreadable"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_NOT_VALID = "card_not_valid"
    CARD_FOREIGN = "card_foreign"
    UNKNOWN_CASE = "unknown_case"
    NO_CONNECTION = "no_connection"
    COUNTER = "counter"
    STAFF_COMING = "staff_coming"


@dataclass(frozen=True, slots=True)
class Ending:
    """What the person is told at the end.

    Attributes:
        reason: Why the case was handed off, with COUNTER.
        tag_number: The tag at the counter, where the backend told it in time.
        slip: A slip came out.
        ready_on: The day that the card will be ready, with NOT_READY.
        expects: The document to bring, with WRONG_DOCUMENT.
        document_stays: The old document could not be given back; staff bring it.
    """

    kind: EndKind
    reason: HandOffReason | None = None
    tag_number: str | None = None
    slip: bool = False
    ready_on: date | None = None
    expects: OldDocument | None = None
    document_stays: bool = False


class Cause(StrEnum):
    """Why the kiosk serves nobody."""

    STUCK = "stuck"
    DEVICES = "devices"
    LOADING = "loading"


# States


@dataclass(frozen=True, slots=True)
class StartingUp:
    """Each mechanism is asked where cards and forms are; also between two visits."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Something has to be dealt with first; the kiosk looks again from time to time."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Welcome:
    """Old card and form are both accepted; missing names those that cannot be just now."""

    missing: frozenset[OldDocument] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadingDocument:
    """A document was drawn in; its case is looked for."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class CheckingFace:
    """The person looks at the camera. seen: what the last try found.

    gives_no_fingers: An officer does without; the face is still compared, so that it is done.
    """

    visit: Visit
    attempt: int = 1
    seen: str = ""
    gives_no_fingers: bool = False


@dataclass(frozen=True, slots=True)
class CheckingFinger:
    """The face was accepted; the person places the named finger too.

    Attributes:
        asked: Which finger, in ISO's numbers, and which try of it.
        advice: What would make the next try better.
    """

    visit: Visit
    ladder: FingerLadder
    asked: AskFinger
    advice: str = ""


@dataclass(frozen=True, slots=True)
class FetchingCard:
    """The new card is brought inside the presenter and checked there, against this finger."""

    visit: Visit
    position: int


@dataclass(frozen=True, slots=True)
class IsThisRight:
    """The person reads the card's face in big characters."""

    visit: Visit
    card: NewCard


@dataclass(frozen=True, slots=True)
class PresentingCard:
    """The new card moves to the gate."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class TakeNewCard:
    """The new card waits at the gate."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class PuttingAway:
    """The new card stays here; it goes into the bin."""

    visit: Visit
    reason: HandOffReason


@dataclass(frozen=True, slots=True)
class HandingOff:
    """The case goes to the counter with all that was done.

    Attributes:
        recorded: The hand-off is in the journal already.
        document_stays: The old document may not go back: the new card may be out.
        attempts: What was tried of face and fingers, for the officer.
    """

    case_id: UUID
    reason: HandOffReason
    recorded: bool = False
    document_stays: bool = False
    attempts: Attempts | None = None


@dataclass(frozen=True, slots=True)
class ReturningDocument:
    """The old document moves to where the person takes it."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class TakeDocument:
    """The old document waits, as long as it takes: it is never swallowed. late: staff come."""

    ending: Ending
    document: OldDocument
    late: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The person reads what to do next."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class Collected:
    """The new card is with its holder, the old document with us."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Staff are at work; the kiosk serves nobody."""

    at: staff.State


State: TypeAlias = (
    StartingUp
    | OutOfService
    | Welcome
    | ReadingDocument
    | CheckingFace
    | CheckingFinger
    | FetchingCard
    | IsThisRight
    | PresentingCard
    | TakeNewCard
    | PuttingAway
    | HandingOff
    | ReturningDocument
    | TakeDocument
    | Ended
    | Collected
    | Staff
)

# Events


@dataclass(frozen=True, slots=True)
class SwitchedOn:
    """The program runs."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The mechanisms were asked.

    Attributes:
        outcome: What became of a release that was open; None where none was.
        held: A document lies in the kiosk.
        cause: Why nobody can be served; None where all is clear.
    """

    outcome: Outcome | None = None
    held: bool = False
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class TimeToLookAgain:
    """The kiosk has been out of service for a while."""


@dataclass(frozen=True, slots=True)
class WayMissing:
    """This document cannot be accepted just now."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class WayBack:
    """This document can be accepted again."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class DocumentIn:
    """A document was drawn in."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class CaseFound:
    """The document led to a case."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class DocumentUseless:
    """The document led nowhere: unreadable, unknown case, no connection."""

    kind: EndKind


@dataclass(frozen=True, slots=True)
class FaceAccepted:
    """The face is that of the case's portrait."""


@dataclass(frozen=True, slots=True)
class FaceNotAccepted:
    """seen: "no_face", or "unlike"."""

    seen: str


@dataclass(frozen=True, slots=True)
class FingerMatched:
    """The finger is the enrolled one; used_s: how long fingers have taken so far."""

    score: float = 0.0
    quality: int = 0
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FingerNotMatched:
    """The finger is not the enrolled one, too poor to tell, or none: advice "nobody"."""

    advice: str = ""
    quality: int = 0
    score: float = 0.0
    used_s: float = 0.0


@dataclass(frozen=True, slots=True)
class OtherFingerChosen:
    """The person would rather use another enrolled finger."""


@dataclass(frozen=True, slots=True)
class CannotGiveFingers:
    """The person has no fingerprints to give."""


@dataclass(frozen=True, slots=True)
class NewCardReady:
    """The new card is inside, and its chip is this person's."""

    card: NewCard


@dataclass(frozen=True, slots=True)
class SaidRight:
    """The person finds the card's face right."""


@dataclass(frozen=True, slots=True)
class SaidWrong:
    """The person finds something wrong on the card's face."""


@dataclass(frozen=True, slots=True)
class CardPresented:
    """The new card lies at the gate."""


@dataclass(frozen=True, slots=True)
class ReleaseEnded:
    """The release has come to an end, or as far as it goes now."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The hand-off is recorded; the backend may have told the tag."""

    tag_number: str | None = None
    slip: bool = False


@dataclass(frozen=True, slots=True)
class DocumentOffered:
    """A document lies where the person takes it."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class NoDocumentHeld:
    """There is nothing to give back any more."""


@dataclass(frozen=True, slots=True)
class DocumentTaken:
    """The person took the document."""


@dataclass(frozen=True, slots=True)
class DocumentNotTaken:
    """The document still lies there."""


@dataclass(frozen=True, slots=True)
class AskedForStaff:
    """The person touched "Call staff"."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The person has read the last screen."""


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Nobody has touched the kiosk for a while."""


@dataclass(frozen=True, slots=True)
class StaffLetIn:
    """An officer signed in for the work that only this kiosk has: loading and counting."""

    officer: OfficerSession


@dataclass(frozen=True, slots=True)
class EquipmentFailed:
    """Something happened that no flow foresees."""


Event: TypeAlias = (
    SwitchedOn
    | Settled
    | TimeToLookAgain
    | WayMissing
    | WayBack
    | DocumentIn
    | CaseFound
    | DocumentUseless
    | FaceAccepted
    | FaceNotAccepted
    | FingerMatched
    | FingerNotMatched
    | OtherFingerChosen
    | CannotGiveFingers
    | NewCardReady
    | SaidRight
    | SaidWrong
    | CardPresented
    | ReleaseEnded
    | HandedOver
    | DocumentOffered
    | NoDocumentHeld
    | DocumentTaken
    | DocumentNotTaken
    | AskedForStaff
    | Finished
    | PersonLeft
    | StaffLetIn
    | EquipmentFailed
    | staff.Event
)

# Tasks


@dataclass(frozen=True, slots=True)
class Settle:
    """Bring an open release to its end and ask every mechanism what it holds."""


@dataclass(frozen=True, slots=True)
class LookAgainLater:
    """Let some time pass."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Wait for a document."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class Read:
    """Read the document and find its case."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class CheckFace:
    """Compare the person with the case's portrait."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class CheckFinger:
    """Compare a finger with the enrolled one. is_first: the time begins to run."""

    visit: Visit
    position: int
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class RecordIdentified:
    """Write that face and finger are the holder's, and what was tried before.

    card_read: they were compared with the old card, whose chip is genuine.
    """

    case_id: UUID
    position: int
    score: float
    attempts: Attempts
    card_read: bool


@dataclass(frozen=True, slots=True)
class FetchCard:
    """Bring the new card inside the presenter and check its chip there."""

    visit: Visit
    position: int


@dataclass(frozen=True, slots=True)
class PresentCard:
    """Hold the new card at the gate."""


@dataclass(frozen=True, slots=True)
class AwaitNewCardTaken:
    """Give the person time to take the new card, then end the release."""


@dataclass(frozen=True, slots=True)
class PutAway:
    """End the release without the card going out."""

    case_id: UUID
    reason: HandOffReason


@dataclass(frozen=True, slots=True)
class HandOff:
    """Record the hand-off and what was tried, ask for the tag, print the slip."""

    case_id: UUID
    reason: HandOffReason
    recorded: bool
    attempts: Attempts | None = None


@dataclass(frozen=True, slots=True)
class GiveDocumentBack:
    """Move a document that is held to where the person takes it."""


@dataclass(frozen=True, slots=True)
class AwaitDocumentTaken:
    """Wait until the person took it."""

    document: OldDocument


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop what is kept in memory of the person."""


Task: TypeAlias = (
    Settle
    | LookAgainLater
    | Accept
    | Read
    | CheckFace
    | CheckFinger
    | RecordIdentified
    | FetchCard
    | PresentCard
    | AwaitNewCardTaken
    | PutAway
    | HandOff
    | GiveDocumentBack
    | AwaitDocumentTaken
    | Forget
    | staff.Task
)
