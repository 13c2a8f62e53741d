"""DG2: portraits, as a record of bytes (ISO/IEC 19794-5:2005) or in ASN.1 (ISO/IEC 39794-5)."""

import struct
from enum import Enum

from hardware.smartcard.biometric_templates import (
    TYPE_FACE,
    Template,
    decode_templates,
    encode_templates,
)
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.face_39794 import FORMAT_FACE_39794, decode_faces, encode_face
from hardware.smartcard.images import ImageFormat, image_format, image_size
from hardware.smartcard.tlv import build

DG2_TAG = 0x75
FORMAT_FACE = b"\x00\x08"
MAGIC, VERSION = b"FAC\x00", b"010\x00"
HEAD = struct.Struct(">4s4sIH")
INFO = struct.Struct(">IHBBB3sH3s3s")
POINT_SIZE = 8
IMAGE = struct.Struct(">BBHHBBHH")
FULL_FRONTAL, RGB24, STATIC_CAMERA = 1, 1, 2
DATA_TYPES = {ImageFormat.JPEG: 0, ImageFormat.JPEG_2000: 1}
SEXES = {"M": 1, "F": 2, "X": 0}
MAX_FACES = 16


class FaceFormat(Enum):
    """How DG2 spells a face."""

    ISO_19794_5 = "ISO/IEC 19794-5:2005"
    ISO_39794_5 = "ISO/IEC 39794-5:2019"


def encode_portraits(portraits: tuple[bytes, ...], sex: str, form: FaceFormat) -> bytes:
    """Return DG2 with one template for each portrait; sex is M, F or X.

    Raises:
        ValueError: A portrait is neither JPEG nor JPEG 2000.
    """
    made = [_template(portrait, sex, form) for portrait in portraits]
    return build(DG2_TAG, encode_templates(TYPE_FACE, made))


def decode_portraits(group: bytes) -> tuple[tuple[bytes, ...], FaceFormat]:
    """Return all portraits of DG2 as they are there, and how the first is spelt.

    Raises:
        ChipError: There is none, or a record does not make sense (malformed).
    """
    portraits: list[bytes] = []
    first = None
    for template in decode_templates(group, DG2_TAG):
        is_record = template.record.startswith(MAGIC[:3])
        form = FaceFormat.ISO_19794_5 if is_record else FaceFormat.ISO_39794_5
        if not is_record and not template.is_constructed:
            raise ChipError("malformed", "a biometric format that is no face")
        portraits += _record_faces(template.record) if is_record else decode_faces(template.record)
        first = first or form
    if not portraits or first is None:
        raise ChipError("malformed", "no portrait")
    return tuple(portraits[:MAX_FACES]), first


def _template(portrait: bytes, sex: str, form: FaceFormat) -> Template:
    image = image_format(portrait)
    try:
        width, height = image_size(portrait)
    except ValueError as error:
        raise ValueError("the portrait is neither JPEG nor JPEG 2000") from error
    if image is None or not (0 < width <= 0xFFFF and 0 < height <= 0xFFFF):
        raise ValueError("the portrait is neither JPEG nor JPEG 2000")
    if form is FaceFormat.ISO_39794_5:
        return Template(0, FORMAT_FACE_39794, encode_face(portrait, width, height), True)
    picture = IMAGE.pack(FULL_FRONTAL, DATA_TYPES[image], width, height, RGB24, STATIC_CAMERA, 0, 0)
    size = INFO.size + len(picture) + len(portrait)
    info = INFO.pack(size, 0, SEXES[sex], 0, 0, bytes(3), 0, bytes(3), bytes(3))
    head = HEAD.pack(MAGIC, VERSION, HEAD.size + size, 1)
    return Template(0, FORMAT_FACE, head + info + picture + portrait)


def _record_faces(record: bytes) -> list[bytes]:
    """Cut a face record into the images of its faces.

    The record's own length is not asked: each face says where it ends, and must end inside.
    """
    try:
        magic, version, _, count = HEAD.unpack_from(record)
    except struct.error:
        raise ChipError("malformed", "a face record cut short") from None
    if (magic, version) != (MAGIC, VERSION) or not 1 <= count <= MAX_FACES:
        raise ChipError("malformed", "a face record of another kind")
    faces, at = [], HEAD.size
    for _ in range(count):
        image, at = _face(record, at)
        faces.append(image)
    return faces


def _face(record: bytes, at: int) -> tuple[bytes, int]:
    """Return the image of the facial block at this place, and where the next begins."""
    try:
        size, points, *_ = INFO.unpack_from(record, at)
        start = at + INFO.size + POINT_SIZE * points + IMAGE.size
    except struct.error:
        raise ChipError("malformed", "a face record cut short") from None
    end = at + size
    if not start < end <= len(record):
        raise ChipError("malformed", "a face record whose lengths do not agree")
    image = record[start:end]
    # The bytes tell the coding; chips are about whose record says JPEG and holds JPEG 2000.
    if image_format(image) is None:
        raise ChipError("malformed", "a portrait that is neither JPEG nor JPEG 2000")
    return image, end
