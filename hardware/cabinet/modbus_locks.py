"""Driver for locks on Modbus relay boards: coils pulse the locks, inputs see doors and items."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from hardware.cabinet.lock_boards import LockBoards
from hardware.cabinet.slot_watch import SlotWatch
from hardware.core.device import Seen
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.modbus import ModbusLine
from hardware.core.waiting import pause

MOST_UNIT = 247
MOST_LOCKS = 64
SHORTEST_PULSE_S, LONGEST_PULSE_S = 0.1, 5.0
ROOM_S = 1.0
"""So long after its pulse a lock must have moved."""

Bits: TypeAlias = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class RelayWiring:
    """How the boards of one cabinet are wired; coils and inputs count from 0.

    Attributes:
        locks: On each board.
        unit: Modbus address of the first board; the others follow.
        input_unit: Of the first board of inputs, where those are boards of their own.
        lock_coil: The coil of a board's first lock; the others follow.
        door_input: The input of a board's first door, the others follow; on = closed.
        item_input: The input of a board's first item switch; on = something is in the slot. None:
            items are unknown.
        doors_inverted: On = open.
        items_inverted: On = empty.
        pulse_s: How long a coil is held on.
        timed_coil: Where the board switches a coil off again by itself: the coil that takes the
            time in tenths of a second for the first lock. None: it is switched off by us.
    """

    locks: int = 8
    unit: int = 1
    input_unit: int | None = None
    lock_coil: int = 0
    door_input: int = 0
    item_input: int | None = None
    doors_inverted: bool = False
    items_inverted: bool = False
    pulse_s: float = 0.5
    timed_coil: int | None = None


class ModbusLocks(LockBoards[ModbusLine]):
    """A cabinet of boards of equal size on one line."""

    def __init__(
        self,
        connect: Callable[[], ModbusLine],
        slot_count: int,
        wiring: RelayWiring,
        jammed_after_s: float | None = None,
        watch: SlotWatch | None = None,
    ) -> None:
        if not 1 <= wiring.locks <= MOST_LOCKS:
            raise ValueError(f"a board has 1 to {MOST_LOCKS} locks")
        if not SHORTEST_PULSE_S <= wiring.pulse_s <= LONGEST_PULSE_S:
            raise ValueError(f"a pulse takes {SHORTEST_PULSE_S} to {LONGEST_PULSE_S} s")
        room_s = ROOM_S if jammed_after_s is None else jammed_after_s
        super().__init__(connect, slot_count, wiring.locks, room_s, watch)
        self._wiring = wiring
        self._senses_items = wiring.item_input is not None
        self._input_unit = wiring.unit if wiring.input_unit is None else wiring.input_unit
        first = (wiring.unit, self._input_unit)
        if min(first) < 1 or max(first) + len(self._boards) - 1 > MOST_UNIT:
            raise ValueError(f"boards have the addresses 1 to {MOST_UNIT}")

    def _prepare(self) -> None:
        """Let every lock go, whatever an earlier program left energised."""
        line, rest = self._opened(), [False] * self._wiring.locks
        for board in set(self._boards) - self._silent:
            with suppress(DeviceAbsentError):  # its slots are unknown when it is looked at
                line.set_coils(self._wiring.unit + board, self._wiring.lock_coil, rest)

    def _ask_board(self, board: int, tries: int) -> list[tuple[Seen, Seen]]:
        wiring, unit = self._wiring, self._input_unit + board
        doors, items = self._inputs(unit, tries)
        locked = [_seen(bit is not wiring.doors_inverted) for bit in doors]
        if items is None:
            return [(each, Seen.UNKNOWN) for each in locked]
        held = [_seen(bit is not wiring.items_inverted) for bit in items]
        return list(zip(locked, held, strict=True))

    def _inputs(self, unit: int, tries: int) -> tuple[Bits, Bits | None]:
        """Read doors and items, in one request where they stand side by side."""
        line, locks = self._opened(), self._wiring.locks
        doors, items = self._wiring.door_input, self._wiring.item_input
        if items == doors + locks:
            bits = line.inputs(unit, doors, 2 * locks, tries)
            return bits[:locks], bits[locks:]
        seen = line.inputs(unit, doors, locks, tries)
        return seen, None if items is None else line.inputs(unit, items, locks, tries)

    def _pulse(self, board: int, lock: int) -> None:
        line = self._opened()
        wiring, unit = self._wiring, self._wiring.unit + board
        if wiring.timed_coil is not None:
            with suppress(DeviceTimeoutError, BadReplyError):  # the sensors tell whether it moved
                line.pulse_coil(unit, wiring.timed_coil + lock, round(wiring.pulse_s * 10))
            pause(wiring.pulse_s)
            return
        coil = wiring.lock_coil + lock
        try:
            with suppress(DeviceAbsentError, BadReplyError):  # it may be on all the same
                line.set_coil(unit, coil, on=True, tries=1)  # asking again would lengthen it
            pause(wiring.pulse_s)
        finally:
            line.set_coil(unit, coil, on=False)


def _seen(is_so: bool) -> Seen:
    return Seen.YES if is_so else Seen.NO
