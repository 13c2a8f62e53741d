"""The EF-01 driver against the simulated module, and the literal bytes of its manual."""

import base64
import io
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer
from time import monotonic
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.catalog import make
from hardware.core.device import DeviceState
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.transport import Exchange, ReplayTransport, SerialTransport
from hardware.fingerprint import r30x
from hardware.fingerprint.r30x import R30x
from hardware.fingerprint.r30x_packets import read_packet
from hardware.simulation.fingerprint_scanner import SimulatedFingerprintScanner
from hardware.simulation.world import ImpossibleError, World

CANCEL_S = 0.25


@pytest.fixture
def module(tmp_path: Path) -> Iterator[SimulatedFingerprintScanner]:
    simulated = SimulatedFingerprintScanner("tag-1.finger", 0, World(tmp_path / "world"), {})
    simulated.start()
    yield simulated
    simulated.stop()


@pytest.fixture
def scanner(module: SimulatedFingerprintScanner) -> Iterator[R30x]:
    driver = R30x(lambda: SerialTransport(f"socket://127.0.0.1:{module.port}", r30x.BAUD))
    driver.open()
    yield driver
    driver.close()


def ridges(width: int = 256, height: int = 288) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray((127 + 120 * np.sin((x + 2 * y) / 3)).astype(np.uint8))


def as_png(picture: Image.Image) -> str:
    png = io.BytesIO()
    picture.save(png, "PNG")
    return base64.b64encode(png.getvalue()).decode()


