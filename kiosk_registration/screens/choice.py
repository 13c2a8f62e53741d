"""Chooses the screen of each of the kiosk's states."""

from datetime import date
from typing import assert_never

from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.go_to_counter import go_to_counter
from common.ui.screens.out_of_service import out_of_service
from common.ui.screens.take_card import take_card
from kiosk_registration.screens.calling import calling
from kiosk_registration.screens.check_particulars import check_particulars
from kiosk_registration.screens.consent import consent
from kiosk_registration.screens.gap_page import gap_page
from kiosk_registration.screens.give_finger import give_finger
from kiosk_registration.screens.give_finger_again import give_finger_again
from kiosk_registration.screens.handed_off import handed_off
from kiosk_registration.screens.insert_card import insert_card
from kiosk_registration.screens.not_your_turn import not_your_turn
from kiosk_registration.screens.registered import registered
from kiosk_registration.screens.show_face import show_face
from kiosk_registration.screens.welcome import welcome
from kiosk_registration.visit import (
    Arriving,
    AskingConsent,
    Calling,
    CardStuck,
    CheckingFace,
    CheckingFinger,
    CheckingParticulars,
    EnrollingFinger,
    FillingGap,
    Finished,
    GoToStaff,
    HandedOff,
    HandingOff,
    InsertingCard,
    NotYourTurn,
    OutOfService,
    PrintingForm,
    ReadingCard,
    Registered,
    ReturningCard,
    SavingHolder,
    StartingUp,
    State,
    TakeCard,
    Welcome,
)


def screen_for(state: State, today: date) -> Screen:
    """Return what the window shows in a state."""
    match state:
        case StartingUp():
            return busy()
        case OutOfService():
            return out_of_service()
        case Welcome():
            return welcome()
        case Calling():
            return calling(state)
        case Arriving():
            return busy("registration-arriving", "tag")
        case NotYourTurn():
            return not_your_turn(state)
        case AskingConsent():
            return consent()
        case InsertingCard():
            return insert_card(state)
        case ReadingCard():
            return busy("registration-reading-card", "card")
        case CheckingFinger():
            return give_finger(state)
        case EnrollingFinger():
            return give_finger_again(state)
        case CheckingFace():
            return show_face(state)
        case SavingHolder() | HandingOff():
            return busy("registration-saving", "lock")
        case FillingGap():
            return gap_page(state, today)
        case CheckingParticulars():
            return check_particulars(state)
        case PrintingForm():
            return busy("registration-printing", "printer")
        case Registered():
            return registered(state)
        case HandedOff():
            return handed_off(state)
        case GoToStaff(number):
            return go_to_counter("common-counter-unforeseen", lambda _: Finished(), number)
        case ReturningCard():
            return busy("registration-returning-card", "card")
        case TakeCard(late=True):
            return take_card("common-take-card-title", "registration-take-late-detail")
        case TakeCard():
            return take_card()
        case CardStuck():
            return out_of_service("registration-stuck-detail")
        case _:
            assert_never(state)
