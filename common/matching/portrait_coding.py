"""Packs a portrait for the chip: JPEG or JPEG 2000 within a budget of bytes."""

from enum import Enum
from io import BytesIO

import cv2
from PIL import Image

from common.matching.face_image import ColourImage, FaceImageError, checked, scaled

CHIP_BYTES = 20_000
"""What the photograph may take on the chip: ICAO 9303-9 speaks of 15 to 20 kB."""

_QUALITIES = range(95, 29, -1)
_SMALLEST_SIDE = 32
_SHRINK = 0.85
_BOXES = 200
"""Bytes that the boxes of a JPEG 2000 file may take beside its code stream."""


class PortraitCoding(Enum):
    """The two codings that a chip may hold (ICAO Doc 9303-10)."""

    JPEG = "jpeg"
    JPEG_2000 = "jpeg2000"


def encode_portrait(
    image: ColourImage, budget: int = CHIP_BYTES, coding: PortraitCoding = PortraitCoding.JPEG
) -> bytes:
    """The best picture that fits the budget: first quality gives way, then size.

    Raises:
        FaceImageError: Not even a thumbnail fits, or the pixels are no picture.
    """
    encode = _jpeg if coding is PortraitCoding.JPEG else _jpeg_2000
    picture = checked(image)
    while min(picture.shape[:2]) >= _SMALLEST_SIDE:
        if data := encode(picture, budget):
            return data
        picture = scaled(picture, _SHRINK)
    raise FaceImageError(f"the picture does not fit into {budget} bytes")


def _jpeg(picture: ColourImage, budget: int) -> bytes | None:
    """The highest quality that fits, found by halving; none if even quality 30 does not."""
    low, high, best = 0, len(_QUALITIES) - 1, None
    while low <= high:
        middle = (low + high) // 2
        options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITIES[middle], cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        data = bytes(cv2.imencode(".jpg", picture, options)[1])
        if len(data) <= budget:
            best, high = data, middle - 1
        else:
            low = middle + 1
    return best


def _jpeg_2000(picture: ColourImage, budget: int) -> bytes | None:
    """One layer of the 9/7 wavelet at the rate that the budget leaves."""
    rate = picture.size / max(budget - _BOXES, 1)
    data = BytesIO()
    colours = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    colours.save(data, "JPEG2000", quality_mode="rates", quality_layers=[rate], irreversible=True)
    return data.getvalue() if data.tell() <= budget and rate < 400 else None
