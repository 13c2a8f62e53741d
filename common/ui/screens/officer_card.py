"""The officer's card is asked for."""

from common.flow.staff_words import StaffDone
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0


def officer_card() -> Screen:
    """Return the screen; whoever came here by mistake goes back."""
    return Screen(HERE / "officer_card.qml", {}, {"leave": lambda _: StaffDone()}, PATIENCE_S)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": officer_card()}
