"""The motion-JPEG driver on streams that tear, end or fall silent, without a network."""

import io
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from PIL import Image

from hardware.camera.mjpeg_camera import MOST_BAD_READS, MjpegCamera
from hardware.core.device import DeviceState
from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceError, DeviceTimeoutError
from hardware.core.http_stream import HttpHead


def part(colour: str, width: int) -> bytes:
    jpeg = io.BytesIO()
    Image.new("RGB", (width, 16), colour).save(jpeg, "JPEG")
    head = f"--b\r\nContent-Length: {len(jpeg.getvalue())}\r\n\r\n".encode()
    return head + jpeg.getvalue() + b"\r\n"


class Stream:
    """Gives one thing after another, and then silence. It is its own link."""

    def __init__(self, *gives: bytes | DeviceError, status: int = 200) -> None:
        self.gives = list(gives)
        self.status = status
        self.closed = 0

    def stream(self, method: str, path: str) -> "Stream":
        assert (method, path) == ("GET", "/stream?size=small")
        return self

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        del timeout_s, cancelled
        return HttpHead(self.status, "multipart/x-mixed-replace")

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        if not self.gives:
            cancelled.wait(timeout_s)
            raise DeviceTimeoutError("silence")
        one = self.gives.pop(0)
        if isinstance(one, DeviceError):
            raise one
        return one

    def close(self) -> None:
        self.closed += 1


def camera_on(stream: Stream) -> MjpegCamera:
    asked: list[str] = []

    def link(service: str) -> Any:
        asked.append(service)
        return stream

    camera = MjpegCamera("http://127.0.0.1:81/stream?size=small", link)
    camera.open()
    assert asked == ["http://127.0.0.1:81"]
    return camera


def widths(camera: MjpegCamera, count: int) -> list[int]:
    return [camera.next_frame(0.2, Event()).pixels.shape[1] for _ in range(count)]


def test_of_what_came_meanwhile_the_newest_picture_counts() -> None:
    camera = camera_on(Stream(part("red", 16) + part("red", 24) + part("red", 32)))
    frame = camera.next_frame(0.2, Event())
    assert (frame.pixels.shape, frame.number) == ((16, 32, 3), 3)
    with pytest.raises(DeviceTimeoutError):
        camera.next_frame(0.05, Event())


def test_a_picture_in_pieces_is_put_together() -> None:
    whole = part("blue", 40)
    camera = camera_on(Stream(whole[:30], whole[30:90], whole[90:]))
    assert widths(camera, 1) == [40]


def test_a_gap_in_the_stream_costs_the_picture_in_it() -> None:
    torn = part("red", 16)[:100]
    camera = camera_on(Stream(torn, BadReplyError("thrown away"), part("red", 24)))
    assert widths(camera, 1) == [24]
    assert camera.health().state is DeviceState.ONLINE


@pytest.mark.parametrize(
    "gives",
    [
        (b"",),
        (DeviceAbsentError("gone"),),
        tuple(BadReplyError("no HTTP") for _ in range(MOST_BAD_READS)),
    ],
    ids=["ended", "broken", "no HTTP"],
)
def test_a_stream_that_ends_is_an_absent_camera(gives: tuple[Any, ...]) -> None:
    stream = Stream(part("red", 16), *gives)
    camera = camera_on(stream)
    assert widths(camera, 1) == [16]
    with pytest.raises(DeviceAbsentError):
        camera.next_frame(0.5, Event())
    assert camera.health().state is DeviceState.NO_DEVICE
    camera.open()  # which hangs up first
    assert stream.closed == 2  # the stream and its link
    camera.close()


def test_health_sees_the_end_although_nobody_looks_at_pictures() -> None:
    camera = camera_on(Stream(part("red", 16), b""))
    states: list[DeviceState] = [camera.health().state for _ in range(2)]
    assert states == [DeviceState.ONLINE, DeviceState.NO_DEVICE]


@pytest.mark.parametrize("make", [lambda: Stream(status=404), lambda: Stream(status=401)])
def test_an_answer_that_is_no_stream_is_an_absent_camera(make: Callable[[], Stream]) -> None:
    stream = make()
    with pytest.raises(DeviceAbsentError, match=str(stream.status)):
        camera_on(stream)
    assert stream.closed
