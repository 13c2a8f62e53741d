"""The first screen: three ways to a tag."""

from common.ui.screen import Screen
from kiosk_tag.flow import AskedForStaff, NumberChosen, Way, WayChosen, Welcome
from kiosk_tag.screens import HERE


def welcome(state: Welcome) -> Screen:
    """Offer the ways that work; letter and card are looked for already."""
    missing = sorted(state.missing)
    if not missing:
        warning = ""
    elif len(missing) == len(Way):
        warning = "tag-welcome-missing"
    else:
        warning = f"tag-welcome-missing-{missing[0]}"
    return Screen(
        HERE / "welcome.qml",
        {
            "letter": Way.LETTER not in state.missing,
            "card": Way.CARD not in state.missing,
            "warning": warning,
            "resets": True,
        },
        {
            "letter": lambda _: WayChosen(Way.LETTER),
            "card": lambda _: WayChosen(Way.CARD),
            "number": lambda _: NumberChosen(),
            "call_staff": lambda _: AskedForStaff(),
        },
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "ready": welcome(Welcome()),
        "no_card_slot": welcome(Welcome(frozenset({Way.CARD}))),
        "number_only": welcome(Welcome(frozenset(Way))),
    }
