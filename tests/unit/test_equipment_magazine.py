"""Magazine and presenter over real drivers and simulated devices."""

from threading import Event

import pytest

from common.equipment.magazine import Magazine, PocketCount
from common.equipment.presenter import PresenterDesk
from hardware.cabinet.cu16 import Cu16
from hardware.core.device import Seen
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.lock_board import SimulatedLockBoards
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition, Supply
from tests.support.card_desks import NoZones, trust
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of


class Machine:
    def __init__(self, folder):
        self.world = World(folder)
        self.unit = SimulatedCardUnit("k.presenter", 0, self.world, {})
        self.boards = SimulatedLockBoards(
            "k.magazine", 0, self.world, {"kind": "magazine", "drops_into": "k.presenter.feeder"}
        )
        self.unit.start()
        self.boards.start()
        self.keepers = (
            keeper_of(Cu16(line_to(self.boards), 16)),
            keeper_of(Crt571(line_to(self.unit), 2.0)),
        )
        self.magazine = Magazine(self.keepers[0], drop_timeout_s=0.3)
        self.presenter = PresenterDesk(self.keepers[1], NoZones(), trust())

    def put(self, pocket):
        chip = {"chip": blank_chip("0A0B0C0D01020304")}
        return self.world.add("card", f"k.magazine.slot.{pocket}", chip)


@pytest.fixture
def machine(tmp_path):
    found = Machine(tmp_path)
    yield found
    for keeper in found.keepers:
        keeper.close()
    found.unit.stop()
    found.boards.stop()


def test_pockets_are_counted(machine):
    assert machine.magazine.free_pocket() == 1
    machine.put(1)
    machine.put(3)
    count = machine.magazine.count()
    assert count.filled == (1, 3)
    assert len(count.empty) == 14
    assert machine.magazine.free_pocket() == 2
    assert machine.magazine.holds(3) is Seen.YES
    assert machine.magazine.holds(2) is Seen.NO


def test_a_full_magazine_has_no_free_pocket(machine):
    for pocket in range(1, 17):
        machine.put(pocket)
    assert machine.magazine.free_pocket() is None


def test_a_dropped_card_is_fed_presented_and_taken(machine):
    card = machine.put(2)
    assert machine.presenter.feeder() is Supply.EMPTY
    assert machine.magazine.drop(2)
    assert machine.presenter.feeder() is Supply.LOW
    machine.presenter.feed()
    machine.presenter.feed()
    assert machine.presenter.position() is CardPosition.INSIDE
    assert machine.unit.motions == 1
    machine.presenter.give_back()
    machine.unit.act("take", {"hand": "person"})
    assert machine.presenter.wait_taken(1.0, Event())
    assert machine.world.get(card.id).place == "hand.person"


def test_a_jammed_lock_keeps_its_card(machine):
    machine.put(2)
    machine.boards.set_fault("jammed", True)
    with pytest.raises(DeviceError):
        machine.magazine.drop(2)
    assert machine.magazine.holds(2) is Seen.YES
    assert not machine.magazine.has_dropped(2)


def test_a_lost_answer_to_feeding_is_settled_by_the_sensors(machine):
    machine.put(2)
    assert machine.magazine.drop(2)
    machine.unit.set_fault("lost_answer", True)
    machine.presenter.feed()
    assert machine.unit.motions == 1


def test_a_card_that_is_put_in_is_seen(machine):
    before = machine.magazine.count()
    machine.put(5)
    assert machine.magazine.wait_for_card(before, 1.0, Event()) == (5,)
    with pytest.raises(DeviceTimeoutError):
        machine.magazine.wait_for_card(machine.magazine.count(), 0.0, Event())
    ended = Event()
    ended.set()
    with pytest.raises(RequestCancelledError):
        machine.magazine.wait_for_card(before, 1.0, ended)


def test_a_full_bin_is_known_beforehand(machine):
    assert machine.presenter.bin_takes_more()
    machine.unit.set_fault("bin_full", True)
    assert not machine.presenter.bin_takes_more()


def test_a_count_says_what_it_does_not_know():
    assert PocketCount((), (), (1,)).silent == (1,)
