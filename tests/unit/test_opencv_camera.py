"""The OpenCV camera against captures that behave as V4L2 devices do: limits, refusals, hangs."""

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import cv2
import numpy as np
import pytest

from hardware.camera import frame_reading, opencv_camera
from hardware.camera.camera_settings import Backend, CameraSettings
from hardware.camera.opencv_camera import OpencvCamera, connected, find
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError, RequestCancelledError


class Webcam:
    """A capture of a webcam: two sizes, no gain, focus refused while the camera chooses it."""

    SIZES = ((640.0, 480.0), (1280.0, 720.0))

    def __init__(self) -> None:
        self.told: list[tuple[int, float]] = []
        self.has: dict[int, float] = {
            cv2.CAP_PROP_FRAME_WIDTH: 640.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 480.0,
            cv2.CAP_PROP_FPS: 30.0,
            cv2.CAP_PROP_AUTO_EXPOSURE: 3.0,
            cv2.CAP_PROP_EXPOSURE: 156.0,
            cv2.CAP_PROP_AUTOFOCUS: 1.0,
            cv2.CAP_PROP_FOCUS: 0.0,
            cv2.CAP_PROP_AUTO_WB: 1.0,
            cv2.CAP_PROP_WB_TEMPERATURE: 4600.0,
        }
        self.is_released = False
        self.hangs = Event()
        self.goes_on = Event()
        self.frames = 0
        self.left = 10**9
        self.picture: Any = None

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def get(self, propId: int, /) -> float:  # noqa: N803
        return self.has.get(propId, -1.0)

    def set(self, propId: int, value: float, /) -> bool:  # noqa: N803
        self.told.append((propId, value))
        if propId not in self.has:
            return False
        if propId == cv2.CAP_PROP_FOCUS and self.has[cv2.CAP_PROP_AUTOFOCUS]:
            return False
        if propId == cv2.CAP_PROP_FRAME_WIDTH:
            width, height = min(self.SIZES, key=lambda size: abs(size[0] - value))
            self.has[cv2.CAP_PROP_FRAME_WIDTH] = width
            self.has[cv2.CAP_PROP_FRAME_HEIGHT] = height
            return True  # V4L2 says yes and takes the nearest
        if propId == cv2.CAP_PROP_FRAME_HEIGHT:
            return True
        self.has[propId] = value
        return True

    def read(self) -> tuple[bool, Any]:
        if self.hangs.is_set():
            self.goes_on.wait(30)
            return False, None
        Event().wait(0.005)
        self.frames += 1
        if self.frames > self.left:
            return False, None
        width = int(self.has[cv2.CAP_PROP_FRAME_WIDTH])
        height = int(self.has[cv2.CAP_PROP_FRAME_HEIGHT])
        picture = np.zeros((height, width, 3), np.uint8)
        picture[0, 0] = 255  # the upper left corner
        return True, picture if self.picture is None else self.picture

    def release(self) -> None:
        self.is_released = True


def camera_of(webcam: Webcam, **options: Any) -> OpencvCamera:
    settings = CameraSettings.from_options(options)
    return OpencvCamera("/dev/video0", settings, Backend.V4L2, lambda _source, _backend: webcam)


def look(camera: OpencvCamera) -> None:
    """Take ten frames."""
    for _ in range(10):
        camera.next_frame(5, Event())


def test_settings_are_told_in_order_and_read_back() -> None:
    webcam = Webcam()
    camera = camera_of(webcam, width=1280, height=720, exposure=200, focus=30, white_balance="auto")
    camera.open()
    assert camera.health().detail == "1280 x 720"
    assert webcam.told == [
        (cv2.CAP_PROP_FRAME_WIDTH, 1280.0),
        (cv2.CAP_PROP_FRAME_HEIGHT, 720.0),
        (cv2.CAP_PROP_AUTO_EXPOSURE, 1.0),  # V4L2_EXPOSURE_MANUAL
        (cv2.CAP_PROP_EXPOSURE, 200.0),
        (cv2.CAP_PROP_AUTO_WB, 1.0),
        (cv2.CAP_PROP_AUTOFOCUS, 0.0),
        (cv2.CAP_PROP_FOCUS, 30.0),
    ]
    camera.close()
    assert webcam.is_released


def test_what_the_camera_refuses_is_said() -> None:
    camera = camera_of(Webcam(), width=1920, height=1080, fps=30, gain=4, focus=0)
    camera.open()
    health = camera.health()
    assert health.state is DeviceState.ONLINE
    assert health.detail == "1280 x 720, not taken: width=1280, height=720, gain=-1"
    camera.close()


@pytest.mark.parametrize(
    ("options", "shape", "corner"),
    [
        ({}, (480, 640), (0, 0)),
        ({"rotate": 90}, (640, 480), (0, -1)),
        ({"rotate": 180}, (480, 640), (-1, -1)),
        ({"rotate": 270}, (640, 480), (-1, 0)),
        ({"mirror": True}, (480, 640), (0, -1)),
        ({"rotate": 90, "mirror": True}, (640, 480), (0, 0)),
    ],
)
def test_pictures_are_turned_and_mirrored(
    options: dict[str, Any], shape: tuple[int, int], corner: tuple[int, int]
) -> None:
    camera = camera_of(Webcam(), **options)
    camera.open()
    pixels = camera.next_frame(5, Event()).pixels
    assert pixels.shape[:2] == shape
    assert pixels[corner].tolist() == [255, 255, 255]
    assert int((pixels == 255).sum()) == 3
    camera.close()


@pytest.mark.parametrize(
    "options",
    [
        {"rotate": 45},
        {"mirror": 1},
        {"width": 0},
        {"exposure": "bright"},
        {"gain": "auto"},
        {"fps": True},
    ],
)
def test_settings_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        CameraSettings.from_options(options)


