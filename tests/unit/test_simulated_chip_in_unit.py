"""The simulated chip inside the simulated card unit: its ATR, its silence, its slowness."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware.core.errors import DeviceFaultError
from hardware.simulation.card_channel import MOTION_S
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import ATR
from hardware.simulation.world import World
from hardware.smartcard.crt571 import Crt571
from tests.support.chips import issued_chip
from tests.support.hardware import line_to

SELECT = bytes.fromhex("00A4040C07A0000002471001")
CHALLENGE = bytes.fromhex("0084000008")
WRONG = bytes.fromhex("0082000028") + bytes(40) + b"\x28"


@pytest.fixture
def memory() -> dict[str, Any]:
    return issued_chip()


@pytest.fixture(params=["instant", "realistic"])
def unit(tmp_path: Path, memory, request, monkeypatch) -> Iterator[Crt571]:
    monkeypatch.setitem(MOTION_S, "realistic", 0)
    world = World(tmp_path)
    device = SimulatedCardUnit("kiosk.card_unit", 0, world, {"timing": request.param})
    device.start()
    card = world.add("card", "hand.staff", {"chip": memory})
    device.act("load", {"thing": card.id})
    unit = Crt571(line_to(device), response_timeout_s=5.0)
    unit.open()
    unit.feed()
    yield unit
    unit.close()
    device.stop()


def test_a_chip_answers_and_forgets_with_its_power(unit):
    assert unit.connect().endswith(ATR)
    assert [unit.transmit(one)[-2:] for one in (SELECT, CHALLENGE)] == [b"\x90\x00"] * 2
    unit.disconnect()
    unit.connect()
    assert unit.transmit(CHALLENGE) == b"\x69\x85"


def test_a_silent_chip_is_a_fault_of_the_card(unit, memory):
    unit.connect()
    memory["faults"] = {"mute": True}
    with pytest.raises(DeviceFaultError) as caught:
        unit.transmit(SELECT)
    assert caught.value.reason == "card_error"
    memory["faults"] = {}
    unit.connect()
    assert unit.transmit(SELECT) == b"\x90\x00"


def test_wrong_passwords_are_counted(unit, memory):
    unit.connect()
    unit.transmit(SELECT)
    for _ in range(3):
        unit.transmit(CHALLENGE)
        assert unit.transmit(WRONG) == b"\x63\x00"
    assert memory["failures"]["password"] == 3
