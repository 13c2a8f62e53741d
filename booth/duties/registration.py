"""Registration: a called tag becomes a submitted case with a receipt in the applicant's hand.

Read next_step from top to bottom: it is the whole visit to the booth.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from booth.case_book import Todo, after, todo
from booth.duties import fingers, second_officer, taking
from booth.duties.fingers import ExceptingFingers, FingersExcused
from booth.duties.queueing import (
    FindOpenCase,
    QueueAct,
    QueueState,
    QueueTask,
    Ready,
    Resuming,
    TellingQueue,
    in_queue,
)
from booth.duties.second_officer import AskingSecondOfficer, SecondOfficerConfirmed
from booth.duties.shared import (
    BackAsked,
    CaseOpened,
    Failed,
    Note,
    Record,
    Recorded,
    TryAgainAsked,
)
from booth.duties.taking import ChoosingFinger, FingerKept, KeepingFinger
from common.domain.portrait import Finding
from common.domain.queue import Stage
from common.flow.machine import Step
from common.wire import facts
from common.wire.facts import (
    FingersEnrolled,
    FingersExcepted,
    HolderIdentified,
    ParticularsConfirmed,
    TwinFlagged,
    What,
)
from common.wire.shapes import CaseView, Particulars, SubmitAnswer

FEWEST_SHOTS = 2
MOST_SHOTS = 6


@dataclass(frozen=True, slots=True)
class Shot:
    """One photograph: cropped to a portrait, with what the machine's check has to say.

    Attributes:
        jpeg: The portrait as the card will hold it.
        advice: The rules that the picture does not keep; empty for a good picture.
    """

    jpeg: bytes
    advice: tuple[Finding, ...] = ()


# States


@dataclass(frozen=True, slots=True)
class AtCase:
    """The applicant is here; the officer sees what is done and what is missing."""

    case: CaseView
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Correcting:
    """The officer corrects one field of the form, with a reason."""

    case: CaseView
    field: str


@dataclass(frozen=True, slots=True)
class Identifying:
    """The officer compares the person with the documents."""

    case: CaseView


@dataclass(frozen=True, slots=True)
class Recording:
    """The fact is on its way to the disk."""

    case: CaseView
    what: What


@dataclass(frozen=True, slots=True)
class Photographing:
    """The applicant looks at the camera; the shots taken so far lie beside the live picture."""

    case: CaseView
    shots: tuple[Shot, ...] = ()
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class TakingShot:
    """The picture is being taken and checked; it comes last, or instead of another one."""

    case: CaseView
    shots: tuple[Shot, ...]
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """The applicant looks at the pictures and chooses one."""

    case: CaseView
    shots: tuple[Shot, ...]
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class KeepingPortrait:
    """The chosen portrait is on its way to the disk."""

    case: CaseView
    shots: tuple[Shot, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Previewing:
    """The applicant reads the face of the card in big characters.

    key stays the same for all tries to submit, so that a lost answer cannot submit twice.
    """

    case: CaseView
    key: UUID
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Submitting:
    """The outbox is emptied, then the case is submitted."""

    case: CaseView
    key: UUID


@dataclass(frozen=True, slots=True)
class Printing:
    """The notice or the acknowledgement comes out of the printer."""

    case: CaseView
    receipt: SubmitAnswer


@dataclass(frozen=True, slots=True)
class Finished:
    """The case is with the centre; the paper is in the applicant's hand unless note says not."""

    case: CaseView
    receipt: SubmitAnswer
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The desk forgets the case."""

    case: CaseView


PhotographState: TypeAlias = Photographing | TakingShot | Choosing | KeepingPortrait

State: TypeAlias = (
    QueueState
    | AtCase
    | Correcting
    | Identifying
    | fingers.State
    | taking.State
    | AskingSecondOfficer
    | second_officer.Confirming
    | Recording
    | PhotographState
    | Previewing
    | Submitting
    | Printing
    | Finished
    | Closing
)

# Events


@dataclass(frozen=True, slots=True)
class CorrectAsked:
    """The officer wants to correct this field."""

    field: str


@dataclass(frozen=True, slots=True)
class ParticularsCorrected:
    """The officer corrected the form and said why."""

    particulars: Particulars
    reason: str


@dataclass(frozen=True, slots=True)
class IdentifyAsked:
    """The kiosk did not identify the person, so the officer does."""


@dataclass(frozen=True, slots=True)
class HolderConfirmed:
    """The officer is sure that the person is the holder, and says by what."""

    reason: str


@dataclass(frozen=True, slots=True)
class ExcuseFingersAsked:
    """A finger is not given."""


@dataclass(frozen=True, slots=True)
class TakeFingersAsked:
    """Fingers are taken at this desk."""


@dataclass(frozen=True, slots=True)
class SecondOfficerAsked:
    """Another officer has come to confirm the exceptions."""


@dataclass(frozen=True, slots=True)
class TwinAsked:
    """The officer says that somebody has the same face, or takes it back."""


@dataclass(frozen=True, slots=True)
class PhotographAsked:
    """The applicant sits before the camera."""


@dataclass(frozen=True, slots=True)
class PhotographApproved:
    """The officer compared the person with the kiosk's photograph, and lets it stand."""


