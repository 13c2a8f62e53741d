"""The PC/SC driver on a real pcscd with a virtual reader: what is its own.

What it shares with other readers is in test_card_reader.py.
"""

from dataclasses import dataclass, field
from threading import Event, Thread, Timer
from typing import Any

import pytest

from hardware.catalog import make
from hardware.console import list_devices, self_test_devices
from hardware.core.device import DeviceState, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceBusyError,
    DeviceFaultError,
)
from hardware.smartcard.apdu import t0_command
from hardware.smartcard.card_reader import CardReader
from hardware.smartcard.pcsc_reader import PcscReader, reader_names
from tests.support.pcscd import ATR, VirtualCard

SELECT = bytes.fromhex("00A4040C00")
PERSON_S = 10.0


@pytest.fixture
def reader(pcscd):
    """A reader without a card."""
    reader: CardReader = PcscReader(pcscd.reader("Virtual A"))
    reader.open()
    yield reader
    reader.close()


@pytest.fixture(scope="module")
def card(session_pcscd):
    """A card that stays in the other reader."""
    with VirtualCard(session_pcscd.ensure().port("Virtual B")) as card:
        yield card


@pytest.fixture
def ready(pcscd, card):
    reader = PcscReader(pcscd.reader("Virtual B"))
    reader.open()
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.connect() == ATR
    yield reader
    reader.close()


def test_an_apdu_goes_there_and_back(ready):
    assert ready.transmit(SELECT) == b"\x90\x00"
    assert ready.transmit(bytes.fromhex("00E0000500")) == bytes(5) + b"\x90\x00"


def test_extended_length_goes_both_ways(ready):
    assert ready.takes_extended_length
    long = bytes.fromhex("00D00000 007530") + bytes(30_000) + b"\x00\x00"
    assert ready.transmit(long) == len(long).to_bytes(4, "big") + b"\x90\x00"
    answer = ready.transmit(bytes.fromhex("00E0FDE8 000000"))
    assert (len(answer), answer[-2:]) == (65_002, b"\x90\x00")
    longest = bytes.fromhex("00D00000 00FFF6") + bytes(0xFFF6) + b"\x00\x00"  # vpcd's limit
    assert ready.transmit(longest)[-2:] == b"\x90\x00"


@pytest.mark.parametrize("size", [0, 3, 65_545])
def test_what_is_no_apdu_is_refused(ready, size):
    with pytest.raises(ValueError, match="does not fit"):
        ready.transmit(bytes(size))
    assert ready.transmit(SELECT) == b"\x90\x00"


def test_disconnecting_cuts_the_power(ready, card):
    assert card.resets > 0
    for _ in range(2):
        resets = card.resets
        ready.disconnect()
        ready.disconnect()
        ready.connect()
        assert card.resets > resets
    ready.connect()  # connecting a connected card begins anew
    assert ready.transmit(SELECT) == b"\x90\x00"


def test_cards_are_seen_to_come_and_go(reader, pcscd):
    assert reader.is_card_present() is Seen.NO
    assert reader.wait_removed(PERSON_S, Event())
    assert not reader.wait_for_card(0.3, Event())
    card = VirtualCard(pcscd.port("Virtual A"))
    Timer(0.2, card.insert).start()
    assert reader.wait_for_card(PERSON_S, Event())
    assert reader.is_card_present() is Seen.YES
    assert "card is there" in reader.health().detail
    assert reader.wait_for_card(PERSON_S, Event())  # it is there still
    assert not reader.wait_removed(0.3, Event())
    Timer(0.2, card.remove).start()
    assert reader.wait_removed(PERSON_S, Event())
    assert reader.is_card_present() is Seen.NO
    assert reader.health().state is DeviceState.ONLINE


def test_a_reader_without_card_cannot_connect(reader):
    with pytest.raises(DeviceFaultError, match="0x8010000C no_smartcard") as caught:
        reader.connect()
    assert caught.value.reason == "card_error"


def test_a_swapped_card_is_another_card(reader, pcscd):
    with VirtualCard(pcscd.port("Virtual A")):
        assert reader.wait_for_card(PERSON_S, Event())
        assert reader.connect() == ATR
    other = bytes.fromhex("3B80800101")
    with VirtualCard(pcscd.port("Virtual A"), lambda _: b"\x6a\x82", other):
        with pytest.raises(DeviceFaultError):
            reader.transmit(SELECT)
        assert reader.wait_for_card(PERSON_S, Event())
        assert reader.connect() == other
        assert reader.transmit(SELECT) == b"\x6a\x82"


