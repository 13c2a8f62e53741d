"""The line of a simulated K720 dispenser: its frames, read without any driver's help."""

from functools import reduce
from operator import xor

from hardware.simulation.card_unit_line import receive
from hardware.simulation.line import Connection

STX, ETX, ENQ, ACK, NAK = 0x02, 0x03, 0x05, b"\x06", b"\x15"
SILENCE_IN_FRAME_S = 0.25
LONGEST_COMMAND = 300


def frame_of(address: bytes, text: bytes) -> bytes:
    """Build an answer; address is its two digits."""
    frame = bytes([STX]) + address + len(text).to_bytes(2, "big") + text + bytes([ETX])
    return frame + bytes([reduce(xor, frame)])


def take_frame(connection: Connection, unread: bytearray) -> bytes | None:
    """Take a frame that began; None when it is cut short or its checksum is wrong."""
    while True:
        size = 5 if len(unread) < 5 else 7 + int.from_bytes(unread[3:5], "big")
        if size > LONGEST_COMMAND:
            break
        if len(unread) >= size > 5:
            frame = bytes(unread[:size])
            del unread[:size]
            is_good = size > 7 and frame[-2] == ETX and reduce(xor, frame) == 0
            return frame if is_good else None
        if not receive(connection, unread, SILENCE_IN_FRAME_S):
            break
    unread.clear()
    return None
