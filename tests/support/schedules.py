"""Random faults by a seed, for the machines that move cards and papers."""

import os
from collections.abc import Iterable
from random import Random

from hardware.simulation.bench import SimulatedDevice

SCHEDULES = int(os.environ.get("SMARTICS_SCHEDULES", "25"))
"""How many random fault schedules each physical device lives through; by hand 1000."""


class Trouble:
    """Turns faults of one simulated device on and off, as a seed will have it."""

    def __init__(
        self, device: SimulatedDevice, seed: int, faults: Iterable[str], likely: float = 0.35
    ) -> None:
        self.dice = Random(seed)
        self._device = device
        self._faults = sorted(faults)
        self._likely = likely
        self._on: set[str] = set()
        assert set(self._faults) <= device.FAULTS

    def strike(self) -> None:
        """Perhaps turn one fault on, perhaps one off."""
        if self.dice.random() < self._likely:
            fault = self.dice.choice(self._faults)
            self._device.set_fault(fault, on=True)
            self._on.add(fault)
        if self._on and self.dice.random() < self._likely:
            fault = self.dice.choice(sorted(self._on))
            self._device.set_fault(fault, on=False)
            self._on.discard(fault)

    def end(self) -> None:
        """Turn everything off again."""
        for fault in sorted(self._on):
            self._device.set_fault(fault, on=False)
        self._on.clear()
