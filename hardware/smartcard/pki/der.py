"""Reads and writes ASN.1 in BER and DER (X.690): just what X.509, CMS and the LDS need, and fast.

Reading is tolerant where real documents are (lengths without need long, or without end), and strict
about all that could hurt: sizes, nesting and counts are bounded, and every fault is a ChipError,
malformed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from hardware.smartcard.chip_errors import ChipError

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 1, 2, 3, 4, 5, 6
UTF8_STRING, PRINTABLE_STRING, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x17, 0x18
BMP_STRING, SEQUENCE, SET = 0x1E, 0x30, 0x31
CONSTRUCTED = 0x20
DEEPEST = 12
MOST_CHILDREN = 200_000


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag (a single byte), its content, and all its bytes as they stand."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> list["Element"]:
        """The elements that this constructed one consists of."""
        if not self.tag & CONSTRUCTED:
            raise malformed("an element that should hold others")
        return list(elements(self.content))


def malformed(what: str) -> ChipError:
    """The error for bytes that are not what they should be."""
    return ChipError("malformed", what)


def elements(data: bytes) -> Iterator[Element]:
    """Cut data into the elements it consists of."""
    at = 0
    for _ in range(MOST_CHILDREN):
        if at >= len(data):
            return
        found, at = _read(data, at, 0)
        yield found
    raise malformed("too many elements")


def first(data: bytes, tag: int) -> Element:
    """The element at the start of data; what follows it is not looked at."""
    found, _ = _read(data, 0, 0)
    return expect(found, tag)


def expect(element: Element, tag: int) -> Element:
    """The element, if it has this tag."""
    if element.tag != tag:
        raise malformed(f"an element {element.tag:02X} in the place of {tag:02X}")
    return element


class Fields:
    """The elements of a SEQUENCE, taken one after the other."""

    __slots__ = ("_at", "_found")

    def __init__(self, element: Element) -> None:
        self._found = element.children()
        self._at = 0

    def take(self, *tags: int) -> Element:
        """The next element, which must have one of these tags (any, where none is given)."""
        if self._at >= len(self._found):
            raise malformed("a structure that ends too early")
        found = self._found[self._at]
        if tags and found.tag not in tags:
            raise malformed(f"an element {found.tag:02X} in the place of {tags[0]:02X}")
        self._at += 1
        return found

    def maybe(self, *tags: int) -> Element | None:
        """The next element if it has one of these tags."""
        if self._at < len(self._found) and self._found[self._at].tag in tags:
            return self.take()
        return None

    def rest(self) -> list[Element]:
        """All that has not been taken."""
        return self._found[self._at :]


def read_integer(element: Element) -> int:
    """A signed INTEGER of at most 16 384 bits."""
    if not 1 <= len(expect(element, INTEGER).content) <= 2048:
        raise malformed("an integer of impossible size")
    return int.from_bytes(element.content, "big", signed=True)


def read_bits(element: Element) -> bytes:
    """A BIT STRING of whole bytes."""
    content = expect(element, BIT_STRING).content
    if not content or content[0]:
        raise malformed("a bit string that is no bytes")
    return content[1:]


def read_octets(element: Element) -> bytes:
    """An OCTET STRING, also one in pieces (BER)."""
    if element.tag == OCTET_STRING | CONSTRUCTED:
        return b"".join(expect(part, OCTET_STRING).content for part in element.children())
    return expect(element, OCTET_STRING).content


def read_time(element: Element) -> datetime:
    """A UTCTime or GeneralizedTime, in UTC; seconds may be missing, fractions are dropped."""
    if element.tag not in (UTC_TIME, GENERALIZED_TIME):
        raise malformed("no time where one should be")
    try:
        return _time(element.content.decode("ascii"), 2 if element.tag == UTC_TIME else 4)
    except (ValueError, OverflowError):
        raise malformed("a time that is none") from None


def _time(text: str, year_digits: int) -> datetime:
    digits = text[: next((at for at, c in enumerate(text) if not c.isdigit()), len(text))]
    rest = text[len(digits) :]
    if rest.startswith((".", ",")):
        rest = rest[1:].lstrip("0123456789")
    year = int(digits[:year_digits])
    if year_digits == 2:
        year += 1900 if year >= 50 else 2000
    parts = [int(digits[at : at + 2]) for at in range(year_digits, len(digits), 2)]
    if len(digits) % 2 or not 4 <= len(parts) <= 5:
        raise ValueError(text)
    zone = UTC
    if rest not in ("", "Z"):
        shift = timedelta(hours=int(rest[1:3]), minutes=int(rest[3:5]))
        zone = timezone(-shift if rest[0] == "-" else shift)
    month, day, hour, minute, second = (*parts, 0)[:5]
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


def _read(data: bytes, at: int, depth: int) -> tuple[Element, int]:
    try:
        tag, length = data[at], data[at + 1]
        start = at + 2
        if tag & 0x1F == 0x1F:
            raise malformed("a tag of several bytes")
        if length == 0x80:
            return _read_endless(data, at, depth)
        if length > 0x80:
            count = length & 0x7F
            if count > 4 or start + count > len(data):
                raise malformed("a length of impossible size")
            length = int.from_bytes(data[start : start + count], "big")
            start += count
    except IndexError:
        raise malformed("an element cut short") from None
    end = start + length
    if end > len(data):
        raise malformed("an element longer than what holds it")
    return Element(tag, data[start:end], data[at:end]), end


def _read_endless(data: bytes, at: int, depth: int) -> tuple[Element, int]:
    """An element of indefinite length: its content ends with two zero bytes (X.690, 8.1.3.6)."""
    if not data[at] & CONSTRUCTED or depth >= DEEPEST:
        raise malformed("an element without end")
    end = at + 2
    for _ in range(MOST_CHILDREN):
        if data[end : end + 2] == b"\0\0":
            return Element(data[at], data[at + 2 : end], data[at : end + 2]), end + 2
        _, end = _read(data, end, depth + 1)
    raise malformed("too many elements")


def element(tag: int, *parts: bytes) -> bytes:
    """Encode an element of these parts."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + size.to_bytes(count, "big") + content


def sequence(*parts: bytes) -> bytes:
    """Encode a SEQUENCE."""
    return element(SEQUENCE, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """Encode a SET OF in the order of DER."""
    return element(SET, *sorted(parts))


def integer(value: int) -> bytes:
    """Encode an INTEGER."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    """Encode an OCTET STRING."""
    return element(OCTET_STRING, value)


def printable(text: str) -> bytes:
    """Encode a PrintableString."""
    return element(PRINTABLE_STRING, text.encode("ascii"))


def oid(dotted: str) -> bytes:
    """Encode an OBJECT IDENTIFIER."""
    return element(OID, oid_content(dotted))


def oid_content(dotted: str) -> bytes:
    """The content of an OBJECT IDENTIFIER; identifiers are compared in this form."""
    top, second, *rest = (int(part) for part in dotted.split("."))
    out = b""
    for arc in (40 * top + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        out += bytes(reversed(groups))
    return out


def utc_time(moment: datetime) -> bytes:
    """Encode a time as RFC 5652 wants it: UTCTime until 2049, then GeneralizedTime."""
    moment = moment.astimezone(UTC)
    if 1950 <= moment.year < 2050:
        return element(UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return element(GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").encode())
