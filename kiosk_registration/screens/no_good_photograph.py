"""Six photographs, and fewer than two that keep every rule: an officer takes it at the booth."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, GoneOn
from kiosk_registration.screens import HERE


def no_good_photograph() -> Screen:
    """Return the screen; it goes on by itself."""
    return Screen(
        HERE / "no_good_photograph.qml",
        {},
        {"next": lambda _: GoneOn(), "call_staff": lambda _: AskedForStaff()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": no_good_photograph()}
