"""Sorts what an ESC/POS printer says: answers at once, answers in turn, names, unasked status."""

from collections.abc import Callable
from time import monotonic
from typing import Literal, TypeAlias

from hardware.core.errors import BadReplyError, DeviceTimeoutError
from hardware.core.transport import Transport
from hardware.printer.escpos_status import (
    AUTOMATIC_BYTES,
    NAME,
    NAME_ENDS,
    is_automatic,
    is_queued,
    is_real_time,
)

LONGEST_NAME = 80
REST_S = 0.2
"""The bytes of one answer follow one another closely."""

DRAINED = 4096
"""More than this unread is no printer's backlog."""

Sort: TypeAlias = Literal["real_time", "queued", "name"]


class Answers:
    """Everything that comes in on one line."""

    def __init__(self, line: Transport, automatic: Callable[[bytes], None]) -> None:
        """Remember the line; automatic is told every block of automatic status."""
        self._line = line
        self._automatic = automatic

    def drain(self) -> None:
        """Read what came late or unasked, so that it is not taken for the next answer."""
        try:
            for _ in range(DRAINED):
                self._next(0)
        except DeviceTimeoutError:
            pass

    def wait(self, wanted: Sort, timeout_s: float) -> bytes:
        """Wait for an answer of one sort, past answers of other sorts.

        Raises:
            DeviceTimeoutError: None came. BadReplyError: Instead came what is no answer at all.
        """
        deadline = monotonic() + timeout_s
        while (left_s := deadline - monotonic()) > 0:
            sort, data = self._next(left_s)
            if sort == wanted:
                return data
            if sort is None and wanted == "real_time":
                raise BadReplyError(f"{data.hex()} is no printer status")
        raise DeviceTimeoutError(f"no answer within {timeout_s} s")

    def _next(self, timeout_s: float) -> tuple[Sort | None, bytes]:
        """Read one answer; None is the sort of noise."""
        while True:
            first = self._line.read(1, timeout_s)
            if is_real_time(first[0]):
                return "real_time", first
            if is_queued(first[0]):
                return "queued", first
            if first[0] == NAME:
                return "name", self._name()
            if not is_automatic(first[0]):
                return None, first
            rest = self._line.read(AUTOMATIC_BYTES - 1, REST_S)
            if not all(is_queued(byte) for byte in rest):
                return None, first + rest
            self._automatic(first + rest)

    def _name(self) -> bytes:
        name = b""
        while len(name) < LONGEST_NAME:
            byte = self._line.read(1, REST_S)
            if byte[0] == NAME_ENDS:
                break
            name += byte
        return name
