"""Identity cards in domain words: a real driver, a simulated unit, simulated chips."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.equipment.cards import CardDesk, CardHolder, CardUnreadable, holder_of
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, RequestCancelledError
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import altered, cloned, personalised_chip
from hardware.simulation.world import ImpossibleError, World
from hardware.smartcard.applet_profiles import JMRTD
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.lds import DG11, FingerRecord, encode
from tests.support.card_desks import KnownZones, trust
from tests.support.chips import SERIAL, content, minutiae
from tests.support.hardware import line_to
from tests.support.issued_cards import Country, country
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
def desk(unit: SimulatedCardUnit, world: World) -> Iterator[CardDesk]:
    keeper = keeper_of(Crt571(line_to(unit), response_timeout_s=0.4))
    yield CardDesk(keeper, KnownZones(world, f"{NAME}.inside"), trust())
    keeper.close()


def lay(world: World, chip: object = None, place: str = f"{NAME}.inside") -> str:
    chip = chip or country().card(holder=good())
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
    assert holder.chip_serial == SERIAL.upper()
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


def test_only_whose_card_it_is_takes_fewer_commands(desk, world):
    lay(world)
    assert desk.read_number() == IdentityNumber.parse("A123456(3)")


def test_the_fingers_stay_in_the_card_without_a_terminal(unit, world):
    lay(world)
    keeper = keeper_of(Crt571(line_to(unit), response_timeout_s=0.4))
    blind = replace(trust(), terminal=None)
    holder = CardDesk(keeper, KnownZones(world, f"{NAME}.inside"), blind).read_holder()
    keeper.close()
    assert isinstance(holder, CardHolder)
    assert holder.fingers == ()


def foreign() -> dict[str, Any]:
    return Country().card(holder=good())


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: cloned(country().card(holder=good())), CardProblem.DOUBTFUL),
        (lambda: altered(country().card(holder=good()), DG11), CardProblem.DOUBTFUL),
        (foreign, CardProblem.FOREIGN),
        (lambda: personalised_chip(SERIAL, encode(good())), CardProblem.FOREIGN),
        (lambda: country().card(JMRTD, good(), "") | {"faults": {"mute": True}}, "silent"),
    ],
    ids=["cloned", "altered", "foreign", "without a seal", "mute"],
)
def test_a_card_that_is_not_believed_is_a_value(desk, world, make, problem):
    lay(world, make())
    expected = CardProblem.CHIP_SILENT if problem == "silent" else problem
    assert desk.read_number() == CardUnreadable(expected)
    desk.give_back()
    assert desk.position() is CardPosition.GATE


def test_a_revoked_signer_makes_its_cards_invalid(unit, world):
    lay(world)
    keeper = keeper_of(Crt571(line_to(unit), response_timeout_s=0.4))
    revoked = replace(trust(), authorities=lambda: country().without_signer)
    desk = CardDesk(keeper, KnownZones(world, f"{NAME}.inside"), revoked)
    assert desk.read_holder() == CardUnreadable(CardProblem.NOT_VALID)
    keeper.close()


def test_an_old_card_without_pace_is_read_too(desk, world):
    lay(world, country().card(JMRTD, good(), ""))
    assert isinstance(desk.read_holder(), CardHolder)


def test_a_zone_that_nobody_can_read_opens_nothing(desk, unit, world):
    card = world.get(lay(world))
    card.data["zone"] = ""
    assert desk.read_holder() == CardUnreadable(CardProblem.ZONE_UNREADABLE)
    assert unit.state()["chip_powered"] is False


def test_a_face_that_belongs_to_another_chip_is_doubtful(desk, world):
    card = world.get(lay(world))
    other = replace(good().mrz, document_number="X0000000")
    card.data["zone"] = other.text()
    assert desk.read_holder() == CardUnreadable(CardProblem.DOUBTFUL)


def test_a_dead_chip_is_a_value_and_the_card_comes_back(desk, unit, world):
    lay(world)
    unit.set_fault("chip_dead", True)
    assert desk.read_holder() == CardUnreadable(CardProblem.CHIP_SILENT)
    desk.give_back()
    assert desk.position() is CardPosition.GATE


def test_content_that_makes_no_sense_is_not_believed():
    wrong_digit = replace(content(), personal_number="A123456(7)")
    assert holder_of(wrong_digit, SERIAL) == CardUnreadable(CardProblem.DOUBTFUL)
    cut = FingerRecord(
        1, minutiae(1)[:-1][:8] + (len(minutiae(1)) - 1).to_bytes(4, "big") + minutiae(1)[12:-1]
    )
    assert holder_of(replace(good(), fingers=(cut,)), SERIAL) == CardUnreadable(
        CardProblem.DOUBTFUL
    )
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
