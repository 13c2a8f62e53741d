"""Nobody is here; the kiosk says how to begin, or that nobody is called just now."""

from common.ui.screen import Screen
from kiosk_registration.screens import HERE
from kiosk_registration.states import Welcome


def welcome(state: Welcome) -> Screen:
    """Return the screen."""
    return Screen(HERE / "welcome.qml", {"line": state.line, "resets": True})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": welcome(Welcome()), "no_line": welcome(Welcome(line=False))}
