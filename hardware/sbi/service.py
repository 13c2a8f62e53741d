"""The verbs of an SBI service: HTTP with methods of its own, JSON there and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from time import time
from typing import Any
from uuid import uuid4

from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError
from hardware.core.http_link import HttpLink
from hardware.core.http_stream import HttpStream
from hardware.sbi.biometrics import BioType, Wanted
from hardware.sbi.captures import Captured, Question, captures, error_alone
from hardware.sbi.devices import VERSION, Discovered, Info, discovered, info_of
from hardware.sbi.fields import parsed
from hardware.sbi.sealed import DomainKey
from hardware.sbi.tokens import Judge

ANSWER_S = 3.0
"""A service answers a question within it, and a capture so much after the capture's own time."""

JSON = {"Content-Type": "application/json"}


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.fromtimestamp(time(), UTC)


def new_transaction() -> str:
    """A number of 36 characters that no other capture has."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Service:
    """One SBI service.

    Attributes:
        link: The way to it. judge: Whom it must convince.
        environment: What its devices must be made for: Production, Staging, Developer ...
        transaction: Gives each capture its number.
    """

    link: HttpLink
    judge: Judge
    environment: str
    transaction: Callable[[], str] = field(default=new_transaction)

    def discover(
        self, kind: BioType, cancelled: Event, timeout_s: float = ANSWER_S
    ) -> list[Discovered]:
        """Ask which devices of a kind there are; nothing of the answer is vouched for."""
        return discovered(self._asked("MOSIPDISC", "/device", {"type": kind}, timeout_s, cancelled))

    def info(self, device_id: str, cancelled: Event, timeout_s: float = ANSWER_S) -> Info:
        """Ask for what a device signs of itself.

        Raises:
            AnswerRefusedError: It is not to be trusted. DeviceAbsentError: It is not there.
            DeviceError: The service failed.
        """
        answer = self._asked("MOSIPDINFO", "/info", None, timeout_s, cancelled)
        return info_of(answer, device_id, self.judge)

    def rcapture(
        self, info: Info, wanted: Wanted, previous: str, timeout_s: float, cancelled: Event
    ) -> list[Captured]:
        """Capture for registration; the device waits timeout_s for a person.

        Raises:
            SbiTimeoutError: Nobody came. SbiBusyError: The device captures already.
            AnswerRefusedError: What came is not to be believed. DeviceError: Anything else.
        """
        asked = Question(wanted, info, self.transaction(), self.environment, previous)
        return self._captured("RCAPTURE", asked, timeout_s, cancelled)

    def capture(
        self,
        info: Info,
        wanted: Wanted,
        domain: tuple[str, DomainKey],
        timeout_s: float,
        cancelled: Event,
        previous: str = "",
    ) -> list[Captured]:
        """Capture for authentication, sealed for domain: its address, its key. As rcapture."""
        uri, key = domain
        asked = Question(wanted, info, self.transaction(), self.environment, previous, uri, key)
        return self._captured("CAPTURE", asked, timeout_s, cancelled)

    def stream(self, info: Info, sub_id: str, lasts_s: float, cancelled: Event) -> HttpStream:
        """Begin the stream of preview pictures; close it.

        Raises:
            DeviceError: The device does not stream now.
        """
        asked = {
            "deviceId": info.device_id,
            "deviceSubId": sub_id,
            "timeout": _milliseconds(lasts_s),
        }
        stream = self.link.stream("STREAM", "/stream", _body(asked), JSON)
        try:
            head = stream.head(ANSWER_S, cancelled)
            if not head.media_type.startswith("multipart/"):
                error_alone(parsed(stream.read(ANSWER_S, cancelled)))
        except DeviceTimeoutError as error:
            stream.close()
            raise DeviceAbsentError(f"the service fell silent: {error}") from error
        except BaseException:
            stream.close()
            raise
        return stream

    def _captured(
        self, verb: str, asked: Question, timeout_s: float, cancelled: Event
    ) -> list[Captured]:
        request = self._capture_request(asked, timeout_s)
        answer = self._asked(verb, "/capture", request, timeout_s + ANSWER_S, cancelled)
        return captures(answer, asked, self.judge)

    def _capture_request(self, asked: Question, timeout_s: float) -> dict[str, Any]:
        now = self.judge.now().astimezone(UTC)
        request: dict[str, Any] = {
            "env": self.environment,
            "purpose": asked.purpose,
            "specVersion": VERSION,
            "timeout": _milliseconds(timeout_s),
            "captureTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "transactionId": asked.transaction_id,
            "bio": [asked.wanted.as_request(asked.info.device_id, asked.previous)],
        }
        if asked.domain_key is not None:
            request["domainUri"] = asked.domain_uri
        return request

    def _asked(
        self,
        verb: str,
        path: str,
        request: Mapping[str, Any] | None,
        timeout_s: float,
        cancelled: Event,
    ) -> Any:
        """Ask and return the JSON of the answer, whatever its status: errors come with 405.

        A service whose answer is late is absent: only its own word for it means that nobody came.
        """
        body = b"" if request is None else _body(request)
        try:
            answer = self.link.ask(verb, path, body, JSON, timeout_s, cancelled)
        except DeviceTimeoutError as error:
            raise DeviceAbsentError(f"the service fell silent: {error}") from error
        return parsed(answer.body)


def _body(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request).encode()


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