def test_a_held_card_is_busy_until_it_is_let_go(ready, pcscd):
    second = PcscReader(pcscd.reader("Virtual B"))
    second.open()
    with pytest.raises(DeviceBusyError):
        second.connect()
    Timer(0.2, ready.disconnect).start()
    assert second.connect() == ATR
    second.close()
    assert ready.connect() == ATR


def test_two_readers_do_not_disturb_each_other(ready, reader, pcscd):
    right = {}

    def use(name, used):
        wanted = bytes([name]) + b"\x90\x00"
        right[name] = sum(used.transmit(bytes([0, 0xC0, 0, name])) == wanted for _ in range(300))

    with VirtualCard(pcscd.port("Virtual A")):
        assert reader.wait_for_card(PERSON_S, Event())
        reader.connect()
        threads = [Thread(target=use, args=pair) for pair in ((1, ready), (2, reader))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert right == {1: 300, 2: 300}


def test_a_silent_card_does_not_hold_up_the_other_reader(ready, pcscd):
    asked, ended = Event(), Event()

    def never(_command):
        asked.set()
        ended.wait()

    errors = []

    def fail(reader):
        try:
            reader.transmit(SELECT)
        except DeviceFaultError as error:
            errors.append(error)

    silent = PcscReader(pcscd.reader("Virtual A"), answer_s=2.0)
    silent.open()
    with VirtualCard(pcscd.port("Virtual A"), never):
        assert silent.wait_for_card(PERSON_S, Event())
        silent.connect()
        thread = Thread(target=fail, args=(silent,))
        thread.start()
        assert asked.wait(PERSON_S)
        assert all(ready.transmit(SELECT) == b"\x90\x00" for _ in range(50))
        assert not errors  # the first is still waiting
        thread.join()
        ended.set()
    assert [error.reason for error in errors] == ["card_error"]
    silent.close()


@pytest.mark.parametrize("part", ["virtual a 00 00", "A 00 00"])
def test_a_part_of_the_name_is_enough(pcscd, part):
    reader = make("pcsc", f"pcsc:{part}", {"answer_s": 2})
    reader.open()
    assert reader.health().state is DeviceState.ONLINE
    reader.close()


@pytest.mark.parametrize(
    ("part", "words"), [("Virtual A", "in the names of"), ("Omnikey", "no reader 'Omnikey'")]
)
def test_a_name_must_mean_one_reader(pcscd, part, words):
    with pytest.raises(DeviceAbsentError, match=words):
        PcscReader(part).open()


def test_the_machines_readers_are_named(pcscd):
    assert reader_names() == [f"Virtual {name} 00 {slot}" for name in "AB" for slot in ("00", "01")]


@dataclass(frozen=True)
class Configured:
    address: str
    name: str = "card_reader"
    driver: str = "pcsc"
    options: dict[str, Any] = field(default_factory=dict)


def test_a_technician_tests_the_reader(reader, pcscd):
    card = VirtualCard(pcscd.port("Virtual A"))
    said: list[str] = []

    def person(line):
        said.append(line)
        if "lay a test card" in line:
            card.insert()
        elif "take the card" in line:
            card.remove()

    (outcome,) = self_test_devices([Configured(f"pcsc:{pcscd.reader('Virtual A')}")], person)
    assert outcome.passed, said
    assert f"{len(ATR)} bytes" in outcome.detail


def test_a_technician_is_told_which_readers_there_are(pcscd):
    (row,) = list_devices([Configured("pcsc:Omnikey")])
    assert (row["kind"], row["state"]) == ("card_reader", "noDevice")
    assert "there are Virtual A 00 00, " in row["detail"]
    (row,) = list_devices([Configured(f"pcsc:{pcscd.reader('Virtual A')}")])
    assert row["state"] == "online"


def test_t0_knows_no_le_behind_data():
    """ISO 7816-3, 12.2: the four cases of a short APDU."""
    assert t0_command(bytes.fromhex("00A40000")) == bytes.fromhex("00A4000000")
    assert t0_command(bytes.fromhex("00B0000010")) == bytes.fromhex("00B0000010")
    assert t0_command(bytes.fromhex("00D600000201 02")) == bytes.fromhex("00D60000020102")
    assert t0_command(bytes.fromhex("0088000002010200")) == bytes.fromhex("00880000020102")
    with pytest.raises(ValueError, match="short"):
        t0_command(bytes.fromhex("00B00000000000"))
