"""What PC/SC's result codes mean, and which error of this library each of them is."""

from enum import IntEnum

from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
)


class PcscCode(IntEnum):
    """Result codes of the resource manager (winscard.h, pcsclite.h) that a driver can meet."""

    OK = 0x00000000
    INVALID_HANDLE = 0x80100003
    """The context or the card handle is unknown: the service was restarted."""
    INSUFFICIENT_BUFFER = 0x80100008
    UNKNOWN_READER = 0x80100009
    TIMEOUT = 0x8010000A
    SHARING_VIOLATION = 0x8010000B
    """Somebody else is connected to the card."""
    NO_SMARTCARD = 0x8010000C
    PROTO_MISMATCH = 0x8010000F
    """The card offers none of the protocols asked for."""
    NOT_READY = 0x80100010
    COMM_ERROR = 0x80100013
    """The talk with the service broke off: it ended or was killed."""
    NOT_TRANSACTED = 0x80100016
    """The reader could not pass the APDU: the card was torn away or fell silent."""
    READER_UNAVAILABLE = 0x80100017
    """The reader was unplugged."""
    NO_SERVICE = 0x8010001D
    """The service is not running."""
    SERVICE_STOPPED = 0x8010001E
    NO_READERS_AVAILABLE = 0x8010002E
    UNSUPPORTED_CARD = 0x80100065
    """The reader cannot make sense of the card's ATR."""
    UNRESPONSIVE_CARD = 0x80100066
    """The card is mute: no ATR. It is dead, or lies the wrong way round."""
    UNPOWERED_CARD = 0x80100067
    RESET_CARD = 0x80100068
    """The card was reset by somebody else; whatever session it had is gone."""
    REMOVED_CARD = 0x80100069
    SECURITY_VIOLATION = 0x8010006A
    """The service refuses this user (polkit)."""


SERVICE_GONE = frozenset(
    {
        PcscCode.INVALID_HANDLE,
        PcscCode.COMM_ERROR,
        PcscCode.NO_SERVICE,
        PcscCode.SERVICE_STOPPED,
        PcscCode.SECURITY_VIOLATION,
    }
)
"""The context is of no use any more; a new one may be."""

READER_GONE = frozenset(
    {
        PcscCode.UNKNOWN_READER,
        PcscCode.READER_UNAVAILABLE,
        PcscCode.NO_READERS_AVAILABLE,
    }
)


class PcscError(Exception):
    """A PC/SC call that the resource manager answered with a result code.

    Attributes:
        code: As an unsigned number; a PcscCode where it is one of those.
    """

    def __init__(self, code: int) -> None:
        self.code = named(code)
        super().__init__(written(self.code))


def named(code: int) -> int:
    """Make a result code unsigned, and a PcscCode where its meaning is known."""
    code &= 0xFFFFFFFF
    try:
        return PcscCode(code)
    except ValueError:
        return code


def written(code: int) -> str:
    """Write a result code as the manuals print it, with its name where it has one."""
    name = f" {code.name.lower()}" if isinstance(code, PcscCode) else ""
    return f"0x{code:08X}{name}"


def device_error(error: PcscError) -> DeviceError:
    """Turn a result code into what this library's callers know.

    Whatever says nothing of the service or the reader is the card's fault, for unknown codes come
    from a reader's driver while it speaks with a card.
    """
    if error.code in SERVICE_GONE:
        return DeviceAbsentError(f"the PC/SC service does not serve: {error}")
    if error.code in READER_GONE:
        return DeviceAbsentError(f"the reader is gone: {error}")
    if error.code == PcscCode.SHARING_VIOLATION:
        return DeviceBusyError(f"another program holds the card: {error}")
    return DeviceFaultError("card_error", f"0x{error.code:08X}", _words(error.code))


def _words(code: int) -> str:
    return code.name.lower() if isinstance(code, PcscCode) else ""
