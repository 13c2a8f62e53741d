"""Driver for cameras that send motion JPEG over HTTP, as most network cameras can."""

import http.client
import socket
from contextlib import suppress
from threading import Condition, Event, Thread
from time import monotonic
from urllib.parse import urlsplit

import cv2
import numpy as np

from hardware.camera.interface import Frame
from hardware.camera.mjpeg_splitter import MjpegSplitter
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError

CONNECT_S = 3.0
SILENT_S = 5.0
"""A stream that brings nothing for so long is broken; its camera has lost power or network."""

SLICE_S = 0.1
CHUNK = 64 * 1024


class MjpegCamera:
    """A Camera at an http address; a thread of its own reads, and only the newest frame is kept."""

    def __init__(self, address: str) -> None:
        """Remember the address, such as http://camera.office:8080/stream."""
        parts = urlsplit(address)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"a camera's address begins with http://, not {address!r}")
        self._host, self._port = parts.hostname, parts.port or 80
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._stream: _Stream | None = None

    def open(self) -> None:
        """Connect and begin to read; a stream that broke is started again."""
        if self._stream is not None and self._stream.why_ended is None:
            return
        self.close()
        self._stream = _Stream(self._host, self._port, self._path)

    def close(self) -> None:
        """Hang up."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def health(self) -> Health:
        """Tell whether frames are coming."""
        if self._stream is None:
            return Health(DeviceState.NO_DEVICE, "not opened")
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


class _Stream:
    """One connection and the thread that reads it."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.why_ended: str | None = None
        self._changed = Condition()
        self._newest = b""
        self._number = 0
        self._connection = http.client.HTTPConnection(host, port, timeout=CONNECT_S)
        try:
            self._connection.connect()
            # http.client forgets the socket once the answer has no end; close() still needs it.
            self._socket: socket.socket = self._connection.sock
            self._connection.request("GET", path, headers={"Connection": "close"})
            self._answer = self._connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise DeviceAbsentError(f"no camera answers: {error}") from error
        kind = self._answer.headers.get_content_type()
        if self._answer.status != http.HTTPStatus.OK or not kind.startswith("multipart/"):
            self._hang_up()
            raise DeviceAbsentError(f"no stream there: {self._answer.status} {kind}")
        self._socket.settimeout(SILENT_S)
        self._thread = Thread(target=self._read, name="camera-stream", daemon=True)
        self._thread.start()

    def take(self, deadline: float, cancelled: Event) -> tuple[bytes, int]:
        """Wait for a picture that nobody took yet, until deadline."""
        with self._changed:
            while not self._newest:
                if cancelled.is_set():
                    raise RequestCancelledError("the caller stopped waiting")
                if self.why_ended is not None:
                    raise DeviceAbsentError(self.why_ended)
                if (left_s := deadline - monotonic()) <= 0:
                    raise DeviceTimeoutError("no frame came")
                self._changed.wait(min(SLICE_S, left_s))
            jpeg, self._newest = self._newest, b""
            return jpeg, self._number

    def close(self) -> None:
        """End the thread and the connection."""
        with suppress(OSError):  # the other side may have gone first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _read(self) -> None:
        splitter = MjpegSplitter()
        why = "the camera ended the stream"
        try:
            while data := self._answer.read1(CHUNK):
                for jpeg in splitter.feed(data):
                    with self._changed:
                        self._newest = jpeg
                        self._number += 1
                        self._changed.notify_all()
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = f"the stream broke: {error}"
        finally:
            with self._changed:
                self.why_ended = why
                self._newest = b""
                self._changed.notify_all()
            self._hang_up()

    def _hang_up(self) -> None:
        self._answer.close()
        self._connection.close()
