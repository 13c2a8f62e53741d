"""Input events of Linux: their bytes, and a device node that only this program hears."""

import errno
import os
import select
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import IntEnum
from time import monotonic
from typing import NamedTuple

from hardware.core.errors import DeviceAbsentError, DeviceBusyError

EVENT = struct.Struct("@llHHi")
"""struct input_event of linux/input.h: seconds, microseconds, type, code, value, native sizes."""

GRAB = 0x40044590
"""EVIOCGRAB of linux/input.h: _IOW('E', 0x90, int)."""

READ_EVENTS = 64
HALF_EVENT_S = 0.5
SYN_DROPPED = 3
NO_INPUT_DEVICE = frozenset({errno.ENOTTY, errno.EINVAL})


class EventType(IntEnum):
    """Types of events; scanners send others too, such as EV_MSC."""

    SYN = 0
    KEY = 1


class InputEvent(NamedTuple):
    """One event; of a key, value is 1 down, 0 up, 2 repeated."""

    type: int
    code: int
    value: int


def events(data: bytes) -> Iterator[InputEvent]:
    """Read whole events; data is as long as a number of them."""
    for _, _, type_, code, value in EVENT.iter_unpack(data):
        yield InputEvent(type_, code, value)


class EventNode:
    """An opened event node. It belongs to one thread."""

    def __init__(
        self,
        path: str,
        is_grabbed: bool,
        ioctl: Callable[[int, int, int], object],
    ) -> None:
        """Open path for reading; is_grabbed keeps its events from all other programs.

        Raises:
            DeviceAbsentError: There is no such node, it may not be opened, or it is no input
                device. DeviceBusyError: Another program has grabbed it.
        """
        self._ioctl = ioctl
        self._unread = b""
        self._heard_at = 0.0
        self._is_grabbed = False
        try:
            self._node = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise DeviceAbsentError(f"cannot open {path}: {error.strerror}") from error
        if is_grabbed:
            self._grab(path)

    def _grab(self, path: str) -> None:
        try:
            self._ioctl(self._node, GRAB, 1)
        except OSError as error:
            os.close(self._node)
            if error.errno == errno.EBUSY:
                raise DeviceBusyError(f"another program has grabbed {path}") from error
            if error.errno in NO_INPUT_DEVICE:
                raise DeviceAbsentError(f"{path} is no input device") from error
            raise DeviceAbsentError(f"cannot grab {path}: {error.strerror}") from error
        self._is_grabbed = True

    def read(self, timeout_s: float) -> list[InputEvent]:
        """Return the events that came; none when nothing came within timeout_s.

        Raises:
            DeviceAbsentError: The scanner was unplugged.
        """
        deadline = monotonic() + timeout_s
        while len(self._unread) < EVENT.size:
            left_s = max(deadline - monotonic(), 0.0)
            if not select.select([self._node], [], [], left_s)[0]:
                if monotonic() - self._heard_at > HALF_EVENT_S:
                    self.forget_half()
                return []
            self._unread += self._received()
            self._heard_at = monotonic()
        whole = len(self._unread) - len(self._unread) % EVENT.size
        data, self._unread = self._unread[:whole], self._unread[whole:]
        return list(events(data))

    def _received(self) -> bytes:
        try:
            data = os.read(self._node, READ_EVENTS * EVENT.size)
        except BlockingIOError:  # nothing there after all
            return b""
        except OSError as error:
            raise DeviceAbsentError(f"the scanner is gone: {error.strerror}") from error
        if not data:
            raise DeviceAbsentError("the scanner is gone")
        return data

    def forget_half(self) -> None:
        """Drop half an event: the kernel hands out whole ones, so the rest of it is lost."""
        self._unread = b""

    def close(self) -> None:
        """Let other programs hear it again, and close it."""
        if self._is_grabbed:
            with suppress(OSError):  # it may be gone
                self._ioctl(self._node, GRAB, 0)
        os.close(self._node)
