"""Frames of the Simple Serial Interface of Symbol and Zebra decoders.

    LEN OPCODE SOURCE STATUS DATA CHECKSUM_H CHECKSUM_L

LEN counts all but the checksum, which is the two's complement of the sum of all before it in 16
bits. As in the Simple Serial Interface Programmer's Guide (72E-40451).
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from hardware.camera.codes import Symbology

HEAD_SIZE, CHECKSUM_SIZE = 4, 2
HOST, DECODER = 0x04, 0x00
MOST_DATA = 255 - HEAD_SIZE


class Opcode(IntEnum):
    """What a frame is."""

    REQUEST_REVISION = 0xA3
    REPLY_REVISION = 0xA4
    PARAM_SEND = 0xC6
    ACK = 0xD0
    NAK = 0xD1
    START_SESSION = 0xE4
    STOP_SESSION = 0xE5
    DECODE_DATA = 0xF3


class Status(IntFlag):
    """Bits of the status byte."""

    RETRANSMIT = 0x01
    CONTINUATION = 0x02
    PERMANENT = 0x08


class NakReason(IntEnum):
    """Why a frame was not taken."""

    RESEND = 0x01
    BAD_CONTEXT = 0x02
    DENIED = 0x06
    CANCEL = 0x0A


class Parameter(IntEnum):
    """Settings."""

    TRIGGER_MODE = 0x8A
    SOFTWARE_HANDSHAKE = 0x9F
    PACKETED_DECODE_DATA = 0xEE


BY_HOST, ON, NO_BEEP = 0x08, 0x01, 0xFF

CODE_TYPES = {
    0x01: Symbology.CODE_39,
    0x03: Symbology.CODE_128,
    0x0B: Symbology.EAN_13,
    0x0F: Symbology.CODE_128,  # GS1-128
    0x11: Symbology.PDF417,
    0x1B: Symbology.DATA_MATRIX,
    0x1C: Symbology.QR,
    0x2C: Symbology.MICRO_QR,
    0x2D: Symbology.AZTEC,
}
"""The first byte of decoded data; all others are symbologies that no office prints."""


@dataclass(frozen=True, slots=True)
class SsiFrame:
    """One frame without its length and its checksum."""

    opcode: int
    source: int
    status: int
    data: bytes

    def to_bytes(self) -> bytes:
        """Build the frame."""
        said = bytes([HEAD_SIZE + len(self.data), self.opcode, self.source, self.status])
        said += self.data
        return said + _checksum(said)


def host_frame(opcode: Opcode, data: bytes = b"", status: int = 0) -> bytes:
    """Build a frame of the host."""
    return SsiFrame(opcode, HOST, status, data).to_bytes()


def read_frame(said: bytes) -> SsiFrame | None:
    """Read a frame, from its length to its checksum; None unless both are right."""
    if len(said) < HEAD_SIZE + CHECKSUM_SIZE or len(said) != said[0] + CHECKSUM_SIZE:
        return None
    if _checksum(said[:-CHECKSUM_SIZE]) != said[-CHECKSUM_SIZE:]:
        return None
    return SsiFrame(said[1], said[2], said[3], said[HEAD_SIZE:-CHECKSUM_SIZE])


def _checksum(said: bytes) -> bytes:
    return (-sum(said) & 0xFFFF).to_bytes(CHECKSUM_SIZE, "big")
