"""A line to the site that can be cut: a browser's worker has a network of its own to lose."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Passes bytes between a port of its own and the site, until it is cut."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._site = (str(parts.hostname), int(parts.port or 0))
        self._open: list[socket.socket] = []
        self._listener = self._listen(0)
        self._port = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        """Let nothing pass any more."""
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        """Let everything pass again."""
        self._listener = self._listen(self._port)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                asking, _ = listener.accept()
                answering = socket.create_connection(self._site)
                self._open += [asking, answering]
                for ends in ((asking, answering), (answering, asking)):
                    threading.Thread(target=_pass, args=ends, daemon=True).start()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    """Lay a line for the length of a with-block."""
    line = Line(address)
    try:
        yield line
    finally:
        line.cut()
