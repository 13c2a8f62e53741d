"""The card waits at another office: the person goes there, or asks for it to be sent here."""

from common.domain.language import Language
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, DocumentWanted, SendingWanted
from kiosk_collection.screens import HERE
from kiosk_collection.screens.endings import named
from kiosk_collection.screens.samples import OFFICE, visit
from kiosk_collection.visit import CardElsewhere, Place

PATIENCE_S = 60.0


def card_elsewhere(state: CardElsewhere) -> Screen:
    """Return the screen; two officers send a card on, so that wish goes to the counter."""
    return Screen(
        HERE / "card_elsewhere.qml",
        {"office": named(state.visit.office)},
        {
            "go": lambda _: DocumentWanted(),
            "send": lambda _: SendingWanted(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    code = ((Language.ENGLISH, "TKO"),)
    return {
        "named": card_elsewhere(CardElsewhere(visit(place=Place.OTHER_OFFICE, office=OFFICE))),
        "code": card_elsewhere(CardElsewhere(visit(place=Place.OTHER_OFFICE, office=code))),
    }
