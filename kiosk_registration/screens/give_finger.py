"""One finger is asked for, by name and picture, with advice after a poor try."""

from common.matching.finger_advice import FingerAdvice
from common.matching.finger_template import FingerTemplate
from common.ui.screen import Screen
from kiosk_registration.flow import (
    FINGER_TRIES,
    ORDER_OF_FINGERS,
    AskedForStaff,
    CannotGiveFingers,
    CheckingFinger,
    FingerTaken,
    OldCard,
)
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, PARTICULARS

PATIENCE_S = 90.0


def give_finger(state: CheckingFinger) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "give_finger.qml",
        {
            "position": state.position,
            "attempt": state.attempt,
            "attempts": FINGER_TRIES,
            "advice": _advice(state),
            "taken": len(state.taken),
        },
        {
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


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    card = OldCard(CASE.identity_number, "", "", "", "", PARTICULARS.date_of_birth, ())  # type: ignore[arg-type]  # the sample has a date
    first = CheckingFinger(CASE, card, position=1)
    taken = FingerTaken(1, 20.0, FingerTemplate((), 256, 288, 50))
    samples = {str(p): CheckingFinger(CASE, card, position=p) for p in ORDER_OF_FINGERS[:4]}
    samples |= {
        advice.value: CheckingFinger(CASE, card, position=1, attempt=2, advice=advice)
        for advice in FingerAdvice
    }
    samples["nobody"] = CheckingFinger(CASE, card, position=1, attempt=2, nobody=True)
    samples["second"] = CheckingFinger(CASE, card, position=6, taken=(taken,))
    samples["first"] = first
    return {name: give_finger(state) for name, state in samples.items()}
