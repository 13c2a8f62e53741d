"""A visit to the registration kiosk: called tag, old card, two thumbs, particulars, form.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from common.domain.card_problem import MAY_TRY_AGAIN, CardProblem
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason
from common.flow.machine import Step
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import CaseView, Particulars, TagView
from kiosk_registration.form import page_of

CARD_TRIES = 3
FINGER_TRIES = 3
ORDER_OF_FINGERS = (1, 6, 2, 7, 3, 8, 4, 9, 5, 10)
"""Thumbs first, right before left: the law's two fingers, where they are enrolled."""
FINGERS_ASKED = 2
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

    def __repr__(self) -> str:
        return "OldCard(<redacted>)"


@dataclass(frozen=True, slots=True)
class FingerTaken:
    """A finger just given that is the holder's."""

    position: int
    score: float
    template: FingerTemplate


@dataclass(frozen=True, slots=True, repr=False)
class OpenCase:
    """The case in work.

    Attributes:
        number: The tag's, the only thing of it that a screen may always show.
        done: The backend's marks of what is done already.
        card_inside: Whether the old card is in this kiosk.
        token: What the code on the slip says.
    """

    case_id: UUID
    number: str
    identity_number: IdentityNumber
    particulars: Particulars
    done: frozenset[str] = frozenset()
    card_inside: bool = False
    token: str = ""

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
    """A finger is asked for: the right hand's before the left's.

    Attributes:
        position: Which finger, in ISO's numbers.
        attempt: From 1.
        advice: What was wrong with the last try; None at the first.
        taken: Fingers that are the holder's already.
        left: Positions still to ask for after this one.
    """

    case: OpenCase
    card: OldCard
    position: int
    attempt: int = 1
    advice: FingerAdvice | None = None
    nobody: bool = False
    taken: tuple[FingerTaken, ...] = ()
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SavingHolder:
    """Who the person is, and the new fingers, go into the journal."""

    case: OpenCase
    taken: tuple[FingerTaken, ...]


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
    """The hand-over to an officer is kept."""

    case: OpenCase
    reason: HandOffReason


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
    """The finger is the holder's."""

    taken: FingerTaken


@dataclass(frozen=True, slots=True)
class FingerNotMatched:
    """It is not, or too poor to tell; advice None: nobody put a finger there."""

    advice: FingerAdvice | None


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
    | CardInserted
    | CardRead
    | CardNotRead
    | FingerMatched
    | FingerNotMatched
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
    """Take a finger and compare it with the card's."""

    fingers: tuple[tuple[int, FingerTemplate], ...]
    position: int


@dataclass(frozen=True, slots=True)
class SaveHolder:
    """Keep who the person is, the new fingers, and what the card added to the form."""

    case: OpenCase
    taken: tuple[FingerTaken, ...]


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
    """Keep that an officer goes on, and why."""

    case_id: UUID
    reason: HandOffReason


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
        case CheckingFinger(_, card, position):
            return Step(state, (CheckFinger(card.fingers, position),))
        case SavingHolder(case, taken):
            return Step(state, (SaveHolder(case, taken),))
        case PrintingForm(case):
            return Step(state, (FinishForm(case),))
        case HandingOff(case, reason):
            return Step(state, (SaveHandOff(case.case_id, reason),))
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
        case AskingConsent(case) | InsertingCard(case) | CheckingFinger(case), CannotGiveFingers():
            return enter(HandingOff(case, HandOffReason.NO_FINGERPRINTS))

        case InsertingCard(case, tries), CardInserted():
            return enter(ReadingCard(replace(case, card_inside=True), tries))
        case ReadingCard(case), CardRead(card) if card.identity_number != case.identity_number:
            return enter(HandingOff(case, HandOffReason.CARD_OF_ANOTHER))
        case ReadingCard(case), CardRead(card):
            return _first_finger(case, card)
        case ReadingCard(case), CardNotRead(problem) if problem not in MAY_TRY_AGAIN:
            return enter(HandingOff(case, HandOffReason.CARD_DOUBTFUL))
        case ReadingCard(case, tries), CardNotRead(problem) if tries + 1 < CARD_TRIES:
            without = replace(case, card_inside=False)
            return enter(ReturningCard(InsertingCard(without, tries + 1, problem)))
        case ReadingCard(case), CardNotRead():
            return enter(HandingOff(case, HandOffReason.CARD_UNREADABLE))

        case CheckingFinger(taken=taken), FingerMatched(finger):
            return _next_finger(replace(state, taken=(*taken, finger)))
        case CheckingFinger(attempt=attempt), FingerNotMatched(advice) if attempt < FINGER_TRIES:
            return enter(replace(state, attempt=attempt + 1, advice=advice, nobody=advice is None))
        case CheckingFinger(), FingerNotMatched():
            return _next_finger(state)

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
    )


def _begin(case: OpenCase) -> Step[State, Task]:
    """Go on where the case stands: nobody is asked twice."""
    if "registered" in case.done:
        return enter(NotYourTurn(NotYet.DONE_HERE))
    if {"identified", "enrolled"} <= case.done:
        return _check_form(case)
    return enter(AskingConsent(case))


def _first_finger(case: OpenCase, card: OldCard) -> Step[State, Task]:
    enrolled = {position for position, _ in card.fingers}
    positions = tuple(p for p in ORDER_OF_FINGERS if p in enrolled)[:FINGERS_ASKED]
    if not positions:
        # The card holds no fingers (a child's, or an exception): an officer compares the face.
        return enter(HandingOff(case, HandOffReason.NO_FINGERPRINTS))
    filled = replace(case, particulars=_with_card(case.particulars, card))
    return enter(CheckingFinger(filled, card, positions[0], left=positions[1:]))


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


def _next_finger(state: CheckingFinger) -> Step[State, Task]:
    if state.left:
        return enter(
            replace(
                state,
                position=state.left[0],
                left=state.left[1:],
                attempt=1,
                advice=None,
                nobody=False,
            )
        )
    if not state.taken:
        return enter(HandingOff(state.case, HandOffReason.FINGER_NOT_MATCHED))
    return enter(SavingHolder(state.case, state.taken))


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
            | FillingGap(case)
            | CheckingParticulars(case)
        ):
            return enter(HandingOff(case, HandOffReason.ASKED_FOR_STAFF))
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
            | SavingHolder(case)
            | FillingGap(case)
            | CheckingParticulars(case)
            | PrintingForm(case)
        ):
            return enter(HandingOff(case, HandOffReason.EQUIPMENT_FAILED))
        case _:
            return enter(StartingUp())
