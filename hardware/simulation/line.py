"""The line between a simulated device and its driver: TCP or a pty, sound or disturbed."""

import os
import select
import tty
from collections.abc import Callable, Set
from enum import StrEnum
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic
from typing import Protocol

LATE_S = 0.4
LOOK_EVERY_S = 0.1


class Connection(Protocol):
    """What a simulated device hears and says; a socket is one."""

    def recv(self, bufsize: int, /) -> bytes:
        """Return what came; empty when the driver hung up.

        Raises:
            TimeoutError: Nothing came in the time of settimeout().
            OSError: The line is gone.
        """
        ...

    def sendall(self, data: bytes, /) -> None:
        """Send all of data; OSError when the line is gone."""
        ...

    def settimeout(self, value: float | None, /) -> None:
        """Say how long recv() waits, in seconds; None for ever."""
        ...


def receive_exactly(connection: Connection, count: int) -> bytes:
    """Return count bytes; empty when the driver hung up before they were there."""
    data = b""
    while len(data) < count:
        if not (more := connection.recv(count - len(data))):
            return b""
        data += more
    return data


class LineFault(StrEnum):
    """What can be wrong with any line, whatever the device."""

    SLOW = "line_slow"
    """Every answer comes late."""
    MUTE = "line_mute"
    """The device hears and obeys, but no answer arrives."""
    DEAF = "line_deaf"
    """Nothing that the host says arrives."""
    GARBLED = "line_garbled"
    """In every second answer or so, some bytes are others."""
    CUT = "line_cut"
    """Every second answer or so ends somewhere in the middle."""
    CHOPPED = "line_chopped"
    """Answers come byte by byte: no fault at all, and yet drivers have failed at it."""


class DisturbedConnection:
    """A connection on which the faults that are switched on happen."""

    def __init__(
        self, inner: Connection, faults: Set[str], dice: Random, wait: Callable[[float], object]
    ) -> None:
        self._inner = inner
        self._faults = faults
        self._dice = dice
        self._wait = wait

    def recv(self, bufsize: int, /) -> bytes:
        """Hear the driver; what arrives while the line is deaf is lost."""
        while True:
            data = self._inner.recv(bufsize)
            if not data or LineFault.DEAF not in self._faults:
                return data

    def sendall(self, data: bytes, /) -> None:
        """Answer the driver as far as the line lets it."""
        if LineFault.SLOW in self._faults:
            self._wait(LATE_S)
        if LineFault.MUTE in self._faults:
            return
        if LineFault.GARBLED in self._faults and self._dice.random() < 0.5:
            data = self._altered(data)
        if LineFault.CUT in self._faults and self._dice.random() < 0.5:
            data = data[: self._dice.randrange(len(data) + 1)]
        if LineFault.CHOPPED in self._faults:
            for at in range(len(data)):
                self._inner.sendall(data[at : at + 1])
        else:
            self._inner.sendall(data)  # of nothing, too: that tells whether the line is there

    def settimeout(self, value: float | None, /) -> None:
        """Pass on."""
        self._inner.settimeout(value)

    def _altered(self, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(self._dice.randint(1, 3)):
            if changed:
                changed[self._dice.randrange(len(changed))] = self._dice.randrange(256)
        return bytes(changed)


class PtyConnection:
    """The device's end of a pseudo-terminal; the driver opens its other end as a serial port.

    It belongs to the thread that serves; close_soon() may be called from any.
    """

    def __init__(self, link: Path) -> None:
        """Make the pair; link becomes the name of the port."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._link = link
        self._timeout_s: float | None = None
        self._is_ended = Event()
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(self._slave))

    def recv(self, bufsize: int, /) -> bytes:
        """Return what the driver wrote; empty once the plug is pulled."""
        deadline = None if self._timeout_s is None else monotonic() + self._timeout_s
        while not self._is_ended.is_set():
            left_s = LOOK_EVERY_S
            if deadline is not None:
                left_s = min(left_s, deadline - monotonic())
                if left_s <= 0:
                    raise TimeoutError
            if select.select([self._master], [], [], left_s)[0]:
                return os.read(self._master, bufsize)
        return b""

    def sendall(self, data: bytes, /) -> None:
        """Write to the driver; what it does not read in time piles up as in a real port."""
        while data and not self._is_ended.is_set():
            if select.select([], [self._master], [], LOOK_EVERY_S)[1]:
                data = data[os.write(self._master, data[:1024]) :]

    def settimeout(self, value: float | None, /) -> None:
        """Say how long recv() waits."""
        self._timeout_s = value

    def close_soon(self) -> None:
        """Make recv() and sendall() end."""
        self._is_ended.set()

    def close(self) -> None:
        """Take the port away, as pulling a USB plug does."""
        self._link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
