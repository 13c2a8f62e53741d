"""Mutated frames to the document readers, and mutated commands to their simulations."""

import zlib
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from hardware.core.errors import DeviceError, DeviceTimeoutError
from hardware.core.links import read_recording
from hardware.core.transport import Exchange
from hardware.document_reader import elyctis, heard_line, hid_reader, ocr_imager, stx_reader
from hardware.document_reader.interface import DocumentRead
from hardware.simulation.document_reader import PROTOCOLS
from hardware.simulation.world import World
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated
from tests.support.zones import TD1, TD2, TD3

RECORDINGS = Path(__file__).parents[1] / "contract" / "recordings"
WAIT_S = 6.0
QUESTION = (
    Exchange("host", bytes.fromhex("164d0d 6f6372656e613f 21")),
    Exchange("device", bytes.fromhex("4f4352454e4131 06 21")),
)
"""Is OCR on? It is."""


class QuickLine(MutatedLine):
    """A mutated line on which waiting takes time of the clock's, and none of ours.

    unasked is spoken, mutated, whenever the host throws away what it heard: so a wait begins.
    """

    def __init__(self, name: str, dice: Random, clock: QuickClock, unasked: bytes = b"") -> None:
        recorded = [] if unasked else read_recording(RECORDINGS / name / "manual.txt")
        if name == "ocr_imager":
            recorded = [*recorded, *QUESTION]
        super().__init__(recorded, dice)
        self._clock = clock
        self._unasked = unasked

    def read(self, count: int, timeout_s: float) -> bytes:
        try:
            return super().read(count, timeout_s)
        except DeviceTimeoutError:
            self._clock.now += timeout_s
            raise

    def flush_input(self) -> None:
        super().flush_input()
        if self._unasked:
            said = self._unasked
            self._unread = said if self.is_sound else mutated(said, self._dice)


class QuickReports:
    """A HidLink on which mutated reports lie whenever a wait begins."""

    def __init__(self, reports: list[bytes], dice: Random, clock: QuickClock) -> None:
        self.is_sound = False
        self.said: list[bytes] = []
        self._reports = reports
        self._dice = dice
        self._clock = clock
        self._left: deque[bytes] = deque()

    def read_report(self, timeout_s: float) -> bytes:
        if not self._left:
            self._clock.now += timeout_s
            raise DeviceTimeoutError("silence")
        return self._left.popleft()

    def flush_input(self) -> None:
        if self.is_sound:
            self._left = deque(self._reports)
            return
        kept = [each for each in self._reports if self._dice.random() < 0.95]
        self._left = deque(mutated(each, self._dice) for each in kept)

    def close(self) -> None:
        pass


Made = tuple[Any, Any]


def an_elyctis(dice: Random, clock: QuickClock) -> Made:
    line = QuickLine("elyctis", dice, clock)
    return elyctis.Elyctis(lambda _baud: line), line


def an_stx_reader(dice: Random, clock: QuickClock) -> Made:
    (spoken,) = read_recording(RECORDINGS / "stx_reader" / "manual.txt")
    line = QuickLine("stx_reader", dice, clock, spoken.data)
    return stx_reader.StxReader(lambda: line), line


def an_imager(dice: Random, clock: QuickClock) -> Made:
    line = QuickLine("ocr_imager", dice, clock)
    return ocr_imager.OcrImager(lambda: line), line


def a_hid_reader(dice: Random, clock: QuickClock) -> Made:
    recorded = read_recording(RECORDINGS / "hid_reader" / "manual.txt")
    link: Any = QuickReports([each.data[1:] for each in recorded], dice, clock)
    return hid_reader.HidReader(lambda: link), link


