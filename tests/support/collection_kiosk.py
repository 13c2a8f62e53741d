"""A collection kiosk without its window: real backend, journal and drivers, simulated devices."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from common.domain.clock import HandClock
from common.domain.language import Language
from common.station.config import read
from common.station.station import Station
from common.sync.client import BackendUnreachableError
from hardware.core.errors import DeviceError
from hardware.simulation.papers import make_paper
from hardware.simulation.people import InventedPerson
from hardware.simulation.world import Thing
from kiosk_collection import events as e
from kiosk_collection import tasks as k
from kiosk_collection import visit as v
from kiosk_collection.flow import next_step
from kiosk_collection.perform import lane
from kiosk_collection.program import build
from tests.support import card_desks
from tests.support.backend_office import MORNING, PARTICULARS, BackendOffice
from tests.support.bodies import (
    THUMBS,
    b64,
    chip_of,
    code_before_camera,
    live_face,
    portrait,
    pressed,
    template,
)
from tests.support.kiosks import Plugged, SimulatedKiosk

NAME = "collection-1"
LIFTED_S = 0.4
FORESEEN = (DeviceError, LookupError, OSError, BackendUnreachableError)
DEVICES = {
    "intake": Plugged("crt571", "socket://127.0.0.1:{port}"),
    "presenter": Plugged("crt571", "socket://127.0.0.1:{port}"),
    "form_collector": Plugged("modbus_collector", "tcp://127.0.0.1:{port}"),
    "form_camera": Plugged(
        "mjpeg",
        "http://127.0.0.1:{port}/stream",
        {"watches": f"{NAME}.form_collector.escrow"},
    ),
    "camera": Plugged("mjpeg", "http://127.0.0.1:{port}/stream"),
    "finger_scanner": Plugged("r30x", "socket://127.0.0.1:{port}"),
    "magazine": Plugged(
        "cu16",
        "socket://127.0.0.1:{port}",
        {"kind": "magazine", "slots": 16, "drops_into": f"{NAME}.presenter.feeder"},
        settings="options = { slots = 16 }",
    ),
    "ticket_printer": Plugged("escpos", "tcp://127.0.0.1:{port}"),
}


class Kiosk(SimulatedKiosk[v.State, e.Event, k.Task]):
    """One kiosk and the world around it. stop() and start() again is a power cut."""

    soon_s = 40.0

    def __init__(self, folder: Path, office: BackendOffice) -> None:
        super().__init__(folder, office, NAME)
        self.plug_in(DEVICES, HandClock(MORNING))

    # The program

    def start(self) -> "Kiosk":
        """Switch it on."""
        self.station = Station(read(self.config), HandClock(MORNING))
        places = [(f"{role}_camera", f"{NAME}.{role}.inside") for role in ("intake", "presenter")]
        cards = card_desks.reading(self.world, places)
        self.desk = build(self.station, cards, lambda: Language.ENGLISH, lambda _: None)
        self.desk.new_card_taken_s, self.desk.look_again_s = 1.0, 0.2
        self.station.start()
        self.begin(v.StartingUp(), next_step, lane, self.desk.perform)
        self.tell(e.SwitchedOn())
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
        """As the window's driver does with what it foresees; anything else is a fault of ours."""
        if isinstance(error, FORESEEN):
            return e.EquipmentFailed()
        raise error

    # Hands

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
        # A faulty card needs one finger of somebody else's; they take time to make.
        positions = THUMBS if fingers_of == who.seed else THUMBS[:1]
        return self.in_hand(chip_of(who, who.seed, fingers_of, positions), hand)

    def form_with(self, token: str) -> Thing:
        page = code_before_camera(token, (900, 1200), 10, (200, 300))
        return make_paper(self.world, "hand.person", "acknowledgement", page)

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
