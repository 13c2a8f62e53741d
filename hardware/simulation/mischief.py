"""Random faults on a bench's devices, the same ones again for the same seed."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Protocol

from hardware.simulation.line import LineFault
from hardware.simulation.switches import UNPLUGGED

logger = logging.getLogger(__name__)

PASSING = (UNPLUGGED, *LineFault)
"""Faults that leave nothing behind when they go, and need no hand."""
SHORTEST_S = 0.3

Key = tuple[str, str]
"""Station and name of a device."""


class Switchable(Protocol):
    """What mischief needs of a device."""

    FAULTS: frozenset[str]

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off."""
        ...


@dataclass(frozen=True, slots=True)
class Prank:
    """One fault of one device: when it comes and how long it stays, in seconds."""

    station: str
    name: str
    fault: str
    at_s: float
    lasts_s: float


def plan(
    devices: Mapping[Key, frozenset[str]],
    seed: int,
    *,
    faults: Iterable[str] = (UNPLUGGED,),
    times: int = 1,
    every_s: float = 1.0,
    longest_s: float = 3.0,
) -> tuple[Prank, ...]:
    """Give every device so many faults, in an order and for times that the seed decides.

    Args:
        devices: Which faults each device has; one that has none of those wanted is left in peace.
        seed: The same seed gives the same pranks.
        faults: Which faults may come.
        times: How many each device gets.
        every_s: The mean time from one prank to the next; no device has two at once.
        longest_s: How long a fault stays at most.
    """
    dice = Random(seed)  # noqa: S311 (no secret)
    wanted = frozenset(faults)
    turns = [key for key, has in sorted(devices.items()) if has & wanted for _ in range(times)]
    dice.shuffle(turns)
    free_at: dict[Key, float] = {}
    pranks, at_s = [], 0.0
    for station, name in turns:
        at_s += dice.uniform(0.0, 2.0 * every_s)
        begins = max(at_s, free_at.get((station, name), 0.0))
        lasts_s = dice.uniform(SHORTEST_S, max(SHORTEST_S, longest_s))
        fault = dice.choice(sorted(devices[station, name] & wanted))
        pranks.append(Prank(station, name, fault, round(begins, 3), round(lasts_s, 3)))
        free_at[station, name] = begins + lasts_s + SHORTEST_S
    return tuple(sorted(pranks, key=lambda prank: prank.at_s))


class Mischief:
    """Plays pranks on devices until all are played or stop() is called; then all is sound."""

    def __init__(self, devices: Mapping[Key, Switchable], pranks: Sequence[Prank]) -> None:
        self._devices = devices
        self._pranks = pranks
        self._ended = Event()
        self._lock = Lock()
        self._begun: list[Prank] = []
        self._thread = Thread(target=self._run, name="mischief", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End early; every fault that this mischief turned on is off when it returns."""
        self._ended.set()
        self._thread.join()

    def state(self) -> dict[str, Any]:
        """Tell what has begun so far, and whether all is over."""
        with self._lock:
            return {
                "is_over": not self._thread.is_alive(),
                "planned": len(self._pranks),
                "begun": [asdict(prank) for prank in self._begun],
            }

    def _run(self) -> None:
        began = monotonic()
        moments = [(prank.at_s, True, prank) for prank in self._pranks]
        moments += [(prank.at_s + prank.lasts_s, False, prank) for prank in self._pranks]
        try:
            for at_s, on, prank in sorted(moments, key=lambda moment: moment[:2]):
                if self._ended.wait(max(0.0, began + at_s - monotonic())):
                    return
                self._turn(prank, on=on)
        finally:
            for prank in self._begun:
                self._turn(prank, on=False)

    def _turn(self, prank: Prank, *, on: bool) -> None:
        if on:
            with self._lock:
                self._begun.append(prank)
        try:
            self._devices[prank.station, prank.name].set_fault(prank.fault, on=on)
        except OSError as error:  # its port was taken while it was unplugged
            logger.warning("%s.%s: %s", prank.station, prank.name, error)
