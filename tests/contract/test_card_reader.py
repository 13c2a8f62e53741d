"""What every card reader promises: a table-top reader of PC/SC, and a motor unit used as one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any, Protocol

import pytest

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError, DeviceFaultError, RequestCancelledError
from hardware.simulation.chip import ATR as CHIP_ATR
from hardware.simulation.line import LineFault
from hardware.simulation.world import ImpossibleError
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.interface import CardPosition
from hardware.smartcard.motor_reader import MotorReader
from hardware.smartcard.pcsc_reader import PcscReader
from tests.support.card_machines import MACHINES, RunningMachine
from tests.support.pcscd import ATR, VirtualCard

PERSON_S = 10.0
SELECT = bytes.fromhex("00A4040C07A0000002471001")


class Person(Protocol):
    """Who puts a card in and takes it again, and the ATR of that card."""

    answer_to_reset: bytes

    def insert(self) -> None:
        """Put the card in, as soon as the reader takes it."""
        ...

    def take(self) -> None:
        """Take the card, as soon as it can be taken."""
        ...


@dataclass
class AtTheTable:
    """Lays a card on a reader and picks it up again."""

    card: VirtualCard
    answer_to_reset: bytes = ATR

    def insert(self) -> None:
        self.card.insert()

    def take(self) -> None:
        self.card.remove()


class AtTheGate:
    """Pushes a card into a motor unit, and takes it when it is held out."""

    answer_to_reset = CHIP_ATR

    def __init__(self, running: RunningMachine) -> None:
        self._running = running
        self._card = running.card()

    def insert(self) -> None:
        self._persist("insert", {"thing": self._card.id})

    def take(self) -> None:
        self._persist("take", {"hand": "visitor"})

    def _persist(self, verb: str, arguments: dict[str, Any]) -> None:
        for _ in range(500):
            with suppress(ImpossibleError):
                self._running.device.act(verb, arguments)
                return
            Event().wait(0.01)


@dataclass
class Bench:
    """A reader that is not opened yet, and somebody with a card before it."""

    reader: CardReader
    person: Person


@pytest.fixture(params=["pcsc", "crt571_reader"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "pcsc":
        pcscd = request.getfixturevalue("pcscd")
        card = VirtualCard(pcscd.port("Virtual A"), lambda _: b"\x90\x00")
        reader: CardReader = PcscReader(pcscd.reader("Virtual A"))
        yield Bench(reader, AtTheTable(card))
        reader.close()
        card.remove()
        return
    with MACHINES[0].running(tmp_path) as running:
        reader = MotorReader(running.unit)
        yield Bench(reader, AtTheGate(running))
        reader.close()


@pytest.fixture
def reader(bench: Bench) -> CardReader:
    """An open reader without a card."""
    bench.reader.open()
    return bench.reader


@pytest.fixture
def ready(bench: Bench, reader: CardReader) -> CardReader:
    """An open reader with a connected card."""
    let_in(bench)
    assert reader.connect() == bench.person.answer_to_reset
    return reader


def let_in(bench: Bench) -> None:
    """Wait for the card that somebody brings; one that just left may still be remembered."""
    assert bench.reader.wait_removed(PERSON_S, Event())
    person = Thread(target=bench.person.insert)
    person.start()
    assert bench.reader.wait_for_card(PERSON_S, Event())
    person.join()


def test_cards_are_seen_to_come_and_go(bench: Bench, reader: CardReader) -> None:
    assert reader.wait_removed(PERSON_S, Event())
    assert reader.is_card_present() is Seen.NO
    assert not reader.wait_for_card(0.3, Event())
    Timer(0.2, bench.person.insert).start()
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.is_card_present() is Seen.YES
    assert reader.wait_for_card(PERSON_S, Event())  # it is there still
    assert not reader.wait_removed(0.3, Event())
    assert reader.is_card_present() is Seen.YES
    assert reader.wait_for_card(PERSON_S, Event())
    Timer(0.2, bench.person.take).start()
    assert reader.wait_removed(PERSON_S, Event())
    assert reader.is_card_present() is Seen.NO
    assert reader.health().state is DeviceState.ONLINE


def test_a_wait_can_be_cancelled(bench: Bench, reader: CardReader) -> None:
    assert reader.wait_removed(PERSON_S, Event())
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    with pytest.raises(RequestCancelledError):
        reader.wait_for_card(PERSON_S, cancelled)
    let_in(bench)
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    with pytest.raises(RequestCancelledError):
        reader.wait_removed(PERSON_S, cancelled)


def test_an_apdu_goes_there_and_back(ready: CardReader) -> None:
    assert ready.transmit(SELECT) == b"\x90\x00"


def test_what_is_no_apdu_is_refused(ready: CardReader) -> None:
    for size in (0, 3, 65_545):
        with pytest.raises(ValueError, match="does not fit"):
            ready.transmit(bytes(size))
    assert ready.transmit(SELECT) == b"\x90\x00"


def test_connecting_a_connected_card_begins_anew(bench: Bench, ready: CardReader) -> None:
    assert ready.connect() == bench.person.answer_to_reset
    assert ready.transmit(SELECT) == b"\x90\x00"
    ready.disconnect()
    ready.disconnect()
    with pytest.raises(DeviceFaultError, match="no card is connected"):
        ready.transmit(SELECT)
    ready.connect()
    assert ready.transmit(SELECT) == b"\x90\x00"


def test_a_reader_without_card_cannot_connect(reader: CardReader) -> None:
    assert reader.wait_removed(PERSON_S, Event())
    with pytest.raises(DeviceFaultError) as caught:
        reader.connect()
    assert caught.value.reason == "card_error"
    with pytest.raises(DeviceFaultError, match="no card is connected"):
        reader.transmit(SELECT)
    assert reader.health().state is DeviceState.ONLINE


def test_opening_and_closing_can_be_repeated(ready: CardReader) -> None:
    ready.open()
    assert ready.transmit(SELECT) == b"\x90\x00"
    ready.close()
    ready.close()
    assert ready.health().state is DeviceState.NO_DEVICE
    for _ in range(3):
        ready.open()
        ready.connect()
        assert ready.transmit(SELECT) == b"\x90\x00"
        ready.close()


def test_a_closed_reader_does_nothing(bench: Bench) -> None:
    reader = bench.reader
    reader.close()
    assert reader.is_card_present() is Seen.UNKNOWN
    for use in (reader.connect, lambda: reader.transmit(SELECT)):
        with pytest.raises(DeviceAbsentError, match="not open"):
            use()
    for wait in (reader.wait_for_card, reader.wait_removed):
        with pytest.raises(DeviceAbsentError, match="not open"):
            wait(0.1, Event())
    reader.disconnect()
    reader.close()


# The motor unit alone


@pytest.fixture
def motor(tmp_path: Path) -> Iterator[RunningMachine]:
    with MACHINES[0].running(tmp_path) as running:
        yield running


def test_a_card_at_the_gate_is_drawn_in_again(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    motor.card("gate")
    assert reader.connect() == CHIP_ATR
    assert motor.unit.status().position is CardPosition.INSIDE


def test_a_wait_outlasts_a_pulled_plug(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    thing = motor.card()

    def pull_and_insert() -> None:
        motor.device.set_fault("unplugged", on=True)
        Event().wait(0.5)
        motor.device.set_fault("unplugged", on=False)
        motor.insert_soon(thing)

    Timer(0.1, pull_and_insert).start()
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.connect() == CHIP_ATR


def test_a_wait_outlasts_a_line_that_garbles(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    thing = motor.card()
    motor.device.set_fault(LineFault.GARBLED, on=True)

    def mend_and_insert() -> None:
        motor.device.set_fault(LineFault.GARBLED, on=False)
        motor.insert_soon(thing)

    Timer(0.7, mend_and_insert).start()
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.is_card_present() is Seen.YES


def test_a_wait_for_an_absent_unit_ends_absent(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    motor.device.set_fault("unplugged", on=True)
    for wait in (reader.wait_for_card, reader.wait_removed):
        with pytest.raises(DeviceAbsentError):
            wait(0.3, Event())
    assert reader.is_card_present() is Seen.UNKNOWN
    motor.device.set_fault("unplugged", on=False)
    assert reader.is_card_present() is Seen.NO


def test_a_card_whose_way_out_was_not_confirmed_is_given_back_once(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    motor.card("inside")
    motor.device.set_fault("lost_answer", on=True)
    Timer(0.6, motor.device.act, ("take", {"hand": "visitor"})).start()
    assert reader.wait_removed(PERSON_S, Event())
    assert motor.device.motions == 1


def test_a_failed_apdu_ends_the_connection(motor: RunningMachine) -> None:
    reader = MotorReader(motor.unit)
    reader.open()
    motor.card("inside")
    reader.connect()
    motor.device.set_fault("chip_dead", on=True)
    with pytest.raises(DeviceFaultError, match="card_error"):
        reader.transmit(SELECT)
    motor.device.set_fault("chip_dead", on=False)
    with pytest.raises(DeviceFaultError, match="no card is connected"):
        reader.transmit(SELECT)
    assert reader.connect() == CHIP_ATR
