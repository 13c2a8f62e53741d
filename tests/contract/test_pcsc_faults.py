"""Nothing that a card, a reader or the PC/SC service does lets the driver hang; all heals.

Each test ends by using the reader again. That nothing hangs is proved by the time-out of pytest
around waits that are far longer than the faults last.
"""

import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue
from signal import SIGKILL, SIGTERM
from threading import Event, Thread, Timer
from time import monotonic

import pytest

from hardware.core.device import DeviceState, Seen
from hardware.core.errors import DeviceAbsentError, DeviceError, DeviceFaultError
from hardware.core.keeper import Keeper
from hardware.smartcard import pcsc_session
from hardware.smartcard.pcsc_monitor import Change, PcscMonitor
from hardware.smartcard.pcsc_reader import PcscReader, reader_names
from hardware.smartcard.pcsc_session import Session
from tests.support.pcscd import ATR, VirtualCard, echo

pytestmark = pytest.mark.timeout(60)

SELECT = bytes.fromhex("00A4040C00")
ASK = bytes.fromhex("00B0000000")
PERSON_S = 10.0
ANSWER_S = 0.3


@pytest.fixture
def reader(pcscd):
    reader = PcscReader(pcscd.reader("Virtual A"), ANSWER_S)
    reader.open()
    yield reader
    reader.close()


class Faulty:
    """A card that does what it is told to when it is asked for bytes (READ BINARY)."""

    def __init__(self, pcscd, fault=None):
        self.fault = fault or (lambda: b"\x90\x00")
        self.asked = Event()
        self.card = VirtualCard(pcscd.port("Virtual A"), self._answer)

    def _answer(self, command):
        if command != ASK:
            return echo(command)
        self.asked.set()
        return self.fault()

    def __enter__(self):
        self.card.insert()
        return self

    def __exit__(self, *_):
        self.card.remove()


def never(ended):
    """A fault: no answer until the test is over."""

    def wait():
        ended.wait()

    return wait


def connect(reader):
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.connect() == ATR
    assert reader.transmit(SELECT) == b"\x90\x00"


def assert_card_error(reader, words=None):
    with pytest.raises(DeviceFaultError, match=words) as caught:
        reader.transmit(ASK)
    assert caught.value.reason == "card_error"
    with pytest.raises(DeviceFaultError, match="no card is connected"):
        reader.transmit(ASK)  # the connection is over


def assert_heals(reader, pcscd):
    """Another card works, and nothing is left of the fault."""
    with VirtualCard(pcscd.port("Virtual A")):
        connect(reader)
        assert reader.health().state is DeviceState.ONLINE
        assert reader.is_card_present() is Seen.YES
    assert not Session.is_stuck_in(pcscd.reader("Virtual A"))


def test_a_card_torn_away_in_an_apdu(reader, pcscd):
    with Faulty(pcscd, lambda: None):
        connect(reader)
        assert_card_error(reader)
    assert_heals(reader, pcscd)


def test_a_card_torn_away_between_two_apdus(reader, pcscd):
    with Faulty(pcscd) as faulty:
        connect(reader)
        faulty.card.remove()
        assert_card_error(reader)
    assert_heals(reader, pcscd)


def test_an_answer_without_status_word(reader, pcscd):
    with Faulty(pcscd, lambda: b"\x90") as faulty:
        connect(reader)
        assert_card_error(reader, "without status word")
        faulty.fault = lambda: b"\x90\x00"
        connect(reader)  # the same card, powered anew
        assert reader.transmit(ASK) == b"\x90\x00"


def test_an_answer_without_a_byte(reader, pcscd):
    """vpcd's driver waits for more then, and with it the service."""
    with Faulty(pcscd, lambda: b""):
        connect(reader)
        assert_card_error(reader, "silent: no answer within")
    assert_heals(reader, pcscd)


def test_a_card_that_answers_too_late(reader, pcscd):
    late = Event()

    def answer():
        late.wait()
        return b"\x90\x00"

    with Faulty(pcscd, answer) as faulty:
        connect(reader)
        assert_card_error(reader, "silent")
        health = reader.health()
        assert (health.state, "silent card" in health.detail) == (DeviceState.HARDWARE_ERROR, True)
        with pytest.raises(DeviceFaultError, match="silent card"):
            reader.connect()
        resets = faulty.card.resets
        Timer(0.2, late.set).start()
        connect(reader)  # as soon as the service is free
        assert faulty.card.resets > resets  # nothing of the old session is left
        assert reader.transmit(ASK) == b"\x90\x00"
        assert reader.health().state is DeviceState.ONLINE


