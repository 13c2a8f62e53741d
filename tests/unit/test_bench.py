"""The bench's HTTP control: people's hands from outside, and a world that survives a kill."""

import base64
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
import requests

from hardware.cabinet.cu16 import Cu16
from hardware.core.transport import SerialTransport, Transport
from hardware.simulation.bench import Bench, BenchControl
from hardware.simulation.chip import blank_chip
from hardware.simulation.devices import KINDS
from hardware.simulation.line_device import LineDevice
from hardware.simulation.mischief import plan as plan_mischief
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition
from tests.support import hardware as support

PLAN = """
[bench]
port = 0
world = "world"
[[device]]
station = "collection-1"
name = "presenter"
kind = "crt571"
port = 0
options = { feeder_from = "collection-1.magazine" }
[[device]]
station = "collection-1"
name = "magazine"
kind = "cu16"
port = 0
options = { kind = "magazine", slots = 20, drops_into = "collection-1.presenter.feeder" }
[[device]]
station = "registration-1"
name = "form_collector"
kind = "modbus_collector"
port = 0
"""


class Control:
    """A person or a test at the bench's control."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path: str) -> Any:
        answer = self._session.get(self._address + path, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def picture(self, thing_id: str) -> bytes:
        return self._session.get(f"{self._address}/things/{thing_id}/picture", timeout=5).content

    def post(self, path: str, expected: int = 200, **body: Any) -> Any:
        answer = self._session.post(self._address + path, json=body, timeout=5)
        assert answer.status_code == expected, answer.text
        return answer.json()

    def close(self) -> None:
        self._session.close()


class Running:
    """A bench from a file, its control, and an end."""

    def __init__(self, file: Path) -> None:
        self.bench, port = Bench.from_file(file, KINDS)
        self.bench.start()
        self._server = BenchControl(self.bench, port)
        self._server.start()
        self.control = Control(self._server.port)

    def stop(self) -> None:
        self.control.close()
        self._server.stop()
        self.bench.stop()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "bench.toml"
    file.write_text(PLAN, "utf-8")
    return file


@pytest.fixture
def running(plan: Path) -> Iterator[Running]:
    running = Running(plan)
    yield running
    running.stop()


def line_to(running: Running, name: str) -> Callable[[], Transport]:
    device = running.bench.devices["collection-1", name]
    assert isinstance(device, LineDevice)
    return support.line_to(device)


def presenter(running: Running) -> Crt571:
    return Crt571(line_to(running, "presenter"))


def new_card(control: Control, hand: str) -> str:
    data = {"label": "new", "chip": blank_chip("1122334455667788")}
    return str(control.post("/things", kind="card", place=f"hand.{hand}", data=data)["id"])


def test_people_act_and_devices_tell(running):
    control = running.control
    card = new_card(control, "visitor")
    insert = "/devices/collection-1/presenter/insert"
    assert "shut" in control.post(insert, 409, thing=card)["error"]
    unit = presenter(running)
    unit.open()
    unit._line.ask(b"\x33\x30")
    control.post(insert, thing=card)
    assert unit.status().position is CardPosition.INSIDE
    unit.hold_at_gate()
    unit.close()
    assert control.get("/things")[0]["place"] == "collection-1.presenter.gate"
    control.post("/devices/collection-1/presenter/take", hand="visitor")
    assert control.get("/things")[0]["place"] == "hand.visitor"
    assert {(one["station"], one["name"]) for one in control.get("/devices")} == {
        ("collection-1", "presenter"),
        ("collection-1", "magazine"),
        ("registration-1", "form_collector"),
    }


def test_a_card_falls_from_the_magazine_and_is_presented(running):
    control = running.control
    card = new_card(control, "clerk")
    control.post("/devices/collection-1/presenter/load", 409, thing=card)
    control.post("/devices/collection-1/magazine/put", 409, thing=card, slot=18)
    control.post("/devices/collection-1/magazine/open_service_door")
    control.post("/devices/collection-1/magazine/put", thing=card, slot=18)
    control.post("/devices/collection-1/magazine/close_service_door")
    cabinet = Cu16(line_to(running, "magazine"), 20)
    cabinet.open()
    cabinet.unlock(18)
    cabinet.close()
    unit = presenter(running)
    unit.open()
    unit.feed()
    unit.hold_at_gate()
    unit.close()
    taken = control.post("/devices/collection-1/presenter/take", hand="visitor")
    assert taken == {"thing": card}


def test_what_is_unknown_and_what_is_impossible(running):
    control = running.control
    card = new_card(control, "visitor")
    control.post("/devices/collection-1/nobody/insert", 404, thing=card)
    control.post("/devices/collection-1/presenter/juggle", 404, thing=card)
    control.post("/devices/collection-1/presenter/insert", 404)
    control.post("/devices/collection-1/presenter/insert", 409, thing="nothing")
    control.post("/devices/collection-1/presenter/fault", 404, fault="haunted", on=True)
    control.post("/devices/collection-1/magazine/take", 400, slot="x", hand="clerk")
    control.post("/nowhere", 404)
    control.post(f"/things/{card}/move", 409, place="collection-1.presenter.bin")
    control.post(f"/things/{card}/move", place="hand.clerk")
    assert control.get("/things")[0]["place"] == "hand.clerk"


def test_faults_are_switched(running):
    control = running.control
    fault = "/devices/collection-1/presenter/fault"
    assert control.post(fault, fault="jammed", on=True)["faults"] == ["jammed"]
    assert control.post(fault, fault="jammed", on=False)["faults"] == []


def test_a_paper_keeps_its_picture(running):
    picture = b"\x89PNG\r\n\x1a\nnot a real one"
    data = {"label": "form", "png": base64.b64encode(picture).decode()}
    paper = running.control.post("/things", kind="paper", place="hand.visitor", data=data)
    assert "png" not in paper["data"]
    assert running.control.picture(paper["id"]) == picture
    running.control.post("/devices/registration-1/form_collector/insert", 409, thing=paper["id"])


def test_the_world_survives_the_end_of_the_bench(plan):
    first = Running(plan)
    card = new_card(first.control, "clerk")
    first.control.post("/devices/collection-1/magazine/open_service_door")
    first.control.post("/devices/collection-1/magazine/put", thing=card, slot=3)
    things = first.control.get("/things")
    first.stop()
    second = Running(plan)
    assert second.control.get("/things") == things
    (magazine,) = [one for one in second.control.get("/devices") if one["name"] == "magazine"]
    assert magazine["items"] == {"3": card}
    assert magazine["service_door_open"] is True
    second.stop()


def test_every_kind_can_be_built_and_told_its_state(tmp_path):
    assert {"crt571", "cu16", "modbus_collector"} <= set(KINDS)
    for kind in ("crt571", "cu16", "modbus_collector"):
        device = KINDS[kind]("station.device", 0, World(tmp_path / kind), {})
        assert "unplugged" in device.FAULTS
        assert device.state()["faults"] == []


def test_mischief_is_dealt_by_its_seed_and_passes(running):
    control = running.control
    begun = {"seed": 3, "times": 2, "every_s": 0.05, "longest_s": 0.4, "faults": ["line_mute"]}
    assert control.post("/mischief", **begun)["planned"] == 6
    deadline = monotonic() + 30
    while not (told := control.get("/mischief"))["is_over"] and monotonic() < deadline:
        Event().wait(0.05)
    assert Counter((prank["station"], prank["name"]) for prank in told["begun"]) == dict.fromkeys(
        running.bench.devices, 2
    )
    assert all(device.state()["faults"] == [] for device in running.bench.devices.values())


def test_mischief_that_is_ended_leaves_all_devices_sound(running):
    control = running.control
    control.post(
        "/mischief", seed=4, times=5, every_s=0.02, longest_s=60, stations=["collection-1"]
    )
    deadline = monotonic() + 30
    while not control.get("/mischief")["begun"] and monotonic() < deadline:
        Event().wait(0.02)
    told = control.post("/mischief/stop")
    assert told["is_over"]
    assert {prank["station"] for prank in told["begun"]} == {"collection-1"}
    assert all(device.state()["faults"] == [] for device in running.bench.devices.values())
    control.post("/mischief", 400, seed=4, often=5)


def test_the_same_seed_gives_the_same_mischief():
    devices = {("tag-1", name): frozenset({"unplugged", "jammed"}) for name in "abc"}
    first = plan_mischief(devices, 7, times=10, every_s=0.5)
    assert first == plan_mischief(devices, 7, times=10, every_s=0.5)
    assert first != plan_mischief(devices, 8, times=10, every_s=0.5)
    assert Counter(prank.name for prank in first) == dict.fromkeys("abc", 10)
    for name in "abc":
        times = [(prank.at_s, prank.lasts_s) for prank in first if prank.name == name]
        assert all(a + lasts < b for (a, lasts), (b, _) in pairwise(times))


def test_a_device_on_a_pty_is_a_serial_port(plan, tmp_path):
    told = plan.read_text("utf-8").replace(
        "port = 0\noptions = { feeder", 'pty = "ports/unit"\noptions = { feeder'
    )
    plan.write_text(told, "utf-8")
    running = Running(plan)
    try:
        unit = Crt571(lambda: SerialTransport(str(tmp_path / "ports" / "unit"), 9600))
        unit.open()
        assert unit.status().position is CardPosition.NONE
        unit.close()
    finally:
        running.stop()