MAKERS: dict[str, Callable[[Random, QuickClock], Made]] = {
    "elyctis": an_elyctis,
    "stx_reader": an_stx_reader,
    "ocr_imager": an_imager,
    "hid_reader": a_hid_reader,
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    quick = QuickClock()
    for module in (elyctis, heard_line, hid_reader, ocr_imager, stx_reader):
        monkeypatch.setattr(module, "monotonic", quick.monotonic)
    return quick


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", MAKERS)
def test_mutated_answers_give_a_zone_that_is_judged_or_a_device_error(
    name: str, clock: QuickClock
) -> None:
    dice = Random(f"frames of {name}")
    outcomes: Counter[str] = Counter()
    reader, line = MAKERS[name](dice, clock)
    line.is_sound = True
    reader.open()
    line.is_sound = False
    for number in range(FRAMES):
        clock.now += 10.0
        try:
            read = reader.wait_for_document(WAIT_S, Event())
        except DeviceError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes[judged(read)] += 1
        if number % 100 == 0:
            line.is_sound = True
            clock.now += 10.0
            assert reader.wait_for_document(WAIT_S, Event()).lines == TD1
            line.is_sound = False
    print(f"\n{name}: {FRAMES} mutated: {dict(outcomes.most_common())}")
    assert outcomes["right"]
    assert outcomes["flawed"]
    # A name has no check digit: what was altered there cannot be noticed by anybody.
    assert outcomes["sound, another name"] < FRAMES / 10
    # Sums modulo ten take < for 0, A or K, and every tenth of all other mistakes.
    assert outcomes["sound, another holder"] <= FRAMES / 200


def judged(read: DocumentRead) -> str:
    assert read.lines
    assert sum(map(len, read.lines)) <= 1024
    if read.lines == TD1:
        assert read.is_sound
        return "right"
    if not read.is_sound:
        return "flawed"
    is_checked_alike = read.text[5:37] == "".join(TD1)[5:37]
    return "sound, another name" if is_checked_alike else "sound, another holder"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", MAKERS)
def test_a_reader_that_speaks_nonsense_from_the_first_byte_is_no_reader_or_one(
    name: str, clock: QuickClock
) -> None:
    dice = Random(f"opening {name}")
    outcomes: Counter[str] = Counter()
    for _ in range(FRAMES):
        reader, _ = MAKERS[name](dice, clock)
        try:
            reader.open()
            reader.present()
            reader.health()
        except DeviceError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["opened"] += 1
        reader.close()
    print(f"\n{name}: opened {dict(outcomes.most_common())}")
    # An imager must understand five answers, one after the other.
    assert outcomes["opened"] or (name == "ocr_imager" and FRAMES < 100_000)


class Heard:
    """A Connection over which the host says one thing and hangs up."""

    def __init__(self, said: bytes) -> None:
        self._left = [said]
        self.answered = b""

    def recv(self, bufsize: int, /) -> bytes:
        return self._left.pop()[:bufsize] if self._left else b""

    def sendall(self, data: bytes, /) -> None:
        self.answered += data

    def settimeout(self, value: float | None, /) -> None:
        pass


def told(kind: bytes, body: bytes) -> bytes:
    frame = kind + len(body).to_bytes(2, "big") + body
    return frame + zlib.crc32(frame).to_bytes(4, "big")


COMMANDS = {
    "elyctis": [bytes.fromhex(each) for each in ("560000", "43000101", "490000", "540000520000")],
    "stx": [b"", b"\x02\x03"],
    "ocr": [b"\x16M\rocrena1!\x16M\rocrats2!\x16T\r", b"\x16U\r", b"\x16M\rocrena?."],
    "hid": [told(b"G", b"\x09\x00\x0e"), told(b"O", b"\x00\x01"), told(b"S", b"\x21\x01")],
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_command_breaks_the_simulation(protocol: str, tmp_path: Path) -> None:
    dice = Random(f"commands to {protocol}")
    device: Any = PROTOCOLS[protocol]("x.reader", 0, World(tmp_path), {})
    answered = 0
    for number in range(FRAMES):
        said = dice.choice(COMMANDS[protocol]) + dice.choice(COMMANDS[protocol])
        connection = Heard(mutated(said, dice))
        device.serve(connection)
        answered += bool(connection.answered)
        if number % 10 == 0:
            device.act("lay", {"lines": list(dice.choice((TD1, TD2, TD3)))})
        elif number % 10 == 5:
            device.act("take", {"hand": "visitor"})
    print(f"\n{protocol}: {FRAMES} mutated commands, {answered} answered")
    assert answered
