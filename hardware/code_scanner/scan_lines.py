"""Cuts what a scanner sends into scans, and reads single bytes so that none is ever lost."""

from enum import StrEnum
from threading import Event
from time import monotonic

from hardware.core.errors import DeviceTimeoutError, RequestCancelledError
from hardware.core.transport import Transport

CR, LF = 0x0D, 0x0A
SLICE_S = 0.1
QUIET_S = 0.08
"""A line that says nothing for so long is not in the middle of a scan: at 9600 bits a second one
character takes a millisecond."""

STALE_S = 0.5
"""A scan whose end does not come within this has lost it; the next scan must not be glued on."""

MOST_STALE_BYTES = 64 * 1024


class Terminator(StrEnum):
    """What a scanner puts behind every code."""

    CR = "cr"
    LF = "lf"
    CRLF = "crlf"
    IDLE = "idle"
    """Nothing: a pause ends the code."""


class ScanCutter:
    """Fed with bytes, it gives back whole scans. What is too long is dropped to its end."""

    def __init__(self, terminator: Terminator, most: int, idle_s: float = QUIET_S) -> None:
        self._last = {Terminator.CR: CR, Terminator.IDLE: -1}.get(terminator, LF)
        self._terminator = terminator
        self._most = most
        self._scan = bytearray()
        self._is_too_long = False
        self.gap_s = idle_s if terminator is Terminator.IDLE else STALE_S

    @property
    def is_within(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._scan) or self._is_too_long

    def feed(self, byte: int) -> bytes | None:
        """Take one byte; returns the scan that it ended."""
        if byte == self._last:
            return self._ended()
        if len(self._scan) >= self._most:
            self._scan.clear()
            self._is_too_long = True
        if not self._is_too_long:
            self._scan.append(byte)
        return None

    def gap(self) -> bytes | None:
        """The line was silent for gap_s: that ends a scan, or it has lost its end."""
        ended = self._ended()
        return ended if self._terminator is Terminator.IDLE else None

    def clear(self) -> None:
        """Forget what began."""
        self._scan.clear()
        self._is_too_long = False

    def _ended(self) -> bytes | None:
        scan, was_too_long = bytes(self._scan), self._is_too_long
        self.clear()
        # A scanner that sends CR LF although CR is expected leaves an LF before the next code.
        scan = scan.strip(b"\r\n")
        return None if was_too_long or not scan else scan


class ByteLine:
    """A line read byte by byte: a Transport loses what came when less comes than was wanted."""

    def __init__(self, line: Transport, cancelled: Event) -> None:
        self._line = line
        self._cancelled = cancelled

    def write(self, data: bytes) -> None:
        """Send all of data."""
        self._line.write(data)

    def next(self, until: float) -> int:
        """Return the next byte.

        Raises:
            DeviceTimeoutError: None came until that moment of the monotonic clock.
            RequestCancelledError: cancelled was set.
        """
        while not self._cancelled.is_set():
            left_s = until - monotonic()
            if left_s <= 0:
                raise DeviceTimeoutError("the scanner is silent")
            try:
                return self._line.read(1, min(SLICE_S, left_s))[0]
            except DeviceTimeoutError:
                continue
        raise RequestCancelledError("the caller stopped waiting")

    def settle(self) -> None:
        """Drop what was said, up to the end of what is being said."""
        self._line.flush_input()
        try:
            for _ in range(MOST_STALE_BYTES):
                self._line.read(1, QUIET_S)
                if self._cancelled.is_set():
                    return
        except DeviceTimeoutError:
            pass
