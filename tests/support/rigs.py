"""A rig: one driver on its simulated device, as the suites that run on every driver need it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from hardware.catalog import make
from hardware.core.links import Links
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.devices import KINDS
from hardware.simulation.world import World

NAME = "rig-1.device"


@dataclass(frozen=True, slots=True)
class Rig:
    """One driver, what stands in for its device, and what any suite may ask of it.

    Attributes:
        driver: A key of hardware.catalog.DRIVERS.
        simulation: A key of hardware.simulation.devices.KINDS.
        address: As in station.toml; {port} and {folder} are filled in, and {folder} in options.
        ask: A harmless question that moves nothing; it raises DeviceError where the device cannot
            answer. The suites compare its results with ==.
        wait: A wait for a person, with a time limit in seconds and a cancel; None where the kind
            has none. Nobody comes during the suites.
        question_s: How long ask may take, at most, on a line that is slow, silent or garbled.
        is_serial: Whether the device may be on a serial port.
        is_checked: Whether its frames carry a checksum, so that altered bytes are noticed.
    """

    driver: str
    simulation: str
    address: str
    ask: Callable[[Any], Any]
    wait: Callable[[Any, float, Event], Any] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    simulated_options: Mapping[str, Any] = field(default_factory=dict)
    question_s: float = 30.0
    is_serial: bool = True
    is_checked: bool = True

    def waits(self, device: Any, timeout_s: float, cancelled: Event) -> Any:
        """Wait for a person."""
        assert self.wait is not None
        return self.wait(device, timeout_s, cancelled)

    @contextmanager
    def running(self, folder: Path, port_link: Path | None = None) -> Iterator["RunningRig"]:
        """Start the simulated device in folder, on a port of its own."""
        (folder / "spool").mkdir(parents=True, exist_ok=True)
        world = World(folder / "world")
        filled = _filled(self.simulated_options, folder)
        simulated: Any = KINDS[self.simulation](NAME, 0, world, filled)
        if port_link is not None:
            simulated.port_link = port_link
        simulated.start()
        running = RunningRig(self, folder, world, simulated, port_link)
        try:
            yield running
        finally:
            for device in running.made:
                device.close()
            simulated.stop()


@dataclass(slots=True)
class RunningRig:
    """A rig whose simulated device runs."""

    rig: Rig
    folder: Path
    world: World
    simulated: SimulatedDevice
    port_link: Path | None
    made: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the driver finds the device."""
        if self.port_link is not None:
            return str(self.port_link)
        port = getattr(self.simulated, "port", 0)
        return self.rig.address.format(port=port, folder=self.folder)

    def make(self, links: Links | None = None) -> Any:
        """Make one more driver of this device, not opened yet; it is closed in the end."""
        device = make(self.rig.driver, self.address, _filled(self.rig.options, self.folder), links)
        self.made.append(device)
        return device

    def opened(self, links: Links | None = None) -> Any:
        """Make a driver and open it."""
        device = self.make(links)
        device.open()
        return device


def _filled(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Put the folder into the options that name it."""
    return {
        key: value.format(folder=folder) if isinstance(value, str) else value
        for key, value in options.items()
    }
