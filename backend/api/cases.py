"""/v1/cases and the work lists."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.api.access import Asked, Commanded
from backend.commands import cases, decisions
from backend.transaction import Transaction
from common.wire.shapes import (
    CaseFind,
    CaseRow,
    CaseView,
    DecisionRequest,
    SubmitAnswer,
)

router = APIRouter()


@router.post("/v1/cases/find", response_model=CaseView)
async def find_case(asked: Asked, body: CaseFind) -> Response:
    """Find a case of this office by exactly one thing."""
    asked.must_be("tag", "registration", "bench", "collection", "booth")
    found = await asked.read(lambda transaction: cases.find(transaction, asked.station, body))
    return Response(found.model_dump_json(), media_type="application/json")


@router.post("/v1/cases/{case_id}/submit", response_model=SubmitAnswer)
async def submit_case(asked: Commanded, case_id: UUID) -> Response:
    """Take the application into the centre and give its receipt."""
    asked.must_be("booth")

    def submit(transaction: Transaction) -> SubmitAnswer:
        officer = asked.officer(transaction)
        return decisions.submit(transaction, asked.station, asked.office, officer, case_id)

    return await asked.command(submit)


@router.post("/v1/cases/{case_id}/decide", response_model=CaseView)
async def decide_case(asked: Commanded, case_id: UUID, body: DecisionRequest) -> Response:
    """Approve or refuse a submitted case."""
    asked.must_be("booth")

    def decide(transaction: Transaction) -> CaseView:
        officer = asked.officer(transaction)
        return decisions.decide(transaction, asked.station, officer, case_id, body)

    return await asked.command(decide)


@router.get("/v1/work/{which}")
async def list_work(asked: Asked, which: decisions.WorkList) -> list[CaseRow]:
    """List the cases that wait for the next officer."""
    asked.must_be("booth", "collection")
    return await asked.read(
        lambda transaction: decisions.work(
            transaction, asked.station, asked.officer(transaction), which
        )
    )
