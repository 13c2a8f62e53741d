"""One print queue that is reached by IPP: the five questions that a form printer needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from hardware.core.errors import BadReplyError, DeviceAbsentError, DeviceFaultError
from hardware.core.http_link import HttpLink
from hardware.printer.ipp_codec import (
    Attributes,
    Group,
    IppFormatError,
    Message,
    Tag,
    Value,
    decode,
    encode,
)
from hardware.printer.ipp_words import (
    JobState,
    Operation,
    PrinterState,
    Status,
    keywords,
    number,
    reasons,
    text,
    texts,
    truth,
)
from hardware.printer.reasons import Reason

PORT = 631
ANSWER_S, TAKEN_S = 5.0, 20.0
MEDIA_TYPE = "application/ipp"
USER = "smartics"
MOST_JOBS = 200

ABOUT_PRINTER = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "printer-up-time",
)
M = TypeVar("M", bound=IntEnum)

ABOUT_JOB = ("job-id", "job-name", "job-state", "job-state-reasons")


@dataclass(frozen=True, slots=True)
class Look:
    """What a queue says of itself.

    Attributes:
        up_time_s: How long it has run; 0 where it does not say.
    """

    state: PrinterState | None
    reasons: frozenset[Reason]
    model: str
    up_time_s: int


@dataclass(frozen=True, slots=True)
class Job:
    """What a queue says of one job; state is None where it says something unknown."""

    id: int
    name: str
    state: JobState | None
    reasons: str


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """Where a queue is: the HTTP service, the path on it, and the URI that IPP calls it by."""

    http: str
    path: str
    uri: str

    @classmethod
    def parse(cls, address: str) -> "QueueAddress":
        """Read ipp://host[:port]/path, ipps://..., or cups:QUEUE of this machine's CUPS.

        Raises:
            ValueError: It is written otherwise.
        """
        if address.startswith("cups:"):
            queue = address.removeprefix("cups:")
            if not queue or any(sign in queue for sign in " /#?\t"):
                raise ValueError(f"the address is written cups:QUEUE, not {address!r}")
            address = f"ipp://localhost:{PORT}/printers/{queue}"
        parts = urlsplit(address)
        scheme = {"ipp": "http", "ipps": "https"}.get(parts.scheme)
        if scheme is None or not parts.hostname or "@" in parts.netloc:
            raise ValueError(f"the address is written ipp://host/path, not {address!r}")
        path = parts.path or "/ipp/print"
        port = parts.port or PORT
        return cls(
            f"{scheme}://{parts.hostname}:{port}", path, f"{parts.scheme}://{parts.netloc}{path}"
        )

    @property
    def name(self) -> str:
        """The queue's name, for people."""
        return unquote(self.path.rpartition("/")[2])


