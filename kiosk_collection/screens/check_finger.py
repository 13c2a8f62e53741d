"""The person places the finger that is named and drawn."""

from common.matching.finger_advice import FingerAdvice
from common.ui.screen import Screen
from kiosk_collection.flow import ATTEMPTS, other_finger
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import visit
from kiosk_collection.visit import (
    AskedForStaff,
    CannotGiveFingers,
    CheckingFinger,
    OtherFingerChosen,
)

PATIENCE_S = 60.0


def check_finger(state: CheckingFinger) -> Screen:
    """Return the screen; another enrolled finger can be used where there is one."""
    return Screen(
        HERE / "check_finger.qml",
        {
            "position": state.position,
            "attempt": state.attempt,
            "attempts": ATTEMPTS,
            "advice": state.advice,
            "other": other_finger(state.visit, state.position) != state.position,
        },
        {
            "other_finger": lambda _: OtherFingerChosen(),
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    samples = {
        "first": CheckingFinger(visit(), 1),
        "left": CheckingFinger(visit(), 6),
        "again": CheckingFinger(visit((2, 7)), 2, 2),
        "one_enrolled": CheckingFinger(visit((1,)), 1),
    }
    samples |= {
        str(advice.value): CheckingFinger(visit(), 1, 2, advice.value)
        for advice in FingerAdvice
        if advice is not FingerAdvice.GOOD
    }
    return {name: check_finger(state) for name, state in samples.items()}
