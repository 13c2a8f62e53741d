"""Commands and answers of a chip as ISO 7816-4 spells them, and the status words by name."""

from dataclasses import dataclass
from enum import IntEnum

from hardware.smartcard.chip_errors import ChipError

SHORTEST_APDU = 4
SHORT_DATA = 255
SHORT_ANSWER = 256
LONG_DATA = 0xFFFF
LONG_ANSWER = 0x10000
MORE_DATA = 0x61
WRONG_EXPECTED = 0x6C
TRIES_LEFT = 0x63C0
"""Status words 63C0 to 63CF: a password was wrong; the last digit counts what is left."""


class SW(IntEnum):
    """Status words by name (ISO 7816-4)."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    NOT_AUTHENTICATED = 0x6300
    WRONG_LENGTH = 0x6700
    SECURITY_NOT_SATISFIED = 0x6982
    AUTHENTICATION_BLOCKED = 0x6983
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_FILE = 0x6986
    PROTECTION_MISSING = 0x6987
    PROTECTION_WRONG = 0x6988
    WRONG_DATA = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_PARAMETERS = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    FILE_EXISTS = 0x6A89
    OUTSIDE_FILE = 0x6B00
    INSTRUCTION_NOT_SUPPORTED = 0x6D00
    CLASS_NOT_SUPPORTED = 0x6E00


@dataclass(frozen=True, slots=True, repr=False)
class Command:
    """A command before it is spelt. It has no repr: its data may be a person's.

    Attributes:
        instruction: INS. first, second: P1 and P2.
        data: The command data field, up to 65535 bytes.
        expected: The greatest number of bytes wanted back (Ne), 1 to 65536; None for no answer.
        cla: The class, without the bits that secure messaging sets.
    """

    instruction: int
    first: int
    second: int
    data: bytes = b""
    expected: int | None = None
    cla: int = 0x00

    def __post_init__(self) -> None:
        if len(self.data) > LONG_DATA:
            raise ValueError("a command carries at most 65535 bytes")
        if self.expected is not None and not 1 <= self.expected <= LONG_ANSWER:
            raise ValueError("a command asks for 1 to 65536 bytes")

    @property
    def header(self) -> bytes:
        """CLA, INS, P1 and P2."""
        return bytes((self.cla, self.instruction, self.first, self.second))

    @property
    def fits_short(self) -> bool:
        """Whether single length bytes can hold Nc and Ne."""
        return len(self.data) <= SHORT_DATA and (self.expected or 0) <= SHORT_ANSWER

    def encode(self, extended: bool = False) -> bytes:
        """Spell the command with short or with extended length fields (ISO 7816-4, 5.2).

        Raises:
            ValueError: It does not fit short length fields, and extended is False.
        """
        if extended:
            return self._encode_extended()
        if not self.fits_short:
            raise ValueError("a short command carries 255 bytes and asks for 256")
        body = bytes((len(self.data),)) + self.data if self.data else b""
        tail = b"" if self.expected is None else bytes((self.expected & 0xFF,))
        return self.header + body + tail

    def _encode_extended(self) -> bytes:
        if not self.data and self.expected is None:
            return self.header
        body = len(self.data).to_bytes(2, "big") + self.data if self.data else b""
        tail = b"" if self.expected is None else (self.expected & 0xFFFF).to_bytes(2, "big")
        return self.header + b"\0" + body + tail


@dataclass(frozen=True, slots=True, repr=False)
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


def split(answer: bytes) -> Response:
    """Part the status word from the data of an answer as it came from the reader.

    Raises:
        ChipError: It is too short to hold a status word, or longer than any answer.
    """
    if not 2 <= len(answer) <= LONG_ANSWER + 2:
        raise ChipError("malformed", "an answer without status word")
    return Response(bytes(answer[:-2]), int.from_bytes(answer[-2:], "big"))


def t0_command(command: bytes) -> bytes:
    """Make the T=0 command of a short APDU: P3 always there, no Le behind data.

    (ISO 7816-3, 12.2.2 to 12.2.5.)

    Raises:
        ValueError: It is an extended one.
    """
    if len(command) == SHORTEST_APDU:
        return command + b"\x00"
    if len(command) == SHORTEST_APDU + 1:
        return command
    if command[4] == 0:
        raise ValueError("T=0 takes short APDUs only")
    return command[: 5 + command[4]]
