"""The backend's interface as plain calls, for one station."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import local
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import requests
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from common.sync.signing import Signer
from common.wire.base import Shape
from common.wire.booking import Offices
from common.wire.custody import (
    ActionRequest,
    ActionView,
    ConfirmRequest,
    CountRequest,
    CountView,
)
from common.wire.facts import Fact, FactsAnswer, FactsRequest, new_id
from common.wire.field import BackendKeys, Bundle, BundleRequest, WorkOrdersAnswer
from common.wire.live import OfficeLive, StaffAttended, StationStatus
from common.wire.mobile import MobileCheck, MobileChecked, MobileCodeRequest, MobileCodeSent
from common.wire.officer_cards import (
    CardSignInRequest,
    OfficerCardRequest,
    OfficerCardRevocation,
    OfficerCardRow,
    OfficerCards,
    OfficerChallenge,
)
from common.wire.old_card import OldCardAsked, OldCardStanding
from common.wire.packets import PacketAnnounced, PacketsHeld, PacketView
from common.wire.series import (
    Lease,
    LeaseAnswer,
    LeaseRequest,
    LeaseReturned,
    LeasesAnswer,
)
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
    SlotAnswer,
    SlotRequest,
    SubmitAnswer,
    TagAction,
    TagAnswer,
    TagRequest,
    TagView,
    WatchRequest,
)
from common.wire.signatures import Message
from common.wire.signed import Signed
from common.wire.trust import HelloAnswer, HelloRequest, RenewAnswer, RenewRequest

CONNECT_TIMEOUT_S = 3.0  # the handshake of TLS included
ANSWER_TIMEOUT_S = 8.0

Answer = TypeVar("Answer", bound=BaseModel)

_KEPT = ConfigDict(cache_strings="keys")
"""As common.wire.base has it: a list takes its configuration from itself."""
_ROWS = TypeAdapter(tuple[CaseRow, ...], config=_KEPT)
_ACTIONS = TypeAdapter(tuple[ActionView, ...], config=_KEPT)


class BackendUnreachableError(Exception):
    """No answer came, or the backend answered 5xx: whether the command took effect is unknown.

    Sending it again with the same key is safe.

    Attributes:
        retry_after_s: How long the backend asks to be left alone, where it said so.
    """

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


OTHER_DAY = "token_other_day"


class RefusedError(Exception):
    """The backend understood and said no.

    Attributes:
        problem: The word of common.wire.shapes.Problem, such as not_found or same_officer.
        retry_after_s: How long the backend asks to be left alone, where it said so.
    """

    def __init__(
        self, status: int, problem: str, detail: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem
        self.detail = detail
        self.retry_after_s = retry_after_s


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

    def take_slot(self, request: SlotRequest, key: UUID | None = None) -> SlotAnswer:
        """Book or move an appointment, or go on the wait list."""
        return self._ask(SlotAnswer, "/v1/tags/slot", request, key)

    def offices(self) -> Offices:
        """Ask what anybody may know of the offices: hours, places left, addresses, fees."""
        return self._fetch(Offices, "/v1/offices")

    def find_case(self, by: CaseFind, *, tells_day: bool = False) -> CaseView | None:
        """Fetch a case, or None where there is none.

        tells_day: a tag of another day is refused with token_other_day, not taken for unknown.
        """
        try:
            return self._ask(CaseView, "/v1/cases/find", by)
        except RefusedError as refusal:
            if refusal.status == 404 and not (tells_day and refusal.problem == OTHER_DAY):
                return None
            raise

    def facts(self, facts: tuple[Fact, ...], officer: str | None = None) -> FactsAnswer:
        """Send facts in the order in which they happened."""
        return self._ask(FactsAnswer, "/v1/facts", FactsRequest(facts=facts), officer=officer)

    def look_at_old_card(self, case_id: UUID, asked: OldCardAsked) -> OldCardStanding:
        """Ask how the card that a person brings stands."""
        return self._ask(OldCardStanding, f"/v1/cases/{case_id}/old-card", asked)

    def send_mobile_code(
        self, case_id: UUID, request: MobileCodeRequest, key: UUID | None = None
    ) -> MobileCodeSent:
        """Have a code sent to a mobile number."""
        return self._ask(MobileCodeSent, f"/v1/cases/{case_id}/mobile", request, key)

    def check_mobile_code(
        self, case_id: UUID, request: MobileCheck, key: UUID | None = None
    ) -> MobileChecked:
        """Hold a typed code against the one that was sent."""
        return self._ask(MobileChecked, f"/v1/cases/{case_id}/mobile/check", request, key)

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

    def status(self, status: StationStatus) -> None:
        """Say how this station is; that also renews the leases of what its place has called."""
        said = status.model_dump(mode="json", exclude_none=True)
        self._send("POST", "/v1/stations/status", said, None, None)

    def office_live(self, office: str) -> OfficeLive:
        """See what goes on in the booth's own office. It keeps no officer's session alive."""
        return self._fetch(OfficeLive, f"/v1/offices/{quote(office, safe='')}/live")

    def attended(self, station: str, called_at: datetime, officer: str) -> None:
        """Say that an officer goes to a station where somebody called staff at this moment."""
        path = f"/v1/stations/{quote(station, safe='')}/attended"
        self._ask(Shape, path, StaffAttended(called_at=called_at), officer=officer)

    def sign_in(self, request: SignInRequest) -> OfficerSession:
        """Sign an officer in."""
        return self._ask(OfficerSession, "/v1/officers/sign-in", request)

    def challenge(self) -> OfficerChallenge:
        """Get what an officer's card signs next."""
        return self._ask(OfficerChallenge, "/v1/officers/challenge", None)

    def card_sign_in(self, request: CardSignInRequest) -> OfficerSession:
        """Sign an officer in with what the card signed."""
        return self._ask(OfficerSession, "/v1/officers/card-sign-in", request)

    def officer_cards(self) -> OfficerCards:
        """Fetch the cards that count now."""
        return self._fetch(OfficerCards, "/v1/officers/cards")

    def give_officer_card(self, officer_id: str, certificate: bytes, officer: str) -> None:
        """Bind a card to an officer; a supervisor does, and certificate is DER."""
        path = f"/v1/officers/{quote(officer_id, safe='')}/cards"
        body = OfficerCardRequest(certificate=b64encode(certificate))
        self._ask(OfficerCardRow, path, body, officer=officer)

    def revoke_officer_card(self, key_id: str, officer: str) -> None:
        """End an officer's card; a supervisor does."""
        body = OfficerCardRevocation(key_id=key_id)
        self._ask(Shape, "/v1/officers/cards/revoke", body, officer=officer)

    def watch(self, request: WatchRequest, officer: str) -> None:
        """Lead whoever comes under a number to reception, or no longer; a supervisor does."""
        self._ask(WatchRequest, "/v1/watched", request, officer=officer)

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
        return _checked(
            _ROWS.validate_json, self._send("GET", f"/v1/work/{which}", None, None, officer)
        )

    def reserve(
        self,
        card_id: UUID,
        request: ReserveRequest,
        officer: str | None = None,
        key: UUID | None = None,
    ) -> CardView:
        """Reserve a stored card for this station."""
        return self._ask(CardView, f"/v1/cards/{card_id}/reserve", request, key, officer)

    def count(self, request: CountRequest, officer: str | None = None) -> CountView:
        """Tell what was counted in one place, and hear what does not agree with the book."""
        return self._ask(CountView, "/v1/counts", request, officer=officer)

    def propose(self, request: ActionRequest, officer: str) -> ActionView:
        """Propose what takes two officers."""
        return self._ask(ActionView, "/v1/actions", request, officer=officer)

    def confirm(self, action_id: UUID, request: ConfirmRequest, officer: str) -> ActionView:
        """Confirm it as the second officer."""
        return self._ask(ActionView, f"/v1/actions/{action_id}/confirm", request, officer=officer)

    def waiting_actions(self, officer: str) -> tuple[ActionView, ...]:
        """Fetch what waits for this officer as the second one."""
        return _checked(
            _ACTIONS.validate_json, self._send("GET", "/v1/actions", None, None, officer)
        )

    def card_by_serial(self, serial: str, officer: str | None = None) -> CardOfCase | None:
        """Find a card by its chip's serial, or None."""
        try:
            body = self._send("GET", f"/v1/cards/by-serial/{serial}", None, None, officer)
        except RefusedError as refusal:
            if refusal.status == 404:
                return None
            raise
        return _checked(CardOfCase.model_validate_json, body)

    def server_time(self, nonce: str) -> Signed:
        """Fetch the signed time."""
        return self._fetch(Signed, f"/v1/time?nonce={nonce}")

    def backend_keys(self) -> BackendKeys:
        """Fetch the keys that receipts are proven with and packets are sealed to."""
        return self._fetch(BackendKeys, "/v1/keys")

    def announce_packet(self, packet: PacketAnnounced) -> PacketView:
        """Announce a packet; the answer names the chunks to send."""
        return self._ask(PacketView, "/v1/packets", packet)

    def send_chunk(self, packet_id: UUID, index: int, chunk: bytes) -> None:
        """Send one chunk of an announced packet."""
        self._send("PUT", f"/v1/packets/{packet_id}/chunks/{index}", None, None, None, chunk)

    def packet(self, packet_id: UUID) -> PacketView:
        """Ask where a packet stands."""
        return self._fetch(PacketView, f"/v1/packets/{packet_id}")

    def complete_packet(self, packet_id: UUID) -> PacketView:
        """Say that every chunk was sent; the answer carries the signed receipt."""
        return self._ask(PacketView, f"/v1/packets/{packet_id}/complete", None)

    def last_packet(self) -> PacketsHeld:
        """Ask for the newest packet that the backend knows of this station."""
        return self._fetch(PacketsHeld, "/v1/packets")

    def work_orders(self) -> WorkOrdersAnswer:
        """Fetch the orders that run for this station."""
        return self._fetch(WorkOrdersAnswer, "/v1/work-orders")

    def bundle(self, order_id: UUID, request: BundleRequest) -> Bundle:
        """Fetch the sealed roster of an order."""
        return self._ask(Bundle, f"/v1/work-orders/{order_id}/bundle", request)

    def leases(self) -> LeasesAnswer:
        """Fetch what this station holds of number series."""
        return self._fetch(LeasesAnswer, "/v1/leases")

    def lease(self, request: LeaseRequest) -> Lease:
        """Lease more numbers."""
        return self._ask(Lease, "/v1/leases", request)

    def return_lease(self, lease_id: UUID, told: LeaseReturned) -> LeaseAnswer:
        """Give unused numbers back."""
        return self._ask(LeaseAnswer, f"/v1/leases/{lease_id}/return", told)

    def _fetch(self, answer: type[Answer], path: str) -> Answer:
        return _checked(answer.model_validate_json, self._send("GET", path, None, None, None))

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
            answer.model_validate_json,
            self._send("POST", path, plain, key or new_id(), officer),
        )

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        key: UUID | None,
        officer: str | None,
        raw: bytes | None = None,
    ) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        kind = "application/json" if raw is None else "application/octet-stream"
        idempotency_key = None if key is None else str(key)
        path, _, query = path.partition("?")
        message = Message(method, path, query, raw or content, idempotency_key, officer)
        response = self._exchange(message, kind)
        if response.status_code >= 500:
            raise BackendUnreachableError(f"status {response.status_code}", _retry_after(response))
        if response.status_code >= 400:
            refusal = RefusedError(
                response.status_code, *problem_of(response), _retry_after(response)
            )
            if refusal.problem == "replayed":
                # Something on the way sent the request twice. Signed anew it gets its answer.
                raise BackendUnreachableError("the line repeats")
            if refusal.problem in OUT_OF_SERVICE:
                self.out_of_service = refusal.problem
                raise OutOfServiceError(refusal)
            raise refusal
        self.out_of_service = ""
        return response.content

    def _exchange(self, message: Message, kind: str) -> requests.Response:
        try:
            return self._try(message, kind)
        except requests.ConnectTimeout as error:
            raise BackendUnreachableError(type(error).__name__) from error
        except requests.ConnectionError:
            # The other end may just have closed a connection that was idle. Once more on a new
            # one, with a new signature; the idempotency key makes both one.
            self._forget_connection()
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error
        try:
            return self._try(message, kind)
        except requests.RequestException as error:
            raise BackendUnreachableError(type(error).__name__) from error

    def _try(self, message: Message, kind: str) -> requests.Response:
        headers = self.signer.headers(message)
        if message.body:
            headers["Content-Type"] = kind
        if message.idempotency_key is not None:
            headers["Idempotency-Key"] = message.idempotency_key
        if message.officer is not None:
            headers["X-Officer"] = message.officer
        return self._session().request(
            message.method,
            self._address + message.path + (f"?{message.query}" if message.query else ""),
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


def _retry_after(response: requests.Response) -> float | None:
    """Read Retry-After in seconds (RFC 9110, 10.2.3); a date would need a clock that is right."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None


def problem_of(response: requests.Response) -> tuple[str, str]:
    """Read the word and the detail of a refusal; "unknown" where there is none."""
    try:
        told = response.json()
        return str(told["problem"]), str(told.get("detail", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unknown", ""


Shaped = TypeVar("Shaped")


def _checked(read: Callable[[bytes], Shaped], body: bytes) -> Shaped:
    try:
        return read(body)
    except ValidationError as error:
        # The shapes hold personal data, so the error's own text must not travel on.
        raise BackendUnreachableError("the answer has another shape") from error.__cause__
