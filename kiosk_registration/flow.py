"""A visit to the registration kiosk: called tag, old card, two fingers, particulars, form.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
What follows a finger that does not read is the ladder's to say (common.domain.finger_ladder).
"""

from dataclasses import replace

from common.domain.biometrics import FINGERS_WANTED
from common.domain.card_problem import MAY_TRY_AGAIN
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
from common.matching.finger_enrolment import FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import CaseView, Particulars, TagView
from kiosk_registration.form import page_of
from kiosk_registration.visit import (
    AfterCard,
    Arriving,
    AskedForStaff,
    AskingConsent,
    AwaitCard,
    AwaitCardTaken,
    AwaitVisitor,
    CallAgain,
    CallEnded,
    Calling,
    CallNext,
    CannotGiveFingers,
    CannotGiveThisFinger,
    CaptureFinger,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardStuck,
    CardTaken,
    CaseOpened,
    CheckFace,
    CheckFinger,
    CheckingFace,
    CheckingFinger,
    CheckingParticulars,
    Consented,
    DeviceMissing,
    EnrollingFinger,
    EquipmentFailed,
    Event,
    FaceAccepted,
    FaceNotAccepted,
    FillingGap,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
    FingerTaken,
    Finished,
    FinishForm,
    FormFinished,
    FreeCard,
    GiveCardBack,
    GoToStaff,
    HandedOff,
    HandingOff,
    HandOffSaved,
    HolderProof,
    HolderSaved,
    InsertingCard,
    LookAtDevices,
    MissTag,
    NobodyCame,
    NotYet,
    NotYourTurn,
    OldCard,
    OpenCase,
    OpenCaseOf,
    OutOfService,
    PageFilled,
    ParticularsRight,
    ParticularsWrong,
    PersonLeft,
    PrintingForm,
    ReadCard,
    ReadingCard,
    ReadLongEnough,
    ReadyToServe,
    Registered,
    ReturningCard,
    SaveForm,
    SaveHandOff,
    SaveHolder,
    SavingHolder,
    ShowFor,
    Started,
    StartingUp,
    State,
    TagCalled,
    TagNotServed,
    TagShown,
    TakeCard,
    Task,
    WatchForTag,
    Welcome,
)

CARD_TRIES = 3
RECALLS = 1
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
