"""Cameras."""

from threading import Event
from typing import Any

from tests.support.rigs import Rig


def shape(camera: Any) -> tuple[int, ...]:
    """Look at one frame; on a stream that is spoilt only its size is sure."""
    found: tuple[int, ...] = camera.next_frame(5.0, Event()).pixels.shape
    return found


def shape_of_third(camera: Any) -> tuple[int, ...]:
    """Look at three frames: FFmpeg may still hold one or two of a camera that was unplugged."""
    return [shape(camera) for _ in range(3)][-1]


RIGS = (
    Rig(
        "mjpeg",
        "mjpeg",
        "http://127.0.0.1:{port}/stream",
        ask=shape,
        simulated_options={"width": 320, "height": 180},
        is_serial=False,
    ),
    Rig(
        "opencv",
        "mjpeg",
        "http://127.0.0.1:{port}/stream",
        ask=shape_of_third,
        simulated_options={"width": 320, "height": 180, "frame_s": 0.03},
        is_serial=False,
        is_checked=False,
    ),
    Rig(
        "sbi_face",
        "sbi_face",
        "http://127.0.0.1:{port}",
        ask=lambda camera: camera.next_frame(5.0, Event()).pixels.shape,
        wait=lambda camera, timeout_s, cancelled: camera.capture_record(timeout_s, cancelled),
        options={"trust": "{folder}/trust", "env": "Developer", "slice_s": 1.0},
        simulated_options={"trust": "{folder}/trust"},
        is_serial=False,
        is_checked=False,
    ),
)
