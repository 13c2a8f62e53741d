"""Letter or card did not say who it is: what to do about it, and the ways that are left.

Another code, or the card put in again, is taken at once, as at the welcome.
"""

from common.domain.queue import Errand
from common.ui.screen import Screen
from kiosk_tag.events import NumberChosen, WayChosen
from kiosk_tag.screens.choices import card, choices
from kiosk_tag.states import SHOW_AGAIN, Reason, Unread, Way

_LETTERS = (Reason.LETTER_UNKNOWN, Reason.LETTER_OTHER_DAY)
_NOT_READ = (Reason.CARD_ZONE_UNREADABLE, Reason.CARD_CHIP_SILENT)


def unread(state: Unread) -> Screen:
    """Return the screen."""
    reason, is_letter = state.reason, state.reason in _LETTERS
    ways = []
    if reason in _NOT_READ:
        ways.append(card("tag-unread-again-card", "card", Way.CARD, "way"))
    elif state.wish.errand is not Errand.LOST:
        ways.append(card("tag-welcome-card", "card", Way.CARD, "way", "tag-welcome-card-detail"))
    ways.append(card("tag-welcome-number", "keypad", "", "number"))
    return choices(
        "tag-unread-card-title" if reason in _NOT_READ else f"tag-unread-{reason}-title",
        f"tag-unread-{reason}",
        "letter" if is_letter else "card",
        ways,
        {"way": lambda chosen: WayChosen(Way(chosen)), "number": lambda _: NumberChosen()},
        none=True,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {str(reason): unread(Unread(reason)) for reason in sorted(SHOW_AGAIN)}
