"""Who may speak to the backend: stations by signature, officers by session."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import insert, select

from backend.api.doorkeeper import Doorkeeper, Signed
from backend.authority import Authority
from backend.bearer import Bearers
from backend.commands import officers
from backend.commands import station as stations
from backend.commands.station import Officer, Station
from backend.feed import Feed
from backend.guards import Guard
from backend.idempotency import fingerprint, once
from backend.metrics import Metrics
from backend.office_looks import OfficeLooks
from backend.packet_files import PacketFiles
from backend.panels import Panels
from backend.schema.trust_tables import spent_nonces
from backend.settings import OfficeSettings, Settings
from backend.store import Command, Store
from backend.transaction import Refusal, Transaction
from common.domain.clock import Clock
from common.wire.packet_keys import PacketPublicKey

T = TypeVar("T")

# An officer at work is noted so often, not with each request.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Service:
    """What every endpoint works with."""

    settings: Settings
    store: Store
    panels: Panels
    looks: OfficeLooks
    authority: Authority
    door: Doorkeeper
    posts: Guard
    sign_ins: Guard
    metrics: Metrics
    bearers: Bearers
    feed: Feed
    clock: Clock
    packet_files: PacketFiles
    packet_public_key: PacketPublicKey | None

    def must_be_stations_port(self, request: Request) -> None:
        """Refuse what a station asks at the public's port, where stations have their own.

        Raises:
            Refusal: There is nothing of the kind here.
        """
        tls, here = self.settings.backend.tls, request.scope.get("server")
        if tls is not None and (here is None or here[1] != tls.port):
            raise Refusal(404, "not_found")

    def office(self, code: str) -> OfficeSettings:
        """Return an office of this backend.

        Raises:
            Refusal: There is none of this code.
        """
        found = self.settings.office(code)
        if found is None:
            raise Refusal(404, "not_found", "no such office")
        return found


def service(request: Request) -> Service:
    """Return the running service."""
    found: Service = request.app.state.service
    return found


Running = Annotated[Service, Depends(service)]


class Caller:
    """A request that a station signed, and the officer's token as it came."""

    def __init__(
        self, request: Request, running: Service, station: Station, signed: Signed
    ) -> None:
        self._request = request
        self._running = running
        self._signed = signed
        self._is_to_note = False
        self.officer_token = signed.officer_token
        self.station = station

    @property
    def key_id(self) -> str:
        """The name of the key that signed."""
        return self._signed.claim.key_id

    def must_be(self, *kinds: str) -> None:
        """Refuse a station of another kind.

        Raises:
            Refusal: This is not such a station's business.
        """
        if self.station.kind not in kinds:
            raise Refusal(403, "not_allowed_here", f"not for a {self.station.kind} station")

    def officer(
        self, transaction: Transaction, *, ended_too: bool = False, fresh: bool = False
    ) -> Officer | None:
        """Return the officer whose session came along, if any.

        Args:
            transaction: The command's.
            ended_too: Also of a session that is over: it proves what is past.
            fresh: Only if the password was typed a little while ago.

        Raises:
            Refusal: A token came, but its session is over, of another station, or unknown; or the
                password has to be typed once more.
        """
        if not self.officer_token:
            return None
        found = officers.by_session(transaction, self.station, self.officer_token, self._idle)
        if ended_too:
            return found
        if found is None or not found.is_live:
            raise Refusal(401, "session_ended")
        self._is_to_note = transaction.now - found.seen_at >= _NOTED_EVERY
        lately = timedelta(minutes=self._running.settings.trust.fresh_minutes)
        if fresh and transaction.now - found.fresh_at >= lately:
            raise Refusal(401, "confirm_again", "type the password once more")
        return found

    async def command(self, do: Command[BaseModel]) -> Response:
        """Run a command once for its key, and answer with what it returned.

        Raises:
            Refusal: There is no key, the station counts no more, or the command says no.
        """
        key = self._signed.idempotency_key
        if not 8 <= len(key) <= 100:
            raise Refusal(400, "key_missing", "send an Idempotency-Key of 8 to 100 characters")
        # Who repeats a command after signing in anew sends another session with the same key.
        print_ = fingerprint(
            self._request.method, self._request.url.path, await self._request.body()
        )
        do_once = once(f"station {self.station.name}", key, print_, do)
        return _json(await self._running.store.command(self._admitted(do_once)))

    async def command_each_time(self, do: Command[T]) -> T:
        """Run a command that may happen again: nothing of it is kept for repetition.

        Since no key guards it, its nonce is spent in every process.
        """

        def run(transaction: Transaction) -> T:
            self._spend(transaction)
            return do(transaction)

        return await self._running.store.command(self._admitted(run))

    async def read(self, ask: Command[T]) -> T:
        """Ask the store something."""
        found = await self._running.store.read(ask)
        if self._is_to_note:
            await self._running.store.command(self._note_officer)
        return found

    def end_session(self, transaction: Transaction) -> None:
        """End the officer's session."""
        officers.end_session(transaction, self.station, self.officer_token, self._idle)

    @property
    def _idle(self) -> timedelta:
        return timedelta(minutes=self._running.settings.trust.session_idle_minutes)

    def _admitted(self, do: Command[T]) -> Command[T]:
        def run(transaction: Transaction) -> T:
            # In the same transaction: nothing of a station is kept after its revocation was.
            self.station = stations.admit(transaction, self.key_id)
            found = do(transaction)
            if self._is_to_note:
                self._note_officer(transaction)
            return found

        return run

    def _note_officer(self, transaction: Transaction) -> None:
        self._is_to_note = False
        officers.note_seen(transaction, self.officer_token)

    def _spend(self, transaction: Transaction) -> None:
        nonce = self._signed.claim.nonce
        used = select(spent_nonces.c.nonce).where(spent_nonces.c.nonce == nonce)
        if transaction.connection.execute(used).first() is not None:
            raise Refusal(401, "replayed", "a signed request is good once")
        transaction.connection.execute(insert(spent_nonces).values(nonce=nonce, at=transaction.now))

    @property
    def office(self) -> OfficeSettings:
        """The station's office."""
        return self._running.office(self.station.office)


class SignedHeaders(BaseModel):
    """What a station's request carries (RFC 9421); common.wire.signatures has the profile."""

    signature_input: Annotated[str, Field(max_length=600)] = ""
    signature: Annotated[str, Field(max_length=200)] = ""
    content_digest: Annotated[str, Field(max_length=100)] = ""
    x_officer: Annotated[str, Field(max_length=200)] = ""


async def caller(
    request: Request, running: Running, _headers: Annotated[SignedHeaders, Header()]
) -> Caller:
    """Check the station's signature.

    Raises:
        Refusal: The request is not what a station of ours signed; which part is wrong is not told.
    """
    running.must_be_stations_port(request)
    signed = await running.door.open(request)
    station = await running.store.read(partial(stations.admit, key_id=signed.claim.key_id))
    return Caller(request, running, station, signed)


Asked = Annotated[Caller, Depends(caller)]


async def commander(
    asked: Asked, _key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = ""
) -> Caller:
    """Check the station's signature on what changes something, once for its key."""
    return asked


Commanded = Annotated[Caller, Depends(commander)]
"""A caller whose request has one effect and one answer, however often it is sent."""


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
