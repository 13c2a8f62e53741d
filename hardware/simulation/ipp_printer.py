"""A simulated page printer on the network that speaks IPP, as IPP Everywhere printers do.

Place: NAME.tray, where the printed pages lie. Its reading of RFC 8010 and 8011 is its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic
from typing import Any

import pypdfium2

from hardware.simulation.form_printer import pages_of
from hardware.simulation.hands import hand_place, take_one
from hardware.simulation.http_line import HttpLine, HttpRequest
from hardware.simulation.ipp_reading import (
    BOOLEAN,
    ENUM,
    INTEGER,
    JOB_GROUP,
    KEYWORD,
    NAME,
    PRINTER_GROUP,
    TEXT,
    URI,
    BadRequestError,
    Field,
    Request,
    answer,
    read_request,
)
from hardware.simulation.line import Connection
from hardware.simulation.papers import make_paper
from hardware.simulation.switches import UNPLUGGED, SwitchedDevice
from hardware.simulation.world import World

PATH = "/ipp/print"
PAGE_S, SLOW_PAGE_S = 0.5, 1.5
KEPT_JOBS = 100

OK, BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND = 0x0000, 0x0400, 0x0404, 0x0406
FORMAT_NOT_SUPPORTED, OPERATION_NOT_SUPPORTED, NOT_ACCEPTING = 0x040A, 0x0501, 0x0506

IDLE, BUSY, STOPPED = 3, 4, 5
PENDING, PROCESSING, HALTED, CANCELED, ABORTED, COMPLETED = 3, 5, 6, 7, 8, 9

REASONS = {
    "paper_out": "media-empty-error",
    "paper_low": "media-low-warning",
    "jam": "media-jam-error",
    "door_open": "door-open-error",
    "toner_empty": "toner-empty-error",
    "toner_low": "toner-low-warning",
    "tray_full": "output-area-full-error",
    "offline": "offline-report",
    "paused": "paused",
}
HALTING = frozenset(REASONS) - {"paper_low", "toner_low"}


@dataclass(slots=True)
class _Job:
    number: int
    name: str
    document: bytes
    state: int = PENDING


class SimulatedIppPrinter(SwitchedDevice):
    """Serves ipp://127.0.0.1:PORT/ipp/print. Jobs are forgotten without power.

    Options: model.
    Verbs: take {hand} returns {thing}; refill {} puts paper in and shuts the doors.
    Faults: unplugged; paper_out, paper_low, jam, door_open, toner_empty, toner_low, tray_full,
    offline, paused; slow (a page takes 1.5 s); job_aborted (documents are given up);
    not_accepting (documents are refused); lost_answer (the answer to the next Print-Job is).
    Lies: lying (it says completed, and no page comes).
    """

    FAULTS = frozenset(
        {UNPLUGGED, *REASONS, "slow", "job_aborted", "not_accepting", "lost_answer", "lying"}
    )

    def __init__(self, name: str, port: int, world: World, options: Mapping[str, Any]) -> None:
        super().__init__(port)
        self._name = name
        self._world = world
        self._tray = f"{name}.tray"
        self._model = str(options.get("model", "Simulated page printer"))
        self._is_realistic = options.get("timing") == "realistic"
        self._changed = Condition()
        self._jobs: dict[int, _Job] = {}
        self._last = 0
        self._up_since = monotonic()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to listen and to print."""
        super().start()
        self._thread = Thread(target=self._print_all, name=f"{self._name}-engine", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop both."""
        super().stop()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def power_lost(self) -> None:
        """Forget every job; the paper in the tray stays."""
        with self._changed:
            self._jobs.clear()
            self._up_since = monotonic()
            self._changed.notify_all()

    def act(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Take the page that lies lowest in the tray, or see to the printer."""
        match verb:
            case "take":
                return take_one(self._world, self._tray, hand_place(arguments))
            case "refill":
                for fault in ("paper_out", "paper_low", "jam", "door_open", "tray_full"):
                    self.set_fault(fault, False)
                return self.state()
            case _:
                raise LookupError(f"nobody can {verb} a form printer")

    def state(self) -> dict[str, Any]:
        """Tell what lies in the tray and how much waits."""
        with self._changed:
            waiting = sum(job.state < CANCELED for job in self._jobs.values())
        return {
            "kind": "ipp_printer",
            "faults": sorted(self.faults),
            "tray": [page.id for page in self._world.at(self._tray)],
            "waiting": waiting,
        }

    def set_fault(self, fault: str, on: bool) -> None:
        """Turn one fault on or off; what waited for that goes on."""
        super().set_fault(fault, on)
        with self._changed:
            self._changed.notify_all()

    def serve(self, connection: Connection) -> None:
        """Answer one client until it hangs up."""
        line = HttpLine(connection)
        while (asked := line.request()) is not None:
            if asked.method != "POST" or asked.path != PATH:
                line.answer(404, "text/plain", b"no such printer")
                continue
            said = self._answered(asked)
            if said is None:
                return
            line.answer(200, "application/ipp", said)

    def _answered(self, asked: HttpRequest) -> bytes | None:
        """Answer one IPP request; None hangs up instead."""
        try:
            request = read_request(asked.body)
        except BadRequestError:
            return answer(0, BAD_REQUEST, [])
        status, groups = self._do(request)
        if request.operation == 0x0002 and "lost_answer" in self.faults:
            self.faults.discard("lost_answer")
            return None
        return answer(request.number, status, groups)

    def _do(self, request: Request) -> tuple[int, list[tuple[bytes, list[Field]]]]:
        with self._changed:
            match request.operation:
                case 0x0002:
                    return self._take_job(request)
                case 0x0004:
                    return self._validated(request), []
                case 0x0008:
                    return self._cancel(request.integer("job-id")), []
                case 0x0009:
                    job = self._jobs.get(request.integer("job-id"))
                    return (OK, [(JOB_GROUP, self._about(job))]) if job else (NOT_FOUND, [])
                case 0x000A:
                    is_over = request.text("which-jobs") == "completed"
                    found = [j for j in self._jobs.values() if (j.state >= CANCELED) is is_over]
                    return OK, [(JOB_GROUP, self._about(job)) for job in found]
                case 0x000B:
                    return OK, [(PRINTER_GROUP, self._about_itself())]
                case _:
                    return OPERATION_NOT_SUPPORTED, []

    def _validated(self, request: Request) -> int:
        if "not_accepting" in self.faults:
            return NOT_ACCEPTING
        is_pdf = request.text("document-format") in ("application/pdf", "")
        return OK if is_pdf else FORMAT_NOT_SUPPORTED

    def _take_job(self, request: Request) -> tuple[int, list[tuple[bytes, list[Field]]]]:
        if (status := self._validated(request)) != OK:
            return status, []
        self._last += 1
        job = _Job(self._last, request.text("job-name"), request.document)
        self._jobs[job.number] = job
        for number in list(self._jobs)[:-KEPT_JOBS]:
            if self._jobs[number].state >= CANCELED:
                del self._jobs[number]
        self._changed.notify_all()
        return OK, [(JOB_GROUP, self._about(job))]

    def _cancel(self, number: int) -> int:
        job = self._jobs.get(number)
        if job is None:
            return NOT_FOUND
        if job.state >= CANCELED:
            return NOT_POSSIBLE
        job.state = CANCELED
        self._changed.notify_all()
        return OK

    def _about(self, job: _Job) -> list[Field]:
        is_halted = job.state == PROCESSING and self._is_halted()
        reason = {CANCELED: "job-canceled-by-user", ABORTED: "aborted-by-system"}.get(job.state)
        reason = reason or ("printer-stopped" if is_halted else "none")
        return [
            (URI, "job-uri", f"ipp://127.0.0.1:{self.port}{PATH}/{job.number}"),
            (INTEGER, "job-id", job.number),
            (NAME, "job-name", job.name),
            (ENUM, "job-state", HALTED if is_halted else job.state),
            (KEYWORD, "job-state-reasons", reason),
        ]

    def _about_itself(self) -> list[Field]:
        is_busy = any(job.state < CANCELED for job in self._jobs.values())
        state = STOPPED if self._is_halted() else BUSY if is_busy else IDLE
        reasons = [word for fault, word in REASONS.items() if fault in self.faults] or ["none"]
        return [
            (URI, "printer-uri-supported", f"ipp://127.0.0.1:{self.port}{PATH}"),
            (NAME, "printer-name", "form"),
            (TEXT, "printer-make-and-model", self._model),
            (ENUM, "printer-state", state),
            (KEYWORD, "printer-state-reasons", reasons),
            (BOOLEAN, "printer-is-accepting-jobs", int("not_accepting" not in self.faults)),
            (INTEGER, "printer-up-time", int(monotonic() - self._up_since) + 1),
            (INTEGER, "queued-job-count", sum(j.state < CANCELED for j in self._jobs.values())),
        ]

    def _is_halted(self) -> bool:
        return bool(self.faults & HALTING)

    def _print_all(self) -> None:
        while not self.ended.is_set():
            with self._changed:
                job = next((j for j in self._jobs.values() if j.state <= PROCESSING), None)
                if job is None:
                    if not self.ended.is_set():  # else nobody would wake it any more
                        self._changed.wait()
                    continue
                job.state = PROCESSING
            self._print(job)

    def _print(self, job: _Job) -> None:
        """Print page by page; a job that is taken back in the middle keeps what is out."""
        try:
            pictures = [] if "job_aborted" in self.faults else pages_of(job.document)
        except pypdfium2.PdfiumError:
            pictures = []
        end = COMPLETED if pictures else ABORTED
        if "lying" in self.faults:
            pictures = []
        for picture in pictures:
            if self._is_realistic or "slow" in self.faults:
                self.ended.wait(SLOW_PAGE_S if "slow" in self.faults else PAGE_S)
            with self._changed:
                while self._is_halted() and self._goes_on(job):
                    self._changed.wait()
                if not self._goes_on(job):
                    return
                make_paper(self._world, self._tray, "form", picture, job=job.number)
        with self._changed:
            while self._is_halted() and self._goes_on(job):
                self._changed.wait()
            if self._goes_on(job):
                job.state = end

    def _goes_on(self, job: _Job) -> bool:
        is_known = self._jobs.get(job.number) is job
        return is_known and job.state == PROCESSING and not self.ended.is_set()
