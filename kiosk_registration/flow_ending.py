"""The ways out that every state has: a person calls staff or walks away, a device fails."""

from common.domain.finger_ladder import FingerLadder
from common.domain.queue import HandOffReason
from common.flow.machine import Step
from common.wire.evidence import Attempts
from common.wire.facts import BiometricsAttempted
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, end, enter, first

WITH_PERSON = (
    s.AskingConsent
    | s.InsertingCard
    | s.AskingExcuse
    | s.CheckingFinger
    | s.EnrollingFinger
    | s.CheckingFace
    | s.FillingGap
    | s.CheckingParticulars
    | s.ChoosingChange
    | s.NeedsAlteration
    | s.ChoosingOffice
    | s.AskingMobile
    | s.TypingCode
    | s.CodeSkipped
    | s.PreparingPhotograph
    | s.Photographing
    | s.ChoosingShot
    | s.NoGoodPhotograph
    | s.Signing
    | s.ShowingSignature
    | s.ChoosingPaper
)
"""A person reads, touches or gives something; whoever does nothing there has walked away."""
AT_WORK = (
    s.ReadingCard
    | s.CheckingCard
    | s.SavingHolder
    | s.FindingOffices
    | s.SendingCode
    | s.CheckingCode
    | s.TakingShot
    | s.PrintingForm
)
"""The kiosk works for a case, and the person waits."""


def next_step(state: s.State, event: e.Event) -> FlowStep:
    """Return the way out; where an event means nothing here, the state stays as it is."""
    match event:
        case e.AskedForStaff():
            return _call_staff(state)
        case e.PersonLeft():
            return _person_left(state)
        case e.EquipmentFailed():
            return _equipment_failed(state)
        case _:
            return Step(state)


def _tried(state: s.State) -> FingerLadder | None:
    match state:
        case s.CheckingFinger() | s.EnrollingFinger() | s.CheckingFace():
            return state.ladder
        case _:
            return None


def _call_staff(state: s.State) -> FlowStep:
    if isinstance(state, WITH_PERSON):
        reason = HandOffReason.ASKED_FOR_STAFF
        return enter(s.HandingOff(state.case, reason, _tried(state)))
    return Step(state)


def _person_left(state: s.State) -> FlowStep:
    """Wipe the screen, give a card back, and let the tag wait again: what is done stays done."""
    match state:
        case s.ReadingCard(case) | s.CheckingCard(case):
            return first(t.LeaveTag(case.token), end(case, s.Welcome()))
        case _ if isinstance(state, WITH_PERSON):
            step = first(t.LeaveTag(state.case.token), end(state.case, s.Welcome()))
            ladder = _tried(state)
            if ladder is None or not (ladder.tries or ladder.face_tries or ladder.excepted):
                return step
            tried = BiometricsAttempted(attempts=Attempts.of(ladder))
            return first(t.Record(state.case.case_id, tried), step)
        case s.Registered() | s.HandedOff() | s.GoToStaff():
            return enter(s.StartingUp())
        case s.ReturningCard(s.InsertingCard(case)):
            return first(t.LeaveTag(case.token), enter(s.ReturningCard(s.Welcome())))
        case s.TakeCard(s.InsertingCard(case), late):
            return first(t.LeaveTag(case.token), enter(s.TakeCard(s.Welcome(), late)))
        case _:
            return Step(state)


def _equipment_failed(state: s.State) -> FlowStep:
    match state:
        case s.OutOfService() | s.CardStuck():
            return enter(state)
        case s.StartingUp() | s.Welcome():
            return enter(s.OutOfService())
        case s.HandingOff(case):
            return end(case, s.GoToStaff(case.number))
        case s.ReturningCard() | s.TakeCard():
            return enter(s.CardStuck())
        case _ if isinstance(state, WITH_PERSON | AT_WORK):
            reason = HandOffReason.EQUIPMENT_FAILED
            return enter(s.HandingOff(state.case, reason, _tried(state)))
        case _:
            return enter(s.StartingUp())
