"""The frames of the K720 family: commands, enquiries, and a decoder for what comes back.

Command and answer `02 addr(2) length(2) data 03 bcc`, confirmation `06 addr(2)` or `15 addr(2)`,
enquiry `05 addr(2)`. The address is two decimal digits, 00 to 15; the length is big-endian and
counts the data; bcc is the XOR of all bytes before it.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

STX, ETX, ENQ = 0x02, 0x03, 0x05
HEAD, TAIL = 5, 2
MAX_DATA = 600


class Sign(Enum):
    """What confirms a command, or does not."""

    ACK = 0x06
    NAK = 0x15
    GARBLED = -1
    """Not a byte of the line: a frame came whose length, end or checksum is wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the machine answered to an enquiry."""

    data: bytes


def command_frame(command: bytes, address: int = 0) -> bytes:
    """Build the frame of a command."""
    frame = bytes([STX]) + _digits(address) + len(command).to_bytes(2, "big") + command
    return _sealed(frame + bytes([ETX]))


def enquiry(address: int = 0) -> bytes:
    """Build what tells the machine to do what it confirmed."""
    return bytes([ENQ]) + _digits(address)


def _digits(address: int) -> bytes:
    return f"{address:02}".encode()


def _sealed(frame: bytes) -> bytes:
    return frame + bytes([reduce(xor, frame)])


class AnswerDecoder:
    """Takes signs and answers out of a stream; those of other machines are passed over."""

    def __init__(self, address: int = 0) -> None:
        self._address = _digits(address)
        self._buffer = bytearray()

    @property
    def wanted(self) -> int:
        """How many bytes to read next, at least one, without reading past what has begun."""
        return max(1, self._size() - len(self._buffer))

    @property
    def inside_frame(self) -> bool:
        """Whether something has begun and not ended."""
        return bool(self._buffer)

    def reset(self) -> None:
        """Forget what will not be completed."""
        self._buffer.clear()

    def feed(self, data: bytes) -> list[Sign | Answer]:
        """Take more bytes in, and return what they complete."""
        self._buffer += data
        found: list[Sign | Answer] = []
        while self._buffer:
            size = self._size()
            if size > HEAD + MAX_DATA + TAIL:
                del self._buffer[0]
                found.append(Sign.GARBLED)
                continue
            if len(self._buffer) < size:
                break
            frame = bytes(self._buffer[:size])
            del self._buffer[:size]
            if (message := self._read(frame)) is not None:
                found.append(message)
        return found

    def _size(self) -> int:
        if not self._buffer:
            return 1
        if self._buffer[0] in (Sign.ACK.value, Sign.NAK.value):
            return 3
        if self._buffer[0] != STX:
            return 1  # noise between frames
        if len(self._buffer) < HEAD:
            return HEAD
        return HEAD + int.from_bytes(self._buffer[3:5], "big") + TAIL

    def _read(self, frame: bytes) -> Sign | Answer | None:
        if len(frame) == 1:
            return None
        if frame[0] != STX:
            return Sign(frame[0]) if frame[1:] == self._address else None
        if _sealed(frame[:-1]) != frame or frame[-2] != ETX:
            return Sign.GARBLED
        return Answer(frame[HEAD:-TAIL]) if frame[1:3] == self._address else None
