"""Byte pipes under the drivers, their recording, and the replay that stands in for them."""

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol

import serial

try:
    from termios import error as TerminalError  # noqa: N812 (a class, in small letters there)
except ImportError:  # Windows has none
    TerminalError = OSError  # type: ignore[misc,assignment]

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceTimeoutError

OPEN_TIMEOUT_S = 3.0
LOST = (serial.SerialException, OSError, TerminalError, TypeError)
"""What pyserial raises when the line goes: a pulled USB plug ends in termios.error, which is no
OSError, and a line closed by another thread in TypeError."""


class Transport(Protocol):
    """An opened byte pipe to one device."""

    def write(self, data: bytes) -> None:
        """Send all of data.

        Raises:
            DeviceAbsentError: The pipe broke.
        """
        ...

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return exactly count bytes.

        Raises:
            DeviceTimeoutError: Fewer came within timeout_s; what came is lost.
            DeviceAbsentError: The pipe broke.
        """
        ...

    def flush_input(self) -> None:
        """Throw away what the device said and nobody read."""
        ...

    def close(self) -> None:
        """Release the pipe. Closing twice does no harm."""
        ...


class SerialTransport:
    """A serial line, or the same bytes over TCP (`socket://host:port`), by pyserial."""

    def __init__(self, address: str, baud: int, parity: str = "N") -> None:
        """Open the line: address is a port name or any URL that pyserial knows.

        Raises:
            DeviceAbsentError: There is no such port, or nobody listens there.
        """
        try:
            self._line = serial.serial_for_url(
                address, baudrate=baud, parity=parity, timeout=0.1, write_timeout=2.0
            )
        except (*LOST, ValueError) as error:
            raise DeviceAbsentError(f"cannot open {address}: {error}") from error
        self._socket = getattr(self._line, "_socket", None)
        if isinstance(self._socket, socket.socket):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        """Send all of data."""
        try:
            self._line.write(data)
        except LOST as error:
            raise DeviceAbsentError(f"line lost: {error}") from error

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return exactly count bytes, or raise DeviceTimeoutError."""
        try:
            self._line.timeout = timeout_s
            data = bytes(self._line.read(count))
        except LOST as error:
            raise DeviceAbsentError(f"line lost: {error}") from error
        if len(data) < count:
            raise DeviceTimeoutError(f"{len(data)} of {count} bytes within {timeout_s} s")
        return data

    def flush_input(self) -> None:
        """Throw away unread input."""
        try:
            self._line.reset_input_buffer()
        except LOST as error:
            raise DeviceAbsentError(f"line lost: {error}") from error

    def close(self) -> None:
        """Release the line."""
        with suppress(*LOST):  # its plug may be gone
            self._line.close()
        if isinstance(self._socket, socket.socket):
            self._socket.close()  # pyserial leaves it open when the other end hung up first


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of a recording: who spoke, and what was said."""

    speaker: Literal["host", "device"]
    data: bytes

    @classmethod
    def parse(cls, line: str) -> "Exchange":
        """Read one line of a recording: '> 5501' (host) or '< aa01' (device); else ValueError."""
        arrow, _, hexadecimal = line.strip().partition(" ")
        if arrow not in {">", "<"}:
            raise ValueError("a line of a recording begins with > or <")
        return cls("host" if arrow == ">" else "device", bytes.fromhex(hexadecimal))

    def __str__(self) -> str:
        return f"{'>' if self.speaker == 'host' else '<'} {self.data.hex()}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a driver first left a recording.

    Attributes:
        at: How many exchanges had been played before; it is the next one that differs.
        words: What was recorded and what the driver did.
    """

    at: int
    words: str


class RecordingTransport:
    """Passes bytes through and tells a listener every exchange."""

    def __init__(self, inner: Transport, tell: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._tell = tell

    def write(self, data: bytes) -> None:
        """Send and record."""
        self._tell(Exchange("host", data))
        self._inner.write(data)

    def read(self, count: int, timeout_s: float) -> bytes:
        """Receive and record."""
        data = self._inner.read(count, timeout_s)
        self._tell(Exchange("device", data))
        return data

    def flush_input(self) -> None:
        """Pass on."""
        self._inner.flush_input()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()


class ReplayTransport:
    """Plays a recording back and refuses any word the recording does not hold.

    Attributes:
        played: How many exchanges have been played.
        difference: Where the driver first said something else; None while it has not.
    """

    def __init__(self, recording: list[Exchange]) -> None:
        self.played = 0
        self.difference: Difference | None = None
        self._recording = list(recording)
        self._unread = b""
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        """Check that the host says what it said when the recording was made."""
        with self._lock:
            if self._next_speaker() != "host":
                words = f"the recording has no host turn here, driver sent {data.hex()}"
                raise self._differs(words)
            expected = self._recording[self.played].data
            if data != expected:
                raise self._differs(f"recorded {expected.hex()}, driver sent {data.hex()}")
            self.played += 1

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return what the device said when the recording was made."""
        with self._lock:
            while len(self._unread) < count:
                if self._next_speaker() != "device":
                    raise DeviceTimeoutError(f"the recording is silent here ({timeout_s} s)")
                self._unread += self._recording[self.played].data
                self.played += 1
            data, self._unread = self._unread[:count], self._unread[count:]
            return data

    def flush_input(self) -> None:
        """Throw away what was not read."""
        self._unread = b""

    def close(self) -> None:
        """Closing a replay does nothing; ask finished() whether all was played."""

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return self.played == len(self._recording) and not self._unread

    def _next_speaker(self) -> str:
        """Who speaks next; nobody at the end."""
        left = self._recording[self.played : self.played + 1]
        return left[0].speaker if left else ""

    def _differs(self, words: str) -> BadReplyError:
        self.difference = self.difference or Difference(self.played, words)
        return BadReplyError(words)
