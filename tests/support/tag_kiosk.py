"""A tag kiosk without its window: real backend, journal and drivers, simulated devices."""

import base64
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any

from common.domain.language import Language
from common.equipment.slip_paper import code_picture
from common.flow.machine import Stay, Visit
from common.station.config import read
from common.station.station import Station
from common.sync.client import BackendUnreachableError
from hardware.core.errors import DeviceError
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.devices import KINDS
from hardware.simulation.world import ImpossibleError, Thing, World
from kiosk_tag import events, states
from kiosk_tag import tasks as asked
from kiosk_tag.flow import next_step
from kiosk_tag.perform import lane
from kiosk_tag.program import build
from kiosk_tag.screens.choice import screen_for
from tests.support import card_desks
from tests.support import hardware as _quick_lines
from tests.support.backend_office import KEYS, BackendOffice
from tests.support.chips import content
from tests.support.identities import pair_beforehand
from tests.support.issued_cards import country

assert _quick_lines  # importing it takes the rest out of closing a line
NAME = "tag-1"
SOON_S = 30.0
DEVICES: dict[str, tuple[str, str, dict[str, Any]]] = {
    # A small picture: many people come, and a code fills it anyway.
    "camera": ("mjpeg", "http://127.0.0.1:{}/stream", {"width": 640, "height": 480}),
    "card_unit": ("crt571", "socket://127.0.0.1:{}", {}),
    "ticket_printer": ("escpos", "tcp://127.0.0.1:{}", {}),
}


class Wire:
    """The way to the backend, with what can go wrong on it.

    gone: nothing passes; lost: the next answer is lost after it took effect; twice: the next
    command arrives twice; slow: it passes late.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.gone = False
        self.lost = self.twice = self.slow = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        return self._through(found) if callable(found) else found

    def _through(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def passing(*arguments: Any) -> Any:
            if self.gone:
                raise BackendUnreachableError("the network is gone")
            if self.slow:
                self.slow -= 1
                Event().wait(0.2)
            if self.twice:
                self.twice -= 1
                call(*arguments)
            answer = call(*arguments)
            if self.lost:
                self.lost -= 1
                raise BackendUnreachableError("the answer got lost")
            return answer

        return passing


class Kiosk:
    """One kiosk and the world around it."""

    def __init__(self, folder: Path, office: BackendOffice) -> None:
        self.office = office
        self.world = World(folder / "world")
        self.devices: dict[str, SimulatedDevice] = {}
        lines = [
            f'[station]\nname = "{NAME}"\nkind = "tag"\noffice = "HQ"\n',
            f'[backend]\naddress = "{office.http.base_url}"\nkey = "file:kiosk.key"\n',
        ]
        for role, (kind, address, options) in DEVICES.items():
            device = KINDS[kind](f"{NAME}.{role}", 0, self.world, options)
            device.start()
            self.devices[role] = device
            place = address.format(device.port)  # type: ignore[attr-defined] # every one has it
            lines.append(f'[devices.{role}]\ndriver = "{kind}"\naddress = "{place}"\n')
        config = folder / "kiosk.toml"
        config.write_text("".join(lines))
        pair_beforehand(config, KEYS[NAME], office.clock)
        self.station = Station(read(config), office.clock)
        self.wire = Wire(self.station.client)
        self.station.client = self.wire  # type: ignore[assignment]
        cards = card_desks.reading(self.world, [("card_camera", f"{NAME}.card_unit.inside")])
        self.parts = build(self.station, lambda: Language.ENGLISH, lambda _: None, cards)
        self.shown: list[states.State] = []
        self._events: SimpleQueue[tuple[Any, Stay]] = SimpleQueue()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self.visit = Visit[states.State, events.Event, asked.Task](
            states.StartingUp(), next_step, self._run, self.shown.append, self._make_stay
        )

    def start(self) -> "Kiosk":
        """Fetch offline numbers and say welcome."""
        self.parts.series.renew()
        self.station.exchange.start()
        self.visit.happened(events.Started())
        return self

    def close(self) -> None:
        """End everything."""
        self.visit.leave()
        for worker in self._lanes.values():
            worker.shutdown(cancel_futures=True)
        self.station.stop()
        for device in self.devices.values():
            device.stop()

    @property
    def state(self) -> Any:
        """Where the visit is."""
        return self.visit.state

    @property
    def screen(self) -> Any:
        """What the window would show."""
        return screen_for(self.state, self.parts.house.fee)

    def tell(self, event: events.Event) -> None:
        """Let something happen."""
        self.visit.happened(event)

    def touch(self, action: str, value: str = "") -> None:
        """Touch a part of the present screen."""
        self.visit.happened(self.screen.actions[action](value))

    def hear(self, seconds: float = SOON_S) -> bool:
        """Take one answer of the station's work; tell whether one came in time."""
        try:
            event, stay = self._events.get(timeout=seconds)
        except Empty:
            return False
        if isinstance(event, Exception):
            # As the window's driver does: what a task raises is a fault of the equipment.
            assert isinstance(event, DeviceError), repr(event)
            event = events.EquipmentFailed()
        self.visit.answered(event, stay)
        return True

    def _make_stay(self) -> Stay:
        stay = Stay()
        stay.tell = lambda event: self._events.put((event, stay))
        return stay

    def _run(self, task: asked.Task, stay: Stay) -> None:
        name = lane(task)
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lanes[name].submit(self._do, task, stay)

    def _do(self, task: asked.Task, stay: Stay) -> None:
        try:
            event: Any = self.parts.desk.perform(task, stay)
        except Exception as error:
            event = error
        if event is not None:
            self._events.put((event, stay))

    # Hands

    def hold(self, text: str) -> None:
        """Hold a code before the camera."""
        png = io.BytesIO()
        code_picture(text).save(png, "PNG")
        self.devices["camera"].act("show", {"png": base64.b64encode(png.getvalue()).decode()})

    def take_away(self) -> None:
        """Take away what was held before the camera."""
        self.devices["camera"].act("clear", {})

    def card_of(self, number: str, year: int) -> Thing:
        """Make the old card of a person who holds it in the hand."""
        mrz = replace(content().mrz, date_of_birth=date(year, 7, 1))
        chip = country().card(holder=content(mrz=mrz, personal_number=number))
        return self.world.add("card", "hand.person", {"label": "card", "chip": chip})

    def try_to(self, role: str, verb: str, **arguments: Any) -> bool:
        """Do something with the hands; tell whether the world allowed it just now."""
        try:
            self.devices[role].act(verb, arguments)
        except ImpossibleError:
            return False
        return True

    def place_of(self, thing: Thing) -> str:
        """Say where a thing is."""
        return self.world.get(thing.id).place


@contextmanager
def tag_kiosk(folder: Path, office: BackendOffice) -> Iterator[Kiosk]:
    """Give a kiosk that is switched on."""
    kiosk = Kiosk(folder, office)
    try:
        yield kiosk.start()
    finally:
        kiosk.close()
