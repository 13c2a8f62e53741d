"""The last screen of a visit that brought no card: why, and where to go on."""

from datetime import date

from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.ui.screen import Screen
from common.ui.staff_calls import told as told_of_call
from kiosk_collection.events import Finished
from kiosk_collection.screens import HERE
from kiosk_collection.screens.endings import REASONS, told
from kiosk_collection.screens.samples import OFFICE
from kiosk_collection.visit import UNTOLD, Ended, Ending, EndKind

PATIENCE_S = 20.0

_TITLES = {
    EndKind.ACTIVATED: "collection-end-activated-title",
    EndKind.NOT_READY: "collection-end-not_ready-title",
    EndKind.OTHER_OFFICE: "collection-end-other_office-title",
    EndKind.OTHER_KIOSK: "collection-end-other_kiosk-title",
    EndKind.WRONG_DOCUMENT: "collection-end-wrong_document-title",
    EndKind.UNREADABLE: "collection-end-unreadable-title",
    EndKind.ZONE_UNREADABLE: "collection-end-zone_unreadable-title",
    EndKind.CARD_DOUBTFUL: "collection-end-card_doubtful-title",
    EndKind.CARD_NOT_VALID: "collection-end-card_not_valid-title",
    EndKind.CARD_FOREIGN: "collection-end-card_foreign-title",
    EndKind.NO_CONNECTION: "collection-end-no_connection-title",
}
_PICTURES = {
    EndKind.NOT_READY: "later",
    EndKind.OTHER_OFFICE: "elsewhere",
    EndKind.OTHER_KIOSK: "card_in",
    EndKind.UNREADABLE: "card_in",
    EndKind.ZONE_UNREADABLE: "card_in",
    EndKind.CARD_FOREIGN: "card_in",
    EndKind.ACTIVATED: "valid",
}
_AT_COUNTER = {
    EndKind.COUNTER,
    EndKind.UNKNOWN_CASE,
    EndKind.NUMBER_UNKNOWN,
    EndKind.CARD_DOUBTFUL,
    EndKind.CARD_NOT_VALID,
    EndKind.ASKED_FOR_STAFF,
}


def ended(state: Ended) -> Screen:
    """Return the screen; the reason is for the person alone and names no particular."""
    ending = state.ending
    return Screen(
        HERE / "ended.qml",
        {
            **told(ending),
            "title_key": _TITLES.get(ending.kind, "common-counter-title"),
            "pictogram": "counter" if ending.kind in _AT_COUNTER else "info",
            "picture": _picture(ending),
            "counter": ending.kind is EndKind.COUNTER,
            "slip": ending.slip,
            "stays": ending.document_stays,
        },
        {"done": lambda _: Finished()},
        PATIENCE_S,
        calls_staff=ending.document_stays,
    )


def _picture(ending: Ending) -> str:
    if ending.document_stays:
        return ""
    if ending.kind is EndKind.WRONG_DOCUMENT:
        return "form" if ending.expects is OldDocument.ACKNOWLEDGEMENT else "card_in"
    return _PICTURES.get(ending.kind, "hand_off")


def previews() -> dict[str, Screen]:
    """Return samples for the gallery: each kind of ending, each reason for the counter."""
    samples = {
        str(kind): Ending(
            kind,
            ready_on=date(2026, 1, 15),
            expects=OldDocument.OLD_CARD,
            office=OFFICE,
            kiosk="sck-2",
        )
        for kind in EndKind
        if kind not in UNTOLD | {EndKind.COUNTER}
    }
    samples |= {
        f"counter_{reason}": Ending(EndKind.COUNTER, reason, "E004", slip=True)
        for reason in REASONS
    }
    samples["no_tag"] = Ending(EndKind.COUNTER, HandOffReason.CARD_AT_COUNTER, slip=True)
    samples["not_ready_here"] = Ending(EndKind.NOT_READY, ready_on=date(2026, 1, 15))
    samples["not_ready_unknown"] = Ending(EndKind.NOT_READY)
    samples["wrong_form"] = Ending(EndKind.WRONG_DOCUMENT, expects=OldDocument.ACKNOWLEDGEMENT)
    samples["document_stays"] = Ending(
        EndKind.COUNTER, HandOffReason.EQUIPMENT_FAILED, "E004", slip=True, document_stays=True
    )
    screens = {name: ended(Ended(ending)) for name, ending in samples.items()}
    for name in ("asked_for_staff", "document_stays"):
        screens[f"{name}_told"] = told_of_call(screens[name])
    return screens
