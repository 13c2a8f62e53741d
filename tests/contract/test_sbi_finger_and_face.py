"""SBI: what is believed and what is not, on simulated services that can lie in every way."""

import base64
import http.client
import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

import cv2
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from PIL import Image

from hardware.camera import sbi_face
from hardware.camera.sbi_face import SbiFace
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.http_link import HttpAnswer
from hardware.core.links import RealLinks
from hardware.fingerprint.sbi_finger import SbiFinger
from hardware.sbi import service
from hardware.sbi.biometrics import BioType, Slap, Wanted
from hardware.sbi.codes import SbiBusyError
from hardware.sbi.device import SbiDevice, Settings
from hardware.sbi.hash_chain import linked
from hardware.sbi.refusals import AnswerRefusedError, Refusal
from hardware.sbi.sealed import DomainKey
from hardware.simulation.sbi_device import SimulatedSbi
from hardware.simulation.sbi_keys import key
from hardware.simulation.sbi_kinds import SimulatedSbiFace, SimulatedSbiFinger
from hardware.simulation.sbi_preview import preview
from hardware.simulation.world import ImpossibleError, World

Maker = Callable[..., SimulatedSbi]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Maker]:
    running: list[SimulatedSbi] = []

    def make(kind: type[SimulatedSbi], **options: Any) -> SimulatedSbi:
        world = World(tmp_path / f"world{len(running)}")
        device = kind(f"rig-{len(running)}", 0, world, {"trust": tmp_path / "trust", **options})
        device.start()
        running.append(device)
        return device

    yield make
    for device in running:
        device.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "trust").mkdir(exist_ok=True)
    return Settings(tmp_path / "trust", "Developer", slice_s=0.3)


def finger_scanner(device: SimulatedSbi, settings: Settings, finger: str = "UNKNOWN") -> SbiFinger:
    scanner = SbiFinger(f"http://127.0.0.1:{device.port}", RealLinks().http, settings, finger)
    scanner.open()
    return scanner


def face_camera(device: SimulatedSbi, settings: Settings) -> SbiFace:
    camera = SbiFace(f"http://127.0.0.1:{device.port}", RealLinks().http, settings)
    camera.open()
    return camera


def png(shade: int = 90, size: tuple[int, int] = (200, 240)) -> str:
    picture = io.BytesIO()
    Image.new("L", size, shade).save(picture, "PNG")
    return base64.b64encode(picture.getvalue()).decode()


# What is refused

REASONS = {
    "wrong_signature": Refusal.WRONG_SIGNATURE,
    "untrusted_device": Refusal.UNTRUSTED_DEVICE,
    "expired_certificate": Refusal.EXPIRED_CERTIFICATE,
    "wrong_hash": Refusal.WRONG_HASH,
    "stale_timestamp": Refusal.STALE,
    "wrong_transaction": Refusal.OTHER_TRANSACTION,
    "other_digital_id": Refusal.OTHER_DEVICE,
}


