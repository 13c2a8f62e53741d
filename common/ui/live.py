"""Carries the camera's newest picture to the part LiveView."""

import time
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickImageProvider

PAUSE_S = 1 / 12
"""A person takes twelve pictures a second for motion, and more would only warm the processor."""
WIDEST = 960


class LiveFrames:
    """The newest picture of a camera; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._picture: QImage | None = None
        self._number = 0
        self._taken_at = float("-inf")

    def put(self, pixels: NDArray[np.uint8]) -> None:
        """Show this picture (rows × columns × blue, green, red); too frequent ones are not."""
        now = time.monotonic()
        with self._lock:
            if now - self._taken_at < PAUSE_S:
                return
            self._taken_at = now
        height, width = pixels.shape[:2]
        if width > WIDEST:
            smaller = (WIDEST, round(height * WIDEST / width))
            pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), np.uint8)
            height, width = pixels.shape[:2]
        flat = np.ascontiguousarray(pixels)
        picture = QImage(flat.data, width, height, 3 * width, QImage.Format.Format_BGR888).copy()
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
