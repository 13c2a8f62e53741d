"""Pushes samples into something that takes them as fast as they are played."""

import os
import select
from collections.abc import Callable, Iterator
from threading import Event

from hardware.core.errors import RequestCancelledError

LOOK_EVERY_S = 0.02


def push(
    fd: int, samples: Iterator[bytes], cancelled: Event, write: Callable[[int, bytes], int]
) -> None:
    """Write all samples to a descriptor that does not block.

    Raises:
        RequestCancelledError: cancelled was set.
        OSError: The other end is gone.
    """
    for piece in samples:
        rest = memoryview(piece)
        while rest:
            if cancelled.is_set():
                raise RequestCancelledError("the sound was cut off")
            if select.select([], [fd], [], LOOK_EVERY_S)[1]:
                rest = rest[write(fd, rest[:4096].tobytes()) :]


def write_pipe(fd: int, data: bytes) -> int:
    """Write to a pipe as much as it takes now."""
    try:
        return os.write(fd, data)
    except BlockingIOError:
        return 0
