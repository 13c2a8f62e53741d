"""A collection kiosk without its window: real backend, journal and drivers, simulated devices."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import count as count_from
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import Any

import cv2
import numpy as np
from PIL import Image

from common.domain.clock import HandClock
from common.domain.language import Language
from common.equipment.slip_paper import code_picture
from common.flow.machine import Stay, Visit
from common.matching.finger_records import fmr_2005
from common.matching.fingers import FingerPosition, extract
from common.station.config import read
from common.station.station import Station
from hardware.simulation.bench import SimulatedDevice
from hardware.simulation.devices import KINDS
from hardware.simulation.papers import make_paper
from hardware.simulation.people import InventedPerson, person
from hardware.simulation.world import Thing, World
from hardware.smartcard.lds import FingerRecord
from kiosk_collection import events as e
from kiosk_collection import tasks as k
from kiosk_collection import visit as v
from kiosk_collection.flow import next_step
from kiosk_collection.perform import lane
from kiosk_collection.program import build
from tests.support import card_desks
from tests.support import hardware as _quick_lines
from tests.support.backend_office import KEYS, MORNING, PARTICULARS, BackendOffice
from tests.support.chips import content
from tests.support.identities import pair_beforehand
from tests.support.issued_cards import country

assert _quick_lines  # importing it takes the rest out of closing a line
NAME = "collection-1"
SOON_S = 40.0
LIFTED_S = 0.4
SERIALS = count_from(0x0E00_0000)
DEVICES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "intake": ("crt571", "socket://127.0.0.1:{}", {}),
    "presenter": ("crt571", "socket://127.0.0.1:{}", {}),
    "form_collector": ("modbus_collector", "tcp://127.0.0.1:{}", {}),
    "form_camera": (
        "mjpeg",
        "http://127.0.0.1:{}/stream",
        {"watches": f"{NAME}.form_collector.escrow"},
    ),
    "camera": ("mjpeg", "http://127.0.0.1:{}/stream", {}),
    "finger_scanner": ("r30x", "socket://127.0.0.1:{}", {}),
    "magazine": (
        "cu16",
        "socket://127.0.0.1:{}",
        {"kind": "magazine", "slots": 16, "drops_into": f"{NAME}.presenter.feeder"},
    ),
    "ticket_printer": ("escpos", "tcp://127.0.0.1:{}", {}),
}


def png(pixels: Any) -> bytes:
    out = BytesIO()
    Image.fromarray(np.asarray(pixels)).save(out, "PNG")
    return out.getvalue()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@cache
def template(seed: int, position: int) -> bytes:
    image = person(seed).finger(position, 7)
    return fmr_2005.write(extract(image, 500, position=FingerPosition(position)))


@cache
def portrait(seed: int) -> bytes:
    small = cv2.resize(person(seed).portrait(), (300, 386))
    good, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert good
    return jpeg.tobytes()


@cache
def live_face(seed: int) -> str:
    return b64(png(person(seed).face(3, 540, 720)[:, :, ::-1]))


@cache
def pressed(seed: int, position: int, press: int) -> str:
    return b64(png(person(seed).finger(position, press)))


class Kiosk:
    """One kiosk and the world around it. stop() and start() again is a power cut."""

    def __init__(self, folder: Path, office: BackendOffice) -> None:
        self.office = office
        self.world = World(folder / "world")
        self.devices: dict[str, SimulatedDevice] = {}
        lines = [
            f'[station]\nname = "{NAME}"\nkind = "collection"\noffice = "HQ"\n',
            f'[backend]\naddress = "{office.http.base_url}"\nkey = "file:kiosk.key"\n',
        ]
        for role, (kind, address, options) in DEVICES.items():
            device = KINDS[kind](f"{NAME}.{role}", 0, self.world, options)
            device.start()
            self.devices[role] = device
            place = address.format(device.port)  # type: ignore[attr-defined] # every one has it
            lines.append(f'[devices.{role}]\ndriver = "{kind}"\naddress = "{place}"\n')
            if kind == "cu16":
                lines.append("options = { slots = 16 }\n")
        self.config = folder / "kiosk.toml"
        self.config.write_text("".join(lines))
        pair_beforehand(self.config, KEYS[NAME], HandClock(MORNING))
        self._lock = Lock()

    # The program

    def start(self) -> "Kiosk":
        self.station = Station(read(self.config), HandClock(MORNING))
        places = [(f"{role}_camera", f"{NAME}.{role}.inside") for role in ("intake", "presenter")]
        cards = card_desks.reading(self.world, places)
        self.desk = build(self.station, cards, lambda: Language.ENGLISH, lambda _: None)
        self.desk.new_card_taken_s, self.desk.look_again_s = 1.0, 0.2
        self.station.start()
        self._events: SimpleQueue[tuple[Any, Stay]] = SimpleQueue()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self.visit = Visit[v.State, e.Event, k.Task](
            v.StartingUp(), next_step, self._run, lambda _: None, self._make_stay
        )
        self.visit.happened(e.SwitchedOn())
        return self

    def stop(self) -> None:
        """Cut the power: what was noted stays, and nothing is tidied up."""
        self.visit.leave()
        for worker in self._lanes.values():
            worker.shutdown(cancel_futures=True)
        self.station.stop()

    def close(self) -> None:
        self.stop()
        for device in self.devices.values():
            device.stop()

    @property
    def state(self) -> Any:
        return self.visit.state

    def tell(self, event: e.Event) -> "Kiosk":
        self.visit.happened(event)
        return self

    def until(self, *kinds: type, when: Callable[[Any], bool] = lambda _: True) -> Any:
        """Take answers until the visit is in a state of one of these kinds."""
        while not (isinstance(self.state, kinds) and when(self.state)):
            try:
                event, stay = self._events.get(timeout=SOON_S)
            except Empty:
                raise AssertionError(f"still in {self.state!r:.300}") from None
            if isinstance(event, Exception):
                raise event
            self.visit.answered(event, stay)
        return self.state

    def _make_stay(self) -> Stay:
        stay = Stay()
        stay.tell = lambda event: self._events.put((event, stay))
        return stay

    def _run(self, task: k.Task, stay: Stay) -> None:
        name = lane(task)
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lanes[name].submit(self._do, task, stay)

    def _do(self, task: k.Task, stay: Stay) -> None:
        try:
            event: Any = self.desk.perform(task, stay)
        except Exception as error:
            event = error
        if event is not None:
            self._events.put((event, stay))

    # Hands

    def act(self, role: str, verb: str, **arguments: Any) -> dict[str, Any]:
        """Do something with the hands, as soon as the world allows it."""
        pause = Event()
        for _ in range(400):
            try:
                return self.devices[role].act(verb, arguments)
            except Exception as error:
                last = error
                pause.wait(0.02)
        raise AssertionError(f"cannot {verb} at {role}: {last}")

    def place_finger(self, who: InventedPerson, position: int, press: int = 11) -> None:
        self.act("finger_scanner", "place", png=pressed(who.seed, position, press))

    def lift_finger(self) -> None:
        """Lift it for as long as a hand needs: the scanner has to see its glass empty."""
        self.act("finger_scanner", "lift")
        Event().wait(LIFTED_S)

    def stand_before(self, who: InventedPerson) -> None:
        self.act("camera", "show", png=live_face(who.seed))

    def card_of(self, who: InventedPerson, fingers_of: int, hand: str = "person") -> Thing:
        """Make a personalised card; fingers_of is the seed of whose fingers are on it."""
        mrz = replace(content().mrz, document_number=who.identity_number.replace("(", "")[:8])
        holder = content(
            mrz=replace(mrz, document_number="Z" + who.identity_number[1:7]),
            personal_number=who.identity_number,
            portrait_jpeg=portrait(who.seed),
            # A faulty card needs one finger of somebody else's; they take time to make.
            fingers=tuple(
                FingerRecord(position, template(fingers_of, position))
                for position in ((1, 6) if fingers_of == who.seed else (1,))
            ),
        )
        chip = country().card(holder=holder) | {"serial": f"{next(SERIALS):016X}"}
        return self.world.add("card", f"hand.{hand}", {"chip": chip})

    def form_with(self, token: str) -> Thing:
        out = BytesIO()
        page = Image.new("L", (900, 1200), 255)
        page.paste(code_picture(token, 10), (200, 300))
        page.save(out, "PNG")
        return make_paper(self.world, "hand.person", "acknowledgement", out.getvalue())

    def place_of(self, thing: Thing) -> str:
        return self.world.get(thing.id).place.removeprefix(f"{NAME}.")

    # The office

    def ready_case(
        self,
        who: InventedPerson,
        card: Thing | None,
        pocket: int = 0,
        born: str = PARTICULARS["date_of_birth"],
        twin: bool = False,
    ) -> str:
        """Bring a person's case to a finished card; with a pocket it lies in the magazine."""
        office, number = self.office, who.identity_number
        case: str = office.tag(number)["case_id"]
        form = {**PARTICULARS, "date_of_birth": born}
        office.fact("bench-1", case, {"kind": "form_filled", "particulars": form})
        office.fact("registration-1", case, {"kind": "holder_identified", "by": "finger"})
        fingers = [
            {"position": position, "quality": 60, "template": b64(template(who.seed, position))}
            for position in (1, 6)
        ]
        office.fact("registration-1", case, {"kind": "fingers_enrolled", "fingers": fingers})
        office.fact("registration-1", case, {"kind": "registration_finished"})
        photograph = {"kind": "photograph_taken", "portrait": b64(portrait(who.seed))}
        office.fact("booth-1", case, photograph, "reg-officer")
        if twin:
            flag = {"kind": "twin_flagged", "twin": True}
            office.fact("booth-1", case, flag, "reg-officer")
        office.good("booth-1", f"/v1/cases/{case}/submit", officer="reg-officer")
        if card is None:
            return case
        decision = {"decision": "approve"}
        path = f"/v1/cases/{case}/decide"
        card_id = office.good("booth-1", path, decision, officer="assessor")["card"]["card_id"]
        moves: list[dict[str, Any]] = [
            {"move": "personalise", "chip_serial": card.data["chip"]["serial"]},
            {"move": "pass_quality"},
        ]
        if pocket:
            moves.append({"move": "store", "location": f"{NAME}.magazine", "slot": pocket})
            self.world.move(card, f"{NAME}.magazine.slot.{pocket}")
        for move in moves:
            assert office.move("booth-1", case, card_id, "maker", **move)["outcome"] == "accepted"
        return case


@contextmanager
def collection_kiosk(folder: Path, office: BackendOffice) -> Iterator[Kiosk]:
    """Give a kiosk that is switched on."""
    kiosk = Kiosk(folder, office).start()
    try:
        yield kiosk
    finally:
        kiosk.close()
