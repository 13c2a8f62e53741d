"""Cameras."""

from threading import Event

from tests.support.rigs import Rig

RIGS = (
    Rig(
        "mjpeg",
        "mjpeg",
        "http://127.0.0.1:{port}/stream",
        ask=lambda camera: camera.next_frame(5.0, Event()).pixels.shape,
        simulated_options={"width": 320, "height": 180},
        is_serial=False,
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
