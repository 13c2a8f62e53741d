"""Reads a line byte by byte, so that a wait can be ended and nothing that was heard is lost."""

from contextlib import suppress
from threading import Event
from time import monotonic

from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.core.transport import Transport

SLICE_S = 0.1
PROBE_S = 0.01


class HeardLine:
    """A transport that is read in short slices."""

    def __init__(self, line: Transport) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        """Send."""
        self._line.write(data)

    def byte(self, timeout_s: float, cancelled: Event) -> int:
        """Wait for one byte.

        Raises:
            DeviceTimeoutError: None came. RequestCancelledError: cancelled was set.
            DeviceAbsentError: The line broke.
        """
        deadline = monotonic() + timeout_s
        while not cancelled.is_set():
            left_s = deadline - monotonic()
            try:
                return self._line.read(1, min(SLICE_S, max(left_s, PROBE_S)))[0]
            except DeviceTimeoutError:
                if monotonic() >= deadline:
                    raise
        raise RequestCancelledError("the caller stopped waiting")

    def require(self) -> None:
        """See that the line still stands; raises DeviceAbsentError where it does not.

        A line tells its end only to those who read; what came while nobody waited is dropped.
        """
        with suppress(DeviceTimeoutError):
            self._line.read(1, PROBE_S)

    def flush(self) -> None:
        """Throw away what nobody read."""
        self._line.flush_input()

    def close(self) -> None:
        """Release the line."""
        self._line.close()


def opened(line: HeardLine | None) -> HeardLine:
    """Return the line, or raise DeviceAbsentError where there is none."""
    if line is None:
        raise DeviceAbsentError("the reader is not opened")
    return line
