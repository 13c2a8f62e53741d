"""What each state of the visit to the registration kiosk asks for on arriving there."""

from common.flow.machine import Step
from common.matching.finger_enrolment import FingerEnrolment
from common.matching.finger_template import FingerTemplate
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.words import OpenCase

TELL_S = 12.0
DONE_S = 15.0
REST_S = 10.0

FlowStep = Step[s.State, t.Task]


def enter(state: s.State) -> FlowStep:
    """Return the step into a state, with what the station has to do there."""
    return Step(state, _tasks(state))


def _tasks(state: s.State) -> tuple[t.Task, ...]:
    match state:
        case s.StartingUp():
            return (t.LookAtDevices(),)
        case s.OutOfService():
            return (t.ShowFor(REST_S),)
        case s.Welcome():
            return (t.CallNext(), t.WatchForTag())
        case s.Calling(tag):
            return (t.WatchForTag(), t.AwaitVisitor(tag))
        case s.Arriving(token):
            return (t.OpenCaseOf(token),)
        case s.NotYourTurn() | s.CodeSkipped() | s.NoGoodPhotograph():
            return (t.ShowFor(TELL_S),)
        case s.Registered() | s.HandedOff() | s.GoToStaff():
            return (t.ShowFor(DONE_S),)
        case s.HandingOff(case, reason, ladder):
            return (t.SaveHandOff(case.case_id, reason, ladder),)
        case s.InsertingCard() | s.ReadingCard() | s.CheckingCard():
            return _with_card(state)
        case s.ReturningCard() | s.TakeCard() | s.CardStuck():
            return _with_card(state)
        case s.CheckingFinger() | s.EnrollingFinger() | s.CheckingFace() | s.SavingHolder():
            return _with_person(state)
        case _:
            return _with_form(state)


def _with_card(state: s.State) -> tuple[t.Task, ...]:
    match state:
        case s.InsertingCard():
            return (t.AwaitCard(),)
        case s.ReadingCard():
            return (t.ReadCard(),)
        case s.CheckingCard(case, card):
            return (t.AskAboutCard(case.case_id, card.chip_serial, card.date_of_birth),)
        case s.ReturningCard():
            return (t.GiveCardBack(),)
        case s.TakeCard():
            return (t.AwaitCardTaken(),)
        case s.CardStuck():
            return (t.FreeCard(),)
        case _:
            return ()


def _with_person(state: s.State) -> tuple[t.Task, ...]:
    match state:
        case s.CheckingFinger(_, card, ladder, asked):
            is_first = not (ladder.tries or ladder.excepted)
            return (t.CheckFinger(card.fingers, asked.position, is_first),)
        case s.EnrollingFinger(_, card, _, enrolment):
            known = (*card.impressions(enrolment.position), *_first(enrolment))
            return (t.CaptureFinger(enrolment.position, enrolment.captures, known),)
        case s.CheckingFace(_, card):
            return (t.CheckFace(card.portrait_jpeg),)
        case s.SavingHolder(case, proof):
            return (t.SaveHolder(case, proof),)
        case _:
            return ()


def _with_form(state: s.State) -> tuple[t.Task, ...]:
    match state:
        case s.FindingOffices():
            return (t.FetchOffices(),)
        case s.SendingCode(case, contact):
            return (t.SendCode(case.case_id, contact),)
        case s.CheckingCode(case, contact, code):
            return (t.CheckCode(case.case_id, contact, code),)
        case s.Photographing():
            return (t.WatchFace(),)
        case s.TakingShot():
            return (t.TakePortrait(),)
        case s.Signing():
            return (t.TakeSignature(),)
        case s.PrintingForm(case, on_paper):
            return (t.FinishForm(case, on_paper),)
        case _:
            return ()


def first(task: t.Task, step: FlowStep) -> FlowStep:
    """Return a step that does this task before the others."""
    return Step(step.state, (task, *step.tasks))


def end(case: OpenCase, then: s.AfterCard) -> FlowStep:
    """End the work on a case: the card goes back first, if it is here."""
    return enter(s.ReturningCard(then)) if case.card_inside else after_card(then)


def after_card(then: s.AfterCard) -> FlowStep:
    """Go where the visit goes once the card is in the person's hand.

    Before the next visitor the devices are asked again, so a broken kiosk calls nobody.
    """
    return enter(s.StartingUp() if isinstance(then, s.Welcome) else then)


def _first(enrolment: FingerEnrolment) -> tuple[FingerTemplate, ...]:
    return tuple(one.template for one in enrolment.captures[:1])
