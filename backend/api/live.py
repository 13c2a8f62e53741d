"""What stations say of themselves, and what an office looks like now."""

from fastapi import APIRouter

from backend.api.access import Asked, Running
from backend.commands import live, stations
from backend.transaction import Refusal
from common.wire.base import Name
from common.wire.live import OfficeLive, OfficeWaits, StationStatus

router = APIRouter()


@router.post("/v1/stations/status", status_code=204)
async def status(asked: Asked, body: StationStatus) -> None:
    """Take a station's word about itself. Nothing is kept for repetition: it comes again."""
    await asked.command_each_time(
        lambda transaction: stations.beat(transaction, asked.station, body)
    )


@router.get("/v1/offices/{code}/live")
async def office_live(asked: Asked, code: Name) -> OfficeLive:
    """Show a booth what goes on in its own office."""
    asked.must_be("booth")
    if code != asked.station.office:
        raise Refusal(404, "not_found", "the station belongs to another office")
    office = asked.office
    return await asked.read(lambda transaction: live.live(transaction, office))


@router.get("/v1/offices/{code}/waits")
async def office_waits(running: Running, code: Name) -> OfficeWaits:
    """Publish the waits of an office and how far off earlier ranges were. Open to everybody."""
    look = await running.looks.at(running.store, running.office(code), running.clock())
    return look.waits
