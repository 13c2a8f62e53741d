"""The head that representations share in the records of 2011 (ISO/IEC 19794-1:2011, clause 12).

length u32 (with itself) | date and time, 9 bytes | device: technology u8, vendor u16, type u16
| quality blocks u8, each score u8, vendor u16, algorithm u16
| where the record is certified: certificates u8, each authority u16, scheme u8
"""

import struct
from dataclasses import dataclass

from common.matching.finger_records.cursor import Cursor
from common.matching.finger_records.minutiae import NOT_REPORTED

_HEAD = struct.Struct(">I9sBHHB")
_QUALITY = struct.Struct(">BHH")
_CERTIFICATE_SIZE = 3
_NO_DATE = b"\xff" * 9
_UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class Representation:
    """What the head says.

    Attributes:
        length: Bytes from its start to the end of the representation, as it says.
        quality: The first score, 254 where there is none.
    """

    length: int
    quality: int


def written(quality: int, body: bytes) -> bytes:
    """A whole representation: taken at no told time by an unknown device, with one score."""
    length = _HEAD.size + _QUALITY.size + len(body)
    head = _HEAD.pack(length, _NO_DATE, _UNKNOWN, _UNKNOWN, _UNKNOWN, 1)
    return head + _QUALITY.pack(quality, _UNKNOWN, _UNKNOWN) + body


def read(cursor: Cursor, *, is_certified: bool) -> Representation:
    """Read the head and go past it.

    Raises:
        RecordError: The record ends inside of it.
    """
    length, _, _, _, _, qualities = cursor.take(_HEAD, "representation's head")
    scores = cursor.part(qualities * _QUALITY.size, "quality blocks")
    if is_certified:
        certificates = cursor.byte("certificates")
        cursor.skip(certificates * _CERTIFICATE_SIZE, "certificates")
    return Representation(length, scores[0] if scores else NOT_REPORTED)


def go_past(cursor: Cursor, start: int, representation: Representation) -> None:
    """Go to where the next one begins, as far as this one's length can be right."""
    end = start + representation.length
    if cursor.at <= end <= len(cursor.data):
        cursor.at = end
