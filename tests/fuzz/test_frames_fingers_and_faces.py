"""Mutated frames of EF-01 modules and SBI services, through drivers and into simulated devices.

SMARTICS_FRAMES=100000 pytest -s tests/fuzz/test_frames_fingers_and_faces.py says what came of them.
"""

import base64
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from PIL import Image

from hardware.camera import sbi_face
from hardware.camera.interface import Frame
from hardware.camera.sbi_face import SbiFace
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceError
from hardware.core.http_link import HttpAnswer
from hardware.core.http_stream import HttpHead
from hardware.core.links import read_recording
from hardware.fingerprint import r30x, sbi_finger
from hardware.fingerprint.interface import FingerImage
from hardware.fingerprint.r30x import R30x
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.sbi import device as sbi_device
from hardware.sbi.device import Settings
from hardware.sbi.records import finger_picture
from hardware.simulation import sbi_device as simulated_sbi
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.sbi_keys import day_of, leaf, publish, signed
from hardware.simulation.sbi_kinds import SimulatedSbiFace, SimulatedSbiFinger
from hardware.simulation.world import World
from tests.support.mutations import FRAMES, MutatedLine, QuickClock, mutated

RECORDINGS = Path(__file__).parents[1] / "contract" / "recordings"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**40, "", "0", "nan", "é" * 9, "A" * 5000, "=", "..", [], {}, [[]],
    [None], {"errorCode": "111"}, {"errorCode": {}}, "2026-01-02T03:04:05", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00", "http://127.0.0.1:0x/", "RS256", "Finger", "Left IndexFinger",
)  # fmt: skip


def told(name: str, outcomes: Counter[str]) -> None:
    print(f"\n{name}: {sum(outcomes.values())} calls: {dict(outcomes.most_common())}")


# EF-01


def test_a_module_that_answers_wrongly_is_never_believed_wrongly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = QuickClock()
    monkeypatch.setattr(r30x, "monotonic", clock.monotonic)
    monkeypatch.setattr(r30x, "wait_for", clock.wait_for)
    dice = Random(1)
    line = MutatedLine(read_recording(RECORDINGS / "r30x" / "manual.txt"), dice)
    outcomes: Counter[str] = Counter()
    truth = bytes([0x77]) * (256 * 288)
    for _ in range(100 * FRAMES):
        if len(line.said) >= FRAMES:
            break
        scanner = R30x(lambda: line)
        try:
            line.is_sound = dice.random() < 0.7
            scanner.open()
            line.is_sound = False
            image = scanner.capture(3, Event())
            # A sum over the bytes does not notice everything: two altered ones may agree.
            assert (image.width, image.height, len(image.pixels)) == (256, 288, len(truth))
            outcomes["image"] += 1
        except DeviceError as error:
            outcomes[type(error).__name__] += 1
        finally:
            scanner.close()
        line.flush_input()
    assert set(line.said) <= line._answers.keys()
    line.is_sound = True
    scanner = R30x(lambda: line)
    scanner.open()
    assert scanner.capture(3, Event()).pixels == truth
    told(f"EF-01, {len(line.said)} frames", outcomes)
    assert outcomes["image"]


class Ears:
    """A connection that brings what a host said, and keeps what it is answered."""

    def __init__(self, said: bytes, most_answers: int = 10_000) -> None:
        self._said = [said]
        self._left = most_answers
        self.answers = b""

    def recv(self, bufsize: int, /) -> bytes:
        del bufsize
        return self._said.pop() if self._said else b""

    def sendall(self, data: bytes, /) -> None:
        self._left -= 1
        if self._left < 0:
            raise ConnectionResetError
        self.answers += data

    def settimeout(self, value: float | None, /) -> None: ...


def test_a_simulated_module_survives_what_a_host_says(tmp_path: Path) -> None:
    module = SimulatedFingerprintScanner("x.finger", 0, World(tmp_path / "w"), {})
    recording = read_recording(RECORDINGS / "r30x" / "manual.txt")
    frames = list(dict.fromkeys(one.data for one in recording if one.speaker == "host"))
    frames += [bytes.fromhex("ef01ffffffff0100050e0603001d")]  # its packets: 256 bytes
    dice = Random(2)
    for _ in range(FRAMES):
        module.serve(Ears(mutated(dice.choice(frames), dice)))
    last = Ears(frames[1])
    module.serve(last)
    assert last.answers.hex() == "ef01ffffffff07000302000c"


# SBI


