"""The calls of PC/SC that a reader needs, typed, over pyscard's low level.

A context may be used by one thread at a time only, and never while another call in it is still
running: pcsc-lite's client library locks the whole process then, every other context included.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from smartcard import scard  # type: ignore[import-untyped]

from hardware.smartcard.apdu import t0_command
from hardware.smartcard.pcsc_codes import PcscCode, PcscError

LONGEST_APDU = 4 + 3 + 0xFFFF + 2
_GET_FEATURE_REQUEST = 3400
_FEATURE_GET_TLV_PROPERTIES = 0x12
_PROPERTY_LONGEST_DATA = 10


@dataclass(frozen=True, slots=True)
class ReaderState:
    """One look at a reader.

    Attributes:
        flags: What SCardGetStatusChange answered, to be given to the next look.
    """

    flags: int
    atr: bytes = b""

    @property
    def has_card(self) -> bool:
        """Whether something is in the reader, even if it is mute."""
        return bool(self.flags & scard.SCARD_STATE_PRESENT)

    @property
    def is_known(self) -> bool:
        """Whether the service can tell: not when the reader is gone."""
        return not self.flags & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE)

    @property
    def has_changed(self) -> bool:
        """Whether it differs from what was known."""
        return bool(self.flags & scard.SCARD_STATE_CHANGED)

    @property
    def cards_moved(self) -> int:
        """How many insertions and removals the service has counted (upper half of the flags)."""
        return self.flags >> 16 & 0xFFFF


UNAWARE = ReaderState(scard.SCARD_STATE_UNAWARE)
"""What is known of a reader that was not looked at yet."""


class Context:
    """One connection to the resource manager; every method raises PcscError."""

    def __init__(self) -> None:
        code, self._handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _require_ok(code)

    def release(self) -> None:
        """Give the context back; one that is gone already is no error."""
        scard.SCardReleaseContext(self._handle)

    def readers(self) -> list[str]:
        """Name the readers that the service knows now."""
        code, names = scard.SCardListReaders(self._handle, [])
        if code & 0xFFFFFFFF == PcscCode.NO_READERS_AVAILABLE:
            return []
        _require_ok(code)
        return list(names)

    def changes(
        self, known: Mapping[str, ReaderState], timeout_s: float = 0.0
    ) -> dict[str, ReaderState]:
        """Wait until a reader differs from what is known of it; returns all of them, or nothing.

        With UNAWARE readers it answers at once.
        """
        asked = [(name, state.flags & ~scard.SCARD_STATE_CHANGED) for name, state in known.items()]
        code, found = scard.SCardGetStatusChange(self._handle, int(timeout_s * 1000), asked)
        if code & 0xFFFFFFFF == PcscCode.TIMEOUT:
            return {}
        _require_ok(code)
        return {name: ReaderState(flags, bytes(atr)) for name, flags, atr in found}

    def connect(self, reader: str) -> "Card":
        """Power the card in a reader and take it for this program alone, over T=0 or T=1."""
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, handle, protocol = scard.SCardConnect(
            self._handle, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols
        )
        _require_ok(code)
        return Card(handle, protocol)


class Card:
    """A connected card; every method raises PcscError."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._is_t0 = protocol == scard.SCARD_PROTOCOL_T0
        self._pci = scard.SCARD_PCI_T0 if self._is_t0 else scard.SCARD_PCI_T1

    def atr(self) -> bytes:
        """Return the answer to reset."""
        code, _, _, _, atr = scard.SCardStatus(self._handle)
        _require_ok(code)
        return bytes(atr)

    def takes_extended_length(self) -> bool:
        """Ask the reader for dwMaxAPDUDataSize; one that does not tell is believed to take it.

        T=0 carries extended APDUs in ENVELOPE commands only, which nobody here sends. (PC/SC part
        10, 2.6.14; a size of 0 means short APDUs only.)
        """
        if self._is_t0:
            return False
        features = self._control(scard.SCARD_CTL_CODE(_GET_FEATURE_REQUEST))
        for at in range(0, len(features) - 5, 6):
            if features[at] == _FEATURE_GET_TLV_PROPERTIES:
                properties = self._control(int.from_bytes(features[at + 2 : at + 6], "big"))
                return _longest_data(properties) != 0
        return True

    def transmit(self, command: bytes) -> bytes:
        """Send one APDU; the answer may be anything, even nothing at all."""
        sent = t0_command(command) if self._is_t0 else command
        code, answer = scard.SCardTransmit(self._handle, self._pci, list(sent))
        _require_ok(code)
        return bytes(answer)

    def disconnect(self) -> None:
        """Cut the card's power and let go of it; a handle that is gone already is no error."""
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)

    def _control(self, control: int) -> bytes:
        code, answer = scard.SCardControl(self._handle, control, [])
        return b"" if code else bytes(answer)


def _longest_data(properties: bytes) -> int | None:
    """Find dwMaxAPDUDataSize among a reader's properties: tag, length, little-endian value."""
    at = 0
    while at + 2 <= len(properties):
        tag, length = properties[at], properties[at + 1]
        if tag == _PROPERTY_LONGEST_DATA:
            return int.from_bytes(properties[at + 2 : at + 2 + length], "little")
        at += 2 + length
    return None


def _require_ok(code: int) -> None:
    if code:
        raise PcscError(code)
