"""The fault switches that every simulated device on a line has, besides its own."""

from random import Random
from typing import Any

from hardware.simulation.line import Connection, DisturbedConnection, LineFault
from hardware.simulation.line_device import LineDevice

UNPLUGGED = "unplugged"


class SwitchedDevice(LineDevice):
    """A device whose FAULTS can be turned on and off; unplugged pulls its line.

    A subclass names its own faults; those of the line are added to them.
    """

    FAULTS: frozenset[str] = frozenset()

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        cls.FAULTS = cls.FAULTS | {UNPLUGGED, *LineFault}

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.faults: set[str] = set()
        self.dice = Random(port)  # noqa: S311 (mischief that can be repeated, no secret)

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off."""
        if fault not in self.FAULTS:
            raise LookupError(f"there is no fault {fault}")
        if on:
            self.faults.add(fault)
        else:
            self.faults.discard(fault)
        if fault == UNPLUGGED:
            if on:
                self.unplug()
                self.power_lost()
            elif not self.ended.is_set():
                self.plug()

    def power_lost(self) -> None:
        """Forget what a device forgets without power."""

    def line(self, connection: Connection) -> Connection:
        """Lay the faults around a connection."""
        return DisturbedConnection(connection, self.faults, self.dice, self.ended.wait)
