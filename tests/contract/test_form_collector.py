"""The promises of hardware.form_collector.interface.FormCollector, kept by the Modbus driver."""

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import pytest

from hardware.core.device import DeviceState
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.modbus import Framing, ModbusLine
from hardware.form_collector.interface import FormCollector, FormPosition
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.world import ImpossibleError, Thing, World
from tests.support.hardware import modbus_to, nobody_listens

NAME = "registration-1.form_collector"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(params=list(Framing), ids=lambda framing: framing.value)
def framing(request: pytest.FixtureRequest) -> Framing:
    framing: Framing = request.param
    return framing


@pytest.fixture
def device(world: World, framing: Framing) -> Iterator[SimulatedFormCollector]:
    options = {"capacity": 2, "framing": framing.value}
    device = SimulatedFormCollector(NAME, 0, world, options)
    device.start()
    yield device
    device.stop()


@pytest.fixture
def collector(device: SimulatedFormCollector, framing: Framing) -> Iterator[FormCollector]:
    collector = ModbusCollector(modbus_to(device, framing), motion_timeout_s=0.3)
    collector.open()
    yield collector
    collector.close()


def paper(world: World, place: str = "hand.visitor") -> Thing:
    return world.add("paper", place, {"label": "ROP 1"})


def insert_soon(device: SimulatedFormCollector, thing: Thing) -> Timer:
    def push() -> None:
        deadline = monotonic() + 5
        while monotonic() < deadline:
            try:
                device.act("insert", {"thing": thing.id})
            except ImpossibleError:
                Event().wait(0.01)
            else:
                return

    timer = Timer(0.01, push)
    timer.start()
    return timer


def test_a_form_is_accepted_and_kept(world, device, collector):
    form = paper(world)
    assert collector.position() is FormPosition.NONE
    visitor = insert_soon(device, form)
    collector.accept(5.0, Event())
    visitor.join()
    assert collector.position() is FormPosition.ESCROW
    assert device.state()["shutter_open"] is False
    collector.accept(5.0, Event())
    collector.keep()
    collector.keep()
    assert form.place == f"{NAME}.bin"
    assert device.state()["motors"] == [False, False, False]


def test_a_form_is_given_back_and_taken(world, device, collector):
    form = paper(world, f"{NAME}.escrow")
    collector.give_back()
    collector.give_back()
    assert collector.position() is FormPosition.MOUTH
    with pytest.raises(DeviceTimeoutError):
        collector.wait_taken(0.05, Event())
    assert device.act("take", {"hand": "visitor"}) == {"thing": form.id}
    collector.wait_taken(1.0, Event())
    assert device.state()["shutter_open"] is False


def test_nothing_comes(device, collector):
    with pytest.raises(DeviceTimeoutError):
        collector.accept(0.05, Event())
    assert device.state()["shutter_open"] is False


def test_a_cancelled_wait_ends_soon_and_shuts_the_mouth(device, collector):
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    started = monotonic()
    with pytest.raises(RequestCancelledError):
        collector.accept(60.0, cancelled)
    assert monotonic() - started < 0.1 + 0.25
    assert device.state()["shutter_open"] is False


@pytest.mark.parametrize("verb", ["keep", "give_back"])
def test_a_jam_stops_the_motor_and_has_a_name(world, device, collector, verb):
    paper(world, f"{NAME}.escrow")
    device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError) as caught:
        getattr(collector, verb)()
    assert caught.value.reason == "jam"
    assert device.state()["motors"] == [False, False, False]
    assert collector.position() is FormPosition.ESCROW
    device.set_fault("jammed", on=False)
    getattr(collector, verb)()


def test_a_form_that_jams_at_the_mouth_can_be_pulled_out(world, device, collector):
    form = paper(world)
    device.set_fault("jammed", on=True)
    visitor = insert_soon(device, form)
    with pytest.raises(DeviceFaultError, match="jam"):
        collector.accept(5.0, Event())
    visitor.join()
    device.act("take", {"hand": "visitor"})
    collector.wait_taken(1.0, Event())
    assert device.state()["shutter_open"] is False


def test_a_form_that_a_hand_pulls_out_again_may_come_later(world, device, collector):
    form = paper(world)

    def hesitate() -> None:
        device.set_fault("jammed", on=True)
        insert_soon(device, form).join()
        Event().wait(0.15)
        device.act("take", {"hand": "visitor"})
        device.set_fault("jammed", on=False)
        Event().wait(0.5)
        insert_soon(device, form).join()

    visitor = Timer(0.0, hesitate)
    visitor.start()
    collector.accept(10.0, Event())
    visitor.join()
    assert form.place == f"{NAME}.escrow"


