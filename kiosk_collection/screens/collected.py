"""The new card is with its holder."""

from common.ui.screen import Screen
from kiosk_collection.events import Finished
from kiosk_collection.screens import HERE

PATIENCE_S = 15.0


def collected() -> Screen:
    """Return the screen that thanks and ends the visit."""
    return Screen(HERE / "collected.qml", {}, {"done": lambda _: Finished()}, PATIENCE_S)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"sample": collected()}
