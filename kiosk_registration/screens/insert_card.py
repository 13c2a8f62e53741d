"""The old card is asked for; after one that could not be read, with advice."""

from common.ui.screen import Screen
from kiosk_registration.flow import (
    CARD_TRIES,
    AskedForStaff,
    CannotGiveFingers,
    InsertingCard,
)
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE

PATIENCE_S = 60.0


def insert_card(state: InsertingCard) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "insert_card.qml",
        {"tries": state.tries, "most": CARD_TRIES},
        {
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "first": insert_card(InsertingCard(CASE)),
        "again": insert_card(InsertingCard(CASE, tries=1)),
    }
