"""/v1/actions: what takes two officers."""

from uuid import UUID

from fastapi import APIRouter, Response

from backend.api.access import Asked, Commanded, Running
from backend.commands import actions, second_officer
from backend.transaction import Transaction
from common.wire.custody import ActionRequest, ActionView, ConfirmRequest

router = APIRouter(prefix="/v1/actions")


@router.post("", response_model=ActionView)
async def propose(asked: Commanded, running: Running, body: ActionRequest) -> Response:
    """Propose an action on things in custody, each in the version that was seen."""
    asked.must_be("booth")
    offices = [office.code for office in running.settings.offices]

    def do(transaction: Transaction) -> ActionView:
        officer = asked.officer(transaction)
        return second_officer.propose(transaction, asked.station, officer, body, offices)

    return await asked.command(do)


@router.post("/{action_id}/confirm", response_model=ActionView)
async def confirm(asked: Commanded, action_id: UUID, body: ConfirmRequest) -> Response:
    """Confirm an action as the second officer; it takes effect."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> ActionView:
        officer = asked.officer(transaction)
        return second_officer.confirm(transaction, asked.station, officer, action_id, body)

    return await asked.command(do)


@router.get("")
async def waiting(asked: Asked) -> list[ActionView]:
    """List what waits for this officer as the second one."""
    asked.must_be("booth")
    return await asked.read(
        lambda transaction: actions.waiting(transaction, asked.station, asked.officer(transaction))
    )
