"""The promises of hardware.signals.interface.Signals, kept by the Modbus driver."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from hardware.catalog import Kind, make
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.core.modbus import Framing, ModbusLine
from hardware.self_tests import SELF_TESTS, look
from hardware.signals.interface import Colour, FlashRate, InputName, Lamp, LampName, Sensed
from hardware.signals.modbus_signals import Board, ModbusSignals
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.modbus_signals import SimulatedSignals
from hardware.simulation.world import World
from tests.support.hardware import modbus_to, recording

OPTIONS: dict[str, Any] = {
    "inputs": {"outer_door": 0, "service_door": 1, "tamper": 4, "proximity": 9},
    "inverted": ["proximity"],
    "lamps": {"card_reader": 0, "status_good": {"green": 1, "red": 3}},
}
BOARD = Board(
    inputs={
        InputName.OUTER_DOOR: 0,
        InputName.SERVICE_DOOR: 1,
        InputName.TAMPER: 4,
        InputName.PROXIMITY: 9,
    },
    inverted=frozenset({InputName.PROXIMITY}),
    lamps={LampName.CARD_READER: {None: 0}, LampName.STATUS_GOOD: {Colour.GREEN: 1, Colour.RED: 3}},
)


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=list(Framing), ids=lambda framing: framing.value)
def framing(request: pytest.FixtureRequest) -> Framing:
    found: Framing = request.param
    return found


@pytest.fixture
def device(world: World, framing: Framing) -> Iterator[SimulatedSignals]:
    device = SimulatedSignals("x.signals", 0, world, OPTIONS | {"framing": framing.value})
    device.start()
    yield device
    device.stop()


@pytest.fixture
def signals(device: SimulatedSignals, framing: Framing, clock: Clock) -> Iterator[ModbusSignals]:
    signals = ModbusSignals(modbus_to(device, framing), BOARD, clock)
    signals.open()
    yield signals
    signals.close()


def shining(device: SimulatedSignals) -> set[str]:
    return {name for name, is_lit in device.state()["lamps"].items() if is_lit}


def test_doors_contacts_and_people_are_sensed(device, signals):
    assert signals.inputs() == {
        InputName.OUTER_DOOR: Sensed.CLOSED,
        InputName.SERVICE_DOOR: Sensed.CLOSED,
        InputName.TAMPER: Sensed.CLOSED,
        InputName.PROXIMITY: Sensed.NOT_PRESENT,
    }
    assert signals.health().detail == ""
    device.act("open", {"input": "service_door"})
    device.act("open", {"input": "tamper"})
    device.act("come", {})
    assert signals.inputs() == {
        InputName.OUTER_DOOR: Sensed.CLOSED,
        InputName.SERVICE_DOOR: Sensed.OPEN,
        InputName.TAMPER: Sensed.TAMPERED,
        InputName.PROXIMITY: Sensed.PRESENT,
    }
    health = signals.health()
    assert (health.state, health.detail) == (DeviceState.ONLINE, "tampered: tamper")
    device.act("close", {"input": "service_door"})
    device.act("go", {})
    assert signals.inputs()[InputName.SERVICE_DOOR] is Sensed.CLOSED
    assert signals.inputs()[InputName.PROXIMITY] is Sensed.NOT_PRESENT


def test_inputs_that_are_stuck_show_what_they_saw_last(device, signals):
    device.set_fault("inputs_stuck", on=True)
    device.act("open", {"input": "outer_door"})
    assert signals.inputs()[InputName.OUTER_DOOR] is Sensed.CLOSED
    device.set_fault("inputs_stuck", on=False)
    assert signals.inputs()[InputName.OUTER_DOOR] is Sensed.OPEN


def test_a_door_of_another_device_moves_the_contact_that_watches_it(world):
    magazine = SimulatedLockBoards(
        "x.magazine", 0, world, {"kind": "magazine", "drops_into": "x.feeder"}
    )
    board = SimulatedSignals(
        "x.signals", 0, world, OPTIONS | {"watches": {"service_door": "x.magazine"}}
    )
    assert board.state()["inputs"]["service_door"] is True
    magazine.act("open_service_door", {})
    assert board.state()["inputs"]["service_door"] is False
    with pytest.raises(LookupError):
        board.act("open", {"input": "service_door"})
    with pytest.raises(LookupError):
        board.act("open", {"input": "safe_door"})
    with pytest.raises(LookupError):
        board.act("kick", {})


def test_lamps_shine_in_their_colours(device, signals):
    assert shining(device) == set()
    assert signals.beat() is None
    signals.light(LampName.CARD_READER, FlashRate.CONTINUOUS)
    signals.light(LampName.STATUS_GOOD, FlashRate.CONTINUOUS)
    assert shining(device) == {"card_reader", "status_good green"}
    signals.light(LampName.STATUS_GOOD, FlashRate.CONTINUOUS, Colour.RED)
    assert shining(device) == {"card_reader", "status_good red"}
    assert signals.lamps() == (
        Lamp(LampName.CARD_READER, (), FlashRate.CONTINUOUS, None),
        Lamp(LampName.STATUS_GOOD, (Colour.GREEN, Colour.RED), FlashRate.CONTINUOUS, Colour.RED),
    )
    signals.light(LampName.STATUS_GOOD, FlashRate.OFF)
    assert shining(device) == {"card_reader"}


def test_lamps_that_are_not_there(signals):
    with pytest.raises(ValueError, match="no lamp"):
        signals.light(LampName.SCANNER, FlashRate.SLOW)
    with pytest.raises(ValueError, match="no blue"):
        signals.light(LampName.STATUS_GOOD, FlashRate.SLOW, Colour.BLUE)
    with pytest.raises(ValueError, match="no red"):
        signals.light(LampName.CARD_READER, FlashRate.SLOW, Colour.RED)


@pytest.mark.parametrize(
    ("rate", "half_s"), [(FlashRate.SLOW, 1.0), (FlashRate.MEDIUM, 0.5), (FlashRate.QUICK, 0.25)]
)
def test_a_lamp_flashes_while_its_owner_beats(device, signals, clock, rate, half_s):
    signals.light(LampName.CARD_READER, rate)
    seen = []
    for _ in range(6):
        next_s = signals.beat()
        assert next_s == pytest.approx(half_s)
        seen.append(shining(device) == {"card_reader"})
        clock.now += next_s
    assert seen == [True, False] * 3
    signals.light(LampName.CARD_READER, FlashRate.OFF)
    assert signals.beat() is None
    assert shining(device) == set()


def test_the_next_beat_is_that_of_the_lamp_that_changes_first(signals, clock):
    signals.light(LampName.CARD_READER, FlashRate.SLOW)
    signals.light(LampName.STATUS_GOOD, FlashRate.QUICK)
    clock.now = 0.1
    assert signals.beat() == pytest.approx(0.15)


def test_all_lamps_are_off_after_a_loss_and_can_be_told_again(device, signals):
    signals.light(LampName.CARD_READER, FlashRate.CONTINUOUS)
    device.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        signals.inputs()
    device.set_fault("unplugged", on=False)
    signals.close()
    signals.open()
    assert {lamp.rate for lamp in signals.lamps()} == {FlashRate.OFF}
    signals.light(LampName.CARD_READER, FlashRate.CONTINUOUS)
    assert shining(device) == {"card_reader"}


def test_a_lamp_whose_answer_was_lost_is_told_again_by_the_next_beat():
    on, off = "01050000FF008C3A", "010500000000CDCA"
    line = recording(
        f"""
        > {off}
        < {off}
        > {on}
        > {on}
        > {on}
        > {on}
        < {on}
        """
    )
    board = Board(lamps={LampName.FASCIA: {None: 0}})
    signals = ModbusSignals(lambda: ModbusLine(line, Framing.RTU), board)
    signals.open()
    with pytest.raises(DeviceAbsentError):
        signals.light(LampName.FASCIA, FlashRate.CONTINUOUS)
    assert signals.beat() is None
    assert line.finished()


def test_a_board_that_restarted_is_told_its_lamps_again(device, signals):
    signals.light(LampName.CARD_READER, FlashRate.CONTINUOUS)
    device.power_lost()
    assert shining(device) == set()
    assert signals.health().state is DeviceState.ONLINE
    assert shining(device) == {"card_reader"}


def test_a_board_of_lamps_alone_is_asked_by_telling_them_again():
    off = "010500000000CDCA"
    line = recording(f"> {off}\n< {off}\n> {off}\n< {off}\n" + f"> {off}\n" * 3)
    board = Board(lamps={LampName.FASCIA: {None: 0}})
    signals = ModbusSignals(lambda: ModbusLine(line, Framing.RTU), board)
    signals.open()
    assert signals.health().state is DeviceState.ONLINE
    assert signals.health().state is DeviceState.NO_DEVICE


def test_the_self_test_lights_each_lamp_and_reads_each_input(device, signals, monkeypatch):
    monkeypatch.setattr("hardware.self_tests.LAMP_S", 0.0)
    seen: list[set[str]] = []
    said: list[str] = []

    class Watching(Event):
        def wait(self, timeout: float | None = None) -> bool:
            seen.append(shining(device))
            return super().wait(timeout)

    outcome = SELF_TESTS[Kind.SIGNALS].run(signals, said.append, Watching())
    assert seen == [{"card_reader"}, {"status_good green"}, {"status_good red"}]
    assert said == ["look: card_reader", "look: status_good green", "look: status_good red"]
    assert shining(device) == set()
    assert outcome.startswith("3 lamps lit, outer_door closed, ")
    assert "proximity notPresent" in look(Kind.SIGNALS, signals)


def test_a_cancelled_self_test_leaves_no_lamp_lit(device, signals):
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        SELF_TESTS[Kind.SIGNALS].run(signals, lambda _: None, cancelled)
    assert shining(device) == set()


def test_the_catalogue_reads_the_wiring(device, framing):
    scheme = "tcp" if framing is Framing.TCP else "socket"
    made = make("modbus_signals", f"{scheme}://127.0.0.1:{device.port}", OPTIONS)
    made.open()
    assert isinstance(made, ModbusSignals)
    assert set(made.inputs()) == set(BOARD.inputs)
    made.close()
    with pytest.raises(ValueError, match="attic"):
        make("modbus_signals", "tcp://127.0.0.1", {"inputs": {"attic": 1}})
