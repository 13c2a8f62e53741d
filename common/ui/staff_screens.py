"""Chooses the screen of each state of staff's common work."""

from typing import assert_never

from common.flow.staff_words import (
    AtOwnWork,
    AwaitingOfficerCard,
    CheckingPassword,
    CheckingPin,
    ChoosingReason,
    Confirming,
    Doing,
    LookingAtCard,
    NotLetIn,
    ReturningOfficerCard,
    SigningOut,
    StaffGone,
    StaffMenu,
    StaffState,
    TakeOfficerCard,
    TypingPassword,
    TypingPin,
)
from common.ui.screen import Screen
from common.ui.screens.busy import busy
from common.ui.screens.officer_card import officer_card
from common.ui.screens.officer_password import officer_password
from common.ui.screens.officer_pin import officer_pin
from common.ui.screens.officer_refused import officer_refused
from common.ui.screens.take_card import take_card
from common.ui.screens.tend_confirm import tend_confirm
from common.ui.screens.tend_kiosk import tend_kiosk
from common.ui.screens.tend_reason import tend_reason


def staff_screen(state: StaffState, own_work_key: str = "") -> Screen:
    """Return what the window shows while staff are at work."""
    match state:
        case AwaitingOfficerCard():
            return officer_card()
        case LookingAtCard() | CheckingPin() | CheckingPassword():
            return busy("common-working", "lock")
        case TypingPin():
            return officer_pin(state)
        case TypingPassword():
            return officer_password(state)
        case ReturningOfficerCard():
            return busy("staff-returning", "card")
        case TakeOfficerCard(late=late):
            detail = "staff-take-late" if late else "staff-take-detail"
            return take_card("staff-take-title", detail)
        case NotLetIn():
            return officer_refused(state)
        case StaffMenu():
            return tend_kiosk(state, own_work_key)
        case ChoosingReason():
            return tend_reason()
        case Confirming(_, act):
            return tend_confirm(act)
        case Doing():
            return busy("staff-doing", "lock")
        case SigningOut() | StaffGone() | AtOwnWork():
            return busy("common-working", "lock")
        case _:
            assert_never(state)
