"""Frames altered on their way: a line that answers as a device did, but never quite."""

import os
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from hardware.core.errors import DeviceTimeoutError
from hardware.core.transport import Exchange

FRAMES = int(os.environ.get("SMARTICS_FRAMES", "1000"))
"""How many mutated frames each protocol meets; by hand 100000."""


def mutated(data: bytes, dice: Random) -> bytes:
    """Alter data as noise, a bad cable or a hostile device would; sometimes not at all."""
    changed = bytearray(data)
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3, 6))):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(7):
            case 0 if at < len(changed):
                changed[at] ^= 1 << dice.randrange(8)
            case 1 if at < len(changed):
                changed[at] = dice.randrange(256)
            case 2:
                changed[at:at] = dice.randbytes(dice.randint(1, 4))
            case 3:
                del changed[at : at + dice.randint(1, 4)]
            case 4:
                del changed[at:]
            case 5 if at < len(changed):
                changed[at] = dice.choice((0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF))
            case _:
                start = dice.randrange(len(changed) + 1)
                changed[at:at] = changed[start : start + dice.randint(1, 16)]
    return bytes(changed)


class MutatedLine:
    """A Transport that answers each host frame as a recording did, mutated.

    Time does not pass on it: a read beyond what came raises DeviceTimeoutError at once. A host
    frame that the recording does not hold is answered as the last one was.

    Attributes:
        said: What the host sent, in order.
        is_sound: Set it to have the answers as they were recorded.
    """

    def __init__(self, recording: Iterable[Exchange], dice: Random) -> None:
        self.said: list[bytes] = []
        self.is_sound = False
        self._dice = dice
        self._answers: dict[bytes, bytes] = {}
        self._last = b""
        self._unread = b""
        asked = b""
        for exchange in recording:
            if exchange.speaker == "host":
                asked = exchange.data
                self._answers[asked] = b""
            else:
                self._answers[asked] += exchange.data

    def write(self, data: bytes) -> None:
        """Hear the host and have the answer ready."""
        self.said.append(data)
        self._last = self._answers.get(data, self._last)
        self._unread += self._last if self.is_sound else mutated(self._last, self._dice)

    def read(self, count: int, timeout_s: float) -> bytes:
        """Return what came."""
        if len(self._unread) < count:
            self._unread = b""
            raise DeviceTimeoutError(f"nothing more within {timeout_s} s")
        data, self._unread = self._unread[:count], self._unread[count:]
        return data

    def flush_input(self) -> None:
        """Throw away what nobody read."""
        self._unread = b""

    def close(self) -> None:
        """Nothing to release."""


class QuickClock:
    """Waits that take no time, for a driver module: its monotonic() and pause() in one."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return the time; every look takes a millisecond."""
        self.now += 0.001
        return self.now

    def pause(self, seconds: float, cancelled: Any = None) -> None:
        """Let the clock run on."""
        del cancelled
        self.now += max(seconds, 0.001)

    def wait_for(
        self,
        look: Callable[[], Any],
        timeout_s: float,
        cancelled: Any,
        every_s: float = 0.05,
    ) -> Any:
        """Look as hardware.core.waiting.wait_for does, without waiting."""
        del cancelled
        deadline = self.now + timeout_s
        while (found := look()) is None:
            if self.monotonic() > deadline:
                raise DeviceTimeoutError(f"nothing within {timeout_s} s")
            self.pause(every_s)
        return found