class IppQueue:
    """Asks one queue.

    Everything here raises DeviceAbsentError, DeviceTimeoutError or BadReplyError; or
    DeviceFaultError, reason refused, with IPP's status as its code.
    """

    def __init__(self, http: HttpLink, address: QueueAddress) -> None:
        self._http = http
        self._address = address
        self._numbers = count(1)

    def look(self) -> Look:
        """Ask how the printer is; an unknown queue is an absent one."""
        try:
            answer = self._ask(
                Operation.GET_PRINTER_ATTRIBUTES,
                {"requested-attributes": keywords(*ABOUT_PRINTER)},
            )
        except DeviceFaultError as error:
            if error.code == f"{Status.NOT_FOUND:04X}":
                raise DeviceAbsentError(f"no queue {self._address.name}") from error
            raise
        said = answer.group(Group.PRINTER)
        found = reasons(texts(said, "printer-state-reasons"))
        state = _member(PrinterState, number(said, "printer-state"))
        if truth(said, "printer-is-accepting-jobs") is False or (
            state is PrinterState.STOPPED and not found
        ):
            found |= {Reason.PAUSED}
        model, up_time_s = text(said, "printer-make-and-model"), number(said, "printer-up-time")
        return Look(state, found, model, up_time_s or 0)

    def print_job(self, pdf: bytes, name: str, template: Attributes) -> int:
        """Hand a PDF over and return the number of its job."""
        answer = self._ask(
            Operation.PRINT_JOB,
            {
                "job-name": (Value(Tag.NAME, name),),
                "document-format": (Value(Tag.MEDIA_TYPE, "application/pdf"),),
            },
            template=template,
            data=pdf,
            timeout_s=TAKEN_S,
        )
        said = answer.group(Group.JOB)
        job_id = number(said, "job-id")
        if job_id is None:
            raise BadReplyError("the queue took the document and gave no number")
        # The number stands there twice (RFC 8011, section 4.2.1.2): another's job must not be taken
        # for ours because of one bad byte.
        _, is_there, end = text(said, "job-uri").rpartition("/")
        if is_there and end.isascii() and end.isdigit() and int(end) != job_id:
            raise BadReplyError(f"the queue calls the document both {job_id} and {end}")
        return job_id

    def job(self, job_id: int) -> Job | None:
        """Ask for one job; None where the queue knows it no longer."""
        try:
            answer = self._ask(
                Operation.GET_JOB_ATTRIBUTES,
                {"requested-attributes": keywords(*ABOUT_JOB)},
                job_id=job_id,
            )
        except DeviceFaultError as error:
            if error.code == f"{Status.NOT_FOUND:04X}":
                return None
            raise
        return _job(answer.group(Group.JOB))

    def job_named(self, name: str) -> Job | None:
        """Look for a job by its name, among those that wait and those that are over."""
        for which in ("not-completed", "completed"):
            answer = self._ask(
                Operation.GET_JOBS,
                {
                    "limit": (Value(Tag.INTEGER, MOST_JOBS),),
                    "which-jobs": keywords(which),
                    "requested-attributes": keywords(*ABOUT_JOB),
                },
            )
            for found in answer.all_of(Group.JOB):
                if text(found, "job-name") == name:
                    return _job(found)
        return None

    def cancel(self, job_id: int) -> None:
        """Take a job back; one that is over already stays as it is."""
        try:
            self._ask(Operation.CANCEL_JOB, {}, job_id=job_id)
        except DeviceFaultError as error:
            if error.code not in (f"{Status.NOT_POSSIBLE:04X}", f"{Status.NOT_FOUND:04X}"):
                raise

    def close(self) -> None:
        """Release the connection."""
        self._http.close()

    def _ask(
        self,
        operation: Operation,
        more: Mapping[str, tuple[Value, ...]],
        *,
        job_id: int | None = None,
        template: Attributes | None = None,
        data: bytes = b"",
        timeout_s: float | None = None,
    ) -> Message:
        # Charset, language and target come first, in this order (RFC 8011, section 4.1.4).
        asked: Attributes = {
            "attributes-charset": (Value(Tag.CHARSET, "utf-8"),),
            "attributes-natural-language": (Value(Tag.LANGUAGE, "en"),),
            "printer-uri": (Value(Tag.URI, self._address.uri),),
        }
        if job_id is not None:
            asked["job-id"] = (Value(Tag.INTEGER, job_id),)
        asked["requesting-user-name"] = (Value(Tag.NAME, USER),)
        asked |= more
        groups: list[tuple[int, Attributes]] = [(Group.OPERATION, asked)]
        if template:
            groups.append((Group.JOB, template))
        request = Message(operation, next(self._numbers), tuple(groups), data)
        answer = self._http.ask(
            "POST",
            self._address.path,
            encode(request),
            {"Content-Type": MEDIA_TYPE},
            timeout_s or ANSWER_S,
        )
        return _understood(request, answer.status, answer.body)


def _understood(request: Message, status: int, body: bytes) -> Message:
    if status == 404:
        raise DeviceAbsentError("the service knows no such queue")
    if 400 <= status < 500:
        raise DeviceFaultError("refused", f"HTTP {status}", "the service does not let us print")
    if status != 200:
        raise BadReplyError(f"HTTP {status}")
    try:
        answer = decode(body)
    except IppFormatError as error:
        raise BadReplyError(f"that is no IPP: {error}") from error
    if answer.request_id != request.request_id:
        raise BadReplyError("the answer is to another request")
    if answer.code > Status.LAST_SUCCESSFUL:
        said = text(answer.group(Group.OPERATION), "status-message")
        raise DeviceFaultError("refused", f"{answer.code:04X}", said)
    return answer


def _job(said: Attributes) -> Job:
    job_id = number(said, "job-id")
    if job_id is None:
        raise BadReplyError("the answer is about no job")
    state = _member(JobState, number(said, "job-state"))
    return Job(job_id, text(said, "job-name"), state, " ".join(texts(said, "job-state-reasons")))


def _member(words: type[M], found: int | None) -> M | None:
    return next((word for word in words if word == found), None)
