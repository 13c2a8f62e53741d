"""BER-TLV data objects as a chip reads and writes them (ISO 7816-4 clause 5.2.2)."""

from typing import NamedTuple

from hardware.simulation.chip.answers import SW, Refusal

MAX_TAG = 3
MAX_LENGTH = 4
"""Bytes of a length field, its first included: up to 82, 83 with three bytes behind it."""


class DataObject(NamedTuple):
    """One object, and where in the data it came from it begins and ends."""

    tag: int
    value: bytes
    start: int
    end: int


def encode(tag: int, value: bytes) -> bytes:
    """Write one object with the shortest length."""
    size = len(value)
    if size < 0x80:
        length = bytes([size])
    else:
        count = (size.bit_length() + 7) // 8
        length = bytes([0x80 | count]) + size.to_bytes(count, "big")
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + length + value


def decode(data: bytes) -> list[DataObject]:
    """Read the objects of which data consists, to its very end.

    Raises:
        Refusal: 6A80, the data are no whole objects.
    """
    found = []
    at = 0
    while at < len(data):
        thing = _next(data, at)
        found.append(thing)
        at = thing.end
    return found


def inside(data: bytes, tag: int) -> bytes:
    """Return the value of the only object in data, which must have this tag; 6A80 otherwise."""
    found = decode(data)
    if len(found) != 1 or found[0].tag != tag:
        raise Refusal(SW.WRONG_DATA)
    return found[0].value


def by_tag(data: bytes) -> dict[int, bytes]:
    """Read objects of which each tag may come once; 6A80 otherwise."""
    found = decode(data)
    values = {thing.tag: thing.value for thing in found}
    if len(values) != len(found):
        raise Refusal(SW.WRONG_DATA)
    return values


def _next(data: bytes, at: int) -> DataObject:
    start = at
    head = data[at : at + MAX_TAG + MAX_LENGTH]
    tag_size = 1
    if head[0] & 0x1F == 0x1F:
        while tag_size < len(head) and tag_size < MAX_TAG and head[tag_size] & 0x80:
            tag_size += 1
        tag_size += 1
    if tag_size > MAX_TAG or tag_size >= len(head):
        raise Refusal(SW.WRONG_DATA)
    first = head[tag_size]
    count = first & 0x7F if first & 0x80 else 0
    long_form = head[tag_size + 1 : tag_size + 1 + count]
    if first & 0x80 and (not 1 <= count < MAX_LENGTH or len(long_form) < count):
        raise Refusal(SW.WRONG_DATA)
    length = int.from_bytes(long_form, "big") if first & 0x80 else first
    value_at = at + tag_size + 1 + count
    end = value_at + length
    if end > len(data):
        raise Refusal(SW.WRONG_DATA)
    return DataObject(int.from_bytes(head[:tag_size], "big"), bytes(data[value_at:end]), start, end)