@pytest.mark.parametrize("lie", sorted(REASONS))
def test_a_lie_about_a_capture_is_refused_and_the_truth_believed_again(
    made: Maker, settings: Settings, lie: str
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    device.set_fault(lie, True)
    with pytest.raises(AnswerRefusedError) as caught:
        scanner.capture(2, Event())
    assert caught.value.reason is REASONS[lie]
    device.set_fault(lie, False)
    assert scanner.capture(2, Event()).width == 320
    scanner.close()


@pytest.mark.parametrize("lie", ["untrusted_device", "expired_certificate"])
def test_a_device_that_is_not_believed_is_not_opened(
    made: Maker, settings: Settings, lie: str
) -> None:
    device = made(SimulatedSbiFinger)
    device.set_fault(lie, True)
    with pytest.raises(AnswerRefusedError) as caught:
        finger_scanner(device, settings)
    assert caught.value.reason is REASONS[lie]


def test_a_device_that_becomes_another_is_noticed(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    scanner = finger_scanner(device, settings)
    device.set_fault("other_digital_id", True)
    with pytest.raises(AnswerRefusedError, match="other_device"):
        scanner.identity(Event())
    scanner.close()


def test_without_a_trust_folder_nobody_is_believed(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    with pytest.raises(AnswerRefusedError, match="untrusted_device"):
        finger_scanner(device, replace(settings, trust=None))
    with pytest.raises(ValueError, match="trust folder"):
        finger_scanner(device, replace(settings, trust=Path("/no/such/folder")))


def test_another_environment_and_another_serial_number_are_refused(
    made: Maker, settings: Settings
) -> None:
    device = made(SimulatedSbiFinger, serial="INV-7")
    with pytest.raises(AnswerRefusedError, match="wrong_environment"):
        finger_scanner(device, replace(settings, environment="Production"))
    with pytest.raises(DeviceAbsentError):
        finger_scanner(device, replace(settings, serial_number="INV-8"))
    finger_scanner(device, replace(settings, serial_number="INV-7", is_chip_needed=True)).close()


def test_a_face_camera_is_no_scanner(made: Maker, settings: Settings) -> None:
    with pytest.raises(DeviceAbsentError, match="refused 503"):
        finger_scanner(made(SimulatedSbiFace), settings)


def clock_off_by(ours: timedelta) -> Callable[[], datetime]:
    return lambda: service.utc_now() + ours


def test_a_clock_three_minutes_off_is_believed_and_more_is_not(
    made: Maker, settings: Settings
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    for minutes, is_believed in ((2.9, True), (-2.9, True), (3.2, False), (-3.2, False)):
        ours = timedelta(minutes=minutes)
        scanner = finger_scanner(device, replace(settings, now=clock_off_by(ours)))
        if is_believed:
            scanner.capture(2, Event())
        else:
            with pytest.raises(AnswerRefusedError, match="stale"):
                scanner.capture(2, Event())
        scanner.close()


# What a device says it cannot


@pytest.mark.parametrize(
    ("status", "error", "state"),
    [
        ("Not Ready", "not_ready 110", DeviceState.OFFLINE),
        ("Not Registered", "not_registered 100", DeviceState.HARDWARE_ERROR),
    ],
)
def test_a_device_that_is_not_ready_says_so(
    made: Maker, settings: Settings, status: str, error: str, state: DeviceState
) -> None:
    device = made(SimulatedSbiFinger)
    scanner = finger_scanner(device, settings)
    device.act("status", {"status": status})
    assert scanner.health().state is state
    with pytest.raises(DeviceFaultError, match=error):
        scanner.capture(1, Event())
    device.act("status", {"status": "Ready"})
    assert scanner.health().state is DeviceState.ONLINE
    scanner.close()


def test_an_unregistered_device_is_not_opened(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    device.act("status", {"status": "Not Registered"})
    with pytest.raises(DeviceFaultError, match="not_registered 100"):
        finger_scanner(device, settings)


def test_busy_for_ever_has_an_end_and_busy_for_a_while_is_waited_for(
    made: Maker, settings: Settings
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    device.set_fault("busy_forever", True)
    with pytest.raises(SbiBusyError) as caught:
        scanner.capture(0.5, Event())
    assert caught.value.code == "111"
    Timer(0.3, device.set_fault, ("busy_forever", False)).start()
    assert scanner.capture(20, Event()).width == 320
    scanner.close()


def test_a_second_capture_at_the_same_time_is_told_703(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    one = finger_scanner(device, replace(settings, slice_s=3))
    other = finger_scanner(device, settings)

    def wait() -> None:
        with pytest.raises(DeviceTimeoutError):
            one.capture(3, Event())

    first = Thread(target=wait)
    first.start()
    Event().wait(0.3)
    with pytest.raises(DeviceBusyError, match="703"):
        other.capture(0.3, Event())
    first.join()
    one.close()
    other.close()


def test_below_the_wished_score_the_best_picture_comes_in_the_end(
    made: Maker, settings: Settings
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    device.set_fault("low_quality", True)
    scanner = finger_scanner(device, settings)
    assert scanner.capture_record(2, Event()).quality == 12
    device.set_fault("low_quality", False)
    device.act("score", {"score": 0})  # an empty glass that is given as a picture
    with pytest.raises(DeviceTimeoutError):
        scanner.capture(0.5, Event())
    scanner.close()


def test_a_service_that_drips_is_left(
    made: Maker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ANSWER_S", 0.3)
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    device.set_fault("slow_loris", True)
    began = monotonic()
    with pytest.raises(DeviceAbsentError, match="silent"):
        scanner.capture(1, Event())
    assert monotonic() - began < 30  # the whole answer would take hours
    scanner.close()


def test_a_slow_device_is_waited_for(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    device.act("delay", {"seconds": 0.5})
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    assert scanner.capture(2, Event()).width == 320
    scanner.close()


# Slaps, chains, authentication


def test_the_chain_goes_on_over_captures_and_begins_anew_after_trouble(
    made: Maker, settings: Settings
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    first, second = (scanner.capture_record(2, Event()) for _ in range(2))
    assert first.hash == linked("", first.record)
    assert second.hash == linked(first.hash, second.record)
    device.set_fault("wrong_hash", True)
    with pytest.raises(AnswerRefusedError):
        scanner.capture(2, Event())
    device.set_fault("wrong_hash", False)
    third = scanner.capture_record(2, Event())
    assert third.hash == linked("", third.record)
    scanner.close()


def test_a_slap_brings_its_fingers_one_by_one(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger, sub_type="Slap")
    scanner = finger_scanner(device, settings)
    shades = {name: 30 + 40 * at for at, name in enumerate(Slap.LEFT.fingers)}
    for name, shade in shades.items():
        device.act("place", {"png": png(shade), "finger": name})
    taken = scanner.capture_slap(Slap.LEFT, (), 2, Event())
    assert {one.sub_type for one in taken} == set(shades)
    assert taken[3].hash == linked(taken[2].hash, taken[3].record)
    three = scanner.capture_slap(Slap.LEFT, ["Left RingFinger"], 2, Event())
    assert [one.sub_type for one in three] == [name for name in shades if name != "Left RingFinger"]
    with pytest.raises(ValueError, match="no finger"):
        scanner.capture_slap(Slap.THUMBS, Slap.THUMBS.fingers, 2, Event())
    with pytest.raises(DeviceTimeoutError):  # no thumbs lie there
        scanner.capture_slap(Slap.THUMBS, (), 0.4, Event())
    scanner.close()


def test_a_slap_scanner_gives_one_finger_by_its_name(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger, sub_type="Slap")
    device.act("place", {"png": png(33), "finger": "Right IndexFinger"})
    scanner = finger_scanner(device, settings, "Right IndexFinger")
    image = scanner.capture(2, Event())
    assert image.pixels[(200 * 320) + 160] == 33
    scanner.close()
    nameless = finger_scanner(device, settings)
    with pytest.raises(DeviceFaultError, match="no_finger_named"):
        nameless.capture(1, Event())
    nameless.close()
    with pytest.raises(ValueError, match="no finger"):
        finger_scanner(device, settings, "Right Ear")


@pytest.fixture
def domain(tmp_path: Path) -> DomainKey:
    owner = key("domain")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "domain")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(owner.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(owner, hashes.SHA256())
    )
    (tmp_path / "domain.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return DomainKey(certificate, owner)


def test_a_capture_for_authentication_is_sealed_for_the_domain_alone(
    made: Maker, settings: Settings, domain: DomainKey, tmp_path: Path
) -> None:
    device = made(SimulatedSbiFinger, domain_certificate=tmp_path / "domain.pem")
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    wanted = Wanted(BioType.FINGER, ("Right Thumb",))
    uri = "https://domain.example"
    (taken,) = scanner.device.authenticate(wanted, (uri, domain), 2, Event())
    assert taken.record.startswith(b"FIR\x00020\x00")
    assert taken.sub_type == "Right Thumb"
    other = DomainKey(domain.certificate, key("forger"))
    with pytest.raises(AnswerRefusedError, match="other_key"):
        scanner.device.authenticate(wanted, (uri, other), 2, Event())
    scanner.close()


def test_a_device_without_a_domains_key_says_so(
    made: Maker, settings: Settings, domain: DomainKey
) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    scanner = finger_scanner(device, settings)
    with pytest.raises(DeviceFaultError, match="domain_key_missing 108"):
        scanner.device.authenticate(
            Wanted(BioType.FINGER, ("Right Thumb",)), ("x", domain), 2, Event()
        )
    scanner.close()


# Faces


def test_a_face_is_streamed_and_captured_at_the_same_time(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFace)
    camera = face_camera(device, settings)
    empty = camera.next_frame(5, Event())
    assert empty.pixels.shape == (480, 640, 3)
    with pytest.raises(DeviceTimeoutError):
        camera.capture_record(0.4, Event())
    device.act("show", {"png": png(20, (480, 640))})
    taken = camera.capture_record(5, Event())
    assert taken.record.startswith(b"FAC\x00030\x00")
    assert (taken.type, taken.sub_type, taken.quality) == (BioType.FACE, "", 78)
    late = [camera.next_frame(5, Event()) for _ in range(3)][-1]
    assert late.pixels[240, 320].mean() < 40
    assert late.number > empty.number
    assert camera.health().state is DeviceState.ONLINE
    camera.close()


def test_frames_are_dropped_when_nobody_looks(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFace)
    camera = face_camera(device, settings)
    before = camera.next_frame(5, Event())
    Event().wait(0.7)
    device.act("show", {"png": png(20, (480, 640))})
    Event().wait(0.7)
    now = camera.next_frame(5, Event())
    assert now.number - before.number > 3
    assert now.pixels[240, 320].mean() < 40  # the newest, not one of those in between
    camera.close()


def test_half_pictures_are_never_shown(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFace)
    device.act("show", {"png": png(20, (640, 480))})
    whole = cv2.imdecode(
        np.frombuffer(preview(device.scene.newest(), 78), np.uint8), cv2.IMREAD_COLOR
    )
    assert whole is not None
    device.set_fault("half_jpeg", True)
    camera = face_camera(device, settings)
    for _ in range(12):
        assert np.array_equal(camera.next_frame(10, Event()).pixels, whole)
    camera.close()


def watch(camera: SbiFace, frames: int) -> list[int]:
    return [camera.next_frame(10, Event()).number for _ in range(frames)]


def test_a_stream_that_drops_is_a_loss_and_opens_again(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFace)
    camera = face_camera(device, settings)
    camera.next_frame(5, Event())
    device.set_fault("drop_mid_stream", True)
    with pytest.raises(DeviceAbsentError):
        watch(camera, 100)
    assert camera.health().state is DeviceState.NO_DEVICE
    device.set_fault("drop_mid_stream", False)
    camera.open()
    camera.next_frame(5, Event())
    camera.close()


def test_a_stream_that_is_over_begins_again(
    made: Maker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbi_face, "STREAM_S", 0.3)
    camera = face_camera(made(SimulatedSbiFace), settings)
    numbers = watch(camera, 40)  # longer than a stream
    assert numbers == sorted(set(numbers))
    camera.close()


def test_a_busy_camera_does_not_stream(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFace)
    device.set_fault("busy_forever", True)
    with pytest.raises(DeviceBusyError, match="111"):
        face_camera(device, settings)


# HTTP as it is in the wild


def asked(
    device: SimulatedSbi, verb: str, target: str, body: object
) -> tuple[int, dict[str, str], Any]:
    line = http.client.HTTPConnection("127.0.0.1", device.port, timeout=10)
    line.request(verb, target, body if isinstance(body, bytes) else json.dumps(body))
    answer = line.getresponse()
    payload = json.loads(answer.read())
    line.close()
    return answer.status, dict(answer.headers), payload


def test_errors_come_with_405(made: Maker) -> None:
    device = made(SimulatedSbiFinger)
    for verb, target, body, code in (
        ("MOSIPDISC", "http://127.0.0.1/device", {}, "500"),
        ("PUT", "/capture", {}, "500"),
        ("MOSIPDISC", "/device", {"type": "Iris"}, "503"),
        ("MOSIPDISC", "/device", {"type": "Ear"}, "502"),
        ("RCAPTURE", "/capture", b"no json", "999"),
        ("RCAPTURE", "/capture", [], "999"),
    ):
        status, _, payload = asked(device, verb, target, body)
        assert (status, payload[0]["error"]["errorCode"]) == (405, code)


def request(**changes: object) -> dict[str, Any]:
    """What MOSIP's registration client sends, numbers and all."""
    bio: dict[str, Any] = {
        "type": "Finger", "count": 1, "bioSubType": ["Left Thumb"], "exception": None,
        "requestedScore": 60, "deviceId": "rig-0.device", "deviceSubId": 0, "previousHash": "",
    }  # fmt: skip
    bio |= {name: changes.pop(name) for name in list(changes) if name in bio}
    whole = {
        "env": "Developer", "purpose": "Registration", "specVersion": "0.9.5", "timeout": 100,
        "captureTime": "2026-01-02T03:04:05Z", "transactionId": "txn-0001", "bio": [bio],
        "customOpts": None,
    }  # fmt: skip
    return {**whole, **changes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"transactionId": "a b"}, "112"),
        ({"env": "Production"}, "115"),
        ({"purpose": "Auth"}, "121"),
        ({"bio": []}, "101"),
        ({"type": "Face"}, "114"),
        ({"deviceId": "x"}, "120"),
        ({"count": "two"}, "116"),
        ({"count": 2}, "109"),
        ({"bioSubType": ["Left Ear"]}, "119"),
        ({"exception": ["Left Ear"]}, "117"),
        ({"exception": ["Left Thumb"]}, "122"),
        ({"requestedScore": 101}, "505"),
    ],
)
def test_a_wrong_request_has_the_code_of_what_is_wrong(
    made: Maker, changes: dict[str, Any], code: str
) -> None:
    status, _, payload = asked(made(SimulatedSbiFinger), "RCAPTURE", "/capture", request(**changes))
    assert (status, payload[0]["error"]["errorCode"]) == (405, code)


def test_numbers_are_taken_as_numbers_and_as_texts(made: Maker) -> None:
    device = made(SimulatedSbiFinger)
    device.act("place", {"png": png()})
    forms: tuple[dict[str, Any], ...] = (
        request(),
        request(timeout="100", count="1", requestedScore="60", deviceSubId="0"),
    )
    for form in forms:
        status, headers, payload = asked(device, "RCAPTURE", "/capture", form)
        assert (status, headers["CACHE-CONTROL"]) == (200, "no-store")
        assert payload["biometrics"][0]["error"]["errorCode"] == "0"


def test_the_mocks_admin_verbs_work(made: Maker, settings: Settings) -> None:
    device = made(SimulatedSbiFinger)
    scanner = finger_scanner(device, settings)
    asked(device, "POST", "/admin/status", {"type": "Finger", "deviceStatus": "Busy"})
    assert scanner.health().state is DeviceState.BUSY
    asked(device, "POST", "/admin/status", {"type": "Finger", "deviceStatus": "Ready"})
    asked(device, "POST", "/admin/score", {"type": "Finger", "qualityScore": "91"})
    device.act("place", {"png": png()})
    assert scanner.capture_record(2, Event()).quality == 91
    asked(device, "POST", "/admin/delay", {"type": "Finger", "delay": "10"})
    assert asked(device, "POST", "/admin/status", {"deviceStatus": "Well"})[0] == 405
    scanner.close()


def test_hands_do_only_what_hands_can(made: Maker) -> None:
    device = made(SimulatedSbiFinger)
    for verb, arguments in (("status", {"status": "Well"}), ("show", {}), ("eat", {})):
        with pytest.raises(LookupError):
            device.act(verb, arguments)
    for placed in ({"png": "bm8="}, {"png": png(), "finger": "x"}, {"png": png(), "dpi": 0}):
        with pytest.raises(ImpossibleError):
            device.act("place", placed)


def test_the_first_service_of_the_machine_is_found(
    made: Maker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = made(SimulatedSbiFace), made(SimulatedSbiFinger, serial="INV-2")
    monkeypatch.setattr("hardware.sbi.discovery.open_ports", lambda: [1, wrong.port, right.port])
    scanner = SbiFinger("sbi:", RealLinks().http, settings)
    scanner.open()
    assert scanner.identity(Event()).serial_number == "INV-2"
    scanner.close()


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"3", b"[]", b"{}", b"[{}]", b'{"biometrics":3}', b'{"biometrics":[]}',
     b'{"biometrics":[{"specVersion":"0.9.5","data":null}]}', b'[{"error":{"errorCode":[]}}]'],
)  # fmt: skip
def test_an_answer_that_is_none_is_a_bad_reply_or_a_fault(settings: Settings, body: bytes) -> None:
    class Link:
        def ask(self, *_: Any) -> HttpAnswer:
            return HttpAnswer(200, "application/json", body)

        def close(self) -> None: ...

    device = SbiDevice("sbi:", lambda _: Link(), BioType.FINGER, settings)  # type: ignore[arg-type,return-value]
    judge = device._judge()
    for ask in (
        lambda one: one.info("", Event()),
        lambda one: one.discover(BioType.FINGER, Event()),
    ):
        with suppress(BadReplyError, DeviceFaultError, DeviceAbsentError):
            assert ask(service.Service(Link(), judge, "x")) == []  # type: ignore[arg-type]
