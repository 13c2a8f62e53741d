"""The promises of hardware.smartcard.interface.CardUnit, kept by the CRT-571 driver."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import pytest

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import ATR, blank_chip
from hardware.simulation.world import ImpossibleError, Thing, World
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.identity_chip import doubt, read, read_serial
from hardware.smartcard.interface import CardPosition, CardUnit, Supply, UnitStatus
from hardware.smartcard.personalisation import personalise
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from tests.support.chips import content
from tests.support.hardware import line_to, nobody_listens
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


def test_a_card_is_accepted_and_the_gate_shuts(world, device, unit):
    visitor = insert_soon(device, card(world))
    unit.accept(5.0, Event())
    visitor.join()
    assert unit.status().position is CardPosition.INSIDE
    with pytest.raises(ImpossibleError, match="shut"):
        device.act("insert", {"thing": card(world).id})


def test_no_card_comes(device, unit):
    with pytest.raises(DeviceTimeoutError):
        unit.accept(0.05, Event())
    assert device.state()["entry_open"] is False


def test_a_cancelled_wait_ends_soon_and_shuts_the_gate(device, unit):
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    started = monotonic()
    with pytest.raises(RequestCancelledError):
        unit.accept(60.0, cancelled)
    assert monotonic() - started < 0.1 + 0.25
    assert device.state()["entry_open"] is False


def test_a_card_goes_round_the_whole_unit(world, device, unit):
    thing = card(world, f"{NAME}.feeder")
    assert unit.status() == UnitStatus(CardPosition.NONE, Supply.LOW, Seen.NO)
    unit.feed()
    assert unit.status() == UnitStatus(CardPosition.INSIDE, Supply.EMPTY, Seen.NO)
    unit.hold_at_gate()
    unit.draw_in()
    unit.hold_at_gate()
    assert unit.status().position is CardPosition.GATE
    assert device.act("take", {"hand": "visitor"}) == {"thing": thing.id}
    unit.wait_taken(1.0, Event())
    assert thing.place == "hand.visitor"


def test_repeating_a_verb_does_nothing(world, device, unit):
    card(world, f"{NAME}.feeder")
    unit.feed()
    unit.hold_at_gate()
    moved = device.motions
    unit.hold_at_gate()
    assert device.motions == moved
    unit.capture()
    moved = device.motions
    unit.capture()
    assert device.motions == moved
    assert device.state()["bin"] == 1


def test_verbs_for_a_card_never_draw_a_new_one(world, device, unit):
    card(world, f"{NAME}.feeder")
    for verb in (unit.hold_at_gate, unit.draw_in, unit.connect):
        with pytest.raises(DeviceFaultError, match="refused"):
            verb()
    unit.capture()
    assert device.state()["feeder"] == 1
    assert device.motions == 0


def test_only_an_empty_channel_is_fed(world, device, unit):
    for _ in range(2):
        card(world, f"{NAME}.feeder")
    unit.feed()
    with pytest.raises(DeviceFaultError, match="refused"):
        unit.feed()
    assert device.state()["feeder"] == 1


def test_the_first_card_in_the_feeder_is_drawn_first(world, device, unit):
    first, second = card(world), card(world)
    device.act("load", {"things": [first.id, second.id]})
    unit.feed()
    assert device.state()["inside"] == first.id


def test_waiting_for_a_card_that_nobody_takes(world, unit):
    card(world, f"{NAME}.gate")
    with pytest.raises(DeviceTimeoutError):
        unit.wait_taken(0.05, Event())
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        unit.wait_taken(60.0, cancelled)


def test_an_empty_feeder_and_a_full_bin_have_names(world, device, unit):
    with pytest.raises(DeviceFaultError) as caught:
        unit.feed()
    assert (caught.value.reason, caught.value.code) == ("empty", "A0")
    for _ in range(3):
        card(world, f"{NAME}.bin")
    card(world, f"{NAME}.inside")
    assert unit.status().bin_full is Seen.YES
    with pytest.raises(DeviceFaultError) as caught:
        unit.capture()
    assert (caught.value.reason, caught.value.code) == ("full", "A1")
    assert len(device.act("empty_bin", {"hand": "clerk"})["things"]) == 3
    unit.capture()


def test_a_jam_has_a_name_and_can_be_cleared(world, device, unit):
    thing = card(world, f"{NAME}.inside")
    device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError) as caught:
        unit.hold_at_gate()
    assert (caught.value.reason, caught.value.code) == ("jam", "10")
    assert unit.status().position is CardPosition.INSIDE
    assert device.act("clear", {"hand": "clerk"}) == {"things": [thing.id]}
    device.set_fault("jammed", on=False)
    assert unit.status().position is CardPosition.NONE


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


def test_an_unplugged_unit_is_absent_and_comes_back(world, device, unit):
    card(world, f"{NAME}.inside")
    assert unit.health().state is DeviceState.ONLINE
    device.set_fault("unplugged", on=True)
    with pytest.raises(DeviceAbsentError):
        unit.status()
    assert unit.health().state is DeviceState.NO_DEVICE
    device.set_fault("unplugged", on=False)
    unit.close()
    unit.open()
    assert unit.status().position is CardPosition.INSIDE


def test_a_unit_whose_power_failed_behind_its_line_is_initialised_again(device, unit):
    device.power_lost()
    with pytest.raises(DeviceFaultError, match="not_initialised"):
        unit.disconnect()
    assert unit.status().position is CardPosition.NONE
    unit.disconnect()


def test_a_silent_unit_is_absent(device, unit):
    device.set_fault("mute", on=True)
    with pytest.raises(DeviceAbsentError):
        unit.status()
    assert unit.health().state is DeviceState.NO_DEVICE
    device.set_fault("mute", on=False)
    assert unit.health().state is DeviceState.ONLINE


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


def test_nobody_at_the_address():
    with pytest.raises(DeviceAbsentError):
        Crt571(nobody_listens()).open()


def test_opening_and_closing_twice_does_no_harm(unit):
    unit.open()
    unit.status()
    unit.close()
    unit.close()
    with pytest.raises(DeviceAbsentError):
        unit.status()
    assert unit.health().state is DeviceState.NO_DEVICE


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
