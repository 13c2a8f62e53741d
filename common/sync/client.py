"""The backend's interface as plain calls, for one station."""

import json
from collections.abc import Mapping
from pathlib import Path
from threading import local
from typing import Any, TypeVar
from uuid import UUID

import requests
from pydantic import BaseModel, TypeAdapter, ValidationError

from common.sync.signing import Signer
from common.wire.base import Shape
from common.wire.facts import Fact, FactsAnswer, FactsRequest, new_id
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
from common.wire.signatures import Message
from common.wire.trust import HelloAnswer, HelloRequest, RenewAnswer, RenewRequest

CONNECT_TIMEOUT_S = 3.0  # the handshake of TLS included
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


class OutOfServiceError(BackendUnreachableError):
    """The backend takes nothing from this station as it is; a technician must come.

    For whoever stands before the station it is as if there were no backend: nothing is lost, and
    nothing is promised.

    Attributes:
        problem: station_revoked, station_unknown, certificate_expired, or clock_wrong, whose
            detail is the backend's time.
    """

    def __init__(self, refusal: RefusedError) -> None:
        super().__init__(f"{refusal.problem} {refusal.detail}".strip())
        self.problem = refusal.problem
        self.detail = refusal.detail


OUT_OF_SERVICE = frozenset(
    {
        "station_revoked",
        "station_unknown",
        "certificate_expired",
        "clock_wrong",
    }
)


class CardOfCase(CardView):
    """A card found by its chip, with the case that it belongs to."""

    case_id: UUID


class BackendClient:
    """One station's calls. Safe to use from several threads: each has its own connection.

    Attributes:
        signer: Signs each request; a renewed key takes the place of the old one here.
        out_of_service: The word with which the backend last refused the station itself; "" where
            it takes what the station says.
    """

    def __init__(
        self,
        address: str,
        signer: Signer,
        authority: Path | None = None,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        """Make the calls of a station.

        Args:
            address: The backend's, http:// or https://.
            signer: The station's key.
            authority: PEM file of the only authority that may certify an https:// backend.
            certificate: PEM files of the station's certificate and key, for a channel that asks
                for them too.
        """
        self._address = address.rstrip("/")
        self.signer = signer
        self.out_of_service = ""
        self._authority, self._certificate = authority, certificate
        self._thread = local()

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

    def hello(self, request: HelloRequest) -> HelloAnswer:
        """Tell what runs here; the key that signs is from now on the station's only one."""
        return self._ask(HelloAnswer, "/v1/stations/hello", request)

    def renew(self, request: RenewRequest) -> RenewAnswer:
        """Ask for the certificate of the station's next key."""
        return self._ask(RenewAnswer, "/v1/stations/renew", request)

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
        content = b"" if body is None else json.dumps(body).encode()
        idempotency_key = None if key is None else str(key)
        message = Message(method, path, "", content, idempotency_key, officer)
        response = self._exchange(message)
        if response.status_code >= 500:
            raise BackendUnreachableError(f"status {response.status_code}")
        if response.status_code >= 400:
            refusal = RefusedError(response.status_code, *problem_of(response))
            if refusal.problem == "replayed":
                # Something on the way sent the request twice. Signed anew it gets its answer.
                raise BackendUnreachableError("the line repeats")
            if refusal.problem in OUT_OF_SERVICE:
                self.out_of_service = refusal.problem
                raise OutOfServiceError(refusal)
            raise refusal
        self.out_of_service = ""
        return response.content

    def _exchange(self, message: Message) -> requests.Response:
        try:
            return self._try(message)
        except requests.ConnectTimeout as error:
            raise BackendUnreachableError(type(error).__name__) from error
        except requests.ConnectionError:
            # The other end may just have closed a connection that was idle. Once more on a new
            # one, with a new signature; the idempotency key makes both one.
            self._forget_connection()
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error
        try:
            return self._try(message)
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error

    def _try(self, message: Message) -> requests.Response:
        headers = self.signer.headers(message)
        if message.body:
            headers["Content-Type"] = "application/json"
        if message.idempotency_key is not None:
            headers["Idempotency-Key"] = message.idempotency_key
        if message.officer is not None:
            headers["X-Officer"] = message.officer
        return self._session().request(
            message.method,
            self._address + message.path,
            data=message.body or None,
            headers=headers,
            timeout=(CONNECT_TIMEOUT_S, ANSWER_TIMEOUT_S),
        )

    def _session(self) -> requests.Session:
        """Return this thread's connection, kept open from call to call."""
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = requests.Session()
            # The environment has no say in whom a station talks to.
            session.trust_env = False
            if self._authority is not None:
                session.verify = str(self._authority)
            if self._certificate is not None:
                session.cert = (str(self._certificate[0]), str(self._certificate[1]))
            self._thread.session = session
        return session

    def _forget_connection(self) -> None:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is not None:
            session.close()


def problem_of(response: requests.Response) -> tuple[str, str]:
    """Read the word and the detail of a refusal; "unknown" where there is none."""
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
