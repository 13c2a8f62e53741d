"""Chooses the screen of each state."""

from collections.abc import Callable
from typing import assert_never

from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.type_number import type_number
from common.ui.screens.type_year import type_year
from kiosk_collection.events import AskedForStaff, NumberTyped, WentBack, YearTyped
from kiosk_collection.screens.card_elsewhere import card_elsewhere
from kiosk_collection.screens.check_face import check_face
from kiosk_collection.screens.check_finger import check_finger
from kiosk_collection.screens.closed import closed
from kiosk_collection.screens.collected import collected
from kiosk_collection.screens.ended import ended
from kiosk_collection.screens.is_this_right import is_this_right
from kiosk_collection.screens.staff_load import staff_load
from kiosk_collection.screens.staff_menu import staff_menu
from kiosk_collection.screens.take_document import take_document
from kiosk_collection.screens.take_new_card import take_new_card
from kiosk_collection.screens.unread import unread
from kiosk_collection.screens.welcome import welcome
from kiosk_collection.staff import words as staff
from kiosk_collection.visit import (
    NUMBER_TRIES,
    Activating,
    CardElsewhere,
    CheckingFace,
    CheckingFinger,
    Collected,
    Concluding,
    Ended,
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

LEAVING: dict[str, Callable[[str], object]] = {
    "back": lambda _: WentBack(),
    "call_staff": lambda _: AskedForStaff(),
}


def screen_for(state: State) -> Screen:
    """Return what the window shows in a state."""
    match state:
        case StartingUp():
            return busy()
        case OutOfService():
            return closed(state)
        case Welcome():
            return welcome(state)
        case ReadingDocument(document):
            return busy(f"collection-busy-reading-{document}", "card")
        case Unread():
            return unread(state)
        case TypingNumber():
            return type_number(NumberTyped, LEAVING, state.wrong, NUMBER_TRIES)
        case TypingYear():
            return type_year(YearTyped, LEAVING)
        case FindingByNumber():
            return busy("collection-busy-finding", "keypad")
        case CardElsewhere():
            return card_elsewhere(state)
        case CheckingFace():
            return check_face(state)
        case CheckingFinger():
            return check_finger(state)
        case FetchingCard():
            return busy("collection-busy-fetching", "card")
        case Activating():
            return busy("collection-busy-activating", "card")
        case IsThisRight():
            return is_this_right(state)
        case PresentingCard():
            return busy("collection-busy-presenting", "card")
        case TakeNewCard():
            return take_new_card(state)
        case Concluding():
            return busy("collection-busy-concluding", "card")
        case PuttingAway():
            return busy("collection-busy-putting-away", "card")
        case HandingOff():
            return busy("collection-busy-handing-off", "counter")
        case ReturningDocument():
            return busy("collection-busy-returning", "card")
        case TakeDocument():
            return take_document(state)
        case Ended():
            return ended(state)
        case Collected():
            return collected(state)
        case Staff(at):
            return _staff_screen(at)
        case _:
            assert_never(state)


def _staff_screen(state: staff.State) -> Screen:
    match state:
        case staff.Menu():
            return staff_menu(state)
        case staff.AwaitingCard() | staff.PlacingCard():
            return staff_load(state)
        case staff.ReadingCard():
            return busy("collection-busy-reading-new", "card")
        case staff.ReturningCard():
            return busy("collection-busy-returning-new", "card")
        case staff.Leaving() | staff.Left():
            return busy("collection-busy-leaving", "lock")
        case _:
            assert_never(state)
