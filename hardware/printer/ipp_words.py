"""The words of IPP that a form printer's driver uses.

Source: RFC 8011: operations 5.4.15, job-state 5.3.7, printer-state 5.4.11, printer-state-reasons
5.4.12, status codes appendix B; PWG 5100.9 for cover-open, fuser and marker words.
"""

from collections.abc import Iterable
from enum import IntEnum

from hardware.printer.ipp_codec import Attributes, Tag, Value
from hardware.printer.reasons import Reason


class Operation(IntEnum):
    """What can be asked."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Status(IntEnum):
    """How an answer begins."""

    LAST_SUCCESSFUL = 0x00FF
    NOT_FOUND = 0x0406
    NOT_POSSIBLE = 0x0404


class PrinterState(IntEnum):
    """What a printer does."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """Where a job is."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


_REASONS = {
    "media-empty": Reason.PAPER_OUT,
    "media-needed": Reason.PAPER_OUT,
    "media-low": Reason.PAPER_LOW,
    "media-jam": Reason.PAPER_JAM,
    "door-open": Reason.COVER_OPEN,
    "cover-open": Reason.COVER_OPEN,
    "interlock-open": Reason.COVER_OPEN,
    "input-tray-missing": Reason.PAPER_OUT,
    "output-tray-missing": Reason.OUTPUT_FULL,
    "output-area-full": Reason.OUTPUT_FULL,
    "toner-low": Reason.TONER_LOW,
    "toner-empty": Reason.TONER_OUT,
    "marker-supply-low": Reason.TONER_LOW,
    "marker-supply-empty": Reason.TONER_OUT,
    "fuser-over-temp": Reason.TOO_HOT,
    "paused": Reason.PAUSED,
    "moving-to-paused": Reason.PAUSED,
    "shutdown": Reason.OFFLINE,
    "offline": Reason.OFFLINE,
    "timed-out": Reason.OFFLINE,
}

SEVERITIES = ("-error", "-warning", "-report")


def reasons(words: Iterable[str]) -> frozenset[Reason]:
    """Put printer-state-reasons into our words.

    A word that nobody knows counts only when it calls itself an error; CUPS' own words, such as
    cups-remote-stopped, tell of queues and not of paper.
    """
    found = set()
    for word in words:
        bare = word
        for severity in SEVERITIES:
            bare = bare.removesuffix(severity)
        if bare in _REASONS:
            found.add(_REASONS[bare])
        elif word.endswith("-error"):
            found.add(Reason.OTHER)
    return frozenset(found)


def text(attributes: Attributes, name: str) -> str:
    """Return an attribute's first value where it is a text, else an empty one."""
    content = _first(attributes, name)
    return content if isinstance(content, str) else ""


def texts(attributes: Attributes, name: str) -> list[str]:
    """Return all values of an attribute that are texts."""
    found = (value.content for value in attributes.get(name, ()))
    return [content for content in found if isinstance(content, str)]


def number(attributes: Attributes, name: str) -> int | None:
    """Return an attribute's first value where it is a number, else None."""
    content = _first(attributes, name)
    return content if isinstance(content, int) and not isinstance(content, bool) else None


def truth(attributes: Attributes, name: str) -> bool | None:
    """Return an attribute's first value where it is a boolean, else None."""
    content = _first(attributes, name)
    return content if isinstance(content, bool) else None


def keywords(*words: str) -> tuple[Value, ...]:
    """Write keywords."""
    return tuple(Value(Tag.KEYWORD, word) for word in words)


def _first(attributes: Attributes, name: str) -> object:
    values = attributes.get(name, ())
    return values[0].content if values else None
