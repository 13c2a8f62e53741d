"""The form desk over the real drivers and simulated devices."""

from io import BytesIO
from threading import Event, Timer

import pytest
from PIL import Image

from common.equipment.forms import FormDesk
from common.equipment.slip_paper import code_picture
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, RequestCancelledError
from hardware.form_collector.interface import FormPosition
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.papers import make_paper
from hardware.simulation.world import World
from tests.support.hardware import modbus_to
from tests.support.keepers import keeper_of


class Machine:
    def __init__(self, folder):
        self.world = World(folder)
        self.collector = SimulatedFormCollector("k.collector", 0, self.world, {})
        self.camera = SimulatedCamera("k.camera", 0, self.world, {"watches": "k.collector.escrow"})
        self.collector.start()
        self.camera.start()
        self.keepers = (
            keeper_of(ModbusCollector(modbus_to(self.collector), motion_timeout_s=1.0)),
            keeper_of(MjpegCamera(f"http://127.0.0.1:{self.camera.port}/stream")),
        )
        self.desk = FormDesk(*self.keepers)

    def insert(self, code="token-of-a-form"):
        page = Image.new("L", (900, 1200), 255)
        if code:
            page.paste(code_picture(code, 10), (200, 300))
        out = BytesIO()
        page.save(out, "PNG")
        paper = make_paper(self.world, "k.collector.mouth", "form", out.getvalue())
        assert self.desk.wait_for_form(5.0, Event())
        return paper


@pytest.fixture
def machine(tmp_path):
    found = Machine(tmp_path)
    yield found
    for keeper in found.keepers:
        keeper.close()
    found.collector.stop()
    found.camera.stop()


def test_a_form_is_taken_read_and_kept(machine):
    paper = machine.insert("https://office.example/form/token-1")
    assert machine.desk.position() is FormPosition.ESCROW
    assert machine.desk.read_token(Event()) == "token-1"
    machine.desk.keep()
    machine.desk.keep()
    assert machine.world.get(paper.id).place == "k.collector.bin"
    assert machine.desk.position() is FormPosition.NONE


def test_a_form_is_given_back(machine):
    paper = machine.insert()
    machine.desk.give_back()
    machine.desk.give_back()
    assert machine.desk.position() is FormPosition.MOUTH
    assert not machine.desk.wait_taken(0.2, Event())
    machine.collector.act("take", {"hand": "person"})
    assert machine.desk.wait_taken(1.0, Event())
    assert machine.world.get(paper.id).place == "hand.person"


def test_a_form_without_our_code_has_no_token(machine, monkeypatch):
    monkeypatch.setattr("common.equipment.forms.READ_TIMEOUT_S", 0.4)
    machine.insert("")
    assert machine.desk.read_token(Event()) is None


def test_nobody_comes_and_the_wait_can_be_ended(machine):
    assert not machine.desk.wait_for_form(0.2, Event())
    ended = Event()
    Timer(0.1, ended.set).start()
    with pytest.raises(RequestCancelledError):
        machine.desk.wait_for_form(30.0, ended)


def test_what_cannot_move_says_so(machine):
    machine.insert()
    machine.collector.set_fault("jammed", True)
    with pytest.raises(DeviceFaultError):
        machine.desk.give_back()


def test_a_full_bin_and_an_absent_collector(machine):
    assert machine.desk.bin_takes_more()
    machine.collector.set_fault("bin_full", True)
    assert not machine.desk.bin_takes_more()
    machine.collector.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        machine.desk.position()
