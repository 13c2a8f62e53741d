"""The promises of every camera, and those of a stream against the simulated camera."""

import base64
import io
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any

import numpy as np
import pytest
import qrcode
from PIL import Image

from hardware.camera import frame_reading, mjpeg_camera
from hardware.camera.codes import read_codes
from hardware.camera.interface import Camera
from hardware.camera.mjpeg_camera import MjpegCamera
from hardware.camera.opencv_camera import OpencvCamera
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.simulation.camera import SimulatedCamera
from hardware.simulation.papers import make_paper
from hardware.simulation.world import ImpossibleError, World
from tests.contract.rigs import cameras
from tests.support.rigs import Rig, RunningRig

CANCEL_S = 0.25
DRIVERS: dict[str, Callable[[str], Camera]] = {"mjpeg": MjpegCamera, "opencv": OpencvCamera}
SILENCES = {"mjpeg": mjpeg_camera, "opencv": frame_reading}
"""Where each driver keeps how long a stream may be silent."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world")


@pytest.fixture
def simulated(world: World) -> Iterator[SimulatedCamera]:
    options = {"width": 640, "height": 360, "watches": "collection-1.form_collector.escrow"}
    device = SimulatedCamera("collection-1.camera", 0, world, options)
    device.start()
    yield device
    device.stop()


@pytest.fixture(params=sorted(DRIVERS))
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def address(simulated: SimulatedCamera, path: str = "/stream") -> str:
    return f"http://127.0.0.1:{simulated.port}{path}"


@pytest.fixture
def camera(simulated: SimulatedCamera, driver: str) -> Iterator[Camera]:
    opened = DRIVERS[driver](address(simulated))
    opened.open()
    yield opened
    opened.close()


def letter(text: str) -> bytes:
    page = Image.new("L", (600, 800), 255)
    page.paste(qrcode.make(text, box_size=8).get_image().convert("L"), (60, 200))
    png = io.BytesIO()
    page.save(png, "PNG")
    return png.getvalue()


def see(camera: Camera, text: str) -> None:
    """Look until the code with this text is seen."""
    for _ in range(30):
        if [code.text for code in read_codes(camera.next_frame(3, Event()).pixels)] == [text]:
            return
    pytest.fail(f"{text} was never seen")


def use_up(camera: Camera, timeout_s: float) -> None:
    """Take the frames that may still be on their way, and one more."""
    for _ in range(5):
        camera.next_frame(timeout_s, Event())


def set_at(cancelled: Event, moment: list[float]) -> None:
    moment.append(monotonic())
    cancelled.set()


def test_frames_have_the_scenes_size_and_count_up(camera: Camera) -> None:
    first, second = camera.next_frame(3, Event()), camera.next_frame(3, Event())
    assert first.pixels.shape == (360, 640, 3)
    assert first.pixels.dtype == np.uint8
    assert second.number > first.number


def test_a_code_held_before_the_lens_is_read(simulated: SimulatedCamera, camera: Camera) -> None:
    simulated.act("show", {"png": base64.b64encode(letter("APPOINTMENT:A042")).decode()})
    see(camera, "APPOINTMENT:A042")
    simulated.act("clear", {})
    assert not simulated.state()["sees_something"]


def test_a_paper_in_the_watched_place_is_seen(
    simulated: SimulatedCamera, camera: Camera, world: World
) -> None:
    paper = make_paper(world, "hand.visitor", "form", letter("FORM:7"))
    simulated.act("show", {"thing": paper.id})
    see(camera, "FORM:7")
    simulated.act("clear", {})
    world.move(make_paper(world, "hand.visitor", "form", letter("FORM:8")), "elsewhere")
    world.move(world.at("elsewhere")[0], "collection-1.form_collector.escrow")
    see(camera, "FORM:8")


def test_a_portrait_scene(world: World, driver: str) -> None:
    device = SimulatedCamera("tag-1.camera", 0, world, {"width": 360, "height": 640})
    device.start()
    camera = DRIVERS[driver](address(device))
    camera.open()
    assert camera.next_frame(3, Event()).pixels.shape == (640, 360, 3)
    camera.close()
    device.stop()


def test_darkness_is_seen(simulated: SimulatedCamera, camera: Camera) -> None:
    assert camera.next_frame(3, Event()).pixels.mean() > 180
    simulated.set_fault("dark", True)
    assert any(camera.next_frame(3, Event()).pixels.mean() < 30 for _ in range(10))


def test_a_frozen_stream_times_out_and_comes_back(
    simulated: SimulatedCamera, camera: Camera
) -> None:
    camera.next_frame(3, Event())
    simulated.set_fault("frozen", True)
    with pytest.raises(DeviceTimeoutError):
        use_up(camera, 0.5)
    simulated.set_fault("frozen", False)
    camera.next_frame(3, Event())


def test_a_stream_that_stays_frozen_is_absent(
    simulated: SimulatedCamera, camera: Camera, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera.next_frame(3, Event())
    monkeypatch.setattr(SILENCES[driver], "SILENT_S", 0.5)
    simulated.set_fault("frozen", True)
    with pytest.raises(DeviceAbsentError):
        use_up(camera, 5)
    assert camera.health().state is DeviceState.NO_DEVICE
    simulated.set_fault("frozen", False)
    camera.open()
    camera.next_frame(3, Event())


def test_a_cancel_ends_the_wait(simulated: SimulatedCamera, camera: Camera) -> None:
    simulated.set_fault("frozen", True)
    with pytest.raises(DeviceTimeoutError):
        use_up(camera, 0.3)
    latencies = []
    for _ in range(3):  # a busy machine may be late once, but not three times
        cancelled, moment = Event(), list[float]()
        timer = Timer(0.1, set_at, (cancelled, moment))
        timer.start()
        with pytest.raises(RequestCancelledError):
            camera.next_frame(30, cancelled)
        latencies.append(monotonic() - moment[0])
        timer.join()
    assert min(latencies) < CANCEL_S


def test_unplugged_is_absent_and_plugged_in_again_works(
    simulated: SimulatedCamera, camera: Camera
) -> None:
    simulated.set_fault("unplugged", True)
    with pytest.raises(DeviceAbsentError):
        use_up(camera, 3)
    assert camera.health().state is DeviceState.NO_DEVICE
    with pytest.raises(DeviceAbsentError):
        camera.open()
    simulated.set_fault("unplugged", False)
    camera.open()
    assert camera.next_frame(3, Event()).number >= 1
    assert camera.health().state is DeviceState.ONLINE


def test_not_opened_is_absent(camera: Camera) -> None:
    camera.close()
    camera.close()
    with pytest.raises(DeviceAbsentError):
        camera.next_frame(1, Event())


def test_another_path_is_no_camera(simulated: SimulatedCamera, driver: str) -> None:
    with pytest.raises(DeviceAbsentError):
        DRIVERS[driver](address(simulated, "/other")).open()


def test_an_address_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="http"):
        MjpegCamera("rtsp://127.0.0.1/stream")
    with pytest.raises(ValueError, match="address"):
        OpencvCamera("video0")


def test_what_cannot_be_shown_is_refused(simulated: SimulatedCamera, world: World) -> None:
    with pytest.raises(ImpossibleError):
        simulated.act("show", {"png": "AAAA"})
    card = world.add("card", "hand.visitor", {})
    with pytest.raises(ImpossibleError):
        simulated.act("show", {"thing": card.id})


def test_a_damaged_picture_is_passed_over() -> None:
    jpeg = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(jpeg, "JPEG")
    whole = jpeg.getvalue()
    parts = [b"\xff\xd8 no picture \xff\xd9", whole[: len(whole) // 2], whole]
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\n"
                    b"Content-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
                )
                for part in parts:
                    head = f"--b\r\nContent-Length: {len(part)}\r\n\r\n".encode()
                    connection.sendall(head + part + b"\r\n")
                connection.recv(1)

        thread = Thread(target=serve)
        thread.start()
        camera = MjpegCamera(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        camera.open()
        assert camera.next_frame(5, Event()).pixels.shape == (48, 64, 3)
        camera.close()
        thread.join()


# Every camera

on_every_camera = pytest.mark.parametrize("rig", cameras.RIGS, ids=lambda rig: rig.driver)


@pytest.fixture
def any_camera(rig: Rig, tmp_path: Path) -> Iterator[RunningRig]:
    with rig.running(tmp_path) as running:
        yield running


@on_every_camera
def test_every_camera_gives_frames_that_count_up(any_camera: RunningRig) -> None:
    camera = any_camera.opened()
    frames = [camera.next_frame(10, Event()) for _ in range(5)]
    assert {frame.pixels.shape for frame in frames} == {frames[0].pixels.shape}
    assert frames[0].pixels.ndim == 3
    assert frames[0].pixels.shape[2] == 3
    assert {frame.pixels.dtype for frame in frames} == {np.dtype(np.uint8)}
    numbers = [frame.number for frame in frames]
    assert numbers == sorted(set(numbers))


@on_every_camera
def test_every_camera_shows_what_is_before_it_now(any_camera: RunningRig) -> None:
    camera = any_camera.opened()
    first = camera.next_frame(10, Event())
    picture = io.BytesIO()
    Image.new("RGB", (90, 120), (200, 20, 20)).save(picture, "PNG")
    any_camera.simulated.act("show", {"png": base64.b64encode(picture.getvalue()).decode()})
    Event().wait(1.0)  # nobody looks meanwhile
    newest = camera.next_frame(10, Event())
    assert newest.number - first.number > 1
    height, width, _ = newest.pixels.shape
    blue, green, red = newest.pixels[height // 2, width // 2].astype(int)
    assert red > 150 > max(blue, green)  # blue-green-red, and no frame of before
    any_camera.simulated.act("clear", {})


@on_every_camera
def test_every_camera_ends_a_wait_that_is_cancelled(any_camera: RunningRig) -> None:
    camera = any_camera.opened()
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):  # faster than frames come
        look_on(camera, 500, cancelled)
    camera.next_frame(10, Event())


def look_on(camera: Any, frames: int, cancelled: Event) -> None:
    for _ in range(frames):
        camera.next_frame(60, cancelled)


@on_every_camera
def test_every_camera_is_absent_when_it_is_closed(any_camera: RunningRig) -> None:
    camera = any_camera.opened()
    camera.close()
    with pytest.raises(DeviceAbsentError):
        camera.next_frame(1, Event())
