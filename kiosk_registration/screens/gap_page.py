"""A page of the form that has a gap, asked for at the kiosk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from common.ui.screen import Screen
from common.wire.shapes import Particulars
from kiosk_registration.events import AskedForStaff, GapLeft, PageFilled, WentBack
from kiosk_registration.form import filled, typed_in
from kiosk_registration.screens import SIZE as KIOSK_SIZE
from kiosk_registration.screens.form_page import form_page
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import FillingGap

PATIENCE_S = 90.0
SIZE = KIOSK_SIZE


def gap_page(state: FillingGap, today: date) -> Screen:
    """Return the screen; what is missing is filled in, or left to an officer."""
    form = state.case.particulars

    def page(text: str) -> PageFilled:
        return PageFilled(filled(form, typed_in(text), today))

    actions: dict[str, Callable[[str], object]] = {
        "page": page,
        "call_staff": lambda _: AskedForStaff(),
    }
    if state.is_change:
        actions["back"] = lambda _: WentBack()
    else:
        actions["leave"] = lambda _: GapLeft()
    lead = "registration-gap-change" if state.is_change else "registration-gap-missing"
    return form_page(form, state.page, actions, PATIENCE_S, required=True, lead=lead)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    pages = {"names": 0, "date": 1, "choices": 2, "address": 5, "telephone": 6}
    today = date(2026, 1, 5)
    return {
        "change": gap_page(FillingGap(CASE, 5, is_change=True), today),
        "empty": gap_page(FillingGap(replace(CASE, particulars=Particulars()), 0), today),
        **{name: gap_page(FillingGap(CASE, page), today) for name, page in pages.items()},
    }
