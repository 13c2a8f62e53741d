"""/v1/display: the state of a hall's panel, sent whenever it changes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse

from backend.api.access import Running
from common.wire.base import Name

router = APIRouter()

_LONGEST_NUMBER = 18


@router.get(
    "/v1/display/{office}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(
    running: Running,
    office: Name,
    last_event_id: Annotated[str, Header(max_length=40)] = "",
    after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
) -> StreamingResponse:
    """Send the panel's full state as server-sent events; the id is the revision.

    A listener that comes back with Last-Event-ID, or after where its program made a new line,
    finds in announce the calls that it was not told of.
    """
    here = running.office(office)
    seen = after
    if last_event_id.isdecimal() and len(last_event_id) <= _LONGEST_NUMBER:
        seen = int(last_event_id)

    async def stream() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        async for state in running.panels.states(running.store, here, seen):
            yield f"id: {state.revision}\ndata: {state.model_dump_json()}\n\n".encode()

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
