"""The person places the finger that is named and drawn."""

from common.domain.finger_ladder import TRIES_A_FINGER, AskFinger, FingerLadder, FingerTry
from common.matching.finger_advice import FingerAdvice
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, CannotGiveFingers, OtherFingerChosen
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import visit
from kiosk_collection.visit import CheckingFinger

PATIENCE_S = 60.0


def check_finger(state: CheckingFinger) -> Screen:
    """Return the screen; another enrolled finger can be used where there is one."""
    last = state.ladder.tries[-1] if state.ladder.tries else None
    return Screen(
        HERE / "check_finger.qml",
        {
            "position": state.asked.position,
            "attempt": state.asked.attempt,
            "attempts": TRIES_A_FINGER,
            "advice": state.advice,
            "changed": last is not None and last.position != state.asked.position,
            "other": bool(state.ladder.others(state.asked.position)),
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
    both = FingerLadder.over((1, 6), face_may_do=False)
    one = FingerLadder.over((1,), face_may_do=False)
    poor = both.tried(FingerTry(1)).tried(FingerTry(1)).tried(FingerTry(1))
    samples = {
        "first": CheckingFinger(visit(), both, AskFinger(1, 1)),
        "left": CheckingFinger(visit(), both, AskFinger(6, 1)),
        "again": CheckingFinger(visit((2, 7)), FingerLadder.over((2, 7)), AskFinger(2, 2)),
        "changed": CheckingFinger(visit(), poor, AskFinger(6, 1)),
        "one_enrolled": CheckingFinger(visit((1,)), one, AskFinger(1, 1)),
        "nobody": CheckingFinger(visit(), both, AskFinger(1, 2), "nobody"),
    }
    samples |= {
        str(advice.value): CheckingFinger(visit(), both, AskFinger(1, 2), advice.value)
        for advice in FingerAdvice
        if advice is not FingerAdvice.GOOD
    }
    return {name: check_finger(state) for name, state in samples.items()}
