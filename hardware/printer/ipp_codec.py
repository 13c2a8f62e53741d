"""IPP messages as bytes: RFC 8010, sections 3.1 to 3.9 (the encoding of requests and answers)."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

MOST_ATTRIBUTES = 4096
DEEPEST = 8
LONGEST = 0x7FFF
"""Lengths are signed (RFC 8010, section 3.2)."""


class Group(IntEnum):
    """Delimiter tags (section 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Value tags (section 3.5.2)."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    COLLECTION_ENDS = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MEDIA_TYPE = 0x49
    MEMBER = 0x4A


_FIRST_VALUE_TAG = 0x10
_NUMBERS = frozenset({Tag.INTEGER, Tag.ENUM})
_FIRST_TEXT, _LAST_TEXT = Tag.TEXT, Tag.MEDIA_TYPE


class IppFormatError(ValueError):
    """These bytes are no IPP message."""


Member: TypeAlias = "tuple[str, tuple[Value, ...]]"


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its tag.

    Attributes:
        content: An int for integers and enums, a bool, a str for all kinds of text, a tuple of
            (name, values) for a collection, and the plain bytes of all else.
    """

    tag: int
    content: "int | bool | str | bytes | tuple[Member, ...]"


Attributes: TypeAlias = dict[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Message:
    """A request (code is the operation) or an answer (code is the status).

    Attributes:
        groups: In their order; a group may come several times, once for each job.
        data: The document behind the attributes.
    """

    code: int
    request_id: int
    groups: tuple[tuple[int, Attributes], ...]
    data: bytes = field(default=b"", repr=False)
    version: tuple[int, int] = (1, 1)

    def group(self, tag: Group) -> Attributes:
        """Return the first group of that tag; empty where there is none."""
        return next(iter(self.all_of(tag)), {})

    def all_of(self, tag: Group) -> list[Attributes]:
        """Return every group of that tag."""
        return [attributes for found, attributes in self.groups if found == tag]


def encode(message: Message) -> bytes:
    """Write a message.

    Raises:
        ValueError: A name or a value is longer than IPP can say, or is not of its tag.
    """
    parts = [struct.pack(">BBHI", *message.version, message.code, message.request_id)]
    for tag, attributes in message.groups:
        parts.append(bytes([tag]))
        for name, values in attributes.items():
            parts += _attribute(name, values)
    return b"".join([*parts, bytes([Group.END]), message.data])


def decode(data: bytes) -> Message:
    """Read a message, whatever it holds.

    Raises:
        IppFormatError: It is none, or has more attributes than any printer.
    """
    if len(data) < 9:
        raise IppFormatError("shorter than any message")
    major, minor, code, request_id = struct.unpack(">BBHI", data[:8])
    reader = _Reader(data, 8)
    groups: list[tuple[int, Attributes]] = []
    while (tag := reader.byte()) != Group.END:
        if tag >= _FIRST_VALUE_TAG:
            raise IppFormatError(f"the value {tag:02x} stands in no group")
        groups.append((tag, reader.attributes()))
    return Message(code, request_id, tuple(groups), data[reader.at :], (major, minor))


def _attribute(name: str, values: Iterable[Value]) -> Iterator[bytes]:
    for value in values:
        yield from _value(name, value)
        name = ""  # a further value of the same attribute has no name (section 3.1.5)


def _value(name: str, value: Value) -> Iterator[bytes]:
    if isinstance(value.content, tuple):
        yield _field(Tag.COLLECTION, name, b"")
        for member, values in value.content:
            yield _field(Tag.MEMBER, "", member.encode())
            for each in values:
                yield from _value("", each)
        yield _field(Tag.COLLECTION_ENDS, "", b"")
    else:
        yield _field(value.tag, name, _content(value))


def _content(value: Value) -> bytes:
    content = value.content
    if value.tag == Tag.BOOLEAN:
        return bytes([bool(content)])
    if isinstance(content, int) and value.tag in _NUMBERS:
        return struct.pack(">i", content)
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, bytes):
        return content
    raise ValueError(f"{content!r} is no value of tag {value.tag:02x}")


def _field(tag: int, name: str, content: bytes) -> bytes:
    written = name.encode()
    if len(written) > LONGEST or len(content) > LONGEST:
        raise ValueError("longer than a length in IPP can say")
    head = bytes([tag]) + struct.pack(">H", len(written)) + written
    return head + struct.pack(">H", len(content)) + content


class _Reader:
    """Reads on from one place."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at
        self._count = 0

    def byte(self) -> int:
        return self._take(1)[0]

    def attributes(self) -> Attributes:
        """Read a group up to the next delimiter."""
        found: dict[str, list[Value]] = {}
        current: list[Value] | None = None
        while self._peek() >= _FIRST_VALUE_TAG:
            tag, name, content = self._field()
            if name:
                # Names come once (section 3.1.4); of two the first one counts.
                current = []
                found.setdefault(name, current)
            if current is None:
                raise IppFormatError("a value without a name begins a group")
            current.append(self._read(tag, content, 0))
        return {name: tuple(values) for name, values in found.items()}

    def _read(self, tag: int, content: bytes, depth: int) -> Value:
        if tag == Tag.COLLECTION:
            return Value(tag, self._collection(depth + 1))
        if tag in {Tag.COLLECTION_ENDS, Tag.MEMBER}:
            raise IppFormatError("a piece of a collection stands outside of one")
        return Value(tag, _parsed(tag, content))

    def _collection(self, depth: int) -> tuple[Member, ...]:
        """Read members up to the end of their collection (section 3.1.6)."""
        if depth > DEEPEST:
            raise IppFormatError("collections lie too deep in one another")
        members: list[tuple[str, list[Value]]] = []
        while True:
            tag, name, content = self._field()
            if name:
                raise IppFormatError("a collection does not end")
            if tag == Tag.COLLECTION_ENDS:
                return tuple((member, tuple(values)) for member, values in members)
            if tag == Tag.MEMBER:
                members.append((content.decode("utf-8", "replace"), []))
            elif not members:
                raise IppFormatError("a collection begins without a member's name")
            else:
                members[-1][1].append(self._read(tag, content, depth))

    def _field(self) -> tuple[int, str, bytes]:
        self._count += 1
        if self._count > MOST_ATTRIBUTES:
            raise IppFormatError(f"more than {MOST_ATTRIBUTES} values")
        tag = self.byte()
        if tag < _FIRST_VALUE_TAG:
            raise IppFormatError("a collection does not end")
        name = self._take(self._length()).decode("utf-8", "replace")
        return tag, name, self._take(self._length())

    def _length(self) -> int:
        return int(struct.unpack(">H", self._take(2))[0])

    def _peek(self) -> int:
        if self.at >= len(self._data):
            raise IppFormatError("it ends in its attributes")
        return self._data[self.at]

    def _take(self, count: int) -> bytes:
        if self.at + count > len(self._data):
            raise IppFormatError("it ends in its attributes")
        self.at += count
        return self._data[self.at - count : self.at]


def _parsed(tag: int, content: bytes) -> int | bool | str | bytes:
    if tag in _NUMBERS:
        if len(content) != 4:
            raise IppFormatError("a number has four bytes")
        return int(struct.unpack(">i", content)[0])
    if tag == Tag.BOOLEAN:
        if content not in {b"\0", b"\1"}:
            raise IppFormatError("a boolean is 0 or 1")
        return content == b"\1"
    if _FIRST_TEXT <= tag <= _LAST_TEXT:
        return content.decode("utf-8", "replace")
    return content
