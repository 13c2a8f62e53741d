"""Sound to a sound server's TCP door that takes bare samples.

PulseAudio and PipeWire have it as module-simple-protocol-tcp, with the format set in the server:
one connection is one sound; closing our half says that no more comes, and the server hangs up
when all was heard; a reset drops what was not heard yet.
"""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from urllib.parse import urlsplit

from hardware.core.errors import DeviceAbsentError, RequestCancelledError
from hardware.sound.pipes import LOOK_EVERY_S, push

CONNECT_S = 2.0


class PcmStream:
    """A sound server at tcp://host:port."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        if place.scheme != "tcp" or not place.hostname or not place.port:
            raise ValueError(f"the address is written tcp://host:port, not {address!r}")
        self._place = (place.hostname, place.port)

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        """Play samples to their end, or until cancelled. The server knows the rate."""
        del rate_hz
        try:
            with socket.create_connection(self._place, CONNECT_S) as line:
                try:
                    self._feed(line, samples, cancelled)
                except RequestCancelledError:
                    # Lingering for no time makes closing a reset.
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    raise
        except OSError as error:
            raise DeviceAbsentError("the sound server is away") from error

    def _feed(self, line: socket.socket, samples: Iterator[bytes], cancelled: Event) -> None:
        line.setblocking(False)
        push(line.fileno(), samples, cancelled, lambda _fd, data: _send(line, data))
        line.shutdown(socket.SHUT_WR)
        while True:
            if cancelled.is_set():
                raise RequestCancelledError("the sound was cut off")
            if select.select([line], [], [], LOOK_EVERY_S)[0] and not line.recv(256):
                return


def _send(line: socket.socket, data: bytes) -> int:
    with suppress(BlockingIOError):
        return line.send(data)
    return 0
