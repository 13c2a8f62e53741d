"""An officers' desk without its window: real backend, journal, card unit and e-Cabinet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count as count_from
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np

from booth import desk
from booth.work.perform import lane, perform
from booth.work.tools import Tools
from common.domain.clock import HandClock
from common.equipment.cabinet import SlotDesk
from common.equipment.encoder import Encoder
from common.equipment.portraits import Photograph, PortraitDesk
from common.flow.machine import Stay
from common.station.config import read
from common.station.station import Station
from common.wire.shapes import SignInRequest
from hardware.camera.interface import Frame, Pixels
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError
from hardware.core.keeper import Keeper
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.world import ImpossibleError, World
from tests.support import card_desks
from tests.support.backend_office import KEYS, MORNING, PASSWORD, BackendOffice
from tests.support.chips import jpeg
from tests.support.identities import pair_beforehand
from tests.support.kiosks import RunsVisits

PORTRAIT = jpeg()
SERIALS = count_from(0x0B00_0000)
"""No two chips of this world have the same number."""


class StillCamera:
    """A camera that sees a grey wall, or nothing."""

    def __init__(self) -> None:
        self.number = 0
        self.is_plugged = True

    def open(self) -> None:
        if not self.is_plugged:
            raise DeviceAbsentError("no camera")

    def close(self) -> None:
        pass

    def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    def next_frame(self, _timeout_s: float, cancelled: Event) -> Frame:
        if not self.is_plugged:
            raise DeviceAbsentError("no camera")
        cancelled.wait(0.01)
        self.number += 1
        return Frame(np.full((48, 36, 3), 128, np.uint8), self.number)


class EasyJudge:
    """Finds every picture good, and always cuts the same portrait."""

    def judge(self, _picture: Pixels) -> Photograph:
        return Photograph(PORTRAIT, ())


class Paperwork:
    """A form printer that keeps what it printed."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.is_plugged = True

    def open(self) -> None:
        if not self.is_plugged:
            raise DeviceAbsentError("no printer")

    def close(self) -> None:
        pass

    def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    def print_document(self, _pdf: bytes, title: str, cancelled: Event | None = None) -> None:
        del cancelled  # it is printed at once
        if not self.is_plugged:
            raise DeviceAbsentError("no printer")
        self.titles.append(title)


def kept(name: str, device: Any) -> Keeper[Any]:
    """Keep a device without pauses after a loss."""
    now = iter(range(0, 10**9, 100))
    return Keeper(name, lambda: device, lambda _: None, lambda: next(now))


