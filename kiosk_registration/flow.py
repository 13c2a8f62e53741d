"""A visit to the registration kiosk: called tag, old card, two fingers, particulars, form.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
What follows a finger that does not read is the ladder's to say (common.domain.finger_ladder).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from common.domain.biometrics import FINGERS_WANTED
from common.domain.card_problem import MAY_TRY_AGAIN, CardProblem
from common.domain.finger_ladder import (
    AskFace,
    AskFinger,
    AskOfficer,
    FingerLadder,
    FingerTry,
    Proven,
)
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason
from common.flow.machine import Step
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import Capture, FingerEnrolment, Kept
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import CaseView, Particulars, TagView
from kiosk_registration.form import page_of

CARD_TRIES = 3
RECALLS = 1


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
class ShowFor:
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

TELL_S = 12.0
DONE_S = 15.0
REST_S = 10.0


def enter(state: State) -> Step[State, Task]:
    """Return the step into a state, with what the station has to do there."""
    match state:
        case StartingUp():
            return Step(state, (LookAtDevices(),))
        case OutOfService():
            return Step(state, (ShowFor(REST_S),))
        case Welcome():
            return Step(state, (CallNext(), WatchForTag()))
        case Calling(tag):
            return Step(state, (WatchForTag(), AwaitVisitor(tag)))
        case Arriving(token):
            return Step(state, (OpenCaseOf(token),))
        case NotYourTurn():
            return Step(state, (ShowFor(TELL_S),))
        case InsertingCard():
            return Step(state, (AwaitCard(),))
        case ReadingCard():
            return Step(state, (ReadCard(),))
        case CheckingFinger(_, card, ladder, asked):
            is_first = not (ladder.tries or ladder.excepted)
            return Step(state, (CheckFinger(card.fingers, asked.position, is_first),))
        case EnrollingFinger(_, card, _, enrolment):
            known = (*card.impressions(enrolment.position), *_first(enrolment))
            task = CaptureFinger(enrolment.position, enrolment.captures, known)
            return Step(state, (task,))
        case CheckingFace(_, card):
            return Step(state, (CheckFace(card.portrait_jpeg),))
        case SavingHolder(case, proof):
            return Step(state, (SaveHolder(case, proof),))
        case PrintingForm(case):
            return Step(state, (FinishForm(case),))
        case HandingOff(case, reason, ladder):
            return Step(state, (SaveHandOff(case.case_id, reason, ladder),))
        case Registered() | HandedOff() | GoToStaff():
            return Step(state, (ShowFor(DONE_S),))
        case ReturningCard():
            return Step(state, (GiveCardBack(),))
        case TakeCard():
            return Step(state, (AwaitCardTaken(),))
        case CardStuck():
            return Step(state, (FreeCard(),))
        case _:
            return Step(state)


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case StartingUp(), Started():
            return enter(state)
        case StartingUp(), ReadyToServe():
            return enter(Welcome())
        case StartingUp(), CardFoundInside():
            return enter(ReturningCard(Welcome()))
        case StartingUp(), DeviceMissing():
            return enter(OutOfService())

        case Welcome(), TagCalled(tag):
            return enter(Calling(tag))
        case Welcome(), TagShown(token):
            return enter(Arriving(token))
        case Calling(tag), TagShown(token):
            return enter(Arriving(token, tag))
        case Calling(tag, recalls), NobodyCame() if recalls < RECALLS:
            again = enter(Calling(tag, recalls + 1))
            return Step(again.state, (CallAgain(tag), *again.tasks))
        case Calling(tag), NobodyCame():
            return _then(MissTag(tag), enter(StartingUp()))
        case Calling(), CallEnded():
            return enter(StartingUp())

        case Arriving(), CaseOpened(case):
            return _begin(case)
        case Arriving(_, called), TagNotServed(why, place, ahead):
            return enter(NotYourTurn(why, place, ahead, called))
        case NotYourTurn(called=None), ReadLongEnough() | Finished() | PersonLeft():
            return enter(StartingUp())
        case NotYourTurn(called=TagView() as tag), ReadLongEnough() | Finished() | PersonLeft():
            return enter(Calling(tag, RECALLS))

        case AskingConsent(case), Consented():
            return enter(InsertingCard(case))
        case AskingConsent(case), CannotGiveFingers():
            return enter(InsertingCard(replace(case, gives_no_fingers=True)))
        case InsertingCard(case), CannotGiveFingers():
            return enter(replace(state, case=replace(case, gives_no_fingers=True)))

        case InsertingCard(case, tries), CardInserted():
            return enter(ReadingCard(replace(case, card_inside=True), tries))
        case ReadingCard(case), CardRead(card) if card.identity_number != case.identity_number:
            return enter(HandingOff(case, HandOffReason.CARD_OF_ANOTHER))
        case ReadingCard(case), CardRead(card):
            return _begin_fingers(case, card)
        case ReadingCard(case), CardNotRead(problem) if problem not in MAY_TRY_AGAIN:
            return enter(HandingOff(case, HandOffReason.CARD_DOUBTFUL))
        case ReadingCard(case, tries), CardNotRead(problem) if tries + 1 < CARD_TRIES:
            without = replace(case, card_inside=False)
            return enter(ReturningCard(InsertingCard(without, tries + 1, problem)))
        case ReadingCard(case), CardNotRead():
            return enter(HandingOff(case, HandOffReason.CARD_UNREADABLE))

        case CheckingFinger() | EnrollingFinger() | CheckingFace(), _ if step := _prove(
            state, event
        ):
            return step

        case SavingHolder(case), HolderSaved():
            return _check_form(case)

        case FillingGap(case), PageFilled(particulars):
            step = _check_form(replace(case, particulars=particulars))
            return Step(step.state, (SaveForm(case.case_id, particulars), *step.tasks))
        case CheckingParticulars(case), ParticularsRight():
            return enter(PrintingForm(case))
        case CheckingParticulars(case), ParticularsWrong():
            return enter(HandingOff(case, HandOffReason.PARTICULARS_WRONG))
        case PrintingForm(case), FormFinished(printed):
            return _end(case, Registered(case.number, printed))

        case HandingOff(case, reason), HandOffSaved():
            return _end(case, HandedOff(case.number, reason))

        case ReturningCard(then), CardAtGate():
            return enter(TakeCard(then))
        case CardStuck(), CardAtGate():
            return enter(TakeCard(Welcome()))
        case ReturningCard(then) | TakeCard(then), CardTaken():
            return _after_card(then)
        case CardStuck(), CardTaken():
            return enter(StartingUp())
        case TakeCard(then, late), CardNotTaken():
            return Step(state, (AwaitCardTaken(),)) if late else enter(TakeCard(then, late=True))

        case OutOfService(), ReadLongEnough():
            return enter(StartingUp())
        case Registered() | HandedOff() | GoToStaff(), ReadLongEnough() | Finished():
            return enter(StartingUp())

        case _, AskedForStaff():
            return _call_staff(state)
        case _, PersonLeft():
            return _person_left(state)
        case _, EquipmentFailed():
            return _equipment_failed(state)
        case _:
            return Step(state)


def _prove(
    state: CheckingFinger | EnrollingFinger | CheckingFace, event: Event
) -> Step[State, Task] | None:
    """Return what a finger or a face leads to; None where the event is about something else."""
    match state, event:
        case CheckingFinger(), FingerMatched():
            return _enrol(state, event)
        case CheckingFinger(), FingerNotMatched():
            return _after_poor_finger(state, event)
        case CheckingFinger(ladder=ladder, asked=asked), CannotGiveThisFinger():
            return _climb(replace(state, ladder=ladder.without(asked.position)))
        case CheckingFinger(ladder=ladder), CannotGiveFingers():
            return _climb(replace(state, ladder=ladder.without_fingers()))

        case EnrollingFinger(), FingerCaptured(capture, advice, used_s):
            enrolment = state.enrolment.captured(capture)
            return _after_capture(state, enrolment, advice, used_s)
        case EnrollingFinger(), FingerNotCaptured(advice, used_s):
            return _after_capture(state, state.enrolment.missed(), advice, used_s)
        case EnrollingFinger(ladder=ladder), CannotGiveFingers() | CannotGiveThisFinger():
            if isinstance(event, CannotGiveFingers):
                ladder = ladder.without_fingers()
            ended = replace(state, ladder=ladder)
            return _after_capture(ended, state.enrolment.ended(), None, ladder.used_s)

        case CheckingFace(case, _, ladder), FaceAccepted(score):
            seen = ladder.face_seen(accepted=True)
            return enter(SavingHolder(case, HolderProof("face", seen, score)))
        case CheckingFace(case, card, ladder), FaceNotAccepted(seen):
            tried = ladder.face_seen(accepted=False, why=seen)
            return _after_fingers(case, card, tried, (), seen)
        case _:
            return None


def _end(case: OpenCase, then: AfterCard) -> Step[State, Task]:
    """End the work on a case: the card goes back first, if it is here."""
    return enter(ReturningCard(then)) if case.card_inside else _after_card(then)


def _after_card(then: AfterCard) -> Step[State, Task]:
    # Before the next visitor the devices are asked again, so a broken kiosk calls nobody.
    return enter(StartingUp() if isinstance(then, Welcome) else then)


def _then(task: Task, step: Step[State, Task]) -> Step[State, Task]:
    return Step(step.state, (task, *step.tasks))


def opened(view: CaseView, number: IdentityNumber) -> OpenCase:
    """Take from a case what this kiosk needs."""
    return OpenCase(
        case_id=view.case_id,
        number=view.tag.number if view.tag else "",
        identity_number=number,
        particulars=view.particulars,
        done=frozenset(view.done),
        token=view.tag.token if view.tag else "",
        twin=view.twin,
    )


def _begin(case: OpenCase) -> Step[State, Task]:
    """Go on where the case stands: nobody is asked twice."""
    if "registered" in case.done:
        return enter(NotYourTurn(NotYet.DONE_HERE))
    if "identified" in case.done and case.done & {"enrolled", "attempted"}:
        return _check_form(case)
    return enter(AskingConsent(case))


def _begin_fingers(case: OpenCase, card: OldCard) -> Step[State, Task]:
    """Fingers first; a card without any (a child's, or an exception) leads to the face at once."""
    filled = replace(case, particulars=_with_card(case.particulars, card))
    enrolled = [position for position, _ in card.fingers]
    may = not case.twin and bool(card.portrait_jpeg)
    ladder = FingerLadder.over(enrolled, FINGERS_WANTED, face_may_do=may)
    if case.gives_no_fingers:
        ladder = ladder.without_fingers()
    return _after_fingers(filled, card, ladder, ())


def _with_card(form: Particulars, card: OldCard) -> Particulars:
    """Fill gaps of the form with what the card says. What a person wrote is left as it is."""
    known = {
        "surname": card.surname,
        "given_names": card.given_names,
        "chinese_name": card.chinese_name[:6],
        "sex": card.sex if card.sex in ("M", "F") else "",
        "date_of_birth": card.date_of_birth,
    }
    return form.model_copy(
        update={name: value for name, value in known.items() if not getattr(form, name)}
    )


def _enrol(state: CheckingFinger, matched: FingerMatched) -> Step[State, Task]:
    """The finger is the holder's: it goes onto the new card, if the time allows."""
    position, template = state.asked.position, matched.template
    one = FingerTry(position, matched=True, quality=template.quality, score=matched.score)
    ladder = state.ladder.tried(one, matched.used_s)
    enrolling = EnrollingFinger(
        state.case,
        state.card,
        ladder,
        FingerEnrolment.of(position, template),
        matched.score,
        taken=state.taken,
    )
    return _ended_enrolment(enrolling) if ladder.is_late else enter(enrolling)


def _after_poor_finger(state: CheckingFinger, poor: FingerNotMatched) -> Step[State, Task]:
    why = "nobody" if poor.advice is None else poor.advice.value
    one = FingerTry(state.asked.position, quality=poor.quality, score=poor.score, advice=why)
    return _climb(replace(state, ladder=state.ladder.tried(one, poor.used_s)), poor)


def _after_capture(
    state: EnrollingFinger, enrolment: FingerEnrolment, advice: FingerAdvice | None, used_s: float
) -> Step[State, Task]:
    ladder = state.ladder.at(used_s)
    moved = replace(state, ladder=ladder, enrolment=enrolment)
    if enrolment.is_done or ladder.is_late:
        return _ended_enrolment(moved)
    was_good = len(enrolment.captures) > len(state.enrolment.captures)
    return enter(replace(moved, advice=advice, nobody=advice is None and not was_good))


def _ended_enrolment(state: EnrollingFinger) -> Step[State, Task]:
    """Keep what is good enough; a finger of which nothing is makes room for another one."""
    kept = state.enrolment.kept
    taken = (*state.taken, FingerTaken(state.enrolment.position, state.score, kept))
    ladder = state.ladder if kept else replace(state.ladder, wanted=state.ladder.wanted + 1)
    return _after_fingers(state.case, state.card, ladder, taken)


def _climb(state: CheckingFinger, poor: FingerNotMatched | None = None) -> Step[State, Task]:
    """Go on after a finger that proved nothing, with advice while it is the same finger."""
    step = _after_fingers(state.case, state.card, state.ladder, state.taken)
    now = step.state
    if poor is None or not isinstance(now, CheckingFinger):
        return step
    if now.asked.position != state.asked.position:
        return step
    return enter(replace(now, advice=poor.advice, nobody=poor.advice is None))


def _after_fingers(
    case: OpenCase,
    card: OldCard,
    ladder: FingerLadder,
    taken: tuple[FingerTaken, ...],
    seen: str = "",
) -> Step[State, Task]:
    """Do what the ladder says comes next."""
    match ladder.rung():
        case AskFinger() as asked:
            return enter(CheckingFinger(case, card, ladder, asked, taken=taken))
        case AskFace(attempt):
            return enter(CheckingFace(case, card, ladder, attempt, seen))
        case Proven():
            score = max((one.score for one in taken), default=0.0)
            return enter(SavingHolder(case, HolderProof("finger", ladder, score, taken)))
        case AskOfficer():
            return enter(HandingOff(case, _why(ladder), ladder))


def _why(ladder: FingerLadder) -> HandOffReason:
    if "unlike" in ladder.face_tries:
        return HandOffReason.FACE_NOT_MATCHED
    if ladder.declined or not ladder.tries:
        return HandOffReason.NO_FINGERPRINTS
    return HandOffReason.FINGER_NOT_MATCHED


def _first(enrolment: FingerEnrolment) -> tuple[FingerTemplate, ...]:
    return tuple(one.template for one in enrolment.captures[:1])


def _tried(state: State) -> FingerLadder | None:
    match state:
        case CheckingFinger() | EnrollingFinger() | CheckingFace():
            return state.ladder
        case _:
            return None


def _check_form(case: OpenCase) -> Step[State, Task]:
    if missing := case.particulars.missing():
        return enter(FillingGap(case, page_of(missing[0])))
    if "particulars_confirmed" in case.done:
        return enter(PrintingForm(case))
    return enter(CheckingParticulars(case))


def _call_staff(state: State) -> Step[State, Task]:
    match state:
        case (
            AskingConsent(case)
            | InsertingCard(case)
            | CheckingFinger(case)
            | EnrollingFinger(case)
            | CheckingFace(case)
            | FillingGap(case)
            | CheckingParticulars(case)
        ):
            return enter(HandingOff(case, HandOffReason.ASKED_FOR_STAFF, _tried(state)))
        case _:
            return Step(state)


def _person_left(state: State) -> Step[State, Task]:
    """Wipe the screen and give a card back. The tag can be shown again: what is done stays done."""
    match state:
        case (
            AskingConsent(case)
            | InsertingCard(case)
            | ReadingCard(case)
            | CheckingFinger(case)
            | EnrollingFinger(case)
            | CheckingFace(case)
            | FillingGap(case)
            | CheckingParticulars(case)
        ):
            return _end(case, Welcome())
        case Registered() | HandedOff() | GoToStaff():
            return enter(StartingUp())
        case ReturningCard(InsertingCard()):
            return enter(ReturningCard(Welcome()))
        case TakeCard(InsertingCard(), late):
            return enter(TakeCard(Welcome(), late))
        case _:
            return Step(state)


def _equipment_failed(state: State) -> Step[State, Task]:
    match state:
        case OutOfService() | CardStuck():
            return enter(state)
        case StartingUp() | Welcome():
            return enter(OutOfService())
        case HandingOff(case):
            return _end(case, GoToStaff(case.number))
        case ReturningCard() | TakeCard():
            return enter(CardStuck())
        case (
            AskingConsent(case)
            | InsertingCard(case)
            | ReadingCard(case)
            | CheckingFinger(case)
            | EnrollingFinger(case)
            | CheckingFace(case)
            | SavingHolder(case)
            | FillingGap(case)
            | CheckingParticulars(case)
            | PrintingForm(case)
        ):
            return enter(HandingOff(case, HandOffReason.EQUIPMENT_FAILED, _tried(state)))
        case _:
            return enter(StartingUp())
