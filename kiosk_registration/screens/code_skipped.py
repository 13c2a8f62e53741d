"""The number is not checked now: the screen says why, and the visit goes on."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, GoneOn
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import CodeSkipped
from kiosk_registration.words import CodeTrouble


def code_skipped(state: CodeSkipped) -> Screen:
    """Return the screen; it goes on by itself."""
    return Screen(
        HERE / "code_skipped.qml",
        {"why": str(state.why)},
        {"next": lambda _: GoneOn(), "call_staff": lambda _: AskedForStaff()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    reasons = (
        CodeTrouble.NO_CONNECTION,
        CodeTrouble.NO_MESSAGES,
        CodeTrouble.TOO_MANY,
        CodeTrouble.TOO_OLD,
    )
    return {str(why): code_skipped(CodeSkipped(CASE, why)) for why in reasons}
