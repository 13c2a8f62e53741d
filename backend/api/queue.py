"""/v1/queue: call, arrive, recall, miss."""

from fastapi import APIRouter, Response

from backend.api.access import Commanded
from backend.commands import queue
from common.wire.shapes import CallAnswer, CallRequest, TagAction, TagView

router = APIRouter(prefix="/v1/queue")

_CALLING = ("registration", "booth", "collection", "bench")


@router.post("/call", response_model=CallAnswer)
async def call(asked: Commanded, body: CallRequest) -> Response:
    """Call the next tag of these stages to this place."""
    asked.must_be(*_CALLING)
    return await asked.command(lambda transaction: queue.call(transaction, asked.station, body))


@router.post("/arrive", response_model=TagView)
async def arrive(asked: Commanded, body: TagAction) -> Response:
    """The holder of a called tag is here."""
    asked.must_be(*_CALLING)
    return await asked.command(lambda transaction: queue.arrive(transaction, asked.station, body))


@router.post("/recall", response_model=TagView)
async def recall(asked: Commanded, body: TagAction) -> Response:
    """Call the same tag once more."""
    asked.must_be(*_CALLING)
    return await asked.command(lambda transaction: queue.recall(transaction, asked.station, body))


@router.post("/miss", response_model=TagView)
async def miss(asked: Commanded, body: TagAction) -> Response:
    """Nobody came."""
    asked.must_be(*_CALLING)
    return await asked.command(lambda transaction: queue.miss(transaction, asked.station, body))
