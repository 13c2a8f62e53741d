"""A card lies in the slot for the visitor to take."""

from common.ui.screen import Screen
from common.ui.screens import HERE
from common.ui.staff_calls import told


def take_card(
    title_key: str = "common-take-card-title",
    detail_key: str = "common-take-card-detail",
    told_key: str = "",
) -> Screen:
    """Return the screen that stays until the slot's sensor says the card is gone.

    told_key: what it says instead once staff were told; a screen that has it calls them.
    """
    return Screen(
        HERE / "take_card.qml",
        {"title_key": title_key, "detail_key": detail_key, "told_key": told_key},
        calls_staff=told_key != "",
    )


def card_left(title_key: str = "common-take-card-title") -> Screen:
    """Return the screen of a card that nobody takes; it calls staff."""
    return take_card(title_key, "common-card-late", "common-card-late-told")


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "plain": take_card(),
        "left": card_left(),
        "left-told": told(card_left()),
    }
