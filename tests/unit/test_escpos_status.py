"""Status bytes of ESC/POS as the manuals print them, and how answers are told from one another."""

from random import Random

import pytest

from hardware.core.device import Seen
from hardware.core.errors import BadReplyError, DeviceTimeoutError
from hardware.core.transport import Exchange, ReplayTransport
from hardware.printer.escpos_answers import Answers
from hardware.printer.escpos_status import (
    Ask,
    Sensors,
    is_automatic,
    is_queued,
    is_real_time,
)
from hardware.printer.interface import Paper
from hardware.printer.reasons import Reason


def told(**answers: int) -> Sensors:
    seen = Sensors()
    for name, byte in answers.items():
        assert is_real_time(byte)
        seen = seen.told(Ask[name.upper()], byte)
    return seen


@pytest.mark.parametrize(
    ("asked", "byte", "reasons", "paper"),
    [
        ("printer", 0x16, set(), Paper.UNKNOWN),
        ("printer", 0x12, set(), Paper.UNKNOWN),
        ("printer", 0x1A, {Reason.OFFLINE}, Paper.UNKNOWN),
        ("offline_cause", 0x16, {Reason.COVER_OPEN}, Paper.UNKNOWN),
        ("offline_cause", 0x32, {Reason.PAPER_OUT}, Paper.OUT),
        ("error_cause", 0x1A, {Reason.CUTTER}, Paper.UNKNOWN),
        ("error_cause", 0x16, {Reason.MECHANISM}, Paper.UNKNOWN),
        ("error_cause", 0x32, {Reason.MECHANISM}, Paper.UNKNOWN),
        ("error_cause", 0x52, {Reason.TOO_HOT}, Paper.UNKNOWN),
        ("paper", 0x12, set(), Paper.FULL),
        ("paper", 0x1E, {Reason.PAPER_LOW}, Paper.LOW),
        ("paper", 0x72, {Reason.PAPER_OUT}, Paper.OUT),
        ("paper", 0x7E, {Reason.PAPER_OUT}, Paper.OUT),
    ],
)
def test_single_bytes(asked: str, byte: int, reasons: set[Reason], paper: Paper) -> None:
    seen = told(**{asked: byte})
    assert seen.reasons() == reasons
    assert seen.paper() is paper


def test_what_was_not_told_is_unknown() -> None:
    seen = told(paper=0x12)
    assert (seen.near_end, seen.paper_end) == (Seen.NO, Seen.NO)
    assert {seen.offline, seen.cover_open, seen.cutter_stuck, seen.in_mouth, seen.drawer} == {
        Seen.UNKNOWN
    }
    assert seen.status().online is Seen.UNKNOWN
    assert told(presenter=0x12).in_mouth is Seen.NO
    assert told(presenter=0x72).status().in_mouth is Seen.YES
    assert told(printer=0x16).drawer is Seen.YES


def test_paper_that_stopped_the_printer_is_out_whatever_the_other_sensor_says() -> None:
    assert told(offline_cause=0x32, paper=0x1E).paper() is Paper.OUT
    assert told(paper=0x72, offline_cause=0x12).paper() is Paper.OUT


@pytest.mark.parametrize(
    ("block", "reasons"),
    [
        ("10000000", set()),
        ("18000000", {Reason.OFFLINE}),
        ("38000000", {Reason.COVER_OPEN}),
        ("18080000", {Reason.CUTTER}),
        ("18400000", {Reason.TOO_HOT}),
        ("10000300", {Reason.PAPER_LOW}),
        ("18000f00", {Reason.PAPER_OUT}),
    ],
)
def test_automatic_status(block: str, reasons: set[Reason]) -> None:
    assert Sensors().told_automatically(bytes.fromhex(block)).reasons() == reasons


def test_no_byte_is_of_two_sorts() -> None:
    for byte in range(256):
        sorts = (is_real_time(byte), is_automatic(byte), is_queued(byte), byte == 0x5F)
        assert sum(sorts) <= 1, f"{byte:02x}"


def answers(*said: str) -> tuple[Answers, list[bytes]]:
    heard: list[bytes] = []
    line = ReplayTransport([Exchange("device", bytes.fromhex(each)) for each in said])
    return Answers(line, heard.append), heard


def test_each_sort_is_found_between_the_others() -> None:
    said = ("00", "18080000", "5f544d2d54383856 00", "1e")
    for wanted, found in (("queued", "00"), ("name", "544d2d54383856"), ("real_time", "1e")):
        them, heard = answers(*said)
        assert them.wait(wanted, 1).hex() == found  # type: ignore[arg-type]
        assert heard == ([] if wanted == "queued" else [bytes.fromhex("18080000")])


def test_the_letters_of_a_name_are_no_status() -> None:
    them, _ = answers("5f5252525252 00", "12")  # R is 52: a head too hot
    assert them.wait("real_time", 1) == b"\x12"


def test_noise_is_no_answer() -> None:
    them, _ = answers("ff")
    with pytest.raises(BadReplyError, match="ff"):
        them.wait("real_time", 1)
    them, _ = answers("ff", "03")
    assert them.wait("queued", 1) == b"\x03"
    them, _ = answers("18 ff 00 00")
    with pytest.raises(BadReplyError):
        them.wait("real_time", 1)
    with pytest.raises(DeviceTimeoutError):
        answers()[0].wait("real_time", 0.01)


def test_a_backlog_is_drained() -> None:
    dice = Random(1)
    them, heard = answers(*(dice.choice(("12", "00", "10000000", "ff")) for _ in range(200)))
    them.drain()
    assert heard
    with pytest.raises(DeviceTimeoutError):
        them.wait("real_time", 0.01)
