"""What the public may know of an application: how far it is, and where the card waits."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from backend.commands import cases
from backend.commands.enquiry import Kept, opens
from backend.commands.identity import identity
from backend.schema.tables import bookings, ledger
from backend.settings import BookingSettings
from backend.tokens import Purpose, TokenError, open_token
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState
from common.domain.identity_number import IdentityNumber


class Progress(StrEnum):
    """The steps of a card in the public's words, in order; REFUSED stands beside them."""

    BEGUN = "begun"
    RECEIVED = "received"
    MAKING = "making"
    READY = "ready"
    COLLECTED = "collected"
    REFUSED = "refused"


_PROGRESS = {
    CaseState.SUBMITTED: Progress.RECEIVED,
    CaseState.APPROVED: Progress.MAKING,
    CaseState.IN_PRODUCTION: Progress.MAKING,
    CaseState.READY: Progress.READY,
    CaseState.COLLECTED: Progress.COLLECTED,
    CaseState.REFUSED: Progress.REFUSED,
}


@dataclass(frozen=True, slots=True)
class CardStatus:
    """Says nothing of the person: whoever finds a receipt learns no name and no number.

    Attributes:
        office: The code of the office where the card waits or will wait.
        moved_from: The office that took the application, where that is another one.
        received_at: When the centre had it.
        ready_on: The day promised on the receipt.
        since: When the card came where it is: ready, or collected.
    """

    progress: Progress
    office: str
    moved_from: str | None
    receipt_number: str | None
    received_at: datetime | None
    ready_on: date | None
    since: datetime | None


def by_receipt(transaction: Transaction, offices: tuple[str, ...], token: str) -> CardStatus:
    """Return the status that a receipt's code opens.

    Raises:
        Refusal: No office made the code, or the case was erased.
    """
    for office in offices:
        try:
            opened = open_token(transaction.keys.tokens, Purpose.RECEIPT, office, token)
        except TokenError:
            continue
        return _status(transaction, cases.load(transaction, str(opened.id)))
    raise Refusal(404, "not_found", "not a receipt of this service")


def by_code(
    transaction: Transaction,
    rules: BookingSettings,
    number: IdentityNumber,
    year_of_birth: int,
    enquiry_code: str,
) -> str | None:
    """Return the receipt's token of a person's newest application that was booked.

    None where the details do not agree, where there is none, and where it was erased: the answers
    are the same, and so is the work. A None must be committed: the try is counted.
    """
    who = identity(number, year_of_birth)
    booking = transaction.connection.execute(
        _NEWEST, {"person": who.person(transaction)}
    ).one_or_none()
    kept = None if booking is None else Kept(booking.booking_id, booking.code)
    if not opens(transaction, rules, kept, who, enquiry_code) or booking is None:
        return None
    return cases.receipt_token(transaction, cases.load(transaction, booking.case_id))


_NEWEST = (
    select(bookings)
    .where(bookings.c.person == bindparam("person"), bookings.c.case_id.is_not(None))
    .order_by(bookings.c.made_at.desc())
    .limit(1)
)


def _status(transaction: Transaction, case: Row[Any]) -> CardStatus:
    progress = _PROGRESS.get(CaseState(case.state), Progress.BEGUN)
    card = cases.card_row(transaction, case.case_id)
    office = case.office if card is None else card.office
    moved = progress in (Progress.READY, Progress.COLLECTED)
    return CardStatus(
        progress=progress,
        office=office,
        moved_from=case.office if office != case.office else None,
        receipt_number=case.receipt_number,
        received_at=case.submitted_at,
        ready_on=None if case.ready_on is None else date.fromisoformat(case.ready_on),
        since=_last_moved(transaction, case.case_id) if moved else None,
    )


def _last_moved(transaction: Transaction, case_id: str) -> datetime | None:
    moment: datetime | None = transaction.connection.execute(
        select(func.max(ledger.c.at)).where(
            ledger.c.case_id == case_id, ledger.c.kind == "card_moved"
        )
    ).scalar_one()
    return moment
