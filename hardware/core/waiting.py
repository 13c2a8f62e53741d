"""Waits that a caller can end."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

from hardware.core.errors import DeviceTimeoutError, RequestCancelledError

LOOK_EVERY_S = 0.05

Thing = TypeVar("Thing")


def wait_for(
    look: Callable[[], Thing | None],
    timeout_s: float,
    cancelled: Event,
    every_s: float = LOOK_EVERY_S,
) -> Thing:
    """Look again and again until look finds something.

    Raises:
        DeviceTimeoutError: Nothing was found within timeout_s.
        RequestCancelledError: cancelled was set.
    """
    deadline = monotonic() + timeout_s
    while not cancelled.is_set():
        if (thing := look()) is not None:
            return thing
        left_s = deadline - monotonic()
        if left_s <= 0:
            raise DeviceTimeoutError(f"nothing within {timeout_s} s")
        cancelled.wait(min(every_s, left_s))
    raise RequestCancelledError("the caller stopped waiting")


def pause(seconds: float, cancelled: Event | None = None) -> None:
    """Let seconds pass, or less when cancelled is set meanwhile."""
    (cancelled or Event()).wait(seconds)
