"""What the characters of the CRT-571 family mean: requests, status, errors."""

from enum import IntEnum

from hardware.core.device import Seen
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus

INITIALISE_LEAVE_CARD = b"\x30\x33"
STATUS = b"\x31\x30"
SENSORS = b"\x31\x31"
LAMP = b"\x31\x60"
HOLD_AT_GATE = b"\x32\x30"
TO_CONTACTS = b"\x32\x31"
TO_INSIDE = b"\x32\x32"
TO_BIN = b"\x32\x33"
ALLOW_ENTRY = b"\x33\x30"
FORBID_ENTRY = b"\x33\x31"
CHIP_ON = b"\x51\x30"
CHIP_OFF = b"\x51\x31"
CHIP_APDU_T0 = b"\x51\x33"
CHIP_APDU_T1 = b"\x51\x34"
CHIP_WARM_RESET = b"\x51\x38"
CHIP_APDU = b"\x51\x39"
RADIO_ON = b"\x60\x30"
RADIO_OFF = b"\x60\x31"
RADIO_APDU_A = b"\x60\x34"
RADIO_APDU_B = b"\x60\x35"
SERIAL_NUMBER = b"\xa2\x30"
CONFIGURATION = b"\xa3\x30"
MACHINE_VERSION = b"\xa4\x30"
CONTACTS_VERSION = b"\xa4\x31"
RADIO_VERSION = b"\xa4\x32"
BIN_COUNT = b"\xa5\x30"
SET_BIN_COUNT = b"\xa5\x31"

VCC_5V_ISO = b"\x33"
"""ISO 7816-3 rather than EMV: identity chips fail the EMV checks of the ATR (error 69)."""
TYPE_A_THEN_B = b"AB"


class Lamp(IntEnum):
    """The lamp in the bezel: bits 7 and 6 say how, bits 5 to 0 a time in tenths of a second."""

    OFF = 0x00
    FLASH_FOR_EVER = 0xFF


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
WORDS = {
    "00": "undefined command",
    "01": "wrong parameter",
    "02": "cannot be done now",
    "03": "this model has not got it",
    "04": "wrong data",
    "05": "the contacts are on the card",
    "10": "card jam",
    "12": "a sensor fails",
    "13": "the card is too long",
    "14": "the card is too short",
    "16": "the card was moved by hand",
    "40": "the card was pulled out on its way to the bin",
    "41": "the solenoid of the contacts fails",
    "43": "the card does not reach the contacts",
    "45": "the card was forced out by hand",
    "50": "the counter of the bin has run over",
    "51": "the motor fails",
    "60": "short circuit on the card",
    "61": "no answer to reset",
    "62": "the card does not know this protocol",
    "63": "the card fell silent",
    "64": "the card broke the protocol",
    "65": "the chip has no power",
    "66": "no card of a known kind",
    "67": "transmission error",
    "68": "the card took too long",
    "69": "the answer to reset is not that of EMV",
    "A0": "the stacker is empty",
    "A1": "the bin is full",
    "B0": "not initialised since power-up",
}
"""In the manual of the F3 (1.03, error list); those of older units differ in wording alone."""

CHIP_NOT_POWERED = "65"
UNKNOWN_COMMANDS = frozenset({"00", "01", "03"})
"""A unit that lacks a command says one of these, and has done nothing."""
NO_CONTACTS = UNKNOWN_COMMANDS | {"41", "43"}
"""The card cannot be brought onto the contacts; its antenna may still be heard."""


def unit_status(characters: str) -> UnitStatus:
    """Read ST0, ST1 and ST2."""
    return UnitStatus(
        POSITIONS.get(characters[0], CardPosition.UNKNOWN),
        SUPPLIES.get(characters[1], Supply.UNKNOWN),
        BIN_FULL.get(characters[2], Seen.UNKNOWN),
    )
