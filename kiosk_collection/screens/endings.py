"""Which words an ending is told in; shared by the screens that tell it."""

from common.domain.language import office_language
from common.domain.queue import HandOffReason
from common.ui.moments import day, in_each
from common.ui.screen import Value
from kiosk_collection.visit import Ending, EndKind, OfficeName

REASONS = (
    HandOffReason.CARD_UNREADABLE,
    HandOffReason.FINGER_NOT_MATCHED,
    HandOffReason.NO_FINGERPRINTS,
    HandOffReason.FACE_NOT_MATCHED,
    HandOffReason.PARTICULARS_WRONG,
    HandOffReason.CARD_AT_COUNTER,
    HandOffReason.CARD_ELSEWHERE,
    HandOffReason.FOR_ANOTHER,
    HandOffReason.MINOR,
    HandOffReason.NEW_CARD_FAULTY,
    HandOffReason.NOT_TAKEN,
    HandOffReason.EQUIPMENT_FAILED,
    HandOffReason.ASKED_FOR_STAFF,
)
"""Why this kiosk hands a visit over; others are other kiosks'."""


def why_key(ending: Ending) -> str:
    """Return the key of the sentence that says why, and what to do next."""
    if ending.kind is EndKind.LEFT:
        return ""
    if ending.kind is EndKind.COUNTER:
        return f"collection-reason-{ending.reason}"
    if ending.kind is EndKind.WRONG_DOCUMENT:
        return f"collection-end-wrong_document-{ending.expects}"
    if ending.kind is EndKind.NOT_READY and ending.ready_on is None:
        return "collection-end-not_ready-unknown"
    if ending.kind is EndKind.NOT_READY and not ending.office:
        return "collection-end-not_ready-here"
    return f"collection-end-{ending.kind}"


def named(office: OfficeName) -> dict[str, Value]:
    """Give an office's name in each language; one that is known by its code has only that."""
    names = {office_language(language): name for language, name in office}
    return in_each(names, names.get(office_language("en"), ""))


def told(ending: Ending) -> dict[str, Value]:
    """Return what every screen that tells an ending needs."""
    return {
        "why_key": why_key(ending),
        "office": named(ending.office),
        "kiosk": ending.kiosk,
        "day": day(ending.ready_on) if ending.ready_on else "",
        "tag": ending.tag_number or "",
    }
