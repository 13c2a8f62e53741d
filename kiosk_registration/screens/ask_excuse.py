"""Who comes after the time of the call declares why: a few reasons, or to tell the officer."""

from common.domain.case import LateReason
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, ExcuseGiven
from kiosk_registration.screens import HERE

PATIENCE_S = 90.0


def ask_excuse() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "ask_excuse.qml",
        {"reasons": [str(reason) for reason in LateReason]},
        {
            "excuse": lambda reason: ExcuseGiven(LateReason(reason)),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": ask_excuse()}
