"""What every cabinet or magazine offers: numbered slots, each with a lock and an item sensor."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hardware.core.device import Device, Seen


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as the sensors see it. number counts from 1 over the whole cabinet."""

    number: int
    locked: Seen
    item: Seen


class AlarmReason(StrEnum):
    """What was seen that no unlock explains."""

    FORCED = "forced"
    """A locked slot opened."""
    ITEM_CHANGED = "item_changed"
    """Something came into a locked slot, or left it."""
    HELD_OPEN = "held_open"
    """A slot has been open for too long."""


@dataclass(frozen=True, slots=True)
class SlotAlarm:
    """One alarm, and the slot as it was seen then."""

    slot: Slot
    reason: AlarmReason


class Cabinet(Device, Protocol):
    """Slots with electric locks. In a cabinet the lock holds a door; in a magazine, the card.

    A cabinet may be of several boards. One that does not answer makes its own slots unknown and
    the health hardwareError; the cabinet is absent only when no board answers.
    """

    def slots(self) -> tuple[Slot, ...]:
        """Look at every slot.

        Raises:
            DeviceAbsentError: No board answers.
            BadReplyError: No board answers, and some said what no board says.
        """
        ...

    def slot(self, number: int) -> Slot:
        """Look at one slot; raises as slots() does."""
        ...

    def unlock(self, number: int) -> None:
        """Unlock one slot and see it open.

        Raises:
            DeviceFaultError: The lock did not move (reason jam), or its board does not answer
                although others do (reason missing). It is pulsed once, never twice, within one
                call.
            DeviceAbsentError: No board answers; after the pulse it may have opened, or not.
            DeviceTimeoutError: It was pulsed, and is locked; the sensor that would tell whether
                its item has fallen out does not answer.
        """
        ...

    def alarms(self) -> tuple[SlotAlarm, ...]:
        """Look at every slot and tell what was seen since the last call and no unlock explains.

        Each is told once. Any look counts, not only those of this call. What happened before the
        first look is not known; nor does a magazine know whether its service door was open, so
        that what the staff loads is told too.
        """
        ...
