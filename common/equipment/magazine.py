"""Knows what lies in the pockets of the magazine, and lets one card drop."""

from dataclasses import dataclass
from threading import Event
from time import monotonic

from hardware.cabinet.interface import Cabinet, Slot
from hardware.core.device import Seen
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.core.waiting import wait_for

DROP_TIMEOUT_S = 2.0
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class PocketCount:
    """How the pockets stand; silent pockets are those whose sensor says nothing."""

    filled: tuple[int, ...]
    empty: tuple[int, ...]
    silent: tuple[int, ...]


class Magazine:
    """Pockets, each with one card, above the presenter's feeder. Numbers count from 1.

    Everything here raises DeviceAbsentError when the board does not answer.
    """

    def __init__(self, cabinet: Keeper[Cabinet], drop_timeout_s: float = DROP_TIMEOUT_S) -> None:
        self._cabinet = cabinet
        self._drop_timeout_s = drop_timeout_s

    def count(self) -> PocketCount:
        """Look into every pocket."""
        slots = self._slots()
        return PocketCount(
            *(tuple(s.number for s in slots if s.item is seen) for seen in _FILLED_EMPTY_SILENT)
        )

    def holds(self, number: int) -> Seen:
        """Tell whether a card lies in the pocket."""
        return self._cabinet.use(lambda cabinet: cabinet.slot(number)).item

    def free_pocket(self) -> int | None:
        """Return the lowest empty pocket, or None where the magazine is full."""
        empty = self.count().empty
        return empty[0] if empty else None

    def drop(self, number: int) -> bool:
        """Unlock the pocket and tell whether its card is seen to have gone.

        Raises:
            DeviceFaultError: The lock did not move; ask holds() what became of the card.
        """
        self._cabinet.use(lambda cabinet: cabinet.unlock(number))
        return self.has_dropped(number)

    def has_dropped(self, number: int) -> bool:
        """Give a card that is on its way a moment, then tell whether the pocket is empty."""
        try:
            wait_for(
                lambda: True if self.holds(number) is Seen.NO else None,
                self._drop_timeout_s,
                Event(),
            )
        except DeviceTimeoutError:
            return False
        return True

    def wait_for_card(
        self, before: PocketCount, timeout_s: float, cancelled: Event
    ) -> tuple[int, ...]:
        """Wait until a pocket that was not filled before is; return all such pockets.

        Raises:
            DeviceTimeoutError: No card came. RequestCancelledError: cancelled was set.
        """
        deadline = monotonic() + timeout_s
        while not cancelled.is_set():
            if new := tuple(n for n in self.count().filled if n not in before.filled):
                return new
            if monotonic() >= deadline:
                raise DeviceTimeoutError(f"no card in {timeout_s} s")
            cancelled.wait(LOOK_EVERY_S)
        raise RequestCancelledError("the caller stopped waiting")

    def _slots(self) -> tuple[Slot, ...]:
        return self._cabinet.use(lambda cabinet: cabinet.slots())


_FILLED_EMPTY_SILENT = (Seen.YES, Seen.NO, Seen.UNKNOWN)
