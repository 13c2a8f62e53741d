"""The serial commands of Honeywell imagers and their kin (NCR, Datalogic, Canmax).

    trigger on   SYN T CR      16 54 0D
    trigger off  SYN U CR      16 55 0D
    menu         SYN M CR      16 4D 0D, then TAG SUB DATA and ! (until power off) or . (for good)
    its answer   TAG SUB DATA, then ACK 06, ENQ 05 (unknown tag) or NAK 15 (bad data), then ! or .

As five user's guides of that family give it (chapter "Serial Programming Commands").
"""

from dataclasses import dataclass
from enum import IntEnum

SYN, CR = 0x16, 0x0D
TRIGGER_ON = bytes([SYN, ord("T"), CR])
TRIGGER_OFF = bytes([SYN, ord("U"), CR])
MENU = bytes([SYN, ord("M"), CR])
UNTIL_POWER_OFF, FOR_GOOD = b"!", b"."
ENDS = UNTIL_POWER_OFF + FOR_GOOD
TRIGGER_MODE, BY_COMMAND = b"TRGMOD", b"0"
QUERY = b"?"
LONGEST_ANSWER = 128


class MenuResult(IntEnum):
    """How a menu command went."""

    DONE = 0x06
    UNKNOWN_TAG = 0x05
    BAD_DATA = 0x15


@dataclass(frozen=True, slots=True)
class MenuAnswer:
    """The data behind the tag, as the imager has it now, and how the command went."""

    data: bytes
    result: MenuResult


def menu_command(tag: bytes, data: bytes) -> bytes:
    """Build a menu command that is forgotten at power off; a query changes nothing anyway."""
    return MENU + tag + data + (FOR_GOOD if data == QUERY else UNTIL_POWER_OFF)


def menu_answer(said: bytes, tag: bytes) -> MenuAnswer | None:
    """Read an answer, from its first byte to its ! or .; None for anything else."""
    at = said.upper().rfind(tag)
    if at < 0 or len(said) < at + len(tag) + 2 or said[-1] not in ENDS:
        return None
    try:
        return MenuAnswer(said[at + len(tag) : -2], MenuResult(said[-2]))
    except ValueError:
        return None
