"""A registration kiosk without a window: real flow, journal and drivers at simulated devices."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
from PIL import Image

from common.domain.clock import HandClock
from common.domain.language import Language
from common.station.config import read
from common.station.station import Station
from hardware.simulation.people import InventedPerson
from hardware.simulation.world import Thing
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration import tasks as t
from kiosk_registration.flow import next_step
from kiosk_registration.perform import lane
from kiosk_registration.program import build
from tests.support import card_desks
from tests.support.backend_office import MORNING, PARTICULARS, BackendOffice
from tests.support.bodies import b64, chip_of, code_before_camera
from tests.support.kiosks import Plugged, SimulatedKiosk

NAME = "registration-1"
PLACE = "K1"
LIFTED_S = 0.25
DEVICES = {
    "camera": Plugged("mjpeg", "http://127.0.0.1:{port}/stream"),
    "card_unit": Plugged("crt571", "socket://127.0.0.1:{port}"),
    "finger_scanner": Plugged("r30x", "socket://127.0.0.1:{port}"),
    "signature_pad": Plugged("stu", "hid+tcp://127.0.0.1:{port}"),
    "form_printer": Plugged("form_printer", "folder:{folder}/spool", driver="spool_folder"),
}
WAVE = [[[10 + 1.5 * n, 30 + 8 * (-1) ** n, 0.6] for n in range(30)]]


@cache
def slip(token: str) -> str:
    """The code of a tag's slip before the camera."""
    return b64(code_before_camera(token, (640, 480), 6, (140, 60)))


def one_page(_html: str) -> bytes:
    """A PDF that any printer takes; what stands on it is another test's."""
    out = BytesIO()
    Image.fromarray(np.full((200, 140), 255, np.uint8)).save(out, "PDF")
    return out.getvalue()


class Kiosk(SimulatedKiosk[s.State, e.Event, t.Task]):
    """One kiosk and the world around it. stop() and start() again is a power cut."""

    def __init__(
        self, folder: Path, office: BackendOffice, address: str = "", more: str = ""
    ) -> None:
        super().__init__(folder, office, NAME)
        place = f'place = "{PLACE}"\n{more}'
        self.plug_in(DEVICES, HandClock(MORNING), address=address, more=place)

    # The program

    def start(self) -> "Kiosk":
        """Switch it on."""
        self.station = Station(read(self.config), self.office.clock)
        cards = card_desks.reading(self.world, [("card_camera", f"{NAME}.card_unit.inside")])
        self.desk = build(self.station, cards, lambda: Language.ENGLISH, lambda _: None, one_page)
        self.station.start()
        self.begin(s.StartingUp(), next_step, lane, self.desk.perform)
        self.tell(e.Started())
        return self

    def stop(self) -> None:
        """Cut the power: what was noted stays, and nothing is tidied up."""
        self.leave()
        self.station.stop()

    def close(self) -> None:
        """End all."""
        self.stop()
        self.unplug()

    def failed(self, error: Exception) -> e.Event:
        """As the window's driver does: whatever it was, the flow has an answer."""
        del error
        return e.EquipmentFailed()

    # Hands

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
        chip = chip_of(who, body, body)
        if is_dead:
            zone = card_desks.printed_zone({"chip": chip})
            return self.world.add("card", "hand.person", {"zone": zone})
        return self.in_hand(chip)

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
