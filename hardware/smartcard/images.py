"""Portraits as chips hold them, JPEG or JPEG 2000: told apart, measured, and made into pixels."""

import warnings
from enum import Enum
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from hardware.smartcard.chip_errors import ChipError

MAX_PIXELS = 20_000_000
"""A portrait has a tenth of it at most; beyond, a small file could fill the memory."""
QUALITY = 92
"""Of a JPEG made of a JPEG 2000 portrait for programs that know only JPEG."""
BOX_HEAD = bytes.fromhex("0000000C6A5020200D0A870A")
CODE_STREAM = bytes.fromhex("FF4FFF51")


class ImageFormat(Enum):
    """The two codings that ICAO Doc 9303-10 allows; the value is Pillow's word."""

    JPEG = "JPEG"
    JPEG_2000 = "JPEG2000"


def image_format(image: bytes) -> ImageFormat | None:
    """Tell by its first bytes what an image is; None for anything else."""
    if image.startswith(b"\xff\xd8"):
        return ImageFormat.JPEG
    # JPEG 2000: a file with boxes (15444-1, annex I), or a bare code stream.
    if image.startswith((BOX_HEAD, CODE_STREAM)):
        return ImageFormat.JPEG_2000
    return None


def image_size(image: bytes) -> tuple[int, int]:
    """Return width and height in pixels.

    Raises:
        ValueError: It is neither JPEG nor JPEG 2000, or too large.
    """
    with _open(image) as picture:
        return picture.size


def as_jpeg(image: bytes) -> bytes:
    """Return a portrait as JPEG: its own bytes if it is one, else its pixels coded anew.

    Raises:
        ChipError: It is no image, or a broken one (malformed).
    """
    if image_format(image) is ImageFormat.JPEG:
        return image
    out = BytesIO()
    try:
        with _open(image) as picture:
            picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    except (ValueError, OSError, SyntaxError, MemoryError) as error:
        raise ChipError("malformed", "a portrait that cannot be shown") from error
    return out.getvalue()


def _open(image: bytes) -> Image.Image:
    form = image_format(image)
    if form is None:
        raise ValueError("neither JPEG nor JPEG 2000")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(image), formats=[form.value])
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("an image that cannot be read") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError("an image of too many pixels")
    return picture
