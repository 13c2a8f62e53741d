"""Driver for a form printer of the Windows spooler: pages are drawn, and the job is followed.

Written to Microsoft's documentation of the Print Spooler and GDI; not tried on Windows yet.
"""

from collections.abc import Callable, Iterable
from threading import Event
from time import monotonic
from typing import Protocol

from hardware.core.device import DeviceState, Found, Health, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.waiting import pause
from hardware.printer.interface import UNKNOWN_STATUS, Paper, Printed, PrinterStatus
from hardware.printer.reasons import HINDERS, Reason, fault, in_words
from hardware.printer.windows_words import is_given_up, is_printed, job_reasons, printer_reasons

LOOK_EVERY_S = 0.3
LOOKS_BEFORE_GIVING_UP = 3
TAKING_BACK_S = 3.0


class Spooler(Protocol):
    """What the driver needs of winspool.drv and gdi32.

    Each call raises DeviceAbsentError where the spooler has no such printer, and DeviceFaultError
    where it refuses.
    """

    def printer(self, name: str) -> tuple[int, int]:
        """Return Status and Attributes of PRINTER_INFO_2."""
        ...

    def print_pdf(self, name: str, pdf: bytes, title: str) -> int:
        """Draw every page into a new job and return its number."""
        ...

    def job(self, name: str, job_id: int) -> int | None:
        """Return Status of JOB_INFO_1; None where the queue knows the job no longer."""
        ...

    def delete(self, name: str, job_id: int) -> None:
        """Take a job out of the queue."""
        ...

    def names(self) -> Iterable[str]:
        """Return the printers that this user sees."""
        ...


class WindowsPrinter:
    """One printer by its name in Windows; a FormPrinter."""

    def __init__(self, name: str, spooler: Callable[[], Spooler]) -> None:
        """Remember the name; spooler() raises DeviceAbsentError where there is no Windows."""
        self._name = name
        self._make_spooler = spooler
        self._spooler: Spooler | None = None

    def open(self) -> None:
        """See that the spooler knows the printer."""
        if self._spooler is None:
            spooler = self._make_spooler()
            spooler.printer(self._name)
            self._spooler = spooler

    def close(self) -> None:
        """Nothing is held between documents."""
        self._spooler = None

    def health(self) -> Health:
        """Ask the spooler."""
        try:
            reasons = self._reasons()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        state = DeviceState.HARDWARE_ERROR if reasons & HINDERS else DeviceState.ONLINE
        return Health(state, in_words(reasons))

    def status(self) -> PrinterStatus:
        """Ask the spooler. It says nothing of paper that is there: only that it ran out."""
        try:
            reasons = self._reasons()
        except DeviceError:
            return UNKNOWN_STATUS
        return PrinterStatus(
            online=Seen.NO if reasons & {Reason.OFFLINE, Reason.PAUSED} else Seen.YES,
            paper=Paper.OUT if Reason.PAPER_OUT in reasons else Paper.UNKNOWN,
            cover_open=Seen.YES if Reason.COVER_OPEN in reasons else Seen.UNKNOWN,
            reasons=reasons,
        )

    def print_document(
        self,
        pdf: bytes,
        title: str,
        timeout_s: float = 60.0,
        cancelled: Event | None = None,
    ) -> Printed:
        """Draw the pages into a job, unless the printer says that it cannot, and follow it."""
        if (refusal := fault(self._reasons())) is not None:
            raise refusal
        job_id = self._opened().print_pdf(self._name, pdf, title)
        return self._follow(job_id, timeout_s, cancelled or Event())

    def _follow(self, job_id: int, timeout_s: float, cancelled: Event) -> Printed:
        """Wait until the job says that it is printed, or leaves the queue without a word."""
        deadline, hindered = monotonic() + timeout_s, 0
        while True:
            status = self._opened().job(self._name, job_id)
            if status is None:
                return Printed.HANDED_OVER
            if is_printed(status):
                return Printed.PRINTED
            if is_given_up(status):
                raise DeviceFaultError("refused", f"{status:04X}", "somebody took it back")
            reasons = (job_reasons(status) | self._reasons()) & HINDERS
            hindered = hindered + 1 if reasons else 0
            if hindered >= LOOKS_BEFORE_GIVING_UP:
                return self._take_back(job_id, fault(reasons, f"{status:04X}"))
            if cancelled.is_set():
                return self._take_back(job_id, RequestCancelledError("the caller gave up"))
            if monotonic() >= deadline:
                return self._take_back(job_id, None)
            pause(LOOK_EVERY_S, cancelled)

    def _take_back(self, job_id: int, why: DeviceError | None) -> Printed:
        """Delete the job and see it go; one that printed in the meantime is printed."""
        self._opened().delete(self._name, job_id)
        deadline = monotonic() + (0 if isinstance(why, RequestCancelledError) else TAKING_BACK_S)
        while (status := self._opened().job(self._name, job_id)) is not None:
            if is_printed(status):
                return Printed.PRINTED
            if monotonic() >= deadline:
                if isinstance(why, RequestCancelledError):
                    raise why
                raise DeviceTimeoutError("the spooler does not let the document go")
            pause(LOOK_EVERY_S)
        raise why or DeviceTimeoutError("not printed in time, and taken back from the queue")

    def _reasons(self) -> frozenset[Reason]:
        return printer_reasons(*self._opened().printer(self._name))

    def _opened(self) -> Spooler:
        if self._spooler is None:
            raise DeviceAbsentError("the printer is not opened")
        return self._spooler


def find_windows_printers(spooler: Callable[[], Spooler]) -> Iterable[Found]:
    """Find the printers of this Windows; none elsewhere."""
    try:
        names = list(spooler().names())
    except DeviceError:
        return
    for name in names:
        yield Found(f"windows:{name}", name, is_certain=True)
