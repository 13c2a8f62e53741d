"""The HID side of simulated devices: reports in the frames of the TCP bridge, read anew here.

A frame: one letter, two bytes of length, the body, CRC-32. From the host O (output report), G
(number, length in two bytes) and S (report); to the host I (input report), F (report) or R to G, A
or R to S.
"""

import zlib
from collections import deque
from threading import Lock

from hardware.simulation.line import Connection
from hardware.simulation.switches import SwitchedDevice

_LOOK_S = 0.01
_MOST_WAITING = 4096


class SimulatedHidDevice(SwitchedDevice):
    """Listens as a bridge; a subclass answers for features and hears output reports."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._outbox: deque[bytes] = deque(maxlen=_MOST_WAITING)
        self._outbox_lock = Lock()
        self._listeners = 0

    def send_report(self, report: bytes) -> None:
        """Send an input report; without a host that listens it is lost, as on USB."""
        with self._outbox_lock:
            if self._listeners:
                self._outbox.append(report)

    def hear_output(self, report: bytes) -> None:
        """An output report came."""

    def feature(self, number: int) -> bytes | None:
        """Return a feature report, its number first; None to refuse."""
        del number
        return None

    def set_feature(self, report: bytes) -> bool:
        """Take a feature report; false to refuse."""
        del report
        return False

    def serve(self, connection: Connection) -> None:
        """Speak with one host."""
        connection.settimeout(_LOOK_S)
        with self._outbox_lock:
            self._outbox.clear()
            self._listeners += 1
        try:
            self._speak(connection)
        finally:
            with self._outbox_lock:
                self._listeners -= 1

    def _speak(self, connection: Connection) -> None:
        unread = b""
        while not self.ended.is_set():
            self._send_waiting(connection)
            try:
                if not (heard := connection.recv(65536)):
                    return
            except TimeoutError:
                continue
            unread += heard
            while len(unread) >= 7 + (size := int.from_bytes(unread[1:3], "big")):
                whole, unread = unread[: 7 + size], unread[7 + size :]
                if zlib.crc32(whole[:-4]) != int.from_bytes(whole[-4:], "big"):
                    return  # hang up, as a bridge does that cannot follow any more
                self._obey(connection, whole[:1], whole[3:-4])

    def _obey(self, connection: Connection, kind: bytes, body: bytes) -> None:
        match kind:
            case b"O":
                self.hear_output(body)
            case b"G" if len(body) == 3:
                report = self.feature(body[0])
                longest = 1 + int.from_bytes(body[1:], "big")
                answer = _framed(b"R") if report is None else _framed(b"F", report[:longest])
                connection.sendall(answer)
            case b"S" if body:
                connection.sendall(_framed(b"A" if self.set_feature(body) else b"R"))

    def _send_waiting(self, connection: Connection) -> None:
        while True:
            with self._outbox_lock:
                if not self._outbox:
                    return
                report = self._outbox.popleft()
            connection.sendall(_framed(b"I", report))


def _framed(kind: bytes, body: bytes = b"") -> bytes:
    told = kind + len(body).to_bytes(2, "big") + body
    return told + zlib.crc32(told).to_bytes(4, "big")
