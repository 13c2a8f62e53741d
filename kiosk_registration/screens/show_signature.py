"""The signature as it will be kept: good, or once more?"""

from base64 import b64encode

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, SignAtBooth, SignatureAgain, SignatureKept
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, SIGNATURE_PNG
from kiosk_registration.states import ShowingSignature

PATIENCE_S = 60.0


def show_signature(state: ShowingSignature) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "show_signature.qml",
        {"picture": "data:image/png;base64," + b64encode(state.png).decode()},
        {
            "keep": lambda _: SignatureKept(),
            "clear": lambda _: SignatureAgain(),
            "booth": lambda _: SignAtBooth(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": show_signature(ShowingSignature(CASE, SIGNATURE_PNG))}
