"""Driver for cameras that send motion JPEG over HTTP, as most network cameras can."""

from collections.abc import Callable
from http import HTTPStatus
from threading import Event
from time import monotonic
from urllib.parse import urlsplit

import cv2
import numpy as np

from hardware.camera.interface import Frame
from hardware.camera.mjpeg_splitter import MjpegSplitter
from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceError,
    DeviceTimeoutError,
)
from hardware.core.http_link import HttpLink, RealHttpLink
from hardware.core.http_stream import HttpStream

CONNECT_S = 3.0
SILENT_S = 5.0
"""A stream that brings nothing for so long is broken; its camera has lost power or network."""

MOST_BAD_READS = 3


class MjpegCamera:
    """A Camera at an http address. What it sends meanwhile waits in the stream, newest wins."""

    def __init__(self, address: str, link: Callable[[str], HttpLink] = RealHttpLink) -> None:
        """Remember the address, such as http://camera.office:8080/stream."""
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"a camera's address begins with http://, not {address!r}")
        self._service = f"http://{parts.netloc}"
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._link = link
        self._stream: _JpegStream | None = None

    def open(self) -> None:
        """Connect and begin to read; a stream that broke is started again."""
        if self._stream is not None and self._stream.why_ended is None:
            return
        self.close()
        self._stream = _JpegStream(self._link(self._service), self._path)

    def close(self) -> None:
        """Hang up."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def health(self) -> Health:
        """Tell whether frames are coming."""
        if self._stream is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
        self._stream.look()
        if self._stream.why_ended is not None:
            return Health(DeviceState.NO_DEVICE, self._stream.why_ended)
        return Health(DeviceState.ONLINE)

    def next_frame(self, timeout_s: float, cancelled: Event) -> Frame:
        """Return the newest frame that was not returned before."""
        if self._stream is None:
            raise DeviceAbsentError("the camera is not opened")
        deadline = monotonic() + timeout_s
        while True:
            jpeg, number = self._stream.take(deadline, cancelled)
            pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            if pixels is not None:
                return Frame(pixels.astype(np.uint8, copy=False), number)


class _JpegStream:
    """One request, and the pictures in its answer."""

    def __init__(self, link: HttpLink, path: str) -> None:
        self.why_ended: str | None = None
        self._newest = b""
        self._number = 0
        self._splitter = MjpegSplitter()
        self._quiet_since: float | None = None
        self._bad_reads = 0
        self._link = link
        self._stream: HttpStream = link.stream("GET", path)
        try:
            head = self._stream.head(CONNECT_S, Event())
        except DeviceError as error:
            self.close()
            raise DeviceAbsentError(f"no camera answers: {error}") from error
        if head.status != HTTPStatus.OK or not head.media_type.startswith("multipart/"):
            self.close()
            raise DeviceAbsentError(f"no stream there: {head.status} {head.media_type}")

    def take(self, deadline: float, cancelled: Event) -> tuple[bytes, int]:
        """Wait for a picture that nobody took yet, until deadline."""
        self._read(0.0, cancelled)
        while not self._newest:
            if self.why_ended is not None:
                raise DeviceAbsentError(self.why_ended)
            if (left_s := deadline - monotonic()) <= 0:
                raise DeviceTimeoutError("no frame came")
            self._read(min(left_s, SILENT_S), cancelled)
        jpeg, self._newest = self._newest, b""
        return jpeg, self._number

    def look(self) -> None:
        """See what came meanwhile, and whether the stream still runs."""
        self._read(0.0, Event())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._link.close()

    def _read(self, timeout_s: float, cancelled: Event) -> None:
        """Take what comes within timeout_s; the newest picture is kept, why_ended may be set."""
        if self.why_ended is not None:
            return
        asked_at = monotonic()
        try:
            data = self._stream.read(timeout_s, cancelled)
        except DeviceTimeoutError:
            self._quiet_since = self._quiet_since or asked_at
            if monotonic() - self._quiet_since >= SILENT_S:
                self._end(f"nothing came for {SILENT_S} s")
            return
        except BadReplyError as error:
            # Once: nobody looked for minutes, and what had come was thrown away.
            self._bad_reads += 1
            self._splitter = MjpegSplitter()
            if self._bad_reads >= MOST_BAD_READS:
                self._end(f"the stream broke: {error}")
            return
        except DeviceAbsentError as error:
            self._end(f"the stream broke: {error}")
            return
        self._quiet_since, self._bad_reads = None, 0
        if not data:
            self._end("the camera ended the stream")
        for jpeg in self._splitter.feed(data):
            self._newest = jpeg
            self._number += 1

    def _end(self, why: str) -> None:
        self.why_ended = why
        self._newest = b""
