"""Blank, written, verified: the encoder on a simulated card unit."""

from dataclasses import replace

import pytest

from common.equipment.cards import CardHolder
from common.equipment.encoder import (
    ChannelBlockedError,
    ChipFaultyError,
    Encoder,
    FaceFaultyError,
    NotAnIssuerError,
)
from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import World
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.scp03 import open_channel
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from tests.support.card_desks import KnownZones, issuer, trust
from tests.support.chips import content
from tests.support.hardware import line_to
from tests.support.issued_cards import CAN

SERIAL = "000000000B000001"


class Unit:
    def __init__(self, folder):
        self.world = World(folder)
        self.simulated = SimulatedCardUnit("unit", 0, self.world, {})
        self.simulated.start()
        self.keeper: Keeper[CardUnit] = Keeper(
            "unit", lambda: Crt571(line_to(self.simulated)), lambda _: None
        )
        self.zones = KnownZones(self.world, "unit.inside")
        self.encoder = Encoder(self.keeper, self.zones, trust(), issuer())

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
    holder = content(personal_number="A123456(3)")
    written = unit.encoder.write(holder, CAN)
    unit.encoder.verify(holder, CAN, written)
    assert isinstance(unit.encoder.read_holder(), CardHolder)
    unit.encoder.give_back()
    assert unit.encoder.position() is CardPosition.GATE


def test_a_chip_that_says_something_else_is_faulty(unit):
    unit.blank()
    unit.encoder.feed_blank()
    written = unit.encoder.write(content(), CAN)
    with pytest.raises(ChipFaultyError, match="mismatch"):
        unit.encoder.verify(content(chinese_name="陳小文"), CAN, written)


def test_both_ways_in_that_are_printed_must_open_the_chip(unit):
    unit.blank()
    unit.encoder.feed_blank()
    written = unit.encoder.write(content(), CAN)
    with pytest.raises(ChipFaultyError, match="wrong_password"):
        unit.encoder.verify(content(), "000000", written)


def test_a_card_whose_face_cannot_be_read_is_faulty(unit):
    unit.blank()
    unit.encoder.feed_blank()
    written = unit.encoder.write(content(), CAN)
    unit.zones.is_blind = True
    with pytest.raises(FaceFaultyError):
        unit.encoder.verify(content(), CAN, written)


def test_a_card_with_another_face_is_faulty(unit):
    card = unit.blank()
    unit.encoder.feed_blank()
    written = unit.encoder.write(content(), CAN)
    unit.world.get(card.id).data["zone"] = replace(content().mrz, given_names="TAI").text()
    with pytest.raises(FaceFaultyError):
        unit.encoder.verify(content(), CAN, written)


def test_a_card_opens_no_more_with_the_keys_that_everybody_knows(unit):
    unit.blank()
    unit.encoder.feed_blank()
    unit.encoder.write(content(), CAN)

    def knock(device):
        device.connect()
        try:
            return open_channel(CardLink(device), FACTORY_TEST_KEYS)
        finally:
            device.disconnect()

    with pytest.raises(ChipError):
        unit.keeper.use(knock)


def test_a_desk_without_signer_makes_no_cards(unit):
    unit.blank()
    unit.encoder.feed_blank()
    reader = Encoder(unit.keeper, unit.zones, trust(), None)
    assert not reader.makes_cards
    with pytest.raises(NotAnIssuerError):
        reader.write(content(), CAN)


def test_a_written_chip_is_not_written_again(unit):
    unit.blank()
    unit.encoder.feed_blank()
    unit.encoder.write(content(), CAN)
    with pytest.raises(ChipFaultyError, match="already_personalised"):
        unit.encoder.write(content(), CAN)


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
