"""DG3: fingers. Ours as minutiae (ISO/IEC 19794-2:2005); those of others are kept as they are.

ICAO itself keeps images there (ISO/IEC 19794-4:2005, or 39794-4 in ASN.1): framed() puts either
into a frame that says what it is. What is inside of a record is nothing to this floor.
"""

from dataclasses import dataclass

from hardware.smartcard.biometric_templates import (
    TYPE_FINGER,
    Template,
    decode_templates,
    encode_templates,
)
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.tlv import build

DG3_TAG = 0x63
FORMAT_MINUTIAE, FORMAT_IMAGE, FORMAT_IMAGE_39794 = b"\x00\x01", b"\x00\x07", b"\x00\x28"
MINUTIAE_MAGIC = b"FMR\x00 20\x00"
IMAGE_MAGIC = b"FIR\x00010\x00"
IMAGE_BLOCK, WRAPPING = 0x64, 0xA1
MAX_FINGERS = 20
RIGHT, LEFT = 0b01, 0b10


@dataclass(frozen=True, slots=True, repr=False)
class FingerRecord:
    """One finger: position 1 (right thumb) to 10 (left little), and its ISO 19794-2 record."""

    position: int
    record: bytes

    def __post_init__(self) -> None:
        _known(self.position)
        declared = int.from_bytes(self.record[8:12], "big")
        if not self.record.startswith(MINUTIAE_MAGIC) or declared != len(self.record):
            raise ValueError("not an ISO 19794-2:2005 record")


@dataclass(frozen=True, slots=True, repr=False)
class OtherFinger:
    """A finger in another format than minutiae, as somebody else's chip holds it.

    Attributes:
        position: 1 (right thumb) to 10 (left little), 0 where it is not told.
        form: The two bytes of CBEFF's format: 0007 an image (19794-4), 0028 in ASN.1 (39794-4).
    """

    position: int
    form: bytes
    record: bytes
    is_constructed: bool = False


def framed(position: int, record: bytes) -> FingerRecord | OtherFinger:
    """Say of a finger's record what it is, by its first bytes.

    Other formats and editions are not framed: their numbers at CBEFF are not known here.

    Raises:
        ValueError: It is neither minutiae nor images of 2005 nor images in ASN.1, or there is no
            such finger.
    """
    if record.startswith(MINUTIAE_MAGIC):
        return FingerRecord(position, record)
    if record.startswith(IMAGE_MAGIC):
        return OtherFinger(_known(position), FORMAT_IMAGE, record)
    if record.startswith(bytes([IMAGE_BLOCK])):
        wrapped = build(WRAPPING, record)
        return OtherFinger(_known(position), FORMAT_IMAGE_39794, wrapped, is_constructed=True)
    raise ValueError("a finger record of a format that DG3 does not hold")


def encode_fingers(fingers: tuple[FingerRecord, ...], others: tuple[OtherFinger, ...]) -> bytes:
    """Return DG3."""
    made = [
        Template(_subtype(finger.position), FORMAT_MINUTIAE, finger.record) for finger in fingers
    ]
    made += [
        Template(_subtype(other.position), other.form, other.record, other.is_constructed)
        for other in others
    ]
    return build(DG3_TAG, encode_templates(TYPE_FINGER, made))


def decode_fingers(group: bytes) -> tuple[tuple[FingerRecord, ...], tuple[OtherFinger, ...]]:
    """Return the fingers in minutiae of 2005, and the others; a group may hold no finger at all.

    Raises:
        ChipError: The frame, a position or a record of minutiae is broken (malformed).
    """
    fingers, others = [], []
    templates = decode_templates(group, DG3_TAG)
    if len(templates) > MAX_FINGERS:
        raise ChipError("malformed", "more fingers than anybody has")
    for template in templates:
        position = _position(template.subtype)
        if not _is_ours(template):
            others.append(
                OtherFinger(position, template.form, template.record, template.is_constructed)
            )
            continue
        try:
            fingers.append(FingerRecord(position, template.record))
        except ValueError as error:
            raise ChipError("malformed", str(error)) from error
    return tuple(fingers), tuple(others)


def _is_ours(template: Template) -> bool:
    """Whether it should be minutiae of 2005; those of other editions are somebody else's."""
    if template.record.startswith(MINUTIAE_MAGIC):
        return True
    return template.form == FORMAT_MINUTIAE and not template.record.startswith(b"FMR\x00")


def _known(position: int) -> int:
    if not 1 <= position <= 10:
        raise ValueError("a finger's position is 1 to 10")
    return position


def _subtype(position: int) -> int:
    """ISO 7816-11: bits 1-2 the side (right 01, left 10), bits 3-5 the finger from the thumb."""
    if position == 0:
        return 0
    side, finger = (RIGHT, position) if position <= 5 else (LEFT, position - 5)
    return finger << 2 | side


def _position(subtype: int) -> int:
    if subtype == 0:
        return 0
    side, finger = subtype & 0b11, subtype >> 2
    if not 1 <= finger <= 5 or side not in (RIGHT, LEFT):
        raise ChipError("malformed", "an unknown finger")
    return finger if side == RIGHT else finger + 5