class OfficersDesk(RunsVisits[desk.State, object, desk.Task]):
    """One booth with an officer at it. start() again after stop() is a restart of the machine."""

    soon_s = 15.0

    def __init__(self, folder: Path, office: BackendOffice, name: str = "booth-1") -> None:
        self.folder = folder
        self.office = office
        self.name = name
        self.world = World(folder / "world")
        self.unit = SimulatedCardUnit(f"{name}.card_unit", 0, self.world, {})
        self.boards = SimulatedLockBoards(
            f"{name}.cabinet", 0, self.world, {"slots": 16, "pulse_s": 0.05}
        )
        self.unit.start()
        self.boards.start()
        self.camera, self.printer, self.engraver = StillCamera(), Paperwork(), Paperwork()
        self.zones = card_desks.KnownZones(self.world, f"{name}.card_unit.inside")
        self.html: list[str] = []
        self.config = folder / "booth.toml"
        self.clock = HandClock(MORNING)

    def configure(self, address: str) -> None:
        """Write station.toml; another address than the backend's is a lost line."""
        self.config.write_text(f"""
[station]
name = "{self.name}"
kind = "booth"
office = "HQ"
place = "R1"
[backend]
address = "{address}"
key = "file:booth.key"
[devices.card_unit]
driver = "crt571"
address = "socket://127.0.0.1:{self.unit.port}"
[devices.cabinet]
driver = "cu16"
address = "socket://127.0.0.1:{self.boards.port}"
options = {{ slots = 16 }}
""")
        pair_beforehand(self.config, KEYS[self.name], self.clock)

    def start(self, officer: str | None = "all-round") -> None:
        """Switch the desk on and sign an officer in."""
        self.station = Station(read(self.config), self.clock)
        self.tools = Tools(
            station=self.station,
            portraits=PortraitDesk(kept("camera", self.camera), EasyJudge()),
            encoder=Encoder(
                self.station.device("card_unit"),
                self.zones,
                card_desks.trust(),
                card_desks.issuer(),
            ),
            cabinet=SlotDesk(self.station.device("cabinet")),
            form_printer=kept("form_printer", self.printer),
            card_printer=kept("card_printer", self.engraver),
            render_pdf=lambda html: self.html.append(html) or b"%PDF",  # type: ignore[func-returns-value] # a list's append has no value
            show=lambda _: None,
        )
        self.station.start()
        self.begin(desk.Home(), desk.next_step, lane, self._perform_one)
        if officer is not None:
            self.sign_in(officer)

    def sign_in(self, officer: str) -> None:
        request = SignInRequest(officer_id=officer, password=PASSWORD)
        self.tools.officer = self.station.client.sign_in(request)

    def stop(self) -> None:
        """Switch the desk off: what is in work is lost, what is in the journal stays."""
        self.leave()
        self.station.stop()

    def close(self) -> None:
        self.unit.stop()
        self.boards.stop()

    @property
    def state(self) -> Any:
        """The state of the open duty, or Home."""
        found = self.visit.state
        return found.inner if isinstance(found, desk.AtDuty) else found

    def _perform_one(self, task: desk.Task, stay: Stay) -> object:
        return perform(self.tools, task, stay)

    # Hands

    def load_blanks(self, count: int = 2) -> None:
        """Put blank cards into the feeder."""
        for _ in range(count):
            serial = f"{next(SERIALS):016X}"
            card = self.world.add("card", "hand.officer", {"chip": blank_chip(serial)})
            self.unit.act("load", {"thing": card.id})

    def place_of_cards(self) -> list[str]:
        """Where all cards are."""
        return sorted(thing.place.removeprefix(f"{self.name}.") for thing in self.world.all())

    def hand(self, act: Callable[[], Any]) -> None:
        """Do something with the hands a moment from now, as soon as the world allows it."""
        Thread(target=self._try, args=(act,), daemon=True).start()

    def _try(self, act: Callable[[], Any]) -> None:
        pause = Event()
        for _ in range(1000):
            try:
                act()
            except (ImpossibleError, IndexError):  # not yet, or not in the hand yet
                pause.wait(0.01)
            else:
                return

    def take_from_gate(self) -> None:
        self.hand(lambda: self.unit.act("take", {"hand": "officer"}))

    def insert(self, index: int = 0) -> None:
        self.hand(lambda: self.unit.act("insert", {"thing": self.in_hand()[index]}))

    def put(self, slot: int) -> None:
        self.hand(lambda: self.boards.act("put", {"thing": self.in_hand()[0], "slot": slot}))

    def take(self, slot: int) -> None:
        self.hand(lambda: self.boards.act("take", {"slot": slot, "hand": "officer"}))

    def shut(self, slot: int) -> None:
        self.boards.act("close", {"slot": slot})

    def in_hand(self) -> list[str]:
        return [thing.id for thing in self.world.at("hand.officer")]


@contextmanager
def officers_desk(folder: Path, office: BackendOffice) -> Iterator[OfficersDesk]:
    """Give a desk that is switched on, with an officer who may do everything."""
    one = OfficersDesk(folder, office)
    one.configure(str(office.http.base_url))
    one.start()
    try:
        yield one
    finally:
        one.stop()
        one.close()