@dataclass(frozen=True, slots=True)
class ShotAsked:
    """Press the shutter."""


@dataclass(frozen=True, slots=True)
class RetakeAsked:
    """Take the picture with this index once more, and forget the one before."""

    index: int


@dataclass(frozen=True, slots=True)
class ShotTaken:
    """A picture was taken and checked."""

    shot: Shot


@dataclass(frozen=True, slots=True)
class ShotsDiscarded:
    """The applicant likes none of the pictures."""


@dataclass(frozen=True, slots=True)
class ChoiceAsked:
    """There are pictures enough: let the applicant choose."""


@dataclass(frozen=True, slots=True)
class ShotChosen:
    """The applicant chose the picture with this index."""

    chosen: int


@dataclass(frozen=True, slots=True)
class PortraitKept:
    """The portrait is in the journal."""

    what: What


@dataclass(frozen=True, slots=True)
class PreviewAsked:
    """Nothing is missing: show the face of the card."""

    key: UUID


@dataclass(frozen=True, slots=True)
class SubmitAsked:
    """The applicant says that the card is right."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The centre gave a receipt."""

    receipt: SubmitAnswer


@dataclass(frozen=True, slots=True)
class AlreadySubmitted:
    """The case left open at this desk had its receipt before the desk stopped."""

    case: CaseView
    receipt: SubmitAnswer


@dataclass(frozen=True, slots=True)
class PaperPrinted:
    """The paper came out."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """The applicant has everything and goes."""


@dataclass(frozen=True, slots=True)
class SetAsideAsked:
    """The case cannot be finished now."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The desk is free."""


# Tasks


@dataclass(frozen=True, slots=True)
class ShowCamera:
    """Put the camera's pictures on the screen until the stay is left."""


@dataclass(frozen=True, slots=True)
class TakeShot:
    """Take the newest picture, check it and crop it."""


@dataclass(frozen=True, slots=True)
class KeepPortrait:
    """Write the portrait into the journal."""

    case: CaseView
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Submit:
    """Send every fact, then submit the case under this key."""

    case: CaseView
    key: UUID


@dataclass(frozen=True, slots=True)
class PrintPaper:
    """Print the notice of collection or the acknowledgement."""

    case: CaseView
    receipt: SubmitAnswer


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Note in the journal that the desk is free. The queue hears of it with the next call."""

    case: CaseView


Task: TypeAlias = (
    QueueTask
    | Record
    | fingers.Task
    | taking.CaptureFinger
    | second_officer.Confirm
    | ShowCamera
    | TakeShot
    | KeepPortrait
    | Submit
    | PrintPaper
    | CloseCase
)


def start() -> Step[State, Task]:
    """Begin: a case left open at this desk comes first."""
    return Step(Resuming(Stage.BOOTH), (FindOpenCase(Stage.BOOTH),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case Resuming() | TellingQueue(act=QueueAct.ARRIVE), CaseOpened(case):
            return Step(AtCase(case))
        case Resuming(), AlreadySubmitted(case, receipt):
            return Step(Finished(case, receipt))

        case AtCase(case), CorrectAsked(field):
            return Step(Correcting(case, field))
        case AtCase(case), IdentifyAsked():
            return Step(Identifying(case))
        case AtCase(case), ExcuseFingersAsked():
            begun = fingers.begin(case)
            return Step(begun.state, begun.tasks)
        case AtCase(case), TakeFingersAsked():
            return Step(ChoosingFinger(case))
        case AtCase(case), SecondOfficerAsked() if Todo.SECOND_OFFICER in todo(case):
            return Step(AskingSecondOfficer(case, "exceptions"))
        case AtCase(case), TwinAsked():
            return _record(case, TwinFlagged(twin=not case.twin))
        case AtCase(case), PhotographAsked():
            return Step(Photographing(case), (ShowCamera(),))
        case AtCase(case), PhotographApproved() if case.portrait is not None:
            seen = sha256(case.portrait).hexdigest()
            return _record(case, facts.PhotographApproved(seen=seen))
        case AtCase(case), PreviewAsked(key) if not todo(case):
            return Step(Previewing(case, key))
        case AtCase(case), PreviewAsked():
            return Step(AtCase(case, Note.NOT_COMPLETE))
        case AtCase(case), SetAsideAsked():
            return Step(Closing(case), (CloseCase(case),))

        case Correcting(case), ParticularsCorrected(particulars, reason):
            return _record(case, ParticularsConfirmed(particulars=particulars, note=reason))
        case Identifying(case), HolderConfirmed(reason):
            return _record(case, HolderIdentified(by="officer", note=reason))
        case (
            Correcting(case) | Identifying(case) | ExceptingFingers(case) | ChoosingFinger(case),
            BackAsked(),
        ):
            return Step(AtCase(case))

        case KeepingFinger(case, enrolment), FingerKept(reason) if (
            reason or not enrolment.needs_override
        ):
            return _record(case, taking.enrolled(state, event))
        case _ if inner := _within(state, event):
            return inner
        case ExceptingFingers(case), FingersExcused():
            return _record(case, fingers.excepted(state, event))
        case second_officer.Confirming(), SecondOfficerConfirmed(case):
            return Step(AtCase(case, Note.CONFIRMED))
        case AskingSecondOfficer(case), BackAsked():
            return Step(AtCase(case))

        case Recording(case, FingersExcepted() as what), Recorded():
            return Step(AskingSecondOfficer(after(case, what), "exceptions"))
        case Recording(case, FingersEnrolled() as what), Recorded():
            return Step(ChoosingFinger(after(case, what)))
        case Recording(case, what), Recorded():
            return Step(AtCase(after(case, what)))
        case Recording(case), Failed(note):
            return Step(AtCase(case, note))

        case Previewing(case, key), SubmitAsked():
            return Step(Submitting(case, key), (Submit(case, key),))
        case Previewing(case), BackAsked():
            return Step(AtCase(case))

        case Submitting(case), Submitted(receipt):
            return Step(Printing(case, receipt), (PrintPaper(case, receipt),))
        case Submitting(case, key), Failed(note):
            return Step(Previewing(case, key, note))

        case Printing(case, receipt), PaperPrinted():
            return Step(Finished(case, receipt))
        case Printing(case, receipt), Failed(note):
            return Step(Finished(case, receipt, note))
        case Finished(case, receipt), TryAgainAsked():
            return Step(Printing(case, receipt), (PrintPaper(case, receipt),))
        case Finished(case), NextAsked():
            return Step(Closing(case), (CloseCase(case),))

        case Closing(), Closed():
            return Step(Ready(Stage.BOOTH))
        case Closing(), Failed(note):
            return Step(Ready(Stage.BOOTH, note))

        case _ if isinstance(state, PhotographState):
            return _in_photographs(state, event)
        case _ if isinstance(state, QueueState):
            return in_queue(state, event)
        case _:
            return Step(state)


def _in_photographs(state: PhotographState, event: object) -> Step[State, Task]:
    """Return where the taking and choosing of a photograph goes."""
    match state, event:
        case Photographing(case, shots), ShotAsked() if len(shots) < MOST_SHOTS:
            return Step(TakingShot(case, shots), (TakeShot(), ShowCamera()))
        case Photographing(case, shots), RetakeAsked(index) if 0 <= index < len(shots):
            return Step(TakingShot(case, shots, index), (TakeShot(), ShowCamera()))
        case Photographing(case), ShotsDiscarded():
            return Step(Photographing(case), (ShowCamera(),))
        case Photographing(case, shots), ChoiceAsked() if len(shots) >= FEWEST_SHOTS:
            return Step(Choosing(case, shots))
        case Photographing(case), BackAsked():
            return Step(AtCase(case))
        case Photographing(case, shots), Failed(note):
            return Step(Photographing(case, shots, note))
        case Photographing(case, shots), TryAgainAsked():
            return Step(Photographing(case, shots), (ShowCamera(),))

        case TakingShot(case, shots, instead_of), ShotTaken(shot):
            return Step(Photographing(case, _with(shots, shot, instead_of)), (ShowCamera(),))
        case TakingShot(case, shots), Failed(note):
            return Step(Photographing(case, shots, note), (ShowCamera(),))

        case Choosing(case, shots), ShotChosen(chosen) if 0 <= chosen < len(shots):
            kept = KeepPortrait(case, shots[chosen].jpeg)
            return Step(KeepingPortrait(case, shots, chosen), (kept,))
        case Choosing(case, shots), BackAsked():
            return Step(Photographing(case, shots), (ShowCamera(),))

        case KeepingPortrait(case), PortraitKept(what):
            return Step(AtCase(after(case, what)))
        case KeepingPortrait(case, shots), Failed(note):
            return Step(Choosing(case, shots, note))
        case _:
            return Step(state)


def _with(shots: tuple[Shot, ...], shot: Shot, instead_of: int | None) -> tuple[Shot, ...]:
    if instead_of is None:
        return (*shots, shot)
    return tuple(shot if i == instead_of else kept for i, kept in enumerate(shots))


def _within(state: State, event: object) -> Step[State, Task] | None:
    """Ask the small flows of which this duty is made; None where the duty itself decides."""
    inner: Step[Any, Any] | None = None
    match state:
        case fingers.ExceptingFingers() | fingers.PhotographingHand() | fingers.TakingHand():
            inner = fingers.next_step(state, event)
        case AskingSecondOfficer() | second_officer.Confirming():
            inner = second_officer.next_step(state, event)
        case _ if isinstance(state, taking.State):
            inner = taking.next_step(state, event)
        case _:
            pass
    return inner


def _record(case: CaseView, what: What) -> Step[State, Task]:
    return Step(Recording(case, what), (Record(case.case_id, what),))
