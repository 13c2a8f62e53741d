"""What ticket printers and form printers offer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL.Image import Image

from hardware.core.device import Device, Seen


class Paper(StrEnum):
    """The paper supply (XFS4IoT printer paper supply words)."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at a printer."""

    online: Seen
    paper: Paper
    cover_open: Seen


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
        """Print one slip (mode 1 or L, width_px wide at most) and cut it.

        Raises:
            DeviceFaultError: Paper out (reason empty), cover open or cutter stuck (reason jam).
            DeviceAbsentError: The printer does not answer; whether it printed is not known.
        """
        ...


class FormPrinter(Device, Protocol):
    """A printer of whole pages."""

    def status(self) -> PrinterStatus:
        """Ask the print system."""
        ...

    def print_document(self, pdf: bytes, title: str) -> None:
        """Hand one PDF to the print system; title holds no personal data.

        Raises:
            DeviceFaultError: The print system refused the document or its printer is stopped.
            DeviceAbsentError: There is no such printer.
        """
        ...
