"""Driver for swipe readers that send a zone between two marks: DESKO, Access-IS and others.

Source: DESKO "Protocol description" 2.12 (the profile of CUTE airports): a byte of the reader's
own, STX, the lines with CR between, ETX, a byte of the reader's own. Such a reader only speaks;
nothing is ever sent to it. Tried on the simulated reader only.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import DeviceError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.document_reader.heard_line import HeardLine, opened
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.reading import MOST_CHARACTERS, SameDocument, document_read

BAUD = 9600
STX, ETX = b"\x02", b"\x03"
GAP_S = 0.6
"""A text that has begun ends with a silence of this length, if not with its mark."""


class StxReader:
    """One reader; a DocumentReader.

    Args:
        open_line: Opens the line.
        start: What a text begins with; empty where anything begins one.
        end: What it ends with; empty where only silence ends it. Bytes outside are dropped, so
            that delimiters around these need not be known.
        gap_s: The silence that ends a text in any case.
    """

    def __init__(
        self,
        open_line: Callable[[], Transport],
        start: bytes = STX,
        end: bytes = ETX,
        gap_s: float = GAP_S,
    ) -> None:
        self._open_line = open_line
        self._start, self._end = start, end
        self._gap_s = gap_s
        self._line: HeardLine | None = None
        self._same = SameDocument()

    def open(self) -> None:
        """Open the line; a reader that only speaks cannot be asked whether it is there."""
        if self._line is None:
            self._line = HeardLine(self._open_line())

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Tell whether the line stands; that is all there is to know."""
        try:
            opened(self._line).require()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(DeviceState.ONLINE, "listens only")

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Wait until a zone comes; what came before the call is dropped."""
        line = opened(self._line)
        line.flush()
        deadline = monotonic() + timeout_s
        while True:
            self._await_start(line, deadline, cancelled)
            read = document_read(self._text(line, cancelled))
            if read is not None and not self._same.is_again(read, monotonic()):
                return read
            if monotonic() >= deadline:
                raise DeviceTimeoutError(f"no document within {timeout_s} s")

    def present(self) -> Seen:
        """See that the line stands; a swipe reader has no sensor."""
        opened(self._line).require()
        return Seen.UNKNOWN

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Nothing lies in a swipe reader."""
        del timeout_s, cancelled
        return self.present()

    def _await_start(self, line: HeardLine, deadline: float, cancelled: Event) -> None:
        """Skip bytes until the mark of a beginning was heard."""
        seen = b""
        while len(seen) < len(self._start) or not seen.endswith(self._start):
            if monotonic() >= deadline:
                raise DeviceTimeoutError("no document came")
            heard = line.byte(deadline - monotonic(), cancelled)
            seen = (seen + bytes([heard]))[-len(self._start) :]

    def _text(self, line: HeardLine, cancelled: Event) -> bytes:
        """Collect a text up to its end, a silence, or more than any zone has."""
        text = bytearray()
        while len(text) < MOST_CHARACTERS:
            try:
                text.append(line.byte(self._gap_s, cancelled))
            except DeviceTimeoutError:
                break
            if self._start and text.endswith(self._start):
                text.clear()  # the end of the one before was lost
            if self._end and text.endswith(self._end):
                return bytes(text[: -len(self._end)])
        return bytes(text)
