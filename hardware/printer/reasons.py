"""Why a printer does not print, or soon will not: one set of words for all print systems."""

from collections.abc import Set
from enum import StrEnum

from hardware.core.errors import DeviceFaultError


class Reason(StrEnum):
    """What a printer says of itself; those in HINDERS keep it from printing."""

    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    PAPER_JAM = "paper_jam"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    MECHANISM = "mechanism"
    TOO_HOT = "too_hot"
    TONER_LOW = "toner_low"
    TONER_OUT = "toner_out"
    OUTPUT_FULL = "output_full"
    PAUSED = "paused"
    OFFLINE = "offline"
    OTHER = "other"


HINDERS = frozenset(Reason) - {Reason.PAPER_LOW, Reason.TONER_LOW}

_FAULTS = {
    Reason.PAPER_OUT: "empty",
    Reason.COVER_OPEN: "jam",
    Reason.PAPER_JAM: "jam",
    Reason.CUTTER: "jam",
    Reason.MECHANISM: "jam",
    Reason.OUTPUT_FULL: "full",
}
"""A reason -> the word of DeviceFaultError; the first that applies is told, else refused."""

_SENTENCES = {
    Reason.PAPER_LOW: "the paper is low",
    Reason.PAPER_OUT: "the paper is out",
    Reason.PAPER_JAM: "the paper is jammed",
    Reason.COVER_OPEN: "the cover is open",
    Reason.CUTTER: "the cutter is stuck",
    Reason.MECHANISM: "the mechanism is stuck",
    Reason.TOO_HOT: "the print head is too hot",
    Reason.TONER_LOW: "the toner is low",
    Reason.TONER_OUT: "the toner is out",
    Reason.OUTPUT_FULL: "the output tray is full",
    Reason.PAUSED: "the queue is stopped",
    Reason.OFFLINE: "the printer is offline",
    Reason.OTHER: "the printer has a fault",
}


def in_words(reasons: Set[Reason]) -> str:
    """Tell reasons to a technician, the ones that hinder first."""
    ordered = [r for r in Reason if r in reasons and r in HINDERS]
    ordered += [r for r in Reason if r in reasons and r not in HINDERS]
    return ", ".join(_SENTENCES[reason] for reason in ordered)


def fault(reasons: Set[Reason], code: str = "") -> DeviceFaultError | None:
    """Make the error for reasons that keep a printer from printing; None where none does."""
    hindering = reasons & HINDERS
    if not hindering:
        return None
    word = next((word for reason, word in _FAULTS.items() if reason in hindering), "refused")
    return DeviceFaultError(word, code, in_words(hindering))
