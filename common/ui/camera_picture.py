"""Turns a camera's picture into one of Qt's, no larger than a screen shows it."""

import cv2
import numpy as np
from PySide6.QtGui import QImage

from hardware.camera.interface import Pixels

WIDEST = 960


def picture_of(pixels: Pixels) -> QImage:
    """Return a picture of its own of rows × columns × blue, green, red."""
    height, width = pixels.shape[:2]
    if width > WIDEST:
        smaller = (WIDEST, round(height * WIDEST / width))
        pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = pixels.shape[:2]
    flat = np.ascontiguousarray(pixels)
    return QImage(flat.data, width, height, 3 * width, QImage.Format.Format_BGR888).copy()
