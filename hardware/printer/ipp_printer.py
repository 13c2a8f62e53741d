"""Driver for form printers by IPP: a queue of CUPS, or a printer that speaks IPP Everywhere.

Source: RFC 8010 and 8011. Tried on CUPS 2.4 and on the simulated printer; on no real printer.
"""

from threading import Event
from time import monotonic
from uuid import uuid4

from hardware.core.device import DeviceState, Health, Seen
from hardware.core.errors import (
    DeviceAbsentError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
    RequestCancelledError,
)
from hardware.core.http_link import HttpLink
from hardware.core.waiting import pause
from hardware.printer.interface import UNKNOWN_STATUS, Paper, Printed, PrinterStatus
from hardware.printer.ipp_codec import Attributes
from hardware.printer.ipp_queue import IppQueue, Job, Look, QueueAddress
from hardware.printer.ipp_words import JobState, PrinterState, keywords
from hardware.printer.reasons import HINDERS, Reason, fault, in_words

LOOK_EVERY_S = 0.3
LOOKS_BEFORE_GIVING_UP = 3
"""A cover that is shut again within a second is no reason to take a document back."""

OLD_REASON_S = 10.0
"""CUPS hears of a printer only while it prints: what an idle queue says is as old as its last
document, and the next document is what brings the truth. Seen on CUPS 2.4: a queue whose document
was taken back when paper ran out says media-empty for ever, until it is given another."""

TAKING_BACK_S = 3.0
OVER = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})


