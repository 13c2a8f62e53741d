"""HTTP as MOSIP's mock device service speaks it: verbs of its own, and habits of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardware.simulation.line import Connection

MOST_HEAD, MOST_BODY = 16 * 1024, 1024 * 1024
BOUNDARY = "--BoundaryString"
INFOS = {
    "0": "Success",
    "100": "Device not registered",
    "110": "Device not ready",
    "111": "Device is busy",
    "701": "Capture timed out",
    "703": "Capture already in progress",
}


class SbiError(Exception):
    """What the service answers in place of a result.

    Attributes:
        code: As MOSIP's mock service numbers it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def as_json(self) -> dict[str, str]:
        """The error element."""
        return error(self.code)


@dataclass(frozen=True, slots=True)
class Request:
    """What a program asked."""

    verb: str
    target: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body; SbiError for anything but an object, as the mock's 999."""
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise SbiError("999") from None
        if not isinstance(found, dict):
            raise SbiError("999")
        return found


def receive(connection: Connection) -> Request | None:
    """Read one request; None when the program hung up, or sent no HTTP."""
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > MOST_HEAD or not (more := connection.recv(4096)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    length = _length(lines[1:])
    if len(words) != 3 or length is None:
        return None
    while len(body) < length:
        if not (more := connection.recv(length - len(body))):
            return None
        body += more
    return Request(words[0], words[1], body[:length])


def answer(payload: Any, port: int, status: str = "200 OK") -> bytes:
    """Return an answer; behind its end come two line ends that do not belong to it."""
    body = json.dumps(payload).encode()
    return (
        f"HTTP/1.1 {status}\r\nCACHE-CONTROL: no-store\r\nLOCATION: http://127.0.0.1:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body + b"\r\n\r\n"  # fmt: skip


def refusal(code: str, port: int) -> bytes:
    """Return an error as the mock does: 405, whatever went wrong."""
    return answer([{"error": error(code)}], port, "405 Method Not Allowed")


def stream_head() -> bytes:
    """Return the head of a stream; the boundary holds the dashes already."""
    return (
        f"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\n\r\n"
    ).encode()


def error(code: str) -> dict[str, str]:
    """Return the error element."""
    return {"errorCode": code, "errorInfo": INFOS.get(code, f"Error {code}")}


def number(fields: Mapping[str, Any], name: str, code: str, most: float) -> float:
    """Return a number that came as a text or as a number; SbiError(code) for anything else."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SbiError(code)
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise SbiError(code) from None
    if not 0 <= found <= most:
        raise SbiError(code)
    return found


def _length(lines: list[str]) -> int | None:
    """Return Content-Length; 0 without one, None for one that is none."""
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-length":
            value = value.strip()
            is_number = value.isascii() and value.isdigit() and len(value) < 9
            return int(value) if is_number and int(value) <= MOST_BODY else None
    return 0
