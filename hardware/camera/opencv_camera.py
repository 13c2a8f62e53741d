"""Driver for cameras of the machine itself, and for streams of other kinds, through OpenCV.

Over V4L2 on Linux, Media Foundation or DirectShow on Windows, AVFoundation on macOS; an address
with :// goes to FFmpeg.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import cv2

from hardware.camera.camera_settings import Backend, CameraSettings, Capture
from hardware.camera.frame_reading import FrameReading
from hardware.camera.interface import Frame
from hardware.core.device import DeviceState, Found, Health
from hardware.core.errors import DeviceAbsentError

CONNECT_MS, SILENT_MS = 3000, 5000
MOST_LEFT_BEHIND = 2
SYS_CLASS = Path("/sys/class/video4linux")
BY_ID = Path("/dev/v4l/by-id")
OF_THIS_SYSTEM = {
    "linux": Backend.V4L2,
    "win32": Backend.MSMF,
    "darwin": Backend.AVFOUNDATION,
}


class OpencvCamera:
    """A Camera at a device node, at a number that the system gives, or at a URL."""

    def __init__(
        self,
        address: str,
        settings: CameraSettings | None = None,
        backend: Backend | None = None,
        connect: Callable[[int | str, Backend], Capture] | None = None,
    ) -> None:
        """Remember the address: /dev/video0, /dev/v4l/by-id/..., 0, or a URL such as rtsp://...

        Raises:
            ValueError: It is none of these.
        """
        self._source = _source(address)
        self._settings = settings or CameraSettings()
        self._backend = backend or _backend(self._source)
        self._connect = connect or connected
        self._reading: FrameReading | None = None
        self._left_behind: list[FrameReading] = []

    def open(self) -> None:
        """Open the camera, tell it the settings, and wait for its first frame."""
        if self._reading is not None and self._reading.why_ended() is None:
            return
        self.close()
        self._left_behind = [reading for reading in self._left_behind if reading.is_alive()]
        if len(self._left_behind) >= MOST_LEFT_BEHIND:
            raise DeviceAbsentError("earlier reads of this camera still hang")
        reading = FrameReading(
            lambda: self._connect(self._source, self._backend), self._backend, self._settings
        )
        self._reading = reading
        try:
            reading.wait_running()
        except DeviceAbsentError:
            self.close()
            raise

    def close(self) -> None:
        """Release the camera; a read that hangs is left to itself, and releases it later."""
        reading, self._reading = self._reading, None
        if reading is not None and not reading.end():
            self._left_behind.append(reading)

    def health(self) -> Health:
        """Tell whether frames are coming, how large they are, and what the camera refused."""
        if self._reading is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        if (why := self._reading.why_ended()) is not None:
            return Health(DeviceState.NO_DEVICE, why)
        width, height = self._reading.size
        refused = ", ".join(self._reading.refused)
        return Health(
            DeviceState.ONLINE,
            f"{width} x {height}" + (f", not taken: {refused}" if refused else ""),
        )

    def next_frame(self, timeout_s: float, cancelled: Event) -> Frame:
        """Return the newest frame that was not returned before."""
        if self._reading is None:
            raise DeviceAbsentError("the camera is not opened")
        return self._reading.take(timeout_s, cancelled)


def connected(source: int | str, backend: Backend) -> Capture:
    """Open a capture, with an end to every wait where the backend knows one."""
    if backend is Backend.FFMPEG:
        limits = [
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, CONNECT_MS),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, SILENT_MS),
        ]
        return cv2.VideoCapture(str(source), backend.number, limits)
    return cv2.VideoCapture(source, backend.number)


def find(sys_class: Path = SYS_CLASS, by_id: Path = BY_ID) -> Iterator[Found]:
    """List the cameras of this machine that Linux knows. None of them is opened.

    One camera may have several nodes; that with index 0 gives pictures, others give metadata.
    """
    names = {link.resolve().name: link for link in _listed(by_id)}
    for node in _listed(sys_class):
        if _text(node / "index") in {"", "0"}:
            link = names.get(node.name)
            address = str(link) if link is not None else f"/dev/{node.name}"
            yield Found(address, _text(node / "name") or "camera", is_certain=True)


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _source(address: str) -> int | str:
    if address.isascii() and address.isdecimal():
        return int(address)
    if address.startswith("/dev/") or "://" in address:
        return address
    raise ValueError(
        f"a camera's address is /dev/..., a number or a URL such as rtsp://..., not {address!r}"
    )


def _backend(source: int | str) -> Backend:
    if isinstance(source, str) and "://" in source:
        return Backend.FFMPEG
    return OF_THIS_SYSTEM.get(sys.platform, Backend.ANY)
