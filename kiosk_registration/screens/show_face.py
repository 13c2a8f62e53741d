"""Fingers did not do: the person looks at the camera, and sees the live picture."""

from common.domain.finger_ladder import FACE_TRIES, FingerLadder, FingerTry
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE, OLD_CARD
from kiosk_registration.states import CheckingFace

PATIENCE_S = 90.0


def show_face(state: CheckingFace) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "show_face.qml",
        {
            "attempt": state.attempt,
            "attempts": FACE_TRIES,
            "seen": state.seen,
            "after_fingers": bool(state.ladder.tries),
            "scanner_lost": state.ladder.scanner_lost,
        },
        {"call_staff": lambda _: AskedForStaff()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    tried = FingerLadder.over((1,)).tried(FingerTry(1, quality=12, advice="too_dry"))
    none = FingerLadder.over(())
    samples = {
        "after_fingers": CheckingFace(CASE, OLD_CARD, tried),
        "no_fingers": CheckingFace(CASE, OLD_CARD, none),
        "nobody": CheckingFace(CASE, OLD_CARD, tried, 2, "no_face"),
        "scanner_lost": CheckingFace(CASE, OLD_CARD, none.without_scanner()),
    }
    return {name: show_face(state) for name, state in samples.items()}
