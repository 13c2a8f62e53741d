"""The states of a visit to the registration kiosk: what is going on."""

from dataclasses import dataclass, field
from typing import TypeAlias

from common.domain.card_problem import CardProblem
from common.domain.finger_ladder import AskFinger, FingerLadder
from common.domain.portrait import PortraitRule
from common.domain.queue import HandOffReason
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import FingerEnrolment
from common.wire.shapes import TagView
from kiosk_registration.words import (
    CodeTrouble,
    Contact,
    FingerTaken,
    HolderProof,
    NotYet,
    OfficeChoice,
    OldCard,
    OpenCase,
    Shot,
    WrongCard,
)


@dataclass(frozen=True, slots=True)
class StartingUp:
    """The kiosk looks at its devices, and for a card left inside, before it says welcome."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A device without which nobody can be served is missing; it is looked for again."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Nobody is here. The next tag is called to this kiosk; a tag shown is read.

    Attributes:
        line: Whether the office answers: without it nobody is called.
    """

    line: bool = True


@dataclass(frozen=True, slots=True)
class Calling:
    """A tag is called to this kiosk.

    Attributes:
        camera: Whether a slip can be shown; where it cannot, its holder says so by a touch, and
            the card proves it.
    """

    tag: TagView
    recalls: int = 0
    camera: bool = True


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
    """The old card is asked for. tries counts cards that would not do, problem says why."""

    case: OpenCase
    tries: int = 0
    problem: CardProblem | WrongCard | None = None


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """The old card is inside."""

    case: OpenCase
    tries: int = 0


@dataclass(frozen=True, slots=True)
class CheckingCard:
    """The office is asked how the card stands, and whether its holder was called up."""

    case: OpenCase
    card: OldCard


@dataclass(frozen=True, slots=True)
class AskingExcuse:
    """The person was called up for an earlier time, and declares why they come only now."""

    case: OpenCase
    card: OldCard


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
    """A page of the form that has a gap, or of which the person says that it has changed."""

    case: OpenCase
    page: int
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class CheckingParticulars:
    """The person reads the form: is this right, has anything changed?"""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class ChoosingChange:
    """What has changed?"""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class NeedsAlteration:
    """What stands on the card changes only by an alteration with a fee: stop, or go on without."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class FindingOffices:
    """The list of offices where the new card can be collected is fetched."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class ChoosingOffice:
    """Where shall the new card be collected?"""

    case: OpenCase
    offices: tuple[OfficeChoice, ...]


@dataclass(frozen=True, slots=True)
class AskingMobile:
    """Where shall notices go, and in which language? Nobody has to say."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class SendingCode:
    """A code is on its way to the number."""

    case: OpenCase
    contact: Contact


@dataclass(frozen=True, slots=True)
class TypingCode:
    """The person types the code. trouble: what was wrong with the last one."""

    case: OpenCase
    contact: Contact
    trouble: CodeTrouble | None = None


@dataclass(frozen=True, slots=True)
class CheckingCode:
    """The code is held against the one that was sent."""

    case: OpenCase
    contact: Contact
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeSkipped:
    """The number is not checked now; the visit goes on."""

    case: OpenCase
    why: CodeTrouble


@dataclass(frozen=True, slots=True)
class PreparingPhotograph:
    """Before the first photograph: how to sit, and that an officer may take it instead."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class Photographing:
    """The live picture with a hint.

    Attributes:
        shots: Those taken so far.
        hint: The first rule that the live picture does not keep; None where it keeps all.
        is_seen: Whether the live picture was judged yet.
    """

    case: OpenCase
    shots: tuple[Shot, ...] = ()
    hint: PortraitRule | None = None
    is_seen: bool = False


@dataclass(frozen=True, slots=True)
class TakingShot:
    """The picture is being taken and checked."""

    case: OpenCase
    shots: tuple[Shot, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoosingShot:
    """The person chooses among those that keep every rule."""

    case: OpenCase
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True)
class NoGoodPhotograph:
    """An officer takes the photograph at the booth."""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class Signing:
    """The person signs on the pad. attempt counts from 1."""

    case: OpenCase
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class ShowingSignature:
    """The signature as it will be kept: good, or once more?"""

    case: OpenCase
    png: bytes = field(repr=False)
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class ChoosingPaper:
    """The form on paper, or kept electronically?"""

    case: OpenCase


@dataclass(frozen=True, slots=True)
class PrintingForm:
    """The confirmed form is printed where that is wanted, and the registration is finished."""

    case: OpenCase
    on_paper: bool = True


@dataclass(frozen=True, slots=True)
class HandingOff:
    """The hand-over to an officer is kept, with what was tried here."""

    case: OpenCase
    reason: HandOffReason
    ladder: FingerLadder | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Done here; the tag will be called to a booth.

    Attributes:
        printed: The form came out here.
        electronic: The person wanted no paper.
        sent: The office knows already; else this kiosk tells it as soon as it can.
        photographed: Only an officer's look at the photograph is left.
    """

    number: str
    printed: bool
    electronic: bool = False
    sent: bool = True
    photographed: bool = False


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
    | CheckingCard
    | AskingExcuse
    | CheckingFinger
    | EnrollingFinger
    | CheckingFace
    | SavingHolder
    | FillingGap
    | CheckingParticulars
    | ChoosingChange
    | NeedsAlteration
    | FindingOffices
    | ChoosingOffice
    | AskingMobile
    | SendingCode
    | TypingCode
    | CheckingCode
    | CodeSkipped
    | PreparingPhotograph
    | Photographing
    | TakingShot
    | ChoosingShot
    | NoGoodPhotograph
    | Signing
    | ShowingSignature
    | ChoosingPaper
    | PrintingForm
    | HandingOff
    | Registered
    | HandedOff
    | GoToStaff
    | ReturningCard
    | TakeCard
    | CardStuck
)
