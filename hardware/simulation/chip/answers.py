"""What a chip answers: status words by name, and the ways in which it falls silent."""

from enum import IntEnum


class SW(IntEnum):
    """Status words (ISO 7816-4 clause 5.6, BSI TR-03110-3 appendix B)."""

    OK = 0x9000
    END_OF_FILE = 0x6282
    PASSWORD_SUSPECT = 0x63C0
    NOT_AUTHENTICATED = 0x6300
    WRONG_LENGTH = 0x6700
    NO_CHANNELS = 0x6881
    NO_SECURE_MESSAGING = 0x6882
    CHAIN_NOT_ENDED = 0x6883
    SECURITY_NOT_SATISFIED = 0x6982
    BLOCKED = 0x6983
    REFERENCE_NOT_USABLE = 0x6984
    NOT_NOW = 0x6985
    NO_CURRENT_FILE = 0x6986
    OBJECTS_MISSING = 0x6987
    OBJECTS_INCORRECT = 0x6988
    WRONG_DATA = 0x6A80
    FILE_NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_PARAMETERS = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    FILE_EXISTS = 0x6A89
    OUTSIDE_FILE = 0x6B00
    NO_INSTRUCTION = 0x6D00
    NO_CLASS = 0x6E00


class Refusal(Exception):  # noqa: N818 (a status word, not an error of the program)
    """The chip refuses a command with a status word."""

    def __init__(self, status_word: int) -> None:
        super().__init__(f"{status_word:04X}")
        self.status_word = status_word


class ChipMuteError(Exception):
    """The chip gives no answer; what carries its bytes turns this into silence."""


class ChipTornError(ChipMuteError):
    """The chip has lost its power."""
