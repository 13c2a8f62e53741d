"""/v1/cards: reservation, and search by chip."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from backend.api.access import Asked, Commanded
from backend.commands import custody
from backend.commands.cases import card_view
from backend.transaction import Transaction
from common.wire.base import WITHOUT_NUL
from common.wire.shapes import CardView, ReserveRequest

router = APIRouter(prefix="/v1/cards")


class CardOfCase(CardView):
    """A card found by its chip, with the case that it belongs to."""

    case_id: UUID


@router.post("/{card_id}/reserve", response_model=CardView)
async def reserve(asked: Commanded, card_id: UUID, body: ReserveRequest) -> Response:
    """Reserve a stored card for this station."""
    asked.must_be("collection", "booth")

    def do(transaction: Transaction) -> CardView:
        officer = asked.officer(transaction)
        return custody.reserve(transaction, asked.station, officer, card_id, body)

    return await asked.command(do)


@router.get("/by-serial/{chip_serial}")
async def by_serial(
    asked: Asked, chip_serial: Annotated[str, Path(max_length=200, pattern=WITHOUT_NUL)]
) -> CardOfCase:
    """Find a card by the serial of its chip."""
    asked.must_be("collection", "booth")

    def ask(transaction: Transaction) -> CardOfCase:
        card = custody.by_serial(transaction, asked.station, chip_serial)
        return CardOfCase(**card_view(card).model_dump(), case_id=UUID(card.case_id))

    return await asked.read(ask)
