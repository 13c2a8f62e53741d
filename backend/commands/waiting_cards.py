"""Cards that lie too long, or that their holders want elsewhere."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from backend.commands import cases
from backend.commands.effects import CollectionMoved
from backend.commands.station import Officer, Station, must_have_role
from backend.schema import tables
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from backend.working_days import add_working_days
from common.domain.card import CardState
from common.domain.case import CaseState
from common.domain.clock import office_day
from common.domain.officer import Role
from common.wire.custody import WaitingCard
from common.wire.shapes import CaseView

_LISTING = {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR}
_ASKING = {Role.COUNTER, Role.REGISTRATION, Role.SUPERVISOR}
_MOST_ROWS = 500


def overdue(
    transaction: Transaction, station: Station, officer: Officer | None, within_days: int
) -> list[WaitingCard]:
    """List the stored cards to send on or to ask after, the longest waiting first.

    Raises:
        Refusal: Nobody is signed in who may know.
    """
    must_have_role(officer, _LISTING)
    here, people = station.office, tables.cases
    wanted = func.coalesce(people.c.collection_office, people.c.office)
    # So many working days are at least as many days: the calendar need not be asked of the rest.
    soonest = transaction.now - timedelta(days=within_days)
    rows = transaction.connection.execute(
        select(cards, people.c.receipt_number, wanted.label("wanted"))
        .join(people, people.c.case_id == cards.c.case_id)
        .where(
            cards.c.office == here,
            cards.c.state == CardState.STORED,
            or_(wanted != here, cards.c.stored_at < soonest),
        )
        .order_by(cards.c.stored_at, cards.c.card_id)
        .limit(_MOST_ROWS)
    )
    listed = []
    for row in rows:
        stored_on = office_day(row.stored_at)
        elsewhere = row.wanted != here
        if elsewhere or _is_over(stored_on, within_days, transaction.today):
            listed.append(
                WaitingCard(
                    card_id=UUID(row.card_id),
                    case_id=UUID(row.case_id),
                    receipt_number=row.receipt_number,
                    version=row.version,
                    stored_on=stored_on,
                    why="wanted_elsewhere" if elsewhere else "overdue",
                    collection_office=row.wanted,
                )
            )
    return listed


def collect_at(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    case_id: UUID,
    office: str,
) -> CaseView:
    """Write down where the holder wants the card; two officers send it there.

    Raises:
        Refusal: Not submitted yet, or collected; or the officer may not.
    """
    who = must_have_role(officer, _ASKING)
    case = cases.must_be_here(cases.load(transaction, str(case_id)), station.office)
    closed = case.state in (CaseState.COLLECTED, CaseState.REFUSED)
    if closed or not cases.is_submitted(case):
        raise Refusal(409, "nothing_to_collect", str(case.state))
    transaction.record(
        "collection_moved",
        case.case_id,
        station.name,
        who.officer_id,
        CollectionMoved(office=office),
    )
    transaction.answer_subject = case.case_id
    return cases.view(transaction, cases.change(transaction, case, collection_office=office))


def _is_over(stored_on: date, within_days: int, today: date) -> bool:
    return add_working_days(stored_on, within_days) < today
