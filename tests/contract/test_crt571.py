"""The CRT-571 driver on its simulation: what is its own, beyond the promises of any card unit."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import pytest

from hardware.core.errors import (
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import ATR, blank_chip
from hardware.simulation.world import ImpossibleError, Thing, World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.identity_chip import doubt, read, read_serial
from hardware.smartcard.interface import CardPosition, CardUnit
from hardware.smartcard.personalisation import personalise
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from tests.support.chips import content
from tests.support.hardware import line_to
from tests.support.issued_cards import CAN, TODAY, country

NAME = "kiosk-1.card_unit"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def device(world: World) -> Iterator[SimulatedCardUnit]:
    device = SimulatedCardUnit(NAME, 0, world, {"capacity": 3, "low": 1, "slow_s": 0.8})
    device.start()
    yield device
    device.stop()


@pytest.fixture
def unit(device: SimulatedCardUnit) -> Iterator[CardUnit]:
    unit = Crt571(line_to(device), response_timeout_s=0.4)
    unit.open()
    yield unit
    unit.close()


def card(world: World, place: str = "hand.visitor") -> Thing:
    return world.add("card", place, {"label": "", "chip": blank_chip("1122334455667788")})


def insert_soon(device: SimulatedCardUnit, thing: Thing) -> Timer:
    """A person who pushes the card until the gate takes it."""

    def push() -> None:
        deadline = monotonic() + 5
        while monotonic() < deadline:
            try:
                device.act("insert", {"thing": thing.id})
            except ImpossibleError:
                Event().wait(0.01)
            else:
                return

    timer = Timer(0.01, push)
    timer.start()
    return timer


@pytest.mark.parametrize("verb", ["feed", "hold_at_gate", "draw_in", "capture"])
def test_a_motion_whose_answer_is_lost_is_never_repeated(world, device, unit, verb):
    card(world, f"{NAME}.feeder")
    if verb != "feed":
        place = "gate" if verb == "draw_in" else "inside"
        card(world, f"{NAME}.{place}")
    device.set_fault("lost_answer", on=True)
    with pytest.raises(DeviceTimeoutError):
        getattr(unit, verb)()
    assert device.motions == 1
    reached = {"hold_at_gate": CardPosition.GATE, "capture": CardPosition.NONE}
    assert unit.status().position is reached.get(verb, CardPosition.INSIDE)
    assert device.motions == 1


def test_a_mechanism_that_takes_too_long_is_stopped(world, device, unit):
    card(world, f"{NAME}.inside")
    device.set_fault("slow", on=True)
    with pytest.raises(DeviceTimeoutError):
        unit.hold_at_gate()
    assert unit.status().position is CardPosition.INSIDE
    assert device.motions == 0


def test_a_unit_whose_power_failed_behind_its_line_is_initialised_again(device, unit):
    device.power_lost()
    with pytest.raises(DeviceFaultError, match="not_initialised"):
        unit.disconnect()
    assert unit.status().position is CardPosition.NONE
    unit.disconnect()


def test_a_motion_that_is_not_confirmed_is_not_sent_again(world, device, unit):
    card(world, f"{NAME}.inside")
    written: list[bytes] = []
    line = unit._line._line
    write = line.write

    def lose_motions(data: bytes) -> None:
        written.append(data)
        if data[5:6] != b"\x32":
            write(data)

    line.write = lose_motions
    with pytest.raises(DeviceTimeoutError):
        unit.hold_at_gate()
    assert [data[5:7] for data in written if data[5:6] == b"\x32"] == [b"\x32\x30"]


@pytest.mark.parametrize(
    "noise", ["00", "15", "04", "F2", "F2000003", "F2FFFFFF43", "F200000043313003", "F20000034331"]
)
def test_noise_on_the_line_does_not_stop_the_unit(device, noise):
    line = line_to(device)()
    line.write(bytes.fromhex(noise))
    unit = Crt571(lambda: line)
    unit.open()
    assert unit.status().position is CardPosition.NONE
    unit.close()


def test_a_damaged_command_is_refused_with_nak(device):
    line = line_to(device)()
    line.write(bytes.fromhex("F200000343303303B3"))
    assert line.read(1, 1.0) == b"\x15"
    line.write(bytes.fromhex("F200000343303303B2"))
    assert line.read(3, 1.0) == b"\x06\xf2\x00"
    line.close()


def test_the_answer_is_repeated_when_the_host_could_not_read_it(world, device, unit):
    card(world, f"{NAME}.inside")
    line = line_to(device)()
    line.write(bytes.fromhex("F200000343323003B3"))
    answer = bytes.fromhex("06F20000065032303130300394")
    assert line.read(13, 1.0) == answer
    line.write(b"\x15")
    assert line.read(12, 1.0) == answer[1:]
    assert device.motions == 1
    line.close()


def test_the_chip_answers_until_it_is_switched_off(world, device, unit):
    card(world, f"{NAME}.inside")
    assert unit.connect() == ATR
    assert unit.transmit(bytes.fromhex("00A4040C07A0000002471001")) == b"\x90\x00"
    with pytest.raises(DeviceFaultError) as caught:
        unit.hold_at_gate()
    assert (caught.value.reason, caught.value.code) == ("refused", "05")
    unit.disconnect()
    unit.disconnect()
    with pytest.raises(DeviceFaultError) as caught:
        unit.transmit(bytes.fromhex("00B0000004"))
    assert (caught.value.reason, caught.value.code) == ("card_error", "65")
    unit.hold_at_gate()


def test_a_card_is_personalised_in_the_unit_and_keeps_it(world, device, unit):
    thing = card(world, f"{NAME}.feeder")
    unit.feed()
    atr = unit.connect()
    trust_points = (country().trust_point.encode(),)
    personalise(
        unit,
        content(),
        CAN,
        country().document_signer,
        trust_points,
        FACTORY_TEST_KEYS,
        today=TODAY,
        atr=atr,
    )
    unit.disconnect()
    unit.hold_at_gate()
    kept = World(world.folder).get(thing.id)
    assert kept.place == f"{NAME}.gate"
    assert kept.data["chip"]["locked"] is True
    unit.draw_in()
    atr = unit.connect()
    reading = read(
        unit, [Password.can(CAN)], country().trust, country().terminal(), on=TODAY, atr=atr
    )
    assert reading.content == content()
    assert doubt(reading) is None
    assert read_serial(unit) == "1122334455667788"


def test_a_dead_chip_is_a_card_error_and_the_card_still_moves(world, device, unit):
    card(world, f"{NAME}.inside")
    device.set_fault("chip_dead", on=True)
    with pytest.raises(DeviceFaultError, match="card_error"):
        unit.connect()
    unit.capture()
    assert device.state()["bin"] == 1
