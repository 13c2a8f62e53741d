"""/v1/tags: a tag, or a slot instead of one; whom reception sees first."""

from fastapi import APIRouter, Response

from backend.api.access import Commanded, Running
from backend.commands import slot_taking, tags, watched
from common.wire.shapes import SlotAnswer, SlotRequest, TagAnswer, TagRequest, WatchRequest

router = APIRouter()


@router.post("/v1/tags", response_model=TagAnswer)
async def issue_tag(asked: Commanded, running: Running, body: TagRequest) -> Response:
    """Give a tag and open the case; who asks again gets the same tag."""
    asked.must_be("tag", "booth")
    offices = running.settings.offices
    return await asked.command(
        lambda transaction: tags.issue(transaction, asked.station, body, offices)
    )


@router.post("/v1/tags/slot", response_model=SlotAnswer)
async def take_slot(asked: Commanded, running: Running, body: SlotRequest) -> Response:
    """Book or move an appointment at a tag kiosk, or put the person on the wait list."""
    asked.must_be("tag", "booth")
    settings = running.settings
    return await asked.command(
        lambda transaction: slot_taking.take(
            transaction, asked.station, body, settings.booking, settings.offices
        )
    )


@router.post("/v1/watched", response_model=WatchRequest)
async def watch_person(asked: Commanded, body: WatchRequest) -> Response:
    """Lead whoever comes under a number to reception, or no longer; a supervisor says so."""
    asked.must_be("booth")
    return await asked.command(
        lambda transaction: watched.watch(
            transaction, asked.station, asked.officer(transaction, fresh=True), body
        )
    )
