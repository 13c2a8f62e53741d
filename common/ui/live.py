"""Carries the camera's newest picture to the part LiveView."""

import time
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickImageProvider

if TYPE_CHECKING:
    from hardware.camera.interface import Pixels

PAUSE_S = 1 / 12
"""A person takes twelve pictures a second for motion, and more would only warm the processor."""


class LiveFrames:
    """The newest picture of a camera; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._picture: QImage | None = None
        self._number = 0
        self._taken_at = float("-inf")

    def put(self, pixels: "Pixels") -> None:
        """Show this picture (rows × columns × blue, green, red); too frequent ones are not."""
        now = time.monotonic()
        with self._lock:
            if now - self._taken_at < PAUSE_S:
                return
            self._taken_at = now
        # Whoever has a camera's picture has read NumPy and OpenCV; a window opens without them.
        from common.ui.camera_picture import picture_of  # noqa: PLC0415

        picture = picture_of(pixels)
        with self._lock:
            self._picture = picture
            self._number += 1

    def clear(self) -> None:
        """Forget the picture, so that the next visitor never sees it."""
        with self._lock:
            self._picture = None
            self._taken_at = float("-inf")

    @property
    def number(self) -> int:
        """Counts the pictures; 0 while there is none to show."""
        with self._lock:
            return self._number if self._picture is not None else 0

    @property
    def newest(self) -> QImage:
        """The picture itself; empty while there is none."""
        with self._lock:
            return self._picture if self._picture is not None else QImage()


class LiveProvider(QQuickImageProvider):
    """Gives QML the newest picture under image://live/NUMBER."""

    def __init__(self, frames: LiveFrames) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._frames = frames

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803, ARG002 (Qt's names)
        """Return the newest picture."""
        return self._frames.newest
