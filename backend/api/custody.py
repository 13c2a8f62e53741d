"""Custody beyond the single card: documents, stock, counts, cards that wait or are lost."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import RootModel

from backend.api.access import Asked, Commanded, Running
from backend.commands import counts, documents, revocations, stock, waiting_cards
from backend.commands.station import must_have_role
from backend.transaction import Transaction
from common.domain.officer import Role
from common.wire.custody import (
    CollectAtRequest,
    CountRequest,
    CountView,
    Difference,
    DocumentView,
    LostAnswer,
    LostReport,
    PlaceView,
    SettleRequest,
    SpoiledRequest,
    StockRequest,
    StockView,
    WaitingCard,
)
from common.wire.shapes import CaseView

router = APIRouter()

_LOSS_DESK = {Role.RECEPTION, Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR}


class Differences(RootModel[tuple[Difference, ...]]):
    """What does not agree, the oldest first."""


@router.get("/v1/work/overdue")
async def overdue(asked: Asked) -> list[WaitingCard]:
    """List the stored cards that lie too long, or that their holders want elsewhere."""
    asked.must_be("booth")
    days = asked.office.collect_within_days
    return await asked.read(
        lambda transaction: waiting_cards.overdue(
            transaction, asked.station, asked.officer(transaction), days
        )
    )


@router.post("/v1/cases/{case_id}/collect-at", response_model=CaseView)
async def collect_at(
    asked: Commanded, running: Running, case_id: UUID, body: CollectAtRequest
) -> Response:
    """Write down at which office the holder wants to collect the card."""
    asked.must_be("booth")
    running.office(body.office)

    def do(transaction: Transaction) -> CaseView:
        officer = asked.officer(transaction)
        return waiting_cards.collect_at(transaction, asked.station, officer, case_id, body.office)

    return await asked.command(do)


@router.post("/v1/cards/report-lost", response_model=LostAnswer)
async def report_lost(asked: Commanded, body: LostReport) -> Response:
    """Revoke at once the card that the person of this case has lost."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> LostAnswer:
        officer = must_have_role(asked.officer(transaction), _LOSS_DESK)
        return revocations.report_lost(transaction, asked.station, officer, body)

    return await asked.command(do)


@router.get("/v1/documents")
async def list_documents(
    asked: Asked, place: Annotated[str | None, Query(max_length=200)] = None
) -> list[DocumentView]:
    """List the captured documents of this office, of one place or of all."""
    asked.must_be("booth")
    return await asked.read(
        lambda transaction: documents.held(
            transaction, asked.station, asked.officer(transaction), place
        )
    )


@router.post("/v1/stock/received", response_model=StockView)
async def receive_blanks(asked: Commanded, body: StockRequest) -> Response:
    """Take a delivery of blank cards into the stock."""
    asked.must_be("booth")
    return await asked.command(
        lambda transaction: stock.receive(
            transaction, asked.station, asked.officer(transaction), body
        )
    )


@router.post("/v1/stock/spoiled", response_model=StockView)
async def spoil_blank(asked: Commanded, body: SpoiledRequest) -> Response:
    """Account for a blank that will never be a card."""
    asked.must_be("booth")
    return await asked.command(
        lambda transaction: stock.spoil(
            transaction, asked.station, asked.officer(transaction), body
        )
    )


@router.get("/v1/stock")
async def show_stock(asked: Asked) -> StockView:
    """Say how many blanks are in which state."""
    asked.must_be("booth")
    return await asked.read(
        lambda transaction: stock.account(transaction, asked.station, asked.officer(transaction))
    )


@router.post("/v1/counts", response_model=CountView)
async def count_place(asked: Commanded, body: CountRequest) -> Response:
    """Take the count of one place and compare it with the book."""
    asked.must_be("booth", "collection")
    return await asked.command(
        lambda transaction: counts.count(
            transaction, asked.station, asked.officer(transaction), body
        )
    )


@router.get("/v1/counts")
async def list_places(asked: Asked) -> list[PlaceView]:
    """Say what the book has in each place, and which was counted today."""
    asked.must_be("booth")
    return await asked.read(
        lambda transaction: counts.places(transaction, asked.station, asked.officer(transaction))
    )


@router.get("/v1/differences")
async def list_differences(asked: Asked) -> list[Difference]:
    """List where book and count do not agree."""
    asked.must_be("booth")
    return await asked.read(
        lambda transaction: counts.differences(
            transaction, asked.station, asked.officer(transaction)
        )
    )


@router.post("/v1/differences/{difference_id}/settle", response_model=Differences)
async def settle_difference(asked: Commanded, difference_id: UUID, body: SettleRequest) -> Response:
    """Say what became of a difference; the answer lists those that are left."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> Differences:
        officer = asked.officer(transaction)
        left = counts.settle(transaction, asked.station, officer, difference_id, body)
        return Differences(tuple(left))

    return await asked.command(do)
