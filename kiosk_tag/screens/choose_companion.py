"""Why somebody comes along: 65 or over, or with a disability."""

from common.domain.queue import Companion
from common.ui.screen import Screen
from kiosk_tag.events import CompanionChosen
from kiosk_tag.screens.choices import card, choices


def choose_companion() -> Screen:
    """Return the screen."""
    return choices(
        "tag-companion-title",
        "tag-companion-subtitle",
        "companion",
        [
            card("tag-companion-aged", "aged", str(Companion.AGED), "companion"),
            card(
                "tag-companion-disabled",
                "wheelchair",
                str(Companion.DISABLED),
                "companion",
                "tag-companion-disabled-detail",
            ),
        ],
        {"companion": lambda chosen: CompanionChosen(Companion(chosen))},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_companion()}
