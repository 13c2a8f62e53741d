"""Minutiae in ISO/IEC 19794-2:2011, record format.

    'FMR' 0 '030' 0 | length u32 | representations u16 | certified u8                15 bytes
    representation: its head (representation.py)
    | finger u8 | number u8 | resolution x, y u16 (pixels per cm) | impression u8
    | width u16 | height u16 | size of a minutia u4, kind of ending u4 | minutiae u8
    minutia: kind u2, x u14 | 0 u2, y u14 | angle u8 | quality u8 where its size is 6
    behind the minutiae: length of the extended data u16, extended data

As in FingerprintIO, a public reader; big-endian.
"""

import struct
from dataclasses import replace

from common.matching.finger_records import extended, representation
from common.matching.finger_records.cursor import Cursor
from common.matching.finger_records.minutiae import (
    LARGEST_SIDE,
    NOT_REPORTED,
    RawMinutia,
    RawView,
    require_writable,
)
from common.matching.finger_template import (
    PIXELS_PER_CM,
    FingerTemplate,
    Minutia,
    RecordError,
)

MAGIC = b"FMR\x00"
VERSION = b"030\x00"
MAX_VIEWS = 255
_HEADER = struct.Struct(">4s4sIHB")
_VIEW = struct.Struct(">BBHHBHHBB")
_MINUTIA = struct.Struct(">HHBB")
_SHORT_MINUTIA = struct.Struct(">HHB")
_LENGTH = struct.Struct(">H")
_LIVE_PLAIN = 0
_AT_VALLEY_BIFURCATION = 0


def write(template: FingerTemplate) -> bytes:
    """A record with one finger view.

    Raises:
        ValueError: Something is out of the record's range.
    """
    require_writable(template)
    more = extended.written(template.extended)
    body = _VIEW.pack(
        template.position,
        0,
        PIXELS_PER_CM,
        PIXELS_PER_CM,
        _LIVE_PLAIN,
        template.width,
        template.height,
        _MINUTIA.size << 4 | _AT_VALLEY_BIFURCATION,
        len(template.minutiae),
    )
    body += b"".join(_packed(minutia) for minutia in template.minutiae)
    body += _LENGTH.pack(len(more)) + more
    whole = representation.written(template.quality, body)
    return _HEADER.pack(MAGIC, VERSION, _HEADER.size + len(whole), 1, 0) + whole


def read_views(data: bytes) -> tuple[RawView, ...]:
    """Read the views of a record of anybody's; tolerant as fmr_2005.read_views.

    Raises:
        RecordError: It is no such record, or its first view is cut short.
    """
    cursor = Cursor(data)
    _, _, _, count, certified = cursor.take(_HEADER, "head")
    if count == 0:
        raise RecordError("the record holds no finger")
    found = [_view(cursor, certified)]
    while len(found) < min(count, MAX_VIEWS) and cursor.left:
        try:
            found.append(_view(cursor, certified))
        except RecordError:
            break
    return tuple(found)


def _packed(minutia: Minutia) -> bytes:
    quality = minutia.quality or NOT_REPORTED
    return _MINUTIA.pack(minutia.kind << 14 | minutia.x, minutia.y, minutia.angle, quality)


def _view(cursor: Cursor, certified: int) -> RawView:
    start = cursor.at
    head = representation.read(cursor, is_certified=bool(certified))
    position, number, x, y, impression, width, height, sizes, count = cursor.take(
        _VIEW, "finger's head"
    )
    minutiae = _minutiae(cursor, sizes >> 4, count)
    view = RawView(position, number, impression, head.quality, (width, height), (x, y), minutiae)
    view = replace(view, extended=extended.read_tolerantly(cursor))
    representation.go_past(cursor, start, head)
    return view


def _minutiae(cursor: Cursor, size: int, count: int) -> tuple[RawMinutia, ...]:
    layouts = {layout.size: layout for layout in (_MINUTIA, _SHORT_MINUTIA)}
    if size not in layouts:
        raise RecordError(f"minutiae of {size} bytes are neither of the two sizes")
    packed = cursor.part(count * size, f"{count} minutiae")
    return tuple(_minutia(*found) for found in layouts[size].iter_unpack(packed))


def _minutia(kind_x: int, y: int, angle: int, quality: int = NOT_REPORTED) -> RawMinutia:
    return RawMinutia(kind_x >> 14, kind_x & LARGEST_SIDE, y & LARGEST_SIDE, angle, quality)