def test_a_shut_shutter_lets_nobody_in_or_out(world, device, collector):
    form = paper(world, f"{NAME}.mouth")
    with pytest.raises(ImpossibleError, match="shutter"):
        device.act("take", {"hand": "visitor"})
    collector.give_back()
    device.act("take", {"hand": "visitor"})
    collector.wait_taken(1.0, Event())
    with pytest.raises(ImpossibleError, match="shutter"):
        device.act("insert", {"thing": form.id})


def test_a_full_bin_keeps_nothing(world, device, collector):
    for _ in range(2):
        paper(world, f"{NAME}.bin")
    form = paper(world, f"{NAME}.escrow")
    assert collector.bin_full() is True
    with pytest.raises(DeviceFaultError, match="full"):
        collector.keep()
    assert form.place == f"{NAME}.escrow"
    assert len(device.act("empty_bin", {"hand": "clerk"})["things"]) == 2
    collector.keep()
    device.set_fault("bin_full", on=True)
    assert collector.bin_full() is True


def test_verbs_without_a_form(world, collector):
    collector.keep()
    with pytest.raises(DeviceFaultError, match="refused"):
        collector.give_back()
    paper(world, f"{NAME}.mouth")
    with pytest.raises(DeviceFaultError, match="refused"):
        collector.keep()


def test_an_unplugged_collector_is_absent_and_comes_back(world, device, collector):
    paper(world, f"{NAME}.escrow")
    assert collector.health().state is DeviceState.ONLINE
    device.set_fault("unplugged", on=True)
    assert collector.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        collector.position()
    device.set_fault("unplugged", on=False)
    collector.close()
    collector.open()
    assert collector.position() is FormPosition.ESCROW


on_tcp = pytest.mark.parametrize("framing", [Framing.TCP], indirect=True)
on_rtu = pytest.mark.parametrize("framing", [Framing.RTU], indirect=True)


@on_tcp
def test_motors_that_an_earlier_program_left_running_are_stopped(world, device, collector):
    with socket.create_connection(("127.0.0.1", device.port), timeout=2) as line:
        for coil in range(4):
            line.sendall(bytes([0, 1, 0, 0, 0, 6, 1, 5, 0, coil, 0xFF, 0]))
            assert len(line.recv(64)) == 12
    assert device.state()["motors"] == [True, True, True]
    collector.close()
    collector.open()
    assert device.state()["motors"] == [False, False, False]
    assert device.state()["shutter_open"] is False


def test_a_form_at_the_open_mouth_is_not_shut_in_by_a_restart(world, device, collector):
    paper(world, f"{NAME}.escrow")
    collector.give_back()
    collector.close()
    collector.open()
    device.act("take", {"hand": "visitor"})


def test_a_form_on_its_way_is_nowhere_yet(world, collector):
    paper(world, f"{NAME}.escrow")
    paper(world, f"{NAME}.mouth")
    assert collector.position() is FormPosition.UNKNOWN


def test_nobody_at_the_address():
    connect = nobody_listens()
    with pytest.raises(DeviceAbsentError):
        ModbusCollector(lambda: ModbusLine(connect(), Framing.TCP)).open()


def test_opening_and_closing_twice_does_no_harm(collector):
    collector.open()
    collector.close()
    collector.close()
    with pytest.raises(DeviceAbsentError):
        collector.position()
    assert collector.health().state is DeviceState.NO_DEVICE


@on_tcp
@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("000100000006010200000003", "00010000000401020102"),
        ("00020000000601050001FF00", "00020000000601050001FF00"),
        ("000300000006010100000004", "00030000000401010100"),
        ("000400000006010300000001", "000400000003018301"),
        ("00050000000601050009FF00", "000500000003018502"),
        ("000600000006010500011234", "000600000003018503"),
        ("000700000006010200020002", "000700000003018202"),
    ],
)
def test_the_board_speaks_modbus_over_tcp(world, device, request_, answer):
    paper(world, f"{NAME}.escrow")
    with socket.create_connection(("127.0.0.1", device.port), timeout=2) as line:
        line.sendall(bytes.fromhex(request_))
        assert line.recv(64).hex().upper() == answer


@on_rtu
@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("01050000FF008C3A", "01050000FF008C3A"),
        ("0101000000043DC9", "010101005188"),
        ("FF01050000FF008C3A", "01050000FF008C3A"),
    ],
)
def test_the_board_speaks_modbus_on_a_serial_line(device, request_, answer):
    with socket.create_connection(("127.0.0.1", device.port), timeout=2) as line:
        line.sendall(bytes.fromhex(request_))
        assert line.recv(64).hex().upper() == answer


@on_rtu
def test_another_unit_and_a_broken_frame_are_left_alone(device):
    with socket.create_connection(("127.0.0.1", device.port), timeout=2) as line:
        line.sendall(bytes.fromhex("070500000000CDAC01050000FF008C3B"))
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(64)
    assert device.state()["shutter_open"] is False
