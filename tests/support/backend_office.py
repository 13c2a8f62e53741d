"""A backend with one small office, listening on a free port of this machine."""

import os
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

from backend import database
from backend.api.access import Service
from backend.commands import pairing
from backend.commands.station import public_key
from backend.serve import create_app
from backend.settings import Settings, from_dict
from backend.store import Store
from backend.transaction import Transaction
from common.domain.clock import Clock, HandClock
from common.wire.facts import new_id
from common.wire.signatures import (
    NONCE_BYTES,
    Message,
    key_id_of,
    raw_signature,
    signed_headers,
)
from tests.support.migrated import migrate_or_copy

vars(database)["migrate"] = migrate_or_copy

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock on a Monday at the office
PASSWORD = "correct horse"
SILENCE = timedelta(minutes=25)
"""A little less than what ends a session."""
STATIONS = (
    ("tag-1", "tag", "T1"),
    ("registration-1", "registration", "K1"),
    ("registration-2", "registration", "K2"),
    ("bench-1", "bench", "B1"),
    ("collection-1", "collection", "C1"),
    ("booth-1", "booth", "R1"),
    ("booth-2", "booth", "R2"),
    ("field-1", "field", ""),
    ("field-2", "field", ""),
)
OFFICERS = {
    "reg-officer": ["registration", "production"],
    "assessor": ["assessment"],
    "maker": ["production", "counter"],
    "counter": ["counter"],
    "supervisor": ["supervisor"],
    "all-round": ["registration", "assessment", "production", "counter"],
}


class _Keys(dict[str, EllipticCurvePrivateKey]):
    """Makes a key where there is none."""

    def __missing__(self, name: str) -> EllipticCurvePrivateKey:
        self[name] = generate_private_key(SECP256R1())
        return self[name]


KEYS = _Keys({name: generate_private_key(SECP256R1()) for name, _, _ in STATIONS})
"""Each station's key, the same for a whole run."""
PARTICULARS: dict[str, str] = {
    "surname": "CHAN",
    "given_names": "TAI MAN",
    "chinese_name": "陳大文",
    "sex": "M",
    "date_of_birth": "1980-05-06",
    "place_of_birth": "Hong Kong",
    "nationality": "Chinese",
    "marital_status": "single",
    "occupation": "",
    "address": "1 Example Street",
    "telephone": "2345 6789",
}


def office_settings(
    folder: Path, officers: Iterable[str] = tuple(OFFICERS), **backend: object
) -> Settings:
    """Write keys and passwords into folder and describe the office."""
    return from_dict(office_table(folder, officers, **backend), folder)


def office_table(
    folder: Path, officers: Iterable[str] = tuple(OFFICERS), **backend: object
) -> dict[str, Any]:
    """Describe the office as backend.toml would; each password makes the start slower."""
    (folder / "password").write_text(PASSWORD)
    return {
        "backend": {"demo": True, "posts_per_minute": 1000, **backend},
        "office": {
            "code": "HQ",
            "name": {"en": "Main Office", "zh-Hant": "總辦事處", "zh-Hans": "总办事处"},
            "processing_working_days": 5,
            "slot_capacity": 2,
            "days_ahead": 3,
        },
        "stations": [
            {"name": name, "kind": kind, "place": place} for name, kind, place in STATIONS
        ],
        "officers": [
            {"id": id_, "display_name": id_, "roles": OFFICERS[id_], "password": "file:password"}
            for id_ in officers
        ],
    }


