"""Finger images in ISO/IEC 19794-4:2011.

    'FIR' 0 '020' 0 | length u32 | representations u16 | certified u8 | fingers u8   16 bytes
    representation: its head (representation.py)
    | finger u8 | number u8 | scale u8 (1 inch, 2 cm) | scan resolution x, y u16
    | image resolution x, y u16 | bits a pixel u8 | compression u8 | impression u8
    | width u16 | height u16 | length of the data u32, data | extended data, not looked at

As MOSIP's records have it; big-endian. The codes of compression are not those of 2005.
"""

import struct
from collections.abc import Sequence

from common.matching.finger_records import representation
from common.matching.finger_records.coding import ImageCoding
from common.matching.finger_records.cursor import Cursor
from common.matching.finger_records.fir_2005 import INCH, PER_INCH, coding_of, quality_told
from common.matching.finger_records.images import FingerImage, Impression, believed_dpi
from common.matching.finger_records.minutiae import NOT_REPORTED, position_of
from common.matching.finger_template import RecordError

MAGIC = b"FIR\x00"
VERSION = b"020\x00"
MAX_IMAGES = 255
_HEADER = struct.Struct(">4s4sIHBB")
_IMAGE = struct.Struct(">BBBHHHHBBBHHI")
_BITS = 8
_CODES = {
    ImageCoding.RAW: 0,
    ImageCoding.WSQ: 2,
    ImageCoding.JPEG: 3,
    ImageCoding.JPEG_2000: 4,
    ImageCoding.JPEG_2000_LOSSLESS: 5,
    ImageCoding.PNG: 6,
}
_CODINGS = {code: coding for coding, code in _CODES.items()} | {1: ImageCoding.RAW}


def write(images: Sequence[FingerImage]) -> bytes:
    """A record with these images.

    Raises:
        ValueError: There is none, or one is out of range.
    """
    if not 0 < len(images) <= MAX_IMAGES:
        raise ValueError(f"{len(images)} images are not 1 to {MAX_IMAGES}")
    body = b"".join(_representation(image) for image in images)
    fingers = len({image.position for image in images})
    length = _HEADER.size + len(body)
    return _HEADER.pack(MAGIC, VERSION, length, len(images), 0, fingers) + body


def read(data: bytes) -> tuple[FingerImage, ...]:
    """Read the images of a record of anybody's, still coded; tolerant as fir_2005.read.

    Raises:
        RecordError: It is no such record, or its first image cannot be read.
    """
    cursor = Cursor(data)
    _, _, _, count, certified, _ = cursor.take(_HEADER, "head")
    if count == 0:
        raise RecordError("the record holds no image")
    found = [_image(cursor, certified)]
    while len(found) < min(count, MAX_IMAGES) and cursor.left:
        try:
            found.append(_image(cursor, certified))
        except RecordError:
            break
    return tuple(found)


def _representation(image: FingerImage) -> bytes:
    image.require_writable()
    if image.coding not in _CODES:
        raise ValueError(f"a record of 2011 has no {image.coding.value}")
    head = _IMAGE.pack(
        *(image.position, image.view, INCH),
        *((image.dpi,) * 4),
        *(_BITS, _CODES[image.coding], image.impression.value),
        *(image.width, image.height, len(image.data)),
    )
    quality = NOT_REPORTED if image.quality is None else image.quality
    return representation.written(quality, head + image.data)


def _image(cursor: Cursor, certified: int) -> FingerImage:
    start = cursor.at
    head = representation.read(cursor, is_certified=bool(certified))
    finger, view, scale, _, _, x, y, bits, code, impression, width, height, length = cursor.take(
        _IMAGE, "image's head"
    )
    if scale not in PER_INCH:
        raise RecordError(f"{scale} is no unit of a resolution")
    coding = coding_of(_CODINGS, code, bits)
    dpi = believed_dpi(x, y, PER_INCH[scale])
    data = cursor.rest(length)
    if not data:
        raise RecordError("the record has no image behind its head")
    representation.go_past(cursor, start, head)
    return FingerImage(
        data,
        coding,
        width,
        height,
        dpi,
        position_of(finger),
        Impression.of(impression),
        quality_told(head.quality),
        view,
    )
