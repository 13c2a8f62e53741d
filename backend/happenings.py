"""Reads from the ledger what happened to cases, for whoever follows it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, ScalarSelect, Select, func, select

from backend.schema.tables import cards, cases, ledger, tags
from backend.transaction import Transaction
from common.wire.events import Happening

PAGE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger, and what it tells an office; nothing where it is about no case."""

    number: int
    kind: str
    office: str | None
    told: Happening | None


def last_number(transaction: Transaction) -> int:
    """Return the number of the ledger's last line."""
    return int(transaction.connection.execute(_LAST).scalar_one())


def lines_after(transaction: Transaction, number: int, office: str | None = None) -> list[Line]:
    """Return up to PAGE lines after a number, of one office or all; the oldest first."""
    statement = _LINES.where(ledger.c.number > number)
    if office is not None:
        statement = statement.where(cases.c.office == office)
    return [_line(row) for row in transaction.connection.execute(statement)]


def _newest(column: "Column[Any]", of: "Column[Any]", made_at: "Column[Any]") -> ScalarSelect[Any]:
    return (
        select(column)
        .where(of == ledger.c.case_id)
        .order_by(made_at.desc())
        .limit(1)
        .correlate(ledger)
        .scalar_subquery()
    )


def _statement() -> Select[Any]:
    card = {"of": cards.c.case_id, "made_at": cards.c.ordered_at}
    tag = {"of": tags.c.case_id, "made_at": tags.c.issued_at}
    return (
        select(
            ledger.c.number,
            ledger.c.kind,
            ledger.c.case_id,
            ledger.c.received_at,
            cases.c.office,
            cases.c.state.label("case_state"),
            _newest(cards.c.card_id, **card).label("card_id"),
            _newest(cards.c.state, **card).label("card_state"),
            _newest(tags.c.tag_id, **tag).label("tag_id"),
            _newest(tags.c.status, **tag).label("tag_status"),
        )
        .outerjoin(cases, cases.c.case_id == ledger.c.case_id)
        .order_by(ledger.c.number)
        .limit(PAGE)
    )


_LAST = select(func.coalesce(func.max(ledger.c.number), 0))
_LINES = _statement()


def _line(row: Row[Any]) -> Line:
    if row.office is None:
        return Line(row.number, row.kind, None, None)
    thing = row.kind.partition("_")[0]
    told = Happening(
        number=row.number,
        about=thing if thing in ("card", "tag") else "case",
        what=row.kind,
        at=row.received_at,
        case_id=UUID(row.case_id),
        case_state=row.case_state,
        card_id=None if row.card_id is None else UUID(row.card_id),
        card_state=row.card_state,
        tag_id=None if row.tag_id is None else UUID(row.tag_id),
        tag_status=row.tag_status,
    )
    return Line(row.number, row.kind, row.office, told)
