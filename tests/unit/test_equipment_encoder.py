"""Blank, written, verified: the encoder on a simulated card unit."""

import pytest

from common.equipment.encoder import ChannelBlockedError, ChipFaultyError, Encoder
from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition, CardUnit
from tests.support.chips import content
from tests.support.hardware import line_to

SERIAL = "000000000B000001"


class Unit:
    def __init__(self, folder):
        self.world = World(folder)
        self.simulated = SimulatedCardUnit("unit", 0, self.world, {})
        self.simulated.start()
        self.keeper: Keeper[CardUnit] = Keeper(
            "unit", lambda: Crt571(line_to(self.simulated)), lambda _: None
        )
        self.encoder = Encoder(self.keeper)

    def blank(self, place="unit.feeder"):
        return self.world.add("card", place, {"chip": blank_chip(SERIAL)})


@pytest.fixture
def unit(tmp_path):
    found = Unit(tmp_path)
    yield found
    found.keeper.close()
    found.simulated.stop()


def test_a_blank_is_fed_written_and_read_back(unit):
    unit.blank()
    unit.encoder.feed_blank()
    assert unit.encoder.serial() == SERIAL
    unit.encoder.write(content())
    unit.encoder.verify(content())
    unit.encoder.give_back()
    assert unit.encoder.position() is CardPosition.GATE


def test_a_chip_that_says_something_else_is_faulty(unit):
    unit.blank()
    unit.encoder.feed_blank()
    unit.encoder.write(content())
    with pytest.raises(ChipFaultyError, match="mismatch"):
        unit.encoder.verify(content(chinese_name="陳小文"))


def test_a_written_chip_is_not_written_again(unit):
    unit.blank()
    unit.encoder.feed_blank()
    unit.encoder.write(content())
    with pytest.raises(ChipFaultyError, match="already_personalised"):
        unit.encoder.write(content())


def test_a_dead_chip_is_faulty_and_can_be_binned(unit):
    unit.blank()
    unit.simulated.set_fault("chip_dead", True)
    unit.encoder.feed_blank()
    with pytest.raises(ChipFaultyError, match="silent"):
        unit.encoder.serial()
    unit.encoder.keep()
    assert unit.encoder.position() is CardPosition.NONE


def test_a_card_in_the_channel_keeps_a_blank_from_being_fed(unit):
    unit.blank("unit.gate")
    with pytest.raises(ChannelBlockedError):
        unit.encoder.feed_blank()


def test_an_empty_feeder_and_an_absent_unit_are_told(unit):
    with pytest.raises(DeviceFaultError, match="empty"):
        unit.encoder.feed_blank()
    unit.simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        unit.encoder.feed_blank()
