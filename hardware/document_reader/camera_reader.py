"""A document reader made of any camera and whatever finds a zone in its pictures."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any, Protocol

from hardware.core.device import Device, Health, Seen
from hardware.core.errors import DeviceTimeoutError
from hardware.document_reader.interface import DocumentRead
from hardware.document_reader.reading import document_read, wait_until_gone

FRAME_S = 3.0
BLANKS = 3
"""So many pictures without a zone, one after the other, mean that no document lies there."""


class Picture(Protocol):
    """A frame of a camera."""

    @property
    def pixels(self) -> Any:
        """What it shows, as the finder of zones takes it."""
        ...


class Looking(Device, Protocol):
    """What is wanted of a camera; every Camera does it."""

    def next_frame(self, timeout_s: float, cancelled: Event) -> Picture:
        """Return a frame that was not returned before."""
        ...


class CameraReader:
    """A camera above a place where documents are laid; a DocumentReader.

    Args:
        camera: It is opened and closed with the reader.
        find_zone: Returns the zone that a picture shows, without line breaks, or None. It must
            return only what it is sure of: of a document laid askew, nothing.
    """

    def __init__(self, camera: Looking, find_zone: Callable[[Any], str | None]) -> None:
        self._camera = camera
        self._find_zone = find_zone
        self._lying: int | None = None
        """A hash of the zone that was returned and lies there still."""

    def open(self) -> None:
        """Open the camera."""
        self._camera.open()

    def close(self) -> None:
        """Close the camera."""
        self._camera.close()
        self._lying = None

    def health(self) -> Health:
        """Ask the camera."""
        return self._camera.health()

    def wait_for_document(self, timeout_s: float, cancelled: Event) -> DocumentRead:
        """Look until a zone is read that was not there before."""
        deadline, blanks = monotonic() + timeout_s, 0
        while (left_s := deadline - monotonic()) > 0:
            zone = self._look(min(left_s, FRAME_S), cancelled)
            blanks = 0 if zone else blanks + 1
            if blanks >= BLANKS:
                self._lying = None
            if zone and hash(zone) != self._lying:
                self._lying = hash(zone)
                if (read := document_read(zone.encode("ascii", "replace"))) is not None:
                    return read
        raise DeviceTimeoutError(f"no document within {timeout_s} s")

    def present(self) -> Seen:
        """Look at a few pictures."""
        return self._seen(Event())

    def wait_removed(self, timeout_s: float, cancelled: Event) -> Seen:
        """Look until no picture shows a zone any more."""
        return wait_until_gone(lambda: self._seen(cancelled), timeout_s, cancelled)

    def _seen(self, cancelled: Event) -> Seen:
        for _ in range(BLANKS):
            if self._find_zone(self._camera.next_frame(FRAME_S, cancelled).pixels):
                return Seen.YES
        self._lying = None
        return Seen.NO

    def _look(self, timeout_s: float, cancelled: Event) -> str | None:
        try:
            return self._find_zone(self._camera.next_frame(timeout_s, cancelled).pixels)
        except DeviceTimeoutError:
            return None
