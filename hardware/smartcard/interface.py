"""What every motorised card unit offers: it draws cards in, reads, holds, keeps and feeds them."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Protocol

from hardware.core.device import Device, Seen


class CardPosition(StrEnum):
    """Where the card in the channel is."""

    NONE = "none"
    GATE = "gate"
    INSIDE = "inside"
    UNKNOWN = "unknown"


class Supply(StrEnum):
    """How full the feeder is (XFS4IoT storage replenishmentStatus)."""

    EMPTY = "empty"
    LOW = "low"
    OK = "ok"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One look at the whole unit."""

    position: CardPosition
    feeder: Supply
    bin_full: Seen


class Chip(Protocol):
    """A powered chip: anything that answers APDUs."""

    @property
    def takes_extended_length(self) -> bool:
        """Whether this reader passes APDUs with more than 255 bytes of data, or 256 of answer."""
        ...

    def transmit(self, command: bytes) -> bytes:
        """Send a command APDU and return the response APDU, status word included.

        Raises:
            DeviceAbsentError: The reader is gone.
            DeviceFaultError: The chip went silent or was torn away (reason card_error).
        """
        ...


class CardUnit(Device, Chip, Protocol):
    """A motor card unit with gate, chip contacts, feeder (stacker) and capture bin.

    Verbs name states to reach, so that repeating one is safe: hold_at_gate with the card at the
    gate does nothing. A motion whose answer was lost is never repeated by the driver: it raises
    DeviceTimeoutError, and the caller asks status() where the card is.
    Every motion may raise DeviceFaultError (jam, empty, full, not_initialised) or
    DeviceAbsentError. A machine without one of the parts (no entry at its gate, no chip reader)
    raises DeviceFaultError with the reason not_supported.
    """

    def status(self) -> UnitStatus:
        """Ask the sensors."""
        ...

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Open the gate for a person's card and wait until it is drawn inside; then shut it.

        Raises:
            DeviceTimeoutError: No card came. RequestCancelledError: cancelled was set.
            In both cases the gate is shut again.
        """
        ...

    def feed(self) -> None:
        """Draw one card from the feeder to the inside position. Only with an empty channel."""
        ...

    def draw_in(self) -> None:
        """Move the card that is held at the gate back inside."""
        ...

    def hold_at_gate(self) -> None:
        """Present the card: hold it at the gate where a person can take it."""
        ...

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until the card at the gate has been taken.

        Raises:
            DeviceTimeoutError: It still lies there. RequestCancelledError: cancelled was set.
        """
        ...

    def capture(self) -> None:
        """Move the card in the channel into the bin."""
        ...

    def connect(self) -> bytes:
        """Put the contacts on the card inside, power its chip, and return the ATR.

        Raises:
            DeviceFaultError: The chip does not answer (reason card_error).
        """
        ...

    def disconnect(self) -> None:
        """Power the chip off and lift the contacts. Needed before any motion; safe to repeat."""
        ...
