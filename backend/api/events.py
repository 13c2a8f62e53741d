"""/v1/events: what happens in an office, as server-sent events with replay."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse

from backend.api.access import Caller, Running, Service, SignedHeaders, caller
from backend.commands import station as stations
from backend.transaction import Refusal, Transaction
from common.wire.events import Happening, Reset

router = APIRouter()

SCOPE = "events.read"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens to which office, and whether he still may."""

    office: str
    is_admitted: Callable[[], Awaitable[bool]]


async def listener(
    request: Request,
    running: Running,
    headers: Annotated[SignedHeaders, Header()],
    authorization: Annotated[str, Header(max_length=4100)] = "",
) -> Listener:
    """Let in an officer at a booth, or a program with a token.

    Raises:
        Refusal: It is neither.
    """
    if authorization and not headers.signature:
        return _program(running, authorization)
    asked = await caller(request, running, headers)
    asked.must_be("booth")
    if not await _is_signed_in(asked, running):
        raise Refusal(401, "sign_in_needed")
    return Listener(asked.station.office, lambda: _is_signed_in(asked, running))


@router.get(
    "/v1/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
    openapi_extra={"security": [{"station": [], "officer": []}, {"program": [SCOPE]}]},
)
async def events(
    running: Running,
    to: Annotated[Listener, Depends(listener)],
    last_event_id: Annotated[str, Header(max_length=19, pattern="^[0-9]*$")] = "",
) -> StreamingResponse:
    """Send what happens to cases, cards and tags of an office: ids and states.

    An event's id is the number of a line in the ledger; with Last-Event-ID what was missed comes
    first, or the event "reset" where that is too much.
    """
    running.feed.must_have_room()
    after = int(last_event_id) if last_event_id else None

    async def stream() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        async for told in running.feed.events(running.store, to.office, after, to.is_admitted):
            yield _written(told)

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


def _program(running: Service, authorization: str) -> Listener:
    program = running.bearers.check(authorization, SCOPE, running.clock())

    async def is_admitted() -> bool:
        return running.clock() < program.ends

    return Listener(running.office(program.office).code, is_admitted)


async def _is_signed_in(asked: Caller, running: Service) -> bool:
    def ask(transaction: Transaction) -> bool:
        stations.admit(transaction, asked.key_id)
        return asked.officer(transaction) is not None

    try:
        # Not through the caller: a stream that stands open is no sign of an officer at work.
        return await running.store.read(ask)
    except Refusal:
        return False


def _written(told: Happening | Reset | None) -> bytes:
    if told is None:
        return b": still here\n\n"
    name = "reset" if isinstance(told, Reset) else told.about
    return f"id: {told.number}\nevent: {name}\ndata: {told.model_dump_json()}\n\n".encode()
