"""Stations without their windows: real flow, lanes, journal and drivers, at simulated devices."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag
from typing import Any, Generic, Self

from common.domain.clock import Clock
from common.flow.machine import Event, NextStep, State, Stay, Task, Visit
from hardware.simulation.devices import KINDS
from hardware.simulation.world import ImpossibleError, Thing, World
from tests.support import hardware as _quick_lines
from tests.support.backend_office import KEYS, BackendOffice
from tests.support.identities import pair_beforehand

assert _quick_lines  # importing it takes the rest out of closing a line
HANDS_S = 0.02
"""How often a hand tries again what the world does not allow yet."""


class RunsVisits(Generic[State, Event, Task]):
    """Runs visits as the window's driver does, but answers wait until they are taken in.

    begin() again after leave() is a restart of the program.
    """

    soon_s = 30.0
    """An answer of the station's work takes no longer, or the test has failed."""
    visit: Visit[State, Event, Task]

    def begin(
        self,
        start: State,
        next_step: NextStep[State, Event, Task],
        lane: Callable[[Task], str],
        perform: Callable[[Task, Stay], Event | None],
    ) -> None:
        """Begin the visits that a program begins when it is started."""
        self._lane, self._perform = lane, perform
        self._answers: SimpleQueue[tuple[Any, Stay]] = SimpleQueue()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self.shown: list[State] = []
        self.visit = Visit(start, next_step, self._run, self.shown.append, self._make_stay)

    def leave(self) -> None:
        """End what is in work; nothing is tidied up."""
        self.visit.leave()
        for worker in self._lanes.values():
            worker.shutdown(cancel_futures=True)

    def failed(self, error: Exception) -> Event:
        """Return what the flow is told of a task's error; as a rule the test hears of it."""
        raise error

    @property
    def state(self) -> Any:
        """Where the visit is."""
        return self.visit.state

    def tell(self, *happened: Event) -> Self:
        """Let a person do something, or time."""
        for event in happened:
            self.visit.happened(event)
        return self

    def take_in(self, timeout_s: float | None = None) -> bool:
        """Let one answer of the station's work come home; tell whether one came in time."""
        try:
            event, stay = self._answers.get(timeout=self.soon_s if timeout_s is None else timeout_s)
        except Empty:
            return False
        if isinstance(event, Exception):
            event = self.failed(event)
        self.visit.answered(event, stay)
        return True

    def until(self, *kinds: type, when: Callable[[Any], bool] = lambda _: True) -> Any:
        """Take answers until the visit is in a state of one of these kinds."""
        while not (isinstance(self.state, kinds) and when(self.state)):
            assert self.take_in(), f"still in {self.state!r:.300}"
        return self.state

    def _make_stay(self) -> Stay:
        stay = Stay()
        stay.tell = lambda event: self._answers.put((event, stay))
        return stay

    def _run(self, task: Task, stay: Stay) -> None:
        name = self._lane(task)
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lanes[name].submit(self._do, task, stay)

    def _do(self, task: Task, stay: Stay) -> None:
        answer: Event | Exception | None
        try:
            answer = self._perform(task, stay)
        except Exception as error:
            answer = error
        if answer is not None:
            self._answers.put((answer, stay))


@dataclass(frozen=True, slots=True)
class Plugged:
    """A device at a kiosk.

    Attributes:
        kind: The simulated one, and the driver's name unless that is given.
        address: Where the driver finds it, with {port} and {folder}.
        options: What the simulated one is told.
        settings: More lines of the driver's part in station.toml.
    """

    kind: str
    address: str
    options: dict[str, Any] = field(default_factory=dict)
    driver: str = ""
    settings: str = ""


class SimulatedKiosk(RunsVisits[State, Event, Task]):
    """One kiosk, its simulated devices, and the hands around it."""

    def __init__(self, folder: Path, office: BackendOffice, name: str) -> None:
        self.office, self.folder, self.name = office, folder, name
        self.world = World(folder / "world")
        self.devices: dict[str, Any] = {}
        self.config = folder / "kiosk.toml"

    def plug_in(
        self, devices: dict[str, Plugged], clock: Clock, *, address: str = "", more: str = ""
    ) -> None:
        """Switch on devices, and write the station.toml that names them.

        address: The backend's, where it is reached another way. more: Lines for [station].
        """
        kind = self.name.split("-")[0]
        lines = [
            f'[station]\nname = "{self.name}"\nkind = "{kind}"\noffice = "HQ"\n{more}\n',
            f'[backend]\naddress = "{address or self.office.http.base_url}"\n',
            'key = "file:kiosk.key"\n',
        ]
        for role, one in devices.items():
            device: Any = KINDS[one.kind](f"{self.name}.{role}", 0, self.world, one.options)
            device.start()
            self.devices[role] = device
            at = one.address.format(port=getattr(device, "port", 0), folder=self.folder)
            lines.append(f'[devices.{role}]\ndriver = "{one.driver or one.kind}"\n')
            lines.append(f'address = "{at}"\n{one.settings}\n')
        self.config.write_text("".join(lines))
        pair_beforehand(self.config, KEYS[self.name], clock)

    def unplug(self) -> None:
        """Switch off the devices."""
        for device in self.devices.values():
            device.stop()

    def try_to(self, role: str, verb: str, **arguments: Any) -> bool:
        """Do something with the hands; tell whether the world allowed it just now."""
        try:
            self.devices[role].act(verb, arguments)
        except ImpossibleError:
            return False
        return True

    def act(self, role: str, verb: str, **arguments: Any) -> None:
        """Do something with the hands, as soon as the world allows it."""
        pause = Flag()
        for _ in range(400):
            if self.try_to(role, verb, **arguments):
                return
            pause.wait(HANDS_S)
        raise AssertionError(f"the world does not let anybody {verb} at {role}")

    def in_hand(self, chip: dict[str, Any], hand: str = "person", **data: Any) -> Thing:
        """Give somebody a card with this chip; data: what else is known of the card."""
        return self.world.add("card", f"hand.{hand}", {"chip": chip, **data})

    def place_of(self, thing: Thing) -> str:
        """Where a thing is: a device's part, without the kiosk's name, or a hand."""
        return self.world.get(thing.id).place.removeprefix(f"{self.name}.")
