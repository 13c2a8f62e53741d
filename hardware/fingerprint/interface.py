"""What every fingerprint scanner offers, whoever made it."""

from dataclasses import dataclass
from threading import Event
from typing import Protocol

from hardware.core.device import Device


@dataclass(frozen=True, slots=True)
class FingerImage:
    """One grey picture of a finger: 8 bits a pixel, row by row, dark ridges on light ground."""

    pixels: bytes
    width: int
    height: int
    dots_per_inch: int


class FingerprintScanner(Device, Protocol):
    """A single-finger scanner."""

    def capture(self, timeout_s: float, cancelled: Event) -> FingerImage:
        """Wait for a finger and return its image.

        Raises:
            DeviceTimeoutError: No finger came within timeout_s.
            RequestCancelledError: cancelled was set; the wait ends within a quarter of a second.
            DeviceAbsentError: The scanner was unplugged or never opened.
        """
        ...

    def wait_lifted(self, timeout_s: float, cancelled: Event) -> None:
        """Wait until no finger rests on the glass; raises as capture does."""
        ...
