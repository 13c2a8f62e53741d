"""The chip of a simulated identity card: a small file system that is written once, then locked.

It answers as the JMRTD passport applet does before and after its lock, read in the clear over the
contacts. Its memory is plain JSON, kept by the card it sits in:

    {"serial": "1122334455667788", "locked": false, "files": {"0101": "615d..."}}
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor
from typing import Any

APPLICATION = bytes.fromhex("A0000002471001")
_ATR_BODY = bytes.fromhex("8580018001000000")
ATR = b"\x3b" + _ATR_BODY + bytes([reduce(xor, _ATR_BODY)])
"""T=0 and T=1 offered, five historical bytes, check byte."""

_OK = 0x9000
_END_OF_FILE = 0x6282
_WRONG_LENGTH = 0x6700
_NOT_NOW = 0x6985
_NO_CURRENT_FILE = 0x6986
_WRONG_DATA = 0x6A80
_NOT_FOUND = 0x6A82
_NO_SPACE = 0x6A84
_FILE_EXISTS = 0x6A89
_WRONG_PARAMETERS = 0x6A86
_OUTSIDE_FILE = 0x6B00
_NO_INSTRUCTION = 0x6D00
_NO_CLASS = 0x6E00


class _Refusal(Exception):  # noqa: N818 (a status word, not an error)
    def __init__(self, status_word: int) -> None:
        super().__init__(hex(status_word))
        self.status_word = status_word


def blank_chip(serial: str) -> dict[str, Any]:
    """Make the memory of a chip from the factory; serial is 16 hexadecimal digits."""
    if len(bytes.fromhex(serial)) != 8:
        raise ValueError("a chip serial is 16 hexadecimal digits")
    return {"serial": serial.upper(), "locked": False, "files": {}}


def personalised_chip(serial: str, files: Mapping[int, bytes]) -> dict[str, Any]:
    """Make the memory of a chip that was written and locked; files by file identifier."""
    return {
        **blank_chip(serial),
        "locked": True,
        "files": {f"{fid:04X}": data.hex() for fid, data in files.items()},
    }


class SimulatedChip:
    """One powered chip. What it selected is lost with its power; its memory stays."""

    def __init__(self, memory: dict[str, Any], saved: Callable[[], None]) -> None:
        self._memory = memory
        self._saved = saved
        self._in_application = False
        self._file: str | None = None

    def transmit(self, command: bytes) -> bytes:
        """Answer one short APDU."""
        try:
            data, status_word = self._answer(command)
        except _Refusal as refusal:
            data, status_word = b"", refusal.status_word
        return data + status_word.to_bytes(2, "big")

    def _answer(self, command: bytes) -> tuple[bytes, int]:
        head, data, expected = _cut(command)
        match tuple(head):
            case (0x80, 0xCA, 0x9F, 0x7F):
                return self._card_production_record(), _OK
            case (0x00, 0xA4, 0x04, 0x0C):
                return self._select_application(data), _OK
            case (0x00, 0xA4, 0x02, 0x0C):
                return self._select_file(data), _OK
            case (0x00, 0xE0, 0x00, 0x00):
                return self._create(data), _OK
            case (0x00, 0xDA, 0xDE, 0xAD):
                return self._lock(), _OK
            case (0x00, 0xB0, high, low):
                return self._read(high, low, expected)
            case (0x00, 0xB1, 0x00, 0x00):
                return self._read_far(data, expected)
            case (0x00, 0xD6, high, low):
                return self._update(high << 8 | low, data), _OK
            case (0x00, 0xA4 | 0xE0 | 0xDA | 0xB1, _, _):
                raise _Refusal(_WRONG_PARAMETERS)
            case (0x00 | 0x80, _, _, _):
                raise _Refusal(_NO_INSTRUCTION)
            case _:
                raise _Refusal(_NO_CLASS)

    def _card_production_record(self) -> bytes:
        """CPLC, 42 bytes: date, serial number and batch of the chip are at 10, 12 and 16."""
        record = bytearray(42)
        record[10:18] = bytes.fromhex(self._memory["serial"])
        return b"\x9f\x7f\x2a" + bytes(record)

    def _select_application(self, name: bytes) -> bytes:
        if name != APPLICATION:
            raise _Refusal(_NOT_FOUND)
        self._in_application, self._file = True, None
        return b""

    def _select_file(self, identifier: bytes) -> bytes:
        self._require_application()
        if identifier.hex().upper() not in self._memory["files"]:
            raise _Refusal(_NOT_FOUND)
        self._file = identifier.hex().upper()
        return b""

    def _create(self, data: bytes) -> bytes:
        self._require_application()
        self._require_unlocked()
        if len(data) != 6 or data[:2] != b"\x63\x04":
            raise _Refusal(_WRONG_DATA)
        size, identifier = int.from_bytes(data[2:4], "big"), data[4:].hex().upper()
        if identifier in self._memory["files"]:
            raise _Refusal(_FILE_EXISTS)
        self._memory["files"][identifier] = bytes(size).hex()
        self._saved()
        return b""

    def _lock(self) -> bytes:
        self._require_application()
        self._require_unlocked()
        self._memory["locked"] = True
        self._saved()
        return b""

    def _update(self, offset: int, data: bytes) -> bytes:
        self._require_application()
        self._require_unlocked()
        content = bytearray(self._content())
        if offset + len(data) > len(content):
            raise _Refusal(_NO_SPACE)
        content[offset : offset + len(data)] = data
        # Not saved at once: a killed bench forgets at most what a file held before the lock.
        self._memory["files"][self._file] = content.hex()
        return b""

    def _read(self, high: int, low: int, expected: int | None) -> tuple[bytes, int]:
        self._require_application()
        if high & 0x80:
            self._select_by_short_identifier(high & 0x1F)
            return self._cut_out(low, expected)
        return self._cut_out(high << 8 | low, expected)

    def _read_far(self, data: bytes, expected: int | None) -> tuple[bytes, int]:
        self._require_application()
        if len(data) < 3 or data[0] != 0x54 or data[1] != len(data) - 2 or expected is None:
            raise _Refusal(_WRONG_DATA)
        offset = int.from_bytes(data[2:], "big")
        content, status_word = self._cut_out(offset, max(expected - 4, 1))
        size = len(content)
        length = bytes([size]) if size < 0x80 else bytes([0x81, size])
        return b"\x53" + length + content, status_word

    def _select_by_short_identifier(self, short: int) -> None:
        for identifier in self._memory["files"]:
            if int(identifier, 16) & 0x1F == short:
                self._file = identifier
                return
        raise _Refusal(_NOT_FOUND)

    def _cut_out(self, offset: int, expected: int | None) -> tuple[bytes, int]:
        content = self._content()
        if expected is None:
            raise _Refusal(_WRONG_LENGTH)
        if offset >= len(content):
            raise _Refusal(_OUTSIDE_FILE)
        found = content[offset : offset + expected]
        return found, _OK if len(found) == expected or expected == 256 else _END_OF_FILE

    def _content(self) -> bytes:
        if self._file is None:
            raise _Refusal(_NO_CURRENT_FILE)
        return bytes.fromhex(self._memory["files"][self._file])

    def _require_application(self) -> None:
        if not self._in_application:
            raise _Refusal(_NOT_NOW)

    def _require_unlocked(self) -> None:
        if self._memory["locked"]:
            raise _Refusal(_NOT_NOW)


def _cut(command: bytes) -> tuple[bytes, bytes, int | None]:
    """Cut a short APDU into header, data and the number of bytes expected."""
    head, rest = command[:4], command[4:]
    if len(head) < 4:
        raise _Refusal(_WRONG_LENGTH)
    if not rest:
        return head, b"", None
    if len(rest) == 1:
        return head, b"", rest[0] or 256
    count = rest[0]
    data, tail = rest[1 : 1 + count], rest[1 + count :]
    if count == 0 or len(data) < count or len(tail) > 1:
        raise _Refusal(_WRONG_LENGTH)
    return head, data, (tail[0] or 256) if tail else None
