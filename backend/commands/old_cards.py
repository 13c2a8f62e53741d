"""What the office knows of the card that a person brings to be replaced."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from backend.commands import cases as case_book
from backend.commands import issuance
from backend.commands.station import Station
from backend.schema.custody_tables import card_revocations
from backend.schema.tables import cards, cases
from backend.settings import CalledUp
from backend.transaction import Transaction
from common.domain.card import CardState
from common.wire.old_card import CallUp, OldCardAsked, OldCardStanding, Standing

_STANDING = {"lost": Standing.LOST, "superseded": Standing.REPLACED}


def standing(
    transaction: Transaction, station: Station, case_id: UUID, asked: OldCardAsked
) -> OldCardStanding:
    """Tell how an old card stands, and whether its holder was called up.

    Raises:
        Refusal: The case is not here.
    """
    case = case_book.must_be_here(case_book.load(transaction, str(case_id)), station.office)
    called = issuance.policy(transaction, station.office).call_ups
    return OldCardStanding(
        card=_card(transaction, case.person, asked.chip_serial),
        call_up=call_up(called, asked.date_of_birth, transaction.today),
    )


def call_up(called: tuple[CalledUp, ...], born: date, today: date) -> CallUp:
    """Hold a year of birth against the exercise's periods; the kindest one counts."""
    mine = [one for one in called if one.born_from <= born.year <= one.born_to]
    if not mine:
        return CallUp.NONE
    if any(one.first <= today <= one.last for one in mine):
        return CallUp.DUE
    return CallUp.EARLY if any(today < one.first for one in mine) else CallUp.LATE


def _card(transaction: Transaction, person: str, serial: str) -> Standing:
    card = transaction.connection.execute(
        select(cards).where(cards.c.chip_serial == serial)
    ).one_or_none()
    if card is not None and card.state == CardState.ISSUED:
        return Standing.GOOD
    newest = card_revocations.c.at.desc()
    if card is not None:
        told_of = card_revocations.c.card_id == card.card_id
    else:
        # Another system's card: it has no row here, and a revocation names its holder's case.
        mine = select(cases.c.case_id).where(cases.c.person == person)
        told_of = card_revocations.c.card_id.is_(None) & card_revocations.c.case_id.in_(mine)
    reason = transaction.connection.execute(
        select(card_revocations.c.reason).where(told_of).order_by(newest).limit(1)
    ).scalar_one_or_none()
    return _STANDING.get(reason or "", Standing.UNKNOWN)
