"""The frames of the CRT-571 family: building commands, and taking replies out of a byte stream."""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

STX, ETX = 0xF2, 0x03
COMMAND, SUCCESS = 0x43, 0x50
FAILURES = (0x4E, 0x45)
"""'N' in most manuals, 'E' in some; units of both kinds are in the field."""
MAX_LENGTH = 1024 - 6


class Sign(Enum):
    """The single bytes that unit and host exchange around frames."""

    ACK = 0x06
    NAK = 0x15
    EOT = 0x04
    GARBLED = -1
    """Not a byte of the line: a frame came whose length, end or checksum is wrong."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the unit answered. Either status (ST0 ST1 ST2) or error (E1 E0) is filled."""

    request: bytes
    status: str
    error: str
    data: bytes


def command_frame(request: bytes, data: bytes = b"", address: int = 0) -> bytes:
    """Build the frame of a command; request is CM and PM."""
    text = bytes([COMMAND]) + request + data
    return _sealed(bytes([STX, address]) + len(text).to_bytes(2, "big") + text + bytes([ETX]))


def _sealed(frame: bytes) -> bytes:
    return frame + bytes([reduce(xor, frame)])


class ReplyDecoder:
    """Takes signs and replies out of a stream that arrives in any pieces.

    Frames are cut by their length field: data may hold any byte, 03 and F2 included. Those of
    other units on the line are passed over.
    """

    def __init__(self, address: int = 0) -> None:
        self._address = address
        self._buffer = bytearray()

    @property
    def wanted(self) -> int:
        """How many bytes to read next, at least one, without reading past the current frame."""
        have = len(self._buffer)
        if have == 0:
            return 1
        return (4 if have < 4 else self._frame_size()) - have

    @property
    def inside_frame(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._buffer)

    def reset(self) -> None:
        """Forget a frame that will not be completed."""
        self._buffer.clear()

    def feed(self, data: bytes) -> list[Sign | Reply]:
        """Take more bytes in, and return what they complete."""
        self._buffer += data
        found: list[Sign | Reply] = []
        while self._buffer:
            first = self._buffer[0]
            if first != STX:
                del self._buffer[0]
                if first in (Sign.ACK.value, Sign.NAK.value, Sign.EOT.value):
                    found.append(Sign(first))
                continue  # anything else between frames is noise on the line
            if len(self._buffer) < 4:
                break
            size = self._frame_size()
            if size > MAX_LENGTH + 6:
                del self._buffer[0]
                found.append(Sign.GARBLED)
                continue
            if len(self._buffer) < size:
                break
            frame = bytes(self._buffer[:size])
            del self._buffer[:size]
            reply = _reply(frame)
            if reply is None:
                found.append(Sign.GARBLED)
            elif frame[1] == self._address:
                found.append(reply)
        return found

    def _frame_size(self) -> int:
        return int.from_bytes(self._buffer[2:4], "big") + 6


def _reply(frame: bytes) -> Reply | None:
    if _sealed(frame[:-1]) != frame or frame[-2] != ETX:
        return None
    text = frame[4:-2]
    if len(text) >= 6 and text[0] == SUCCESS:
        return Reply(text[1:3], text[3:6].decode("latin-1"), "", text[6:])
    if len(text) >= 5 and text[0] in FAILURES:
        return Reply(text[1:3], "", text[3:5].decode("latin-1"), text[5:])
    return None
