"""What every code scanner offers: the text of a code that somebody holds before it."""

from dataclasses import dataclass
from threading import Event
from typing import Protocol

from hardware.camera.codes import Symbology
from hardware.core.device import Device


@dataclass(frozen=True, slots=True)
class Code:
    """One code that was read; symbology is None where the scanner does not tell it."""

    text: str
    symbology: Symbology | None = None


class CodeScanner(Device, Protocol):
    """A scanner of printed codes. Its lamp and its trigger are its driver's business."""

    def wait_for_code(self, timeout_s: float, cancelled: Event) -> Code:
        """Return the first code that is read from now on.

        What was scanned while nobody waited is dropped: it was shown to the screen before this
        one, perhaps by somebody else. A code that lies before a scanner with a trigger is read
        again at every call.

        Raises:
            DeviceTimeoutError: None came. RequestCancelledError: cancelled was set.
            DeviceAbsentError: The scanner is gone.
        """
        ...
