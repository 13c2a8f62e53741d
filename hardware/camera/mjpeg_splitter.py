"""Cuts an endless multipart stream into JPEG pictures, whatever the server's habits."""

import re

MAX_JPEG = 10 * 1024 * 1024
MAX_HEADER = 8 * 1024
START, END = b"\xff\xd8", b"\xff\xd9"
HEADER_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,9})[ \t]*$", re.IGNORECASE | re.MULTILINE)


class MjpegSplitter:
    """Fed with what arrives, it gives back the whole pictures in it.

    A part with Content-Length is taken by that length, others from the JPEG's start mark to its
    end mark. What is no whole JPEG, or larger than MAX_JPEG, is dropped.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._is_in_picture = False
        self._searched = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Take what arrived and return the pictures that it completed."""
        self._buffer += data
        pictures = []
        while (found := self._next()) is not None:
            if found:
                pictures.append(found)
        return pictures

    def _next(self) -> bytes | None:
        """Return a picture, b"" after dropping something, or None when more must arrive."""
        if self._length is not None:
            return self._by_length(self._length)
        if self._is_in_picture:
            return self._by_marks()
        return self._after_header()

    def _after_header(self) -> bytes | None:
        header_end = self._buffer.find(HEADER_END)
        start = self._buffer.find(START)
        if header_end >= 0 and (start < 0 or header_end < start):
            length = _LENGTH.search(bytes(self._buffer[:header_end]).replace(b"\r\n", b"\n"))
            self._drop(header_end + len(HEADER_END))
            if length is not None and 0 < int(length[1]) <= MAX_JPEG:
                self._length = int(length[1])
            return b""
        if start >= 0:
            self._drop(start)
            self._is_in_picture = True
            return b""
        if len(self._buffer) > MAX_HEADER:
            self._drop(len(self._buffer) - len(HEADER_END))
        return None

    def _by_length(self, length: int) -> bytes | None:
        if len(self._buffer) < length:
            return None
        picture = bytes(self._buffer[:length])
        self._drop(length)
        self._length = None
        is_whole = picture.startswith(START) and picture.rstrip(b"\r\n\0").endswith(END)
        return picture if is_whole else b""

    def _by_marks(self) -> bytes | None:
        end = self._buffer.find(END, self._searched)
        if end >= 0:
            picture = bytes(self._buffer[: end + len(END)])
            self._drop(len(picture))
            self._is_in_picture = False
            return picture
        self._searched = max(0, len(self._buffer) - 1)
        if len(self._buffer) > MAX_JPEG:
            self._drop(len(self._buffer))
            self._is_in_picture = False
        return None

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._searched = 0
