"""What a collector of paper forms offers: a mouth, a place where the form is held, and a bin."""

from enum import StrEnum
from threading import Event
from typing import Protocol

from hardware.core.device import Device


class FormPosition(StrEnum):
    """Where the form is."""

    NONE = "none"
    MOUTH = "mouth"
    ESCROW = "escrow"
    UNKNOWN = "unknown"


class FormCollector(Device, Protocol):
    """Takes one form in, holds it in escrow, then keeps it or gives it back.

    Verbs name states to reach. Motions raise as those of hardware.smartcard.interface.CardUnit.
    """

    def position(self) -> FormPosition:
        """Ask the sensors."""
        ...

    def bin_full(self) -> bool:
        """Tell whether the bin takes no more."""
        ...

    def accept(self, timeout_s: float, cancelled: Event) -> None:
        """Open the mouth and wait until a form lies in escrow; then shut it."""
        ...

    def keep(self) -> None:
        """Drop the form in escrow into the bin."""
        ...

    def give_back(self) -> None:
        """Move the form in escrow to the mouth, where the person takes it."""
        ...

    def wait_taken(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until the mouth is empty."""
        ...
