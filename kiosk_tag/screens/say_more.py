"""What the holder of a tag may add: what they need, and who comes along."""

from common.ui.screen import Screen
from kiosk_tag.events import CompanionWanted, NeedsWanted
from kiosk_tag.screens.choices import card, choices


def say_more() -> Screen:
    """Return the screen."""
    return choices(
        "tag-more-title",
        "tag-more-subtitle",
        "help",
        [
            card("tag-issued-more-needs", "wheelchair", "", "needs"),
            card("tag-issued-more-companion", "companion", "", "companion"),
        ],
        {"needs": lambda _: NeedsWanted(), "companion": lambda _: CompanionWanted()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": say_more()}
