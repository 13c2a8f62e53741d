"""Minutiae in ISO/IEC 19794-2:2005, record format.

    'FMR' 0 ' 20' 0 | length u32 | capture device u16 | width u16 | height u16
    | resolution x, y u16 (pixels per cm) | views u8 | 0                             24 bytes
    view: finger u8 | number, impression u4 | quality u8 | minutiae u8
    minutia: kind u2, x u14 | 0 u2, y u14 | angle u8 | quality u8
    behind the minutiae: length of the extended data u16, extended data

The layout is that of clause 7; big-endian. ANSI INCITS 378 begins with the same eight bytes.
"""

import struct
from dataclasses import replace

from common.matching.finger_records import extended
from common.matching.finger_records.cursor import Cursor
from common.matching.finger_records.minutiae import (
    BEST_QUALITY,
    LARGEST_SIDE,
    RawMinutia,
    RawView,
    require_writable,
)
from common.matching.finger_template import (
    PIXELS_PER_CM,
    ExtendedData,
    FingerPosition,
    FingerTemplate,
    Minutia,
    MinutiaKind,
    RecordError,
)

MAGIC = b"FMR\x00"
VERSION = b" 20\x00"
_HEADER = struct.Struct(">4s4sIHHHHHBB")
_VIEW = struct.Struct(">BBBB")
_MINUTIA = struct.Struct(">HHBB")
_LENGTH = struct.Struct(">H")
_LIVE_PLAIN = 0
_SMALLEST_ISO, _SMALLEST_ANSI = 24, 26


def write(template: FingerTemplate) -> bytes:
    """A record with one finger view.

    Raises:
        ValueError: Something is out of the record's range.
    """
    require_writable(template)
    more = extended.written(template.extended)
    count = len(template.minutiae)
    body = _VIEW.pack(template.position, _LIVE_PLAIN, template.quality, count)
    body += b"".join(
        _MINUTIA.pack(m.kind << 14 | m.x, m.y, m.angle, m.quality) for m in template.minutiae
    )
    body += _LENGTH.pack(len(more)) + more
    size = (template.width, template.height)
    resolution = (PIXELS_PER_CM, PIXELS_PER_CM)
    length = _HEADER.size + len(body)
    return _HEADER.pack(MAGIC, VERSION, length, 0, *size, *resolution, 1, 0) + body


def read_own(data: bytes) -> FingerTemplate:
    """Read a record as write makes it: one view at 500 dpi, everything in range.

    Raises:
        RecordError: The bytes are not such a record; nothing of them is believed.
    """
    cursor = Cursor(data)
    magic, version, length, _, width, height, x, y, views, reserved = cursor.take(_HEADER, "head")
    if magic != MAGIC or version != VERSION:
        raise RecordError("not an ISO/IEC 19794-2:2005 record")
    if length != len(data):
        raise RecordError(f"the record says {length} bytes but has {len(data)}")
    if views != 1 or reserved != 0:
        raise RecordError(f"one finger view is expected, not {views}")
    if (x, y) != (PIXELS_PER_CM, PIXELS_PER_CM):
        raise RecordError(f"{x} x {y} pixels per cm is not 500 dpi")
    # The two top bits of y are reserved: a writer leaves them zero, so y covers them here.
    view = _view(cursor, (width, height), (x, y), y_bits=0xFFFF)
    (extent,) = cursor.take(_LENGTH, "minutiae")
    more = extended.read(cursor.part(extent, "extended data"))
    if cursor.left:
        raise RecordError("bytes are left over after the minutiae")
    return _believed(view, more)


def read_views(data: bytes) -> tuple[RawView, ...]:
    """Read the views of a record of anybody's, looking past what is wrong but harmless.

    That are the record's length, reserved bits, bytes left over, extended data that is no blocks,
    and further views that are cut short.

    Raises:
        RecordError: It is no such record, or its first view is cut short.
    """
    if _is_ansi(data):
        raise RecordError("an ANSI INCITS 378 record, which is laid out in another way")
    cursor = Cursor(data)
    _, _, _, _, width, height, x, y, views, _ = cursor.take(_HEADER, "head")
    if views == 0:
        raise RecordError("the record holds no finger")
    found = [_tolerated_view(cursor, (width, height), (x, y))]
    while len(found) < views and cursor.left:
        try:
            found.append(_tolerated_view(cursor, (width, height), (x, y)))
        except RecordError:
            break
    return tuple(found)


def _view(
    cursor: Cursor, size: tuple[int, int], resolution: tuple[int, int], y_bits: int
) -> RawView:
    """Read a view up to its extended data."""
    position, numbers, quality, count = cursor.take(_VIEW, "finger's head")
    packed = cursor.part(count * _MINUTIA.size, f"{count} minutiae")
    minutiae = tuple(
        RawMinutia(kind_x >> 14, kind_x & LARGEST_SIDE, y & y_bits, angle, score)
        for kind_x, y, angle, score in _MINUTIA.iter_unpack(packed)
    )
    view, impression = numbers >> 4, numbers & 0xF
    return RawView(position, view, impression, quality, size, resolution, minutiae)


def _tolerated_view(cursor: Cursor, size: tuple[int, int], resolution: tuple[int, int]) -> RawView:
    view = _view(cursor, size, resolution, y_bits=LARGEST_SIDE)
    return replace(view, extended=extended.read_tolerantly(cursor))


def _believed(view: RawView, more: tuple[ExtendedData, ...]) -> FingerTemplate:
    width, height = view.size
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise RecordError(f"an image of {width} x {height} pixels is out of range")
    is_known = view.position <= FingerPosition.LEFT_LITTLE
    if not is_known or view.view or view.quality > BEST_QUALITY:
        raise RecordError("the finger view's header is out of range")
    minutiae = tuple(_believed_minutia(found, width, height) for found in view.minutiae)
    return FingerTemplate(
        minutiae, width, height, view.quality, FingerPosition(view.position), extended=more
    )


def _believed_minutia(found: RawMinutia, width: int, height: int) -> Minutia:
    is_known = found.kind <= MinutiaKind.BIFURCATION and found.quality <= BEST_QUALITY
    if not is_known or found.x >= width or found.y >= height:
        raise RecordError("a minutia is out of range")
    return Minutia(found.x, found.y, found.angle, MinutiaKind(found.kind), found.quality)


def _is_ansi(data: bytes) -> bool:
    """ANSI 378 has a length of two bytes, or two zeros and one of four, before its product."""
    first, second = int.from_bytes(data[8:10], "big"), int.from_bytes(data[10:12], "big")
    return first >= _SMALLEST_ANSI or (first == 0 and second < _SMALLEST_ISO)
