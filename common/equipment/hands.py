"""Photographs hands with the camera whose pictures an officer watches anyway."""

from collections.abc import Callable
from threading import Condition, Event
from time import monotonic

import cv2

from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError

LARGEST_BYTES = 60_000
LONGEST_SIDE = 1024
LOOK_EVERY_S = 0.25
_QUALITIES = (85, 75, 60, 45, 30, 15)


class HandCamera:
    """Keeps the next frame of a live picture. watching() and take() may run on two threads."""

    def __init__(self) -> None:
        self._came = Condition()
        self._newest: Pixels | None = None

    def watching(self, show: Callable[[Pixels], None]) -> Callable[[Pixels], None]:
        """Return what shows each frame and lets take() have it."""

        def seen(pixels: Pixels) -> None:
            show(pixels)
            with self._came:
                self._newest = pixels
                self._came.notify_all()

        return seen

    def take(self, timeout_s: float, cancelled: Event) -> bytes:
        """Return the next frame as a JPEG of at most LARGEST_BYTES.

        Raises:
            DeviceTimeoutError: No frame came. RequestCancelledError: cancelled was set.
        """
        deadline = monotonic() + timeout_s
        with self._came:
            # A frame from before the shutter was pressed does not count.
            self._newest = None
            while self._newest is None:
                if cancelled.is_set():
                    raise RequestCancelledError("the caller stopped waiting")
                if (left_s := deadline - monotonic()) <= 0:
                    raise DeviceTimeoutError(f"no picture within {timeout_s} s")
                self._came.wait(min(left_s, LOOK_EVERY_S))
            return _jpeg(self._newest)


def _jpeg(pixels: Pixels) -> bytes:
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for quality in _QUALITIES:
        _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if encoded.nbytes <= LARGEST_BYTES:
            break
    return encoded.tobytes()
