"""Shows the camera's picture, so that the letter's code is held where it can be read."""

from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, WentBack
from kiosk_tag.screens import HERE

PATIENCE_S = 40.0


def show_letter() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "show_letter.qml",
        {},
        {"back": lambda _: WentBack(), "call_staff": lambda _: AskedForStaff()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": show_letter()}
