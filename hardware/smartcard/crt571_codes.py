"""What the characters of the CRT-571 family mean: requests, status, errors."""

from hardware.core.device import Seen
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus

INITIALISE_LEAVE_CARD = b"\x30\x33"
STATUS = b"\x31\x30"
HOLD_AT_GATE = b"\x32\x30"
TO_CONTACTS = b"\x32\x31"
TO_INSIDE = b"\x32\x32"
TO_BIN = b"\x32\x33"
ALLOW_ENTRY = b"\x33\x30"
FORBID_ENTRY = b"\x33\x31"
CHIP_ON = b"\x51\x30"
CHIP_OFF = b"\x51\x31"
CHIP_APDU = b"\x51\x39"

VCC_5V_ISO = b"\x33"
"""ISO 7816-3 rather than EMV: identity chips fail the EMV checks of the ATR (error 69)."""

POSITIONS = {"0": CardPosition.NONE, "1": CardPosition.GATE, "2": CardPosition.INSIDE}
SUPPLIES = {"0": Supply.EMPTY, "1": Supply.LOW, "2": Supply.OK}
BIN_FULL = {"0": Seen.NO, "1": Seen.YES}

REASONS = {
    **dict.fromkeys(("00", "01", "02", "03", "04", "05"), "refused"),
    **dict.fromkeys(("10", "13", "14", "16", "40", "43", "45"), "jam"),
    **dict.fromkeys(("12", "41", "51"), "broken"),
    **dict.fromkeys(("60", "61", "62", "63", "64", "65", "66", "67", "68", "69"), "card_error"),
    "50": "full",
    "A0": "empty",
    "A1": "full",
    "B0": "not_initialised",
}
CHIP_NOT_POWERED = "65"


def unit_status(characters: str) -> UnitStatus:
    """Read ST0, ST1 and ST2."""
    return UnitStatus(
        POSITIONS.get(characters[0], CardPosition.UNKNOWN),
        SUPPLIES.get(characters[1], Supply.UNKNOWN),
        BIN_FULL.get(characters[2], Seen.UNKNOWN),
    )
