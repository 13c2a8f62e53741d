"""The words of a visit to the collection kiosk: its states, events and tasks."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from common.domain.case import OldDocument
from common.domain.finger_ladder import AskFinger, FingerLadder
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.queue import HandOffReason
from common.wire.evidence import Attempts
from common.wire.shapes import CaseView
from kiosk_collection.staff import words as staff

# What a visit carries

OfficeName: TypeAlias = tuple[tuple[Language, str], ...]
"""Of an office, in each language of the house."""

Liveness: TypeAlias = Literal["not_checked", "live"]
"""What is told of a face that was accepted; one that looks flat is not accepted."""

NUMBER_TRIES = 3
"""So often a number and a year may be typed that lead nowhere."""


class Place(StrEnum):
    """Where the new card waits."""

    HERE = "here"
    OTHER_KIOSK = "other_kiosk"
    COUNTER = "counter"
    OTHER_OFFICE = "other_office"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """Whose card is to be collected, and against which document the kiosk holds.

    Attributes:
        document_read: The document itself led to the case; else a typed number and year of birth
            did, and an officer has to look at the document before the card goes out.
        activates: The document is a new card that a proxy collected; the case has the biometrics
            that are in that card.
        is_minor: The holder is under 18: a parent or guardian collects, before an officer.
        office: The name of the office where the card is collected, in each language.
        ready_on: The day that is promised for the card, while it is still to come.
    """

    document: OldDocument
    case: CaseView
    place: Place
    document_read: bool = True
    is_minor: bool = False
    activates: bool = False
    office: OfficeName = ()
    ready_on: date | None = None

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
    INTERRUPTED = "interrupted"
    NOT_READY = "not_ready"
    OTHER_OFFICE = "other_office"
    OTHER_KIOSK = "other_kiosk"
    WRONG_DOCUMENT = "wrong_document"
    UNREADABLE = "unreadable"
    ZONE_UNREADABLE = "zone_unreadable"
    CARD_DOUBTFUL = "card_doubtful"
    CARD_NOT_VALID = "card_not_valid"
    CARD_FOREIGN = "card_foreign"
    UNKNOWN_CASE = "unknown_case"
    NUMBER_UNKNOWN = "number_unknown"
    ACTIVATED = "activated"
    NO_CONNECTION = "no_connection"
    COUNTER = "counter"
    ASKED_FOR_STAFF = "asked_for_staff"


UNTOLD = frozenset({EndKind.LEFT, EndKind.INTERRUPTED})
"""After these nobody reads a last screen: the document in hand is the end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the person is told at the end.

    Attributes:
        reason: Why the case was handed off, with COUNTER.
        tag_number: The tag at the counter, where the backend told it in time.
        slip: A slip came out.
        ready_on: The day that the card will be ready, with NOT_READY; None where none is promised.
        office: Where it is collected, with NOT_READY and OTHER_OFFICE.
        expects: The document to bring, with WRONG_DOCUMENT.
        document_stays: The old document could not be given back; an officer fetches it.
        kiosk: The kiosk that has the card, with OTHER_KIOSK.
    """

    kind: EndKind
    reason: HandOffReason | None = None
    tag_number: str | None = None
    slip: bool = False
    ready_on: date | None = None
    expects: OldDocument | None = None
    document_stays: bool = False
    office: OfficeName = ()
    kiosk: str = ""


class Cause(StrEnum):
    """Why the kiosk serves nobody."""

    STUCK = "stuck"
    DEVICES = "devices"
    FULL = "full"
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
class Unread:
    """The document could not be read. It can come back for another try, or a number be typed."""

    document: OldDocument
    kind: EndKind


@dataclass(frozen=True, slots=True)
class TypingNumber:
    """The person types the card's number. wrong: how often it led nowhere."""

    document: OldDocument
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class TypingYear:
    """The person types the year of birth too: the number alone is on many papers."""

    document: OldDocument
    number: IdentityNumber = field(repr=False)
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class FindingByNumber:
    """The case of what was typed is looked for."""

    document: OldDocument
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class CardElsewhere:
    """The card waits at another office; the person goes there, or has it sent here."""

    visit: Visit


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
        liveness: What the face's motion told, for the record.
    """

    visit: Visit
    ladder: FingerLadder
    asked: AskFinger
    advice: str = ""
    liveness: Liveness = "not_checked"


@dataclass(frozen=True, slots=True)
class FetchingCard:
    """The new card is brought inside the presenter and checked there, against this finger."""

    visit: Visit
    position: int


@dataclass(frozen=True, slots=True)
class Activating:
    """The holder was compared with a card that a proxy collected; it begins to count."""

    visit: Visit


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
    """The new card waits at the gate. asked: the person is asked whether to wait longer."""

    visit: Visit
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Concluding:
    """The new card lies at the gate no longer, or its sensor is silent: the release ends."""

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

    document: OldDocument


@dataclass(frozen=True, slots=True)
class Staff:
    """Staff are at work; the kiosk serves nobody."""

    at: staff.State


State: TypeAlias = (
    StartingUp
    | OutOfService
    | Welcome
    | ReadingDocument
    | Unread
    | TypingNumber
    | TypingYear
    | FindingByNumber
    | CardElsewhere
    | CheckingFace
    | CheckingFinger
    | FetchingCard
    | Activating
    | IsThisRight
    | PresentingCard
    | TakeNewCard
    | Concluding
    | PuttingAway
    | HandingOff
    | ReturningDocument
    | TakeDocument
    | Ended
    | Collected
    | Staff
)
