"""Reads QR codes, bar codes and their kin from pictures."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import zxingcpp
from PIL.Image import Image

from hardware.camera.interface import Pixels


class Symbology(StrEnum):
    """The printed codes that an office meets; values are zxing's names."""

    QR = "QRCode"
    MICRO_QR = "MicroQRCode"
    DATA_MATRIX = "DataMatrix"
    AZTEC = "Aztec"
    PDF417 = "PDF417"
    CODE_128 = "Code128"
    CODE_39 = "Code39"
    EAN_13 = "EAN13"


_FORMATS = {symbology: getattr(zxingcpp, symbology.value) for symbology in Symbology} | {
    # zxing's QRCode is a family: a Micro QR code has so little redundancy that one was found in
    # the noise of a sharpened picture.
    Symbology.QR: zxingcpp.QRCodeModel2
}

MARKED = 6
"""Levels of 255 between the lightest and the darkest spot of a picture that may hold a code."""
SPOT = 4
"""Pixels along the side of a spot; over them a lens's noise and a JPEG's ripples are averaged."""

FINE_LINES = 600
"""Pictures with fewer lines are enlarged before they are sharpened."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was read whole."""

    text: str
    symbology: Symbology


def read_codes(
    picture: Pixels | Image, symbologies: Iterable[Symbology] = (Symbology.QR,)
) -> tuple[Code, ...]:
    """Return every readable code in a grey or blue-green-red array, or in a Pillow image.

    A picture without a readable code is looked at again for QR codes, smoothed and then
    sharpened: docs/decisions/0027-how-codes-are-read.md has what that gains and costs. A bare
    surface, which a kiosk's camera sees most of the day, is not looked at so often.
    """
    wanted = tuple(symbologies)
    grey = _grey(picture)
    if _is_bare(grey):
        return ()
    found = tuple(code for symbology in wanted for code in _read(picture, symbology))
    if found or Symbology.QR not in wanted:
        return found
    return next(filter(None, (_read(retry(grey), Symbology.QR) for retry in RETRIES)), ())


def _is_bare(grey: Pixels) -> bool:
    """Tell whether there is no mark at all in a picture, however weak."""
    height, width = grey.shape
    if min(height, width) < 10 * SPOT:
        return False
    spots = cv2.resize(grey, (width // SPOT, height // SPOT), interpolation=cv2.INTER_AREA)
    return int(spots.max()) - int(spots.min()) < MARKED


def _read(picture: Pixels | Image, symbology: Symbology) -> tuple[Code, ...]:
    return tuple(
        Code(found.text, symbology)
        for found in zxingcpp.read_barcodes(
            picture, formats=_FORMATS[symbology], text_mode=zxingcpp.TextMode.Plain
        )
        if found.valid and found.text
    )


def smoothed(grey: Pixels) -> Pixels:
    """Take the noise away: of a dark picture, of strong gain, of a grid of pixels."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.2), np.uint8)


def sharpened(grey: Pixels) -> Pixels:
    """Put the edges back that a lens out of focus took."""
    if min(grey.shape) < FINE_LINES:
        grey = np.asarray(
            cv2.resize(grey, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_LINEAR), np.uint8
        )
    soft = cv2.GaussianBlur(grey, (0, 0), 3.2)
    return np.asarray(cv2.addWeighted(grey, 4.0, soft, -3.0, 0.0), np.uint8)


RETRIES: tuple[Callable[[Pixels], Pixels], ...] = (smoothed, sharpened)


def _grey(picture: Pixels | Image) -> Pixels:
    pixels = np.asarray(picture.convert("L") if isinstance(picture, Image) else picture, np.uint8)
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
