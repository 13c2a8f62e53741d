"""What all cabinets of lock boards share: slots over boards, one pulse, sensors that decide."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event
from typing import Generic, Protocol, TypeVar

from hardware.cabinet.interface import Slot, SlotAlarm
from hardware.cabinet.slot_watch import SlotWatch
from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.waiting import wait_for

TRIES = 3
SILENT_TRIES = 1
"""For a board that was silent the last time, lest a missing one slow every look."""
JAMMED_AFTER_S = 1.5
"""The pulse of a lock (0.5 s from the factory) and a second."""
LOOK_EVERY_S = 0.1


class Closable(Protocol):
    """What carries the bytes."""

    def close(self) -> None:
        """Release it."""
        ...


Line = TypeVar("Line", bound=Closable)


class LockBoards(ABC, Generic[Line]):
    """A cabinet of slot_count slots: the first are on board 0, the next on board 1, ..."""

    _senses_items = True
    """Whether there are item sensors at all; a subclass says otherwise."""

    def __init__(
        self,
        connect: Callable[[], Line],
        slot_count: int,
        locks_on_a_board: int,
        jammed_after_s: float,
        watch: SlotWatch | None = None,
    ) -> None:
        if slot_count < 1:
            raise ValueError("a cabinet has at least one slot")
        self._connect = connect
        self._slot_count = slot_count
        self._locks_on_a_board = locks_on_a_board
        self._boards = range((slot_count - 1) // locks_on_a_board + 1)
        self._jammed_after_s = jammed_after_s
        self._watch = watch or SlotWatch()
        self._line: Line | None = None
        self._silent: set[int] = set()

    @abstractmethod
    def _ask_board(self, board: int, tries: int) -> list[tuple[Seen, Seen]]:
        """Return (locked, item) of the board's locks, the lowest first.

        Raises:
            DeviceAbsentError: It is silent. BadReplyError: It answers nonsense.
        """

    @abstractmethod
    def _pulse(self, board: int, lock: int) -> None:
        """Have the lock pulsed once; what the board says about it decides nothing."""

    def _prepare(self) -> None:
        """Put the boards into the state that the driver needs; called when they are opened."""

    def _wake(self, board: int) -> None:
        """Do what may bring a board back that is silent after a pulse."""

    def _missing(self) -> list[str]:
        """Name what did not answer the last time."""
        return [f"board {board}" for board in sorted(self._silent)]

    def open(self) -> None:
        """Open the line and see that a board answers."""
        if self._line is not None:
            return
        self._line = self._connect()
        self._silent.clear()
        try:
            self.slots()
            self._prepare()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask every board."""
        try:
            slots = self.slots()
        except DeviceAbsentError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        except DeviceError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))
        if missing := self._missing():
            return Health(DeviceState.HARDWARE_ERROR, f"no answer from {', '.join(missing)}")
        open_slots = sum(slot.locked is Seen.NO for slot in slots)
        return Health(DeviceState.ONLINE, f"{len(slots)} slots, {open_slots} open")

    def slots(self) -> tuple[Slot, ...]:
        """Ask each board; the slots of one that does not answer are unknown."""
        seen: list[Slot] = []
        lost: DeviceError | None = None
        for board in self._boards:
            try:
                seen += self._look(board)
            except (DeviceAbsentError, BadReplyError) as error:
                seen += self._unknown(board)
                if lost is None or isinstance(error, BadReplyError):
                    lost = error
        if lost is not None and len(self._silent) == len(self._boards):
            raise lost
        return tuple(seen[: self._slot_count])

    def slot(self, number: int) -> Slot:
        """Ask the slot's board; where it does not answer, the others tell whether all is lost."""
        board, lock = self._place(number)
        try:
            return self._look(board)[lock]
        except (DeviceAbsentError, BadReplyError):
            if not any(self._answers(other) for other in self._boards if other != board):
                raise
            return self._unknown(board)[lock]

    def unlock(self, number: int) -> None:
        """Pulse the lock, then believe the board's sensors alone.

        A slot that is open stays so, without a pulse. In a magazine the lock closes again after
        its pulse; that the item has fallen out proves then that it had opened.
        """
        board, lock = self._place(number)
        before = self.slot(number)
        if board in self._silent:
            raise DeviceFaultError("missing", detail=f"board {board} does not answer")
        if before.locked is Seen.NO:
            return
        self._watch.unlocking(number)
        self._pulse(board, lock)
        lost: DeviceError | None = None
        seen = before

        def opened() -> bool | None:
            nonlocal lost, seen
            try:
                seen = self._look(board, tries=1)[lock]  # it is asked again anyway
            except (DeviceAbsentError, BadReplyError) as error:
                lost = error
                self._wake(board)
                return None
            lost = None
            fallen_out = before.item is Seen.YES and seen.item is Seen.NO
            return True if seen.locked is Seen.NO or fallen_out else None

        try:
            wait_for(opened, self._jammed_after_s, Event(), LOOK_EVERY_S)
        except DeviceTimeoutError as error:
            if lost is not None:
                raise lost from error
            if self._senses_items and Seen.UNKNOWN in (before.item, seen.item):
                raise DeviceTimeoutError(
                    f"slot {number} was pulsed, nobody sees its item"
                ) from error
            raise DeviceFaultError("jam", detail=f"slot {number} did not open") from error

    def alarms(self) -> tuple[SlotAlarm, ...]:
        """Look at every slot and tell what no unlock explains."""
        self.slots()
        return self._watch.told()

    def _place(self, number: int) -> tuple[int, int]:
        if not 1 <= number <= self._slot_count:
            raise ValueError(f"there is no slot {number}")
        return divmod(number - 1, self._locks_on_a_board)

    def _number(self, board: int, lock: int) -> int:
        return board * self._locks_on_a_board + lock + 1

    def _opened(self) -> Line:
        if self._line is None:
            raise DeviceAbsentError("the cabinet is not open")
        return self._line

    def _answers(self, board: int) -> bool:
        try:
            self._look(board)
        except (DeviceAbsentError, BadReplyError):
            return False
        return True

    def _look(self, board: int, tries: int = TRIES) -> list[Slot]:
        tries = SILENT_TRIES if board in self._silent else tries
        try:
            seen = self._ask_board(board, tries)
        except (DeviceAbsentError, BadReplyError):
            self._silent.add(board)
            raise
        self._silent.discard(board)
        slots = [Slot(self._number(board, lock), *each) for lock, each in enumerate(seen)]
        for slot in slots:
            if slot.number <= self._slot_count:
                self._watch.look(slot)
        return slots

    def _unknown(self, board: int) -> list[Slot]:
        locks = range(self._locks_on_a_board)
        return [Slot(self._number(board, lock), Seen.UNKNOWN, Seen.UNKNOWN) for lock in locks]


def seen_bit(bits: int, at: int) -> Seen:
    """Return what one bit says: 1 is yes."""
    return Seen.YES if bits >> at & 1 else Seen.NO
