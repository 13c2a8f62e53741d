"""The person reads the form: is this right?"""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, ParticularsRight, ParticularsWrong
from kiosk_registration.screens import HERE
from kiosk_registration.screens.rows import rows
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import CheckingParticulars

PATIENCE_S = 90.0


def check_particulars(state: CheckingParticulars) -> Screen:
    """Return the screen; the identity number is masked, since others may look on."""
    return Screen(
        HERE / "check_particulars.qml",
        {"number": state.case.identity_number.masked, "rows": rows(state.case.particulars)},
        {
            "right": lambda _: ParticularsRight(),
            "wrong": lambda _: ParticularsWrong(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": check_particulars(CheckingParticulars(CASE))}
