"""A hand before the camera whose picture an officer watches."""

from io import BytesIO
from threading import Event, Timer

import numpy as np
import pytest
from PIL import Image

from common.equipment.hands import LARGEST_BYTES, LONGEST_SIDE, HandCamera
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError

NOISE = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)


def test_the_next_frame_that_is_watched_becomes_a_small_jpeg():
    camera = HandCamera()
    shown: list[object] = []
    watching = camera.watching(shown.append)
    watching(np.zeros((10, 10, 3), np.uint8))
    timer = Timer(0.1, lambda: watching(NOISE))
    timer.start()
    jpeg = camera.take(5.0, Event())
    timer.join()
    assert len(shown) == 2
    assert len(jpeg) <= LARGEST_BYTES
    assert max(Image.open(BytesIO(jpeg)).size) == LONGEST_SIDE, "not the frame from before"


def test_without_a_picture_the_wait_ends():
    with pytest.raises(DeviceTimeoutError):
        HandCamera().take(0.05, Event())
    cancelled = Event()
    cancelled.set()
    with pytest.raises(RequestCancelledError):
        HandCamera().take(5.0, cancelled)
