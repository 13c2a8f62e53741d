"""The files of an identity chip (ICAO LDS1): from what they say to bytes, and back.

The chip holds EF.COM, DG1 (the machine-readable zone), DG2 (portrait, ISO 19794-5:2005), DG3
(finger minutiae, ISO 19794-2:2005; ICAO itself would keep images there) and DG11 (name in
characters, personal number, full date of birth, place of birth, address). What is printed of
these values is nothing: they are somebody's, so they have no repr.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.mrz import Mrz
from hardware.smartcard.tlv import Tlv, build, parse, parse_one, value_of

EF_COM, DG1, DG2, DG3, DG11 = 0x011E, 0x0101, 0x0102, 0x0103, 0x010B
FILE_NAMES = {EF_COM: "EF.COM", DG1: "DG1", DG2: "DG2", DG3: "DG3", DG11: "DG11"}
FILE_TAGS = {EF_COM: 0x60, DG1: 0x61, DG2: 0x75, DG3: 0x63, DG11: 0x6B}

LDS_VERSION, UNICODE_VERSION = b"0107", b"040000"
FORMAT_OWNER_SC37 = b"\x01\x01"
FORMAT_MINUTIAE, FORMAT_FACE = b"\x00\x01", b"\x00\x08"
TYPE_FACE, TYPE_FINGER = b"\x02", b"\x08"

FACE_HEAD = struct.Struct(">4s4sIH")
FACE_INFO = struct.Struct(">IHBBB3sH3s3s")
FACE_IMAGE = struct.Struct(">BBHHBBHH")
FULL_FRONTAL, JPEG, RGB24, STATIC_CAMERA = 1, 0, 1, 2
SEXES = {"M": 1, "F": 2, "X": 0}

MINUTIAE_MAGIC = b"FMR\x00 20\x00"
MINUTIAE_HEAD = 24

NAME, NUMBER, BORN, PLACE, ADDRESS = 0x5F0E, 0x5F10, 0x5F2B, 0x5F11, 0x5F42


@dataclass(frozen=True, slots=True, repr=False)
class FingerRecord:
    """One finger: position 1 (right thumb) to 10 (left little), and its ISO 19794-2 record."""

    position: int
    record: bytes

    def __post_init__(self) -> None:
        if not 1 <= self.position <= 10:
            raise ValueError("a finger's position is 1 to 10")
        declared = int.from_bytes(self.record[8:12], "big")
        if not self.record.startswith(MINUTIAE_MAGIC) or declared != len(self.record):
            raise ValueError("not an ISO 19794-2:2005 record")


@dataclass(frozen=True, slots=True, repr=False)
class ChipContent:
    """All that an identity chip says. Texts that are empty are not on the chip."""

    mrz: Mrz
    portrait_jpeg: bytes
    fingers: tuple[FingerRecord, ...] = ()
    chinese_name: str = ""
    personal_number: str = ""
    place_of_birth: str = ""
    address: str = ""


def encode(content: ChipContent) -> dict[int, bytes]:
    """Return the files by identifier, in the order in which a chip is written."""
    groups = {DG1: build(0x61, build(0x5F1F, content.mrz.text().encode("ascii")))}
    groups[DG2] = _encode_portrait(content)
    if content.fingers:
        groups[DG3] = build(0x63, _encode_fingers(content.fingers))
    groups[DG11] = build(0x6B, _encode_details(content))
    tags = bytes(FILE_TAGS[identifier] for identifier in groups)
    common = build(0x5F01, LDS_VERSION) + build(0x5F36, UNICODE_VERSION) + build(0x5C, tags)
    return {EF_COM: build(0x60, common), **groups}


def files_listed(common: bytes) -> tuple[int, ...]:
    """Return which of the files we know EF.COM lists; others are nobody's concern."""
    tags = value_of(parse(parse_one(common, 0x60)), 0x5C)
    return tuple(group for group in (DG1, DG2, DG3, DG11) if FILE_TAGS[group] in tags)


def decode(files: Mapping[int, bytes]) -> ChipContent:
    """Understand the files of a chip; DG3 and DG11 may be absent.

    Raises:
        ChipError: A file is missing or does not say what it should (reason malformed).
    """
    if DG1 not in files or DG2 not in files:
        raise ChipError("malformed", "no zone or no portrait")
    details = _decode_details(files[DG11]) if DG11 in files else {}
    born = details.pop(BORN, "")
    zone = value_of(parse(parse_one(files[DG1], 0x61)), 0x5F1F)
    return ChipContent(
        Mrz.parse(zone.decode("latin-1"), _full_date(born) if born else None),
        _decode_portrait(files[DG2]),
        _decode_fingers(files[DG3]) if DG3 in files else (),
        details.get(NAME, ""),
        details.get(NUMBER, ""),
        details.get(PLACE, ""),
        details.get(ADDRESS, ""),
    )


def _biometric(kind: bytes, subtype: int, form: bytes, block: bytes) -> bytes:
    """One biometric information template (ISO 7816-11) with its header and data block."""
    header = build(0x80, b"\x01\x01") + build(0x81, kind) + build(0x82, bytes([subtype]))
    header += build(0x87, FORMAT_OWNER_SC37) + build(0x88, form)
    return build(0x7F60, build(0xA1, header) + build(0x5F2E, block))


