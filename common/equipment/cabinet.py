"""The slots of an e-Cabinet: finds a free one, opens one, and sees what a hand puts in or takes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from threading import Event
from time import monotonic

from hardware.cabinet.interface import Cabinet
from hardware.core.device import Seen
from hardware.core.errors import RequestCancelledError
from hardware.core.keeper import Keeper

LOOK_EVERY_S = 0.15


class SlotOutcome(Enum):
    """What came of waiting for a hand."""

    DONE = auto()
    NOTHING = auto()
    OTHER_SLOT = auto()


@dataclass(frozen=True, slots=True)
class Hand:
    """What a hand did, and in which slot."""

    outcome: SlotOutcome
    slot: int


class SlotDesk:
    """One cabinet of numbered slots, each with a lock and an item sensor.

    Everything here raises DeviceAbsentError when the board does not answer.
    """

    def __init__(self, cabinet: Keeper[Cabinet]) -> None:
        self._cabinet = cabinet

    def free_slot(self) -> int | None:
        """Return the lowest slot whose sensor says that it is empty, or None."""
        slots = self._cabinet.use(lambda cabinet: cabinet.slots())
        return next((slot.number for slot in slots if slot.item is Seen.NO), None)

    def holds(self, number: int) -> Seen:
        """Tell whether something lies in the slot."""
        return self._cabinet.use(lambda cabinet: cabinet.slot(number)).item

    def open(self, number: int) -> None:
        """Unlock the slot; an open one stays open.

        Raises:
            DeviceFaultError: The lock did not move (reason jam).
        """
        self._cabinet.use(lambda cabinet: cabinet.unlock(number))

    def filled(self) -> frozenset[int]:
        """Return the slots whose sensors see something."""
        slots = self._cabinet.use(lambda cabinet: cabinet.slots())
        return frozenset(slot.number for slot in slots if slot.item is Seen.YES)

    def wait_put(
        self, number: int, before: frozenset[int], timeout_s: float, cancelled: Event
    ) -> Hand:
        """Wait until the slot is filled, or another one that was empty in before.

        Raises:
            RequestCancelledError: cancelled was set.
        """
        return self._wait(number, timeout_s, cancelled, lambda filled: filled - before, put=True)

    def wait_taken(
        self, number: int, before: frozenset[int], timeout_s: float, cancelled: Event
    ) -> Hand:
        """Wait until the slot is empty, or another one that was filled in before.

        Raises:
            RequestCancelledError: cancelled was set.
        """
        return self._wait(number, timeout_s, cancelled, lambda filled: before - filled, put=False)

    def _wait(
        self,
        number: int,
        timeout_s: float,
        cancelled: Event,
        changed: Callable[[frozenset[int]], frozenset[int]],
        *,
        put: bool,
    ) -> Hand:
        deadline = monotonic() + timeout_s
        while not cancelled.is_set():
            filled = self.filled()
            # The slot's own sensor must say so: a board that sees nothing is no empty slot.
            if (number in filled) is put and self._is_sure(number, put=put):
                return Hand(SlotOutcome.DONE, number)
            if others := changed(filled) - {number}:
                return Hand(SlotOutcome.OTHER_SLOT, min(others))
            if monotonic() >= deadline:
                return Hand(SlotOutcome.NOTHING, number)
            cancelled.wait(LOOK_EVERY_S)
        raise RequestCancelledError("the caller stopped waiting")

    def _is_sure(self, number: int, *, put: bool) -> bool:
        return self.holds(number) is (Seen.YES if put else Seen.NO)