class SignedByStation(httpx.Auth):
    """Signs each request as the station that its header X-Station names; the header stays here."""

    requires_request_body = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Sign one request."""
        station = request.headers.pop("X-Station", None)
        if station is not None:
            request.headers.update(signature_of(request, KEYS[station], self._clock()))
        yield request


def signature_of(
    request: httpx.Request, key: EllipticCurvePrivateKey, at: datetime
) -> dict[str, str]:
    """Return the headers with which a key signs a request."""
    path, _, query = request.url.raw_path.decode().partition("?")
    message = Message(
        method=request.method,
        path=path,
        query=query,
        body=request.content,
        idempotency_key=request.headers.get("Idempotency-Key"),
        officer=request.headers.get("X-Officer"),
    )
    return signed_headers(
        message,
        key_id_of(key.public_key()),
        at,
        os.urandom(NONCE_BYTES),
        lambda base: raw_signature(key.sign(base, ECDSA(SHA256()))),
    )


def enrol_all(transaction: Transaction, settings: Settings) -> None:
    """Pair every station with the key that the tests know, as if it had sent its code."""
    for station in settings.stations:
        key = KEYS[station.name].public_key()
        if public_key(transaction, key_id_of(key)) is None:
            pairing.enrol(transaction, station.name, key, settings.trust)


class BackendOffice:
    """Speaks to the backend as stations and the public do."""

    def __init__(self, address: str, clock: HandClock) -> None:
        self.clock = clock
        self.http = httpx.Client(
            base_url=address, timeout=20, follow_redirects=False, auth=SignedByStation(clock)
        )
        self.service: Service | None = None
        self._tokens: dict[tuple[str, str], tuple[str, datetime]] = {}

    @property
    def store(self) -> Store:
        """The running backend's own store."""
        assert self.service is not None
        return self.service.store

    @property
    def settings(self) -> Settings:
        """What the running backend was told."""
        assert self.service is not None
        return self.service.settings

    def send(
        self,
        station: str,
        path: str,
        body: dict[str, Any] | None = None,
        officer: str | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Send one command, with a fresh key unless one is given."""
        headers = self._headers(station, officer)
        headers["Idempotency-Key"] = key or str(new_id())
        return self.http.post(path, json=body or {}, headers=headers)

    def ask(self, station: str, path: str, officer: str | None = None) -> httpx.Response:
        """Ask for something."""
        return self.http.get(path, headers=self._headers(station, officer))

    def good(self, *args: Any, **more: Any) -> dict[str, Any]:
        """Send a command that must be answered with yes."""
        answer = self.send(*args, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tag(self, number: str = "A123456(3)", year: int = 1980) -> dict[str, Any]:
        """Take a tag by number."""
        body = {"by": "number", "identity_number": number, "year_of_birth": year}
        return self.good("tag-1", "/v1/tags", body)["tag"]

    def find(self, case_id: str, station: str = "booth-1") -> dict[str, Any]:
        """Look at a case."""
        return self.good(station, "/v1/cases/find", {"case_id": case_id})

    def fact(
        self,
        station: str,
        case_id: str,
        what: dict[str, Any],
        officer: str | None = None,
        fact_id: UUID | None = None,
    ) -> dict[str, Any]:
        """Send one fact and return its receipt."""
        fact = {
            "id": str(fact_id or new_id()),
            "what": what,
            "case_id": case_id,
            "station": station,
            "officer": officer,
            "at": self.clock().isoformat(),
        }
        answer = self.good(station, "/v1/facts", {"facts": [fact]}, officer=officer)
        return answer["receipts"][0]

    def registered(self, number: str = "A123456(3)") -> dict[str, Any]:
        """Bring a person through bench and registration kiosk; return the tag."""
        tag = self.tag(number)
        case = tag["case_id"]
        self.fact("bench-1", case, {"kind": "form_filled", "particulars": PARTICULARS})
        self.fact("registration-1", case, {"kind": "holder_identified", "by": "finger"})
        fingers = [
            {"position": position, "quality": 60, "template": "c29tZSByZWNvcmQ="}
            for position in (1, 6)
        ]
        self.fact("registration-1", case, {"kind": "fingers_enrolled", "fingers": fingers})
        self.fact("registration-1", case, {"kind": "registration_finished"})
        return tag

    def submitted(self, number: str = "A123456(3)", officer: str = "reg-officer") -> str:
        """Bring a person through the booth; return the case."""
        case: str = self.registered(number)["case_id"]
        self.fact(
            "booth-1", case, {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}, officer
        )
        self.good("booth-1", f"/v1/cases/{case}/submit", officer=officer)
        return case

    def stored(self, number: str = "A123456(3)", slot: int = 1) -> tuple[str, str]:
        """Bring a case to a stored card, made by "maker"; return case and card."""
        case = self.submitted(number)
        decision = {"decision": "approve"}
        view = self.good("booth-1", f"/v1/cases/{case}/decide", decision, officer="assessor")
        card = view["card"]["card_id"]
        for more in (
            {"move": "personalise", "chip_serial": f"CHIP{slot}"},
            {"move": "pass_quality"},
            {"move": "store", "location": "collection-1.magazine", "slot": slot},
        ):
            receipt = self.move("booth-1", case, card, officer="maker", **more)
            assert receipt["outcome"] == "accepted", receipt
        return case, card

    def recognised(self, case: str) -> None:
        """Let the collection kiosk recognise the person who comes for the card."""
        what = {"kind": "holder_identified", "by": "face_and_finger"}
        assert self.fact("collection-1", case, what)["outcome"] == "accepted"

    def move(
        self, station: str, case: str, card: str, officer: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Report a card's move."""
        return self.fact(station, case, {"kind": "card_moved", "card_id": card, **more}, officer)

    def _headers(self, station: str, officer: str | None) -> dict[str, str]:
        headers = {"X-Station": station}
        if officer is not None:
            headers["X-Officer"] = self.session(station, officer)
        return headers

    def forget_sessions(self) -> None:
        """Let officers sign in anew, as after a long pause."""
        self._tokens.clear()

    def headers(self, station: str, officer: str | None = None) -> dict[str, str]:
        """Return what a request of one's own making has to carry."""
        return self._headers(station, officer)

    def session(self, station: str, officer: str) -> str:
        """Sign an officer in at a station, once, and again after a long silence."""
        token, at = self._tokens.get((station, officer), ("", MORNING))
        if not token or self.clock() - at > SILENCE:
            body = {"officer_id": officer, "password": PASSWORD}
            token = self.good(station, "/v1/officers/sign-in", body)["token"]
        self._tokens[station, officer] = (token, self.clock())
        return token


@contextmanager
def running_office(settings: Settings, clock: Clock | None = None) -> Iterator[BackendOffice]:
    """Run a backend in this process for the length of a with-block."""
    hand = HandClock(MORNING)
    app = create_app(settings, clock or hand)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        pause = threading.Event()
        while not server.started and thread.is_alive():
            pause.wait(0.01)
        office = BackendOffice(f"http://127.0.0.1:{port}", hand)
        service: Service = app.state.service
        office.service = service
        service.store.submit(lambda transaction: enrol_all(transaction, settings)).result(20)
        try:
            with office.http:
                yield office
        finally:
            server.should_exit = True
            thread.join(10)
