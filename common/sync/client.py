"""The backend's interface as plain calls, for one station."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

import requests
from pydantic import BaseModel, TypeAdapter, ValidationError

from common.wire.base import Shape
from common.wire.facts import Fact, FactsAnswer, FactsRequest, new_id
from common.wire.live import StationStatus
from common.wire.shapes import (
    CallAnswer,
    CallRequest,
    CardView,
    CaseFind,
    CaseRow,
    CaseView,
    DecisionRequest,
    OfficerSession,
    ReserveRequest,
    SignInRequest,
    SubmitAnswer,
    TagAction,
    TagAnswer,
    TagRequest,
    TagView,
)

CONNECT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 8.0

Answer = TypeVar("Answer", bound=BaseModel)

_ROWS = TypeAdapter(tuple[CaseRow, ...])


class BackendUnreachableError(Exception):
    """No answer came, or the backend answered 5xx: whether the command took effect is unknown.

    Sending it again with the same key is safe.
    """


class RefusedError(Exception):
    """The backend understood and said no.

    Attributes:
        problem: The word of common.wire.shapes.Problem, such as not_found or same_officer.
    """

    def __init__(self, status: int, problem: str, detail: str = "") -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.detail = detail


class CardOfCase(CardView):
    """A card found by its chip, with the case that it belongs to."""

    case_id: UUID


class BackendClient:
    """One station's calls. Safe to use from several threads: each call opens what it needs."""

    def __init__(self, address: str, station: str, key: str) -> None:
        self._address = address.rstrip("/")
        self._headers = {"X-Station": station, "X-Station-Key": key}

    def healthy(self) -> bool:
        """Tell whether the backend answers at all."""
        try:
            self._send("GET", "/v1/health", None, None, None)
        except (BackendUnreachableError, RefusedError):
            return False
        return True

    def tag(self, request: TagRequest, key: UUID | None = None) -> TagAnswer:
        """Ask for a tag."""
        return self._ask(TagAnswer, "/v1/tags", request, key)

    def find_case(self, by: CaseFind) -> CaseView | None:
        """Fetch a case, or None where there is none."""
        try:
            return self._ask(CaseView, "/v1/cases/find", by)
        except RefusedError as refusal:
            if refusal.status == 404:
                return None
            raise

    def facts(self, facts: tuple[Fact, ...], officer: str | None = None) -> FactsAnswer:
        """Send facts in the order in which they happened."""
        return self._ask(FactsAnswer, "/v1/facts", FactsRequest(facts=facts), officer=officer)

    def call_next(
        self, request: CallRequest, officer: str | None = None, key: UUID | None = None
    ) -> TagView | None:
        """Call the next tag to a place."""
        return self._ask(CallAnswer, "/v1/queue/call", request, key, officer).tag

    def arrive(self, action: TagAction, officer: str | None = None) -> TagView:
        """Say that the holder of a called tag is here."""
        return self._ask(TagView, "/v1/queue/arrive", action, officer=officer)

    def recall(self, action: TagAction, officer: str | None = None) -> TagView:
        """Call the same tag once more."""
        return self._ask(TagView, "/v1/queue/recall", action, officer=officer)

    def miss(self, action: TagAction, officer: str | None = None) -> TagView:
        """Say that nobody came."""
        return self._ask(TagView, "/v1/queue/miss", action, officer=officer)

    def status(self, status: StationStatus) -> None:
        """Say how this station is; that also renews the leases of what its place has called."""
        self._send("POST", "/v1/stations/status", status.model_dump(mode="json"), None, None)

    def sign_in(self, request: SignInRequest) -> OfficerSession:
        """Sign an officer in."""
        return self._ask(OfficerSession, "/v1/officers/sign-in", request)

    def sign_out(self, officer: str) -> None:
        """End an officer's session."""
        self._send("POST", "/v1/officers/sign-out", {}, new_id(), officer)

    def submit(self, case_id: UUID, officer: str, key: UUID) -> SubmitAnswer:
        """Submit a case and get its central receipt."""
        return self._ask(SubmitAnswer, f"/v1/cases/{case_id}/submit", None, key, officer)

    def decide(
        self, case_id: UUID, request: DecisionRequest, officer: str, key: UUID | None = None
    ) -> CaseView:
        """Approve or refuse a case."""
        return self._ask(CaseView, f"/v1/cases/{case_id}/decide", request, key, officer)

    def work(self, which: str, officer: str) -> tuple[CaseRow, ...]:
        """Fetch a work list: submitted, approved or stored."""
        return _checked(_ROWS, self._send("GET", f"/v1/work/{which}", None, None, officer))

    def reserve(
        self,
        card_id: UUID,
        request: ReserveRequest,
        officer: str | None = None,
        key: UUID | None = None,
    ) -> CardView:
        """Reserve a stored card for this station."""
        return self._ask(CardView, f"/v1/cards/{card_id}/reserve", request, key, officer)

    def card_by_serial(self, serial: str, officer: str | None = None) -> CardOfCase | None:
        """Find a card by its chip's serial, or None."""
        try:
            body = self._send("GET", f"/v1/cards/by-serial/{serial}", None, None, officer)
        except RefusedError as refusal:
            if refusal.status == 404:
                return None
            raise
        return _checked(TypeAdapter(CardOfCase), body)

    def _ask(
        self,
        answer: type[Answer],
        path: str,
        body: Shape | None,
        key: UUID | None = None,
        officer: str | None = None,
    ) -> Answer:
        plain = body.model_dump(mode="json") if body is not None else {}
        return _checked(
            TypeAdapter(answer), self._send("POST", path, plain, key or new_id(), officer)
        )

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        key: UUID | None,
        officer: str | None,
    ) -> bytes:
        headers = dict(self._headers)
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        if officer is not None:
            headers["X-Officer"] = officer
        try:
            response = requests.request(
                method,
                self._address + path,
                json=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
            )
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error
        if response.status_code >= 500:
            raise BackendUnreachableError(f"status {response.status_code}")
        if response.status_code >= 400:
            raise RefusedError(response.status_code, *_problem(response))
        return response.content


def _problem(response: requests.Response) -> tuple[str, str]:
    try:
        told = response.json()
        return str(told["problem"]), str(told.get("detail", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unknown", ""


Shaped = TypeVar("Shaped")


def _checked(shape: TypeAdapter[Shaped], body: bytes) -> Shaped:
    try:
        return shape.validate_json(body)
    except ValidationError as error:
        # The shapes hold personal data, so the error's own text must not travel on.
        raise BackendUnreachableError("the answer has another shape") from error.__cause__
