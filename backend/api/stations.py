"""/v1/stations: pairing, renewal, revocation, and what runs where."""

import asyncio

from fastapi import APIRouter, Request, Response

from backend.api.access import Asked, Commanded, Running
from backend.commands import pairing, revocation
from backend.commands import station as stations
from backend.commands import stations as live
from backend.commands.pairing import Code
from backend.commands.revocation import must_supervise
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.base import Name, Shape
from common.wire.live import StaffAttended
from common.wire.trust import (
    HelloAnswer,
    HelloRequest,
    PairAnswer,
    PairingRequest,
    PairRequest,
    RenewAnswer,
    RenewRequest,
    RevokeRequest,
    StationChange,
    StationRow,
)

router = APIRouter(prefix="/v1/stations")


@router.post("/pair", response_model=PairAnswer)
async def pair(request: Request, running: Running, body: PairRequest) -> Response:
    """Certify the key of a station that proves its one-time code."""
    tls = running.settings.backend.tls
    if tls is None or tls.client_certificate != "required":
        # Else nobody without a certificate comes in at the stations' port.
        running.must_be_stations_port(request)
    running.sign_ins.spend(f"pair {body.station}", running.clock())
    rules = running.settings.trust
    found = await running.store.command(lambda transaction: pairing.pair(transaction, body, rules))
    if isinstance(found, Refusal):
        raise found
    return Response(found.model_dump_json(), media_type="application/json")


@router.post("/hello", response_model=HelloAnswer)
async def hello(asked: Asked, body: HelloRequest) -> HelloAnswer:
    """Note what runs on the station, and tell what is known of it. Sent at start."""
    return await asked.command_each_time(
        lambda transaction: stations.hello(transaction, asked.station, asked.key_id, body)
    )


@router.post("/renew", response_model=RenewAnswer)
async def renew(asked: Commanded, running: Running, body: RenewRequest) -> Response:
    """Certify the station's next key."""
    rules = running.settings.trust
    return await asked.command(
        lambda transaction: pairing.renew(transaction, asked.station, asked.key_id, body.csr, rules)
    )


@router.get("", response_model=list[StationRow])
async def listed(asked: Asked) -> tuple[StationRow, ...]:
    """List the office's stations, for supervisors, technicians and auditors."""
    asked.must_be("booth")

    def ask(transaction: Transaction) -> tuple[StationRow, ...]:
        officer = asked.officer(transaction)
        may = {Role.SUPERVISOR, Role.TECHNICIAN, Role.AUDITOR}
        if officer is None or not may & set(officer.roles):
            raise Refusal(403, "role_needed", "supervisor, technician or auditor")
        return stations.listed(transaction, asked.station.office)

    return await asked.read(ask)


@router.post("/pairings", response_model=StationChange)
async def offer(asked: Asked, running: Running, body: PairingRequest) -> StationChange:
    """Make a one-time code for a planned station, or the proposal of one. It is told once."""
    asked.must_be("booth")
    settings = running.settings
    code = None if settings.two_officers else await asyncio.to_thread(Code, body.station)

    def do(transaction: Transaction) -> StationChange:
        officer = must_supervise(asked.officer(transaction, fresh=True))
        here = asked.station
        if code is None:
            return revocation.propose(transaction, here, officer, "pair", body.station, "")
        stations.row_of(transaction, body.station, here.office)
        return pairing.offer(transaction, code, settings.trust, here.name, officer.officer_id)

    return await asked.command_each_time(do)


@router.post("/{name}/revoke", response_model=StationChange)
async def revoke(asked: Asked, running: Running, name: Name, body: RevokeRequest) -> StationChange:
    """Take a station out of service, or propose it to a second supervisor."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> StationChange:
        officer = must_supervise(asked.officer(transaction, fresh=True))
        here = asked.station
        if running.settings.two_officers:
            return revocation.propose(transaction, here, officer, "revoke", name, body.reason)
        stations.row_of(transaction, name, here.office)
        return revocation.revoke(transaction, name, body.reason, here.name, officer.officer_id)

    return await asked.command_each_time(do)


@router.post("/{name}/attended", response_model=Shape)
async def attended(asked: Commanded, name: Name, body: StaffAttended) -> Response:
    """Note that an officer goes to a station of the office where a person called staff."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> Shape:
        if asked.officer(transaction) is None:
            raise Refusal(403, "officer_needed")
        live.attend(transaction, asked.station.office, name, body.called_at)
        return Shape()

    return await asked.command(do)


@router.post("/proposals/{proposal}/confirm", response_model=StationChange)
async def confirm(asked: Asked, running: Running, proposal: Name) -> StationChange:
    """Do what another supervisor proposed."""
    asked.must_be("booth")
    station = await asked.read(
        lambda transaction: revocation.proposed_pairing(transaction, proposal)
    )
    code = None if station is None else await asyncio.to_thread(Code, station)

    def do(transaction: Transaction) -> StationChange:
        officer = must_supervise(asked.officer(transaction, fresh=True))
        return revocation.confirm(
            transaction, asked.station, officer, proposal, code, running.settings
        )

    return await asked.command_each_time(do)
