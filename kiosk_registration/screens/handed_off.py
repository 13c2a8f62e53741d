"""An officer goes on at a booth; the screen says why, and that nothing has to be repeated."""

from common.domain.queue import HandOffReason
from common.ui.screen import Screen
from common.ui.staff_calls import told
from kiosk_registration.events import Finished
from kiosk_registration.screens import HERE
from kiosk_registration.states import HandedOff

REASONS = (
    HandOffReason.CARD_UNREADABLE,
    HandOffReason.CARD_DOUBTFUL,
    HandOffReason.CARD_OF_ANOTHER,
    HandOffReason.CARD_NOT_VALID,
    HandOffReason.CARD_LOST,
    HandOffReason.CARD_REPLACED,
    HandOffReason.NOT_CALLED_UP,
    HandOffReason.FINGER_NOT_MATCHED,
    HandOffReason.NO_FINGERPRINTS,
    HandOffReason.FACE_NOT_MATCHED,
    HandOffReason.PARTICULARS_WRONG,
    HandOffReason.ALTERATION,
    HandOffReason.EQUIPMENT_FAILED,
    HandOffReason.ASKED_FOR_STAFF,
)
"""Those that this kiosk can have."""


def handed_off(state: HandedOff) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "handed_off.qml",
        {"number": state.number, "reason": str(state.reason)},
        {"done": lambda _: Finished()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    asked = handed_off(HandedOff("A023", HandOffReason.ASKED_FOR_STAFF))
    return {
        **{str(reason): handed_off(HandedOff("A023", reason)) for reason in REASONS},
        "staff_told": told(asked),
    }