class Service:
    """An HttpLink to a made-up service whose answers can be altered before they are sent.

    Attributes:
        alter: Makes of verb and answer what arrives.
        asked: How many answers it gave.
    """

    def __init__(self, device: Any) -> None:
        self._device = device
        self._sound: dict[str, bytes] = {}
        self.asked = 0
        self.alter: Callable[[str, bytes], bytes] = lambda _, body: body

    def ask(self, verb: str, path: str, body: bytes, *_: object) -> HttpAnswer:
        self.asked += 1
        if verb not in self._sound:
            head = f"{verb} {path} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
            ears = Ears(head.encode() + body)
            self._device.serve(ears)
            self._sound[verb] = ears.answers.partition(b"\r\n\r\n")[2].rstrip(b"\r\n")
        return HttpAnswer(200, "application/json", self.alter(verb, self._sound[verb]))

    def close(self) -> None:
        """Nothing to release."""


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    clock = QuickClock()
    monkeypatch.setattr(sbi_device, "monotonic", clock.monotonic)
    monkeypatch.setattr(sbi_device, "pause", clock.pause)
    monkeypatch.setattr(sbi_finger, "monotonic", clock.monotonic)
    monkeypatch.setattr(SimulatedSbiFinger, "now", lambda _: NOW)
    device = SimulatedSbiFinger("x.finger", 0, World(tmp_path / "w"), {})
    publish(tmp_path, NOW)
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((60, 80)).save(picture, "PNG")
    device.act("place", {"png": base64.b64encode(picture.getvalue()).decode()})
    return Service(device)


def scanner_at(service: Service, tmp_path: Path) -> SbiFinger:
    settings = Settings(
        tmp_path, "Developer", now=lambda: NOW, transaction=lambda: "txn-0001", slice_s=1
    )
    return SbiFinger("http://127.0.0.1:4501", lambda _: service, settings)  # type: ignore[arg-type,return-value]


def captured(service: Service, tmp_path: Path) -> FingerImage:
    scanner = scanner_at(service, tmp_path)
    try:
        scanner.open()
        return scanner.capture(2, Event())
    finally:
        scanner.close()


