"""BER-TLV as chip files use it: tags of one to three bytes, definite lengths, nothing left over."""

from dataclasses import dataclass

from hardware.smartcard.chip_errors import ChipError

MAX_LENGTH_BYTES = 3


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element. Its value may hold further elements: parse it in turn."""

    tag: int
    value: bytes


def build(tag: int, value: bytes) -> bytes:
    """Encode one element with the shortest length."""
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + _length(len(value)) + value


def parse(data: bytes) -> list[Tlv]:
    """Cut data into the elements it consists of, to its very end.

    Raises:
        ChipError: It does not consist of whole elements (reason malformed).
    """
    found = []
    at = 0
    while at < len(data):
        tag, length, head = read_head(data[at : at + 8])
        start = at + head
        if start + length > len(data):
            raise _malformed("an element is longer than what holds it")
        found.append(Tlv(tag, data[start : start + length]))
        at = start + length
    return found


def parse_one(data: bytes, tag: int) -> bytes:
    """Return the value of the one element that data consists of."""
    found = parse(data)
    if len(found) != 1 or found[0].tag != tag:
        raise _malformed(f"not the element {tag:X}")
    return found[0].value


def value_of(elements: list[Tlv], tag: int) -> bytes:
    """Return the value of the element with this tag, which must be there once."""
    values = [element.value for element in elements if element.tag == tag]
    if len(values) != 1:
        raise _malformed(f"element {tag:X} is there {len(values)} times")
    return values[0]


def find(elements: list[Tlv], tag: int) -> bytes | None:
    """Return the value of the first element with this tag, or None where there is none."""
    return next((element.value for element in elements if element.tag == tag), None)


def read_head(data: bytes) -> tuple[int, int, int]:
    """Read tag and length at the start of data; returns tag, length and size of both."""
    try:
        size = 1
        if data[0] & 0x1F == 0x1F:
            while True:
                size += 1
                if not data[size - 1] & 0x80:
                    break
        if size > 3:
            raise _malformed("a tag of more than three bytes")
        first = data[size]
        if first < 0x80:
            return int.from_bytes(data[:size], "big"), first, size + 1
        count = first & 0x7F
        if not 1 <= count <= MAX_LENGTH_BYTES:
            raise _malformed("a length without end or without measure")
        length = data[size + 1 : size + 1 + count]
        if len(length) < count:
            raise _malformed("a length cut short")
        return (
            int.from_bytes(data[:size], "big"),
            int.from_bytes(length, "big"),
            size + 1 + count,
        )
    except IndexError:
        raise _malformed("an element cut short") from None


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    count = (size.bit_length() + 7) // 8
    if count > MAX_LENGTH_BYTES:
        raise ValueError("too long for a chip")
    return bytes([0x80 | count]) + size.to_bytes(count, "big")


def _malformed(what: str) -> ChipError:
    return ChipError("malformed", what)
