"""A registration kiosk without a window: real flow, journal and drivers at simulated devices."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Timer
from typing import Any

import numpy as np
from PIL import Image

from common.domain.clock import HandClock
from common.domain.language import Language
from common.equipment.slip_paper import code_picture
from common.flow.machine import Stay, Visit
from common.station.config import read
from common.station.station import Station
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.devices import KINDS
from hardware.simulation.people import InventedPerson, person
from hardware.simulation.ridges import Skin
from hardware.simulation.world import Thing, World
from hardware.smartcard.lds import FingerRecord
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.flow import next_step
from kiosk_registration.perform import lane
from kiosk_registration.program import build
from tests.support import card_desks
from tests.support.backend_office import KEYS, MORNING, PARTICULARS, BackendOffice
from tests.support.chips import content
from tests.support.collection_kiosk import SERIALS, b64, live_face, png, portrait, template
from tests.support.identities import pair_beforehand
from tests.support.issued_cards import country

NAME = "registration-1"
PLACE = "K1"
SOON_S = 30.0
LIFTED_S = 0.25
DEVICES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "camera": ("mjpeg", "mjpeg", "http://127.0.0.1:{}/stream", {}),
    "card_unit": ("crt571", "crt571", "socket://127.0.0.1:{}", {}),
    "finger_scanner": ("r30x", "r30x", "socket://127.0.0.1:{}", {}),
    "signature_pad": ("stu", "stu", "hid+tcp://127.0.0.1:{}", {}),
    "form_printer": ("spool_folder", "form_printer", "folder:{folder}/spool", {}),
}
WAVE = [[[10 + 1.5 * n, 30 + 8 * (-1) ** n, 0.6] for n in range(30)]]


@cache
def slip(token: str) -> str:
    """The code of a tag's slip before the camera."""
    page = Image.new("L", (640, 480), 255)
    page.paste(code_picture(token, 6), (140, 60))
    out = BytesIO()
    page.convert("RGB").save(out, "PNG")
    return b64(out.getvalue())


@cache
def pressed(seed: int, position: int, press: int, skin: Skin = Skin.NORMAL) -> str:
    """A finger on the glass."""
    return b64(png(person(seed).finger(position, press, skin=skin)))


def one_page(_html: str) -> bytes:
    """A PDF that any printer takes; what stands on it is another test's."""
    out = BytesIO()
    Image.fromarray(np.full((200, 140), 255, np.uint8)).save(out, "PDF")
    return out.getvalue()


