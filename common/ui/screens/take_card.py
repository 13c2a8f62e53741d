"""A card lies in the slot for the visitor to take."""

from common.ui.screen import Screen
from common.ui.screens import HERE


def take_card(
    title_key: str = "common-take-card-title", detail_key: str = "common-take-card-detail"
) -> Screen:
    """Return the screen that stays until the slot's sensor says the card is gone."""
    return Screen(HERE / "take_card.qml", {"title_key": title_key, "detail_key": detail_key})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": take_card()}
