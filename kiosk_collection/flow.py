"""A visit to the collection kiosk: old document in, face and finger checked, new card out.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
The kiosk asks its mechanisms what they hold before every welcome, and only then says it.
"""

from dataclasses import replace

from common.domain.case import CaseState, OldDocument
from common.domain.finger_ladder import (
    FACE_TRIES,
    AskFace,
    AskFinger,
    AskOfficer,
    FingerLadder,
    FingerTry,
    Proven,
)
from common.domain.queue import HandOffReason
from common.flow.machine import Step
from common.wire.evidence import Attempts
from kiosk_collection.events import (
    AskedForStaff,
    CannotGiveFingers,
    CardPresented,
    CaseFound,
    DocumentIn,
    DocumentNotTaken,
    DocumentOffered,
    DocumentTaken,
    DocumentUseless,
    EquipmentFailed,
    Event,
    FaceAccepted,
    FaceNotAccepted,
    FingerMatched,
    FingerNotMatched,
    Finished,
    HandedOver,
    NewCardReady,
    NoDocumentHeld,
    OtherFingerChosen,
    PersonLeft,
    ReleaseEnded,
    SaidRight,
    SaidWrong,
    Settled,
    StaffEntered,
    SwitchedOn,
    TimeToLookAgain,
    WayBack,
    WayMissing,
)
from kiosk_collection.outcome import Fate, Outcome
from kiosk_collection.staff import flow as staff_flow
from kiosk_collection.staff import words as staff
from kiosk_collection.tasks import (
    Accept,
    AwaitDocumentTaken,
    AwaitNewCardTaken,
    CheckFace,
    CheckFinger,
    FetchCard,
    Forget,
    GiveDocumentBack,
    HandOff,
    LookAgainLater,
    PresentCard,
    PutAway,
    Read,
    RecordIdentified,
    Settle,
    Task,
)
from kiosk_collection.visit import (
    Cause,
    CheckingFace,
    CheckingFinger,
    Collected,
    Ended,
    Ending,
    EndKind,
    FetchingCard,
    HandingOff,
    IsThisRight,
    OutOfService,
    Place,
    PresentingCard,
    PuttingAway,
    ReadingDocument,
    ReturningDocument,
    Staff,
    StartingUp,
    State,
    TakeDocument,
    TakeNewCard,
    Visit,
    Welcome,
)

NONE = FingerLadder.over(())
"""No finger was asked for."""

NOT_READY_YET = frozenset(
    {
        CaseState.OPEN,
        CaseState.FORM_DONE,
        CaseState.REGISTERED,
        CaseState.PHOTOGRAPHED,
        CaseState.SUBMITTED,
        CaseState.APPROVED,
        CaseState.IN_PRODUCTION,
    }
)


def enter(state: State) -> Step[State, Task]:
    """Arrive in a state with the tasks it asks for."""
    match state:
        case StartingUp():
            return Step(state, (Forget(), Settle()))
        case OutOfService():
            return Step(state, (LookAgainLater(),))
        case Welcome():
            return Step(state, tuple(Accept(document) for document in OldDocument))
        case ReadingDocument(document):
            return Step(state, (Read(document),))
        case CheckingFace(visit):
            return Step(state, (CheckFace(visit),))
        case CheckingFinger(visit, ladder, asked):
            is_first = not (ladder.tries or ladder.preferred)
            return Step(state, (CheckFinger(visit, asked.position, is_first),))
        case FetchingCard(visit, position):
            return Step(state, (FetchCard(visit, position),))
        case PresentingCard():
            return Step(state, (PresentCard(),))
        case TakeNewCard():
            return Step(state, (AwaitNewCardTaken(),))
        case PuttingAway(visit, reason):
            return Step(state, (PutAway(visit.case.case_id, reason),))
        case HandingOff(case_id, reason, recorded, attempts=attempts):
            return Step(state, (Forget(), HandOff(case_id, reason, recorded, attempts)))
        case ReturningDocument():
            return Step(state, (GiveDocumentBack(),))
        case TakeDocument(_, document):
            return Step(state, (AwaitDocumentTaken(document),))
        case Staff(at):
            return _staff(staff_flow.enter(at))
    return Step(state)


