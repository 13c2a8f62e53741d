"""The person looks at the camera, and sees the live picture."""

from dataclasses import replace

from common.domain.finger_ladder import FACE_TRIES
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, CannotGiveFingers, CollectsForAnother
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import visit
from kiosk_collection.visit import CheckingFace

PATIENCE_S = 60.0


def check_face(state: CheckingFace) -> Screen:
    """Return the screen; from here on nobody has to give fingerprints."""
    return Screen(
        HERE / "check_face.qml",
        {
            "attempt": state.attempt,
            "attempts": FACE_TRIES,
            "seen": state.seen,
            "keeps": True,
            "gives_no_fingers": state.gives_no_fingers,
            "activates": state.visit.activates,
        },
        {
            "no_fingers": lambda _: CannotGiveFingers(),
            "another": lambda _: CollectsForAnother(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": check_face(CheckingFace(visit())),
        "nobody": check_face(CheckingFace(visit(), 2, "no_face")),
        "unlike": check_face(CheckingFace(visit(), 3, "unlike")),
        "flat": check_face(CheckingFace(visit(), 2, "flat")),
        "no_fingers": check_face(CheckingFace(visit(), gives_no_fingers=True)),
        "activating": check_face(CheckingFace(replace(visit(), activates=True))),
    }
