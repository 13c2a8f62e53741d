"""Driver for code scanners on a serial line: RS-232, or USB that shows as a serial port."""

import logging
from collections.abc import Callable
from enum import StrEnum
from threading import Event
from time import monotonic

from hardware.code_scanner.interface import Code
from hardware.code_scanner.scan_lines import SLICE_S, ByteLine, ScanCutter, Terminator
from hardware.code_scanner.scan_text import ScanRules
from hardware.code_scanner.ssi_trigger import SsiTrigger
from hardware.code_scanner.triggers import Gm65Trigger, HoneywellTrigger, NoTrigger, Trigger
from hardware.core.device import DeviceState, Health
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.transport import Transport

logger = logging.getLogger(__name__)

START_AGAIN_S = 3.0
"""A scanner gives up by itself after a while (GM65 5 s, Honeywell 30 s): it is started again."""


class TriggerKind(StrEnum):
    """How the scanner is made to read; values as in station.toml."""

    NONE = "none"
    HONEYWELL = "honeywell"
    GM65 = "gm65"
    SSI = "ssi"


class LineScanner:
    """A CodeScanner on a line."""

    def __init__(
        self,
        transport_factory: Callable[[], Transport],
        trigger: TriggerKind = TriggerKind.NONE,
        rules: ScanRules | None = None,
        terminator: Terminator = Terminator.CR,
        idle_s: float = 0.08,
    ) -> None:
        self._connect = transport_factory
        self._rules = rules or ScanRules()
        self._trigger = _trigger(
            trigger, ScanCutter(terminator, self._rules.most_bytes, idle_s), self._rules.most_bytes
        )
        self._line: Transport | None = None

    def open(self) -> None:
        """Open the line; a scanner that can be asked is asked, and set up."""
        if self._line is not None:
            return
        self._line = self._connect()
        try:
            self._trigger.identify(ByteLine(self._line, Event()))
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Release the line."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def health(self) -> Health:
        """Ask the scanner, if it can be asked; else see that its line is there."""
        try:
            return Health(
                DeviceState.ONLINE, self._trigger.identify(ByteLine(self._opened(), Event()))
            )
        except (DeviceAbsentError, DeviceTimeoutError) as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        except DeviceFaultError as error:
            return Health(DeviceState.USER_ERROR, f"it does not take our settings: {error}")
        except DeviceError as error:
            return Health(DeviceState.HARDWARE_ERROR, str(error))

    def wait_for_code(self, timeout_s: float, cancelled: Event) -> Code:
        """Let the scanner read until a code comes that the rules allow."""
        line = ByteLine(self._opened(), cancelled)
        deadline = monotonic() + timeout_s
        line.settle()
        try:
            return self._read(line, deadline, timeout_s, cancelled)
        finally:
            self._stop()

    def _read(self, line: ByteLine, deadline: float, timeout_s: float, cancelled: Event) -> Code:
        start_at = monotonic()
        while not cancelled.is_set():
            now = monotonic()
            if now >= deadline:
                raise DeviceTimeoutError(f"no code within {timeout_s} s")
            if now >= start_at:
                self._trigger.start(line)
                start_at = monotonic() + START_AGAIN_S
            scan = self._trigger.scan(line, min(deadline, monotonic() + SLICE_S))
            if scan is None:
                continue
            start_at = monotonic()  # whatever it was, it ended the scanner's reading
            if (code := self._rules.code(*scan)) is not None:
                return code
            logger.warning("a scan of %d bytes is not as the scanner is set up", len(scan.data))
        raise RequestCancelledError("the caller stopped waiting")

    def _stop(self) -> None:
        # With an Event of its own: the lamp goes out although the wait was cancelled.
        try:
            self._trigger.stop(ByteLine(self._opened(), Event()))
        except DeviceError as error:
            logger.warning("the scanner was not stopped: %s", error)

    def _opened(self) -> Transport:
        if self._line is None:
            raise DeviceAbsentError("the scanner is not opened")
        return self._line


def _trigger(kind: TriggerKind, cutter: ScanCutter, most: int) -> Trigger:
    match kind:
        case TriggerKind.NONE:
            return NoTrigger(cutter)
        case TriggerKind.HONEYWELL:
            return HoneywellTrigger(cutter)
        case TriggerKind.GM65:
            return Gm65Trigger(cutter)
        case TriggerKind.SSI:
            return SsiTrigger(most)
