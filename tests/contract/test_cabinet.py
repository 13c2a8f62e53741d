"""The promises of hardware.cabinet.interface.Cabinet, kept by the CU16 driver."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cabinet.cu16 import Cu16, request_frame, status_bits
from hardware.cabinet.interface import Cabinet, Slot
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceFaultError
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.world import ImpossibleError, Thing, World
from tests.support.hardware import line_to, nobody_listens, recording

NAME = "collection-1.cabinet"
FEEDER = "collection-1.presenter.feeder"
MAGAZINE = {"kind": "magazine", "slots": 40, "drops_into": FEEDER, "pulse_s": 0.3}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def boards(world: World) -> Iterator[Callable[..., SimulatedLockBoards]]:
    started: list[SimulatedLockBoards] = []

    def start(**options: Any) -> SimulatedLockBoards:
        device = SimulatedLockBoards(NAME, 0, world, options)
        device.start()
        started.append(device)
        return device

    yield start
    for device in started:
        device.stop()


@pytest.fixture
def opened() -> Iterator[Callable[..., Cabinet]]:
    cabinets: list[Cabinet] = []

    def open_(device: SimulatedLockBoards, slots: int) -> Cabinet:
        cabinet = Cu16(line_to(device), slots, jammed_after_s=0.3)
        cabinet.open()
        cabinets.append(cabinet)
        return cabinet

    yield open_
    for cabinet in cabinets:
        cabinet.close()


def card(world: World, place: str = "hand.clerk") -> Thing:
    return world.add("card", place, {"label": ""})


@pytest.mark.parametrize("answers_unlock", [False, True])
@pytest.mark.parametrize("number", [1, 16, 17, 40])
def test_a_door_opens_for_a_card_and_locks_again(world, boards, opened, number, answers_unlock):
    device = boards(slots=40, answers_unlock=answers_unlock)
    cabinet = opened(device, 40)
    thing = card(world)
    with pytest.raises(ImpossibleError, match="locked"):
        device.act("put", {"thing": thing.id, "slot": number})
    cabinet.unlock(number)
    assert cabinet.slot(number) == Slot(number, Seen.NO, Seen.NO)
    device.act("put", {"thing": thing.id, "slot": number})
    device.act("close", {"slot": number})
    assert cabinet.slot(number) == Slot(number, Seen.YES, Seen.YES)
    with pytest.raises(ImpossibleError, match="locked"):
        device.act("take", {"slot": number, "hand": "thief"})


@pytest.mark.parametrize("size", [{"slots": 40}, {"boards": 3}])
def test_every_slot_is_seen(world, boards, opened, size):
    device = boards(**size)
    for number in (1, 16, 17, 40):
        card(world, f"{NAME}.slot.{number}")
    cabinet = opened(device, 40)
    slots = cabinet.slots()
    assert [slot.number for slot in slots] == list(range(1, 41))
    assert [slot.number for slot in slots if slot.item is Seen.YES] == [1, 16, 17, 40]
    assert {slot.locked for slot in slots} == {Seen.YES}


def test_an_open_slot_is_not_pulsed_again(boards, opened):
    device = boards()
    cabinet = opened(device, 16)
    cabinet.unlock(3)
    cabinet.unlock(3)
    assert device.pulses == 1


def test_a_magazine_drops_its_card_and_closes_itself(world, boards, opened):
    device = boards(**MAGAZINE)
    thing = card(world)
    with pytest.raises(ImpossibleError, match="service door"):
        device.act("put", {"thing": thing.id, "slot": 33})
    device.act("open_service_door", {})
    device.act("put", {"thing": thing.id, "slot": 33})
    with pytest.raises(ImpossibleError, match="taken"):
        device.act("put", {"thing": card(world).id, "slot": 33})
    device.act("close_service_door", {})
    cabinet = opened(device, 40)
    cabinet.unlock(33)
    assert thing.place == FEEDER
    assert cabinet.slot(33).item is Seen.NO


def test_a_pulse_too_short_to_be_seen_is_proved_by_the_fallen_card(world, boards, opened):
    device = boards(**{**MAGAZINE, "pulse_s": 0.0})
    card(world, f"{NAME}.slot.5")
    opened(device, 40).unlock(5)
    assert len(world.at(FEEDER)) == 1


def test_a_jam_is_pulsed_once_and_told(world, boards, opened):
    device = boards(**MAGAZINE)
    thing = card(world, f"{NAME}.slot.2")
    cabinet = opened(device, 40)
    device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError) as caught:
        cabinet.unlock(2)
    assert caught.value.reason == "jam"
    assert device.pulses == 1
    assert thing.place == f"{NAME}.slot.2"
    device.set_fault("jammed", on=False)
    cabinet.unlock(2)
    assert thing.place == FEEDER


def test_a_blind_sensor_shows_what_it_saw_last(world, boards, opened):
    device = boards()
    cabinet = opened(device, 16)
    thing = card(world, f"{NAME}.slot.2")
    device.set_fault("sensor_blind", on=True)
    world.move(thing, "hand.clerk")
    assert cabinet.slot(2).item is Seen.YES
    device.set_fault("sensor_blind", on=False)
    assert cabinet.slot(2).item is Seen.NO


def test_an_unplugged_cabinet_is_absent_and_comes_back(boards, opened):
    device = boards()
    cabinet = opened(device, 16)
    assert cabinet.health().state is DeviceState.ONLINE
    device.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        cabinet.slots()
    assert cabinet.health().state is DeviceState.NO_DEVICE
    device.set_fault("unplugged", on=False)
    cabinet.close()
    cabinet.open()
    assert len(cabinet.slots()) == 16


def test_doors_stay_open_when_the_boards_lose_power(world, boards, opened):
    opened(boards(), 16).unlock(7)
    later = SimulatedLockBoards(NAME, 0, World(world.folder), {})
    assert later.state()["open"] == [7]


def test_a_board_that_is_not_there_is_absent(boards):
    with pytest.raises(DeviceAbsentError, match="board 1"):
        Cu16(line_to(boards(slots=16)), 17).open()
    with pytest.raises(DeviceAbsentError):
        Cu16(nobody_listens(), 16).open()


def test_opening_and_closing_twice_does_no_harm(boards):
    cabinet = Cu16(line_to(boards()), 16)
    cabinet.open()
    cabinet.open()
    cabinet.close()
    cabinet.close()
    with pytest.raises(DeviceAbsentError):
        cabinet.slots()
    assert cabinet.health().state is DeviceState.NO_DEVICE


def test_slots_that_are_not_there(boards, opened):
    device = boards()
    with pytest.raises(ValueError, match="slot 17"):
        opened(device, 16).unlock(17)
    with pytest.raises(ValueError, match="256"):
        Cu16(line_to(device), 257)
    with pytest.raises(LookupError):
        device.act("take", {"slot": 17, "hand": "clerk"})
    with pytest.raises(LookupError):
        device.act("open_service_door", {})


def test_the_bytes_of_the_manual():
    line = recording(
        """
        > 0200300335
        < 020035FFFF800003B8
        > 0200300335
        < 020035FFFF800003B8
        > 020F310345
        > 0200300335
        < 020035FFFF800003B8
        > 0200300335
        < 020035FF7F80000338
        """
    )
    cabinet = Cu16(lambda: line, 16)
    cabinet.open()
    cabinet.unlock(16)
    assert line.finished()


def test_a_garbled_status_is_asked_for_again_and_then_reported():
    good = "> 0200300335\n< 020035FFFF800003B8\n"
    bad = "> 0200300335\n< 020035FFFF800003B9\n"
    line = recording(good + bad + bad + good + bad * 3)
    cabinet = Cu16(lambda: line, 16)
    cabinet.open()
    assert cabinet.slot(8).item is Seen.YES
    with pytest.raises(BadReplyError):
        cabinet.slots()
    assert line.finished()


@pytest.mark.parametrize(
    "answer",
    ["021035FFFF800003C8", "020036FFFF800003B9", "020035FFFF800004B9", "030035FFFF800003B9"],
)
def test_only_a_status_of_this_board_is_believed(answer):
    assert status_bits(bytes.fromhex("021035FFFF800003C8"), 1) == (0xFFFF, 0x0080)
    assert status_bits(bytes.fromhex(answer), 0) is None


def test_boards_are_silent_on_broken_requests(boards):
    device = boards()
    line = line_to(device)()
    for broken in ("0200310337", "0210300345", "0200310436", "FF"):
        line.write(bytes.fromhex(broken))
    line.write(bytes.fromhex("F20200300335"))
    assert line.read(9, 1.0) == bytes.fromhex("020035FFFF00000338")
    assert device.pulses == 0
    line.close()


@pytest.mark.parametrize(
    ("board", "lock", "request_code", "printed"),
    [(0, 0, 0x30, "0200300335"), (0, 0, 0x31, "0200310336"), (2, 2, 0x31, "0222310358")],
)
def test_requests_of_the_manual(board, lock, request_code, printed):
    assert request_frame(board, lock, request_code).hex() == printed


@given(st.binary(max_size=12), st.integers(0, 15))
def test_no_bytes_break_the_status_reader(data, board):
    assert status_bits(data, board) is None or data[2] == 0x35
