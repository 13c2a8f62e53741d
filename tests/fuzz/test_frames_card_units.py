"""Card units on lines that alter every answer: no second motion, and the truth when it passes.

The cards are played by the line: a motion that is sent changes what the sensors say. How many
frames: SMARTICS_FRAMES (tests/support/mutations.py).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest

from hardware.core.errors import DeviceError
from hardware.core.transport import Exchange
from hardware.simulation.card_channel import SimulatedCardChannel
from hardware.simulation.card_dispenser import SimulatedCardDispenser
from hardware.simulation.card_unit import SimulatedCardUnit
from hardware.simulation.chip import blank_chip
from hardware.simulation.world import World
from hardware.smartcard import crt571, crt571_line, frame_reading, k720, k720_channel, k720_line
from hardware.smartcard.crt571 import Crt571
from hardware.smartcard.crt571_chip import ChipWay
from hardware.smartcard.interface import CardPosition, UnitStatus
from hardware.smartcard.k720 import K720
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated

ACK = bytes.fromhex("06")
SELECT = bytes.fromhex("00A4040C07A0000002471001")
PLACES = {"0": CardPosition.NONE, "1": CardPosition.GATE, "2": CardPosition.INSIDE}


def sealed(frame: bytes) -> bytes:
    check = 0
    for byte in frame:
        check ^= byte
    return frame + bytes([check])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> QuickClock:
    clock = QuickClock()
    for module in (crt571_line, frame_reading, k720_line, k720_channel):
        monkeypatch.setattr(module, "monotonic", clock.monotonic)
    for module in (crt571, k720, k720_channel):
        monkeypatch.setattr(module, "wait_for", clock.wait_for)
    monkeypatch.setattr(k720_channel, "pause", clock.pause)
    return clock


class CrtLine(MutatedLine):
    """Answers as a CRT-571 does in which place is "0" nowhere, "1" at the gate, "2" inside."""

    MOTIONS = {b"20": "1", b"21": "2", b"22": "2", b"23": "0"}  # noqa: RUF012 (never changed)

    def __init__(self, dice: Random) -> None:
        super().__init__((), dice)
        self.place = "0"

    def write(self, data: bytes) -> None:
        """Hear a command, and do it as often as it is heard."""
        if len(data) > 6:
            self._answers[data] = ACK + self._reply(data[5:7])
        elif data != b"\x15":
            self._answers[data] = b""
        super().write(data)

    def _reply(self, request: bytes) -> bytes:
        self.place = self.MOTIONS.get(request, self.place)
        told = {b"\x51\x30": b"1\x3b\x80\x80\x01\x01", b"\x51\x39": b"\x90\x00"}
        told |= {b"\x60\x30": b"A\x44\x03\x04\x01\x02\x03\x04\x20", b"\x60\x34": b"\x90\x00"}
        text = b"\x50" + request + self.place.encode() + b"20" + told.get(request, b"")
        return sealed(b"\xf2\x00" + len(text).to_bytes(2, "big") + text + b"\x03")

    def motions(self, since: int) -> Counter[bytes]:
        """Which motions were sent, and how often."""
        return Counter(data for data in self.said[since:] if data[5:6] == b"2")


class K720Line(MutatedLine):
    """Answers as a K720 does: an enquiry is answered after the command that came before it."""

    MOTIONS = {b"FC4": "1", b"FC7": "2", b"FC8": "2", b"CP": "0"}  # noqa: RUF012 (never changed)
    STATES = {"0": b"0004", "1": b"0005", "2": b"0007"}  # noqa: RUF012 (never changed)

    def __init__(self, dice: Random) -> None:
        super().__init__((), dice)
        self.place = "0"
        self._command = b""

    def write(self, data: bytes) -> None:
        """Hear a command, or the enquiry that has it done."""
        if data[:1] == b"\x02":
            self._command = data[5:-2]
            self._answers[data] = ACK + b"00"
        else:
            self._answers[data] = self._done()
        super().write(data)

    def _done(self) -> bytes:
        self.place = self.MOTIONS.get(self._command, self.place)
        told = {b"AP": b"SF" + self.STATES[self.place], b"GV": b"TTCE_K720_V2.10"}
        answer = told.get(self._command, b"")
        head = b"\x0200" + len(answer).to_bytes(2, "big")
        return sealed(head + answer + b"\x03") if answer else b""

    def motions(self, since: int) -> Counter[bytes]:
        """Which motions were sent, and how often."""
        return Counter(data for data in self.said[since:] if data[5:-2] in {*self.MOTIONS, b"RS"})


def verbs(unit: Crt571 | K720) -> dict[str, tuple[Callable[[], object], type]]:
    """What a caller may ask, and what it may get."""
    cancelled = Event()
    return {
        "status": (unit.status, UnitStatus),
        "feed": (unit.feed, type(None)),
        "draw_in": (unit.draw_in, type(None)),
        "hold_at_gate": (unit.hold_at_gate, type(None)),
        "capture": (unit.capture, type(None)),
        "accept": (lambda: unit.accept(1.0, cancelled), type(None)),
        "wait_taken": (lambda: unit.wait_taken(1.0, cancelled), type(None)),
        "connect": (unit.connect, bytes),
        "transmit": (lambda: unit.transmit(SELECT), bytes),
        "disconnect": (unit.disconnect, type(None)),
        "health": (unit.health, object),
    }


def live_through(line: Any, unit: Any, dice: Random) -> Counter[str]:
    """Ask at random until FRAMES answers were altered; count how the calls ended."""
    ended: Counter[str] = Counter()
    asked = verbs(unit)
    line.is_sound = True
    unit.open()
    while ended["frames"] < FRAMES:
        line.is_sound = False
        since = len(line.said)
        if dice.random() < 0.3:
            line.place = dice.choice("012")  # a hand
        name = dice.choice(sorted(asked))
        act, wanted = asked[name]
        try:
            assert isinstance(act(), wanted), name
            ended["done"] += 1
        except DeviceError as error:
            ended[type(error).__name__] += 1
        ended["frames"] += len(line.said) - since
        assert all(count == 1 for count in line.motions(since).values()), name
        assert line.motions(since).total() <= 2, name  # connect: contacts, then antenna
        line.is_sound = True
        assert unit.status().position is PLACES[line.place], name
    return ended


@pytest.mark.parametrize("chip", list(ChipWay))
def test_crt571_frames(clock: QuickClock, chip: ChipWay) -> None:
    dice = Random(f"crt571 {chip}")
    line = CrtLine(dice)
    ended = live_through(line, Crt571(lambda: line, chip=chip, lamp=True), dice)
    print(f"crt571 {chip}: {dict(ended)}")
    assert ended["done"] > 0
    assert clock.now > 1000


def test_k720_frames(clock: QuickClock) -> None:
    dice = Random("k720")
    line = K720Line(dice)
    ended = live_through(line, K720(lambda: line), dice)
    print(f"k720: {dict(ended)}")
    assert ended["done"] > 0
    assert clock.now > 1000


class MutatedHost:
    """A Connection on which a host speaks, altered; nothing is ever waited for."""

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames = frames
        self._timeout_s: float | None = None
        self.heard = b""

    def recv(self, bufsize: int, /) -> bytes:
        """Give the next frame; inside a frame, silence instead."""
        del bufsize
        if self._timeout_s is not None:
            raise TimeoutError
        return next(self._frames, b"")

    def sendall(self, data: bytes, /) -> None:
        """Hear the device."""
        self.heard += data

    def settimeout(self, value: float | None, /) -> None:
        """Keep how long the device would wait."""
        self._timeout_s = value


def exchanges(recording: Path) -> Iterable[Exchange]:
    for line in recording.read_text("ascii").splitlines():
        if not line.startswith("#"):
            yield Exchange.parse(line)


@pytest.mark.parametrize(
    ("simulation", "recording", "question", "answer"),
    [
        (
            SimulatedCardUnit,
            "crt571",
            ("F200000343303303B2", "F200000343313003B0"),
            "06f20000065031",
        ),
        (SimulatedCardDispenser, "k720", ("023030000241500312", "053030"), "06303002303000065346"),
    ],
    ids=["crt571", "k720"],
)
def test_a_simulation_lives_through_what_hosts_say(
    tmp_path: Path,
    simulation: type[SimulatedCardChannel],
    recording: str,
    question: tuple[str, ...],
    answer: str,
) -> None:
    dice = Random(recording)
    folder = Path(__file__).parent.parent / "contract" / "recordings" / recording
    said = [each.data for each in exchanges(folder / "manual.txt") if each.speaker == "host"]
    world = World(tmp_path)
    for _ in range(5):
        world.add("card", "x.feeder", {"label": "", "chip": blank_chip("1122334455667788")})
    device = simulation("x", 0, world, {"capacity": 2})

    def speech() -> Iterator[bytes]:
        for number in range(FRAMES):
            yield mutated(said[number % len(said)], dice) or b"\x00"

    with pytest.raises(ConnectionResetError):
        device.serve(MutatedHost(speech()))
    assert len(world.all()) == 5
    assert len(world.at("x.gate")) + len(world.at("x.inside")) <= 1
    sound = MutatedHost(iter([bytes.fromhex(each) for each in question]))
    with pytest.raises(ConnectionResetError):
        device.serve(sound)
    assert answer in sound.heard.hex()
