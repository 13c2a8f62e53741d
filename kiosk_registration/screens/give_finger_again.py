"""The same finger once more, for the new card: lift it, then place it again."""

from common.domain.finger_ladder import FingerLadder, FingerTry
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import CAPTURES, Capture, FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, CannotGiveFingers, CannotGiveThisFinger
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, OLD_CARD
from kiosk_registration.states import EnrollingFinger

PATIENCE_S = 90.0


def give_finger_again(state: EnrollingFinger) -> Screen:
    """Return the screen. Retakes are not counted beyond the three: nobody has to pass a test."""
    return Screen(
        HERE / "give_finger_again.qml",
        {
            "position": state.enrolment.position,
            "number": min(state.enrolment.number, CAPTURES),
            "captures": CAPTURES,
            "advice": _advice(state),
        },
        {
            "not_this_finger": lambda _: CannotGiveThisFinger(),
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _advice(state: EnrollingFinger) -> str:
    if state.nobody:
        return "nobody"
    good = state.advice is None or state.advice is FingerAdvice.GOOD
    return "" if good or state.advice is None else state.advice.value


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    ladder = FingerLadder.over((1, 6), 2).tried(FingerTry(1, matched=True, quality=60))
    first = Capture(FingerTemplate((), 256, 288, 60))
    one = FingerEnrolment(1, (first,))
    two = one.captured(Capture(FingerTemplate((), 256, 288, 18), (9.0,)))
    samples = {
        "second": EnrollingFinger(CASE, OLD_CARD, ladder, one, 20.0),
        "third": EnrollingFinger(CASE, OLD_CARD, ladder, two, 20.0, FingerAdvice.TOO_DRY),
        "left": EnrollingFinger(CASE, OLD_CARD, ladder, FingerEnrolment(6, (first,)), 20.0),
        "nobody": EnrollingFinger(CASE, OLD_CARD, ladder, one.missed(), 20.0, nobody=True),
    }
    return {name: give_finger_again(state) for name, state in samples.items()}
