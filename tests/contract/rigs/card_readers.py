"""Card readers that are on a line of their own; PC/SC readers belong to a service."""

from threading import Event
from typing import Any

from hardware.core.device import Seen
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError
from tests.support.rigs import Rig

LONGEST_S = 3.0
"""A reader's wait outlasts a pulled plug, as it promises: the suites would wait for its end."""


def present(reader: Any) -> Seen:
    """Look for a card, and say absent where it cannot be asked; the look never raises."""
    seen: Seen = reader.is_card_present()
    if seen is Seen.UNKNOWN:
        raise DeviceAbsentError("the reader does not answer")
    return seen


def wait(reader: Any, timeout_s: float, cancelled: Event) -> None:
    """Wait for a card that does not come."""
    if not reader.wait_for_card(min(timeout_s, LONGEST_S), cancelled):
        raise DeviceTimeoutError("no card came")


RIGS = (Rig("crt571_reader", "crt571", "socket://127.0.0.1:{port}", ask=present, wait=wait),)
