"""Finger images in ISO/IEC 19794-4:2005.

    'FIR' 0 '010' 0 | length, 6 bytes | capture device u16 | acquisition level u16
    | fingers u8 | scale u8 (1 inch, 2 cm) | scan resolution x, y u16 | image resolution x, y u16
    | bits a pixel u8 | compression u8 | 0 u16                                       32 bytes
    image: length u32 (with itself) | finger u8 | views of it u8 | view u8 | quality u8
    | impression u8 | width u16 | height u16 | 0 u8                                  14 bytes, data

The layout is that of clause 7, as JMRTD and WINBIO_BDB_ANSI_381_HEADER have it too; big-endian.
The acquisition levels are from memory of table 1.
"""

import struct
from collections.abc import Sequence

from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.cursor import Cursor
from common.matching.finger_records.images import FingerImage, Impression, believed_dpi
from common.matching.finger_records.minutiae import position_of
from common.matching.finger_template import RecordError

MAGIC = b"FIR\x00"
VERSION = b"010\x00"
MAX_IMAGES = 255
QUALITY_UNKNOWN = 254
PER_INCH = {1: 1.0, 2: 2.54}
"""What a resolution in the unit of a scale is to be multiplied with."""
INCH = 1
_HEADER = struct.Struct(">4s4s6sHHBBHHHHBBH")
_IMAGE = struct.Struct(">IBBBBBHHB")
_BITS = 8
_CODES = {
    ImageCoding.RAW: 0,
    ImageCoding.WSQ: 2,
    ImageCoding.JPEG: 3,
    ImageCoding.JPEG_2000: 4,
    ImageCoding.JPEG_2000_LOSSLESS: 4,
    ImageCoding.PNG: 5,
}
_CODINGS = {code: coding for coding, code in reversed(_CODES.items())} | {1: ImageCoding.RAW}
_IMPRESSIONS = {
    Impression.LIVE_PLAIN: 0,
    Impression.LIVE_ROLLED: 1,
    Impression.NOT_LIVE_PLAIN: 2,
    Impression.NOT_LIVE_ROLLED: 3,
    Impression.LATENT: 7,
    Impression.SWIPED: 8,
    Impression.CONTACTLESS: 9,
}
"""Table 7, as JMRTD has it; the edition of 2011 has other numbers for the last ones."""
_IMPRESSION_OF = {number: impression for impression, number in _IMPRESSIONS.items()}
_LEVELS = {1000: 40, 750: 35, 500: 30, 250: 20, 125: 10}
"""From so many dpi, at 8 bits and without a certificate of the scanner."""


def write(images: Sequence[FingerImage]) -> bytes:
    """A record with these images, which have the same resolution and coding.

    Raises:
        ValueError: There is none, they differ, or one is out of range.
    """
    if not 0 < len(images) <= MAX_IMAGES:
        raise ValueError(f"{len(images)} images are not 1 to {MAX_IMAGES}")
    first = images[0]
    if any((one.dpi, one.coding) != (first.dpi, first.coding) for one in images):
        raise ValueError("a record of 2005 has one resolution and one coding for all images")
    if first.coding not in _CODES:
        raise ValueError(f"a record of 2005 has no {first.coding.value}")
    body = b"".join(_block(one, images) for one in images)
    length = (_HEADER.size + len(body)).to_bytes(6, "big")
    fingers = len({one.position for one in images})
    levels = (level for dpi, level in _LEVELS.items() if first.dpi >= dpi)
    return (
        _HEADER.pack(
            *(MAGIC, VERSION, length, 0, next(levels, 0), fingers, INCH),
            *((first.dpi,) * 4),
            *(_BITS, _CODES[first.coding], 0),
        )
        + body
    )


def read(data: bytes) -> tuple[FingerImage, ...]:
    """Read the images of a record of anybody's, still coded, looking past what is harmless.

    That are the record's length, the count of fingers, the length of the last image, reserved
    bytes, and further images that are cut short.

    Raises:
        RecordError: It is no such record, or its first image cannot be read.
    """
    cursor = Cursor(data)
    head = cursor.take(_HEADER, "head")
    scale, x, y, bits, code = head[6], head[9], head[10], head[11], head[12]
    if scale not in PER_INCH:
        raise RecordError(f"{scale} is no unit of a resolution")
    dpi = believed_dpi(x, y, PER_INCH[scale])
    coding = coding_of(_CODINGS, code, bits)
    found: list[FingerImage] = []
    while len(found) < MAX_IMAGES and (not found or cursor.left > _IMAGE.size):
        try:
            found.append(_image(cursor, coding, dpi))
        except RecordError:
            if not found:
                raise
            break
    return tuple(found)


def coding_of(codings: dict[int, ImageCoding], code: int, bits: int) -> ImageCoding:
    """What a record calls a coding.

    Raises:
        RecordError: It names none, or raw pixels of other than 8 bits.
    """
    coding = codings.get(code)
    if coding is None:
        raise RecordError(f"{code} is no coding of a finger image")
    if coding is ImageCoding.RAW and bits != _BITS:
        raise RecordError(f"raw pixels of {bits} bits are not read")
    return coding


def quality_told(quality: int) -> int | None:
    """The quality 0 to 100; None for what a record does not tell."""
    return quality if quality <= 100 else None


def _block(image: FingerImage, images: Sequence[FingerImage]) -> bytes:
    image.require_writable()
    if image.impression not in _IMPRESSIONS:
        raise ValueError(f"a record of 2005 has no impression that is {image.impression.name}")
    views = sum(one.position == image.position for one in images)
    head = _IMAGE.pack(
        _IMAGE.size + len(image.data),
        image.position,
        views,
        image.view,
        QUALITY_UNKNOWN if image.quality is None else image.quality,
        _IMPRESSIONS[image.impression],
        image.width,
        image.height,
        0,
    )
    return head + image.data


def _image(cursor: Cursor, coding: ImageCoding, dpi: int) -> FingerImage:
    length, finger, _, view, quality, impression, width, height, _ = cursor.take(
        _IMAGE, "image's head"
    )
    if length <= _IMAGE.size or cursor.left == 0:
        raise RecordError("the record has no image behind its head")
    return FingerImage(
        cursor.rest(length - _IMAGE.size),
        coding,
        width,
        height,
        dpi,
        position_of(finger),
        _IMPRESSION_OF.get(impression, Impression.OTHER),
        quality_told(quality),
        view,
    )
