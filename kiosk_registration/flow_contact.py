"""Where the card is collected, and where notices go: a number that one code proves.

Without the office's line nothing of this stops the visit: the own office stays, and a number is
kept unproven.
"""

from common.domain.language import OfficeLanguage
from common.wire.facts import CollectionOfficeChosen, ContactConsented
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.entering import FlowStep, enter, first
from kiosk_registration.flow_form import go_on
from kiosk_registration.words import CodeTrouble, Contact, OpenCase

TRY_ANOTHER_CODE = (CodeTrouble.WRONG, CodeTrouble.TOO_OLD)


def next_step(state: s.State, event: e.Event) -> FlowStep | None:
    """Return where office and number lead; None where this is about something else."""
    match state, event:
        case s.FindingOffices(case), e.OfficesFound(offices) if len(offices) > 1:
            return enter(s.ChoosingOffice(case, offices))
        case s.FindingOffices(case), e.OfficesFound() | e.EquipmentFailed():
            return go_on(case.with_done("office_chosen"))
        case s.ChoosingOffice(case), e.OfficeChosen(code):
            chosen = t.Record(case.case_id, CollectionOfficeChosen(office=code))
            return first(chosen, go_on(case.with_done("office_chosen")))

        case s.AskingMobile(case), e.MobileGiven(contact):
            return enter(s.SendingCode(case, contact))
        case s.AskingMobile(case) | s.TypingCode(case), e.MobileDeclined(language):
            return _kept(case, language)
        case s.SendingCode(case, contact), e.CodeSent():
            return enter(s.TypingCode(case, contact))
        case s.SendingCode(case, contact), e.CodeNotSent(why):
            return _unproven(case, contact, why)
        case s.SendingCode(case, contact) | s.CheckingCode(case, contact), e.EquipmentFailed():
            return _unproven(case, contact, CodeTrouble.NO_CONNECTION)

        case s.TypingCode(case, contact), e.CodeTyped(code):
            return enter(s.CheckingCode(case, contact, code))
        case s.TypingCode(case, contact), e.CodeAskedAgain():
            return enter(s.SendingCode(case, contact))
        case s.TypingCode(case), e.WentBack():
            return enter(s.AskingMobile(case))
        case s.CheckingCode(case), e.CodeRight():
            return go_on(case.with_done("contact_asked"))
        case s.CheckingCode(case, contact), e.CodeNotRight(why) if why in TRY_ANOTHER_CODE:
            return enter(s.TypingCode(case, contact, why))
        case s.CheckingCode(case, contact), e.CodeNotRight(why):
            return _unproven(case, contact, why)

        case s.CodeSkipped(case), e.ReadLongEnough() | e.GoneOn():
            return go_on(case)
        case _:
            return None


def _unproven(case: OpenCase, contact: Contact, why: CodeTrouble) -> FlowStep:
    """Tell that nothing is checked now. Where only the line is gone, the number is kept."""
    mobile = contact.mobile if why is CodeTrouble.NO_CONNECTION else None
    told = ContactConsented(mail=None, mobile=mobile, language=contact.language)
    skipped = s.CodeSkipped(case.with_done("contact_asked"), why)
    return first(t.Record(case.case_id, told), enter(skipped))


def _kept(case: OpenCase, language: OfficeLanguage) -> FlowStep:
    """Leave standing what was said before, and ask no more."""
    told = ContactConsented(mail=None, mobile=None, language=language)
    return first(t.Record(case.case_id, told), go_on(case.with_done("contact_asked")))
