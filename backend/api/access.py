"""Who may speak to the backend: stations by key, officers by session."""

import hmac
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from backend.commands.officers import by_session
from backend.commands.station import Officer, Station
from backend.guards import Guard
from backend.idempotency import fingerprint, once
from backend.keys import station_key_hash
from backend.metrics import Metrics
from backend.panels import Panels
from backend.settings import OfficeSettings, Settings
from backend.store import Command, Store
from backend.transaction import Refusal, Transaction
from common.domain.clock import Clock

T = TypeVar("T")

_NOBODY = bytes(32)


@dataclass(frozen=True, slots=True)
class Service:
    """What every endpoint works with."""

    settings: Settings
    store: Store
    stations: dict[str, tuple[Station, bytes]]
    panels: Panels
    guard: Guard
    posts: Guard
    metrics: Metrics
    clock: Clock

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
    """A request whose station proved itself, and the officer's token as it came."""

    def __init__(
        self, request: Request, running: Service, station: Station, officer_token: str, key: str
    ) -> None:
        self._request = request
        self._running = running
        self.officer_token = officer_token
        self._key = key
        self.station = station

    def must_be(self, *kinds: str) -> None:
        """Refuse a station of another kind.

        Raises:
            Refusal: This is not such a station's business.
        """
        if self.station.kind not in kinds:
            raise Refusal(403, "not_allowed_here", f"not for a {self.station.kind} station")

    def officer(self, transaction: Transaction, *, ended_too: bool = False) -> Officer | None:
        """Return the officer whose session came along, if any.

        Raises:
            Refusal: A token came, but its session is over, of another station, or unknown.
        """
        if not self.officer_token:
            return None
        found = by_session(transaction, self.station, self.officer_token)
        if ended_too:
            return found
        if found is None or not found.is_live:
            raise Refusal(401, "session_ended")
        return found

    async def command(self, do: Command[BaseModel]) -> Response:
        """Run a command once for its key, and answer with what it returned.

        Raises:
            Refusal: There is no key, or the command says no.
        """
        if not 8 <= len(self._key) <= 100:
            raise Refusal(400, "key_missing", "send an Idempotency-Key of 8 to 100 characters")
        # Who repeats a command after signing in anew sends another session with the same key.
        print_ = fingerprint(
            self._request.method, self._request.url.path, await self._request.body()
        )
        do_once = once(f"station {self.station.name}", self._key, print_, do)
        return _json(await self._running.store.command(do_once))

    async def command_each_time(self, do: Command[T]) -> T:
        """Run a command that may happen again: nothing of it is kept for repetition."""
        return await self._running.store.command(do)

    async def read(self, ask: Command[T]) -> T:
        """Ask the store something."""
        return await self._running.store.read(ask)

    @property
    def office(self) -> OfficeSettings:
        """The station's office."""
        return self._running.office(self.station.office)


async def caller(
    request: Request,
    running: Running,
    x_station: Annotated[str, Header(max_length=60)] = "",
    x_station_key: Annotated[str, Header(max_length=200)] = "",
    x_officer: Annotated[str, Header(max_length=200)] = "",
    idempotency_key: Annotated[str, Header(max_length=200)] = "",
) -> Caller:
    """Check the station's key.

    Raises:
        Refusal: The station is unknown or the key is wrong; which of the two is not told.
    """
    station, key_hash = running.stations.get(x_station, (None, _NOBODY))
    fits = hmac.compare_digest(station_key_hash(x_station_key), key_hash)
    if station is None or not fits:
        raise Refusal(401, "station_unknown")
    return Caller(request, running, station, x_officer, idempotency_key)


Asked = Annotated[Caller, Depends(caller)]


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
