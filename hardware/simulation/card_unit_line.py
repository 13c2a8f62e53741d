"""The line of a simulated card unit: the manual's frames, read without any driver's help."""

from functools import reduce
from operator import xor

from hardware.simulation.line import Connection

ACK, NAK, EOT = b"\x06", b"\x15", b"\x04"
STX, ETX = 0xF2, 0x03
BIGGEST_FRAME = 1024
SILENCE_IN_FRAME_S = 0.25


def frame_of(address: int, text: bytes) -> bytes:
    """Build an answer from its head, request and data."""
    frame = bytes([STX, address]) + len(text).to_bytes(2, "big") + text + bytes([ETX])
    return frame + bytes([reduce(xor, frame)])


def take_frame(connection: Connection, unread: bytearray) -> bytes | None:
    """Take a whole frame that began; None when it is cut short or its checksum is wrong."""
    size = 4
    while len(unread) < size or size == 4:
        if len(unread) >= 4:
            size = int.from_bytes(unread[2:4], "big") + 6
            if not 9 <= size <= BIGGEST_FRAME:
                unread.clear()
                return None
        if len(unread) < size and not receive(connection, unread, SILENCE_IN_FRAME_S):
            unread.clear()
            return None
    frame = bytes(unread[:size])
    del unread[:size]
    good = frame[4] == 0x43 and frame[-2] == ETX and reduce(xor, frame) == 0
    return frame if good else None


def receive(connection: Connection, unread: bytearray, timeout_s: float | None) -> bool:
    """Add what came to unread; False when nothing came in time. OSError when the host is gone."""
    connection.settimeout(timeout_s)
    try:
        data = connection.recv(4096)
    except TimeoutError:
        return False
    finally:
        connection.settimeout(None)
    if not data:
        raise ConnectionResetError("the host hung up")
    unread += data
    return True
