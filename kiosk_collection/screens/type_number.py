"""The number of a card that cannot be read is typed; its check digit is checked at once."""

from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, NumberTyped, WentBack
from kiosk_collection.screens import HERE
from kiosk_collection.visit import NUMBER_TRIES, TypingNumber

PATIENCE_S = 60.0


def type_number(state: TypingNumber) -> Screen:
    """Return the screen; what does not fit its check digit never leaves it."""
    return Screen(
        HERE / "type_number.qml",
        {"wrong": state.wrong, "left": NUMBER_TRIES - state.wrong},
        {
            "number": lambda typed: NumberTyped(IdentityNumber.parse(typed)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": type_number(TypingNumber(OldDocument.OLD_CARD)),
        "wrong": type_number(TypingNumber(OldDocument.OLD_CARD, 1)),
    }
