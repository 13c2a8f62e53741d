"""The form: gaps, changes, the confirmation, paper; and what a case still needs at this kiosk."""

from dataclasses import replace

from common.domain.queue import HandOffReason
from common.wire.facts import ParticularsConfirmed
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, end, enter, first
from kiosk_registration.form import page_of
from kiosk_registration.words import Change, Offer, OpenCase

ON_A_PAGE = (Change.ADDRESS, Change.TELEPHONE, Change.OCCUPATION)
"""The changes that the person types in here; each is a field of the form."""


def go_on(case: OpenCase) -> FlowStep:
    """Ask for the next thing that this case needs and has not: nobody is asked twice."""
    done = case.done
    missing = case.particulars.missing()
    if missing and "gaps_left" not in done:
        return enter(s.FillingGap(case, page_of(missing[0])))
    if "particulars_confirmed" not in done:
        return enter(s.CheckingParticulars(case))
    if "office_chosen" not in done:
        return enter(s.FindingOffices(case))
    if "contact_asked" not in done:
        return enter(s.AskingMobile(case))
    if wants_photograph(case):
        return enter(s.PreparingPhotograph(case))
    if wants_signature(case):
        return enter(s.Signing(case))
    if Offer.PRINTER in case.offers and "form_printed" not in done:
        return enter(s.ChoosingPaper(case))
    return enter(s.PrintingForm(case, on_paper=False))


def wants_photograph(case: OpenCase) -> bool:
    """Tell whether this kiosk takes the portrait: of grown-ups, and of those who want it."""
    taken = case.done & {"photographed", "self_photographed", "photograph_at_booth"}
    return Offer.PHOTOGRAPH in case.offers and case.is_of_age and not taken


def wants_signature(case: OpenCase) -> bool:
    """Tell whether the person signs here. For who is under 18 the parent signs, at the booth."""
    settled = case.done & {"signed", "signs_at_booth"}
    return Offer.SIGNATURE_PAD in case.offers and case.is_of_age and not settled


def next_step(state: s.State, event: e.Event) -> FlowStep | None:
    """Return where the form leads; None where this is about something else."""
    match state, event:
        case s.FillingGap(case), e.PageFilled(particulars):
            kept = t.SaveForm(case.case_id, particulars)
            return first(kept, go_on(_changed(replace(case, particulars=particulars))))
        case s.FillingGap(case, is_change=False), e.GapLeft():
            return go_on(case.with_done("gaps_left"))
        case s.FillingGap(case, _, True), e.WentBack():
            return enter(s.CheckingParticulars(case))

        case s.CheckingParticulars(case), e.ParticularsRight():
            confirmed = ParticularsConfirmed(particulars=case.particulars)
            step = go_on(case.with_done("particulars_confirmed"))
            return first(t.Record(case.case_id, confirmed), step)
        case s.CheckingParticulars(case), e.ParticularsWrong():
            return enter(s.ChoosingChange(case))
        case s.ChoosingChange(case), e.ChangeChosen(change) if change in ON_A_PAGE:
            return enter(s.FillingGap(case, page_of(change), is_change=True))
        case s.ChoosingChange(case), e.ChangeChosen(Change.CARD_FACE):
            return enter(s.NeedsAlteration(case))
        case s.ChoosingChange(case), e.ChangeChosen():
            return enter(s.HandingOff(case, HandOffReason.PARTICULARS_WRONG))
        case s.NeedsAlteration(case), e.AlterationWanted():
            return enter(s.HandingOff(case, HandOffReason.ALTERATION))
        case (s.NeedsAlteration(case), e.KeptAsItIs()) | (s.ChoosingChange(case), e.WentBack()):
            return enter(s.CheckingParticulars(case))

        case s.ChoosingPaper(case), e.PaperChosen(on_paper):
            return enter(s.PrintingForm(case, on_paper))
        case s.PrintingForm(case, on_paper), e.FormFinished(printed, sent):
            photographed = bool(case.done & {"self_photographed", "photographed"})
            electronic = not on_paper and Offer.PRINTER in case.offers
            done = s.Registered(case.number, printed, electronic, sent, photographed)
            return end(case, done)
        case _:
            return None


def _changed(case: OpenCase) -> OpenCase:
    return replace(case, done=case.done - {"particulars_confirmed"})
