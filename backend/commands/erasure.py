"""Erasure: a case's data key goes, and with it everything sealed about the case."""

from uuid import UUID

from sqlalchemy import select, update

from backend.commands import contacts, queue
from backend.commands.cases import load
from backend.schema.tables import bookings, cards, cases
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState

_CLOSED = (CaseState.COLLECTED, CaseState.REFUSED)


def erase_case(transaction: Transaction, case_id: UUID, officer: str) -> None:
    """Erase a closed case. The ledger keeps its lines, and that the case was erased.

    Raises:
        Refusal: There is no such case, or it is still open.
    """
    case = load(transaction, str(case_id))
    if case.state not in _CLOSED:
        raise Refusal(409, "still_open", str(case.state))
    queue.finish(transaction, case.case_id)
    transaction.record("case_erased", f"erased {case.case_id}", "backend", officer)
    used = transaction.connection.execute(
        select(bookings.c.booking_id).where(bookings.c.case_id == case.case_id)
    ).scalars()
    for booking_id in list(used):
        transaction.erase(booking_id)
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.case_id == case.case_id)
        .values(person="", live_person=None)
    )
    transaction.connection.execute(
        update(cases).where(cases.c.case_id == case.case_id).values(person="", live_person=None)
    )
    contacts.forget(transaction, case.case_id)
    transaction.connection.execute(
        update(cards).where(cards.c.case_id == case.case_id).values(person=None)
    )
    transaction.erase(case.case_id)
