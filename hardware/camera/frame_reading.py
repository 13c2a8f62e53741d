"""One thread that reads a capture and keeps its newest frame; it may be left behind when it hangs.

A read of V4L2 whose device was pulled, or of a stream whose server fell silent, may not return for
many seconds, and a capture may not be released by another thread while it is read. So the thread
owns the capture from its opening to its release, and nobody waits for it for long.
"""

from collections.abc import Callable
from threading import Condition, Event, Thread
from time import monotonic

import numpy as np

from hardware.camera.camera_settings import Backend, CameraSettings, Capture
from hardware.camera.interface import Frame, Pixels
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError

OPEN_S = 8.0
CLOSE_S = 1.0
SILENT_S = 5.0
"""A camera that gives nothing for so long is broken, whatever its read waits for."""

SLICE_S = 0.1
MOST_BAD = 30
"""So many pictures in a row that are none, and the stream is broken."""


class FrameReading:
    """From the opening of a capture to its end."""

    def __init__(
        self,
        connect: Callable[[], Capture],
        backend: Backend,
        settings: CameraSettings,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._connect = connect
        self._backend = backend
        self._settings = settings
        self._now = now
        self._changed = Condition()
        self._ended = Event()
        self._why_ended: str | None = None
        self._newest: Pixels | None = None
        self._number = 0
        self._heard_at = now()
        self._is_running = False
        self.refused: tuple[str, ...] = ()
        """What the camera did not take."""
        self.size = (0, 0)
        """Width and height that the camera gives, before turning."""
        self._thread = Thread(target=self._run, name="camera-frames", daemon=True)
        self._thread.start()

    def wait_running(self) -> None:
        """Wait until the first frame is there.

        Raises:
            DeviceAbsentError: It cannot be opened, or not within OPEN_S.
        """
        deadline = self._now() + OPEN_S
        with self._changed:
            while not self._is_running and self._why_ended is None:
                if (left_s := deadline - self._now()) <= 0:
                    self._why_ended = f"no camera opens within {OPEN_S} s"
                    break
                self._changed.wait(min(SLICE_S, left_s))
            if self._why_ended is not None:
                raise DeviceAbsentError(self._why_ended)

    def why_ended(self) -> str | None:
        """Tell why no more frames come; None while they do."""
        with self._changed:
            if self._why_ended is None and self._now() - self._heard_at > SILENT_S:
                self._why_ended = f"no frame for {SILENT_S} s"
            return self._why_ended

    def take(self, timeout_s: float, cancelled: Event) -> Frame:
        """Wait for a frame that nobody took yet; errors as Camera.next_frame has them."""
        deadline = self._now() + timeout_s
        while True:
            why_ended = self.why_ended()
            with self._changed:
                if cancelled.is_set():
                    raise RequestCancelledError("the caller stopped waiting")
                if why_ended is not None:
                    raise DeviceAbsentError(why_ended)
                if self._newest is not None:
                    pixels, self._newest = self._newest, None
                    return Frame(self._settings.turned(pixels), self._number)
                if (left_s := deadline - self._now()) <= 0:
                    raise DeviceTimeoutError("no frame came")
                self._changed.wait(min(SLICE_S, left_s))

    def end(self) -> bool:
        """Ask the thread to end; tells whether it did within CLOSE_S."""
        self._ended.set()
        self._thread.join(CLOSE_S)
        return not self._thread.is_alive()

    def is_alive(self) -> bool:
        """Tell whether the thread still hangs in a read."""
        return self._thread.is_alive()

    def _run(self) -> None:
        why = "the camera ended the stream"
        capture: Capture | None = None
        try:
            capture = self._connect()
            if capture.isOpened():
                self.refused = self._settings.applied(capture, self._backend)
                self._read(capture)
            else:
                why = "no camera answers"
        except Exception as error:
            why = f"the camera failed: {type(error).__name__}"
        finally:
            if capture is not None:
                capture.release()
            with self._changed:
                self._why_ended = self._why_ended or why
                self._newest = None
                self._changed.notify_all()

    def _read(self, capture: Capture) -> None:
        bad = 0
        while not self._ended.is_set() and bad < MOST_BAD:
            is_there, pixels = capture.read()
            if not is_there:
                return
            if not _is_picture(pixels):
                bad += 1
                continue
            bad = 0
            with self._changed:
                self._newest = pixels
                self._number += 1
                self._heard_at = self._now()
                self.size = (pixels.shape[1], pixels.shape[0])
                self._is_running = True
                self._changed.notify_all()


def _is_picture(pixels: object) -> bool:
    return (
        isinstance(pixels, np.ndarray)
        and pixels.ndim == 3
        and pixels.shape[2] == 3
        and pixels.dtype == np.uint8
        and pixels.size > 0
    )
