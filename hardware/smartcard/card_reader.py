"""What every table-top card reader offers: a person lays a card on it, or puts it in."""

from threading import Event
from typing import Protocol

from hardware.core.device import Device, Seen
from hardware.smartcard.interface import Chip


class CardReader(Device, Chip, Protocol):
    """A reader without a motor: whoever brought the card can tear it away at any moment.

    Every APDU that fails ends the connection: connect() again, and begin again with the card.
    """

    def is_card_present(self) -> Seen:
        """Look for a card. Never raises; a reader that cannot be asked says unknown."""
        ...

    def wait_for_card(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until a card is there, however often the reader comes and goes meanwhile.

        Returns:
            False when none came within timeout_s.

        Raises:
            DeviceAbsentError: The time is over, and the reader is not there.
            RequestCancelledError: cancelled was set.
        """
        ...

    def wait_removed(self, timeout_s: float, cancelled: Event) -> bool:
        """Wait until no card is there; returns and raises as wait_for_card does."""
        ...

    def connect(self) -> bytes:
        """Power the card's chip, for this program alone, and return its ATR.

        Raises:
            DeviceFaultError: No card, or one that does not answer (reason card_error).
            DeviceBusyError: Another program holds the card.
            DeviceAbsentError: The reader is gone.
        """
        ...

    def disconnect(self) -> None:
        """Cut the chip's power. Safe to repeat; never raises."""
        ...
