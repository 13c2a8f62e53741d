"""Reads one message after another from a line on which frames tell their own length."""

from time import monotonic
from typing import Generic, Protocol, TypeVar

from hardware.core.errors import DeviceTimeoutError
from hardware.core.transport import Transport

GAP_S = 0.25
"""A pause within a frame after which no more of it will come."""

M = TypeVar("M")


class Decoder(Protocol[M]):
    """Takes messages out of a stream that arrives in any pieces."""

    @property
    def wanted(self) -> int:
        """How many bytes to read next, at least one, without reading past the current frame."""
        ...

    @property
    def inside_frame(self) -> bool:
        """Whether a frame has begun and not ended."""
        ...

    def reset(self) -> None:
        """Forget a frame that will not be completed."""
        ...

    def feed(self, data: bytes, /) -> list[M]:
        """Take more bytes in, and return what they complete."""
        ...


class FrameReader(Generic[M]):
    """Waits for the messages of one machine.

    Attributes:
        garbled: The message that says that a frame began and never ended.
    """

    def __init__(self, decoder: Decoder[M], garbled: M, slowest_byte_s: float) -> None:
        self._decoder = decoder
        self.garbled = garbled
        self._slowest_byte_s = slowest_byte_s

    def next(self, line: Transport, timeout_s: float) -> M | None:
        """Return the next thing the machine says, or None when it stays silent for timeout_s."""
        deadline = monotonic() + timeout_s
        while True:
            wanted, inside = self._decoder.wanted, self._decoder.inside_frame
            wait_s = GAP_S + wanted * self._slowest_byte_s if inside else deadline - monotonic()
            if wait_s <= 0:
                return None
            try:
                found = self._decoder.feed(line.read(wanted, wait_s))
            except DeviceTimeoutError:
                self._decoder.reset()
                return self.garbled if inside else None
            if found:
                return found[0]
