"""Reads a keypad that is a USB keyboard by its reports, where a window does not get its keys.

A keyboard's report is eight bytes: modifiers, nothing, up to six keys that are down, as usages of
USB HID Usage Tables 1.5, page 0x07 (F13 is 0x68, F24 is 0x73). 0x01 in all six says that more are
down than fit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceError, DeviceTimeoutError
from hardware.core.hid_link import HidLink

KEYS = slice(2, 8)
ROLL_OVER, FIRST_KEY = 0x01, 0x04


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key that went down, or came up again, by its usage."""

    usage: int
    is_down: bool


def changes(before: frozenset[int], report: bytes) -> tuple[frozenset[int], list[KeyChange]]:
    """Return the keys that are down now, and what changed; a report that is none changes nothing.

    Keys that came up are told before those that went down.
    """
    keys = report[KEYS]
    if len(report) != KEYS.stop or ROLL_OVER in keys:
        return before, []
    now = frozenset(key for key in keys if key >= FIRST_KEY)
    up = [KeyChange(key, is_down=False) for key in sorted(before - now)]
    return now, up + [KeyChange(key, is_down=True) for key in sorted(now - before)]


class HidKeypad:
    """One keypad. It belongs to the thread that reads it."""

    def __init__(self, open_link: Callable[[], HidLink]) -> None:
        self._open_link = open_link
        self._link: HidLink | None = None
        self._down: frozenset[int] = frozenset()

    def open(self) -> None:
        """Open the device. Opening an open one does nothing."""
        if self._link is None:
            self._link = self._open_link()
            self._down = frozenset()

    def close(self) -> None:
        """Release the device. Closing a closed one does nothing."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def health(self) -> Health:
        """A keyboard cannot be asked; it is well as long as it is there."""
        return Health(DeviceState.ONLINE if self._link else DeviceState.NO_DEVICE)

    def read(self, timeout_s: float) -> list[KeyChange]:
        """Wait for keys; return what changed, nothing when no key was touched in timeout_s.

        Raises:
            DeviceAbsentError: The keypad is gone; it is closed.
        """
        if self._link is None:
            raise DeviceAbsentError("the keypad is not opened")
        try:
            report = self._link.read_report(timeout_s)
        except DeviceTimeoutError:
            return []
        except DeviceError:
            self.close()
            raise
        self._down, changed = changes(self._down, report)
        return changed
