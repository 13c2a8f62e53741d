"""Mutated reports to the signature pad, mutated frames of the HID bridge, and the simulation."""

import socket
import zlib
from collections import Counter, deque
from functools import partial
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from hardware.core import hid_bridge
from hardware.core.errors import DeviceError, DeviceFaultError, DeviceTimeoutError
from hardware.signature_pad import stu
from hardware.signature_pad.interface import Signature
from hardware.simulation.signature_pad import SimulatedSignaturePad
from hardware.simulation.world import World
from tests.support.mutations import FRAMES, QuickClock, mutated

CAPABILITY = bytes.fromhex("09 2580 1770 03ff 0140 00c8 c8 09ec 02")
INK = [
    b"\x34\x92\x00"
    + (1000 + 20 * step).to_bytes(2, "big")
    + (2000 + 10 * step).to_bytes(2, "big")
    + (5 * step).to_bytes(2, "big")
    + step.to_bytes(2, "big")
    for step in range(30)
]
AWAY = bytes.fromhex("34 8000 0064 0064 00aa 001e")


class QuickPad:
    """A HidLink to a pad on which somebody signs whenever a wait begins."""

    def __init__(self, dice: Random, clock: QuickClock) -> None:
        self.is_sound = True
        self._dice = dice
        self._clock = clock
        self._left: deque[bytes] = deque()

    def itself(self) -> "QuickPad":
        return self

    def sign(self) -> None:
        """Have the reports of a signature ready."""
        said = [*INK, AWAY]
        if not self.is_sound:
            at = self._dice.randrange(len(said))
            said[at] = mutated(said[at], self._dice)
            if self._dice.random() < 0.3:
                del said[self._dice.randrange(len(said))]
        self._left = deque(said)

    def read_report(self, timeout_s: float) -> bytes:
        if not self._left:
            self._clock.now += timeout_s
            raise DeviceTimeoutError("silence")
        return self._left.popleft()

    def write_report(self, _report: bytes) -> None:
        raise AssertionError

    def get_feature(self, number: int, length: int) -> bytes:
        known = {
            0x03: bytes([3, 0, 0, 0, 0]),
            0x08: b"\x08STU-430\x00\x00" + bytes(7),
            0x09: CAPABILITY,
            0x21: b"\x21\x01",
        }
        report = known[number][: length + 1]
        return report if self.is_sound else mutated(report, self._dice)

    def set_feature(self, _report: bytes) -> None:
        if not self.is_sound and self._dice.random() < 0.02:
            raise DeviceFaultError("refused")

    def flush_input(self) -> None:
        self._left.clear()

    def close(self) -> None:
        pass


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    quick = QuickClock()
    monkeypatch.setattr(stu, "monotonic", quick.monotonic)
    return quick


def signed(pad: stu.Stu, link: QuickPad) -> Signature:
    pad.begin(None)
    link.sign()
    return pad.wait_for_signature(10.0, Event())


@pytest.mark.timeout(3600)
def test_mutated_reports_give_ink_on_the_pad_or_a_device_error(clock: QuickClock) -> None:
    dice = Random("reports of a pad")
    link = QuickPad(dice, clock)
    pad = stu.Stu(lambda: link)
    pad.open()
    whole = signed(pad, link)
    outcomes: Counter[str] = Counter()
    for number in range(FRAMES):
        link.is_sound = False
        try:
            signature = signed(pad, link)
        except DeviceError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes[judged(signature, whole)] += 1
        pad.health()
        if number % 100 == 0:
            link.is_sound = True
            assert signed(pad, link).strokes == whole.strokes
    print(f"\nstu: {FRAMES} signatures with a mutated report: {dict(outcomes.most_common())}")
    assert outcomes["whole"]
    assert outcomes["told lost"]


