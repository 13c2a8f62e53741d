"""The line side shared by simulated devices that would sit on a serial port or a network."""

import socket
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from hardware.simulation.line import Connection, PtyConnection
from hardware.simulation.ports import HOST, listen_steadily


class LineDevice:
    """Listens on 127.0.0.1:port and hands each connection to serve() in a thread of its own.

    unplug() drops every connection and refuses new ones, as a pulled plug does; plug() undoes it.

    Attributes:
        port_link: Where set before start(), the device is on a pseudo-terminal of that name
            instead, which any program opens as a serial port; there is one connection at a time.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.port_link: Path | None = None
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._terminal: tuple[PtyConnection, Thread] | None = None
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
            if self.port_link is not None:
                if self._terminal is None:
                    self._terminal = self._on_a_terminal(self.port_link)
                return
            if self._listener is not None:
                return
            if self.port:
                listener = socket.create_server((HOST, self.port))
            else:
                listener = listen_steadily()
                self.port = listener.getsockname()[1]
            self._listener = listener
        Thread(target=self._accept, args=(listener,), daemon=True).start()

    def unplug(self) -> None:
        """Drop all connections and stop listening."""
        with self._lock:
            listener, self._listener = self._listener, None
            connections, self._connections = self._connections, set()
            terminal, self._terminal = self._terminal, None
        if terminal is not None:
            terminal[0].close_soon()
            terminal[1].join()
        if listener is not None:
            _shut(listener)
        for connection in connections:
            _shut(connection)

    def serve(self, connection: Connection) -> None:
        """Speak with one driver until it hangs up; OSError ends it quietly."""
        raise NotImplementedError

    def line(self, connection: Connection) -> Connection:
        """Return what serve() is given for a connection."""
        return connection

    def _on_a_terminal(self, link: Path) -> tuple[PtyConnection, Thread]:
        terminal = PtyConnection(link)
        thread = Thread(target=self._serve_terminal, args=(terminal,), daemon=True)
        thread.start()
        return terminal, thread

    def _serve_terminal(self, terminal: PtyConnection) -> None:
        try:
            with suppress(OSError):  # the plug was pulled
                self.serve(self.line(terminal))
        finally:
            terminal.close()

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
            self.serve(self.line(connection))
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