class Kiosk:
    """One kiosk and the world around it. stop() and start() again is a power cut."""

    def __init__(
        self, folder: Path, office: BackendOffice, address: str = "", more: str = ""
    ) -> None:
        self.office, self.folder = office, folder
        self.world = World(folder / "world")
        self.devices: dict[str, Any] = {}
        lines = [
            f'[station]\nname = "{NAME}"\nkind = "registration"\noffice = "HQ"\n',
            f'place = "{PLACE}"\n{more}\n',
            f'[backend]\naddress = "{address or office.http.base_url}"\nkey = "file:kiosk.key"\n',
        ]
        for role, (driver, kind, where, options) in DEVICES.items():
            device: SimulatedDevice = KINDS[kind](f"{NAME}.{role}", 0, self.world, options)
            device.start()
            self.devices[role] = device
            found = where.format(getattr(device, "port", 0), folder=folder)
            lines.append(f'[devices.{role}]\ndriver = "{driver}"\naddress = "{found}"\n')
        self.config = folder / "kiosk.toml"
        self.config.write_text("".join(lines))
        pair_beforehand(self.config, KEYS[NAME], HandClock(MORNING))

    # The program

    def start(self) -> "Kiosk":
        """Switch it on."""
        self.station = Station(read(self.config), self.office.clock)
        cards = card_desks.reading(self.world, [("card_camera", f"{NAME}.card_unit.inside")])
        self.desk = build(self.station, cards, lambda: Language.ENGLISH, lambda _: None, one_page)
        self.station.start()
        self.entered: list[Any] = []
        self._events: SimpleQueue[tuple[Any, Stay]] = SimpleQueue()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self.visit = Visit[s.State, e.Event, t.Task](
            s.StartingUp(), next_step, self._run, self.entered.append, self._make_stay
        )
        self.visit.happened(e.Started())
        return self

    def stop(self) -> None:
        """Cut the power: what was noted stays, and nothing is tidied up."""
        self.visit.leave()
        for worker in self._lanes.values():
            worker.shutdown(cancel_futures=True)
        self.station.stop()

    def close(self) -> None:
        """End all."""
        self.stop()
        for device in self.devices.values():
            device.stop()

    @property
    def state(self) -> Any:
        """Where the visit is."""
        return self.visit.state

    def tell(self, *events: e.Event) -> None:
        """Touch the screen, or let time do it."""
        for event in events:
            self.visit.happened(event)

    def take_in(self, timeout_s: float = SOON_S) -> bool:
        """Let one answer come home; tell whether one came."""
        try:
            event, stay = self._events.get(timeout=timeout_s)
        except Empty:
            return False
        self.visit.answered(event, stay)
        return True

    def until(self, *kinds: type, when: Callable[[Any], bool] = lambda _: True) -> Any:
        """Take answers until the visit is in a state of one of these kinds."""
        while not (isinstance(self.state, kinds) and when(self.state)):
            assert self.take_in(), f"still in {self.state!r:.300}"
        return self.state

    def _make_stay(self) -> Stay:
        stay = Stay()
        stay.tell = lambda event: self._events.put((event, stay))
        return stay

    def _run(self, task: t.Task, stay: Stay) -> None:
        name = lane(task)
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lanes[name].submit(self._do, task, stay)

    def _do(self, task: t.Task, stay: Stay) -> None:
        event: Any
        try:
            event = self.desk.perform(task, stay)
        except Exception:
            # As the visit driver does: whatever it was, the flow has an answer.
            event = e.EquipmentFailed()
        if event is not None:
            self._events.put((event, stay))

    # Hands

    def act(self, role: str, verb: str, **arguments: Any) -> None:
        """Do something with the hands, as soon as the world allows it."""
        pause, last = Event(), Exception()
        for _ in range(200):
            try:
                self.devices[role].act(verb, arguments)
            except Exception as error:
                last = error
                pause.wait(0.02)
            else:
                return
        raise AssertionError(f"cannot {verb} at {role}: {last}")

    def show(self, picture: str) -> None:
        """Hold something before the camera; nothing clears it."""
        if picture:
            self.act("camera", "show", png=picture)
        else:
            self.act("camera", "clear")

    def press(self, picture: str) -> None:
        """Lift the finger, and put down another as soon as the glass was seen empty."""
        self.act("finger_scanner", "lift")
        Timer(LIFTED_S, lambda: self.act("finger_scanner", "place", png=picture)).start()

    def sign(self) -> None:
        """Write on the pad once it was wiped for this person: ink before that is lost."""
        Timer(LIFTED_S, lambda: self.act("signature_pad", "sign", strokes=WAVE)).start()

    def card_of(self, who: InventedPerson, body: int, *, is_dead: bool = False) -> Thing:
        """Make a personalised card with face and thumbs of the body with this seed."""
        mrz = replace(content().mrz, document_number=who.identity_number.replace("(", "")[:8])
        holder = content(
            mrz=replace(mrz, document_number="Z" + who.identity_number[1:7]),
            personal_number=who.identity_number,
            portrait_jpeg=portrait(body),
            fingers=tuple(FingerRecord(one, template(body, one)) for one in (1, 6)),
        )
        chip = country().card(holder=holder) | {"serial": f"{next(SERIALS):016X}"}
        data: dict[str, Any] = {"chip": chip}
        if is_dead:
            data = {"zone": card_desks.printed_zone(data)}
        return self.world.add("card", "hand.person", data)

    def place_of(self, thing: Thing) -> str:
        """Where a thing is."""
        return self.world.get(thing.id).place.removeprefix(f"{NAME}.")

    # The office

    def arrive(self, who: InventedPerson, **form: str) -> dict[str, Any]:
        """Take a tag and fill in the form at a bench; return the tag."""
        tag = self.office.tag(who.identity_number)
        filled = {"kind": "form_filled", "particulars": PARTICULARS | form}
        assert self.office.fact("bench-1", tag["case_id"], filled)["outcome"] == "accepted"
        return tag


@contextmanager
def registration_kiosk(
    folder: Path, office: BackendOffice, address: str = "", more: str = ""
) -> Iterator[Kiosk]:
    """Give a kiosk that is switched on."""
    kiosk = Kiosk(folder, office, address, more).start()
    try:
        yield kiosk
    finally:
        kiosk.close()


__all__ = ["NAME", "PLACE", "WAVE", "Kiosk", "live_face", "pressed", "registration_kiosk", "slip"]
