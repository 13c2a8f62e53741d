"""What happens in a visit to the collection kiosk: touches, and the answers of its devices."""

from dataclasses import dataclass, field
from typing import TypeAlias

from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.wire.shapes import OfficerSession
from kiosk_collection.outcome import Outcome
from kiosk_collection.staff import words as staff
from kiosk_collection.visit import Cause, EndKind, Liveness, NewCard, Visit


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
class DocumentFound:
    """A mouth that answers again holds what somebody before left in it."""


@dataclass(frozen=True, slots=True)
class CaseFound:
    """The document led to a case."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class DocumentUseless:
    """The document led nowhere: unreadable, unknown case, no connection."""

    kind: EndKind


@dataclass(frozen=True, slots=True)
class TypingChosen:
    """The person would rather type the card's number."""


@dataclass(frozen=True, slots=True)
class DocumentWanted:
    """The person wants the document back: for another try, or to go where the card is."""


@dataclass(frozen=True, slots=True)
class NumberTyped:
    """The number was typed, and its check digit is right."""

    number: IdentityNumber = field(repr=False)


@dataclass(frozen=True, slots=True)
class YearTyped:
    """The year of birth was typed."""

    year: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class WentBack:
    """The person wants the page before."""


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Number and year lead to no case; which of them is wrong is told to nobody."""


@dataclass(frozen=True, slots=True)
class SendingWanted:
    """The person wants to collect here, and the card is at another office."""


@dataclass(frozen=True, slots=True)
class CollectsForAnother:
    """The person is not the holder, and says so."""


@dataclass(frozen=True, slots=True)
class FaceAccepted:
    """The face is that of the case's portrait. liveness: what its motion told."""

    liveness: Liveness = "not_checked"


@dataclass(frozen=True, slots=True)
class FaceNotAccepted:
    """seen: "no_face", "unlike", or "flat": it moves as a picture does."""

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
class Activated:
    """The card counts from now on."""


@dataclass(frozen=True, slots=True)
class NotActivated:
    """The backend does not let the card count, or does not answer."""


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
class NewCardWaits:
    """The new card has lain at the gate for a while, and still does."""


@dataclass(frozen=True, slots=True)
class NewCardLeft:
    """The new card still lies at the gate, and nobody said that it is wanted."""


@dataclass(frozen=True, slots=True)
class NewCardGone:
    """The new card is not seen at the gate any more."""


@dataclass(frozen=True, slots=True)
class MoreTimeWanted:
    """The person is still here, and will take the card."""


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
    | DocumentFound
    | CaseFound
    | DocumentUseless
    | TypingChosen
    | DocumentWanted
    | NumberTyped
    | YearTyped
    | WentBack
    | NothingFound
    | SendingWanted
    | CollectsForAnother
    | FaceAccepted
    | FaceNotAccepted
    | FingerMatched
    | FingerNotMatched
    | OtherFingerChosen
    | CannotGiveFingers
    | NewCardReady
    | Activated
    | NotActivated
    | SaidRight
    | SaidWrong
    | CardPresented
    | NewCardWaits
    | NewCardLeft
    | NewCardGone
    | MoreTimeWanted
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
