"""The promises of hardware.cabinet.interface.Cabinet, kept by every driver of lock boards."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hardware.cabinet.cu16 import Cu16
from hardware.cabinet.interface import AlarmReason, Cabinet, Slot
from hardware.cabinet.locks_8a import Locks8a, Polarity, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.cabinet.slot_watch import SlotWatch
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.core.modbus import Framing, ModbusLine
from hardware.core.transport import Transport
from hardware.simulation.devices import KINDS
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.world import ImpossibleError, Thing, World
from tests.support.hardware import line_to, nobody_listens

NAME = "collection-1.cabinet"
FEEDER = "collection-1.presenter.feeder"
MAGAZINE = {"kind": "magazine", "drops_into": FEEDER, "pulse_s": 0.3}
SLOTS = 40
JAMMED_AFTER_S = 0.3


@dataclass(frozen=True, slots=True)
class Family:
    """One way to build a cabinet of forty slots out of boards."""

    name: str
    make: Callable[[Callable[[], Transport], SlotWatch | None], Cabinet]
    simulation: str
    locks: int
    options: Mapping[str, Any] = field(default_factory=dict)


def cu16(jammed_after_s: float) -> Callable[..., Cabinet]:
    return lambda connect, watch: Cu16(connect, SLOTS, jammed_after_s, watch=watch)


def locks_8a(polarity: Polarity, locks: int) -> Callable[..., Cabinet]:
    wiring = Wiring(locks, 3, 20, polarity, polarity)
    return lambda connect, watch: Locks8a(connect, SLOTS, wiring, JAMMED_AFTER_S, watch)


def relays(framing: Framing, timed_coil: int | None = None) -> Callable[..., Cabinet]:
    wiring = RelayWiring(16, item_input=16, pulse_s=0.1, timed_coil=timed_coil)

    def make(connect: Callable[[], Transport], watch: SlotWatch | None) -> Cabinet:
        line = lambda: ModbusLine(connect(), framing, 0.3)  # noqa: E731 (a line made anew each time)
        return ModbusLocks(line, SLOTS, wiring, JAMMED_AFTER_S, watch)

    return make


FAMILIES = (
    Family("cu16", cu16(0.3), "cu16", 16),
    Family("cu16_answering", cu16(0.3), "cu16", 16, {"answers_unlock": True}),
    Family("cu16_busy", cu16(1.2), "cu16", 16, {"busy_after_unlock": True}),
    Family(
        "locks_8a",
        locks_8a(Polarity.CLOSED_11, 24),
        "locks_8a",
        24,
        {"locks": 24, "first_address": 3, "sensor_board": 20},
    ),
    Family(
        "locks_8a_other",
        locks_8a(Polarity.CLOSED_00, 12),
        "locks_8a",
        12,
        {"locks": 12, "first_address": 3, "sensor_board": 20, "reports": True}
        | {"polarity": "closed_00", "item_polarity": "closed_00"},
    ),
    Family("modbus_tcp", relays(Framing.TCP), "modbus_locks", 16, {"locks": 16}),
    Family("modbus_rtu", relays(Framing.RTU), "modbus_locks", 16, {"locks": 16, "framing": "rtu"}),
    Family(
        "modbus_timed",
        relays(Framing.RTU, 0x200),
        "modbus_locks",
        16,
        {"locks": 16, "framing": "rtu", "timed_coil": 0x200},
    ),
)

one_of_each = pytest.mark.parametrize(
    "family",
    [family for family in FAMILIES if family.name in {"cu16", "locks_8a_other", "modbus_rtu"}],
    ids=lambda family: family.name,
    indirect=True,
)
"""For what the families share: one of each protocol is enough."""


@pytest.fixture(params=FAMILIES, ids=lambda family: family.name)
def family(request: pytest.FixtureRequest) -> Family:
    found: Family = request.param
    return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def boards(world: World, family: Family) -> Iterator[Callable[..., SimulatedCabinet]]:
    started: list[SimulatedCabinet] = []

    def start(**options: Any) -> SimulatedCabinet:
        plan = {"slots": SLOTS} | dict(family.options) | options
        device: Any = KINDS[family.simulation](NAME, 0, world, plan)
        device.start()
        started.append(device)
        return device

    yield start
    for device in started:
        device.stop()


@pytest.fixture
def opened(family: Family) -> Iterator[Callable[..., Cabinet]]:
    cabinets: list[Cabinet] = []

    def open_(device: SimulatedCabinet, watch: SlotWatch | None = None) -> Cabinet:
        cabinet = family.make(line_to(device), watch)
        cabinets.append(cabinet)
        cabinet.open()
        return cabinet

    yield open_
    for cabinet in cabinets:
        cabinet.close()


def card(world: World, place: str = "hand.clerk") -> Thing:
    return world.add("card", place, {"label": ""})


def last_of_board(family: Family, board: int) -> int:
    return (board + 1) * family.locks


@pytest.mark.parametrize("where", ["first", "end of a board", "begin of a board", "last"])
def test_a_door_opens_for_a_card_and_locks_again(world, boards, opened, family, where):
    number = {"first": 1, "last": SLOTS, "end of a board": last_of_board(family, 0)}.get(
        where, last_of_board(family, 0) + 1
    )
    device = boards()
    cabinet = opened(device)
    thing = card(world)
    with pytest.raises(ImpossibleError, match="locked"):
        device.act("put", {"thing": thing.id, "slot": number})
    cabinet.unlock(number)
    assert cabinet.slot(number) == Slot(number, Seen.NO, Seen.NO)
    assert device.state()["open"] == [number]
    device.act("put", {"thing": thing.id, "slot": number})
    device.act("close", {"slot": number})
    assert cabinet.slot(number) == Slot(number, Seen.YES, Seen.YES)
    with pytest.raises(ImpossibleError, match="locked"):
        device.act("take", {"slot": number, "hand": "thief"})
    assert device.pulses == 1


def test_every_slot_is_seen(world, boards, opened, family):
    device = boards()
    full = [1, family.locks, family.locks + 1, SLOTS]
    for number in full:
        card(world, f"{NAME}.slot.{number}")
    device.act("force", {"slot": 9})
    slots = opened(device).slots()
    assert [slot.number for slot in slots] == list(range(1, SLOTS + 1))
    assert [slot.number for slot in slots if slot.item is Seen.YES] == full
    assert [slot.number for slot in slots if slot.locked is Seen.NO] == [9]
    assert not [slot for slot in slots if Seen.UNKNOWN in (slot.locked, slot.item)]


def test_an_open_slot_is_not_pulsed_again(boards, opened):
    device = boards()
    cabinet = opened(device)
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
    cabinet = opened(device)
    cabinet.unlock(33)
    assert thing.place == FEEDER
    assert cabinet.slot(33).item is Seen.NO
    assert device.pulses == 1


def test_a_pulse_too_short_to_be_seen_is_proved_by_the_fallen_card(world, boards, opened):
    device = boards(**{**MAGAZINE, "pulse_s": 0.0})
    card(world, f"{NAME}.slot.5")
    opened(device).unlock(5)
    assert len(world.at(FEEDER)) == 1


def test_a_jam_is_pulsed_once_and_told(world, boards, opened):
    device = boards(**MAGAZINE)
    thing = card(world, f"{NAME}.slot.2")
    cabinet = opened(device)
    device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError) as caught:
        cabinet.unlock(2)
    assert caught.value.reason == "jam"
    assert device.pulses == 1
    assert thing.place == f"{NAME}.slot.2"
    device.set_fault("jammed", on=False)
    cabinet.unlock(2)
    assert thing.place == FEEDER


@one_of_each
def test_lock_sensors_that_are_stuck_make_an_unlock_a_jam(boards, opened):
    device = boards()
    cabinet = opened(device)
    device.set_fault("locks_stuck", on=True)
    with pytest.raises(DeviceFaultError, match="jam"):
        cabinet.unlock(2)
    assert device.pulses == 1
    device.set_fault("locks_stuck", on=False)
    assert cabinet.slot(2).locked is Seen.NO


@one_of_each
def test_a_blind_sensor_shows_what_it_saw_last(world, boards, opened):
    device = boards()
    cabinet = opened(device)
    thing = card(world, f"{NAME}.slot.2")
    device.set_fault("sensor_blind", on=True)
    world.move(thing, "hand.clerk")
    assert cabinet.slot(2).item is Seen.YES
    device.set_fault("sensor_blind", on=False)
    assert cabinet.slot(2).item is Seen.NO


@one_of_each
def test_a_missing_board_makes_its_slots_unknown_and_no_others(world, boards, opened, family):
    device = boards()
    device.set_fault("board_missing", on=True)
    cabinet = opened(device)
    there = (SLOTS - 1) // family.locks * family.locks
    slots = cabinet.slots()
    assert [slot.number for slot in slots] == list(range(1, SLOTS + 1))
    assert {slot.number for slot in slots if slot.locked is Seen.UNKNOWN} == set(
        range(there + 1, SLOTS + 1)
    )
    assert cabinet.slot(SLOTS) == Slot(SLOTS, Seen.UNKNOWN, Seen.UNKNOWN)
    assert cabinet.slot(1).locked is Seen.YES
    health = cabinet.health()
    assert health.state is DeviceState.HARDWARE_ERROR
    assert "board" in health.detail
    with pytest.raises(DeviceFaultError) as caught:
        cabinet.unlock(SLOTS)
    assert caught.value.reason == "missing"
    assert device.pulses == 0
    cabinet.unlock(1)
    device.set_fault("board_missing", on=False)
    cabinet.unlock(SLOTS)
    assert cabinet.health().state is DeviceState.ONLINE
    assert device.pulses == 2


def test_an_unplugged_cabinet_is_absent_and_comes_back(boards, opened):
    device = boards()
    cabinet = opened(device)
    assert cabinet.health().state is DeviceState.ONLINE
    device.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        cabinet.slots()
    with pytest.raises(DeviceAbsentError):
        cabinet.unlock(1)
    assert cabinet.health().state is DeviceState.NO_DEVICE
    device.set_fault("unplugged", on=False)
    cabinet.close()
    cabinet.open()
    assert len(cabinet.slots()) == SLOTS
    assert device.pulses == 0


@one_of_each
def test_doors_stay_open_when_the_boards_lose_power(world, boards, opened, family):
    opened(boards()).unlock(7)
    later = KINDS[family.simulation](NAME, 0, World(world.folder), family.options)
    assert later.state()["open"] == [7]


def test_nobody_at_the_address(family):
    with pytest.raises(DeviceAbsentError):
        family.make(nobody_listens(), None).open()


@one_of_each
def test_slots_that_are_not_there(boards, opened):
    device = boards()
    with pytest.raises(ValueError, match="slot 41"):
        opened(device).unlock(41)
    with pytest.raises(LookupError):
        device.act("take", {"slot": 41, "hand": "clerk"})
    with pytest.raises(LookupError):
        device.act("open_service_door", {})


# Alarms


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def told(cabinet: Cabinet) -> list[tuple[int, AlarmReason]]:
    """The alarms of two looks: the second one believes what the first one doubted."""
    return [(alarm.slot.number, alarm.reason) for _ in range(2) for alarm in cabinet.alarms()]


@one_of_each
def test_what_an_unlock_explains_is_no_alarm(world, boards, opened):
    device = boards()
    clock = Clock()
    cabinet = opened(device, SlotWatch(60.0, clock))
    thing = card(world)
    cabinet.unlock(4)
    assert told(cabinet) == []
    device.act("put", {"thing": thing.id, "slot": 4})
    assert told(cabinet) == []
    device.act("close", {"slot": 4})
    clock.now += 10
    assert told(cabinet) == []
    cabinet.unlock(4)
    device.act("take", {"slot": 4, "hand": "clerk"})
    device.act("close", {"slot": 4})  # all of it between two looks
    assert told(cabinet) == []


@one_of_each
def test_a_card_that_falls_from_a_magazine_is_no_alarm(world, boards, opened):
    device = boards(**MAGAZINE)
    card(world, f"{NAME}.slot.5")
    cabinet = opened(device)
    cabinet.unlock(5)
    assert told(cabinet) == []


@one_of_each
def test_a_forced_door_and_a_stolen_card_are_told_once(world, boards, opened):
    card(world, f"{NAME}.slot.6")
    card(world, f"{NAME}.slot.8")
    device = boards()
    cabinet = opened(device)
    assert told(cabinet) == []
    device.act("force", {"slot": 6})
    device.act("steal", {"slot": 8, "hand": "thief"})
    assert told(cabinet) == [(6, AlarmReason.FORCED), (8, AlarmReason.ITEM_CHANGED)]
    assert told(cabinet) == []
    device.act("take", {"slot": 6, "hand": "thief"})
    assert told(cabinet) == [(6, AlarmReason.ITEM_CHANGED)]


@one_of_each
def test_an_item_sensor_that_flickers_is_no_alarm(world, boards, opened):
    card(world, f"{NAME}.slot.8")
    device = boards()
    cabinet = opened(device)
    device.set_fault("sensor_flickers", on=True)
    seen = {cabinet.slot(8).item for _ in range(4)}
    assert seen == {Seen.YES, Seen.NO}
    assert told(cabinet) == told(cabinet) == []


@one_of_each
def test_an_unlock_of_one_slot_does_not_excuse_another_nor_a_later_theft(world, boards, opened):
    card(world, f"{NAME}.slot.8")
    device = boards()
    clock = Clock()
    cabinet = opened(device, SlotWatch(60.0, clock))
    cabinet.unlock(8)
    device.act("close", {"slot": 8})
    device.act("force", {"slot": 9})
    assert told(cabinet) == [(9, AlarmReason.FORCED)]
    clock.now += 10
    assert told(cabinet) == []
    device.act("steal", {"slot": 8, "hand": "thief"})
    assert told(cabinet) == [(8, AlarmReason.ITEM_CHANGED)]


@one_of_each
def test_an_unlock_that_jammed_does_not_excuse_the_slot_for_ever(boards, opened):
    device = boards()
    clock = Clock()
    cabinet = opened(device, SlotWatch(60.0, clock))
    device.set_fault("jammed", on=True)
    for after_s, alarms in ((5, []), (31, [(2, AlarmReason.FORCED)])):
        with pytest.raises(DeviceFaultError, match="jam"):
            cabinet.unlock(2)
        clock.now += after_s
        device.act("force", {"slot": 2})
        assert told(cabinet) == alarms
        device.act("close", {"slot": 2})
        assert told(cabinet) == []
        clock.now += 10
        assert told(cabinet) == []


@one_of_each
def test_a_door_that_is_held_open_is_told_once_for_each_opening(boards, opened):
    device = boards()
    clock = Clock()
    cabinet = opened(device, SlotWatch(60.0, clock))
    for _ in range(2):
        cabinet.unlock(2)
        clock.now += 59
        assert told(cabinet) == []
        clock.now += 2
        assert told(cabinet) == [(2, AlarmReason.HELD_OPEN)]
        clock.now += 100
        assert told(cabinet) == []
        device.act("close", {"slot": 2})
        assert told(cabinet) == []


@one_of_each
def test_what_was_stolen_while_the_board_was_away_is_told_when_it_is_back(world, boards, opened):
    card(world, f"{NAME}.slot.{SLOTS}")
    device = boards()
    cabinet = opened(device)
    device.set_fault("board_missing", on=True)
    assert told(cabinet) == []
    device.act("steal", {"slot": SLOTS, "hand": "thief"})
    assert told(cabinet) == []
    device.set_fault("board_missing", on=False)
    assert told(cabinet) == [(SLOTS, AlarmReason.ITEM_CHANGED)]
