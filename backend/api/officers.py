"""/v1/officers: sign in and out, type the password once more, change what others may do."""

import asyncio

from fastapi import APIRouter, Response

from backend.api.access import Asked, Caller, Commanded, Running, Service
from backend.commands import officer_book, officers, sign_in
from backend.commands.revocation import must_supervise
from backend.transaction import Refusal, Transaction
from common.wire.base import Name, Shape
from common.wire.shapes import OfficerSession, SignInRequest
from common.wire.trust import ConfirmRequest, OfficerChange

router = APIRouter(prefix="/v1/officers")

_NOBODY = officers.hash_password("nobody")


@router.post("/sign-in", response_model=OfficerSession)
async def begin(asked: Asked, running: Running, body: SignInRequest) -> Response:
    """Begin a session. It is not kept for repetition: whoever lost the answer signs in again."""
    await _prove(asked, running, body.officer_id, body.password)

    def start(transaction: Transaction) -> OfficerSession:
        sign_in.succeeded(transaction, body.officer_id)
        return officers.begin_session(transaction, asked.station, body.officer_id)

    session = await asked.command_each_time(start)
    return Response(session.model_dump_json(), media_type="application/json")


@router.post("/sign-out")
async def end(asked: Asked) -> dict[str, str]:
    """End the session whose token came along."""
    await asked.command_each_time(asked.end_session)
    return {}


@router.post("/confirm")
async def confirm(asked: Asked, running: Running, body: ConfirmRequest) -> dict[str, str]:
    """Take the signed-in officer's password once more, for what is sensitive."""
    officer = await asked.read(asked.officer)
    if officer is None:
        raise Refusal(403, "officer_needed")
    await _prove(asked, running, officer.officer_id, body.password)

    def note(transaction: Transaction) -> None:
        sign_in.succeeded(transaction, officer.officer_id)
        officers.note_fresh(transaction, asked.officer_token)

    await asked.command_each_time(note)
    return {}


@router.post("/{officer_id}/change", response_model=Shape)
async def change(
    asked: Commanded,
    officer_id: Name,
    body: OfficerChange,
) -> Response:
    """Let a supervisor change another officer's roles, or disable him."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> Shape:
        by = must_supervise(asked.officer(transaction, fresh=True))
        officer_book.change(
            transaction,
            officer_id,
            body.roles,
            enabled=body.enabled,
            at=asked.station.name,
            by=by,
        )
        return Shape()

    return await asked.command(do)


async def _prove(asked: Caller, running: Service, officer_id: str, password: str) -> None:
    """Check a password, slowly enough for whoever tries many.

    Raises:
        Refusal: It is wrong, or too early for another try.
    """
    running.sign_ins.spend(asked.station.name, running.clock())
    await running.store.command(lambda transaction: sign_in.attempt(transaction, officer_id))
    kept = await asked.read(lambda transaction: officers.password_of(transaction, officer_id))
    # An unknown officer costs the same time as a known one.
    fits = await asyncio.to_thread(officers.password_fits, password, kept or _NOBODY)
    if kept is None or not fits:
        await running.store.command(
            lambda transaction: sign_in.failed(transaction, asked.station, officer_id)
        )
        raise Refusal(403, "wrong_sign_in")
