"""Extended data of a finger view: blocks with a type behind the minutiae (ISO/IEC 19794-2).

A block is its type u16, its length u16, its data. The length counts the four bytes of type and
length too: NIST's readers of both editions take it so, and FingerprintIO for the edition of 2011.
FingerprintIO counts the data alone for that of 2005, so either count is read; the standard's text
was not at hand.
"""

import struct
from collections.abc import Sequence

from common.matching.finger_records.cursor import Cursor
from common.matching.finger_template import ExtendedData, RecordError

MOST = 0xFFFF
_LENGTH = 2
_HEAD = struct.Struct(">HH")
_RIDGE_COUNTS, _ZONE_QUALITY = 1, 3


def written(blocks: Sequence[ExtendedData]) -> bytes:
    """The blocks one behind the other, without the length of all of them.

    Raises:
        ValueError: A type is reserved, or the blocks are too long for a record.
    """
    for block in blocks:
        if not _is_allowed(block.kind):
            raise ValueError(f"extended data of type {block.kind} is not allowed")
    size = sum(_HEAD.size + len(block.data) for block in blocks)
    if size > MOST:
        raise ValueError(f"{size} bytes of extended data are more than {MOST}")
    return b"".join(
        _HEAD.pack(block.kind, _HEAD.size + len(block.data)) + block.data for block in blocks
    )


def read(area: bytes) -> tuple[ExtendedData, ...]:
    """The blocks that an area consists of, to its very end.

    Raises:
        RecordError: It does not consist of whole blocks.
    """
    for counted in (_HEAD.size, 0):
        found = _cut(area, counted)
        if found is not None:
            return found
    raise RecordError("the extended data does not consist of whole blocks")


def read_tolerantly(cursor: Cursor) -> tuple[ExtendedData, ...]:
    """Read an area with its length before it; what is damaged or cut short is left out."""
    length = int.from_bytes(cursor.rest(_LENGTH), "big")
    area = cursor.rest(length)
    try:
        return read(area) if len(area) == length else ()
    except RecordError:
        return ()


def _cut(area: bytes, counted: int) -> tuple[ExtendedData, ...] | None:
    """Cut an area into blocks whose length counts so many bytes of their head."""
    found, at = [], 0
    while at < len(area):
        if len(area) - at < _HEAD.size:
            return None
        kind, length = _HEAD.unpack_from(area, at)
        start = at + _HEAD.size
        at = start + length - counted
        if not start <= at <= len(area):
            return None
        found.append(ExtendedData(kind, area[start:at]))
    return tuple(found)


def _is_allowed(kind: int) -> bool:
    return _RIDGE_COUNTS <= kind <= _ZONE_QUALITY or (0 < kind >> 8 <= 0xFF and kind & 0xFF != 0)
