"""The promises of hardware.smartcard.interface.CardUnit, kept by the driver of every family."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import pytest

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.simulation.line import LineFault
from hardware.simulation.world import ImpossibleError
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus
from tests.support.card_machines import MACHINES, Machine, RunningMachine
from tests.support.hardware import nobody_listens


@pytest.fixture(params=MACHINES, ids=lambda machine: machine.name)
def machine(request: pytest.FixtureRequest) -> Machine:
    found: Machine = request.param
    return found


@pytest.fixture
def running(machine: Machine, tmp_path: Path) -> Iterator[RunningMachine]:
    with machine.running(tmp_path) as started:
        yield started


def test_a_card_is_accepted_and_the_gate_shuts(running: RunningMachine) -> None:
    visitor = running.insert_soon(running.card())
    running.unit.accept(5.0, Event())
    visitor.join()
    assert running.unit.status().position is CardPosition.INSIDE
    with pytest.raises(ImpossibleError, match="shut"):
        running.device.act("insert", {"thing": running.card().id})


def test_a_card_that_is_inside_counts_as_accepted(running: RunningMachine) -> None:
    running.card("inside")
    running.unit.accept(0.0, Event())
    assert running.device.state()["entry_open"] is False


def test_no_card_comes(running: RunningMachine) -> None:
    with pytest.raises(DeviceTimeoutError):
        running.unit.accept(0.05, Event())
    assert running.device.state()["entry_open"] is False


def test_a_cancelled_wait_ends_soon_and_shuts_the_gate(running: RunningMachine) -> None:
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    began = monotonic()
    with pytest.raises(RequestCancelledError):
        running.unit.accept(60.0, cancelled)
    assert monotonic() - began < 10
    assert running.device.state()["entry_open"] is False


def test_a_card_goes_round_the_whole_unit(running: RunningMachine) -> None:
    unit = running.unit
    thing = running.card("feeder")
    assert unit.status() == UnitStatus(CardPosition.NONE, Supply.LOW, Seen.NO)
    unit.feed()
    assert unit.status() == UnitStatus(CardPosition.INSIDE, Supply.EMPTY, Seen.NO)
    unit.hold_at_gate()
    unit.draw_in()
    unit.hold_at_gate()
    assert unit.status().position is CardPosition.GATE
    assert running.device.act("take", {"hand": "visitor"}) == {"thing": thing.id}
    unit.wait_taken(1.0, Event())
    assert thing.place == "hand.visitor"


def test_repeating_a_verb_does_nothing(running: RunningMachine) -> None:
    unit, device = running.unit, running.device
    running.card("feeder")
    unit.feed()
    for verb in (unit.hold_at_gate, unit.draw_in, unit.capture):
        verb()
        moved = device.motions
        verb()
        assert device.motions == moved
    assert device.state()["bin"] == 1


def test_verbs_for_a_card_never_draw_a_new_one(running: RunningMachine) -> None:
    running.card("feeder")
    for verb in (running.unit.hold_at_gate, running.unit.draw_in):
        with pytest.raises(DeviceFaultError, match="refused"):
            verb()
    with pytest.raises(DeviceFaultError, match=r"refused|not_supported"):
        running.unit.connect()
    running.unit.capture()
    assert running.device.state()["feeder"] == 1
    assert running.device.motions == 0


def test_only_an_empty_channel_is_fed(running: RunningMachine) -> None:
    for _ in range(2):
        running.card("feeder")
    running.unit.feed()
    with pytest.raises(DeviceFaultError, match="refused"):
        running.unit.feed()
    assert running.device.state()["feeder"] == 1


def test_only_an_empty_channel_takes_a_card_in(running: RunningMachine) -> None:
    running.card("gate")
    with pytest.raises(DeviceFaultError, match="refused"):
        running.unit.accept(1.0, Event())
    assert running.device.state()["entry_open"] is False


def test_the_first_card_in_the_feeder_is_drawn_first(running: RunningMachine) -> None:
    first, second = running.card(), running.card()
    running.device.act("load", {"things": [first.id, second.id]})
    running.unit.feed()
    assert running.device.state()["inside"] == first.id


def test_waiting_for_a_card_that_nobody_takes(running: RunningMachine) -> None:
    running.card("gate")
    with pytest.raises(DeviceTimeoutError):
        running.unit.wait_taken(0.05, Event())
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        running.unit.wait_taken(60.0, cancelled)


def test_a_card_inside_cannot_be_taken(running: RunningMachine) -> None:
    running.card("inside")
    with pytest.raises(DeviceFaultError, match="refused"):
        running.unit.wait_taken(60.0, Event())


def test_an_empty_feeder_and_a_full_bin_have_names(running: RunningMachine) -> None:
    with pytest.raises(DeviceFaultError) as caught:
        running.unit.feed()
    assert caught.value.reason == "empty"
    assert caught.value.code.startswith(running.machine.codes["empty"])
    for _ in range(3):
        running.card("bin")
    running.card("inside")
    assert running.unit.status().bin_full is Seen.YES
    with pytest.raises(DeviceFaultError) as caught:
        running.unit.capture()
    assert caught.value.reason == "full"
    assert caught.value.code.startswith(running.machine.codes["full"])
    assert running.unit.status().position is CardPosition.INSIDE
    assert len(running.device.act("empty_bin", {"hand": "clerk"})["things"]) == 3
    running.unit.capture()
    assert running.device.state()["bin"] == 1


def test_a_jam_has_a_name_and_can_be_cleared(running: RunningMachine) -> None:
    thing = running.card("inside")
    running.device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError) as caught:
        running.unit.hold_at_gate()
    assert caught.value.reason == "jam"
    assert caught.value.code.startswith(running.machine.codes["jam"])
    assert running.unit.status().position is CardPosition.INSIDE
    assert running.device.act("clear", {"hand": "clerk"}) == {"things": [thing.id]}
    running.device.set_fault("jammed", on=False)
    assert running.unit.status().position is CardPosition.NONE
    running.card("feeder")
    running.unit.feed()


def test_two_cards_that_stick_together_stay_in_the_feeder(running: RunningMachine) -> None:
    for _ in range(2):
        running.card("feeder")
    running.device.set_fault("double_feed", on=True)
    with pytest.raises(DeviceFaultError, match=r"jam|empty"):
        running.unit.feed()
    assert running.device.state()["feeder"] == 2
    assert running.unit.status().position is CardPosition.NONE
    running.device.set_fault("double_feed", on=False)
    running.unit.feed()
    assert running.device.state()["feeder"] == 1


def test_a_card_moved_by_hand_is_told_and_can_be_moved_again(running: RunningMachine) -> None:
    running.card("inside")
    running.device.set_fault("moved_by_hand", on=True)
    with pytest.raises(DeviceFaultError, match="jam"):
        running.unit.hold_at_gate()
    assert running.device.motions == 1
    running.unit.hold_at_gate()
    assert running.unit.status().position is CardPosition.GATE


@pytest.mark.parametrize("verb", ["feed", "hold_at_gate", "capture"])
def test_a_power_cut_in_a_motion_leaves_the_card_where_the_sensors_say(
    running: RunningMachine, verb: str
) -> None:
    unit = running.unit
    thing = running.card("feeder" if verb == "feed" else "inside")
    running.device.set_fault("power_cut", on=True)
    try:
        getattr(unit, verb)()
    except DeviceError as error:
        assert isinstance(error, DeviceTimeoutError)  # noqa: PT017 (it may also have arrived)
    assert running.device.motions == 1
    seen = {"gate": CardPosition.GATE, "inside": CardPosition.INSIDE}
    assert unit.status().position is seen.get(thing.place.rpartition(".")[2], CardPosition.NONE)


def test_a_motion_on_a_line_that_went_dead_is_not_repeated(running: RunningMachine) -> None:
    running.card("inside")
    running.device.set_fault(LineFault.MUTE, on=True)
    with pytest.raises(DeviceError):
        running.unit.hold_at_gate()
    running.device.set_fault(LineFault.MUTE, on=False)
    assert running.device.motions <= 1
    running.unit.hold_at_gate()
    assert running.device.motions == 1


def test_a_hand_that_takes_the_card_on_its_way_gets_no_second_one(
    machine: Machine, tmp_path: Path
) -> None:
    """The feeder would give another card to a motion that finds the channel empty."""
    with machine.running(tmp_path, slow_s=0.3) as running:
        running.card("feeder")
        thing = running.card("gate")
        running.device.set_fault("slow", on=True)
        hand = Timer(0.15, running.device.act, ("take", {"hand": "visitor"}))
        hand.start()
        with pytest.raises(DeviceError):
            running.unit.draw_in()
        hand.join()
        assert thing.place == "hand.visitor"
        assert running.device.state()["feeder"] == 1
        assert running.unit.status().position is CardPosition.NONE


def test_an_unplugged_unit_is_absent_and_comes_back(running: RunningMachine) -> None:
    running.card("inside")
    assert running.unit.health().state is DeviceState.ONLINE
    running.device.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        running.unit.status()
    assert running.unit.health().state is DeviceState.NO_DEVICE
    running.device.set_fault("unplugged", on=False)
    running.unit.close()
    running.unit.open()
    assert running.unit.status().position is CardPosition.INSIDE
    assert running.device.motions == 0


def test_a_silent_unit_is_absent(running: RunningMachine) -> None:
    running.device.set_fault("mute", on=True)
    with pytest.raises(DeviceAbsentError):
        running.unit.status()
    assert running.unit.health().state is DeviceState.NO_DEVICE
    running.device.set_fault("mute", on=False)
    assert running.unit.health().state is DeviceState.ONLINE


def test_nobody_at_the_address(machine: Machine) -> None:
    with pytest.raises(DeviceAbsentError):
        machine.driver(nobody_listens(), 0.4).open()


def test_opening_and_closing_twice_does_no_harm(running: RunningMachine) -> None:
    unit = running.unit
    unit.open()
    unit.status()
    unit.close()
    unit.close()
    with pytest.raises(DeviceAbsentError):
        unit.status()
    assert unit.health().state is DeviceState.NO_DEVICE


def test_disconnecting_what_is_not_connected_does_no_harm(running: RunningMachine) -> None:
    running.unit.disconnect()
    running.unit.disconnect()
