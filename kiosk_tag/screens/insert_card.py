"""Shows where and how the card goes in."""

from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, WentBack
from kiosk_tag.screens import HERE

PATIENCE_S = 40.0


def insert_card() -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "insert_card.qml",
        {},
        {"back": lambda _: WentBack(), "call_staff": lambda _: AskedForStaff()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": insert_card()}
