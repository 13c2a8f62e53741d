"""An HTTP answer that arrives piece by piece, and that its reader may leave at any moment."""

import http.client
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Event, Thread
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceTimeoutError,
    RequestCancelledError,
)

CONNECT_S = 3.0
SILENT_S = 60.0
"""After so long without a byte a thread that nobody waits for any more ends by itself."""

SLICE_S = 0.1
CHUNK = 64 * 1024
MOST_UNREAD = 16 * 1024 * 1024
"""What a reader that is away may find when it comes back; then all of it is thrown away."""


@dataclass(frozen=True, slots=True)
class HttpHead:
    """How an answer begins: status, media type in small letters."""

    status: int
    media_type: str


class HttpStream(Protocol):
    """One request whose answer is read as it comes. It belongs to one thread."""

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        """Wait for the head of the answer.

        Raises:
            DeviceAbsentError: Nobody listens, or the connection broke.
            DeviceTimeoutError: No head within timeout_s. BadReplyError: It is no HTTP.
            RequestCancelledError: cancelled was set.
        """
        ...

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        """Return all that has arrived and was not read; nothing at the answer's end.

        Raises:
            BadReplyError: So much came unread that it was thrown away; the next read goes on
                behind the gap. Otherwise as head().
        """
        ...

    def close(self) -> None:
        """Hang up. Closing twice does no harm."""
        ...


class RealHttpStream:
    """A thread of its own connects, asks and reads, so that no silence can hold the caller."""

    def __init__(
        self, address: str, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> None:
        """Begin to ask; what goes wrong is told by head() and read()."""
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=CONNECT_S
        )
        self._request = (method, path, body, {"Connection": "close", **headers})
        self._socket: socket.socket | None = None
        self._changed = Condition()
        self._head: HttpHead | None = None
        self._unread = bytearray()
        self._is_torn = False
        self._is_ended = False
        self._error: DeviceAbsentError | BadReplyError | None = None
        self._is_closed = False
        Thread(target=self._run, name="http-stream", daemon=True).start()

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        """Wait for the head of the answer."""
        with self._changed:
            self._wait(lambda: self._head is not None, timeout_s, cancelled)
            if self._head is None:
                raise self._error or DeviceAbsentError("the service hung up")
            return self._head

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        """Return all that has arrived and was not read."""
        with self._changed:
            self._wait(lambda: bool(self._unread) or self._is_torn, timeout_s, cancelled)
            if self._is_torn:
                self._is_torn = False
                raise BadReplyError("what nobody read was thrown away")
            if not self._unread and self._error is not None:
                raise self._error
            data = bytes(self._unread)
            self._unread.clear()
            return data

    def close(self) -> None:
        """Hang up; the thread ends by itself."""
        with self._changed:
            self._is_closed = True
            opened = self._socket
        if opened is not None:
            with suppress(OSError):  # the other side may have gone first
                opened.shutdown(socket.SHUT_RDWR)

    def _wait(self, found: Callable[[], bool], timeout_s: float, cancelled: Event) -> None:
        """Wait until found, or until nothing more can come."""
        deadline = monotonic() + timeout_s
        while not found():
            if cancelled.is_set():
                raise RequestCancelledError("the caller stopped waiting")
            if self._is_ended:
                return
            if (left_s := deadline - monotonic()) <= 0:
                raise DeviceTimeoutError(f"no answer within {timeout_s:g} s")
            self._changed.wait(min(SLICE_S, left_s))

    def _run(self) -> None:
        error: DeviceAbsentError | BadReplyError | None = None
        try:
            self._converse()
        except OSError as lost:
            error = DeviceAbsentError(f"no service answers: {type(lost).__name__}")
        except (http.client.HTTPException, ValueError, AttributeError) as strange:
            # http.client reads from a socket that close() has taken away: AttributeError.
            error = BadReplyError(f"that is no HTTP: {type(strange).__name__}")
        finally:
            self._connection.close()
            with self._changed:
                self._error, self._is_ended = error, True
                self._changed.notify_all()

    def _converse(self) -> None:
        method, path, body, headers = self._request
        self._connection.connect()
        opened: socket.socket = self._connection.sock
        opened.settimeout(SILENT_S)
        with self._changed:
            self._socket = opened
            if self._is_closed:
                return
        self._connection.request(method, path, body=body, headers=headers)
        with self._connection.getresponse() as answer:
            with self._changed:
                self._head = HttpHead(answer.status, answer.headers.get_content_type())
                self._changed.notify_all()
            left = answer.length  # None where the answer ends with the connection
            while left != 0 and (data := answer.read1(CHUNK if left is None else min(left, CHUNK))):
                left = None if left is None else left - len(data)
                self._keep(data)
            if left:
                raise ConnectionResetError("hung up in the middle of an answer")

    def _keep(self, data: bytes) -> None:
        with self._changed:
            self._unread += data
            if len(self._unread) > MOST_UNREAD:
                self._unread.clear()
                self._is_torn = True
            self._changed.notify_all()
