"""/v1/display: the state of a hall's panel, sent whenever it changes."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from backend.api.access import Running

router = APIRouter()


@router.get(
    "/v1/display/{office}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def events(running: Running, office: str) -> StreamingResponse:
    """Send the panel's full state as server-sent events; the id is the revision."""
    code = running.office(office).code

    async def stream() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        async for state in running.panels.states(running.store, code):
            if state is None:
                yield b": still here\n\n"
            else:
                yield f"id: {state.revision}\ndata: {state.model_dump_json()}\n\n".encode()

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )
