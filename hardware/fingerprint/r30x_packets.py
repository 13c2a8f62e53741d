"""The packets of EF-01 serial modules: building, checking, and finding them again after noise."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from hardware.core.errors import BadReplyError

START = b"\xef\x01"
MAX_PAYLOAD = 256
"""The largest packet size a module can be set to."""

MAX_NOISE = 4096
"""How many bytes may come before a start code; more is not a line with such a module on it."""


class Kind(IntEnum):
    """What a packet carries."""

    COMMAND = 0x01
    DATA = 0x02
    ANSWER = 0x07
    LAST_DATA = 0x08


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet without its frame."""

    kind: Kind
    payload: bytes


def encode(packet: Packet, address: int) -> bytes:
    """Frame a packet for the line."""
    summed = bytes([packet.kind]) + (len(packet.payload) + 2).to_bytes(2, "big") + packet.payload
    checksum = sum(summed) & 0xFFFF
    return START + address.to_bytes(4, "big") + summed + checksum.to_bytes(2, "big")


def read_packet(read: Callable[[int], bytes]) -> Packet:
    """Read the next packet; read(count) returns exactly count bytes or raises.

    Noise before the start code is skipped, and so is a frame whose header cannot be one.

    Raises:
        BadReplyError: The checksum is wrong, or only noise came.
    """
    noise = 0
    while True:
        noise += _skip_to_start(read, MAX_NOISE - noise)
        header = read(7)
        length = int.from_bytes(header[5:7], "big")
        if header[4] in set(Kind) and 2 <= length <= MAX_PAYLOAD + 2:
            break
        noise += len(START) + len(header)
    body = read(length)
    payload, checksum = body[:-2], int.from_bytes(body[-2:], "big")
    if (sum(header[4:]) + sum(payload)) & 0xFFFF != checksum:
        raise BadReplyError("a packet's checksum is wrong")
    return Packet(Kind(header[4]), payload)


def _skip_to_start(read: Callable[[int], bytes], bound: int) -> int:
    """Read past the next start code and return how many bytes of noise came before it."""
    noise, previous = 0, b""
    while noise <= bound:
        current = read(1)
        if previous + current == START:
            return noise - 1
        previous = current
        noise += 1
    raise BadReplyError("only noise came")
