"""HTTP to a device: one request and its answer; real, recorded, or played back."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Protocol

import requests

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
from hardware.core.http_stream import HttpHead, HttpStream, RealHttpStream
from hardware.core.transport import Difference, Exchange

CONNECT_S = 3.0
MOST_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a device answered: status, media type in small letters, body."""

    status: int
    media_type: str
    body: bytes = field(repr=False)


class HttpLink(Protocol):
    """A device's HTTP service."""

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        cancelled: Event | None = None,
    ) -> HttpAnswer:
        """Send one request and return the answer, whatever its status.

        With cancelled, the wait can be left, and timeout_s is for the whole answer.

        Raises:
            DeviceAbsentError: Nobody listens, or the connection broke.
            DeviceTimeoutError: The service went silent for timeout_s.
            BadReplyError: It is no HTTP, or its body has no end.
            RequestCancelledError: cancelled was set.
        """
        ...

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpStream:
        """Send one request whose answer is read as it comes; it raises nothing itself."""
        ...

    def close(self) -> None:
        """Release the connection. Closing twice does no harm."""
        ...


class RealHttpLink:
    """HTTP by requests, past every proxy."""

    def __init__(self, address: str) -> None:
        """Remember the address, such as http://127.0.0.1:4501; nothing is opened yet."""
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        cancelled: Event | None = None,
    ) -> HttpAnswer:
        """Send one request and return the answer."""
        if cancelled is not None:
            with closing(self.stream(method, path, body, headers)) as answer:
                return _whole(answer, timeout_s, cancelled)
        try:
            with self._session.request(
                method,
                self._address + path,
                data=body,
                headers=headers,
                timeout=(CONNECT_S, timeout_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return HttpAnswer(
                    answer.status_code,
                    answer.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                    _limited(answer),
                )
        except requests.exceptions.ReadTimeout as error:
            raise DeviceTimeoutError(f"no answer within {timeout_s} s") from error
        except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            raise DeviceAbsentError(f"no service answers: {type(error).__name__}") from error
        except requests.exceptions.RequestException as error:
            raise BadReplyError(f"that is no HTTP: {type(error).__name__}") from error

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpStream:
        """Begin to ask, over a connection of its own."""
        return RealHttpStream(self._address, method, path, body, headers or {})

    def close(self) -> None:
        """Release the connection."""
        self._session.close()


def _limited(answer: requests.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_content(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadReplyError(f"the answer is longer than {MOST_BYTES} bytes")
    return bytes(body)


def _whole(stream: HttpStream, timeout_s: float, cancelled: Event) -> HttpAnswer:
    """Read a stream to its end; timeout_s is for all of it, however slowly it drips."""
    deadline = monotonic() + timeout_s
    head = stream.head(timeout_s, cancelled)
    body = bytearray()
    while data := stream.read(deadline - monotonic(), cancelled):
        body += data
        if len(body) > MOST_BYTES:
            raise BadReplyError(f"the answer is longer than {MOST_BYTES} bytes")
        if monotonic() > deadline:
            raise DeviceTimeoutError(f"no whole answer within {timeout_s:g} s")
    return HttpAnswer(head.status, head.media_type, bytes(body))


class RecordingHttpLink:
    """Passes requests through and tells a listener every exchange.

    What is read from a stream is told as `stream N`, a line end, and the bytes; N counts the
    streams from 1, so that questions asked meanwhile can be told from it.
    """

    def __init__(self, inner: HttpLink, tell: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._tell = tell
        self._streams = 0

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        cancelled: Event | None = None,
    ) -> HttpAnswer:
        """Ask and record; an answer that never came leaves a question without one."""
        self._tell(Exchange("host", _head(method, path) + body))
        answer = self._inner.ask(method, path, body, headers, timeout_s, cancelled)
        head = f"{answer.status} {answer.media_type}\n".encode()
        self._tell(Exchange("device", head + answer.body))
        return answer

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpStream:
        """Begin to ask, and record what is read."""
        self._tell(Exchange("host", _head(method, path) + body))
        self._streams += 1
        inner = self._inner.stream(method, path, body, headers)
        return _RecordingStream(inner, _mark(self._streams), self._tell)

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


class ReplayHttpLink:
    """Plays a recording back: the same methods and paths, in the same order.

    Bodies are not compared: times and transaction numbers in them differ at every run. Streams
    are played beside the questions, each read as it was read then.

    Attributes:
        difference: Where the driver first asked something else; None while it has not.
    """

    def __init__(self, recording: list[Exchange]) -> None:
        self.difference: Difference | None = None
        self._count = len(recording)
        self._left = [(at, one) for at, one in enumerate(recording) if not _is_streamed(one)]
        self._streamed = [one.data for one in recording if _is_streamed(one)]
        self._streams = 0

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
        cancelled: Event | None = None,
    ) -> HttpAnswer:
        """Answer as the device did."""
        del body, headers, cancelled
        self._expect(method, path)
        answered = self._next("device")
        if answered is None:
            raise DeviceTimeoutError(f"the recording is silent here ({timeout_s} s)")
        head, _, answer = answered.partition(b"\n")
        status, _, media_type = head.decode().partition(" ")
        return HttpAnswer(int(status), media_type, answer)

    def stream(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> HttpStream:
        """Play a stream back."""
        del body, headers
        self._expect(method, path)
        self._streams += 1
        mark = _mark(self._streams)
        played = [data.removeprefix(mark) for data in self._streamed if data.startswith(mark)]
        return _ReplayStream(played)

    @property
    def played(self) -> int:
        """How many exchanges come before the next question or answer."""
        return self._left[0][0] if self._left else self._count

    def _expect(self, method: str, path: str) -> None:
        """See that this was asked then, too."""
        at, asked = self.played, self._next("host")
        if asked is None or not asked.startswith(_head(method, path)):
            words = f"the recording does not ask {method} {path} here"
            self.difference = self.difference or Difference(at, words)
            raise BadReplyError(words)

    def _next(self, speaker: str) -> bytes | None:
        """Take the next exchange, if it is this speaker's."""
        if not self._left or self._left[0][1].speaker != speaker:
            return None
        return self._left.pop(0)[1].data

    def close(self) -> None:
        """Closing a replay does nothing; ask finished() whether all was played."""

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return not self._left


class _RecordingStream:
    def __init__(self, inner: HttpStream, mark: bytes, tell: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._mark = mark
        self._tell = tell

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        head = self._inner.head(timeout_s, cancelled)
        self._told(f"{head.status} {head.media_type}".encode())
        return head

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        data = self._inner.read(timeout_s, cancelled)
        self._told(data)
        return data

    def close(self) -> None:
        self._inner.close()

    def _told(self, data: bytes) -> None:
        self._tell(Exchange("device", self._mark + data))


class _ReplayStream:
    def __init__(self, played: list[bytes]) -> None:
        self._left = played

    def head(self, timeout_s: float, cancelled: Event) -> HttpHead:
        status, _, media_type = self.read(timeout_s, cancelled).decode().partition(" ")
        return HttpHead(int(status), media_type)

    def read(self, timeout_s: float, cancelled: Event) -> bytes:
        del cancelled
        if not self._left:
            raise DeviceTimeoutError(f"the recording is silent here ({timeout_s} s)")
        return self._left.pop(0)

    def close(self) -> None:
        """Nothing to hang up."""


def _is_streamed(exchange: Exchange) -> bool:
    return exchange.speaker == "device" and exchange.data.startswith(b"stream ")


def _mark(number: int) -> bytes:
    return f"stream {number}\n".encode()


def _head(method: str, path: str) -> bytes:
    return f"{method} {path}\n".encode()
