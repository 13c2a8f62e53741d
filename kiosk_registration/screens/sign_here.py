"""The person signs on the pad beside the screen, or at the booth."""

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, SignAtBooth, SignatureAgain
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import Signing

PATIENCE_S = 90.0


def sign_here(state: Signing) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "sign_here.qml",
        {"attempt": state.attempt},
        {
            "clear": lambda _: SignatureAgain(),
            "booth": lambda _: SignAtBooth(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"first": sign_here(Signing(CASE)), "again": sign_here(Signing(CASE, 2))}
