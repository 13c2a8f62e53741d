"""The identity card number is typed; the check digit is checked at once, and nobody can read it."""

from common.domain.identity_number import IdentityNumber
from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, NumberTyped, WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.states import WRONG_NUMBERS, TypingNumber

PATIENCE_S = 60.0


def type_number(state: TypingNumber) -> Screen:
    """Return the screen; what does not fit its check digit never leaves it."""
    return Screen(
        HERE / "type_number.qml",
        {"wrong": state.wrong, "left": WRONG_NUMBERS - state.wrong},
        {
            "number": lambda typed: NumberTyped(IdentityNumber.parse(typed)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"first": type_number(TypingNumber()), "wrong": type_number(TypingNumber(wrong=1))}
