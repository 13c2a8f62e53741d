"""/v1/leases: number series for stations that may lose the backend; and their account."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.api.access import Asked, Commanded
from backend.commands import series, series_account
from backend.commands.station import must_have_role
from backend.transaction import Transaction
from common.domain.officer import Role
from common.wire.series import (
    Lease,
    LeaseAnswer,
    LeaseRequest,
    LeaseReturned,
    LeasesAnswer,
    LeaseVoided,
    NumbersAnswer,
    SeriesKind,
)

router = APIRouter()


@router.post("/v1/leases", response_model=Lease)
async def lease(asked: Commanded, body: LeaseRequest) -> Response:
    """Lease the next numbers: for tags to a tag kiosk, for receipts under a work order."""
    asked.must_be(*(("tag",) if body.kind is SeriesKind.TAG else ("booth", "field")))
    return await asked.command(lambda transaction: series.lease(transaction, asked.station, body))


@router.get("/v1/leases", response_model=LeasesAnswer)
async def held(asked: Asked) -> LeasesAnswer:
    """Tell what this station holds: also what it was given in an answer that got lost."""
    asked.must_be("tag", "booth", "field")
    return await asked.read(lambda transaction: series.held(transaction, asked.station))


@router.post("/v1/leases/{lease_id}/return", response_model=LeaseAnswer)
async def give_back(asked: Commanded, lease_id: UUID, body: LeaseReturned) -> Response:
    """Take back what was never given out, and note what was spoilt."""
    asked.must_be("tag", "booth", "field")
    return await asked.command(
        lambda transaction: series.give_back(transaction, asked.station, lease_id, body)
    )


@router.post("/v1/leases/{lease_id}/void", response_model=LeaseAnswer)
async def void(asked: Commanded, lease_id: UUID, body: LeaseVoided) -> Response:
    """End a lease whose station will not tell; a supervisor says why."""
    asked.must_be("booth")

    def end(transaction: Transaction) -> LeaseAnswer:
        officer = must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return series.void(transaction, asked.station, officer, lease_id, body.reason)

    return await asked.command(end)


@router.get("/v1/work/numbers", response_model=NumbersAnswer)
async def numbers(asked: Asked) -> NumbersAnswer:
    """Account for every leased number of this office."""
    asked.must_be("booth")

    def ask(transaction: Transaction) -> NumbersAnswer:
        must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return series_account.account(transaction, asked.station.office)

    return await asked.read(ask)
