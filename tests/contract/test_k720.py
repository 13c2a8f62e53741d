"""The K720 driver: the bytes that programs send to such machines, and what is its own.

The frames are written out after four programs that drive K720 and K750 machines; checksums were
computed apart from the driver.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from hardware.catalog import make
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError
from hardware.core.transport import ReplayTransport
from hardware.simulation.chip import ATR, SimulatedChip, blank_chip
from hardware.simulation.world import World
from hardware.smartcard.interface import CardPosition, Supply, UnitStatus
from hardware.smartcard.k720 import K720
from hardware.smartcard.k720_codes import State, state_of
from hardware.smartcard.k720_frames import Answer, AnswerDecoder, Sign, command_frame
from tests.support.card_machines import MACHINES, RunningMachine
from tests.support.hardware import line_to, recording

(DISPENSER,) = (machine for machine in MACHINES if machine.name == "k720")
READY = """
        > 023030000241500312
        < 063030
        > 053030
        < 02303000065346303030340316
"""
OPENED = (
    READY
    + """
        > 023030000252530302
        < 063030
        > 053030
"""
    + READY
)
SELECT = bytes.fromhex("00A4040C07A0000002471001")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningMachine]:
    with DISPENSER.running(tmp_path) as started:
        yield started


def replayed(text: str, **options: object) -> tuple[K720, ReplayTransport]:
    line = recording(text)
    return K720(lambda: line, **options), line  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "address", "sent"),
    [
        ("AP", 0, "023030000241500312"),
        ("RS", 0, "023030000252530302"),
        ("CP", 0, "023030000243500310"),
        ("FC7", 0, "02303000034643370330"),
        ("FC4", 0, "02303000034643340333"),
        ("FC8", 0, "0230300003464338033F"),
        ("AP", 15, "023135000241500316"),
    ],
)
def test_commands_are_those_that_programs_send(command, address, sent):
    assert command_frame(command.encode(), address).hex().upper() == sent


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"SF0004", State.SENSOR_3),
        (b"SF0013", State.SENSOR_1 | State.SENSOR_2 | State.LOW),
        (b"SF0018", State.EMPTY | State.LOW),
        (b"SF8<00", State.BIN_FULL | State.ISSUING | State.CAPTURING),
        (b"SF000", None),
        (b"SF00041", None),
        (b"SF00A4", None),
        (b"120004", None),
    ],
)
def test_the_state_is_four_characters_of_four_bits(answer, state):
    assert state_of(answer) == state


def test_a_stream_may_arrive_in_any_pieces():
    stream = bytes.fromhex(
        "FE 063030 02303000065346303030330311 153030 063135 02313500065346303030330315"
    )
    for size in (1, 2, 3, 7, len(stream)):
        decoder = AnswerDecoder()
        found: list[Sign | Answer] = []
        for at in range(0, len(stream), size):
            found += decoder.feed(stream[at : at + size])
        assert found == [Sign.ACK, Answer(b"SF0003"), Sign.NAK]  # 15 is another machine


def test_a_card_is_issued_as_programs_do():
    unit, line = replayed(
        OPENED
        + READY
        + READY
        + """
        > 02303000034643370330
        < 063030
        > 053030
        > 023030000241500312
        < 063030
        > 053030
        < 0230300006534630383034031E
        > 023030000241500312
        < 063030
        > 053030
        < 02303000065346303030330311
        """
    )
    unit.open()
    unit.feed()
    assert line.finished()


def test_an_answer_to_a_motion_is_no_answer_to_the_next_question():
    unit, line = replayed(
        OPENED
        + """
        > 023030000241500312
        < 0230300004464337500367
        < 063030
        > 053030
        < 0230300004464337500367
        < 02303000065346303030330311
        """
    )
    unit.open()
    assert unit.status() == UnitStatus(CardPosition.INSIDE, Supply.OK, Seen.NO)
    assert line.finished()


def test_a_motion_that_is_not_confirmed_is_not_enquired_for():
    unit, line = replayed(
        OPENED
        + READY
        + READY
        + """
        > 02303000034643370330
        < 153030
        """
    )
    unit.open()
    with pytest.raises(DeviceTimeoutError, match="not confirm"):
        unit.feed()
    assert line.finished()


def test_a_machine_answers_at_its_address_alone(tmp_path):
    with DISPENSER.running(tmp_path / "0") as running, pytest.raises(DeviceAbsentError):
        K720(line_to(running.device), address=15).open()
    with pytest.raises(ValueError, match="0 to 15"):
        K720(line_to(running.device), address=16)


def test_an_address_is_two_decimal_digits(tmp_path):
    device = DISPENSER.simulation("x", 0, World(tmp_path), {"address": 15})
    device.start()
    line = line_to(device)()
    line.write(bytes.fromhex("023135000241500316"))
    assert line.read(3, 1.0) == b"\x0615"
    line.write(b"\x0515")
    assert line.read(5, 1.0) == b"\x0215\x00\x06"
    line.close()
    device.stop()


def test_a_model_without_entry_says_so(tmp_path):
    with DISPENSER.running(tmp_path, front_entry=False) as running:
        with pytest.raises(DeviceFaultError, match="not_supported"):
            running.unit.accept(5.0, Event())
        told = K720(line_to(running.device), front_entry=False)
        told.open()
        with pytest.raises(DeviceFaultError, match="not_supported"):
            told.accept(5.0, Event())
        told.close()


def test_a_machine_that_answers_to_motions_is_the_same(tmp_path):
    with DISPENSER.running(tmp_path, answers_motions=True) as running:
        running.card("feeder")
        running.unit.feed()
        running.unit.hold_at_gate()
        running.unit.capture()
        assert running.device.state()["bin"] == 1


def test_a_reset_never_meets_a_card(tmp_path):
    """What a reset does to one is not known; this machine would eat it."""
    with DISPENSER.running(tmp_path, reset="bin") as running:
        for place in ("inside", "gate"):
            thing = running.card(place)
            running.unit.close()
            running.unit.open()
            assert running.unit.status().position is not CardPosition.NONE
            running.world.move(thing, "hand.visitor")
        visitor = running.insert_soon(running.card())
        running.unit.accept(5.0, Event())
        visitor.join()
        assert running.device.state()["bin"] == 0


def test_a_slow_motion_is_awaited_and_told(tmp_path):
    with DISPENSER.running(tmp_path, slow_s=0.15) as running:
        running.card("feeder")
        running.device.set_fault("slow", on=True)
        running.unit.feed()
        assert running.unit.status().position is CardPosition.INSIDE
    with DISPENSER.running(tmp_path, slow_s=8) as running:
        running.device.set_fault("slow", on=True)
        with pytest.raises(DeviceTimeoutError):
            running.unit.hold_at_gate()
        assert running.unit.status().position is CardPosition.INSIDE  # it is still on its way
        assert running.device.motions == 0


def test_a_jam_is_in_the_health_until_the_next_motion(running):
    running.card("inside")
    running.device.set_fault("jammed", on=True)
    with pytest.raises(DeviceFaultError, match="card jam"):
        running.unit.capture()
    health = running.unit.health()
    assert health.state is DeviceState.HARDWARE_ERROR
    assert "card jam" in health.detail
    running.device.set_fault("jammed", on=False)
    running.unit.capture()
    health = running.unit.health()
    assert health.state is DeviceState.ONLINE
    assert health.detail == "feeder empty, bin full no, TTCE_K720_V2.SIM"


def test_without_a_reader_no_chip_is_reached(running):
    running.card("inside")
    for use in (running.unit.connect, lambda: running.unit.transmit(SELECT)):
        with pytest.raises(DeviceFaultError, match="not_supported"):
            use()
    assert not running.unit.takes_extended_length


class ReaderAtTheReadingPlace:
    """A reader that sees whatever card lies inside the dispenser."""

    def __init__(self, running: RunningMachine) -> None:
        self._running = running
        self._chip: SimulatedChip | None = None
        self.is_open = False
        self.takes_extended_length = True

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def wait_for_card(self, timeout_s: float, cancelled: Event) -> bool:
        del timeout_s, cancelled  # it sees at once
        return self._running.device.state()["inside"] is not None

    def connect(self) -> bytes:
        self._chip = SimulatedChip(blank_chip("1122334455667788"), lambda: None)
        return self._chip.atr

    def disconnect(self) -> None:
        self._chip = None

    def transmit(self, command: bytes) -> bytes:
        assert self._chip is not None
        return self._chip.transmit(command)


def test_a_reader_at_the_reading_place_reads_the_chip(running):
    reader = ReaderAtTheReadingPlace(running)
    unit = K720(line_to(running.device), reader=reader)  # type: ignore[arg-type]
    unit.open()
    with pytest.raises(DeviceFaultError, match="refused"):
        unit.connect()
    running.card("feeder")
    unit.feed()
    assert unit.connect() == ATR
    assert unit.takes_extended_length
    assert unit.transmit(SELECT) == b"\x90\x00"
    unit.disconnect()
    unit.hold_at_gate()
    unit.close()
    assert not reader.is_open


def test_commands_that_are_unsure_are_settings(tmp_path):
    with DISPENSER.running(tmp_path) as running:
        address = f"socket://127.0.0.1:{running.device.port}"
        unit: Any = make("k720", address, {"draw_in": "FC7", "hold": "FC4", "address": 0})
        unit.open()
        running.card("gate")
        unit.draw_in()
        unit.hold_at_gate()
        unit.close()
    for option in ({"hold": "FC1"}, {"draw_in": "DC"}):
        with pytest.raises(ValueError, match="not"):
            make("k720", "socket://127.0.0.1:1", option)


def test_a_card_that_is_being_put_in_as_the_time_ends_is_accepted(running):
    thing = running.card("gate")
    unit = K720(line_to(running.device))
    unit.open()
    Timer(0.3, lambda: running.world.move(thing, "kiosk-1.card_unit.inside")).start()
    assert unit._ended_with_card()
    unit.close()
