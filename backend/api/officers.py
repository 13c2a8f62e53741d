"""/v1/officers: sign in and out."""

import asyncio

from fastapi import APIRouter, Response

from backend.api.access import Asked, Running
from backend.commands import officers
from backend.transaction import Refusal
from common.wire.shapes import OfficerSession, SignInRequest

router = APIRouter(prefix="/v1/officers")

_NOBODY = officers.hash_password("nobody")


@router.post("/sign-in", response_model=OfficerSession)
async def sign_in(asked: Asked, running: Running, body: SignInRequest) -> Response:
    """Begin a session. It is not kept for repetition: whoever lost the answer signs in again."""
    kept, now = await asked.read(
        lambda transaction: (officers.password_of(transaction, body.officer_id), transaction.now)
    )
    running.guard.check(body.officer_id, now)
    # An unknown officer costs the same time as a known one.
    fits = await asyncio.to_thread(officers.password_fits, body.password, kept or _NOBODY)
    if kept is None or not fits:
        running.guard.failed(body.officer_id, now)
        raise Refusal(403, "wrong_sign_in")
    running.guard.succeeded(body.officer_id)
    session = await asked.command_each_time(
        lambda transaction: officers.begin_session(transaction, asked.station, body.officer_id)
    )
    return Response(session.model_dump_json(), media_type="application/json")


@router.post("/sign-out")
async def sign_out(asked: Asked) -> dict[str, str]:
    """End the session whose token came along."""
    token = asked.officer_token
    await asked.command_each_time(
        lambda transaction: officers.end_session(transaction, asked.station, token)
    )
    return {}
