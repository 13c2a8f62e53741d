"""Driver for scanners that are keyboards to the system, as nearly all USB scanners come. Linux.

What such a scanner types would go to whatever window is in front. The driver grabs its event node,
so that nobody else hears it, and reads the keys itself.
"""

import fcntl
from collections.abc import Callable
from enum import StrEnum
from threading import Event
from time import monotonic

from hardware.code_scanner.interface import Code
from hardware.code_scanner.key_events import SYN_DROPPED, EventNode, EventType, InputEvent
from hardware.code_scanner.key_map import KeyReader
from hardware.code_scanner.scan_text import ScanRules
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError

IDLE_S = 0.1
"""Scanners type a key every 1 to 20 ms; a pause of this length ends a scan that has no end key."""

STALE_S = 0.5
"""A scan whose end key does not come within this has lost it, and is dropped."""

SLICE_S = 0.1
QUIET_S = 0.05
MOST_STALE_READS = 1000


class EndOfScan(StrEnum):
    """What tells that a scan is over; values as in station.toml."""

    ENTER = "enter"
    """Enter or Tab, as nearly all scanners come."""
    IDLE = "idle"
    """A pause. On a busy machine a pause may come within a scan: better let it press Enter."""


class KeyboardScanner:
    """A CodeScanner at an event node, such as /dev/input/by-id/usb-...-event-kbd."""

    def __init__(
        self,
        path: str,
        rules: ScanRules | None = None,
        *,
        is_grabbed: bool = True,
        end: EndOfScan = EndOfScan.ENTER,
        idle_s: float = IDLE_S,
        ioctl: Callable[[int, int, int], object] = fcntl.ioctl,
    ) -> None:
        """Remember the node.

        Args:
            path: The event node.
            rules: What a code may be.
            is_grabbed: Whether nobody else may hear it. Without it, what is scanned is also typed
                into the window in front; for a node that is no input device.
            end: What tells that a scan is over.
            idle_s: How long a pause ends a scan, where pauses do.
            ioctl: The system call that grabs.
        """
        if not path.startswith("/"):
            raise ValueError(f"a keyboard's address is a path such as /dev/input/..., not {path!r}")
        self._path = path
        self._is_grabbed = is_grabbed
        self._end = end
        self._gap_s = idle_s if end is EndOfScan.IDLE else STALE_S
        self._ioctl = ioctl
        self._keys = KeyReader(rules or ScanRules())
        self._quiet_s = 0.0
        self._node: EventNode | None = None

    def open(self) -> None:
        """Open and grab the node."""
        if self._node is None:
            self._node = EventNode(self._path, self._is_grabbed, self._ioctl)

    def close(self) -> None:
        """Release the node."""
        node, self._node = self._node, None
        if node is not None:
            node.close()

    def health(self) -> Health:
        """See that the node is there; a keyboard cannot be asked."""
        try:
            self._opened().read(0.0)
        except DeviceAbsentError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        return Health(DeviceState.ONLINE, "" if self._is_grabbed else "not grabbed: others hear it")

    def wait_for_code(self, timeout_s: float, cancelled: Event) -> Code:
        """Read keys until a code ends that the rules allow."""
        node = self._opened()
        deadline = monotonic() + timeout_s
        self._settle(node, cancelled)
        while not cancelled.is_set():
            left_s = deadline - monotonic()
            if left_s <= 0:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            if (code := self._read(node, left_s)) is not None:
                return code
        raise RequestCancelledError("the caller stopped waiting")

    def _settle(self, node: EventNode, cancelled: Event) -> None:
        """Drop what was typed while nobody waited, up to the end of what is being typed."""
        for _ in range(MOST_STALE_READS):
            if cancelled.is_set() or not node.read(QUIET_S):
                break
        node.forget_half()
        self._keys.forget()

    def _read(self, node: EventNode, left_s: float) -> Code | None:
        wait_s = min(SLICE_S, left_s)  # in slices, so that a cancel is seen soon
        came = node.read(wait_s)
        if not came:
            self._quiet_s += wait_s
            is_over = self._keys.is_within and self._quiet_s >= self._gap_s
            return self._paused() if is_over else None
        self._quiet_s = 0.0
        codes = [code for event in came if (code := self._take(event)) is not None]
        return codes[0] if codes else None

    def _paused(self) -> Code | None:
        ended = self._keys.ended()
        return ended if self._end is EndOfScan.IDLE else None

    def _take(self, event: InputEvent) -> Code | None:
        if event.type == EventType.SYN and event.code == SYN_DROPPED:
            # The kernel's queue ran over: keys are missing (Documentation/input/event-codes.rst).
            self._keys.forget()
            self._keys.spoil()
        elif event.type == EventType.KEY and event.value in {0, 1}:
            return self._keys.key(event.code, is_down=event.value == 1)
        return None

    def _opened(self) -> EventNode:
        if self._node is None:
            raise DeviceAbsentError("the scanner is not opened")
        return self._node
