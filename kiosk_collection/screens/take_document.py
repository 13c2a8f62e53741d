"""The old document comes back; the screen stays until it is taken, and already says what next."""

from datetime import date

from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.ui.screen import Screen
from common.ui.staff_calls import told as told_of_call
from kiosk_collection.screens import HERE
from kiosk_collection.screens.endings import told
from kiosk_collection.visit import Ending, EndKind, TakeDocument


def take_document(state: TakeDocument) -> Screen:
    """Return the screen for the old card or the form."""
    is_card = state.document is OldDocument.OLD_CARD
    return Screen(
        HERE / "take_document.qml",
        {
            **told(state.ending),
            "title_key": f"collection-take-{state.document}",
            "picture": "card_out" if is_card else "form_out",
            "pictogram": "card" if is_card else "form",
            "late": state.late,
        },
        calls_staff=state.late,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    counter = Ending(EndKind.COUNTER, HandOffReason.FINGER_NOT_MATCHED, "E004", slip=True)
    not_ready = Ending(EndKind.NOT_READY, ready_on=date(2026, 1, 15))
    late = take_document(TakeDocument(Ending(EndKind.LEFT), OldDocument.OLD_CARD, late=True))
    return {
        "counter": take_document(TakeDocument(counter, OldDocument.OLD_CARD)),
        "not_ready": take_document(TakeDocument(not_ready, OldDocument.ACKNOWLEDGEMENT)),
        "late": late,
        "late_told": told_of_call(late),
        "interrupted": take_document(
            TakeDocument(Ending(EndKind.INTERRUPTED), OldDocument.OLD_CARD)
        ),
        "other_kiosk": take_document(
            TakeDocument(Ending(EndKind.OTHER_KIOSK, kiosk="sck-2"), OldDocument.ACKNOWLEDGEMENT)
        ),
    }
