"""What every sound output offers: samples go out, and can be cut off."""

from collections.abc import Iterator
from threading import Event
from typing import Protocol

SAMPLE_BYTES = 2
"""Samples are signed 16-bit little-endian, one channel."""


class SoundOutput(Protocol):
    """One jack. It belongs to one thread; whoever ends a wait does so by an event."""

    def play(self, samples: Iterator[bytes], rate_hz: int, cancelled: Event) -> None:
        """Play samples to their end; silence follows at once when cancelled is set.

        Args:
            samples: Pieces of signed 16-bit little-endian samples, one channel.
            rate_hz: Samples a second.
            cancelled: Ends the sound; what the device holds back is dropped.

        Raises:
            DeviceAbsentError: There is no such device, or it went away.
            RequestCancelledError: cancelled was set.
        """
        ...
