"""Cabinets and magazines through random faults: no second pulse, no card lost, no wrong word."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hardware.cabinet import cu16, lock_boards, locks_8a, modbus_locks
from hardware.cabinet.cu16 import Cu16
from hardware.cabinet.interface import Cabinet
from hardware.cabinet.locks_8a import Locks8a, Wiring
from hardware.cabinet.modbus_locks import ModbusLocks, RelayWiring
from hardware.core import modbus
from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError, DeviceError
from hardware.core.modbus import Framing, ModbusLine
from hardware.core.transport import Transport
from hardware.simulation.devices import KINDS
from hardware.simulation.line import LineFault
from hardware.simulation.lock_cabinet import SimulatedCabinet
from hardware.simulation.world import ImpossibleError, World
from tests.support.hardware import line_to
from tests.support.schedules import SCHEDULES, Trouble

NAME = "x.cabinet"
FEEDER = "x.presenter.feeder"
BIN = {"kind": "magazine", "drops_into": FEEDER, "pulse_s": 0.05}
SLOTS, CARDS, DEEDS = 16, 6, 4
HONEST = {
    "unplugged",
    "jammed",
    "board_missing",
    LineFault.MUTE,
    LineFault.DEAF,
    LineFault.CUT,
    LineFault.CHOPPED,
}
"""Those under which the truth is not bent: a lie with a sound checksum nobody can tell."""

RELAYS = RelayWiring(8, item_input=8, pulse_s=0.01)


def relays(connect: Callable[[], Transport]) -> Cabinet:
    return ModbusLocks(
        lambda: ModbusLine(connect(), Framing.RTU, modbus.ANSWER_TIMEOUT_S), SLOTS, RELAYS, 0.06
    )


Make = Callable[[Callable[[], Transport]], Cabinet]
FAMILIES: dict[str, tuple[Make, dict[str, Any]]] = {
    "cu16": (lambda connect: Cu16(connect, SLOTS, 0.06), {"boards": 1}),
    "locks_8a": (
        lambda connect: Locks8a(connect, SLOTS, Wiring(8, sensor_address=9), 0.06),
        {"slots": SLOTS, "locks": 8, "sensor_board": 9, "reports": True},
    ),
    "modbus_locks": (relays, {"slots": SLOTS, "locks": 8, "framing": "rtu"}),
}


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boards on this machine answer in no time: wait less for those that do not."""
    for module in (cu16, locks_8a):
        monkeypatch.setattr(module, "ANSWER_TIMEOUT_S", 0.02)
        monkeypatch.setattr(module, "SETTLE_S", 0.005)
    for module in (locks_8a, modbus):
        monkeypatch.setattr(module, "TURNAROUND_S", 0.001)
    monkeypatch.setattr(modbus, "ANSWER_TIMEOUT_S", 0.02)
    monkeypatch.setattr(modbus, "REST_TIMEOUT_S", 0.02)
    monkeypatch.setattr(modbus, "QUIET_S", 0.005)
    monkeypatch.setattr(modbus_locks, "SHORTEST_PULSE_S", 0.01)
    monkeypatch.setattr(lock_boards, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(World, "_save", lambda _: None)  # the disk is not what is tested here


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("is_magazine", [False, True], ids=["cabinet", "magazine"])
@pytest.mark.parametrize("family", FAMILIES)
def test_no_schedule_of_faults_loses_a_card_or_pulses_twice(
    tmp_path: Path, family: str, is_magazine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, options = FAMILIES[family]
    outcomes: dict[str, int] = {}
    for seed in range(SCHEDULES):
        world = World(tmp_path / str(seed))
        device: Any = KINDS[family](NAME, 0, world, options | (BIN if is_magazine else {}))
        device.start()
        cabinet = make(line_to(device))
        try:
            _live_through(seed, device, cabinet, world, is_magazine, outcomes)
            with monkeypatch.context() as patience:  # a busy machine must not look like a fault
                for module in (cu16, locks_8a, modbus):
                    patience.setattr(module, "ANSWER_TIMEOUT_S", 5.0)
                patience.setattr(modbus, "REST_TIMEOUT_S", 5.0)
                _truth_at_last(device, cabinet, world)
        finally:
            cabinet.close()
            device.stop()
    print(f"{family} magazine={is_magazine}: {SCHEDULES} schedules, {outcomes}")
    assert outcomes.get("done", 0) > 0
    assert sum(outcomes.values()) > outcomes.get("done", 0) or SCHEDULES < 5


def _live_through(
    seed: int,
    device: SimulatedCabinet,
    cabinet: Cabinet,
    world: World,
    is_magazine: bool,
    outcomes: dict[str, int],
) -> None:
    trouble = Trouble(device, seed, HONEST)
    dice = trouble.dice
    slots = dice.sample(range(1, SLOTS + 1), CARDS)
    cards = {world.add("card", f"{NAME}.slot.{slot}", {}).id for slot in slots}
    for _ in range(DEEDS):
        trouble.strike()
        number = dice.randint(1, SLOTS)
        outcome = _unlock(device, cabinet, number)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if not is_magazine and outcome == "done":
            _a_hand(device, number, bool(dice.randint(0, 1)))
        assert {thing.id for thing in world.all()} == cards, "a card was lost"
        places = [thing.place for thing in world.all() if thing.place.startswith(f"{NAME}.slot.")]
        assert len(places) == len(set(places)), "two cards in one slot"
    trouble.end()


def _unlock(device: SimulatedCabinet, cabinet: Cabinet, number: int) -> str:
    """Unlock as an impatient caller would; returns the word for what came of it."""
    before, was_open = device.pulses, set(device.state()["open"])
    held = device.state()["items"].get(str(number))
    word = "done"
    try:
        cabinet.open()
        cabinet.unlock(number)
    except DeviceError as error:
        word = getattr(error, "reason", type(error).__name__)
        if isinstance(error, DeviceAbsentError):
            cabinet.close()
    assert device.pulses - before <= 1, "a lock was pulsed twice within one call"
    if word == "done" and number not in was_open:
        state = device.state()
        dropped = held is not None and state["items"].get(str(number)) is None
        assert dropped or device.pulses == before + 1, "unlocked without a pulse"
    if word == "jam":
        assert device.state()["items"].get(str(number)) == held, "a jam whose card has gone"
    return word


def _a_hand(device: SimulatedCabinet, number: int, takes: bool) -> None:
    """Take the card from the open slot or leave it, and put it back; then shut the door."""
    try:
        if takes:
            card = device.act("take", {"slot": number, "hand": "clerk"})["thing"]
            device.act("put", {"slot": number, "thing": card})
    except ImpossibleError:
        pass  # the slot was empty
    device.act("close", {"slot": number})


def _truth_at_last(device: SimulatedCabinet, cabinet: Cabinet, world: World) -> None:
    """With every fault gone, the sensors say what is so."""
    cabinet.close()
    cabinet.open()
    state = device.state()
    for slot in cabinet.slots():
        assert slot.item is (Seen.YES if str(slot.number) in state["items"] else Seen.NO)
    if "service_door_open" not in state:
        open_slots = {slot.number for slot in cabinet.slots() if slot.locked is Seen.NO}
        assert open_slots == set(state["open"])
    assert len(world.all()) == CARDS
    assert not state.get("energised"), "a lock was left under current"
