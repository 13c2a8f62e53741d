"""What a visit to the collection kiosk asks its station to do."""

from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason
from common.wire.evidence import Attempts
from kiosk_collection.staff import words as staff
from kiosk_collection.visit import Liveness, Visit


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
class FindByNumber:
    """Find the case of a typed number, if the year of birth is its person's."""

    document: OldDocument
    number: IdentityNumber = field(repr=False)
    year: int = field(repr=False)


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
    liveness: Liveness = "not_checked"


@dataclass(frozen=True, slots=True)
class FetchCard:
    """Bring the new card inside the presenter and check its chip there."""

    visit: Visit
    position: int


@dataclass(frozen=True, slots=True)
class Activate:
    """Let a card count that a proxy collected."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class PresentCard:
    """Hold the new card at the gate."""


@dataclass(frozen=True, slots=True)
class AwaitNewCardTaken:
    """Give the person time to take the new card; nothing is moved. is_last: they were asked."""

    is_last: bool = False


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
    | FindByNumber
    | CheckFace
    | CheckFinger
    | RecordIdentified
    | FetchCard
    | Activate
    | PresentCard
    | AwaitNewCardTaken
    | PutAway
    | HandOff
    | GiveDocumentBack
    | AwaitDocumentTaken
    | Forget
    | staff.Task
)
