"""The fault switches of a simulated device that listens on TCP."""

from hardware.simulation.tcp_device import TcpDevice

UNPLUGGED = "unplugged"


class SwitchedDevice(TcpDevice):
    """A device whose FAULTS can be turned on and off; unplugged pulls its line."""

    FAULTS: frozenset[str] = frozenset({UNPLUGGED})

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.faults: set[str] = set()

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
