"""HID reports over TCP: for simulated devices, and for a device plugged into another machine.

A frame is a kind (one letter, see hardware.core.hid_link), the length of the body (two bytes,
big-endian), the body, and the CRC-32 of all three (four bytes, big-endian; as zlib and Ethernet
count it). On USB every packet has a checksum, and a report arrives whole or not at all; so does a
frame: after one that is wrong the bridge is left.
"""

import select
import socket
import zlib
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Never

from hardware.core.errors import DeviceAbsentError, DeviceFaultError, DeviceTimeoutError
from hardware.core.hid_link import FEATURE, GET, INPUT, OUTPUT, REFUSED, SET, TAKEN, asked

HEAD, CHECK = 3, 4
MOST_WAITING = 4096
"""Reports that nobody reads pile up to here; then the oldest go. At 200 a second: 20 s of a pen."""

CONNECT_S, ANSWER_S, REST_S = 3.0, 2.0, 2.0
"""How long connecting, an answer, and the rest of a frame that has begun may take."""


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """Build a frame."""
    told = kind + len(body).to_bytes(2, "big") + body
    return told + zlib.crc32(told).to_bytes(CHECK, "big")


class BridgeHidLink:
    """A HidLink to a bridge."""

    def __init__(self, host: str, port: int) -> None:
        """Connect.

        Raises:
            DeviceAbsentError: Nobody listens there.
        """
        self._reports: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._unread = b""
        self._begun_at = 0.0
        self._is_lost = False
        try:
            self._socket = socket.create_connection((host, port), CONNECT_S)
        except OSError as error:
            raise DeviceAbsentError(f"no bridge at {host}:{port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_report(self, timeout_s: float) -> bytes:
        """Return the next input report."""
        deadline = monotonic() + timeout_s
        while not self._reports:
            kind, _ = self._next(deadline)
            if kind != INPUT:
                self._lose("an answer that nobody waits for")
        return self._reports.popleft()

    def write_report(self, report: bytes) -> None:
        """Send an output report."""
        self._send(OUTPUT, report)

    def get_feature(self, number: int, length: int) -> bytes:
        """Ask for a feature report."""
        return self._ask(GET, asked(number, length), FEATURE)

    def set_feature(self, report: bytes) -> None:
        """Set a feature report."""
        self._ask(SET, report, TAKEN)

    def flush_input(self) -> None:
        """Throw away what nobody read."""
        with suppress(DeviceTimeoutError):
            while True:
                self._next(monotonic())
        self._reports.clear()

    def close(self) -> None:
        """Hang up."""
        self._is_lost = True
        self._socket.close()

    def _ask(self, kind: bytes, body: bytes, wanted: bytes) -> bytes:
        self._send(kind, body)
        deadline = monotonic() + ANSWER_S
        try:
            while (heard := self._next(deadline))[0] == INPUT:
                pass
        except DeviceTimeoutError:
            self._lose("the device does not answer")
        if heard[0] == REFUSED:
            raise DeviceFaultError("refused", detail=f"report {body[0]:02X}")
        if heard[0] != wanted:
            self._lose("an answer to another question")
        return heard[1]

    def _next(self, deadline: float) -> tuple[bytes, bytes]:
        """Return the next frame; reports are kept besides. At least one look is taken."""
        while (cut := self._cut()) is None:
            left_s = max(deadline - monotonic(), 0)
            if not self._hear(left_s) and monotonic() >= deadline:
                raise DeviceTimeoutError("no report came")
        if cut[0] == INPUT:
            self._reports.append(cut[1])
        return cut

    def _cut(self) -> tuple[bytes, bytes] | None:
        """Take one whole frame off what was heard."""
        if len(self._unread) < HEAD:
            self._begun()
            return None
        size = HEAD + int.from_bytes(self._unread[1:HEAD], "big") + CHECK
        if len(self._unread) < size:
            self._begun()
            return None
        whole, self._unread = self._unread[:size], self._unread[size:]
        self._begun_at = 0.0
        kind, body = whole[:1], whole[HEAD:-CHECK]
        if frame(kind, body) != whole:
            self._lose("a broken frame")
        return kind, body

    def _begun(self) -> None:
        """A frame that has begun and does not end is as broken as one with a wrong checksum."""
        if not self._unread:
            return
        if self._begun_at == 0.0:
            self._begun_at = monotonic()
        elif monotonic() - self._begun_at > REST_S:
            self._lose("half a frame")

    def _hear(self, timeout_s: float) -> bool:
        self._require()
        try:
            if not select.select([self._socket], [], [], timeout_s)[0]:
                return False
            heard = self._socket.recv(65536)
        except (OSError, ValueError) as error:
            self._lose(str(error))
        if not heard:
            self._lose("the bridge hung up")
        self._unread += heard
        return True

    def _send(self, kind: bytes, body: bytes) -> None:
        self._require()
        try:
            self._socket.sendall(frame(kind, body))
        except OSError as error:
            self._lose(str(error))

    def _require(self) -> None:
        if self._is_lost:
            raise DeviceAbsentError("the bridge is not open")

    def _lose(self, why: str) -> Never:
        self._is_lost = True
        raise DeviceAbsentError(f"the bridge is lost: {why}")