def next_step(state: State, event: Event) -> Step[State, Task]:
    """Return where the visit goes when event happens in state."""
    match state, event:
        # Nobody is here
        case StartingUp(), SwitchedOn():
            return enter(state)
        case StartingUp() | OutOfService(), Settled():
            return enter(_after_settling(event))
        case OutOfService(), TimeToLookAgain():
            return Step(state, (Settle(),))
        case Welcome() | OutOfService(), StaffEntered():
            return enter(Staff(staff.SigningIn()))

        # The old document, and the case
        case Welcome(missing), WayMissing(document):
            return _welcome(state, missing | {document})
        case Welcome(missing), WayBack(document):
            return _welcome(state, missing - {document})
        case Welcome(), DocumentIn(document):
            return enter(ReadingDocument(document))
        case Welcome(), AskedForStaff():
            return Step(Ended(Ending(EndKind.STAFF_COMING)))
        case ReadingDocument(), CaseFound(visit):
            return enter(_serve(visit))
        case ReadingDocument(), DocumentUseless(kind):
            return enter(ReturningDocument(Ending(kind)))
        case ReadingDocument(), EquipmentFailed():
            return enter(ReturningDocument(Ending(EndKind.UNREADABLE)))

        # The person is the holder
        case CheckingFace(visit, gives_no_fingers=declined), FaceAccepted():
            return _begin_fingers(visit, declined)
        case CheckingFace(attempt=attempt), FaceNotAccepted(seen) if attempt < FACE_TRIES:
            return enter(replace(state, attempt=attempt + 1, seen=seen))
        case CheckingFace(visit), FaceNotAccepted(seen):
            return _hand_off(visit, HandOffReason.FACE_NOT_MATCHED, Attempts.of(NONE, seen))
        case CheckingFace(), CannotGiveFingers():
            return enter(replace(state, gives_no_fingers=True))
        case CheckingFinger(visit, ladder, asked), FingerMatched(score, quality, used_s):
            one = FingerTry(asked.position, matched=True, quality=quality, score=score)
            return _identified(visit, ladder.tried(one, used_s), asked.position, score)
        case CheckingFinger(_, ladder, asked), FingerNotMatched(advice, quality, score, used_s):
            one = FingerTry(asked.position, quality=quality, score=score, advice=advice)
            return _climb(replace(state, ladder=ladder.tried(one, used_s)), advice)
        case CheckingFinger(_, ladder, asked), OtherFingerChosen():
            return _climb(replace(state, ladder=_turned(ladder, asked.position)))
        case CheckingFinger(_, ladder), CannotGiveFingers():
            return _climb(replace(state, ladder=ladder.without_fingers()))
        case CheckingFace(visit) | CheckingFinger(visit), AskedForStaff():
            return _hand_off(visit, HandOffReason.ASKED_FOR_STAFF, _tried(state))
        case CheckingFace(visit) | CheckingFinger(visit), EquipmentFailed():
            return _hand_off(visit, HandOffReason.EQUIPMENT_FAILED, _tried(state))
        case CheckingFace() | CheckingFinger(), PersonLeft():
            return enter(ReturningDocument(Ending(EndKind.LEFT)))

        # The new card
        case FetchingCard(visit), NewCardReady(card):
            return enter(IsThisRight(visit, card))
        case IsThisRight(visit), SaidRight():
            return enter(PresentingCard(visit))
        case IsThisRight(visit), SaidWrong():
            return enter(PuttingAway(visit, HandOffReason.PARTICULARS_WRONG))
        case IsThisRight(visit), AskedForStaff():
            return enter(PuttingAway(visit, HandOffReason.ASKED_FOR_STAFF))
        case IsThisRight(visit), PersonLeft():
            return enter(PuttingAway(visit, HandOffReason.NOT_TAKEN))
        case PresentingCard(visit), CardPresented():
            return enter(TakeNewCard(visit))
        case (
            FetchingCard(visit) | PresentingCard(visit) | TakeNewCard(visit) | PuttingAway(visit),
            ReleaseEnded(outcome),
        ):
            return enter(_after_release(visit, outcome))
        case (
            FetchingCard(visit) | IsThisRight(visit) | PresentingCard(visit) | TakeNewCard(visit),
            EquipmentFailed(),
        ):
            return enter(PuttingAway(visit, HandOffReason.EQUIPMENT_FAILED))
        case PuttingAway(visit, reason), EquipmentFailed():
            return enter(HandingOff(visit.case.case_id, reason, document_stays=True))

        # The end
        case HandingOff(), HandedOver(tag_number, slip):
            return _handed_over(state, tag_number, slip)
        case HandingOff(), EquipmentFailed():
            return _handed_over(state, None, slip=False)
        case ReturningDocument(ending), DocumentOffered(document):
            return enter(TakeDocument(ending, document))
        case ReturningDocument(ending), NoDocumentHeld():
            return _ended(ending)
        case TakeDocument(ending), DocumentTaken():
            # Both documents may have been inserted: what is left comes back too.
            return enter(ReturningDocument(ending))
        case TakeDocument(), DocumentNotTaken():
            return enter(replace(state, late=True))
        case ReturningDocument(ending) | TakeDocument(ending), EquipmentFailed():
            return _document_stays(ending)
        case Ended() | Collected(), Finished() | PersonLeft():
            return enter(StartingUp())

        case Staff(at), _:
            return _staff_step(at, event)

        # What no row above foresees
        case StartingUp() | Welcome(), EquipmentFailed():
            return enter(OutOfService(Cause.DEVICES))
        case OutOfService(), EquipmentFailed():
            return enter(state)
        case _:
            return Step(state)


