"""Altered bytes from code scanners and cameras, and altered commands to the simulated ones."""

import io
import struct
from collections import Counter
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from hardware.camera.mjpeg_splitter import MAX_HEADER, MjpegSplitter
from hardware.code_scanner import (
    key_events,
    keyboard_scanner,
    line_scanner,
    scan_lines,
    ssi_trigger,
    triggers,
)
from hardware.code_scanner.interface import Code
from hardware.code_scanner.keyboard_scanner import KeyboardScanner
from hardware.code_scanner.line_scanner import LineScanner, TriggerKind
from hardware.core.errors import DeviceError, DeviceTimeoutError
from hardware.core.transport import Exchange
from hardware.simulation import scanner_families, ssi_decoder
from hardware.simulation.code_scanner import FAMILIES
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated

TEXT = "TAG-7_x"


class TimedLine(MutatedLine):
    """A mutated line on which a read that finds nothing takes its time, by the quick clock."""

    def __init__(self, recording: list[Exchange], dice: Random, clock: QuickClock) -> None:
        super().__init__(recording, dice)
        self._clock = clock

    def read(self, count: int, timeout_s: float) -> bytes:
        try:
            return super().read(count, timeout_s)
        except DeviceTimeoutError:
            self._clock.now += timeout_s
            raise


def recorded(trigger: str) -> list[Exchange]:
    """What a scanner of that family answers; the checks were counted by hand or by the manual."""
    said = {
        "none": [(">", ""), ("<", "5441472d375f780d")],
        "honeywell": [
            (">", "164d0d5452474d4f443021"),
            ("<", "5452474d4f44300621"),
            (">", "16540d"),
            ("<", "5441472d375f780d"),
            (">", "16550d"),
        ],
        "gm65": [
            (">", "7e000701000001" + crc("0701000001")),
            ("<", "02000001d5" + crc("0001d5")),
            (">", "7e000801000201" + crc("0801000201")),
            ("<", "02000001003331" + "5441472d375f780d"),
            (">", "7e000801000200" + crc("0801000200")),
            ("<", "02000001003331"),
        ],
        "ssi": [
            (">", ssi("a3", "04")),
            ("<", ssi("a4", "00", "4e4252")),
            (">", ssi("c6", "04", "ff8a089f01ee01")),
            ("<", ssi("d0", "00")),
            (">", ssi("e4", "04")),
            ("<", ssi("d0", "00") + ssi("f3", "00", "1c5441472d375f78")),
            (">", ssi("d0", "04")),
            (">", ssi("e5", "04")),
            ("<", ssi("d0", "00")),
        ],
    }[trigger]
    return [Exchange("host" if arrow == ">" else "device", bytes.fromhex(x)) for arrow, x in said]


def crc(hexadecimal: str) -> str:
    """CRC-16/XMODEM, bit by bit."""
    value = 0
    for byte in bytes.fromhex(hexadecimal):
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ (0x1021 if value & 0x8000 else 0)
            value &= 0xFFFF
    return f"{value:04x}"


