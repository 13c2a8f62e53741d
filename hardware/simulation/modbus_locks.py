"""Simulated Modbus relay boards with locks, as a cabinet with doors or as a card magazine.

Coils 0 and on are the locks; inputs 0 and on are the doors, closed = on; the inputs behind them
are the items, there = on. A lock is pulsed when its coil goes on, and its gate, in a magazine,
closes when the coil goes off.

Options, besides those of hardware.simulation.lock_cabinet and modbus_speaker: locks = on each
board; unit = address of the first board; timed_coil = the coil that takes the first lock's pulse
in tenths of a second.
"""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from hardware.simulation.line import Connection
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.modbus_speaker import ModbusSpeaker
from hardware.simulation.world import World


class SimulatedModbusLocks(SimulatedCabinet):
    """All boards of one cabinet."""

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        self._per_board = int(options.get("locks", 8))
        super().__init__(name, port, world, options, self._per_board)
        self._first_unit = int(options.get("unit", 1))
        timed = options.get("timed_coil")
        self._timed = None if timed is None else int(timed)
        self._speaker = ModbusSpeaker(self, options, world.lock)
        self._energised: set[int] = set()

    def serve(self, connection: Connection) -> None:
        """Answer Modbus requests."""
        self._speaker.serve(connection, self.port_link)

    def power_lost(self) -> None:
        """Let all coils fall off."""
        self._energised.clear()

    def state(self) -> dict[str, Any]:
        """Tell also which locks are energised."""
        return super().state() | {"energised": sorted(self._energised)}

    def coils(self, unit: int) -> list[bool] | None:
        """The locks of a board."""
        board = unit - self._first_unit
        if not self._is_there(board):
            return None
        return [slot in self._energised for slot in self._slots_of(board)]

    def inputs(self, unit: int) -> list[bool]:
        """The doors of a board, then its items."""
        board = unit - self._first_unit
        return self._closed(board) + self._filled(board)

    def write(self, unit: int, coil: int, on: bool) -> None:
        """Energise a lock, or let it go."""
        slot = self._slots_of(unit - self._first_unit)[coil]
        if on and slot not in self._energised:
            self._energised.add(slot)
            self._unlock(slot)
        elif not on:
            self._energised.discard(slot)

    def time(self, unit: int, coil: int, tenths: int) -> bool:
        """Pulse a lock for as long as the board is told."""
        if self._timed is None or not 0 <= coil - self._timed < self._per_board:
            return False
        slot = self._slots_of(unit - self._first_unit)[coil - self._timed]
        self._pulse_s = tenths / 10
        self._unlock(slot)
        return True

    def _open_doors(self) -> set[int]:
        if not self._is_magazine or self._timed is not None:
            return super()._open_doors()
        now = monotonic()
        pulsed = {slot for slot, until in self._pulsed_until.items() if now < until}
        return pulsed | {slot for slot in self._energised if "jammed" not in self.faults}
