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
)