def ssi(opcode: str, source: str, data: str = "") -> str:
    said = bytes([4 + len(data) // 2]) + bytes.fromhex(opcode + source + "00" + data)
    return said.hex() + f"{0x10000 - sum(said):04x}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    quick = QuickClock()
    for module in (scan_lines, triggers, ssi_trigger, line_scanner, keyboard_scanner, key_events):
        monkeypatch.setattr(module, "monotonic", quick.monotonic)
    return quick


def outcome_of(scanner: Any) -> str:
    """Open it and wait for a code; only a DeviceError or a code that the rules allow may come."""
    try:
        scanner.open()
        code = scanner.wait_for_code(1.0, Event())
    except DeviceError as error:
        return type(error).__name__
    assert isinstance(code, Code)
    assert 0 < len(code.text) <= 512
    assert code.text.isascii()
    assert code.text.isprintable()
    return "right" if code.text == TEXT else "another text"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("trigger", sorted(FAMILIES))
def test_mutated_answers_give_codes_or_device_errors(trigger: str, clock: QuickClock) -> None:
    dice = Random(trigger)
    outcomes: Counter[str] = Counter()
    frames = 0
    while frames < FRAMES:
        line = TimedLine(recorded(trigger), dice, clock)
        scanner = LineScanner(lambda line=line: line, TriggerKind(trigger))  # type: ignore[misc]
        for _ in range(4):
            outcomes[outcome_of(scanner)] += 1
        frames += len(line.said)
        assert isinstance(scanner.health().detail, str)
        line.is_sound = True
        scanner.close()
        assert outcome_of(scanner) == "right"
    print(f"\n{trigger}: {frames} frames, {dict(outcomes)}")


def typed(text: str) -> bytes:
    """The events of a keyboard that types lower case, digits, capitals and Enter."""
    keys = {"t": 20, "a": 30, "g": 34, "-": 12, "7": 8, "_": 12, "x": 45, "\n": 28}

    def event(kind: int, code: int, value: int) -> bytes:
        return struct.pack("@qqHHi", 1, 2, kind, code, value)

    said = b""
    for letter in text + "\n":
        shift = letter.isupper() or letter == "_"
        said += event(1, 42, 1) + event(0, 0, 0) if shift else b""
        said += event(4, 4, 0x70000) + event(1, keys[letter.lower()], 1) + event(0, 0, 0)
        said += event(1, keys[letter.lower()], 0) + event(0, 0, 0)
        said += event(1, 42, 0) + event(0, 0, 0) if shift else b""
    return said


class Keyboard:
    """Stands in for select and os under an event node: bytes come, and time passes, at once."""

    O_RDONLY = O_NONBLOCK = O_NOCTTY = 0

    def __init__(self, clock: QuickClock) -> None:
        self.unread = b""
        self.is_waited_for = False
        self.said = b""
        self._clock = clock

    def open(self, _path: str, _flags: int) -> int:
        return 99

    def close(self, _node: int) -> None:
        """Nothing to release."""

    def select(self, nodes: list[int], _w: object, _x: object, timeout_s: float) -> tuple[Any, ...]:
        if not self.unread:
            self._clock.now += timeout_s
            if self.said and self.is_waited_for:  # it types after a first silence: nobody settles
                self.unread, self.said = self.said, b""
            self.is_waited_for = True
        return (nodes if self.unread else [], [], [])

    def read(self, _node: int, count: int) -> bytes:
        data, self.unread = self.unread[:count], self.unread[count:]
        return data


@pytest.mark.timeout(3600)
def test_mutated_key_events_give_codes_or_device_errors(
    clock: QuickClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = Random(7)
    keyboard = Keyboard(clock)
    monkeypatch.setattr(key_events, "os", keyboard)
    monkeypatch.setattr(key_events, "select", keyboard)
    scanner = KeyboardScanner("/dev/input/event9", is_grabbed=False)
    sound = typed(TEXT)
    outcomes: Counter[str] = Counter()
    for _ in range(FRAMES):
        keyboard.said, keyboard.is_waited_for = mutated(sound, dice), False
        outcomes[outcome_of(scanner)] += 1
    for _ in range(2):
        keyboard.said, keyboard.is_waited_for = sound, False
        assert outcome_of(scanner) == "right"
    print(f"\nkeyboard: {FRAMES} scans, {dict(outcomes)}")


@pytest.mark.timeout(3600)
def test_mutated_parts_never_upset_the_splitter() -> None:
    dice = Random(11)
    jpeg = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(jpeg, "JPEG", quality=30)
    picture = jpeg.getvalue()
    head = b"--b\r\nContent-Type: image/jpeg\r\n"
    kinds = (
        head + b"Content-Length: %d\r\n\r\n" % len(picture) + picture + b"\r\n",
        head + b"\r\n" + picture + b"\r\n",
        picture,
    )
    splitter = MjpegSplitter()
    found = whole = 0
    for number in range(FRAMES):
        for seen in splitter.feed(mutated(kinds[dice.randrange(3)], dice)):
            assert seen[:2] == b"\xff\xd8"
            found, whole = found + 1, whole + (seen == picture)
        if number % 500 == 499:
            # A length that was altered may swallow as many bytes as it says, and no more.
            splitter = MjpegSplitter() if splitter._length is not None else splitter
            assert [p for _ in range(4) for p in splitter.feed(kinds[0])][-1] == picture
            assert len(splitter._buffer) <= MAX_HEADER + len(kinds[0])
    print(f"\nsplitter: {FRAMES} parts, {found} pictures, {whole} of them as sent")


COMMANDS = {
    "none": [b""],
    "honeywell": [b"\x16M\rTRGMOD0!", b"\x16T\r", b"\x16U\r", b"\x16M\rTRGMOD?."],
    "gm65": [
        bytes.fromhex("7e000801000201abcd"),
        bytes.fromhex("7e000701000001abcd"),
        bytes.fromhex("7e000901000000dec8"),
        bytes.fromhex("7e000802002a3901a7ea"),
    ],
    "ssi": [bytes.fromhex(x) for x in ("04e40400ff14", "04e50400ff13", "04d00400ff28")]
    + [bytes.fromhex(ssi("c6", "04", "ff8a08")), bytes.fromhex(ssi("d1", "04", "01"))],
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("trigger", sorted(FAMILIES))
def test_mutated_commands_never_upset_a_simulated_scanner(
    trigger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = SimpleNamespace(now=1000.0)
    for module in (scanner_families, ssi_decoder):
        monkeypatch.setattr(module, "monotonic", lambda: time.now)
    dice = Random(f"host {trigger}")
    family = FAMILIES[trigger]({}, set())
    for _ in range(FRAMES):
        time.now += dice.choice((0.0, 0.01, 1.0))
        said = [*family.heard(mutated(dice.choice(COMMANDS[trigger]), dice))]
        said += family.spoken(TEXT, "QRCode")
        said += family.due(time.now)
        assert all(isinstance(each, bytes) for each in said)
    time.now += 10
    questions = {
        "honeywell": (b"\x16M\rTRGMOD?.", b"TRGMOD"),
        "gm65": (bytes.fromhex("7e000701000001abcd"), b"\x02\x00\x00\x01"),
        "ssi": (bytes.fromhex(ssi("a3", "04")), b"\xa4"),
    }
    if trigger in questions:
        question, answer = questions[trigger]
        assert answer in b"".join(family.heard(question))
