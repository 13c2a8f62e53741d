"""Cards that are valid no more, told to whoever accepts cards (R10)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select

from backend.commands import cases, custody_book
from backend.commands.custody_book import HOLDER, NOWHERE, Hands
from backend.commands.effects import CardRevoked
from backend.commands.station import Officer, Station
from backend.schema.custody_tables import card_revocations
from backend.schema.tables import cards
from backend.transaction import Transaction
from common.domain.card import CardMove, CardState
from common.domain.case import OldDocument
from common.domain.custody import Thing
from common.wire.custody import LostAnswer, LostReport
from common.wire.facts import new_id

_IN_HAND = (CardState.ISSUED, CardState.ISSUED_NOT_ACTIVATED)
WITHIN = timedelta(hours=18)
"""FIPS 201-3, 2.9.1: how long after the report a lost card may still be believed."""


def supersede(transaction: Transaction, case: Row[Any], hands: Hands) -> None:
    """Let the person's card from before be valid no more, as the new one is about to be issued."""
    old = _valid_card(transaction, case.person)
    if old is not None:
        custody_book.turn(transaction, Thing.CARD, old, CardMove.SUPERSEDE, hands, HOLDER)
        announce(transaction, old.case_id, old.card_id, "superseded")
    elif case.old_document == OldDocument.OLD_CARD:
        announce(transaction, case.case_id, None, "superseded")


def report_lost(
    transaction: Transaction, station: Station, officer: Officer, report: LostReport
) -> LostAnswer:
    """Revoke at once the card that the person of a case has lost.

    One officer is enough: to wait for a second would leave a lost card valid.

    Raises:
        Refusal: No such case here, or its person's new card is the one in hand.
    """
    case = cases.must_be_here(cases.load(transaction, str(report.case_id)), station.office)
    old = _valid_card(transaction, case.person)
    told_of = case.case_id if old is None else old.case_id
    revoked = CardRevoked(card_id=None if old is None else old.card_id, reason="lost")
    number = transaction.record("card_revoked", told_of, station.name, officer.officer_id, revoked)
    hands = Hands(station.name, officer.officer_id, transaction.now, number)
    if old is not None:
        custody_book.turn(transaction, Thing.CARD, old, CardMove.REPORT_LOST, hands, NOWHERE)
    return announce(transaction, told_of, None if old is None else old.card_id, "lost")


def announce(
    transaction: Transaction, case_id: str, card_id: str | None, reason: str
) -> LostAnswer:
    """Put a revocation among what goes out."""
    revocation_id, due_at = new_id(), transaction.now + WITHIN
    transaction.connection.execute(
        insert(card_revocations).values(
            revocation_id=str(revocation_id),
            case_id=case_id,
            card_id=card_id,
            reason=reason,
            at=transaction.now,
            due_at=due_at,
        )
    )
    return LostAnswer.model_validate(
        {"card_id": card_id, "revocation_id": revocation_id, "due_at": due_at}
    )


def _valid_card(transaction: Transaction, person: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(cards).where(
            cards.c.person == person, cards.c.person != "", cards.c.state.in_(_IN_HAND)
        )
    ).one_or_none()
