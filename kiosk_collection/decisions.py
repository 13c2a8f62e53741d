"""What the collection kiosk decides, state by state; flow.py says when it is asked."""

from dataclasses import replace

from common.domain.case import CaseState, OldDocument
from common.domain.finger_ladder import AskFace, AskFinger, AskOfficer, FingerLadder, Proven
from common.domain.queue import HandOffReason
from common.wire.evidence import Attempts
from kiosk_collection.events import Settled
from kiosk_collection.outcome import Fate, Outcome
from kiosk_collection.tasks import RecordIdentified
from kiosk_collection.visit import (
    UNTOLD,
    Activating,
    CardElsewhere,
    Cause,
    CheckingFace,
    CheckingFinger,
    Collected,
    Ended,
    Ending,
    EndKind,
    FetchingCard,
    HandingOff,
    Liveness,
    OutOfService,
    Place,
    ReturningDocument,
    StartingUp,
    State,
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
MAY_BE_TYPED = frozenset({EndKind.UNREADABLE, EndKind.ZONE_UNREADABLE})
"""What happened to the document's print or chip, not to the trust in it."""


def after_settling(settled: Settled) -> State:
    """Say how the kiosk goes on once every mechanism was asked."""
    outcome = settled.outcome
    if outcome is not None and outcome.is_open and not outcome.document_may_go_back:
        return OutOfService(Cause.STUCK)
    if settled.held and outcome is not None and outcome.reason is not None:
        return HandingOff(outcome.case_id, outcome.reason, outcome.recorded)
    if settled.held:
        return ReturningDocument(Ending(EndKind.INTERRUPTED))
    return Welcome() if settled.cause is None else OutOfService(settled.cause)


def serve(visit: Visit) -> State:
    """Decide what the case allows, before anything is asked of the person."""
    case = visit.case
    if visit.activates:
        return CheckingFace(visit)
    if case.state in NOT_READY_YET:
        ending = Ending(EndKind.NOT_READY, ready_on=visit.ready_on, office=visit.office)
        return ReturningDocument(ending)
    if case.state is not CaseState.READY or case.card is None:
        # Collected already, or refused: the counter explains; a screen in public does not.
        return hand_off(visit, HandOffReason.ASKED_FOR_STAFF)
    if visit.document_read and case.old_document is not visit.document:
        return ReturningDocument(Ending(EndKind.WRONG_DOCUMENT, expects=case.old_document))
    if visit.place is Place.OTHER_OFFICE:
        return CardElsewhere(visit)
    if visit.is_minor:
        return hand_off(visit, HandOffReason.MINOR)
    if case.portrait is None:
        return hand_off(visit, HandOffReason.FACE_NOT_MATCHED)
    if visit.place is Place.OTHER_KIOSK and visit.document_read:
        kiosk = (case.card.location or "").partition(".")[0]
        return ReturningDocument(Ending(EndKind.OTHER_KIOSK, kiosk=kiosk))
    return CheckingFace(visit)


def begin_fingers(visit: Visit, declined: bool, liveness: Liveness) -> State:
    """Face and finger are both needed here: without any finger an officer is the second proof."""
    case = visit.case
    excepted = case.exceptions.positions if case.exceptions else ()
    enrolled = {finger.position for finger in case.fingers} - set(excepted)
    ladder = FingerLadder.over(enrolled, face_may_do=False).face_seen(accepted=True)
    return _after_finger(visit, ladder.without_fingers() if declined else ladder, liveness)


def climb(state: CheckingFinger, advice: str = "") -> State:
    """Go on after a finger that proved nothing, with advice while it is the same finger."""
    now = _after_finger(state.visit, state.ladder, state.liveness)
    if isinstance(now, CheckingFinger) and now.asked.position == state.asked.position:
        return replace(now, advice=advice or state.advice)
    return now


def _after_finger(visit: Visit, ladder: FingerLadder, liveness: Liveness) -> State:
    match ladder.rung():
        case AskFinger() as asked:
            return CheckingFinger(visit, ladder, asked, liveness=liveness)
        case AskFace() | AskOfficer() | Proven():
            reason = HandOffReason.FINGER_NOT_MATCHED
            if ladder.declined or not ladder.tries:
                reason = HandOffReason.NO_FINGERPRINTS
            return hand_off(visit, reason, Attempts.of(ladder))


def turned(ladder: FingerLadder, position: int) -> FingerLadder:
    """Turn to the next finger after this one that has tries left; after the last to the first."""
    others = ladder.others(position)
    place = ladder.enrolled.index
    later = [other for other in others if place(other) > place(position)]
    return ladder.turned_to((*later, *others, position)[0])


def record_of(state: CheckingFinger, score: float) -> RecordIdentified:
    """Say what is written of a person whose face and finger were both accepted."""
    visit = state.visit
    return RecordIdentified(
        visit.case.case_id,
        state.asked.position,
        score,
        Attempts.of(state.ladder),
        card_read=visit.document_read and visit.document is OldDocument.OLD_CARD,
        liveness=state.liveness,
    )


def after_identification(state: CheckingFinger) -> State:
    """Let the machine release a card that lies in it against a document that it could read."""
    visit = state.visit
    if visit.activates:
        return Activating(visit)
    if not visit.document_read:
        return hand_off(visit, HandOffReason.CARD_UNREADABLE)
    if visit.place is Place.HERE:
        return FetchingCard(visit, state.asked.position)
    return hand_off(visit, HandOffReason.CARD_AT_COUNTER)


def hand_off(visit: Visit, reason: HandOffReason, attempts: Attempts | None = None) -> HandingOff:
    """Let an officer go on."""
    return HandingOff(visit.case.case_id, reason, attempts=attempts)


def tried(state: CheckingFace | CheckingFinger) -> Attempts:
    """Sum up what was tried of face and fingers."""
    if isinstance(state, CheckingFinger):
        return Attempts.of(state.ladder)
    return faces_tried(state.seen)


def faces_tried(seen: str) -> Attempts:
    """Sum up tries of the face alone; what moves as a picture does is not the person."""
    return Attempts.of(NONE, "unlike" if seen == "flat" else seen)


def after_release(visit: Visit, outcome: Outcome) -> State:
    """Say how the person goes on once the release has ended, or as far as it goes now."""
    if outcome.fate is Fate.ISSUED:
        return Collected(visit.document)
    reason = outcome.reason or HandOffReason.EQUIPMENT_FAILED
    stays = outcome.fate is Fate.UNKNOWN
    return HandingOff(visit.case.case_id, reason, outcome.recorded, document_stays=stays)


def handed_over(state: HandingOff, tag_number: str | None, slip: bool) -> State:
    """Give the old document back after a hand-off, unless the new card may be out."""
    stays = state.document_stays
    ending = Ending(EndKind.COUNTER, state.reason, tag_number, slip, document_stays=stays)
    return Ended(ending) if stays else ReturningDocument(ending)


def ended(ending: Ending) -> State:
    """End a visit after everything was given back; who left reads nothing."""
    return StartingUp() if ending.kind in UNTOLD else Ended(ending)


def document_stays(ending: Ending) -> State:
    """End a visit whose document cannot be given back."""
    if ending.kind in UNTOLD:
        return OutOfService(Cause.STUCK)
    return Ended(replace(ending, document_stays=True))
