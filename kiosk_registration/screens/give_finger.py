"""One finger is asked for, by name and picture, with advice after a poor try."""

from common.domain.finger_ladder import TRIES_A_FINGER, AskFinger, FingerLadder, FingerTry
from common.matching.finger_advice import FingerAdvice
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, CannotGiveFingers, CannotGiveThisFinger
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, OLD_CARD
from kiosk_registration.states import CheckingFinger
from kiosk_registration.words import FingerTaken

PATIENCE_S = 90.0


def give_finger(state: CheckingFinger) -> Screen:
    """Return the screen; a finger that cannot be given leads to the next one."""
    return Screen(
        HERE / "give_finger.qml",
        {
            "position": state.asked.position,
            "attempt": state.asked.attempt,
            "attempts": TRIES_A_FINGER,
            "advice": _advice(state),
            "other": _is_another(state),
            "taken": len(state.taken),
        },
        {
            "not_this_finger": lambda _: CannotGiveThisFinger(),
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _advice(state: CheckingFinger) -> str:
    """Name the advice for the next try; a good impression that did not match says so."""
    if state.nobody:
        return "nobody"
    return state.advice.value if state.advice else ""


def _is_another(state: CheckingFinger) -> bool:
    """Whether this finger is asked for because another one would not do."""
    last = state.ladder.tries[-1] if state.ladder.tries else None
    failed = last is not None and not last.matched and last.position != state.asked.position
    return failed or (state.asked.attempt == 1 and bool(state.ladder.excepted))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    ladder = FingerLadder.over((1, 2, 6, 7), 2)
    samples = {
        str(position): CheckingFinger(CASE, OLD_CARD, ladder, AskFinger(position, 1))
        for position in ladder.enrolled
    }
    samples |= {
        advice.value: CheckingFinger(CASE, OLD_CARD, ladder, AskFinger(1, 2), advice)
        for advice in FingerAdvice
    }
    again = CheckingFinger(CASE, OLD_CARD, ladder, AskFinger(1, 2), nobody=True)
    poor = ladder.tried(FingerTry(1, quality=12, advice="too_dry"))
    first = CheckingFinger(CASE, OLD_CARD, ladder, AskFinger(6, 1), taken=(FingerTaken(1, 20.0),))
    samples |= {
        "nobody": again,
        "another": CheckingFinger(CASE, OLD_CARD, poor, AskFinger(6, 1)),
        "second": first,
    }
    return {name: give_finger(state) for name, state in samples.items()}
