"""Driver for face cameras behind MOSIP's Secure Biometric Interface 0.9.5.

Its stream is for aiming; what counts is the signed record. Tried on the simulated service only.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic

import cv2
import numpy as np

from hardware.camera.interface import Frame, Pixels
from hardware.camera.mjpeg_splitter import MjpegSplitter
from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceTimeoutError,
)
from hardware.core.http_link import HttpLink
from hardware.core.http_stream import HttpStream
from hardware.sbi.biometrics import BioType, Wanted
from hardware.sbi.captures import Captured
from hardware.sbi.device import SbiDevice, Settings
from hardware.sbi.devices import DigitalId
from hardware.sbi.records import require_face

WHOLE = "0"
"""The deviceSubId of a face camera: it has but one part."""

STREAM_S = 300.0
"""How long a stream is asked for; the specification's example. Then it is asked for again."""


class SbiFace:
    """One face camera; a Camera whose stream runs while it is open.

    Attributes:
        device: The device itself, for its identity and for authentication.
    """

    def __init__(
        self, address: str, link_to: Callable[[str], HttpLink], settings: Settings
    ) -> None:
        self.device = SbiDevice(address, link_to, BioType.FACE, settings)
        self._stream: HttpStream | None = None
        self._splitter = MjpegSplitter()
        self._number = 0
        self._ends_at = 0.0

    def open(self) -> None:
        """Find the camera, believe it, and begin its stream; raises as SbiDevice.open."""
        self.device.open()
        if self._stream is None:
            try:
                self._start(Event())
            except DeviceError:
                self.close()
                raise

    def close(self) -> None:
        """End the stream and release the service."""
        self._stop()
        self.device.close()

    def health(self) -> Health:
        """Ask the service how its camera is; our own stream keeps it busy, and that is well."""
        if self._stream is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        health = self.device.health()
        return Health(DeviceState.ONLINE) if health.state is DeviceState.BUSY else health

    def identity(self, cancelled: Event) -> DigitalId:
        """Have the camera sign once more who it is."""
        return self.device.identity(cancelled)

    def next_frame(self, timeout_s: float, cancelled: Event) -> Frame:
        """Return the newest frame that was not returned before."""
        deadline = monotonic() + timeout_s
        while True:
            jpegs = self._arrived(deadline, cancelled)
            self._number += len(jpegs)
            pixels = _decoded(jpegs[-1]) if jpegs else None
            if pixels is not None:
                return Frame(pixels, self._number)

    def capture_record(self, timeout_s: float, cancelled: Event) -> Captured:
        """Wait for a face and return its signed ISO record, while the stream goes on.

        Raises:
            DeviceTimeoutError: Nobody came. RequestCancelledError: cancelled was set.
            AnswerRefusedError: The record is not to be believed; its reason says why.
            DeviceError: As the device says.
        """
        wanted = Wanted(BioType.FACE, score=self.device.settings.score)
        (captured,) = self.device.capture(wanted, timeout_s, cancelled)
        require_face(captured.record)
        return captured

    def _arrived(self, deadline: float, cancelled: Event) -> list[bytes]:
        """Return the whole pictures among what has arrived; perhaps none."""
        if self._stream is None:
            raise DeviceAbsentError("the camera is not opened")
        left_s = deadline - monotonic()
        if left_s <= 0:
            raise DeviceTimeoutError("no frame came")
        try:
            data = self._stream.read(left_s, cancelled)
        except BadReplyError:  # we were away for too long; begin again behind the gap
            self._splitter = MjpegSplitter()
            return []
        except DeviceAbsentError:
            self._stop()
            raise
        if not data:
            self._again(cancelled)
        return self._splitter.feed(data)

    def _again(self, cancelled: Event) -> None:
        """Begin the stream again when its time was over; one that broke is a loss."""
        is_over = monotonic() >= self._ends_at
        self._stop()
        if not is_over:
            raise DeviceAbsentError("the camera ended the stream")
        self._start(cancelled)

    def _start(self, cancelled: Event) -> None:
        self._stream = self.device.stream(WHOLE, STREAM_S, cancelled)
        self._splitter = MjpegSplitter()
        self._ends_at = monotonic() + STREAM_S

    def _stop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()


def _decoded(jpeg: bytes) -> Pixels | None:
    """Return the pixels; None where it is no picture, or claims to be a giant."""
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if pixels is None else pixels.astype(np.uint8, copy=False)
