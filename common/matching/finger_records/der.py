"""The little of DER that the records of ISO/IEC 39794 need: tagged values with definite lengths."""

from collections.abc import Iterator

from common.matching.finger_template import RecordError

SEQUENCE = 0x30
_MOST_LENGTH_BYTES = 4


def tagged(tag: int, *values: bytes) -> bytes:
    """One element with the shortest length; tag is its one byte, values make its content."""
    content = b"".join(values)
    return bytes([tag]) + _length(len(content)) + content


def number(tag: int, value: int) -> bytes:
    """An INTEGER or ENUMERATED that is not negative, under a tag of its own."""
    return tagged(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that a content consists of, as tag and content.

    Raises:
        RecordError: One is longer than what holds it, or has a long tag or no definite length.
    """
    at = 0
    while at < len(content):
        start, end = _bounds(content, at)
        yield content[at], content[start:end]
        at = end


def children(content: bytes) -> dict[int, bytes]:
    """The elements of a content by tag; of one that is there twice, the first. Raises as above."""
    found: dict[int, bytes] = {}
    for tag, inside in elements(content):
        found.setdefault(tag, inside)
    return found


def value(content: bytes) -> int:
    """The INTEGER that a content of up to eight bytes is.

    Raises:
        RecordError: It is empty, too long or negative.
    """
    if not 0 < len(content) <= 8 or content[0] & 0x80:
        raise RecordError("a number that makes no sense")
    return int.from_bytes(content, "big")


def _bounds(content: bytes, at: int) -> tuple[int, int]:
    if content[at] & 0x1F == 0x1F or at + 1 >= len(content):
        raise RecordError("an element that makes no sense")
    first, start = content[at + 1], at + 2
    if first >= 0x80:
        count = first & 0x7F
        if not 0 < count <= _MOST_LENGTH_BYTES:
            raise RecordError("a length without end or without measure")
        first, start = int.from_bytes(content[start : start + count], "big"), start + count
    if start + first > len(content):
        raise RecordError("an element is longer than what holds it")
    return start, start + first


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    count = (size.bit_length() + 7) // 8
    return bytes([0x80 | count]) + size.to_bytes(count, "big")
