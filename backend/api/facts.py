"""POST /v1/facts."""

from fastapi import APIRouter, Response

from backend.api.access import Commanded
from backend.commands import facts
from backend.transaction import Transaction
from common.wire.facts import FactsAnswer, FactsRequest

router = APIRouter()


@router.post("/v1/facts", response_model=FactsAnswer)
async def take_facts(asked: Commanded, body: FactsRequest) -> Response:
    """Take facts in the order in which they happened; the same fact twice is one fact."""
    asked.must_be("tag", "registration", "bench", "collection", "booth")

    def take(transaction: Transaction) -> FactsAnswer:
        # A fact may arrive after its officer went home; the session proves who it was.
        officer = asked.officer(transaction, ended_too=True)
        return facts.accept_all(transaction, asked.station, officer, body)

    return await asked.command(take)
