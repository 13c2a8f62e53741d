"""What the Windows spooler says of printers and jobs, in our words.

Source: Microsoft, "PRINTER_INFO_2 structure", members Status and Attributes; "JOB_INFO_1
structure", member Status; values from winspool.h of the Windows SDK.
"""

from enum import IntFlag

from hardware.printer.reasons import Reason


class PrinterFlag(IntFlag):
    """PRINTER_STATUS_*."""

    PAUSED = 0x00000001
    ERROR = 0x00000002
    PENDING_DELETION = 0x00000004
    PAPER_JAM = 0x00000008
    PAPER_OUT = 0x00000010
    MANUAL_FEED = 0x00000020
    PAPER_PROBLEM = 0x00000040
    OFFLINE = 0x00000080
    IO_ACTIVE = 0x00000100
    BUSY = 0x00000200
    PRINTING = 0x00000400
    OUTPUT_BIN_FULL = 0x00000800
    NOT_AVAILABLE = 0x00001000
    WAITING = 0x00002000
    PROCESSING = 0x00004000
    INITIALIZING = 0x00008000
    WARMING_UP = 0x00010000
    TONER_LOW = 0x00020000
    NO_TONER = 0x00040000
    PAGE_PUNT = 0x00080000
    USER_INTERVENTION = 0x00100000
    OUT_OF_MEMORY = 0x00200000
    DOOR_OPEN = 0x00400000
    SERVER_UNKNOWN = 0x00800000
    POWER_SAVE = 0x01000000


WORK_OFFLINE = 0x00000400
"""PRINTER_ATTRIBUTE_WORK_OFFLINE: how Windows marks most USB printers that are switched off."""


class JobFlag(IntFlag):
    """JOB_STATUS_*."""

    PAUSED = 0x0001
    ERROR = 0x0002
    DELETING = 0x0004
    SPOOLING = 0x0008
    PRINTING = 0x0010
    OFFLINE = 0x0020
    PAPER_OUT = 0x0040
    PRINTED = 0x0080
    DELETED = 0x0100
    BLOCKED_DEVICE_QUEUE = 0x0200
    USER_INTERVENTION = 0x0400
    RESTART = 0x0800
    COMPLETE = 0x1000
    RETAINED = 0x2000


_PRINTER = {
    PrinterFlag.PAPER_OUT: Reason.PAPER_OUT,
    PrinterFlag.MANUAL_FEED: Reason.PAPER_OUT,
    PrinterFlag.PAPER_JAM: Reason.PAPER_JAM,
    PrinterFlag.PAPER_PROBLEM: Reason.PAPER_JAM,
    PrinterFlag.DOOR_OPEN: Reason.COVER_OPEN,
    PrinterFlag.OUTPUT_BIN_FULL: Reason.OUTPUT_FULL,
    PrinterFlag.TONER_LOW: Reason.TONER_LOW,
    PrinterFlag.NO_TONER: Reason.TONER_OUT,
    PrinterFlag.PAUSED: Reason.PAUSED,
    PrinterFlag.PENDING_DELETION: Reason.PAUSED,
    PrinterFlag.OFFLINE: Reason.OFFLINE,
    PrinterFlag.NOT_AVAILABLE: Reason.OFFLINE,
    PrinterFlag.SERVER_UNKNOWN: Reason.OFFLINE,
    PrinterFlag.ERROR: Reason.OTHER,
    PrinterFlag.USER_INTERVENTION: Reason.OTHER,
    PrinterFlag.OUT_OF_MEMORY: Reason.OTHER,
    PrinterFlag.PAGE_PUNT: Reason.OTHER,
}

_JOB = {
    JobFlag.PAPER_OUT: Reason.PAPER_OUT,
    JobFlag.OFFLINE: Reason.OFFLINE,
    JobFlag.PAUSED: Reason.PAUSED,
    JobFlag.BLOCKED_DEVICE_QUEUE: Reason.OTHER,
    JobFlag.ERROR: Reason.OTHER,
    JobFlag.USER_INTERVENTION: Reason.OTHER,
}


def printer_reasons(status: int, attributes: int) -> frozenset[Reason]:
    """Put a printer's bits into words; a cause that is known stands for the bare error."""
    found = {reason for flag, reason in _PRINTER.items() if status & flag}
    if attributes & WORK_OFFLINE:
        found.add(Reason.OFFLINE)
    return _without_bare_error(found)


def job_reasons(status: int) -> frozenset[Reason]:
    """Put into words what keeps a job from being printed."""
    return _without_bare_error({reason for flag, reason in _JOB.items() if status & flag})


def is_printed(status: int) -> bool:
    """Tell whether the spooler says that a job is out of its hands, whole."""
    return bool(status & (JobFlag.PRINTED | JobFlag.COMPLETE)) and not is_given_up(status)


def is_given_up(status: int) -> bool:
    """Tell whether a job was taken back."""
    return bool(status & (JobFlag.DELETED | JobFlag.DELETING))


def _without_bare_error(found: set[Reason]) -> frozenset[Reason]:
    if len(found - {Reason.PAPER_LOW, Reason.TONER_LOW}) > 1:
        found.discard(Reason.OTHER)
    return frozenset(found)
