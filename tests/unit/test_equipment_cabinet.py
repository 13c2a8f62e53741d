"""Slots of a real driver on simulated boards: put, taken, wrong, jammed, absent."""

from threading import Event, Timer

import pytest

from common.equipment.cabinet import Hand, SlotDesk, SlotOutcome
from hardware.cabinet.cu16 import Cu16
from hardware.cabinet.interface import Cabinet
from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.world import World
from tests.support.hardware import line_to


class Rig:
    def __init__(self, folder):
        self.world = World(folder)
        self.boards = SimulatedLockBoards("cab", 0, self.world, {"slots": 4, "pulse_s": 0.02})
        self.boards.start()
        driver = Cu16(line_to(self.boards), 4, jammed_after_s=0.3)
        self.keeper: Keeper[Cabinet] = Keeper("cabinet", lambda: driver, lambda _: None)
        self.desk = SlotDesk(self.keeper)

    def card_in(self, slot):
        return self.world.add("card", f"cab.slot.{slot}", {})

    def put(self, slot):
        card = self.world.add("card", "hand.officer", {})
        self.boards.act("put", {"thing": card.id, "slot": slot})

    def take(self, slot):
        self.boards.act("take", {"slot": slot, "hand": "officer"})


@pytest.fixture
def cabinet(tmp_path):
    found = Rig(tmp_path)
    yield found
    found.keeper.close()
    found.boards.stop()


def test_the_lowest_empty_slot_is_free(cabinet):
    cabinet.card_in(1)
    assert cabinet.desk.free_slot() == 2
    assert cabinet.desk.filled() == {1}
    for slot in (2, 3, 4):
        cabinet.card_in(slot)
    assert cabinet.desk.free_slot() is None


def test_a_card_put_into_the_open_slot_is_seen(cabinet):
    cabinet.desk.open(2)
    before = cabinet.desk.filled()
    hand = Timer(0.05, lambda: cabinet.put(2))
    hand.start()
    assert cabinet.desk.wait_put(2, before, 5, Event()) == Hand(SlotOutcome.DONE, 2)
    hand.join()
    assert cabinet.desk.holds(2) is Seen.YES


def test_a_card_taken_from_the_open_slot_is_seen(cabinet):
    cabinet.card_in(3)
    cabinet.desk.open(3)
    before = cabinet.desk.filled()
    cabinet.take(3)
    assert cabinet.desk.wait_taken(3, before, 5, Event()) == Hand(SlotOutcome.DONE, 3)


def test_another_slot_is_told_apart(cabinet):
    cabinet.card_in(1)
    cabinet.card_in(2)
    before = cabinet.desk.filled()
    for slot in (1, 2, 3):
        cabinet.desk.open(slot)
    cabinet.take(2)
    assert cabinet.desk.wait_taken(1, before, 5, Event()) == Hand(SlotOutcome.OTHER_SLOT, 2)
    before = cabinet.desk.filled()
    cabinet.put(3)
    assert cabinet.desk.wait_put(2, before, 5, Event()) == Hand(SlotOutcome.OTHER_SLOT, 3)


def test_nothing_within_the_time_is_an_answer_and_a_cancelled_wait_ends(cabinet):
    assert cabinet.desk.wait_put(1, frozenset(), 0, Event()).outcome is SlotOutcome.NOTHING
    left = Event()
    left.set()
    with pytest.raises(RequestCancelledError):
        cabinet.desk.wait_put(1, frozenset(), 60, left)


def test_a_jammed_lock_and_an_absent_board_are_told(cabinet):
    cabinet.boards.set_fault("jammed", True)
    with pytest.raises(DeviceFaultError, match="jam"):
        cabinet.desk.open(1)
    cabinet.boards.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        cabinet.desk.holds(1)
