"""The new card lies at the gate; the old document is kept when it is taken."""

from common.ui.screen import Screen
from kiosk_collection.events import MoreTimeWanted
from kiosk_collection.screens import HERE
from kiosk_collection.screens.samples import visit
from kiosk_collection.visit import TakeNewCard


def take_new_card(state: TakeNewCard) -> Screen:
    """Return the screen that stays until the gate's sensor says more; it asks before it ends."""
    return Screen(
        HERE / "take_new_card.qml",
        {
            "keeps_key": f"collection-keeps-{state.visit.document}",
            "lost_key": f"collection-take-new-lost-{state.visit.document}",
            "asked": state.asked,
            "keeps": True,
        },
        {"more_time": lambda _: MoreTimeWanted()} if state.asked else {},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "sample": take_new_card(TakeNewCard(visit())),
        "asked": take_new_card(TakeNewCard(visit(), asked=True)),
    }