def test_a_silent_card_heals_when_it_is_taken_away(reader, pcscd):
    ended = Event()
    with Faulty(pcscd, never(ended)):
        connect(reader)
        assert_card_error(reader, "silent")
        reader.close()  # closing does not wait for it either
        reader.open()
    ended.set()
    assert_heals(reader, pcscd)


def test_a_card_that_falls_silent_before_its_atr(reader, pcscd, monkeypatch):
    """The service asks for the ATR to see whether the card is there, and waits for it."""
    monkeypatch.setattr(pcsc_session, "CONNECT_S", 0.3)
    dead, ended, asked = Event(), Event(), Event()

    class Dying(VirtualCard):
        def _control(self, control):
            if dead.is_set():
                asked.set()
                ended.wait()
            return super()._control(control)

    with Dying(pcscd.port("Virtual A")):
        assert reader.wait_for_card(PERSON_S, Event())
        dead.set()
        assert asked.wait(PERSON_S)
        with pytest.raises(DeviceFaultError) as caught:
            reader.connect()
        assert caught.value.reason == "card_error"
    ended.set()
    assert_heals(reader, pcscd)


def test_an_atr_of_nonsense(reader, pcscd):
    with VirtualCard(pcscd.port("Virtual A"), atr=b"\xff"):
        assert reader.wait_for_card(PERSON_S, Event())
        with pytest.raises(DeviceFaultError) as caught:
            reader.connect()
        assert caught.value.reason == "card_error"
    assert_heals(reader, pcscd)


def test_a_chip_that_calculates_gets_more_time(reader, pcscd):
    def calculate(command):
        if command[1] == 0x86:
            Event().wait(2 * ANSWER_S)
        return b"\x90\x00"

    with VirtualCard(pcscd.port("Virtual A"), calculate):
        connect(reader)
        assert reader.transmit(bytes.fromhex("00860000027C0000")) == b"\x90\x00"


@pytest.mark.parametrize("number", [SIGTERM, SIGKILL])
def test_the_service_ends_in_an_apdu(reader, pcscd, number):
    ended = Event()
    with Faulty(pcscd, never(ended)) as faulty:
        connect(reader)

        def kill():
            faulty.asked.wait(PERSON_S)
            pcscd.restart(number)

        # Not so soon that the watchdog could be meant.
        reader._answer_s = PERSON_S
        begun = monotonic()
        thread = Thread(target=kill)
        thread.start()
        with pytest.raises(DeviceAbsentError):
            reader.transmit(ASK)
        assert monotonic() - begun < PERSON_S / 2
        thread.join()
        ended.set()
    assert_heals(reader, pcscd)


@pytest.mark.parametrize("number", [SIGTERM, SIGKILL])
def test_the_service_restarts_between_two_apdus(reader, pcscd, number):
    with VirtualCard(pcscd.port("Virtual A")):
        connect(reader)
        pcscd.restart(number)
        with pytest.raises(DeviceAbsentError):
            reader.transmit(SELECT)
    assert_heals(reader, pcscd)


@pytest.mark.parametrize("number", [SIGTERM, SIGKILL])
def test_the_service_restarts_between_two_cards(reader, pcscd, number):
    """Nobody notices."""
    assert reader.is_card_present() is Seen.NO
    pcscd.restart(number)
    assert reader.is_card_present() is Seen.NO
    pcscd.restart(number)
    assert reader.health().state is DeviceState.ONLINE
    pcscd.restart(number)
    assert_heals(reader, pcscd)


def test_no_service_at_all(reader, pcscd):
    pcscd.end()
    assert reader.health().state is DeviceState.NO_DEVICE
    assert reader.is_card_present() is Seen.UNKNOWN
    other = PcscReader(pcscd.reader("Virtual A"))
    for use in (reader.connect, lambda: reader.wait_for_card(0.2, Event()), other.open):
        with pytest.raises(DeviceAbsentError):
            use()
    assert reader_names() == []
    pcscd.start()
    assert_heals(reader, pcscd)


def test_a_wait_outlasts_a_restart_of_the_service(reader, pcscd):
    found: SimpleQueue[bool] = SimpleQueue()
    waiting = Thread(target=lambda: found.put(reader.wait_for_card(PERSON_S, Event())))
    waiting.start()
    pcscd.restart(SIGKILL)
    with VirtualCard(pcscd.port("Virtual A")):
        assert found.get(timeout=PERSON_S) is True
        waiting.join()
        connect(reader)


