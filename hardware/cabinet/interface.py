"""What every cabinet or magazine offers: numbered slots, each with a lock and an item sensor."""

from dataclasses import dataclass
from typing import Protocol

from hardware.core.device import Device, Seen


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as the sensors see it. number counts from 1 over the whole cabinet."""

    number: int
    locked: Seen
    item: Seen


class Cabinet(Device, Protocol):
    """Slots with electric locks. In a cabinet the lock holds a door; in a magazine, the card."""

    def slots(self) -> tuple[Slot, ...]:
        """Look at every slot.

        Raises:
            DeviceAbsentError: The board does not answer.
        """
        ...

    def slot(self, number: int) -> Slot:
        """Look at one slot."""
        ...

    def unlock(self, number: int) -> None:
        """Unlock one slot and see it open.

        Raises:
            DeviceFaultError: The lock did not move (reason jam). It is pulsed once, never twice,
                within one call.
        """
        ...
