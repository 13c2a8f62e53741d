"""A code scanner that is a camera and the programs that read codes from its pictures."""

from collections.abc import Sequence
from threading import Event
from time import monotonic

from hardware.camera.codes import Symbology, read_codes
from hardware.camera.interface import Camera
from hardware.code_scanner.interface import Code
from hardware.core.device import Health
from hardware.core.errors import DeviceTimeoutError, RequestCancelledError

FRAME_S = 3.0
"""A camera that gives no frame for so long gives none."""


class CameraScanner:
    """A CodeScanner around any Camera, which it opens and closes."""

    def __init__(self, camera: Camera, symbologies: Sequence[Symbology] = (Symbology.QR,)) -> None:
        self._camera = camera
        self._symbologies = tuple(symbologies)

    def open(self) -> None:
        """Open the camera."""
        self._camera.open()

    def close(self) -> None:
        """Close the camera."""
        self._camera.close()

    def health(self) -> Health:
        """Ask the camera."""
        return self._camera.health()

    def wait_for_code(self, timeout_s: float, cancelled: Event) -> Code:
        """Look at frames until one shows a code."""
        deadline = monotonic() + timeout_s
        while not cancelled.is_set():
            left_s = deadline - monotonic()
            if left_s <= 0:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            frame = self._camera.next_frame(min(FRAME_S, left_s), cancelled)
            for found in read_codes(frame.pixels, self._symbologies):
                return Code(found.text, found.symbology)
        raise RequestCancelledError("the caller stopped waiting")
