"""/v1/queue: call, arrive, recall, miss; park, resume, void."""

from fastapi import APIRouter, Response

from backend.api.access import Commanded
from backend.commands import parking, queue
from backend.transaction import Transaction
from common.wire.shapes import (
    CallAnswer,
    CallRequest,
    ParkRequest,
    ResumeRequest,
    TagAction,
    TagView,
    VoidRequest,
)

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


@router.post("/park", response_model=TagView)
async def park(asked: Commanded, body: ParkRequest) -> Response:
    """Set a tag aside with a reason; it keeps its turn."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> TagView:
        return parking.park(transaction, asked.station, asked.officer(transaction), body)

    return await asked.command(do)


@router.post("/resume", response_model=TagView)
async def resume(asked: Commanded, body: ResumeRequest) -> Response:
    """Let a missed or parked tag wait again: asked by its holder at a kiosk, or by an officer."""
    asked.must_be("tag", "booth")
    return await asked.command(lambda transaction: parking.resume(transaction, asked.station, body))


@router.post("/void", response_model=TagView)
async def void(asked: Commanded, body: VoidRequest) -> Response:
    """End a tag without service; its number is used up."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> TagView:
        return parking.void(transaction, asked.station, asked.officer(transaction), body)

    return await asked.command(do)