def altered_json(value: Any, dice: Random) -> Any:
    """Put junk somewhere into a JSON value, or take something away."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        name = dice.choice(sorted(value))
        if dice.random() < 0.15:
            return {other: value[other] for other in value if other != name}
        return {**value, name: altered_json(value[name], dice)}
    if isinstance(value, list) and value and dice.random() < 0.9:
        at = dice.randrange(len(value))
        changed = altered_json(value[at], dice)
        return [*value[:at], changed, *value[at + dice.randint(0, 1) :]]
    return dice.choice(JUNK)


def altered_tokens(value: Any, dice: Random) -> Any:
    """Alter what is inside of tokens, and sign it again as the device would."""
    if isinstance(value, dict):
        return {name: altered_tokens(one, dice) for name, one in value.items()}
    if isinstance(value, list):
        return [altered_tokens(one, dice) for one in value]
    if isinstance(value, str) and value.count(".") == 2 and len(value) > 200:
        payload = json.loads(base64.urlsafe_b64decode(value.split(".")[1] + "=="))
        certificate = leaf("device", "device", day_of(NOW), is_expired=False)
        return signed(altered_json(payload, dice), certificate, "device")
    return value


def test_what_nobody_signed_is_never_believed(service: Service, tmp_path: Path) -> None:
    """Whatever happens to an answer on its way: the truth comes out, or a device error."""
    truth = captured(service, tmp_path)
    dice, outcomes = Random(3), Counter[str]()

    def alter(verb: str, body: bytes) -> bytes:
        if verb == "RCAPTURE" and dice.random() < 0.5:
            return json.dumps(altered_json(json.loads(body), dice)).encode()
        return mutated(body, dice) if verb == "RCAPTURE" or dice.random() < 0.3 else body

    service.alter = alter
    while service.asked < FRAMES:
        try:
            assert captured(service, tmp_path) == truth
            outcomes["truth"] += 1
        except DeviceError as error:
            outcomes[str(error)[:24] or type(error).__name__] += 1
    service.alter = lambda _, body: body
    assert captured(service, tmp_path) == truth
    told(f"SBI unsigned, {service.asked} answers", outcomes)
    assert outcomes["truth"]


def test_what_a_device_signed_wrongly_is_a_picture_or_an_error(
    service: Service, tmp_path: Path
) -> None:
    truth = captured(service, tmp_path)
    dice, outcomes = Random(4), Counter[str]()

    def alter(verb: str, body: bytes) -> bytes:
        if verb == "RCAPTURE" or (verb == "MOSIPDINFO" and dice.random() < 0.2):
            return json.dumps(altered_tokens(json.loads(body), dice)).encode()
        return body

    service.alter = alter
    while service.asked < FRAMES:
        try:
            image = captured(service, tmp_path)
            assert len(image.pixels) == image.width * image.height
            outcomes["picture"] += 1
        except DeviceError as error:
            outcomes[str(error)[:24] or type(error).__name__] += 1
    service.alter = lambda _, body: body
    assert captured(service, tmp_path) == truth
    told(f"SBI signed, {service.asked} answers", outcomes)
    assert outcomes["picture"]


def test_a_mutated_record_is_a_picture_or_a_refusal(service: Service, tmp_path: Path) -> None:
    record = scanner_at(service, tmp_path)
    record.open()
    sound = record.capture_record(2, Event()).record
    dice, outcomes = Random(5), Counter[str]()
    for _ in range(FRAMES):
        try:
            picture = finger_picture(mutated(sound, dice), "UNKNOWN")
            assert len(picture.pixels) == picture.width * picture.height
            outcomes["picture"] += 1
        except BadReplyError as error:
            outcomes[str(error)] += 1
    told("finger records", outcomes)
    assert outcomes["picture"]


class Stream:
    """A stream of small pictures, altered on their way, that ends after a few."""

    def __init__(self, data: bytes, dice: Random) -> None:
        cuts = sorted(dice.randrange(len(data) + 1) for _ in range(3))
        self._left = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        del timeout_s, cancelled
        return HttpHead(200, "multipart/x-mixed-replace")

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        del timeout_s, cancelled
        while self._left:
            if data := self._left.pop(0):
                return data
        return b""

    def close(self) -> None: ...


def test_a_mutated_stream_gives_pictures_or_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = QuickClock()
    monkeypatch.setattr(sbi_face, "monotonic", clock.monotonic)
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((32, 24)).convert("RGB").save(picture, "JPEG")
    jpeg = picture.getvalue()
    part = (
        b"--BoundaryString\r\nAccess-Control-Allow-Origin:*\r\nContent-Type:image/jpeg\r\n"
        b"Content-Length:%d\r\n\r\n%b\r\n\r\n" % (len(jpeg), jpeg)
    )
    dice, outcomes = Random(6), Counter[str]()
    camera = SbiFace("sbi:", lambda _: None, Settings())  # type: ignore[arg-type,return-value]
    streams: list[Stream] = []
    monkeypatch.setattr(camera.device, "stream", lambda *_: streams.pop())
    for _ in range(FRAMES // 4):
        streams.append(Stream(mutated(part * 4, dice), dice))
        camera._start(Event())
        try:
            while True:
                frame = camera.next_frame(5, Event())
                assert isinstance(frame, Frame)
                assert frame.pixels.ndim == 3
                outcomes["frame"] += 1
        except DeviceAbsentError:
            outcomes["end"] += 1
    streams.append(Stream(part, dice))
    camera._start(Event())
    assert camera.next_frame(5, Event()).pixels.shape == (24, 32, 3)
    told("SBI stream", outcomes)
    assert outcomes["frame"] > outcomes["end"]


@pytest.mark.parametrize("kind", [SimulatedSbiFinger, SimulatedSbiFace])
def test_a_simulated_service_survives_what_a_program_asks(
    kind: type[SimulatedSbiFinger | SimulatedSbiFace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulated_sbi, "FRAME_S", 0)
    device = kind("x.device", 0, World(tmp_path / "w"), {})
    device.act("score", {"score": 100})  # nothing waits for a better one
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((32, 24)).save(picture, "PNG")
    hand = {"png": base64.b64encode(picture.getvalue()).decode()}
    device.act("place" if kind is SimulatedSbiFinger else "show", hand)
    bio = {
        "type": device.TYPE, "count": "1", "bioSubType": ["Left Thumb"], "exception": [],
        "requestedScore": "60", "deviceId": "x.device.device", "deviceSubId": "0",
        "previousHash": "",
    }  # fmt: skip
    capture = {
        "env": "Developer", "purpose": "Registration", "specVersion": "0.9.5", "timeout": "1",
        "transactionId": "txn-0001", "bio": [bio],
    }  # fmt: skip
    stream = {"deviceId": "x.device.device", "deviceSubId": "0", "timeout": "1"}
    bodies: list[tuple[str, Any]] = [
        ("MOSIPDISC /device", {"type": device.TYPE}),
        ("MOSIPDINFO /info", {}),
        ("RCAPTURE /capture", capture),
        ("CAPTURE /capture", capture | {"purpose": "Auth"}),
        ("STREAM /stream", stream),
    ]
    dice = Random(7)
    statuses: Counter[bytes] = Counter()
    for number in range(FRAMES):
        line, body = dice.choice(bodies)
        text = json.dumps(altered_json(body, dice) if number % 2 else body).encode()
        head = f"{line} HTTP/1.1\r\nContent-Length: {len(text)}\r\n\r\n".encode()
        whole = head + text
        ears = Ears(whole if number % 2 else mutated(whole, dice), most_answers=2)
        try:
            device.serve(ears)
        except OSError:
            statuses[b"hung up"] += 1
            continue
        statuses[ears.answers[9:12] or b"no HTTP"] += 1
    last = Ears(b"MOSIPDISC /device HTTP/1.1\r\n\r\n")
    device.serve(last)
    assert b'"deviceStatus": "Ready"' in last.answers
    told(f"into {kind.__name__}", Counter({key.decode(): n for key, n in statuses.items()}))
    assert statuses[b"200"]
    assert statuses[b"405"]