def _biometrics(templates: list[bytes]) -> bytes:
    return build(0x7F61, build(0x02, bytes([len(templates)])) + b"".join(templates))


def _templates(group: bytes, tag: int, form: bytes) -> list[tuple[int, bytes]]:
    """Cut a group into subtype and data block of each template."""
    elements = parse(parse_one(parse_one(group, tag), 0x7F61))
    templates = [parse(element.value) for element in elements if element.tag == 0x7F60]
    if value_of(elements, 0x02) != bytes([len(templates)]):
        raise ChipError("malformed", "a wrong count of biometric templates")
    found = []
    for template in templates:
        header = parse(value_of(template, 0xA1))
        subtype = value_of(header, 0x82) if _has(header, 0x82) else b"\x00"
        if value_of(header, 0x88) != form or len(subtype) != 1:
            raise ChipError("malformed", "a biometric format that is not used here")
        found.append((subtype[0], value_of(template, 0x5F2E)))
    return found


def _has(elements: list[Tlv], tag: int) -> bool:
    return any(element.tag == tag for element in elements)


def _encode_portrait(content: ChipContent) -> bytes:
    jpeg = content.portrait_jpeg
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError("the portrait is not a JPEG") from error
    image = FACE_IMAGE.pack(FULL_FRONTAL, JPEG, width, height, RGB24, STATIC_CAMERA, 0, 0) + jpeg
    info = FACE_INFO.pack(
        FACE_INFO.size + len(image),
        0,
        SEXES[content.mrz.sex],
        0,
        0,
        bytes(3),
        0,
        bytes(3),
        bytes(3),
    )
    length = FACE_HEAD.size + len(info) + len(image)
    record = FACE_HEAD.pack(b"FAC\x00", b"010\x00", length, 1) + info + image
    return build(0x75, _biometrics([_biometric(TYPE_FACE, 0, FORMAT_FACE, record)]))


def _decode_portrait(group: bytes) -> bytes:
    templates = _templates(group, 0x75, FORMAT_FACE)
    if not templates:
        raise ChipError("malformed", "no portrait")
    record = templates[0][1]
    try:
        magic, version, length, count = FACE_HEAD.unpack_from(record)
        block, points, *_ = FACE_INFO.unpack_from(record, FACE_HEAD.size)
        start = FACE_HEAD.size + FACE_INFO.size + 8 * points
        _, form, *_ = FACE_IMAGE.unpack_from(record, start)
    except struct.error:
        raise ChipError("malformed", "a face record cut short") from None
    jpeg = record[start + FACE_IMAGE.size : FACE_HEAD.size + block]
    sound = (magic, version, length) == (b"FAC\x00", b"010\x00", len(record))
    if not sound or count < 1 or FACE_HEAD.size + block > len(record):
        raise ChipError("malformed", "a face record whose lengths do not agree")
    if form != JPEG or not jpeg.startswith(b"\xff\xd8"):
        raise ChipError("malformed", "a portrait that is not a JPEG")
    return jpeg


def _encode_fingers(fingers: tuple[FingerRecord, ...]) -> bytes:
    return _biometrics(
        [
            _biometric(TYPE_FINGER, _subtype(finger.position), FORMAT_MINUTIAE, finger.record)
            for finger in fingers
        ]
    )


def _decode_fingers(group: bytes) -> tuple[FingerRecord, ...]:
    fingers = []
    for subtype, record in _templates(group, 0x63, FORMAT_MINUTIAE):
        try:
            fingers.append(FingerRecord(_position(subtype), record))
        except ValueError as error:
            raise ChipError("malformed", str(error)) from error
    return tuple(fingers)


def _subtype(position: int) -> int:
    """ISO 7816-11: bits 1-2 the side (right 01, left 10), bits 3-5 the finger from the thumb."""
    side, finger = (0b01, position) if position <= 5 else (0b10, position - 5)
    return finger << 2 | side


def _position(subtype: int) -> int:
    side, finger = subtype & 0b11, subtype >> 2
    if not 1 <= finger <= 5 or side not in (0b01, 0b10):
        raise ChipError("malformed", "an unknown finger")
    return finger if side == 0b01 else finger + 5


def _encode_details(content: ChipContent) -> bytes:
    texts = {
        NAME: content.chinese_name,
        NUMBER: content.personal_number,
        BORN: content.mrz.date_of_birth.strftime("%Y%m%d"),
        PLACE: content.place_of_birth,
        ADDRESS: content.address,
    }
    there = {tag: text.encode() for tag, text in texts.items() if text}
    tags = b"".join(tag.to_bytes(2, "big") for tag in there)
    return build(0x5C, tags) + b"".join(build(tag, text) for tag, text in there.items())


def _decode_details(group: bytes) -> dict[int, str]:
    elements = parse(parse_one(group, 0x6B))
    try:
        return {
            tag: value_of(elements, tag).decode()
            for tag in (NAME, NUMBER, BORN, PLACE, ADDRESS)
            if _has(elements, tag)
        }
    except UnicodeDecodeError:
        raise ChipError("malformed", "a text that is not UTF-8") from None


def _full_date(text: str) -> date:
    if len(text) == 8 and text.isascii() and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass  # said below
    raise ChipError("malformed", "a date of birth that is none")
