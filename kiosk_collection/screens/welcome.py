"""The first screen: both mouths are open; whatever comes first begins the visit."""

from common.domain.case import OldDocument
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff
from kiosk_collection.screens import HERE
from kiosk_collection.visit import Welcome

_SUBTITLES = (
    "collection-welcome-subtitle",
    "collection-welcome-subtitle-one",
    "collection-welcome-subtitle-none",
)
"""By how many documents cannot be taken just now."""


def welcome(state: Welcome) -> Screen:
    """Show what can be inserted just now."""
    missing = sorted(state.missing)
    if not missing:
        warning = ""
    elif len(missing) == len(OldDocument):
        warning = "collection-welcome-missing"
    else:
        warning = f"collection-welcome-missing-{missing[0]}"
    return Screen(
        HERE / "welcome.qml",
        {
            "card": OldDocument.OLD_CARD not in state.missing,
            "form": OldDocument.ACKNOWLEDGEMENT not in state.missing,
            "subtitle_key": _SUBTITLES[len(missing)],
            "warning": warning,
            "resets": True,
        },
        {"call_staff": lambda _: AskedForStaff()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "ready": welcome(Welcome()),
        "card_only": welcome(Welcome(frozenset({OldDocument.ACKNOWLEDGEMENT}))),
        "nothing": welcome(Welcome(frozenset(OldDocument))),
    }
