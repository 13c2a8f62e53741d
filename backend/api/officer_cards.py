"""/v1/officers/…: officers' cards, and signing in with one."""

from fastapi import APIRouter, Response

from backend.api.access import Asked, Commanded, Running
from backend.commands import officer_cards, officers
from backend.commands.revocation import must_supervise
from backend.transaction import Refusal, Transaction
from common.wire.base import Name, Shape
from common.wire.officer_cards import (
    CardSignInRequest,
    OfficerCardRequest,
    OfficerCardRevocation,
    OfficerCardRow,
    OfficerCards,
    OfficerChallenge,
)
from common.wire.shapes import OfficerSession

router = APIRouter(prefix="/v1/officers")


@router.post("/challenge")
async def challenge(asked: Asked, running: Running) -> OfficerChallenge:
    """Make what a card signs next; good once, at this station."""
    running.sign_ins.spend(asked.station.name, running.clock())
    return await asked.command_each_time(
        lambda transaction: officer_cards.challenge(transaction, asked.station)
    )


@router.post("/card-sign-in", response_model=OfficerSession)
async def begin(asked: Asked, running: Running, body: CardSignInRequest) -> Response:
    """Begin a session with what a card signed. The card has checked the PIN."""
    running.sign_ins.spend(asked.station.name, running.clock())

    def start(transaction: Transaction) -> OfficerSession | None:
        is_good = officer_cards.spend(transaction, asked.station, body.challenge)
        officer_id = officer_cards.officer_of(transaction, asked.station, body)
        if not is_good or officer_id is None:
            officer_cards.refused(transaction, asked.station)
            return None
        return officers.begin_session(transaction, asked.station, officer_id)

    session = await asked.command_each_time(start)
    if session is None:
        raise Refusal(403, "wrong_sign_in")
    return Response(session.model_dump_json(), media_type="application/json")


@router.get("/cards")
async def cards(asked: Asked) -> OfficerCards:
    """List the cards that count, for when the backend is out of reach."""
    return await asked.read(officer_cards.listed)


@router.post("/cards/revoke", response_model=Shape)
async def revoke(asked: Commanded, body: OfficerCardRevocation) -> Response:
    """Let a supervisor end a card, his own too."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> Shape:
        by = must_supervise(asked.officer(transaction, fresh=True))
        officer_cards.revoke(transaction, body.key_id, asked.station.name, by.officer_id)
        return Shape()

    return await asked.command(do)


@router.post("/{officer_id}/cards", response_model=OfficerCardRow)
async def give(asked: Commanded, officer_id: Name, body: OfficerCardRequest) -> Response:
    """Let a supervisor bind a card to another officer."""
    asked.must_be("booth")

    def do(transaction: Transaction) -> OfficerCardRow:
        by = must_supervise(asked.officer(transaction, fresh=True))
        return officer_cards.give(transaction, officer_id, body.certificate, asked.station.name, by)

    return await asked.command(do)
