"""Reads picture files that anybody may have made, and says plainly what is wrong with one."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from office.commands.answers import CouldNotError

Pixels = npt.NDArray[np.uint8]

MAX_BYTES = 500_000_000
MAX_PIXELS = 100_000_000
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
FORMATS = ("PNG", "BMP", "TIFF", "PPM", "JPEG", "JPEG2000")


def read_grey(file: Path) -> Pixels:
    """The picture as 8-bit grey levels; what is transparent is white.

    Raises:
        CouldNotError: It is missing, empty, damaged, too large or no picture.
    """
    return np.asarray(_read(file).convert("L"), dtype=np.uint8)


def read_colour(file: Path, side: int | None = None) -> Pixels:
    """The picture as blue, green, red, the way up that its camera was held; raises as read_grey.

    Args:
        file: The picture.
        side: No more than about this many pixels of the longer side are wanted: a larger picture
            is made smaller while it is decoded, or right after, before it is copied.
    """
    picture = _read(file, side).convert("RGB")
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8)[:, :, ::-1])


def read_bytes(file: Path) -> bytes:
    """The content of a file that can be a picture.

    Raises:
        CouldNotError: It is missing, empty, too large or may not be read.
    """
    if not file.exists():
        raise CouldNotError(f"{file} does not exist: check the path")
    if not file.is_file():
        raise CouldNotError(f"{file} is not a file: give the path of a picture")
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise CouldNotError(f"{file} cannot be read ({error.strerror}): check its rights") from None
    if size > MAX_BYTES:
        raise CouldNotError(f"{file} has {size:,} bytes: give a picture, not a collection")
    if not data:
        raise CouldNotError(f"{file} is empty: copy it again from where it came")
    return data


def _read(file: Path, side: int | None = None) -> Image.Image:
    read_bytes(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever matters becomes an error of ours
        with _opened(file) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(file, f"{picture.width} x {picture.height}")
            if side is not None:
                picture.draft(None, (side, side))  # JPEG alone can be decoded smaller
            return _eight_bit(file, _reduced(_decoded(file, picture), side))


def _opened(file: Path) -> Image.Image:
    """The picture with its head read, so that its size is known before its pixels take memory."""
    try:
        return Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large(file, "far too many") from None
    except UnidentifiedImageError:
        raise CouldNotError(
            f"{file} is no PNG, BMP, TIFF, PGM or JPEG picture: convert it to PNG"
        ) from None
    except Exception as error:  # readers raise whatever a damaged file makes them trip over
        raise _damaged(file) from error


def _reduced(picture: Image.Image, side: int | None) -> Image.Image:
    """The picture at a half, a third ... of its size, still no smaller than wanted."""
    spare = max(picture.size) // side if side else 1
    return picture.reduce(spare) if spare > 1 and picture.mode in _REDUCIBLE else picture


def _decoded(file: Path, picture: Image.Image) -> Image.Image:
    try:
        with _silenced():
            picture.load()
        return ImageOps.exif_transpose(picture)
    except Exception as error:  # as above
        raise _damaged(file) from error


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep libtiff, which writes past Python, from complaining beside our one line."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _eight_bit(file: Path, picture: Image.Image) -> Image.Image:
    if picture.mode == "F":
        raise CouldNotError(f"{file} holds fractions as grey levels: save it with 8 bits a pixel")
    if picture.mode.startswith("I"):
        # Pillow's own conversion cuts 16-bit levels off at 255 instead of scaling them.
        levels = np.asarray(picture).astype(np.int64) // 257
        return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return picture


def _too_large(file: Path, size: str) -> CouldNotError:
    return CouldNotError(f"{file} has {size} pixels: cut out what matters, or scale it down")


def _damaged(file: Path) -> CouldNotError:
    return CouldNotError(f"{file} is damaged or cut off: copy it again from where it came")
