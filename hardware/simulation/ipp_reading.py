"""The simulated page printer's own reading of IPP: RFC 8010, as bytes of requests and answers.

Requests become a code, a number, the operation's attributes by name (first value only, as plain
bytes) and the document; answers are built from (tag, name, values).
"""

from collections.abc import Iterable
from dataclasses import dataclass

OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP = b"\x01", b"\x02", b"\x03", b"\x04"
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48

Field = tuple[int, str, "bytes | str | int | list[str]"]


class BadRequestError(ValueError):
    """It is no IPP request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    operation: int
    number: int
    said: dict[str, bytes]
    document: bytes

    def text(self, name: str) -> str:
        """Return an attribute as text; empty where it was not said."""
        return self.said.get(name, b"").decode("utf-8", "replace")

    def integer(self, name: str) -> int:
        """Return an attribute as a number; 0 where it was not said."""
        return int.from_bytes(self.said.get(name, b""), "big", signed=True)


def read_request(body: bytes) -> Request:
    """Take a request apart.

    Raises:
        BadRequestError: It ends too early, or does not begin with a group.
    """
    operation, number = int.from_bytes(_cut(body, 2, 2)), int.from_bytes(_cut(body, 4, 4))
    said: dict[str, bytes] = {}
    at = 8
    while (tag := _cut(body, at, 1)) != END:
        at += 1
        if tag < b"\x10":
            continue
        name, at = _counted(body, at)
        value, at = _counted(body, at)
        if name:
            said.setdefault(name.decode("utf-8", "replace"), value)
    return Request(operation, number, said, body[at + 1 :])


def answer(request_number: int, status: int, groups: Iterable[tuple[bytes, list[Field]]]) -> bytes:
    """Build an answer of IPP 1.1."""
    out = b"\x01\x01" + status.to_bytes(2, "big") + request_number.to_bytes(4, "big")
    out += OPERATION_GROUP
    out += _field(CHARSET, "attributes-charset", "utf-8")
    out += _field(LANGUAGE, "attributes-natural-language", "en")
    for tag, fields in groups:
        out += tag + b"".join(_field(*field) for field in fields)
    return out + END


def _field(tag: int, name: str, value: bytes | str | int | list[str]) -> bytes:
    if isinstance(value, list):
        first, *rest = value
        return _field(tag, name, first) + b"".join(_field(tag, "", more) for more in rest)
    if isinstance(value, int):
        value = value.to_bytes(1 if tag == BOOLEAN else 4, "big", signed=tag != BOOLEAN)
    if isinstance(value, str):
        value = value.encode()
    return bytes([tag]) + _with_count(name.encode()) + _with_count(value)


def _with_count(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _counted(body: bytes, at: int) -> tuple[bytes, int]:
    size = int.from_bytes(_cut(body, at, 2))
    return _cut(body, at + 2, size), at + 2 + size


def _cut(body: bytes, at: int, size: int) -> bytes:
    piece = body[at : at + size]
    if len(piece) < size:
        raise BadRequestError("it ends too early")
    return piece
