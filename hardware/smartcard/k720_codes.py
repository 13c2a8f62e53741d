"""What the characters of the K720 family mean: commands, and the sixteen bits of its state.

The family: TTCE K720 and K750, D1801. No manual of it is public; what stands here was read out of
programs that drive such machines (see docs/decisions/0024). Two or more of them agree, unless a
remark says otherwise.
"""

from enum import IntFlag

from hardware.core.device import Seen
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus

STATE = b"AP"
VERSION = b"GV"
RESET = b"RS"
TO_BIN = b"CP"
TO_READER = b"FC7"
HOLD_AT_GATE = b"FC4"
"""The maker's header calls this "out of the mouth" and FC0 "to the mouth"; three programs use it
the other way round, as here. Drivers have an option for it."""
LET_IN = b"FC8"
"""The gate draws in what a person puts there. Nobody says how that ends without a card."""


class State(IntFlag):
    """The answer to AP, four characters of four bits each: 30 + the bits."""

    SENSOR_1 = 0x0001
    """At the gate; together with sensor 2, the card is at the reader."""
    SENSOR_2 = 0x0002
    SENSOR_3 = 0x0004
    """A card lies ready at the mouth of the stacker."""
    EMPTY = 0x0008
    LOW = 0x0010
    JAM = 0x0020
    OVERLAP = 0x0040
    STACKER_FULL = 0x0080
    """K750 only."""
    CAPTURE_FAILED = 0x0100
    ISSUE_FAILED = 0x0200
    CAPTURING = 0x0400
    ISSUING = 0x0800
    PREPARING = 0x1000
    PREPARE_FAILED = 0x2000
    REFUSED = 0x4000
    BIN_FULL = 0x8000
    """Two programs say so; a third calls the bit reserved."""


MOVING = State.CAPTURING | State.ISSUING
BUSY = MOVING | State.PREPARING
FAILED = (
    State.JAM
    | State.OVERLAP
    | State.CAPTURE_FAILED
    | State.ISSUE_FAILED
    | State.PREPARE_FAILED
    | State.REFUSED
)
NONE = State(0)
BROKEN = State.JAM | State.OVERLAP | State.PREPARE_FAILED

WORDS = {
    State.JAM: "card jam",
    State.OVERLAP: "two cards stick together",
    State.PREPARE_FAILED: "the next card does not come out of the stacker",
    State.CAPTURE_FAILED: "the card does not reach the bin",
    State.ISSUE_FAILED: "the card does not move",
    State.REFUSED: "cannot be done now",
}


def state_of(answer: bytes) -> State | None:
    """Read the answer to AP: two letters (SF), then four characters 30 to 3F; else None."""
    digits = answer[2:]
    if len(answer) != 6 or not answer[:2].isalpha() or any(digit >> 4 != 3 for digit in digits):
        return None
    return State(
        sum((digit & 15) << shift for digit, shift in zip(digits, (12, 8, 4, 0), strict=True))
    )


def unit_status(state: State) -> UnitStatus:
    """Say what the sensors mean; a card between two of them is at an unknown place."""
    if state & State.SENSOR_2:
        position = CardPosition.INSIDE
    elif state & State.SENSOR_1:
        position = CardPosition.GATE
    else:
        position = CardPosition.UNKNOWN if state & MOVING else CardPosition.NONE
    supply = Supply.LOW if state & State.LOW else Supply.OK
    return UnitStatus(
        position,
        Supply.EMPTY if state & State.EMPTY else supply,
        Seen.YES if state & State.BIN_FULL else Seen.NO,
    )


def reason_of(state: State) -> str:
    """Name what went wrong in a word of this library."""
    if state & BROKEN:
        return "jam"
    if state & State.CAPTURE_FAILED:
        return "full" if state & State.BIN_FULL else "jam"
    if state & State.ISSUE_FAILED:
        has_card = state & (State.SENSOR_1 | State.SENSOR_2 | State.SENSOR_3)
        return "empty" if state & State.EMPTY and not has_card else "jam"
    return "refused"