def test_a_service_that_stands_still(reader, pcscd, monkeypatch):
    """Every call into it is given up, and only so many threads are left behind."""
    monkeypatch.setattr(pcsc_session, "CALL_S", 0.1)
    monkeypatch.setattr(pcsc_session, "SERVICE_S", 0.1)
    with VirtualCard(pcscd.port("Virtual A")):
        connect(reader)
        pcscd.pause()
        with pytest.raises(DeviceAbsentError):
            reader.transmit(SELECT)
        for _ in range(2 * pcsc_session.MOST_STUCK):
            assert reader.health().state is DeviceState.NO_DEVICE
        assert len(Session._stuck) == pcsc_session.MOST_STUCK
        with pytest.raises(DeviceAbsentError, match="many calls"):
            reader.connect()
        reader.disconnect()
        pcscd.restart(SIGKILL)
    assert_heals(reader, pcscd)
    for _ in range(1000):
        if not Session._stuck:
            break
        Event().wait(0.01)
    assert not Session._stuck


def test_a_reader_that_is_unplugged(reader, pcscd):
    with VirtualCard(pcscd.port("Virtual A")):
        connect(reader)
        pcscd.restart(readers=["Virtual B"])
        with pytest.raises(DeviceAbsentError):
            reader.transmit(SELECT)
    with pytest.raises(DeviceAbsentError, match="there are Virtual B 00 00, Virtual B 00 01"):
        reader.connect()
    with pytest.raises(DeviceAbsentError):
        reader.wait_for_card(0.3, Event())
    assert reader.health().state is DeviceState.NO_DEVICE
    pcscd.restart()
    assert_heals(reader, pcscd)


def test_a_keeper_opens_the_reader_again_and_says_so_once(pcscd):
    said: list[str] = []
    keeper = Keeper("card_reader", lambda: PcscReader(pcscd.reader("Virtual A")), said.append)
    assert keeper.use(lambda reader: reader.is_card_present()) is Seen.NO
    pcscd.end(SIGKILL)
    for _ in range(3):
        with pytest.raises(DeviceAbsentError):
            keeper.use(lambda reader: reader.connect())
    pcscd.start()
    for _ in range(1000):
        if keeper.health().state is DeviceState.ONLINE:
            break
        Event().wait(0.01)
    assert keeper.use(lambda reader: reader.is_card_present()) is Seen.NO
    assert len(said) == 2
    assert said[-1] == "works again"
    keeper.close()


@pytest.mark.parametrize("number", [SIGTERM, SIGKILL])
def test_the_monitor_outlives_the_service(pcscd, number):
    told: SimpleQueue[Change] = SimpleQueue()
    name = pcscd.reader("Virtual A")

    def until(kind, reader):
        while (change := told.get(timeout=PERSON_S)).kind != kind or change.reader != reader:
            pass
        return change

    with PcscMonitor(told.put) as monitor:
        until("card_out", name)
        for _ in range(2):
            with VirtualCard(pcscd.port("Virtual A")):
                assert until("card_in", name).atr == ATR
                pcscd.restart(number)
                until("service_down", "")
            until("card_out", name)
        with VirtualCard(pcscd.port("Virtual A")):
            until("card_in", name)
        until("card_out", name)
    assert monitor.join()
    while not told.empty():
        told.get()
    pcscd.restart(number)
    assert told.empty()


def test_a_card_may_be_torn_away_at_every_apdu(reader, pcscd):
    """At whichever it happens, the error is the card's, and the next card is like the first."""
    for apdus in (0, 1, 5):
        left = [apdus + 1]  # with the SELECT of connect()

        def answer(_command, left=left):
            left[0] -= 1
            return b"\x90\x00" if left[0] >= 0 else None

        with VirtualCard(pcscd.port("Virtual A"), answer):
            connect(reader)
            for _ in range(apdus):
                assert reader.transmit(ASK) == b"\x90\x00"
            with pytest.raises(DeviceError):
                reader.transmit(ASK)
        assert reader.wait_removed(PERSON_S, Event())


def test_a_program_ends_while_a_card_is_silent(pcscd):
    program = """
import sys
from threading import Event
from hardware.core.errors import DeviceFaultError
from hardware.smartcard.pcsc_reader import PcscReader
reader = PcscReader(sys.argv[1], 0.1)
reader.open()
reader.wait_for_card(10, Event())
reader.connect()
try:
    reader.transmit(bytes.fromhex("00B0000000"))
except DeviceFaultError as error:
    print(error.reason)
"""
    ended = Event()
    with Faulty(pcscd, never(ended)):
        words = [sys.executable, "-c", program, pcscd.reader("Virtual A")]
        done = subprocess.run(
            words,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "card_error\n", "")
        ended.set()


def test_a_station_without_such_a_reader_needs_no_pcsc():
    """The catalogue alone loads nothing of PC/SC."""
    program = "import sys, hardware.catalog; print([m for m in sys.modules if 'smartcard.pcsc' in m"
    program += " or m.split('.')[0] == 'smartcard'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
