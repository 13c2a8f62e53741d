"""The new card lies at the gate; the old document is kept when it is taken."""

from common.ui.screen import Screen
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import visit
from kiosk_collection.visit import TakeNewCard


def take_new_card(state: TakeNewCard) -> Screen:
    """Return the screen that stays until the gate's sensor says more."""
    return Screen(
        HERE / "take_new_card.qml", {"keeps_key": f"collection-keeps-{state.visit.document}"}
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"sample": take_new_card(TakeNewCard(visit()))}
