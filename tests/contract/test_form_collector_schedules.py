"""The form collector through random faults: never a lost form, never two, no motor left running."""

from pathlib import Path
from threading import Event, Thread

import pytest

from hardware.core import modbus
from hardware.core.errors import DeviceAbsentError, DeviceError
from hardware.core.modbus import Framing, ModbusLine
from hardware.form_collector import modbus_collector
from hardware.form_collector.interface import FormPosition
from hardware.form_collector.modbus_collector import ModbusCollector
from hardware.simulation.form_collector import SimulatedFormCollector
from hardware.simulation.line import LineFault
from hardware.simulation.world import ImpossibleError, World
from tests.support.hardware import line_to
from tests.support.schedules import SCHEDULES, Trouble

NAME = "x.form_collector"
PLACES = {f"{NAME}.mouth", f"{NAME}.escrow", f"{NAME}.bin", "hand.visitor", "hand.clerk"}
FORMS, DEEDS = 3, 5
FAULTS = {
    "unplugged",
    "jammed",
    "bin_full",
    LineFault.MUTE,
    LineFault.DEAF,
    LineFault.GARBLED,
    LineFault.CUT,
    LineFault.CHOPPED,
}


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A board on this machine answers in no time: wait less for one that does not."""
    monkeypatch.setattr(modbus, "ANSWER_TIMEOUT_S", 0.03)
    monkeypatch.setattr(modbus, "REST_TIMEOUT_S", 0.03)
    monkeypatch.setattr(modbus, "QUIET_S", 0.005)
    monkeypatch.setattr(modbus, "TURNAROUND_S", 0.001)
    monkeypatch.setattr(modbus_collector, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(World, "_save", lambda _: None)  # the disk is not what is tested here


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("framing", list(Framing), ids=lambda framing: framing.value)
def test_no_schedule_of_faults_loses_a_form(
    tmp_path: Path, framing: Framing, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: dict[str, int] = {}
    for seed in range(SCHEDULES):
        world = World(tmp_path / str(seed))
        device = SimulatedFormCollector(NAME, 0, world, {"framing": framing.value, "capacity": 2})
        device.start()
        connect = line_to(device)
        collector = ModbusCollector(
            lambda connect=connect: ModbusLine(  # type: ignore[misc]
                connect(), framing, modbus.ANSWER_TIMEOUT_S
            ),
            motion_timeout_s=0.08,
        )
        try:
            _live_through(seed, device, collector, world, outcomes, framing)
            with monkeypatch.context() as patience:  # a busy machine must not look like a fault
                patience.setattr(modbus, "ANSWER_TIMEOUT_S", 5.0)
                patience.setattr(modbus, "REST_TIMEOUT_S", 5.0)
                _truth_at_last(device, collector)
        finally:
            collector.close()
            device.stop()
    print(f"form collector {framing.value}: {SCHEDULES} schedules, {outcomes}")
    assert outcomes.get("done", 0) > 0


def _live_through(
    seed: int,
    device: SimulatedFormCollector,
    collector: ModbusCollector,
    world: World,
    outcomes: dict[str, int],
    framing: Framing,
) -> None:
    # What is altered with nothing to tell it by is no fault that a driver could see.
    faults = FAULTS - ({LineFault.GARBLED} if framing is Framing.TCP else set())
    trouble = Trouble(device, seed, faults)
    dice = trouble.dice
    forms = {world.add("paper", "hand.visitor", {"label": ""}).id for _ in range(FORMS)}
    for _ in range(DEEDS):
        trouble.strike()
        deed = dice.choice(("accept", "accept", "keep", "give_back", "take", "empty"))
        outcome = _do(deed, device, collector, world)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        _nothing_is_lost(world, forms)
    trouble.end()


def _truth_at_last(device: SimulatedFormCollector, collector: ModbusCollector) -> None:
    """With every fault gone, nothing runs and the sensors say what is so."""
    collector.close()
    collector.open()
    state = device.state()
    assert state["motors"] == [False, False, False]
    where = FormPosition.ESCROW if state["escrow"] else FormPosition.NONE
    where = FormPosition.MOUTH if state["mouth"] else where
    if not (state["escrow"] and state["mouth"]):
        assert collector.position() is where


def _nothing_is_lost(world: World, forms: set[str]) -> None:
    assert {thing.id for thing in world.all()} == forms, "a form was lost"
    assert {thing.place for thing in world.all()} <= PLACES
    assert len(world.at(f"{NAME}.escrow")) <= 1, "two forms in escrow"


def _do(deed: str, device: SimulatedFormCollector, collector: ModbusCollector, world: World) -> str:
    try:
        collector.open()
        match deed:
            case "accept":
                visitor = Thread(target=_insert, args=(device, world))
                visitor.start()
                try:
                    collector.accept(0.2, Event())
                finally:
                    visitor.join()
            case "keep":
                collector.keep()
            case "give_back":
                collector.give_back()
            case "take":
                device.act("take", {"hand": "visitor"})
                collector.wait_taken(0.1, Event())
            case "empty":
                device.act("empty_bin", {"hand": "clerk"})
    except ImpossibleError:
        return "impossible"
    except DeviceError as error:
        if isinstance(error, DeviceAbsentError):
            collector.close()
        return str(getattr(error, "reason", type(error).__name__))
    return "done"


def _insert(device: SimulatedFormCollector, world: World) -> None:
    """Push a form in as soon as the shutter lets it; give up after a while."""
    form = world.one_at("hand.visitor")
    for _ in range(8):
        if form is None:
            return
        try:
            device.act("insert", {"thing": form.id})
        except ImpossibleError:
            Event().wait(0.01)
        else:
            return
