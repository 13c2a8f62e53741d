"""Where shall the new card be collected? This office stands first."""

from common.ui.moments import in_each
from common.ui.screen import Screen, Value
from kiosk_registration.events import AskedForStaff, OfficeChosen
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, OFFICES
from kiosk_registration.states import ChoosingOffice
from kiosk_registration.words import OfficeChoice

PATIENCE_S = 60.0
SCROLLS = True


def choose_office(state: ChoosingOffice) -> Screen:
    """Return the screen; a name is shown in the language that is chosen at this moment."""
    codes = {office.code for office in state.offices}

    def chosen(code: str) -> OfficeChosen:
        if code not in codes:
            raise ValueError("no such office")
        return OfficeChosen(code)

    return Screen(
        HERE / "choose_office.qml",
        {"offices": [_office(one) for one in state.offices]},
        {"office": chosen, "call_staff": lambda _: AskedForStaff()},
        PATIENCE_S,
    )


def _office(office: OfficeChoice) -> Value:
    return {
        "code": office.code,
        "name": in_each(dict(office.names), office.code),
        "address": in_each(dict(office.addresses)),
        "here": office.is_here,
    }


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "two": choose_office(ChoosingOffice(CASE, OFFICES[:2])),
        "nine": choose_office(ChoosingOffice(CASE, OFFICES)),
    }
