"""The ISO records in bioValue, as far as a driver needs them: the first finger's pixels.

Whoever keeps or compares records has readers of its own; this one only makes the picture that every
scanner gives. ISO/IEC 19794-4:2011 and 19794-5:2011, clause 8 of both; big-endian.
"""

import io
import struct
import warnings
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, UnidentifiedImageError

from hardware.sbi.biometrics import FINGERS
from hardware.sbi.refusals import AnswerRefusedError, Refusal

HEAD = struct.Struct(">4s4sIHBB")
REPRESENTATION = struct.Struct(">I9sBHHB")
QUALITY_SIZE, CERTIFICATE_SIZE = 5, 3
IMAGE = struct.Struct(">BBBHHHHBBBHHI")
FACE_HEAD = struct.Struct(">4s4sIH")
FINGER_MAGIC, FINGER_VERSION = b"FIR\0", b"020\0"
FACE_MAGIC, FACE_VERSION = b"FAC\0", b"030\0"
RAW = frozenset({0, 1})
CODINGS = {3: "JPEG", 4: "JPEG2000", 5: "JPEG2000", 6: "PNG"}
"""Codes of compression and Pillow's words. 2 is WSQ, which registration has no use for."""

PER_INCH = {1: 1.0, 2: 2.54}
MOST_PIXELS = 4_000_000
"""A slap at 500 dpi has 2.4 million; one finger has a tenth of it."""

COARSEST, FINEST = 300, 1200


@dataclass(frozen=True, slots=True)
class FingerPicture:
    """Grey pixels of a finger, 8 bits each, row by row."""

    pixels: bytes = field(repr=False)
    width: int
    height: int
    dots_per_inch: int


def finger_picture(record: bytes, sub_type: str) -> FingerPicture:
    """Decode the first image of a finger record.

    Raises:
        AnswerRefusedError: It is no such record, of another finger than sub_type, too large, or
            in a coding that is not read (WRONG_RECORD).
    """
    try:
        magic, version, length, count, certified, _ = HEAD.unpack_from(record)
        at = _behind_representation(record, HEAD.size, bool(certified))
        (finger, _, scale, _, _, x, y, bits, code, _, width, height, size) = IMAGE.unpack_from(
            record, at
        )
    except struct.error as error:
        raise _wrong("cut short") from error
    if (magic, version) != (FINGER_MAGIC, FINGER_VERSION) or length != len(record) or not count:
        raise _wrong("no finger record of 2011")
    if finger not in (0, FINGERS.get(sub_type, finger)):
        raise _wrong("of another finger")
    coded = record[at + IMAGE.size : at + IMAGE.size + size]
    if bits != 8 or len(coded) != size or not 0 < width * height <= MOST_PIXELS:
        raise _wrong("an image that cannot be")
    dots = _resolution(scale, x, y)
    return FingerPicture(_decoded(coded, code, width, height), width, height, dots)


def require_face(record: bytes) -> None:
    """Check that it is a face record of 2011, as far as its head tells.

    Raises:
        AnswerRefusedError: It is not (WRONG_RECORD).
    """
    try:
        magic, version, length, count = FACE_HEAD.unpack_from(record)
    except struct.error as error:
        raise _wrong("cut short") from error
    if (magic, version) != (FACE_MAGIC, FACE_VERSION) or length != len(record) or not count:
        raise _wrong("no face record of 2011")


def _behind_representation(record: bytes, at: int, is_certified: bool) -> int:
    *_, qualities = REPRESENTATION.unpack_from(record, at)
    at += REPRESENTATION.size + qualities * QUALITY_SIZE
    if is_certified:
        (certificates,) = struct.unpack_from(">B", record, at)
        at += 1 + certificates * CERTIFICATE_SIZE
    return at


def _resolution(scale: int, x: int, y: int) -> int:
    dots = round(x * PER_INCH.get(scale, 0))
    if x != y or not COARSEST <= dots <= FINEST:
        raise _wrong("a resolution that no scanner has")
    return dots


def _decoded(coded: bytes, code: int, width: int, height: int) -> bytes:
    if code in RAW:
        if len(coded) != width * height:
            raise _wrong("pixels missing")
        return coded
    if code not in CODINGS:
        raise _wrong(f"compression {code}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd in it shows in the checks below
            with Image.open(io.BytesIO(coded), formats=[CODINGS[code]]) as picture:
                if picture.size != (width, height):
                    raise _wrong("an image of another size than the record says")
                return np.asarray(picture.convert("L"), np.uint8).tobytes()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError) as error:
        raise _wrong("an image that cannot be read") from error
    except (Image.DecompressionBombError, IndexError, struct.error) as error:
        raise _wrong("an image that cannot be read") from error


def _wrong(detail: str) -> AnswerRefusedError:
    return AnswerRefusedError(Refusal.WRONG_RECORD, detail)
