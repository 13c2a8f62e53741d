"""Driver for readers that send their text in HID reports, as barcode scanners for tills do.

Source: Access-IS LSR118 manual, page 68, and the HID Point of Sale usage tables 1.02 (page 8C,
usage 02). A report of 64 bytes: number 02; length of the data; AIM identifier, three bytes; data,
56 bytes; symbology, one byte more; reserved, one byte; 01 where the text goes on in the next.
Tried on the simulated reader only.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.hid_link import HidLink
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.reading import MOST_CHARACTERS, SameDocument, document_read

POINT_OF_SALE, SCANNER = 0x8C, 0x02
"""Usage page and usage by which such a reader is found."""

REPORT = 0x02
LENGTH_AT, DATA_AT, MORE_AT = 1, 5, 63
MOST_DATA = 56
SLICE_S, PROBE_S = 0.1, 0.01
NEXT_S = 0.5
"""So long the next report of a text may take; the text ends there if it does not come."""


def report_text(report: bytes) -> tuple[bytes, bool] | None:
    """Return the data of a report, and whether more follows; None for any other report."""
    if len(report) <= MORE_AT or report[0] != REPORT or report[LENGTH_AT] > MOST_DATA:
        return None
    return report[DATA_AT : DATA_AT + report[LENGTH_AT]], report[MORE_AT] == 1


class HidReader:
    """One reader; a DocumentReader."""

    def __init__(self, open_link: Callable[[], HidLink]) -> None:
        self._open_link = open_link
        self._link: HidLink | None = None
        self._same = SameDocument()

    def open(self) -> None:
        """Open the device."""
        if self._link is None:
            self._link = self._open_link()

    def close(self) -> None:
        """Release the device."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def health(self) -> Health:
        """Tell whether the device is still plugged."""
        try:
            self.present()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(DeviceState.ONLINE, "listens only")

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Wait until a zone comes; what came before the call is dropped."""
        self._opened().flush_input()
        deadline = monotonic() + timeout_s
        while True:
            read = document_read(self._text(deadline, cancelled))
            if read is not None and not self._same.is_again(read, monotonic()):
                return read
            if monotonic() >= deadline:
                raise DeviceTimeoutError(f"no document within {timeout_s} s")

    def present(self) -> Seen:
        """See that the device is plugged; a swipe reader has no sensor."""
        with suppress(DeviceTimeoutError):
            self._opened().read_report(PROBE_S)  # what comes while nobody waits does not count
        return Seen.UNKNOWN

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Nothing lies in a swipe reader."""
        del timeout_s, cancelled
        return self.present()

    def _text(self, deadline: float, cancelled: Event) -> bytes:
        """Put the reports of one text together; empty where none came up to the deadline."""
        text, until = b"", deadline
        while len(text) < MOST_CHARACTERS:
            report = self._report(until, cancelled)
            if report is None:
                return text
            if (part := report_text(report)) is None:
                continue
            text += part[0]
            if not part[1]:
                return text
            until = monotonic() + NEXT_S
        return text

    def _report(self, deadline: float, cancelled: Event) -> bytes | None:
        while not cancelled.is_set():
            left_s = deadline - monotonic()
            try:
                return self._opened().read_report(min(SLICE_S, max(left_s, PROBE_S)))
            except DeviceTimeoutError:
                if monotonic() >= deadline:
                    return None
        raise RequestCancelledError("the caller stopped waiting")

    def _opened(self) -> HidLink:
        if self._link is None:
            raise DeviceAbsentError("the reader is not opened")
        return self._link
