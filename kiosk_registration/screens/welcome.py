"""Nobody is here; the kiosk says how to begin."""

from common.ui.screen import Screen
from kiosk_registration.screens import HERE


def welcome() -> Screen:
    """Return the screen."""
    return Screen(HERE / "welcome.qml", {"resets": True})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": welcome()}
