"""Who the person is: fingers, the face, or an officer, as the ladder says.

What follows a finger that does not read is common.domain.finger_ladder's to say. A scanner that
fails ends the fingers, not the visit.
"""

from dataclasses import replace

from common.domain.biometrics import FINGERS_WANTED
from common.domain.finger_ladder import (
    AskFace,
    AskFinger,
    AskOfficer,
    FingerLadder,
    FingerTry,
    Proven,
)
from common.domain.queue import HandOffReason
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import FingerEnrolment
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration.entering import FlowStep, enter
from kiosk_registration.flow_form import go_on
from kiosk_registration.words import FingerTaken, HolderProof, OldCard, OpenCase


def begin_fingers(case: OpenCase, card: OldCard) -> FlowStep:
    """Fingers first; a card without any (a child's, or an exception) leads to the face at once."""
    enrolled = [position for position, _ in card.fingers]
    may = not case.twin and bool(card.portrait_jpeg)
    ladder = FingerLadder.over(enrolled, FINGERS_WANTED, face_may_do=may)
    if case.gives_no_fingers:
        ladder = ladder.without_fingers()
    return _after_fingers(case, card, ladder, ())


def next_step(state: s.State, event: e.Event) -> FlowStep | None:
    """Return what a finger or a face leads to; None where the event is about something else."""
    match state, event:
        case s.CheckingFinger(), e.FingerMatched():
            return _enrol(state, event)
        case s.CheckingFinger(), e.FingerNotMatched():
            return _after_poor_finger(state, event)
        case s.CheckingFinger(ladder=ladder, asked=asked), e.CannotGiveThisFinger():
            return _climb(replace(state, ladder=ladder.without(asked.position)))
        case s.CheckingFinger(ladder=ladder), e.CannotGiveFingers():
            return _climb(replace(state, ladder=ladder.without_fingers()))
        case s.CheckingFinger(ladder=ladder), e.EquipmentFailed():
            return _climb(replace(state, ladder=ladder.without_scanner()))

        case s.EnrollingFinger(), e.FingerCaptured(capture, advice, used_s):
            enrolment = state.enrolment.captured(capture)
            return _after_capture(state, enrolment, advice, used_s)
        case s.EnrollingFinger(), e.FingerNotCaptured(advice, used_s):
            return _after_capture(state, state.enrolment.missed(), advice, used_s)
        case s.EnrollingFinger(ladder=ladder), e.CannotGiveFingers() | e.CannotGiveThisFinger():
            if isinstance(event, e.CannotGiveFingers):
                ladder = ladder.without_fingers()
            ended = replace(state, ladder=ladder)
            return _after_capture(ended, state.enrolment.ended(), None, ladder.used_s)
        case s.EnrollingFinger(ladder=ladder), e.EquipmentFailed():
            ended = replace(state, ladder=ladder.without_scanner())
            return _after_capture(ended, state.enrolment.ended(), None, ladder.used_s)

        case s.CheckingFace(case, _, ladder), e.FaceAccepted(score):
            seen = ladder.face_seen(accepted=True)
            return enter(s.SavingHolder(case, HolderProof("face", seen, score)))
        case s.CheckingFace(case, card, ladder), e.FaceNotAccepted(seen):
            tried = ladder.face_seen(accepted=False, why=seen)
            return _after_fingers(case, card, tried, (), seen)

        case s.SavingHolder(case, proof), e.HolderSaved():
            return go_on(case.with_done("identified", *_enrolled(proof)))
        case _:
            return None


def _enrol(state: s.CheckingFinger, matched: e.FingerMatched) -> FlowStep:
    """The finger is the holder's: it goes onto the new card, if the time allows."""
    position, template = state.asked.position, matched.template
    one = FingerTry(position, matched=True, quality=template.quality, score=matched.score)
    ladder = state.ladder.tried(one, matched.used_s)
    enrolling = s.EnrollingFinger(
        state.case,
        state.card,
        ladder,
        FingerEnrolment.of(position, template),
        matched.score,
        taken=state.taken,
    )
    return _ended_enrolment(enrolling) if ladder.is_late else enter(enrolling)


def _after_poor_finger(state: s.CheckingFinger, poor: e.FingerNotMatched) -> FlowStep:
    why = "nobody" if poor.advice is None else poor.advice.value
    one = FingerTry(state.asked.position, quality=poor.quality, score=poor.score, advice=why)
    return _climb(replace(state, ladder=state.ladder.tried(one, poor.used_s)), poor)


def _after_capture(
    state: s.EnrollingFinger, enrolment: FingerEnrolment, advice: FingerAdvice | None, used_s: float
) -> FlowStep:
    ladder = state.ladder.at(used_s)
    moved = replace(state, ladder=ladder, enrolment=enrolment)
    if enrolment.is_done or ladder.is_late:
        return _ended_enrolment(moved)
    was_good = len(enrolment.captures) > len(state.enrolment.captures)
    return enter(replace(moved, advice=advice, nobody=advice is None and not was_good))


def _ended_enrolment(state: s.EnrollingFinger) -> FlowStep:
    """Keep what is good enough; a finger of which nothing is makes room for another one."""
    kept = state.enrolment.kept
    taken = (*state.taken, FingerTaken(state.enrolment.position, state.score, kept))
    ladder = state.ladder if kept else replace(state.ladder, wanted=state.ladder.wanted + 1)
    return _after_fingers(state.case, state.card, ladder, taken)


def _climb(state: s.CheckingFinger, poor: e.FingerNotMatched | None = None) -> FlowStep:
    """Go on after a finger that proved nothing, with advice while it is the same finger."""
    step = _after_fingers(state.case, state.card, state.ladder, state.taken)
    now = step.state
    if poor is None or not isinstance(now, s.CheckingFinger):
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
) -> FlowStep:
    """Do what the ladder says comes next."""
    match ladder.rung():
        case AskFinger() as asked:
            return enter(s.CheckingFinger(case, card, ladder, asked, taken=taken))
        case AskFace(attempt):
            return enter(s.CheckingFace(case, card, ladder, attempt, seen))
        case Proven():
            score = max((one.score for one in taken), default=0.0)
            return enter(s.SavingHolder(case, HolderProof("finger", ladder, score, taken)))
        case AskOfficer():
            return enter(s.HandingOff(case, _why(ladder), ladder))


def _why(ladder: FingerLadder) -> HandOffReason:
    if "unlike" in ladder.face_tries:
        return HandOffReason.FACE_NOT_MATCHED
    if ladder.scanner_lost:
        return HandOffReason.EQUIPMENT_FAILED
    if ladder.declined or not ladder.tries:
        return HandOffReason.NO_FINGERPRINTS
    return HandOffReason.FINGER_NOT_MATCHED


def _enrolled(proof: HolderProof) -> tuple[str, ...]:
    return ("enrolled",) if any(one.kept for one in proof.taken) else ()
