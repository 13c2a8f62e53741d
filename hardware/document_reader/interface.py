"""What every document reader offers: a document is laid or swiped, and its zone is text."""

from dataclasses import dataclass
from threading import Event
from typing import Protocol

from hardware.core.device import Device, Seen
from hardware.core.zone_text import ZoneFlaw


@dataclass(frozen=True, slots=True, repr=False)
class DocumentRead:
    """The machine-readable zone of one document. It has no repr, for it is somebody's.

    Attributes:
        lines: As read, top line first: A to Z, 0 to 9 and <; ? where a character was none of
            these, mostly because the reader could not tell which it is.
        flaws: What is wrong with them; nothing is repaired and nothing left out. Empty where
            every check digit fits.
    """

    lines: tuple[str, ...]
    flaws: tuple[ZoneFlaw, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it may be believed."""
        return not self.flaws

    @property
    def text(self) -> str:
        """The lines one after the other: 90 (TD1), 72 (TD2) or 88 (TD3) characters if sound."""
        return "".join(self.lines)


class DocumentReader(Device, Protocol):
    """A reader that takes one document at a time. What it reads is never written to a log."""

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Wait for a document and return its zone, sound or not.

        What was swiped before the call does not count, nor does a document that is read once
        more while it lies there.

        Raises:
            DeviceTimeoutError: None came within timeout_s.
            RequestCancelledError: cancelled was set; the wait ends within a quarter of a second.
            DeviceAbsentError: The reader was unplugged or never opened.
        """
        ...

    def present(self) -> Seen:
        """Tell whether a document lies there; unknown where the reader has no such sensor.

        Raises:
            DeviceError: The reader does not answer.
        """
        ...

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Wait until no document lies there; returns no, or unknown at once where none can tell.

        Raises:
            DeviceTimeoutError: It still lies there. Otherwise as wait_for_document.
        """
        ...
