"""The two ways to the chip of a card inside a CRT-571: its contacts, and its antenna."""

from enum import StrEnum
from functools import reduce
from operator import xor
from typing import Protocol

from hardware.core.errors import BadReplyError, DeviceFaultError
from hardware.smartcard import crt571_codes as codes
from hardware.smartcard.apdu import t0_command
from hardware.smartcard.crt571_line import Care, Crt571Line

MAX_COMMAND_APDU = 261
T0 = 0x30
CPU_CARD_A, CARD_B, MEMORY_CARD = b"A", b"B", b"M"
HISTORICAL_BYTES = 15


class ChipWay(StrEnum):
    """How the chip is reached; auto tries the contacts first."""

    CONTACT = "contact"
    CONTACTLESS = "contactless"
    AUTO = "auto"


class Way(Protocol):
    """One way to the chip."""

    def power_on(self) -> bytes:
        """Move the card where it can be powered, do so, and return the ATR."""
        ...

    def power_off(self) -> None:
        """Cut the power; with none on do nothing."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Pass one APDU on."""
        ...


def ways_of(choice: ChipWay, line: Crt571Line) -> tuple[Way, ...]:
    """Return the ways to try, in order."""
    match choice:
        case ChipWay.CONTACT:
            return (Contacts(line),)
        case ChipWay.CONTACTLESS:
            return (Antenna(line),)
        case ChipWay.AUTO:
            return (Contacts(line), Antenna(line))


class Contacts:
    """ISO 7816 through the unit's contact head (F3 1.03, pages 24 to 28)."""

    def __init__(self, line: Crt571Line) -> None:
        self._line = line
        self._is_on = False
        self._protocol = T0
        self._apdu = codes.CHIP_APDU

    def power_on(self) -> bytes:
        """Put the contacts on the card and reset it at 5 V; a chip with power is reset warm."""
        if self._is_on:
            try:
                return self._atr(codes.CHIP_WARM_RESET)
            except DeviceFaultError:
                self.power_off()  # it had lost its power, or wants a cold start
        self._line.ask(codes.TO_CONTACTS, care=Care.MOTION)
        return self._atr(codes.CHIP_ON, codes.VCC_5V_ISO)

    def power_off(self) -> None:
        """Power the chip off and lift the contacts."""
        self._is_on = False
        _unless_off(self._line, codes.CHIP_OFF)

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU; a unit that cannot choose the protocol is told the card's."""
        try:
            return self._transmit(command)
        except DeviceFaultError as fault:
            if self._apdu != codes.CHIP_APDU or fault.code not in codes.UNKNOWN_COMMANDS:
                self._is_on = False
                raise
        self._apdu = codes.CHIP_APDU_T0 if self._protocol == T0 else codes.CHIP_APDU_T1
        return self._transmit(command)

    def _transmit(self, command: bytes) -> bytes:
        data = t0_command(command) if self._apdu == codes.CHIP_APDU_T0 else command
        return self._line.ask(self._apdu, data, Care.APDU).data

    def _atr(self, request: bytes, data: bytes = b"") -> bytes:
        self._is_on, self._apdu = False, codes.CHIP_APDU
        told = self._line.ask(request, data, Care.APDU).data
        if len(told) < 3:
            raise BadReplyError(f"no ATR in {told.hex()}")
        self._is_on, self._protocol = True, told[0]
        return told[1:]


class Antenna:
    """ISO 14443-4 through the unit's antenna (F3 1.03, pages 35 to 44)."""

    def __init__(self, line: Crt571Line) -> None:
        self._line = line
        self._apdu = codes.RADIO_APDU_A
        self._is_on = False

    def power_on(self) -> bytes:
        """Move the card to the antenna and wake it up; the ATR is made as PC/SC makes one."""
        self.power_off()
        self._line.ask(codes.TO_INSIDE, care=Care.MOTION)
        told = self._line.ask(codes.RADIO_ON, codes.TYPE_A_THEN_B, Care.APDU).data
        kind, rest = told[:1], told[1:]
        if kind == MEMORY_CARD:
            raise DeviceFaultError("card_error", detail="a memory card, without ISO 14443-4")
        if kind not in (CPU_CARD_A, CARD_B):
            raise BadReplyError(f"no card in {told.hex()}")
        historical = _of_type_a(rest) if kind == CPU_CARD_A else _of_type_b(rest)
        self._apdu = codes.RADIO_APDU_A if kind == CPU_CARD_A else codes.RADIO_APDU_B
        self._is_on = True
        return _as_atr(historical)

    def power_off(self) -> None:
        """Switch the field off."""
        if self._is_on:
            self._is_on = False
            _unless_off(self._line, codes.RADIO_OFF)

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU."""
        return self._line.ask(self._apdu, command, Care.APDU).data


def _unless_off(line: Crt571Line, request: bytes) -> None:
    try:
        line.ask(request)
    except DeviceFaultError as fault:
        if fault.code != codes.CHIP_NOT_POWERED and fault.code not in codes.UNKNOWN_COMMANDS:
            raise


def _of_type_a(told: bytes) -> bytes:
    """Cut ATQA (2), length of the UID, UID, SAK and the ATS; ISO 14443-4, 5.2: its layout."""
    if len(told) < 3 or len(told) < 4 + told[2]:
        raise BadReplyError(f"no UID and SAK in {told.hex()}")
    answer = told[4 + told[2] :]
    if not answer:
        return b""
    if answer[0] != len(answer):
        raise BadReplyError(f"no ATS in {told.hex()}")
    if len(answer) == 1:
        return b""
    interface_bytes = (answer[1] >> 4 & 0b111).bit_count()
    return answer[2 + interface_bytes :]


def _of_type_b(told: bytes) -> bytes:
    """PC/SC part 3, 3.1.3.2.3.1: application data, protocol info, and a byte of zeros here."""
    if len(told) < 12 or told[0] != 0x50:
        raise BadReplyError(f"no ATQB in {told.hex()}")
    return told[5:12] + b"\x00"


def _as_atr(historical: bytes) -> bytes:
    """PC/SC part 3, 3.1.3.2.3.1: 3B 8n 80 01, historical bytes, checksum."""
    kept = historical[:HISTORICAL_BYTES]
    body = bytes([0x80 | len(kept), 0x80, 0x01]) + kept
    return b"\x3b" + body + bytes([reduce(xor, body)])
