"""HTTP/1.1 for a simulated device on a line: whole requests in, whole answers out."""

from dataclasses import dataclass, field

from hardware.simulation.line import Connection

MOST_HEAD, MOST_BODY = 16 * 1024, 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


class HttpLine:
    """One connection of a client that may ask several times."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._unread = b""

    def request(self) -> HttpRequest | None:
        """Wait for a request; None when the client hung up or spoke no HTTP."""
        while b"\r\n\r\n" not in self._unread:
            if len(self._unread) > MOST_HEAD or not self._more():
                return None
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return None
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self._body(headers)
        return None if body is None else HttpRequest(words[0], words[1], headers, body)

    def answer(self, status: int, media_type: str, body: bytes) -> None:
        """Send an answer."""
        head = f"HTTP/1.1 {status} -\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}"
        self._connection.sendall(head.encode() + b"\r\n\r\n" + body)

    def _body(self, headers: dict[str, str]) -> bytes | None:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        size = headers.get("content-length", "0")
        if not size.isascii() or not size.isdigit() or int(size) > MOST_BODY:
            return None
        return self._take(int(size))

    def _chunks(self) -> bytes | None:
        body = b""
        while len(body) <= MOST_BODY:
            while b"\r\n" not in self._unread:
                if not self._more():
                    return None
            line, _, self._unread = self._unread.partition(b"\r\n")
            try:
                size = int(line.split(b";")[0], 16)
            except ValueError:
                return None
            piece = self._take(size + 2) if 0 <= size <= MOST_BODY else None
            if piece is None:
                return None
            if size == 0:
                return body
            body += piece[:-2]
        return None

    def _take(self, size: int) -> bytes | None:
        while len(self._unread) < size:
            if not self._more():
                return None
        taken, self._unread = self._unread[:size], self._unread[size:]
        return taken

    def _more(self) -> bool:
        data = self._connection.recv(65536)
        self._unread += data
        return bool(data)
