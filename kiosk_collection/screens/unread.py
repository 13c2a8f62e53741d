"""The document could not be read: it comes back for another try, or its number is typed."""

from common.domain.case import OldDocument
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, DocumentWanted, TypingChosen
from kiosk_collection.screens import HERE
from kiosk_collection.visit import EndKind, Unread

PATIENCE_S = 60.0


def unread(state: Unread) -> Screen:
    """Return the screen; what is typed leads to the counter, all else done here."""
    is_card = state.document is OldDocument.OLD_CARD
    return Screen(
        HERE / "unread.qml",
        {
            "title_key": f"collection-unread-{state.document}",
            "pictogram": "card" if is_card else "form",
            "again_key": f"collection-unread-again-{_again(state)}",
        },
        {
            "again": lambda _: DocumentWanted(),
            "type": lambda _: TypingChosen(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _again(state: Unread) -> str:
    if state.document is OldDocument.ACKNOWLEDGEMENT:
        return "form"
    return "lines" if state.kind is EndKind.ZONE_UNREADABLE else "card"


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "card": unread(Unread(OldDocument.OLD_CARD, EndKind.UNREADABLE)),
        "lines": unread(Unread(OldDocument.OLD_CARD, EndKind.ZONE_UNREADABLE)),
        "form": unread(Unread(OldDocument.ACKNOWLEDGEMENT, EndKind.UNREADABLE)),
    }