def test_a_read_that_hangs_hangs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_reading, "SILENT_S", 0.3)
    monkeypatch.setattr(frame_reading, "CLOSE_S", 0.1)
    webcams: list[Webcam] = []

    def connect(_source: object, _backend: object) -> Webcam:
        webcams.append(Webcam())
        return webcams[-1]

    camera = OpencvCamera("/dev/video0", backend=Backend.V4L2, connect=connect)
    for _ in range(opencv_camera.MOST_LEFT_BEHIND):
        camera.open()
        webcams[-1].hangs.set()
        with pytest.raises(DeviceAbsentError, match="no frame"):
            look(camera)
        assert camera.health().state is DeviceState.NO_DEVICE
        began = monotonic()
        camera.close()
        assert monotonic() - began < 10  # it did not wait for the read
        assert not webcams[-1].is_released  # a capture that is being read must not be released
    with pytest.raises(DeviceAbsentError, match="still hang"):
        camera.open()
    for webcam in webcams:
        webcam.goes_on.set()
    for _ in range(200):
        if all(webcam.is_released for webcam in webcams):
            break
        Event().wait(0.02)
    assert all(webcam.is_released for webcam in webcams)
    camera.open()
    assert camera.next_frame(5, Event()).number > 0
    camera.close()


def test_an_opening_that_hangs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_reading, "OPEN_S", 0.2)
    monkeypatch.setattr(frame_reading, "CLOSE_S", 0.1)
    goes_on = Event()

    def connect(_source: object, _backend: object) -> Webcam:
        goes_on.wait(30)
        return Webcam()

    camera = OpencvCamera("0", backend=Backend.ANY, connect=connect)
    with pytest.raises(DeviceAbsentError, match="no camera opens"):
        camera.open()
    assert camera.health().state is DeviceState.NO_DEVICE
    goes_on.set()


def test_a_camera_that_fails_inside_is_absent() -> None:
    def connect(_source: object, _backend: object) -> Webcam:
        raise cv2.error("no driver")

    with pytest.raises(DeviceAbsentError, match="the camera failed"):
        OpencvCamera("0", backend=Backend.ANY, connect=connect).open()


def test_a_camera_that_is_pulled_out_is_absent_and_comes_back() -> None:
    webcam = Webcam()
    webcam.left = 3
    camera = camera_of(webcam)
    camera.open()
    with pytest.raises(DeviceAbsentError, match="ended the stream"):
        look(camera)
    webcam.left = 10**9
    camera.open()
    camera.next_frame(5, Event())
    camera.close()


def test_pictures_that_are_none_end_the_stream() -> None:
    webcam = Webcam()
    camera = camera_of(webcam)
    camera.open()
    webcam.picture = np.zeros((480, 640), np.uint16)
    with pytest.raises(DeviceAbsentError):
        look(camera)


def test_only_the_newest_frame_counts() -> None:
    webcam = Webcam()
    camera = camera_of(webcam)
    camera.open()
    first = camera.next_frame(5, Event()).number
    while webcam.frames < first + 20:
        Event().wait(0.01)
    assert camera.next_frame(5, Event()).number >= first + 19
    camera.close()


def test_a_cancelled_wait_ends() -> None:
    webcam = Webcam()
    camera = camera_of(webcam)
    camera.open()
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        camera.next_frame(60, cancelled)
    camera.close()


def test_no_thread_is_left_after_closing() -> None:
    camera = camera_of(Webcam())
    camera.open()
    reading: Any = camera._reading
    thread: Thread = reading._thread
    camera.close()
    assert not thread.is_alive()


def test_this_machines_cameras_are_listed_without_opening_one(tmp_path: Path) -> None:
    def node(name: str, title: str, index: str) -> None:
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "name").write_text(title + "\n")
        (folder / "index").write_text(index + "\n")

    node("video0", "Passbild 4K", "0")
    node("video1", "Passbild 4K", "1")  # its metadata
    node("video2", "HD Webcam", "0")
    (tmp_path / "by-id").mkdir()
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "video2").touch()
    link = tmp_path / "by-id" / "usb-HD_Webcam-video-index0"
    link.symlink_to(tmp_path / "dev" / "video2")
    found = list(find(tmp_path / "class", tmp_path / "by-id"))
    assert [(one.address, one.detail, one.is_certain) for one in found] == [
        ("/dev/video0", "Passbild 4K", True),
        (str(link), "HD Webcam", True),
    ]
    assert list(find(tmp_path / "none", tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("address", "platform", "expected"),
    [
        ("/dev/video0", "linux", Backend.V4L2),
        ("0", "win32", Backend.MSMF),
        ("0", "darwin", Backend.AVFOUNDATION),
        ("0", "freebsd", Backend.ANY),
        ("rtsp://127.0.0.1/a", "linux", Backend.FFMPEG),
    ],
)
def test_the_backend_follows_the_address_and_the_system(
    address: str, platform: str, expected: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int | str, Backend]] = []

    def connect(source: int | str, backend: Backend) -> Webcam:
        asked.append((source, backend))
        return Webcam()

    monkeypatch.setattr(sys, "platform", platform)
    camera = OpencvCamera(address, connect=connect)
    camera.open()
    camera.close()
    assert asked == [(int(address) if address == "0" else address, expected)]


def test_opencv_here_has_the_backends_that_linux_needs() -> None:
    has: Callable[[int], bool] = cv2.videoio_registry.hasBackend
    assert has(Backend.FFMPEG.number)
    assert has(Backend.V4L2.number)


def test_a_device_that_is_not_there_opens_nothing() -> None:
    capture = connected("/dev/video-none", Backend.V4L2)
    assert not capture.isOpened()
    capture.release()
