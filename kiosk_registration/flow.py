"""A visit to the registration kiosk: called tag, old card, two fingers, form, and what goes on it.

Read next_step from top to bottom: it is the whole visit. What belongs together is a module of its
own, asked in this order: the card, the person, the form, office and number, portrait and signature.
entering says what each state asks for; flow_ending has the ways out that every state has.
"""

from dataclasses import replace

from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Need, Service
from common.flow.machine import Step
from common.wire.facts import NoticeGiven
from common.wire.shapes import CaseView, TagView
from kiosk_registration import events as e
from kiosk_registration import (
    flow_card,
    flow_contact,
    flow_ending,
    flow_form,
    flow_person,
    flow_photograph,
)
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, after_card, end, enter, first
from kiosk_registration.flow_form import go_on
from kiosk_registration.words import NOTICE, NotYet, Offer, OpenCase

RECALLS = 1
SELF_SERVICE = frozenset({Service.APPOINTMENT, Service.WALK_IN, Service.PRIORITY})

_PARTS = (
    flow_card.next_step,
    flow_person.next_step,
    flow_form.next_step,
    flow_contact.next_step,
    flow_photograph.next_step,
)


def next_step(state: s.State, event: e.Event) -> FlowStep:
    """Return where the visit goes when event happens in state."""
    match state, event:
        case s.StartingUp(), e.Started():
            return enter(state)
        case s.StartingUp() | s.OutOfService(), e.ReadyToServe():
            return enter(s.Welcome())
        case s.StartingUp() | s.OutOfService(), e.CardFoundInside():
            return enter(s.ReturningCard(s.Welcome()))
        case s.StartingUp() | s.OutOfService(), e.DeviceMissing():
            return enter(s.OutOfService())
        case s.OutOfService(), e.ReadLongEnough():
            # The screen stays while the devices are looked at: nobody is greeted for nothing.
            return Step(state, (t.LookAtDevices(),))

        case s.Welcome() | s.Calling(), _:
            return _wait_for_somebody(state, event)
        case s.Arriving(), e.CaseOpened(case):
            return _begin(case)
        case s.Arriving(_, called), e.TagNotServed(why, place, ahead):
            return enter(s.NotYourTurn(why, place, ahead, called))
        case s.NotYourTurn(called=None), e.ReadLongEnough() | e.Finished() | e.PersonLeft():
            return enter(s.StartingUp())
        case (
            s.NotYourTurn(called=TagView() as tag),
            e.ReadLongEnough() | e.Finished() | e.PersonLeft(),
        ):
            return enter(s.Calling(tag, RECALLS))

        case s.AskingConsent(case), e.Consented():
            return _noticed(case, gives_no_fingers=case.gives_no_fingers)
        case s.AskingConsent(case), e.CannotGiveFingers():
            return _noticed(case, gives_no_fingers=True)

        case s.HandingOff(case, reason), e.HandOffSaved():
            return end(case, s.HandedOff(case.number, reason))
        case s.ReturningCard(then), e.CardAtGate():
            return enter(s.TakeCard(then))
        case s.ReturningCard(then) | s.TakeCard(then), e.CardTaken():
            return after_card(then)
        case s.TakeCard(_, True), e.CardNotTaken():
            return Step(state, (t.AwaitCardTaken(),))
        case s.TakeCard(then), e.CardNotTaken():
            return enter(s.TakeCard(then, late=True))
        case s.CardStuck(), e.CardAtGate():
            return enter(s.TakeCard(s.Welcome()))
        case s.CardStuck(), e.CardTaken():
            return enter(s.StartingUp())
        case s.Registered() | s.HandedOff() | s.GoToStaff(), e.ReadLongEnough() | e.Finished():
            return enter(s.StartingUp())

        case _:
            found = (part(state, event) for part in _PARTS)
            return next((step for step in found if step), None) or flow_ending.next_step(
                state, event
            )


def _wait_for_somebody(state: s.Welcome | s.Calling, event: e.Event) -> FlowStep:
    """Who shows a slip is served; a kiosk that cannot see one calls nobody any more."""
    match state, event:
        case s.Welcome(), e.TagCalled(tag):
            return enter(s.Calling(tag))
        case s.Welcome(), e.TagShown(token):
            return enter(s.Arriving(token))
        case s.Welcome(), e.OtherCodeShown():
            return enter(s.NotYourTurn(NotYet.NOT_OURS))
        case s.Welcome(), e.CameraMissing():
            return enter(s.OutOfService())
        case s.Welcome(line=True), e.LineLost():
            return enter(s.Welcome(line=False))
        case s.Welcome(line=False), e.LineBack():
            return enter(s.Welcome())

        case s.Calling(tag), e.TagShown(token):
            return enter(s.Arriving(token, tag))
        case s.Calling(tag), e.OtherCodeShown():
            return enter(s.NotYourTurn(NotYet.NOT_OURS, called=tag))
        case s.Calling(tag, recalls, camera=True), e.CameraMissing():
            return enter(s.Calling(tag, recalls, camera=False))
        case s.Calling(tag, recalls, camera=False), e.CameraBack():
            return enter(s.Calling(tag, recalls))
        case s.Calling(tag, recalls), e.NobodyCame() if recalls < RECALLS:
            return first(t.CallAgain(tag), enter(replace(state, recalls=recalls + 1)))
        case s.Calling(tag), e.NobodyCame():
            return first(t.MissTag(tag), enter(s.StartingUp()))
        case s.Calling(), e.CallEnded():
            return enter(s.StartingUp())
        case _:
            return flow_ending.next_step(state, event)


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
        gives_no_fingers=view.tag is not None and Need.NO_FINGERPRINTS in view.tag.needs,
        office=view.collection_office,
        offers=_may_have(view),
    )


def _may_have(view: CaseView) -> frozenset[Offer]:
    """Return what may be offered for a case: only who replaces a card takes the portrait alone."""
    replaces = view.old_document is OldDocument.OLD_CARD
    is_simple = view.tag is not None and view.tag.service in SELF_SERVICE
    return frozenset(Offer) if replaces and is_simple else frozenset(Offer) - {Offer.PHOTOGRAPH}


def _begin(case: OpenCase) -> FlowStep:
    """Go on where the case stands: nobody is asked twice."""
    if "registered" in case.done:
        return enter(s.NotYourTurn(NotYet.DONE_HERE))
    if "identified" in case.done and case.done & {"enrolled", "attempted"}:
        return go_on(case)
    return enter(s.InsertingCard(case) if "noticed" in case.done else s.AskingConsent(case))


def _noticed(case: OpenCase, *, gives_no_fingers: bool) -> FlowStep:
    told = t.Record(case.case_id, NoticeGiven(notice=NOTICE, agreed=True))
    known = replace(case.with_done("noticed"), gives_no_fingers=gives_no_fingers)
    return first(told, enter(s.InsertingCard(known)))
