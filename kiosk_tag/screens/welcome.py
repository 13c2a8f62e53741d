"""The first screen: the ways to a tag, and the door to everything else.

In the middle of a visit the same ways say who somebody is, for an errand or as a companion.
"""

from common.domain.queue import Companion, Errand
from common.ui.screen import Screen
from kiosk_tag.events import (
    AskedForStaff,
    ErrandsWanted,
    NoneOfThese,
    NumberChosen,
    WayChosen,
    WentBack,
)
from kiosk_tag.screens import HERE
from kiosk_tag.states import NOTHING_MORE, Way, Welcome, Wish

PATIENCE_S = 60.0


def welcome(state: Welcome) -> Screen:
    """Offer the ways that work; letter and card are looked for already."""
    missing = sorted(state.missing)
    if not missing:
        warning = ""
    elif len(missing) == len(Way):
        warning = "tag-welcome-missing"
    else:
        warning = f"tag-welcome-missing-{missing[0]}"
    is_first = state.wish == NOTHING_MORE
    title, subtitle = _words(state.wish)
    return Screen(
        HERE / "welcome.qml",
        {
            "title": title,
            "subtitle": subtitle,
            "letter": Way.LETTER not in state.missing,
            "letter_title": "tag-welcome-letter" if is_first else "tag-welcome-paper",
            # Whose card is lost has none to insert.
            "card": Way.CARD not in state.missing and state.wish.errand is not Errand.LOST,
            "warning": warning,
            "is_first": is_first,
            "none": state.wish.errand is not None,
            "resets": is_first,
            "stays": state.came_back,
        },
        {
            "letter": lambda _: WayChosen(Way.LETTER),
            "card": lambda _: WayChosen(Way.CARD),
            "number": lambda _: NumberChosen(),
            "other": lambda _: ErrandsWanted(),
            "none": lambda _: NoneOfThese(),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        None if is_first else PATIENCE_S,
    )


def _words(wish: Wish) -> tuple[str, str]:
    if wish.companion is not None:
        return "tag-welcome-companion", "tag-welcome-companion-subtitle"
    if wish.errand is not None:
        return f"tag-welcome-{wish.errand}", "tag-welcome-wish-subtitle"
    return "tag-welcome-title", "tag-welcome-subtitle"


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    wishes = {str(errand): Wish(errand) for errand in Errand}
    wishes["companion"] = Wish(companion=Companion.AGED)
    return {
        "ready": welcome(Welcome()),
        "no_card_slot": welcome(Welcome(frozenset({Way.CARD}))),
        "number_only": welcome(Welcome(frozenset(Way))),
        **{name: welcome(Welcome(wish=wish)) for name, wish in wishes.items()},
    }
