"""Chooses the screen of each of the bench's states."""

from datetime import date
from typing import assert_never

from common.ui.screen import Screen
from common.ui.screens.busy import busy
from kiosk_registration.bench_flow import (
    AskedForStaff,
    AskStaff,
    ChoosingHow,
    Declaring,
    FetchingForm,
    FieldTyped,
    Filling,
    FormDone,
    HandedOver,
    HandingOver,
    NamingInChinese,
    NoFormHere,
    PageFilled,
    Reviewing,
    Saving,
    State,
    Welcome,
    WentBack,
)
from kiosk_registration.form import filled, typed_in
from kiosk_registration.screens.bench_chinese import bench_chinese
from kiosk_registration.screens.bench_declare import bench_declare
from kiosk_registration.screens.bench_done import bench_done
from kiosk_registration.screens.bench_how import bench_how
from kiosk_registration.screens.bench_notice import STAFF, bench_notice
from kiosk_registration.screens.bench_review import bench_review
from kiosk_registration.screens.bench_welcome import bench_welcome
from kiosk_registration.screens.form_page import form_page

PATIENCE_S = 180.0


def screen_for(state: State, today: date) -> Screen:
    """Return what the window shows in a state."""
    match state:
        case Welcome():
            return bench_welcome(state)
        case FetchingForm():
            return busy("bench-fetching", "form")
        case NoFormHere(reason):
            return bench_notice(reason)
        case Filling():
            return _page(state, today)
        case NamingInChinese():
            return bench_chinese(state)
        case Reviewing():
            return bench_review(state)
        case Declaring():
            return bench_declare(state)
        case ChoosingHow():
            return bench_how(state)
        case Saving() | HandingOver():
            return busy("bench-saving", "form")
        case FormDone() | HandedOver():
            return bench_done(state)
        case AskStaff():
            return bench_notice(STAFF)
        case _:
            assert_never(state)


def _page(state: Filling, today: date) -> Screen:
    form = state.form.particulars
    actions = {
        "page": lambda text: PageFilled(filled(form, typed_in(text), today)),
        "keep": lambda text: FieldTyped(filled(form, typed_in(text), today)),
        "call_staff": lambda _: AskedForStaff(),
    }
    if state.page > 0 or state.correcting:
        actions["back"] = lambda _: WentBack()
    return form_page(
        form,
        state.page,
        actions,
        PATIENCE_S,
        required=False,
        kind=state.form.kind,
        typing=state.typing,
    )
