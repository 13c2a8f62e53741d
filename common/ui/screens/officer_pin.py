"""The officer types the PIN of the card; it is in no state and in no log."""

from common.flow.staff_words import PinTyped, StaffDone, TypingPin
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 45.0
LENGTHS = range(6, 9)


def officer_pin(state: TypingPin) -> Screen:
    """Return the screen. How many tries are left is the card's own count."""
    return Screen(
        HERE / "officer_pin.qml",
        {"wrong": state.wrong, "left": state.tries_left},
        {"pin": _typed, "leave": lambda _: StaffDone()},
        PATIENCE_S,
    )


def _typed(value: str) -> PinTyped:
    if len(value) not in LENGTHS or not value.isdecimal():
        raise ValueError("a PIN is 6 to 8 digits")
    return PinTyped(value)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": officer_pin(TypingPin(3)),
        "wrong": officer_pin(TypingPin(2, wrong=True)),
        "last": officer_pin(TypingPin(1, wrong=True)),
    }