def judged(signature: Signature, whole: Signature) -> str:
    points = [point for stroke in signature.strokes for point in stroke]
    assert points
    for point in points:
        assert 0 <= point.x_mm <= signature.width_mm + 0.01
        assert 0 <= point.y_mm <= signature.height_mm + 0.01
        assert 0 <= point.pressure <= 1
        assert point.t_s >= 0
    if signature.strokes == whole.strokes:
        return "whole"
    return "told lost" if signature.lost else "a point moved a little"


@pytest.mark.timeout(3600)
def test_a_device_that_answers_nonsense_is_no_pad_or_one(clock: QuickClock) -> None:
    dice = Random("opening a pad")
    outcomes: Counter[str] = Counter()
    for _ in range(FRAMES):
        link = QuickPad(dice, clock)
        link.is_sound = False
        pad = stu.Stu(partial(QuickPad.itself, link))
        try:
            pad.open()
            pad.screen()
            pad.model()
        except DeviceError as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["opened"] += 1
        pad.close()
    print(f"\nstu: opened {dict(outcomes.most_common())}")
    assert outcomes["opened"]
    assert outcomes["BadReplyError"]


def told(kind: bytes, body: bytes = b"") -> bytes:
    frame = kind + len(body).to_bytes(2, "big") + body
    return frame + zlib.crc32(frame).to_bytes(4, "big")


@pytest.mark.timeout(3600)
def test_mutated_frames_of_the_bridge_give_a_report_or_a_device_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice = Random("frames of the bridge")
    outcomes: Counter[str] = Counter()
    monkeypatch.setattr(hid_bridge, "ANSWER_S", 0.0)
    for _ in range(FRAMES):
        host, device = socket.socketpair(socket.AF_UNIX)
        monkeypatch.setattr(socket, "create_connection", lambda *_, ours=host: Quiet(ours))
        link = hid_bridge.BridgeHidLink("x", 1)
        said = told(b"I", dice.choice(INK)) + told(b"F", CAPABILITY) + told(b"I", AWAY)
        device.sendall(mutated(said, dice))
        for ask in (
            lambda link=link: link.get_feature(0x09, 14),
            lambda link=link: link.read_report(0.0),
            lambda link=link: link.read_report(0.0),
        ):
            try:
                report = ask()
            except DeviceError as error:
                outcomes[type(error).__name__] += 1
            else:
                # What has a checksum is right, or it is not there.
                assert report in (*INK, CAPABILITY, AWAY)
                outcomes["right"] += 1
        link.close()
        device.close()
    print(f"\nbridge: {FRAMES} mutated: {dict(outcomes.most_common())}")
    assert outcomes["right"]
    assert outcomes["DeviceAbsentError"]


class Quiet:
    """A socket that has no options to set."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner

    def setsockopt(self, *_: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


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


@pytest.mark.timeout(3600)
def test_no_report_breaks_the_simulated_pad(tmp_path: Path) -> None:
    dice = Random("reports to a pad")
    pad = SimulatedSignaturePad("x.pad", 0, World(tmp_path), {})
    answered = 0
    asked = (b"\x03\x00\x04", b"\x09\x00\x0e", b"\x21\x00\x01", b"\x32\x00\x01")
    sets = (b"\x20\x00", b"\x21\x01", b"\x25\x00", b"\x26\x03\x00abc", b"\x27\x00", b"\x32\x03")
    for number in range(FRAMES):
        if dice.random() < 0.5:  # sound frames with mutated reports
            said = told(b"G", dice.choice(asked)) + told(b"S", mutated(dice.choice(sets), dice))
        else:
            said = mutated(told(b"G", dice.choice(asked)) + told(b"S", dice.choice(sets)), dice)
        connection = Heard(said)
        pad.serve(connection)
        answered += bool(connection.answered)
        if number % 50 == 0:
            pad.act("sign", {"strokes": [[[10, 10, 0.5]]]})
            pad.picture()
    print(f"\nsimulated pad: {FRAMES} mutated, {answered} answered")
    assert answered
