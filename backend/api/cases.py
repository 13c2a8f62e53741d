"""/v1/cases and the work lists."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.api.access import Asked, Commanded, Running
from backend.commands import cases, decisions, mobile, old_cards
from backend.transaction import Refusal, Transaction
from common.domain.notice import Channel
from common.wire.mobile import MobileCheck, MobileChecked, MobileCodeRequest, MobileCodeSent
from common.wire.old_card import OldCardAsked, OldCardStanding
from common.wire.shapes import (
    CaseFind,
    CaseRow,
    CaseView,
    DecisionRequest,
    SubmitAnswer,
)

router = APIRouter()

_ASKING_FOR_MOBILES = ("bench", "registration", "booth")


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


@router.post("/v1/cases/{case_id}/mobile", response_model=MobileCodeSent)
async def send_mobile_code(
    asked: Commanded, running: Running, case_id: UUID, body: MobileCodeRequest
) -> Response:
    """Send a code to a mobile number, to see that it is the person's."""
    asked.must_be(*_ASKING_FOR_MOBILES)
    told = running.settings.notices
    if told is None or Channel.SMS not in told.channels:
        raise Refusal(409, "no_sms", "this backend sends no text messages")
    return await asked.command(
        lambda transaction: mobile.send(transaction, asked.station, case_id, body)
    )


@router.post("/v1/cases/{case_id}/mobile/check", response_model=MobileChecked)
async def check_mobile_code(asked: Commanded, case_id: UUID, body: MobileCheck) -> Response:
    """Check the code; a right one lets notices go to the number."""
    asked.must_be(*_ASKING_FOR_MOBILES)
    return await asked.command(
        lambda transaction: mobile.check(transaction, asked.station, case_id, body)
    )


@router.post("/v1/cases/{case_id}/old-card", response_model=OldCardStanding)
async def look_at_old_card(asked: Asked, case_id: UUID, body: OldCardAsked) -> OldCardStanding:
    """Tell how the card that a person brings stands, and whether the person was called up."""
    asked.must_be("registration", "booth")
    return await asked.read(
        lambda transaction: old_cards.standing(transaction, asked.station, case_id, body)
    )


@router.get("/v1/work/{which}")
async def list_work(asked: Asked, which: decisions.WorkList) -> list[CaseRow]:
    """List the cases that wait for the next officer."""
    asked.must_be("booth", "collection")
    return await asked.read(
        lambda transaction: decisions.work(
            transaction, asked.station, asked.officer(transaction), which
        )
    )
