"""Identity cards in domain words: a real driver, a simulated unit, simulated chips."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from common.domain.identity_number import IdentityNumber
from common.equipment.cards import CardDesk, CardHolder, CardUnreadable, holder_of
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, RequestCancelledError
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip, personalised_chip
from hardware.simulation.world import ImpossibleError, World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.lds import FingerRecord, encode
from tests.support.chips import SERIAL, content, minutiae
from tests.support.hardware import line_to
from tests.support.keepers import keeper_of

NAME = "kiosk-1.card_unit"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def unit(world: World) -> Iterator[SimulatedCardUnit]:
    unit = SimulatedCardUnit(NAME, 0, world, {"capacity": 3})
    unit.start()
    yield unit
    unit.stop()


@pytest.fixture
def desk(unit: SimulatedCardUnit) -> Iterator[CardDesk]:
    keeper = keeper_of(Crt571(line_to(unit), response_timeout_s=0.4))
    yield CardDesk(keeper)
    keeper.close()


def lay(world: World, chip: object = None, place: str = f"{NAME}.inside") -> str:
    chip = chip or personalised_chip(SERIAL, encode(good()))
    return world.add("card", place, {"label": "card", "chip": chip}).id


def test_the_holder_is_read_and_the_card_comes_back(desk, unit, world):
    lay(world)
    holder = desk.read_holder()
    assert isinstance(holder, CardHolder)
    assert holder.identity_number == IdentityNumber.parse("A123456(3)")
    assert (holder.surname, holder.given_names, holder.sex) == ("CHAN", "TAI MAN", "M")
    assert (holder.chinese_name, holder.date_of_birth) == ("陳大文", date(1961, 7, 1))
    assert [position for position, _ in holder.fingers] == [1, 6]
    assert holder.portrait_jpeg.startswith(b"\xff\xd8")
    assert holder.chip_serial == SERIAL
    assert "CHAN" not in repr(holder)
    desk.give_back()
    assert desk.position() is CardPosition.GATE
    unit.act("take", {"hand": "visitor"})
    assert desk.wait_taken(1.0, Event())


def test_a_card_is_drawn_in_when_somebody_inserts_it(desk, unit, world):
    card = lay(world, place="hand.visitor")
    ended = Event()

    def push() -> None:
        while not ended.wait(0.02):
            try:
                unit.act("insert", {"thing": card})
            except ImpossibleError:
                continue
            return

    hand = Thread(target=push)
    hand.start()
    try:
        assert desk.wait_for_card(5.0, Event())
    finally:
        ended.set()
        hand.join()
    assert desk.position() is CardPosition.INSIDE


def test_nobody_comes_and_the_caller_may_stop_waiting(desk):
    assert not desk.wait_for_card(0.1, Event())
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        desk.wait_for_card(5.0, cancelled)


def test_a_card_that_lies_at_the_gate_is_not_taken(desk, world):
    lay(world, place=f"{NAME}.gate")
    assert not desk.wait_taken(0.1, Event())


@pytest.mark.parametrize(
    ("chip", "reason"),
    [
        (blank_chip(SERIAL), "not_ours"),
        (personalised_chip(SERIAL, {0x011E: b"\x60\x03bad"}), "not_ours"),
    ],
)
def test_a_foreign_or_damaged_card_is_a_value(desk, world, chip, reason):
    lay(world, chip)
    assert desk.read_holder() == CardUnreadable(reason)
    desk.give_back()
    assert desk.position() is CardPosition.GATE


def test_a_dead_chip_is_a_value_and_the_card_comes_back(desk, unit, world):
    lay(world)
    unit.set_fault("chip_dead", True)
    assert desk.read_holder() == CardUnreadable("no_answer")
    desk.give_back()
    assert desk.position() is CardPosition.GATE


def test_content_that_makes_no_sense_is_not_believed():
    wrong_digit = replace(content(), personal_number="A123456(7)")
    assert holder_of(wrong_digit, SERIAL) == CardUnreadable("damaged")
    cut = FingerRecord(
        1, minutiae(1)[:-1][:8] + (len(minutiae(1)) - 1).to_bytes(4, "big") + minutiae(1)[12:-1]
    )
    assert holder_of(replace(good(), fingers=(cut,)), SERIAL) == CardUnreadable("damaged")
    assert isinstance(holder_of(good(), SERIAL), CardHolder)


def good():
    return content(personal_number="A123456(3)")


def test_nothing_moves_with_an_empty_channel_although_the_feeder_is_full(desk, unit, world):
    lay(world, place=f"{NAME}.feeder")
    desk.give_back()
    desk.keep()
    desk.draw_in()
    assert unit.motions == 0


def test_giving_back_twice_is_once_and_a_lost_answer_is_settled_by_the_sensors(desk, unit, world):
    lay(world)
    unit.set_fault("lost_answer", True)
    desk.give_back()
    desk.give_back()
    assert (unit.motions, desk.position()) == (1, CardPosition.GATE)


def test_a_card_is_kept_in_the_bin(desk, unit, world):
    lay(world)
    desk.keep()
    assert unit.state()["bin"] == 1
    assert desk.position() is CardPosition.NONE


def test_a_jam_is_raised(desk, unit, world):
    lay(world)
    assert desk.position() is CardPosition.INSIDE
    unit.set_fault("jammed", True)
    with pytest.raises(DeviceFaultError, match="jam"):
        desk.give_back()


def test_an_absent_unit_is_raised(desk, unit):
    unit.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        desk.position()
