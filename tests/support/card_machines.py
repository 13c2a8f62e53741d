"""The card machines, each with its simulation and its driver, for suites that run on all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from time import monotonic
from typing import Any

from hardware.core.transport import Exchange, RecordingTransport, Transport
from hardware.simulation.card_channel import SimulatedCardChannel
from hardware.simulation.card_dispenser import SimulatedCardDispenser
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import ImpossibleError, Thing, World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardUnit
from hardware.smartcard.k720 import K720
from tests.support.hardware import line_to

NAME = "kiosk-1.card_unit"
OPTIONS = {"capacity": 3, "low": 1, "slow_s": 0.8}


def _crt571(connect: Callable[[], Transport], motion_s: float) -> CardUnit:
    return Crt571(connect, response_timeout_s=motion_s)


def _k720(connect: Callable[[], Transport], motion_s: float) -> CardUnit:
    return K720(connect, motion_timeout_s=motion_s)


@dataclass(frozen=True, slots=True)
class Machine:
    """One family: its simulation, and how to make its driver on a line.

    Attributes:
        codes: The codes of its manual for: feeder empty, bin full, card jam.
        is_motion: Whether a frame of the host moves a card.
    """

    name: str
    simulation: type[SimulatedCardChannel]
    driver: Callable[[Callable[[], Transport], float], CardUnit]
    codes: dict[str, str]
    is_motion: Callable[[bytes], bool]

    @contextmanager
    def running(
        self, folder: Path, motion_s: float = 0.4, **options: Any
    ) -> Iterator["RunningMachine"]:
        """Start the simulation in folder, with a driver that is open and waits motion_s."""
        world = World(folder)
        device = self.simulation(NAME, 0, world, OPTIONS | options)
        device.start()
        sent: list[bytes] = []

        def hear(exchange: Exchange) -> None:
            if exchange.speaker == "host":
                sent.append(exchange.data)

        connect = line_to(device)
        unit = self.driver(lambda: RecordingTransport(connect(), hear), motion_s)
        unit.open()
        try:
            yield RunningMachine(self, world, device, unit, sent)
        finally:
            unit.close()
            device.stop()


@dataclass(slots=True)
class RunningMachine:
    """A machine that runs, and the people around it."""

    machine: Machine
    world: World
    device: SimulatedCardChannel
    unit: CardUnit
    sent: list[bytes]

    def motions_sent(self) -> int:
        """How many frames that move a card the driver has sent so far."""
        return sum(map(self.machine.is_motion, self.sent))

    def card(self, place: str = "") -> Thing:
        """Make a card: in the visitor's hand, or at a place of the machine."""
        data = {"label": "", "chip": blank_chip("1122334455667788")}
        return self.world.add("card", f"{NAME}.{place}" if place else "hand.visitor", data)

    def insert_soon(self, thing: Thing) -> Timer:
        """A person who pushes the card until the gate takes it."""

        def push() -> None:
            deadline = monotonic() + 5
            while monotonic() < deadline:
                try:
                    self.device.act("insert", {"thing": thing.id})
                except ImpossibleError:
                    Event().wait(0.01)
                else:
                    return

        timer = Timer(0.01, push)
        timer.start()
        return timer


def _moves_crt571(frame: bytes) -> bool:
    return len(frame) > 6 and frame[5] == 0x32


def _moves_k720(frame: bytes) -> bool:
    return frame[5:-2] in {b"FC4", b"FC7", b"FC8", b"CP"}


MACHINES = (
    Machine(
        "crt571",
        SimulatedCardUnit,
        _crt571,
        {"empty": "A0", "full": "A1", "jam": "10"},
        _moves_crt571,
    ),
    Machine(
        "k720",
        SimulatedCardDispenser,
        _k720,
        {"empty": "0018", "full": "8", "jam": "0"},
        _moves_k720,
    ),
)