def test_a_finger_on_the_glass_becomes_an_image(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    finger = ridges()
    module.act("place", {"png": as_png(finger)})
    image = scanner.capture(2, Event())
    assert (image.width, image.height, image.dots_per_inch) == (256, 288, 500)
    seen = np.frombuffer(image.pixels, np.uint8).reshape(288, 256).astype(int)
    assert np.abs(seen - np.asarray(finger).astype(int)).max() <= 9  # half of a sixteenth


def test_a_larger_picture_is_cropped_to_its_centre(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    finger = ridges(320, 400)
    module.act("place", {"png": as_png(finger)})
    seen = np.frombuffer(scanner.capture(2, Event()).pixels, np.uint8).reshape(288, 256)
    expected = np.asarray(finger)[56:344, 32:288].astype(int)
    assert np.abs(seen.astype(int) - expected).max() <= 9


def test_another_resolution_is_resampled(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    module.act("place", {"png": as_png(Image.new("L", (256, 288), 0)), "dpi": 1000})
    seen = np.frombuffer(scanner.capture(2, Event()).pixels, np.uint8).reshape(288, 256)
    assert seen[144, 128] == 0
    assert seen[5, 5] == 255  # at half the size, the finger leaves the border light


def test_no_finger_times_out(scanner: R30x) -> None:
    with pytest.raises(DeviceTimeoutError):
        scanner.capture(0.3, Event())


def test_a_finger_that_comes_later_is_seen(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    late = Timer(0.3, module.act, ("place", {"png": as_png(ridges())}))
    late.start()
    assert scanner.capture(5, Event()).width == 256
    late.join()


@pytest.mark.parametrize("fault", ["", "mute", "slow"])
def test_a_cancel_ends_the_wait(
    module: SimulatedFingerprintScanner, scanner: R30x, fault: str
) -> None:
    if fault:
        module.set_fault(fault, True)
    # A busy machine may be late once, but not three times.
    assert min(cancel_latency(scanner) for _ in range(3)) < CANCEL_S


def test_a_cancel_ends_a_transfer_and_the_next_capture_is_whole(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    finger = ridges()
    module.act("place", {"png": as_png(finger)})
    module.set_fault("slow", True)
    cancel_latency(scanner, after_s=1.2)  # in the middle of the image
    module.set_fault("slow", False)
    seen = np.frombuffer(scanner.capture(5, Event()).pixels, np.uint8).reshape(288, 256)
    assert np.abs(seen.astype(int) - np.asarray(finger).astype(int)).max() <= 9


def cancel_latency(scanner: R30x, after_s: float = 0.3) -> float:
    cancelled, moment = Event(), []

    def cancel() -> None:
        moment.append(monotonic())
        cancelled.set()

    timer = Timer(after_s, cancel)
    timer.start()
    with pytest.raises(RequestCancelledError):
        scanner.capture(30, cancelled)
    timer.join()
    return monotonic() - moment[0]


def test_lifting_ends_the_wait_for_it(module: SimulatedFingerprintScanner, scanner: R30x) -> None:
    module.act("place", {"png": as_png(ridges())})
    with pytest.raises(DeviceTimeoutError):
        scanner.wait_lifted(0.2, Event())
    module.act("lift", {})
    scanner.wait_lifted(0.2, Event())


def test_unplugged_is_absent_and_plugged_in_again_works(
    module: SimulatedFingerprintScanner, scanner: R30x
) -> None:
    module.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        scanner.capture(2, Event())
    assert scanner.health().state is DeviceState.NO_DEVICE
    scanner.close()
    with pytest.raises(DeviceAbsentError):
        scanner.open()
    module.set_fault("unplugged", False)
    scanner.open()
    module.act("place", {"png": as_png(ridges())})
    assert scanner.capture(2, Event()).height == 288
    assert scanner.health().state is DeviceState.ONLINE


def test_not_opened_is_absent(module: SimulatedFingerprintScanner, scanner: R30x) -> None:
    scanner.close()
    scanner.close()
    with pytest.raises(DeviceAbsentError):
        scanner.capture(1, Event())


def test_a_mute_module_is_absent(
    module: SimulatedFingerprintScanner, scanner: R30x, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(r30x, "ANSWER_S", 0.2)
    module.set_fault("mute", True)
    with pytest.raises(DeviceAbsentError):
        scanner.capture(5, Event())
    scanner.close()
    with pytest.raises(DeviceAbsentError):
        scanner.open()


def test_a_garbled_image_is_a_bad_reply_and_the_line_recovers(
    module: SimulatedFingerprintScanner, scanner: R30x, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(r30x, "QUIET_S", 0.1)
    module.act("place", {"png": as_png(ridges())})
    module.set_fault("garbled", True)
    with pytest.raises(BadReplyError):
        scanner.capture(30, Event())
    module.set_fault("garbled", False)
    assert scanner.capture(5, Event()).width == 256


def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    module = SimulatedFingerprintScanner("x.finger", 0, World(tmp_path / "w"), {"password": 7})
    module.start()
    address = f"socket://127.0.0.1:{module.port}"
    with pytest.raises(DeviceFaultError, match="refused"):
        R30x(lambda: SerialTransport(address, r30x.BAUD)).open()
    scanner = R30x(lambda: SerialTransport(address, r30x.BAUD), password=7)
    scanner.open()
    scanner.close()
    module.stop()


@pytest.mark.parametrize("packet", r30x.PACKET_SIZES)
def test_the_round_module_with_a_lamp_and_any_packets(tmp_path: Path, packet: int) -> None:
    module = SimulatedFingerprintScanner(
        "x.finger", 0, World(tmp_path / "w"), {"size": "192x192", "lamp": True}
    )
    module.start()
    options = {"size": "192x192", "lamp": True, "packet": packet}
    scanner: Any = make("r30x", f"socket://127.0.0.1:{module.port}", options)
    scanner.open()
    finger = ridges(192, 192)
    module.act("place", {"png": as_png(finger)})
    image = scanner.capture(2, Event())
    assert (image.width, image.height) == (192, 192)
    seen = np.frombuffer(image.pixels, np.uint8).reshape(192, 192).astype(int)
    assert np.abs(seen - np.asarray(finger).astype(int)).max() <= 9
    assert module.state()["lamp"] == "off"
    module.act("lift", {})
    cancelled = Event()
    states: list[str] = []

    def look_and_cancel() -> None:
        states.append(module.state()["lamp"])
        cancelled.set()

    lit = Timer(0.3, look_and_cancel)
    lit.start()
    with pytest.raises(RequestCancelledError):
        scanner.capture(20, cancelled)
    lit.join()
    assert states == ["on"]
    scanner.close()
    assert module.state()["lamp"] == "off"
    module.stop()


def test_a_lamp_that_is_not_there_spoils_no_capture(module: SimulatedFingerprintScanner) -> None:
    address = f"socket://127.0.0.1:{module.port}"
    scanner: Any = make("r30x", address, {"lamp": True})
    scanner.open()
    module.act("place", {"png": as_png(ridges())})
    assert scanner.capture(2, Event()).width == 256
    scanner.close()


def test_another_size_than_the_modules_is_a_bad_reply(module: SimulatedFingerprintScanner) -> None:
    scanner: Any = make("r30x", f"socket://127.0.0.1:{module.port}", {"size": "192x192"})
    scanner.open()
    module.act("place", {"png": as_png(ridges())})
    with pytest.raises(BadReplyError):
        scanner.capture(2, Event())
    scanner.close()


@pytest.mark.parametrize("options", [{"size": "round"}, {"size": "3x3"}, {"packet": 100}])
def test_options_that_no_module_has_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        make("r30x", "socket://127.0.0.1:1", options)


# From the digest of manuals: parameter 6, code 3 (256 bytes); lamp: breathe, speed 80h, blue.
LAMP = [
    "> ef01ffffffff010007130000000000" + "1b",
    "< ef01ffffffff07000300000a",
    "> ef01ffffffff0100050e0603001d",
    "< ef01ffffffff07000300000a",
    "> ef01ffffffff0100073501800200" + "00c0",
    "< ef01ffffffff07000300000a",
    "> ef01ffffffff010003010005",
    "< ef01ffffffff07000302000c",
    "> ef01ffffffff0100073504000200" + "0043",
    "< ef01ffffffff07000300000a",
]


def test_packet_size_and_lamp_as_the_manual_has_them() -> None:
    replay = ReplayTransport([Exchange.parse(line) for line in LAMP])
    scanner = R30x(lambda: replay, packet_bytes=256, has_lamp=True)
    scanner.open()
    with pytest.raises(DeviceTimeoutError):
        scanner.capture(0, Event())
    assert replay.finished()


def test_the_bystander_sees_no_image(module: SimulatedFingerprintScanner) -> None:
    module.act("place", {"png": as_png(ridges())})
    assert module.state() == {"kind": "r30x", "finger": True, "faults": []}
    with pytest.raises(ImpossibleError):
        module.act("place", {"png": "bm8gcGljdHVyZQ=="})


# From the module's manual: password 0 is right; a look without finger; a look with one; its image
# in packets of 256 bytes, all of the same grey (nibble 7).
PACKET = "ef01ffffffff02010277" + "77" * 255
SUM = f"{2 + 1 + 2 + 0x77 * 256 & 0xFFFF:04x}"
LAST_SUM = f"{8 + 1 + 2 + 0x77 * 256 & 0xFFFF:04x}"
RECORDING = [
    "> ef01ffffffff010007130000000000" + "1b",
    "< ef01ffffffff07000300000a",
    "> ef01ffffffff010003010005",
    "< ef01ffffffff07000302000c",
    "> ef01ffffffff010003010005",
    "< 00ef00" + "ef01ffffffff07000300000a",
    "> ef01ffffffff0100030a000e",
    "< ef01ffffffff07000300000a",
    *[f"< {PACKET}{SUM}"] * 143,
    f"< efef01ffffffff080102{'77' * 256}{LAST_SUM}",
]


def test_the_manuals_bytes_are_spoken() -> None:
    replay = ReplayTransport([Exchange.parse(line) for line in RECORDING])
    scanner = R30x(lambda: replay)
    scanner.open()
    image = scanner.capture(2, Event())
    assert image.pixels == bytes([0x77]) * (256 * 288)
    assert replay.finished()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_noise_never_upsets_the_decoder(noise: bytes) -> None:
    stream = io.BytesIO(noise)

    def read(count: int) -> bytes:
        data = stream.read(count)
        if len(data) < count:
            raise DeviceTimeoutError("silent")
        return data

    while True:
        try:
            read_packet(read)
        except BadReplyError:
            continue
        except DeviceTimeoutError:
            return


@settings(max_examples=15, deadline=None)
@given(noise=st.binary(max_size=3000).filter(lambda data: b"\xef" not in data))
def test_a_packet_is_found_behind_noise(noise: bytes) -> None:
    stream = io.BytesIO(noise + bytes.fromhex("ef01ffffffff07000302000c"))
    assert read_packet(stream.read).payload == b"\x02"


def test_endless_noise_is_given_up() -> None:
    with pytest.raises(BadReplyError):
        read_packet(lambda count: b"\x00" * count)


@settings(max_examples=10, deadline=None)
@given(noise=st.binary(min_size=1, max_size=300).filter(lambda data: b"\xef\x01" not in data))
def test_noise_never_upsets_the_simulated_module(
    module_for_noise: SimulatedFingerprintScanner, noise: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", module_for_noise.port), 2) as line:
        line.sendall(noise)
        line.sendall(bytes.fromhex("ef01ffffffff010003010005"))
        answer = b""
        while len(answer) < 12:
            answer += line.recv(12)
    assert answer.hex() == "ef01ffffffff07000302000c"


@pytest.fixture(scope="module")
def module_for_noise(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SimulatedFingerprintScanner]:
    world = World(tmp_path_factory.mktemp("noise") / "world")
    simulated = SimulatedFingerprintScanner("tag-1.finger", 0, world, {})
    simulated.start()
    yield simulated
    simulated.stop()