def _after_settling(settled: Settled) -> State:
    outcome = settled.outcome
    if outcome is not None and outcome.is_open and not outcome.document_may_go_back:
        return OutOfService(Cause.STUCK)
    if settled.held and outcome is not None and outcome.reason is not None:
        return HandingOff(outcome.case_id, outcome.reason, outcome.recorded)
    if settled.held:
        return ReturningDocument(Ending(EndKind.LEFT))
    return Welcome() if settled.cause is None else OutOfService(settled.cause)


def _welcome(state: State, missing: frozenset[OldDocument]) -> Step[State, Task]:
    now = Welcome(missing)
    return Step(state) if now == state else enter(now)


def _serve(visit: Visit) -> State:
    """Decide what the case allows, before anything is asked of the person."""
    case = visit.case
    if case.state in NOT_READY_YET:
        return ReturningDocument(Ending(EndKind.NOT_READY, ready_on=case.ready_on))
    if case.state is not CaseState.READY or case.card is None:
        # Collected already, or refused: the counter explains; a screen in public does not.
        return HandingOff(case.case_id, HandOffReason.ASKED_FOR_STAFF)
    if visit.place is Place.OTHER_OFFICE:
        return ReturningDocument(Ending(EndKind.OTHER_OFFICE))
    if case.old_document is not visit.document:
        return ReturningDocument(Ending(EndKind.WRONG_DOCUMENT, expects=case.old_document))
    if case.portrait is None:
        return HandingOff(case.case_id, HandOffReason.FACE_NOT_MATCHED)
    return CheckingFace(visit)


def _begin_fingers(visit: Visit, declined: bool) -> Step[State, Task]:
    """Face and finger are both needed here: without any finger an officer is the second proof."""
    case = visit.case
    excepted = case.exceptions.positions if case.exceptions else ()
    enrolled = {finger.position for finger in case.fingers} - set(excepted)
    ladder = FingerLadder.over(enrolled, face_may_do=False).face_seen(accepted=True)
    return _after_finger(visit, ladder.without_fingers() if declined else ladder)


