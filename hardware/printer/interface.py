"""What ticket printers and form printers offer."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Protocol

from PIL.Image import Image

from hardware.core.device import Device, Seen
from hardware.printer.reasons import Reason


class Paper(StrEnum):
    """The paper supply (XFS4IoT printer paper supply words)."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at a printer.

    Attributes:
        reasons: Everything that the printer says is wrong or soon will be, in words that a screen
            can turn into a sentence; empty also where it says nothing.
        in_mouth: Whether a slip waits to be taken; unknown without a sensor there.
    """

    online: Seen
    paper: Paper
    cover_open: Seen
    reasons: frozenset[Reason] = frozenset()
    in_mouth: Seen = Seen.UNKNOWN


UNKNOWN_STATUS = PrinterStatus(Seen.UNKNOWN, Paper.UNKNOWN, Seen.UNKNOWN)


class Printed(StrEnum):
    """What is known of a document when print_document returns."""

    PRINTED = "printed"
    """The print system says that its last page is out."""
    HANDED_OVER = "handed_over"
    """The print system has it, and nobody there tells more."""


class TicketPrinter(Device, Protocol):
    """A printer of short slips that cuts them off."""

    @property
    def width_px(self) -> int:
        """How many dots fit across the paper."""
        ...

    def status(self) -> PrinterStatus:
        """Ask the sensors; unknown where the printer does not say. Never raises."""
        ...

    def print_slip(self, picture: Image) -> None:
        """Print one slip (mode 1 or L, width_px wide at most), cut it, and hear that it is done.

        Nothing is sent twice. When it raises, what was not printed yet is dropped where the
        printer can do that, and the next slip is cut off from whatever hangs in the mouth.

        Raises:
            DeviceFaultError: Paper out (reason empty), cover open or cutter stuck (reason jam), or
                another reason. No whole slip came out.
            DeviceAbsentError: The printer does not answer; nothing was sent.
            DeviceTimeoutError: It fell silent after something was sent: a slip, half a slip or
                none came out, and nobody knows which.
        """
        ...


class FormPrinter(Device, Protocol):
    """A printer of whole pages."""

    def status(self) -> PrinterStatus:
        """Ask the print system. Never raises."""
        ...

    def print_document(
        self,
        pdf: bytes,
        title: str,
        timeout_s: float = 60.0,
        cancelled: Event | None = None,
    ) -> Printed:
        """Have one PDF printed once; title holds no personal data.

        Where the print system tells, the document is followed until it is printed. A document
        that is given up is taken back from the queue first, so that it does not come out later.

        Raises:
            DeviceFaultError: The print system refused the document, gave it up, or its printer is
                stopped; the document does not come out later.
            DeviceAbsentError: There is no such printer; it got nothing.
            DeviceTimeoutError: Not printed within timeout_s and taken back, or the answer was
                lost: then nobody knows whether it comes out.
            RequestCancelledError: cancelled was set; as with a time-out.
        """
        ...
