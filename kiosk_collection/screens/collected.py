"""The new card is with its holder: what holds from now on, and what to do with it."""

from common.domain.case import OldDocument
from common.ui.screen import Screen
from kiosk_collection.events import Finished
from kiosk_collection.screens import HERE
from kiosk_collection.visit import Collected

PATIENCE_S = 25.0


def collected(state: Collected) -> Screen:
    """Return the screen that thanks and ends the visit."""
    return Screen(
        HERE / "collected.qml",
        {"kept_key": f"collection-collected-kept-{state.document}"},
        {"done": lambda _: Finished()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "card": collected(Collected(OldDocument.OLD_CARD)),
        "form": collected(Collected(OldDocument.ACKNOWLEDGEMENT)),
    }