def _climb(state: CheckingFinger, advice: str = "") -> Step[State, Task]:
    """Go on after a finger that proved nothing, with advice while it is the same finger."""
    step = _after_finger(state.visit, state.ladder)
    now = step.state
    if isinstance(now, CheckingFinger) and now.asked.position == state.asked.position:
        return enter(replace(now, advice=advice or state.advice))
    return step


def _after_finger(visit: Visit, ladder: FingerLadder) -> Step[State, Task]:
    match ladder.rung():
        case AskFinger() as asked:
            return enter(CheckingFinger(visit, ladder, asked))
        case AskFace() | AskOfficer() | Proven():
            reason = HandOffReason.FINGER_NOT_MATCHED
            if ladder.declined or not ladder.tries:
                reason = HandOffReason.NO_FINGERPRINTS
            return _hand_off(visit, reason, Attempts.of(ladder))


def _turned(ladder: FingerLadder, position: int) -> FingerLadder:
    """Turn to the next finger after this one that has tries left; after the last to the first."""
    others = ladder.others(position)
    place = ladder.enrolled.index
    later = [other for other in others if place(other) > place(position)]
    return ladder.turned_to((*later, *others, position)[0])


def _identified(
    visit: Visit, ladder: FingerLadder, position: int, score: float
) -> Step[State, Task]:
    card_read = visit.document is OldDocument.OLD_CARD
    attempts = Attempts.of(ladder)
    record = RecordIdentified(visit.case.case_id, position, score, attempts, card_read)
    if visit.place is Place.HERE:
        step = enter(FetchingCard(visit, position))
    else:
        step = _hand_off(visit, HandOffReason.CARD_AT_COUNTER)
    return Step(step.state, (record, *step.tasks))


def _hand_off(
    visit: Visit, reason: HandOffReason, attempts: Attempts | None = None
) -> Step[State, Task]:
    return enter(HandingOff(visit.case.case_id, reason, attempts=attempts))


def _tried(state: CheckingFace | CheckingFinger) -> Attempts:
    if isinstance(state, CheckingFinger):
        return Attempts.of(state.ladder)
    return Attempts.of(NONE, state.seen)


def _after_release(visit: Visit, outcome: Outcome) -> State:
    if outcome.fate is Fate.ISSUED:
        return Collected()
    reason = outcome.reason or HandOffReason.EQUIPMENT_FAILED
    stays = outcome.fate is Fate.UNKNOWN
    return HandingOff(visit.case.case_id, reason, outcome.recorded, document_stays=stays)


def _handed_over(state: HandingOff, tag_number: str | None, slip: bool) -> Step[State, Task]:
    stays = state.document_stays
    ending = Ending(EndKind.COUNTER, state.reason, tag_number, slip, document_stays=stays)
    return enter(Ended(ending) if stays else ReturningDocument(ending))


def _ended(ending: Ending) -> Step[State, Task]:
    if ending.kind is EndKind.LEFT:
        return enter(StartingUp())
    return Step(Ended(ending))


def _document_stays(ending: Ending) -> Step[State, Task]:
    if ending.kind is EndKind.LEFT:
        return enter(OutOfService(Cause.STUCK))
    return Step(Ended(replace(ending, document_stays=True)))


def _staff_step(at: staff.State, event: Event) -> Step[State, Task]:
    match event:
        case PersonLeft():
            return _staff(staff_flow.next_step(at, staff.LeaveChosen()))
        case EquipmentFailed():
            return _staff(staff_flow.failed(at))
        case _ if isinstance(event, staff.Event):
            return _staff(staff_flow.next_step(at, event))
    return Step(Staff(at))


def _staff(step: Step[staff.State, staff.Task]) -> Step[State, Task]:
    """Staff's step within the visit's; where staff have left, the kiosk starts up."""
    if isinstance(step.state, staff.Left):
        return enter(StartingUp())
    return Step(Staff(step.state), step.tasks)
