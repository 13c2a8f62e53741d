"""HTTP to a device: one request and its answer; real, recorded, or played back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import requests

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError
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
    ) -> HttpAnswer:
        """Send one request and return the answer, whatever its status.

        Raises:
            DeviceAbsentError: Nobody listens, or the connection broke.
            DeviceTimeoutError: The service went silent for timeout_s.
            BadReplyError: It is no HTTP, or its body has no end.
        """
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
    ) -> HttpAnswer:
        """Send one request and return the answer."""
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


class RecordingHttpLink:
    """Passes requests through and tells a listener every exchange."""

    def __init__(self, inner: HttpLink, tell: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._tell = tell

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
    ) -> HttpAnswer:
        """Ask and record; an answer that never came leaves a question without one."""
        self._tell(Exchange("host", _head(method, path) + body))
        answer = self._inner.ask(method, path, body, headers, timeout_s)
        head = f"{answer.status} {answer.media_type}\n".encode()
        self._tell(Exchange("device", head + answer.body))
        return answer

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


class ReplayHttpLink:
    """Plays a recording back: the same methods and paths, in the same order.

    Bodies are not compared: times and transaction numbers in them differ at every run.

    Attributes:
        played: How many exchanges have been played.
        difference: Where the driver first asked something else; None while it has not.
    """

    def __init__(self, recording: list[Exchange]) -> None:
        self.played = 0
        self.difference: Difference | None = None
        self._recording = list(recording)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 10.0,
    ) -> HttpAnswer:
        """Answer as the device did."""
        del body, headers
        asked = self._next("host")
        if asked is None or not asked.startswith(_head(method, path)):
            words = f"the recording does not ask {method} {path} here"
            self.difference = self.difference or Difference(self.played, words)
            raise BadReplyError(words)
        self.played += 1
        answered = self._next("device")
        if answered is None:
            raise DeviceTimeoutError(f"the recording is silent here ({timeout_s} s)")
        self.played += 1
        head, _, answer = answered.partition(b"\n")
        status, _, media_type = head.decode().partition(" ")
        return HttpAnswer(int(status), media_type, answer)

    def _next(self, speaker: str) -> bytes | None:
        """Look at the next exchange, if it is this speaker's."""
        left = self._recording[self.played : self.played + 1]
        return left[0].data if left and left[0].speaker == speaker else None

    def close(self) -> None:
        """Closing a replay does nothing; ask finished() whether all was played."""

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return self.played == len(self._recording)


def _head(method: str, path: str) -> bytes:
    return f"{method} {path}\n".encode()
