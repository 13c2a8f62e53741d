"""Why the kiosk is taken out of service: what the public is told."""

from common.flow.staff_words import Closing, ReasonChosen, StaffDone, WentBack
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0


def tend_reason() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "tend_reason.qml",
        {"reasons": [{"value": str(c), "key": f"staff-closing-{c}"} for c in Closing]},
        {
            "reason": lambda value: ReasonChosen(Closing(value)),
            "back": lambda _: WentBack(),
            "leave": lambda _: StaffDone(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": tend_reason()}
