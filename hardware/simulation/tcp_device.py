"""The TCP side shared by simulated devices that would sit on a serial line or a network port."""

import socket
from contextlib import suppress
from threading import Event, Lock, Thread


class TcpDevice:
    """Listens on 127.0.0.1:port and hands each connection to serve() in a thread of its own.

    unplug() drops every connection and refuses new ones, as a pulled plug does; plug() undoes it.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        self.ended = Event()

    def start(self) -> None:
        """Begin to listen."""
        self.ended.clear()
        self.plug()

    def stop(self) -> None:
        """Stop for good."""
        self.ended.set()
        self.unplug()

    def plug(self) -> None:
        """Listen (again)."""
        with self._lock:
            if self._listener is not None:
                return
            listener = socket.create_server(("127.0.0.1", self.port))
            self.port = listener.getsockname()[1]
            self._listener = listener
        Thread(target=self._accept, args=(listener,), daemon=True).start()

    def unplug(self) -> None:
        """Drop all connections and stop listening."""
        with self._lock:
            listener, self._listener = self._listener, None
            connections, self._connections = self._connections, set()
        if listener is not None:
            _shut(listener)
        for connection in connections:
            _shut(connection)

    def serve(self, connection: socket.socket) -> None:
        """Speak with one driver until it hangs up; OSError ends it quietly."""
        raise NotImplementedError

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                if self._listener is not listener:
                    _shut(connection)
                    return
                self._connections.add(connection)
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self.serve(connection)
        except OSError:
            pass  # the driver hung up, or the plug was pulled
        finally:
            with self._lock:
                self._connections.discard(connection)
            _shut(connection)


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # it may not be connected any more
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
