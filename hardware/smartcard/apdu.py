"""Short APDUs: building commands, naming status words, fetching what a card still holds back."""

from dataclasses import dataclass
from enum import IntEnum

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.interface import Chip

MAX_DATA = 255
MAX_EXPECTED = 256
MAX_RESPONSE = 0xFFFF
MORE_DATA = 0x61
WRONG_EXPECTED = 0x6C


class SW(IntEnum):
    """Status words by name (ISO 7816-4)."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    WRONG_LENGTH = 0x6700
    SECURITY_NOT_SATISFIED = 0x6982
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_FILE = 0x6986
    WRONG_DATA = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_PARAMETERS = 0x6A86
    FILE_EXISTS = 0x6A89
    OUTSIDE_FILE = 0x6B00
    INSTRUCTION_NOT_SUPPORTED = 0x6D00
    CLASS_NOT_SUPPORTED = 0x6E00


@dataclass(frozen=True, slots=True)
class Response:
    """What a chip answered: data, and a status word that may be one of SW."""

    data: bytes
    status_word: int

    def require_ok(self, doing: str) -> bytes:
        """Return the data, or raise ChipError saying what was refused."""
        if self.status_word == SW.OK:
            return self.data
        reason = "no_file" if self.status_word == SW.FILE_NOT_FOUND else "refused"
        raise ChipError(reason, doing, self.status_word)


def command(
    instruction: int,
    first: int,
    second: int,
    data: bytes = b"",
    expected: int | None = None,
    cla: int = 0x00,
) -> bytes:
    """Build a short APDU. expected is the greatest number of bytes wanted back, 1 to 256."""
    if len(data) > MAX_DATA:
        raise ValueError("a short APDU carries at most 255 bytes")
    if expected is not None and not 1 <= expected <= MAX_EXPECTED:
        raise ValueError("a short APDU asks for 1 to 256 bytes")
    body = bytes([len(data)]) + data if data else b""
    tail = b"" if expected is None else bytes([expected % 256])
    return bytes([cla, instruction, first, second]) + body + tail


def exchange(chip: Chip, sent: bytes) -> Response:
    """Send a command and gather the whole answer: 6Cxx is asked again, 61xx is fetched.

    Raises:
        ChipError: The answer has no status word, or never ends.
    """
    response = _once(chip, sent)
    if response.status_word >> 8 == WRONG_EXPECTED:
        data_end = 5 + sent[4] if len(sent) > 5 else 4
        response = _once(chip, sent[:data_end] + bytes([response.status_word & 0xFF]))
    data = response.data
    while response.status_word >> 8 == MORE_DATA:
        waiting = response.status_word & 0xFF or MAX_EXPECTED
        response = _once(chip, command(0xC0, 0x00, 0x00, expected=waiting, cla=sent[0] & 0xFC))
        data += response.data
        if not response.data or len(data) > MAX_RESPONSE:
            break
    if response.status_word >> 8 in (MORE_DATA, WRONG_EXPECTED):
        raise ChipError("malformed", "the answer never ends", response.status_word)
    return Response(data, response.status_word)


def _once(chip: Chip, sent: bytes) -> Response:
    received = chip.transmit(sent)
    if len(received) < 2:
        raise ChipError("malformed", "an answer without status word")
    return Response(received[:-2], int.from_bytes(received[-2:], "big"))
