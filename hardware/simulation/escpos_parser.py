"""Takes a ticket printer's byte stream apart into commands; real-time questions come out apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ESC, GS, DLE, LF = 0x1B, 0x1D, 0x10, 0x0A

FIXED = {
    (ESC, 0x40): 0,  # initialise
    (ESC, 0x64): 1,  # feed lines
    (ESC, 0x4A): 1,  # feed dots
    (ESC, 0x61): 1,  # align
    (ESC, 0x21): 1,  # print mode
    (ESC, 0x45): 1,  # bold
    (ESC, 0x74): 1,  # code page
    (ESC, 0x33): 1,  # line spacing
    (ESC, 0x32): 0,  # default line spacing
    (GS, 0x21): 1,  # character size
    (GS, 0x61): 1,  # automatic status back
    (GS, 0x72): 1,  # status from the queue
    (GS, 0x49): 1,  # printer id
    (GS, 0x4C): 2,  # left margin
    (GS, 0x57): 2,  # width of the printing area
}
"""How many bytes follow the two that name a command."""

MAX_RASTER = 1024 * 1024
"""A raster larger than any roll is wide and long is noise."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name ("text", "dle eot", "gs v" ...), and what follows its name."""

    name: str
    data: bytes


REAL_TIME = re.compile(
    rb"\x10(?:\x04[\x01-\x05]|\x05[\x01\x02]|\x14\x08\x01\x03\x14\x01\x06\x02\x08)"
)
REAL_TIME_NAMES = {0x04: "dle eot", 0x05: "dle enq", 0x14: "dle clear"}
LONGEST_REAL_TIME = 10


class EscposParser:
    """Fed with bytes in any cutting, it gives whole commands.

    Real-time commands are obeyed even in the middle of another command's data, as the manuals
    warn: a picture that holds such bytes is answered, and a host that lost its connection halfway
    through a picture can still ask, and have the half thrown away.
    """

    def __init__(self) -> None:
        self._waiting = b""
        self._scanned = 0

    def feed(self, data: bytes) -> Iterator[Command]:
        """Take what arrived and give the commands that it completed."""
        self._waiting += data
        while self._waiting:
            size, command = _first(self._waiting)
            if size == 0:
                yield from self._real_time_within()
                return
            self._waiting, self._scanned = self._waiting[size:], 0
            if command is not None:
                yield command

    def _real_time_within(self) -> Iterator[Command]:
        """Obey what stands in the data of a command that is not complete yet."""
        while self._waiting[:1] != bytes([DLE]):
            found = REAL_TIME.search(self._waiting, self._scanned)
            if found is None:
                # One may be cut in two at the end of what has arrived.
                self._scanned = max(self._scanned, len(self._waiting) - LONGEST_REAL_TIME + 1, 1)
                return
            self._scanned = found.end()
            name = REAL_TIME_NAMES[found[0][1]]
            if name == "dle clear":
                self._waiting, self._scanned = self._waiting[found.end() :], 0
            yield Command(name, found[0][2:])
            if name == "dle clear":
                yield from self.feed(b"")
                return


def _first(data: bytes) -> tuple[int, Command | None]:
    """Return the size of the first command and the command; (0, None) when more must come.

    A command that this printer does not know is dropped with the byte that names it.
    """
    match data[0]:
        case 0x1B | 0x1D | 0x10 if len(data) < 2:
            return 0, None
        case 0x10:
            return _real_time(data)
        case 0x1D if data[1] in b"v(V":
            return _of_variable_size(data)
        case 0x1B | 0x1D:
            size = FIXED.get((data[0], data[1]))
            if size is None:
                return 2, None
            prefix = "esc" if data[0] == ESC else "gs"
            return _whole(data, 2 + size, f"{prefix} {chr(data[1])}")
        case 0x0A:
            return 1, Command("line", b"")
        case first if first < 0x20:
            return 1, None
        case _:
            end = next((at for at, byte in enumerate(data) if byte < 0x20), len(data))
            return end, Command("text", data[:end])


def _real_time(data: bytes) -> tuple[int, Command | None]:
    match data[1]:
        case 0x04:
            return _whole(data, 3, "dle eot")
        case 0x05:
            return _whole(data, 3, "dle enq")
        case 0x14 if len(data) > 2 and data[2] == 8:
            return _whole(data, 10, "dle clear")
        case 0x14 if len(data) < 3:
            return 0, None
        case _:
            return 2, None


def _of_variable_size(data: bytes) -> tuple[int, Command | None]:
    match data[1]:
        case 0x76:
            if len(data) < 8:
                return 0, None
            size = (data[4] | data[5] << 8) * (data[6] | data[7] << 8)
            if size > MAX_RASTER:
                return 2, None
            return _whole(data, 8 + size, "gs v")
        case 0x28:
            if len(data) < 5:
                return 0, None
            return _whole(data, 5 + (data[3] | data[4] << 8), "gs (")
        case _:
            if len(data) < 3:
                return 0, None
            return _whole(data, 4 if data[2] in b"ABab" else 3, "gs V")


def _whole(data: bytes, size: int, name: str) -> tuple[int, Command | None]:
    return (size, Command(name, data[2:size])) if len(data) >= size else (0, None)
