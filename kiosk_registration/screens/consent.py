"""The notice on personal data, before anything is taken, with the other way beside it."""

from common.ui.screen import Screen
from kiosk_registration.screens import HERE
from kiosk_registration.visit import (
    AskedForStaff,
    CannotGiveFingers,
    Consented,
)

PATIENCE_S = 60.0


def consent() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "consent.qml",
        {},
        {
            "agree": lambda _: Consented(),
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": consent()}
