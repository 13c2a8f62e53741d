"""A tag kiosk without its window: real backend, journal and drivers, simulated devices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from common.domain.language import Language
from common.equipment.slip_paper import code_picture
from common.station.config import read
from common.station.station import Station
from common.sync.client import BackendUnreachableError
from hardware.core.errors import DeviceError
from hardware.simulation.world import Thing
from kiosk_tag import events, states
from kiosk_tag import tasks as asked
from kiosk_tag.flow import next_step
from kiosk_tag.perform import lane
from kiosk_tag.program import build
from kiosk_tag.screens.choice import screen_for
from tests.support import card_desks
from tests.support.backend_office import BackendOffice
from tests.support.bodies import b64, png
from tests.support.chips import content
from tests.support.issued_cards import country
from tests.support.kiosks import Plugged, SimulatedKiosk

NAME = "tag-1"
DEVICES = {
    # A small picture: many people come, and a code fills it anyway.
    "camera": Plugged("mjpeg", "http://127.0.0.1:{port}/stream", {"width": 640, "height": 480}),
    "card_unit": Plugged("crt571", "socket://127.0.0.1:{port}"),
    "ticket_printer": Plugged("escpos", "tcp://127.0.0.1:{port}"),
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


class Kiosk(SimulatedKiosk[states.State, events.Event, asked.Task]):
    """One kiosk and the world around it."""

    def __init__(self, folder: Path, office: BackendOffice) -> None:
        super().__init__(folder, office, NAME)
        self.plug_in(DEVICES, office.clock)
        self.station = Station(read(self.config), office.clock)
        self.wire = Wire(self.station.client)
        self.station.client = self.wire  # type: ignore[assignment]
        cards = card_desks.reading(self.world, [("card_camera", f"{NAME}.card_unit.inside")])
        self.parts = build(self.station, lambda: Language.ENGLISH, lambda _: None, cards)
        self.begin(states.StartingUp(), next_step, lane, self.parts.desk.perform)

    def start(self) -> "Kiosk":
        """Fetch offline numbers and say welcome."""
        self.parts.series.renew()
        self.station.exchange.start()
        self.tell(events.Started())
        return self

    def close(self) -> None:
        """End everything."""
        self.leave()
        self.station.stop()
        self.unplug()

    def failed(self, error: Exception) -> events.Event:
        """As the window's driver does: what a task raises is a fault of the equipment."""
        assert isinstance(error, DeviceError), repr(error)
        return events.EquipmentFailed()

    @property
    def screen(self) -> Any:
        """What the window would show."""
        return screen_for(self.state, self.parts.house.fee)

    def touch(self, action: str, value: str = "") -> None:
        """Touch a part of the present screen."""
        self.visit.happened(self.screen.actions[action](value))

    # Hands

    def hold(self, text: str) -> None:
        """Hold a code before the camera."""
        self.devices["camera"].act("show", {"png": b64(png(code_picture(text)))})

    def take_away(self) -> None:
        """Take away what was held before the camera."""
        self.devices["camera"].act("clear", {})

    def card_of(self, number: str, year: int) -> Thing:
        """Make the old card of a person who holds it in the hand."""
        mrz = replace(content().mrz, date_of_birth=date(year, 7, 1))
        chip = country().card(holder=content(mrz=mrz, personal_number=number))
        return self.in_hand(chip, label="card")


@contextmanager
def tag_kiosk(folder: Path, office: BackendOffice) -> Iterator[Kiosk]:
    """Give a kiosk that is switched on."""
    kiosk = Kiosk(folder, office)
    try:
        yield kiosk.start()
    finally:
        kiosk.close()
