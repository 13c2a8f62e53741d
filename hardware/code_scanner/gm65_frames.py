"""The zone protocol of GROW GM65, GM805, GM812 and Newland EM3095 modules.

    command   7E 00 TYPE LEN ADDR_H ADDR_L DATA CRC_H CRC_L
    answer    02 00 RESULT LEN DATA CRC_H CRC_L

The CRC is CRC-16/XMODEM (polynomial 1021, from 0) over all between the head and itself. As the
modules' manuals give it; EM3095 manual, page 19.
"""

import binascii
from dataclasses import dataclass
from enum import IntEnum

COMMAND_HEAD, ANSWER_HEAD = b"\x7e\x00", b"\x02\x00"
STX = ANSWER_HEAD[0]
CRC_SIZE = 2


class Zone(IntEnum):
    """Addresses of settings."""

    MODE = 0x0000
    TRIGGER = 0x0002


MODE_MASK, BY_COMMAND = 0b11, 0b01
"""Bits 1 and 0 of the mode: 00 button, 01 command, 10 continuous, 11 by movement."""

READ_NOW, REST = b"\x01", b"\x00"


class _Type(IntEnum):
    READ = 7
    WRITE = 8


class Result(IntEnum):
    """How a command went."""

    DONE = 0
    BAD_CRC = 1
    BAD_COMMAND = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the module answered."""

    result: int
    data: bytes


def read_command(zone: Zone, count: int = 1) -> bytes:
    """Ask for count bytes from a zone on."""
    return _command(_Type.READ, zone, bytes([count]))


def write_command(zone: Zone, data: bytes) -> bytes:
    """Set the bytes from a zone on, until power off."""
    return _command(_Type.WRITE, zone, data)


def answer(rest: bytes) -> Answer | None:
    """Read an answer without its head; None unless its length and its CRC are right."""
    if len(rest) < 2 + CRC_SIZE or len(rest) != 2 + rest[1] + CRC_SIZE:
        return None
    said, crc = rest[:-CRC_SIZE], rest[-CRC_SIZE:]
    return Answer(rest[0], said[2:]) if _crc(said) == crc else None


def _command(type_: _Type, zone: Zone, data: bytes) -> bytes:
    # A read has one data byte that says how many bytes are wanted.
    said = bytes([type_, len(data)]) + zone.to_bytes(2, "big") + data
    return COMMAND_HEAD + said + _crc(said)


def _crc(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0).to_bytes(CRC_SIZE, "big")