class IppPrinter:
    """One queue; a FormPrinter."""

    def __init__(self, http: HttpLink, address: QueueAddress, media: str = "") -> None:
        """Remember where the queue is; media is a PWG name such as iso_a4_210x297mm."""
        self._queue = IppQueue(http, address)
        self._template: Attributes = {"media": keywords(media)} if media else {}
        self._is_open = False

    def open(self) -> None:
        """See that the print system knows the queue."""
        if self._is_open:
            return
        try:
            self._queue.look()
        except DeviceAbsentError:
            raise
        except DeviceError as error:
            raise DeviceAbsentError(f"no queue answers there: {error}") from error
        self._is_open = True

    def close(self) -> None:
        """Hang up; nothing is held between documents."""
        self._is_open = False
        self._queue.close()

    def health(self) -> Health:
        """Ask the print system; the detail names the model."""
        try:
            look = self._look()
        except DeviceError as error:
            return Health(DeviceState.NO_DEVICE, str(error))
        state = DeviceState.HARDWARE_ERROR if look.reasons & HINDERS else DeviceState.ONLINE
        return Health(state, ", ".join(filter(None, (in_words(look.reasons), look.model))))

    def status(self) -> PrinterStatus:
        """Ask the print system; what it does not say is unknown."""
        try:
            look = self._look()
        except DeviceError:
            return UNKNOWN_STATUS
        is_off = look.reasons & {Reason.PAUSED, Reason.OFFLINE}
        is_known = look.state is not None
        return PrinterStatus(
            online=Seen.NO if is_off else Seen.YES if is_known else Seen.UNKNOWN,
            paper=_paper(look.reasons),
            cover_open=Seen.YES if Reason.COVER_OPEN in look.reasons else Seen.UNKNOWN,
            reasons=look.reasons,
        )

    def print_document(
        self,
        pdf: bytes,
        title: str,
        timeout_s: float = 60.0,
        cancelled: Event | None = None,
    ) -> Printed:
        """Hand one PDF to the queue, unless it says that it cannot print, and follow it."""
        look = self._look()
        _refuse(look)
        # The name finds the job again should the answer be lost, so nobody else may have it.
        name = f"{title} {uuid4().hex[:12]}"
        job_id = self._hand_over(pdf, name)
        return self._follow(job_id, look, timeout_s, cancelled or Event())

    def _hand_over(self, pdf: bytes, name: str) -> int:
        """Hand the document over once. When the answer is lost, look for the job by its name."""
        try:
            return self._queue.print_job(pdf, name, self._template)
        except DeviceFaultError:
            raise
        except DeviceError as error:
            found = self._find(name)
            if found is None:
                raise DeviceTimeoutError(
                    f"whether the queue took the document is not known: {error}"
                ) from error
            return found.id

    def _find(self, name: str) -> Job | None:
        try:
            return self._queue.job_named(name)
        except DeviceError:
            return None

    def _follow(self, job_id: int, before: Look, timeout_s: float, cancelled: Event) -> Printed:
        deadline = monotonic() + timeout_s
        old_until = monotonic() + OLD_REASON_S
        hindered, is_ours = 0, False
        while True:
            job, is_known = self._seen(job_id)
            if is_known and job is None:
                return self._vanished(before)
            if job is not None and job.id == job_id:
                is_ours = True
                if (done := _outcome(job)) is not None:
                    return done
            is_late = monotonic() >= deadline
            if not is_ours and (cancelled.is_set() or is_late):
                raise DeviceTimeoutError("the queue does not tell of the document")
            reasons = self._hindrances()
            if reasons <= before.reasons and monotonic() < old_until:
                reasons = frozenset()
            hindered = hindered + 1 if reasons else 0
            if hindered >= LOOKS_BEFORE_GIVING_UP and is_ours:
                return self._take_back(job_id, fault(reasons))
            if cancelled.is_set():
                return self._take_back(job_id, RequestCancelledError("the caller gave up"))
            if is_late:
                return self._take_back(job_id, None)
            pause(LOOK_EVERY_S, cancelled)

    def _seen(self, job_id: int) -> tuple[Job | None, bool]:
        """Ask for a job; also whether there was an answer at all."""
        try:
            return self._queue.job(job_id), True
        except DeviceError:
            return None, False  # it may answer again before the time is over

    def _hindrances(self) -> frozenset[Reason]:
        try:
            return self._queue.look().reasons & HINDERS
        except DeviceError:
            return frozenset()

    def _vanished(self, before: Look) -> Printed:
        """A queue that keeps no history forgets what is printed; one that restarted, everything."""
        try:
            if self._queue.look().up_time_s >= before.up_time_s:
                return Printed.HANDED_OVER
        except DeviceError:
            pass
        raise DeviceTimeoutError("the printer has restarted, and does not know of the document")

    def _take_back(self, job_id: int, why: DeviceError | None) -> Printed:
        """Cancel a job and see that it is over; it may have been printed in the meantime."""
        is_hurried = isinstance(why, RequestCancelledError)
        deadline = monotonic() + (0 if is_hurried else TAKING_BACK_S)
        try:
            self._queue.cancel(job_id)
            while True:
                job = self._queue.job(job_id)
                if job is None or job.state in OVER:
                    break
                if monotonic() >= deadline:
                    raise DeviceTimeoutError("it is still in the queue")
                pause(LOOK_EVERY_S)
        except DeviceError as error:
            if is_hurried and why is not None:
                raise why from error
            raise DeviceTimeoutError(
                f"whether the document comes out is not known: {error}"
            ) from error
        if job is not None and job.state is JobState.COMPLETED:
            return Printed.PRINTED
        raise why or DeviceTimeoutError("not printed in time, and taken back from the queue")

    def _look(self) -> Look:
        if not self._is_open:
            raise DeviceAbsentError("the printer is not opened")
        return self._queue.look()


def _refuse(look: Look) -> None:
    """Refuse a queue that takes or prints nothing now; an idle one is worth a try."""
    is_stopped = look.state is PrinterState.STOPPED
    if is_stopped or Reason.PAUSED in look.reasons:
        raise fault(look.reasons | {Reason.PAUSED}) or DeviceFaultError("refused")


def _outcome(job: Job) -> Printed | None:
    """Tell how a job ended; None while it has not.

    Raises:
        DeviceFaultError: It was given up.
    """
    if job.state is JobState.COMPLETED:
        return Printed.PRINTED
    if job.state in OVER:
        raise DeviceFaultError("refused", str(job.state.value), f"given up: {job.reasons}")
    return None


def _paper(reasons: frozenset[Reason]) -> Paper:
    if Reason.PAPER_OUT in reasons:
        return Paper.OUT
    return Paper.LOW if Reason.PAPER_LOW in reasons else Paper.UNKNOWN
