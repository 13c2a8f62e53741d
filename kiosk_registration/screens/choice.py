"""Chooses the screen of each of the kiosk's states."""

from datetime import date
from typing import TypeAlias, assert_never

from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.go_to_counter import go_to_counter
from common.ui.screens.out_of_service import card_stuck, out_of_service
from common.ui.screens.take_card import card_left, take_card
from kiosk_registration import states as s
from kiosk_registration.events import Finished
from kiosk_registration.screens.ask_excuse import ask_excuse
from kiosk_registration.screens.ask_mobile import ask_mobile
from kiosk_registration.screens.calling import calling
from kiosk_registration.screens.check_particulars import check_particulars
from kiosk_registration.screens.choose_change import choose_change
from kiosk_registration.screens.choose_office import choose_office
from kiosk_registration.screens.choose_paper import choose_paper
from kiosk_registration.screens.choose_photograph import choose_photograph
from kiosk_registration.screens.code_skipped import code_skipped
from kiosk_registration.screens.consent import consent
from kiosk_registration.screens.gap_page import gap_page
from kiosk_registration.screens.give_finger import give_finger
from kiosk_registration.screens.give_finger_again import give_finger_again
from kiosk_registration.screens.handed_off import handed_off
from kiosk_registration.screens.insert_card import insert_card
from kiosk_registration.screens.needs_alteration import needs_alteration
from kiosk_registration.screens.no_good_photograph import no_good_photograph
from kiosk_registration.screens.not_your_turn import not_your_turn
from kiosk_registration.screens.prepare_photograph import prepare_photograph
from kiosk_registration.screens.registered import registered
from kiosk_registration.screens.show_face import show_face
from kiosk_registration.screens.show_signature import show_signature
from kiosk_registration.screens.sign_here import sign_here
from kiosk_registration.screens.take_photograph import take_photograph
from kiosk_registration.screens.type_code import type_code
from kiosk_registration.screens.welcome import welcome

FormState: TypeAlias = (
    s.FillingGap
    | s.CheckingParticulars
    | s.ChoosingChange
    | s.NeedsAlteration
    | s.FindingOffices
    | s.ChoosingOffice
    | s.AskingMobile
    | s.SendingCode
    | s.TypingCode
    | s.CheckingCode
    | s.CodeSkipped
    | s.PreparingPhotograph
    | s.Photographing
    | s.TakingShot
    | s.ChoosingShot
    | s.NoGoodPhotograph
    | s.Signing
    | s.ShowingSignature
    | s.ChoosingPaper
    | s.PrintingForm
)


def screen_for(state: s.State, today: date) -> Screen:
    """Return what the window shows in a state."""
    match state:
        case s.StartingUp():
            return busy()
        case s.OutOfService():
            return out_of_service()
        case s.Welcome():
            return welcome(state)
        case s.Calling():
            return calling(state)
        case s.Arriving():
            return busy("registration-arriving", "tag")
        case s.NotYourTurn():
            return not_your_turn(state)
        case s.AskingConsent():
            return consent(state)
        case s.InsertingCard():
            return insert_card(state)
        case s.ReadingCard() | s.CheckingCard():
            return busy("registration-reading-card", "card")
        case s.AskingExcuse():
            return ask_excuse()
        case s.CheckingFinger():
            return give_finger(state)
        case s.EnrollingFinger():
            return give_finger_again(state)
        case s.CheckingFace():
            return show_face(state)
        case s.SavingHolder() | s.HandingOff():
            return busy("registration-saving", "lock")
        case s.Registered():
            return registered(state)
        case s.HandedOff():
            return handed_off(state)
        case s.GoToStaff(number):
            return go_to_counter("common-counter-unforeseen", lambda _: Finished(), number)
        case s.ReturningCard():
            return busy("registration-returning-card", "card")
        case s.TakeCard(late=True):
            return card_left()
        case s.TakeCard(s.InsertingCard()):
            return take_card("common-take-card-title", "registration-take-again-detail")
        case s.TakeCard():
            return take_card("registration-take-card-title", "registration-take-card-detail")
        case s.CardStuck():
            return card_stuck()
        case _:
            return _for_the_form(state, today)


def _for_the_form(state: FormState, today: date) -> Screen:
    match state:
        case s.FillingGap():
            return gap_page(state, today)
        case s.CheckingParticulars():
            return check_particulars(state)
        case s.ChoosingChange():
            return choose_change()
        case s.NeedsAlteration():
            return needs_alteration()
        case s.FindingOffices():
            return busy("registration-finding-offices", "home")
        case s.ChoosingOffice():
            return choose_office(state)
        case s.AskingMobile():
            return ask_mobile(state)
        case s.SendingCode():
            return busy("registration-sending-code", "phone")
        case s.TypingCode():
            return type_code(state)
        case s.CheckingCode():
            return busy("registration-checking-code", "phone")
        case s.CodeSkipped():
            return code_skipped(state)
        case s.PreparingPhotograph():
            return prepare_photograph()
        case s.Photographing() | s.TakingShot():
            return take_photograph(state)
        case s.ChoosingShot():
            return choose_photograph(state)
        case s.NoGoodPhotograph():
            return no_good_photograph()
        case s.Signing():
            return sign_here(state)
        case s.ShowingSignature():
            return show_signature(state)
        case s.ChoosingPaper():
            return choose_paper()
        case s.PrintingForm(_, on_paper):
            return busy("registration-printing" if on_paper else "registration-saving", "printer")
        case _:
            assert_never(state)
