"""/v1/offices: hours and free places for anybody; closures, declared by a supervisor."""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend.api.access import Commanded, Running
from backend.commands import closures, holds, slots
from backend.commands.station import must_have_role
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE
from common.domain.officer import Role
from common.wire.booking import (
    Closure,
    ClosureRequest,
    OfficeDay,
    Offices,
    OfficeView,
    ShutTime,
)

router = APIRouter(prefix="/v1/offices")

Code = Annotated[str, Path(min_length=1, max_length=60)]


@router.get("")
async def list_offices(running: Running) -> Offices:
    """Tell every office's hours, closures, and the places that can be booked on each day."""
    if await running.store.read(holds.any_expired):
        await running.store.command(holds.release_expired)
    offices = running.settings.offices
    views = await running.store.read(
        lambda transaction: [_view(transaction, office) for office in offices]
    )
    return Offices(offices=views)


@router.post("/{code}/closures", response_model=Closure)
async def close_office(
    asked: Commanded, running: Running, code: Code, body: ClosureRequest
) -> Response:
    """Close the station's own office; every booking of that time is carried to later days."""
    asked.must_be("booth")
    office = running.office(code)
    if office.code != asked.station.office:
        raise Refusal(403, "other_office")

    def do(transaction: Transaction) -> Closure:
        officer = must_have_role(asked.officer(transaction), {Role.SUPERVISOR})
        return closures.declare(transaction, asked.station, officer.officer_id, office, body)

    return await asked.command(do)


def _view(transaction: Transaction, office: OfficeSettings) -> OfficeView:
    hours = office.open_between(transaction.today)
    midnight = datetime.combine(transaction.today, time(), OFFICE_ZONE)
    free = slots.free_by_day(transaction, office)
    return OfficeView(
        code=office.code,
        name=office.name,
        address=office.address,
        fees=office.fees,
        next_opens=closures.next_open(transaction, office),
        opens=None if hours is None else midnight + hours[0],
        closes=None if hours is None else midnight + hours[1],
        is_open=closures.is_open(transaction, office),
        walk_ins_left=slots.walk_ins_left(transaction, office.code),
        days=[OfficeDay(day=day, free_places=places) for day, places in free.items()],
        closures=[
            ShutTime(starts_at=row.starts_at, ends_at=row.ends_at, reason=row.reason)
            for row in closures.coming(transaction, office.code)
        ],
    )
