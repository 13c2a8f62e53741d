"""A visit to the collection kiosk: old document in, face and finger checked, new card out.

Read next_step from top to bottom: it is the whole visit. enter says what each state asks for.
The kiosk asks its mechanisms what they hold before every welcome, and only then says it.
"""

from dataclasses import replace

from common.domain.case import OldDocument
from common.domain.finger_ladder import FACE_TRIES, FingerTry
from common.domain.queue import HandOffReason
from common.flow.machine import Step
from kiosk_collection.decisions import (
    MAY_BE_TYPED,
    after_identification,
    after_release,
    after_settling,
    begin_fingers,
    climb,
    document_stays,
    ended,
    faces_tried,
    hand_off,
    handed_over,
    record_of,
    serve,
    tried,
    turned,
)
from kiosk_collection.events import (
    Activated,
    AskedForStaff,
    CannotGiveFingers,
    CardPresented,
    CaseFound,
    CollectsForAnother,
    DocumentFound,
    DocumentIn,
    DocumentNotTaken,
    DocumentOffered,
    DocumentTaken,
    DocumentUseless,
    DocumentWanted,
    EquipmentFailed,
    Event,
    FaceAccepted,
    FaceNotAccepted,
    FingerMatched,
    FingerNotMatched,
    Finished,
    HandedOver,
    MoreTimeWanted,
    NewCardGone,
    NewCardLeft,
    NewCardReady,
    NewCardWaits,
    NoDocumentHeld,
    NotActivated,
    NothingFound,
    NumberTyped,
    OtherFingerChosen,
    PersonLeft,
    ReleaseEnded,
    SaidRight,
    SaidWrong,
    SendingWanted,
    Settled,
    StaffLetIn,
    SwitchedOn,
    TimeToLookAgain,
    TypingChosen,
    WayBack,
    WayMissing,
    WentBack,
    YearTyped,
)
from kiosk_collection.staff import flow as staff_flow
from kiosk_collection.staff import words as staff
from kiosk_collection.tasks import (
    Accept,
    Activate,
    AwaitDocumentTaken,
    AwaitNewCardTaken,
    CheckFace,
    CheckFinger,
    FetchCard,
    FindByNumber,
    Forget,
    GiveDocumentBack,
    HandOff,
    LookAgainLater,
    PresentCard,
    PutAway,
    Read,
    Settle,
    Task,
)
from kiosk_collection.visit import (
    NUMBER_TRIES,
    Activating,
    CardElsewhere,
    Cause,
    CheckingFace,
    CheckingFinger,
    Collected,
    Concluding,
    Ended,
    Ending,
    EndKind,
    FetchingCard,
    FindingByNumber,
    HandingOff,
    IsThisRight,
    OutOfService,
    PresentingCard,
    PuttingAway,
    ReadingDocument,
    ReturningDocument,
    Staff,
    StartingUp,
    State,
    TakeDocument,
    TakeNewCard,
    TypingNumber,
    TypingYear,
    Unread,
    Welcome,
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
        case Activating(visit):
            return Step(state, (Activate(visit),))
        case PresentingCard():
            return Step(state, (PresentCard(),))
        case TakeNewCard(_, asked):
            return Step(state, (AwaitNewCardTaken(is_last=asked),))
        case Concluding(visit):
            return Step(state, (PutAway(visit.case.case_id, HandOffReason.NOT_TAKEN),))
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
            return enter(after_settling(event))
        case OutOfService(), TimeToLookAgain():
            return Step(state, (Settle(),))
        case StartingUp() | Welcome() | OutOfService(), StaffLetIn(officer):
            return enter(Staff(staff.Menu(officer)))

        # The old document, and the case
        case Welcome(missing), WayMissing(document):
            return _welcome(state, missing | {document})
        case Welcome(missing), WayBack(document):
            return _welcome(state, missing - {document})
        case Welcome(), DocumentIn(document):
            return enter(ReadingDocument(document))
        case Welcome(), DocumentFound():
            return enter(StartingUp())
        case Welcome(), AskedForStaff():
            return Step(Ended(Ending(EndKind.ASKED_FOR_STAFF)))
        case ReadingDocument(), CaseFound(visit):
            return enter(serve(visit))
        case ReadingDocument(document), DocumentUseless(kind) if kind in MAY_BE_TYPED:
            return Step(Unread(document, kind))
        case ReadingDocument(), DocumentUseless(kind):
            return enter(ReturningDocument(Ending(kind)))
        case ReadingDocument(), EquipmentFailed():
            return enter(ReturningDocument(Ending(EndKind.UNREADABLE)))

        # Where it leads to no card in this kiosk, and who the person is
        case Unread() | TypingNumber() | TypingYear() | FindingByNumber() | CardElsewhere(), _:
            return _without_card(state, event)
        case CheckingFace() | CheckingFinger(), _:
            return _identify(state, event)

        # The new card
        case FetchingCard(visit), NewCardReady(card):
            return enter(IsThisRight(visit, card))
        case Activating(), Activated():
            return enter(ReturningDocument(Ending(EndKind.ACTIVATED)))
        case Activating(visit), NotActivated() | EquipmentFailed():
            return enter(hand_off(visit, HandOffReason.ASKED_FOR_STAFF))
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
        case TakeNewCard(asked=False), NewCardWaits():
            return enter(replace(state, asked=True))
        case TakeNewCard(asked=True), MoreTimeWanted():
            return enter(replace(state, asked=False))
        case TakeNewCard(visit), NewCardLeft():
            return enter(PuttingAway(visit, HandOffReason.NOT_TAKEN))
        case TakeNewCard(visit), NewCardGone():
            return enter(Concluding(visit))
        case (
            FetchingCard(visit) | PresentingCard(visit) | Concluding(visit) | PuttingAway(visit),
            ReleaseEnded(outcome),
        ):
            return enter(after_release(visit, outcome))
        case (
            FetchingCard(visit)
            | IsThisRight(visit)
            | PresentingCard(visit)
            | TakeNewCard(visit)
            | Concluding(visit),
            EquipmentFailed(),
        ):
            return enter(PuttingAway(visit, HandOffReason.EQUIPMENT_FAILED))
        case PuttingAway(visit, reason), EquipmentFailed():
            return enter(HandingOff(visit.case.case_id, reason, document_stays=True))

        # The end
        case HandingOff(), HandedOver(tag_number, slip):
            return enter(handed_over(state, tag_number, slip))
        case HandingOff(), EquipmentFailed():
            return enter(handed_over(state, None, slip=False))
        case ReturningDocument(ending), DocumentOffered(document):
            return enter(TakeDocument(ending, document))
        case ReturningDocument(ending), NoDocumentHeld():
            return enter(ended(ending))
        case TakeDocument(ending), DocumentTaken():
            # Both documents may have been inserted: what is left comes back too.
            return enter(ReturningDocument(ending))
        case TakeDocument(), DocumentNotTaken():
            return enter(replace(state, late=True))
        case ReturningDocument(ending) | TakeDocument(ending), EquipmentFailed():
            return enter(document_stays(ending))
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


def _without_card(state: State, event: Event) -> Step[State, Task]:
    """A document that could not be read, and a card that waits at another office."""
    match state, event:
        case Unread(document), TypingChosen():
            return Step(TypingNumber(document))
        case Unread(_, kind), DocumentWanted():
            return enter(ReturningDocument(Ending(kind)))
        case TypingNumber(document, wrong), NumberTyped(number):
            return Step(TypingYear(document, number, wrong))
        case TypingNumber(document), WentBack():
            return Step(Unread(document, EndKind.UNREADABLE))
        case TypingYear(document, _, wrong), WentBack():
            return Step(TypingNumber(document, wrong))
        case TypingYear(document, number, wrong), YearTyped(year):
            find = FindByNumber(document, number, year)
            return Step(FindingByNumber(document, wrong), (find,))
        case FindingByNumber(), CaseFound(visit):
            return enter(serve(visit))
        case FindingByNumber(document, wrong), NothingFound() if wrong + 1 < NUMBER_TRIES:
            return Step(TypingNumber(document, wrong + 1))
        case FindingByNumber(), NothingFound():
            return enter(ReturningDocument(Ending(EndKind.NUMBER_UNKNOWN)))
        case FindingByNumber(), DocumentUseless() | EquipmentFailed():
            return enter(ReturningDocument(Ending(EndKind.NO_CONNECTION)))
        case Unread() | TypingNumber() | TypingYear(), AskedForStaff():
            return enter(ReturningDocument(Ending(EndKind.ASKED_FOR_STAFF)))
        case Unread() | TypingNumber() | TypingYear() | CardElsewhere(), PersonLeft():
            return enter(ReturningDocument(Ending(EndKind.LEFT)))

        # A card that waits at another office
        case CardElsewhere(visit), SendingWanted():
            return enter(hand_off(visit, HandOffReason.CARD_ELSEWHERE))
        case CardElsewhere(visit), DocumentWanted():
            return enter(ReturningDocument(Ending(EndKind.OTHER_OFFICE, office=visit.office)))
        case CardElsewhere(visit), AskedForStaff():
            return enter(hand_off(visit, HandOffReason.ASKED_FOR_STAFF))
    return Step(state)


def _identify(state: CheckingFace | CheckingFinger, event: Event) -> Step[State, Task]:
    """The person is the holder: the face first, then a finger."""
    match state, event:
        case CheckingFace(visit), CollectsForAnother():
            return enter(hand_off(visit, HandOffReason.FOR_ANOTHER, tried(state)))
        case CheckingFace(visit, gives_no_fingers=declined), FaceAccepted(liveness):
            return enter(begin_fingers(visit, declined, liveness))
        case CheckingFace(attempt=attempt), FaceNotAccepted(seen) if attempt < FACE_TRIES:
            return enter(replace(state, attempt=attempt + 1, seen=seen))
        case CheckingFace(visit), FaceNotAccepted(seen):
            return enter(hand_off(visit, HandOffReason.FACE_NOT_MATCHED, faces_tried(seen)))
        case CheckingFace(), CannotGiveFingers():
            return enter(replace(state, gives_no_fingers=True))
        case CheckingFinger(_, ladder, asked), FingerMatched(score, quality, used_s):
            one = FingerTry(asked.position, matched=True, quality=quality, score=score)
            done = replace(state, ladder=ladder.tried(one, used_s))
            step = enter(after_identification(done))
            return Step(step.state, (record_of(done, score), *step.tasks))
        case CheckingFinger(_, ladder, asked), FingerNotMatched(advice, quality, score, used_s):
            one = FingerTry(asked.position, quality=quality, score=score, advice=advice)
            return enter(climb(replace(state, ladder=ladder.tried(one, used_s)), advice))
        case CheckingFinger(_, ladder, asked), OtherFingerChosen():
            return enter(climb(replace(state, ladder=turned(ladder, asked.position))))
        case CheckingFinger(_, ladder), CannotGiveFingers():
            return enter(climb(replace(state, ladder=ladder.without_fingers())))
        case CheckingFace(visit) | CheckingFinger(visit), AskedForStaff():
            return enter(hand_off(visit, HandOffReason.ASKED_FOR_STAFF, tried(state)))
        case CheckingFace(visit) | CheckingFinger(visit), EquipmentFailed():
            return enter(hand_off(visit, HandOffReason.EQUIPMENT_FAILED, tried(state)))
        case CheckingFace() | CheckingFinger(), PersonLeft():
            return enter(ReturningDocument(Ending(EndKind.LEFT)))
    return Step(state)


def _welcome(state: State, missing: frozenset[OldDocument]) -> Step[State, Task]:
    now = Welcome(missing)
    return Step(state) if now == state else enter(now)


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
