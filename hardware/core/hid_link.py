"""Reports to and from a HID device; real, recorded, or played back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Protocol

from hardware.core.errors import BadReplyError, DeviceFaultError, DeviceTimeoutError
from hardware.core.transport import Difference, Exchange

INPUT, OUTPUT = b"I", b"O"
GET, FEATURE = b"G", b"F"
SET, TAKEN, REFUSED = b"S", b"A", b"R"
"""What an exchange of a recording, or a frame of a bridge, begins with. Host: OUTPUT report, GET
number and length (two bytes, big-endian), SET report. Device: INPUT report; FEATURE report, or
REFUSED, to GET; TAKEN, or REFUSED, to SET."""


class HidLink(Protocol):
    """An opened HID device (USB HID 1.11).

    A report is bytes, its number first. A device that does not number its reports sends input
    reports without that byte, and wants number 0 in all others.
    """

    def read_report(self, timeout_s: float) -> bytes:
        """Return the next input report.

        Raises:
            DeviceTimeoutError: None came. DeviceAbsentError: The device is gone.
        """
        ...

    def write_report(self, report: bytes) -> None:
        """Send an output report.

        Raises:
            DeviceFaultError: Refused. DeviceAbsentError: The device is gone.
        """
        ...

    def get_feature(self, number: int, length: int) -> bytes:
        """Ask for a feature report: number, and up to length bytes; raises as write_report."""
        ...

    def set_feature(self, report: bytes) -> None:
        """Set a feature report; raises as write_report."""
        ...

    def flush_input(self) -> None:
        """Throw away the input reports that nobody read."""
        ...

    def close(self) -> None:
        """Release the device. Closing twice does no harm."""
        ...


class RecordingHidLink:
    """Passes reports through and tells a listener every exchange."""

    def __init__(self, inner: HidLink, tell: Callable[[Exchange], None]) -> None:
        self._inner = inner
        self._tell = tell

    def read_report(self, timeout_s: float) -> bytes:
        """Read and record."""
        report = self._inner.read_report(timeout_s)
        self._tell(Exchange("device", INPUT + report))
        return report

    def write_report(self, report: bytes) -> None:
        """Send and record."""
        self._tell(Exchange("host", OUTPUT + report))
        self._inner.write_report(report)

    def get_feature(self, number: int, length: int) -> bytes:
        """Ask and record."""
        self._tell(Exchange("host", GET + asked(number, length)))
        with self._told_if_refused():
            report = self._inner.get_feature(number, length)
        self._tell(Exchange("device", FEATURE + report))
        return report

    def set_feature(self, report: bytes) -> None:
        """Set and record."""
        self._tell(Exchange("host", SET + report))
        with self._told_if_refused():
            self._inner.set_feature(report)
        self._tell(Exchange("device", TAKEN))

    def flush_input(self) -> None:
        """Pass on."""
        self._inner.flush_input()

    def close(self) -> None:
        """Pass on."""
        self._inner.close()

    @contextmanager
    def _told_if_refused(self) -> Iterator[None]:
        try:
            yield
        except DeviceFaultError:
            self._tell(Exchange("device", REFUSED))
            raise


class ReplayHidLink:
    """Plays a recording back and refuses any word that it does not hold.

    Attributes:
        played: How many exchanges have been played.
        difference: Where the driver first said something else; None while it has not.
    """

    def __init__(self, recording: list[Exchange]) -> None:
        self.played = 0
        self.difference: Difference | None = None
        self._recording = list(recording)
        self._lock = Lock()

    def read_report(self, timeout_s: float) -> bytes:
        """Return the next report, if the device spoke next."""
        with self._lock:
            coming = self._coming("device")
            if coming is None or coming[:1] != INPUT:
                raise DeviceTimeoutError(f"the recording is silent here ({timeout_s} s)")
            self.played += 1
            return coming[1:]

    def write_report(self, report: bytes) -> None:
        """Check that the host says what it said."""
        with self._lock:
            self._expect(OUTPUT + report)

    def get_feature(self, number: int, length: int) -> bytes:
        """Answer as the device did."""
        with self._lock:
            self._expect(GET + asked(number, length))
            return self._answer(FEATURE)

    def set_feature(self, report: bytes) -> None:
        """Take it as the device did."""
        with self._lock:
            self._expect(SET + report)
            self._answer(TAKEN)

    def flush_input(self) -> None:
        """Nothing is pending in a recording but what was read when it was made."""

    def close(self) -> None:
        """Closing a replay does nothing; ask finished() whether all was played."""

    def finished(self) -> bool:
        """Tell whether the driver played the recording to its end."""
        return self.played == len(self._recording)

    def _coming(self, speaker: str) -> bytes | None:
        """The next exchange, if it is this speaker's."""
        left = self._recording[self.played : self.played + 1]
        return left[0].data if left and left[0].speaker == speaker else None

    def _expect(self, said: bytes) -> None:
        expected = self._coming("host")
        if expected is None:
            raise self._differs(f"the recording has no host turn here, driver sent {said.hex()}")
        if expected != said:
            raise self._differs(f"recorded {expected.hex()}, driver sent {said.hex()}")
        self.played += 1

    def _answer(self, kind: bytes) -> bytes:
        coming = self._coming("device")
        if coming is None or coming[:1] == INPUT:
            raise DeviceTimeoutError("the recording holds no answer here")
        self.played += 1
        if coming[:1] == REFUSED:
            raise DeviceFaultError("refused")
        if coming[:1] != kind:
            raise BadReplyError("the recording answers something else here")
        return coming[1:]

    def _differs(self, words: str) -> BadReplyError:
        self.difference = self.difference or Difference(self.played, words)
        return BadReplyError(words)


def asked(number: int, length: int) -> bytes:
    """The bytes of a question for a feature report: number, length in two bytes."""
    return bytes([number]) + length.to_bytes(2, "big")
