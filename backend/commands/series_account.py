"""What became of every number that was leased: spent, returned, voided, or still out."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select

from backend.commands.series import FATES
from backend.schema.sync_tables import leases, series_numbers
from backend.transaction import Transaction
from common.wire.series import NumbersAnswer, OverdueLease, SeriesAccount

_SHOWN = timedelta(days=31)


def account(transaction: Transaction, office: str) -> NumbersAnswer:
    """Account for every number of an office's recent series: spent, returned, voided, or out."""
    shown_from = (transaction.today - _SHOWN).isoformat()
    is_over = _is_over(transaction.now)
    counted = {
        fate: func.coalesce(func.sum(case((series_numbers.c.state == fate, 1), else_=0)), 0)
        for fate in FATES
    }
    overdue = func.sum(case(((series_numbers.c.state == "leased") & is_over, 1), else_=0))
    rows = transaction.connection.execute(
        select(
            series_numbers.c.series,
            func.max(series_numbers.c.position).label("last"),
            func.count().label("rows"),
            overdue.label("overdue"),
            *(column.label(fate) for fate, column in counted.items()),
        )
        .join(leases, leases.c.lease_id == series_numbers.c.lease_id)
        .where(leases.c.office == office)
        .group_by(series_numbers.c.series)
        .having(
            or_(
                func.max(leases.c.day) >= shown_from,
                func.sum(case((series_numbers.c.state == "leased", 1), else_=0)) > 0,
            )
        )
        .order_by(series_numbers.c.series)
    )
    return NumbersAnswer(
        series=tuple(
            SeriesAccount(
                series=row.series,
                last=row.last,
                leased=row.leased - row.overdue,
                overdue=row.overdue,
                spent=row.spent,
                returned=row.returned,
                voided=row.voided,
                whole=row.rows == row.last
                and row.leased + row.spent + row.returned + row.voided == row.last,
            )
            for row in rows
        ),
        overdue=_overdue(transaction, office),
    )


def _overdue(transaction: Transaction, office: str) -> tuple[OverdueLease, ...]:
    rows = transaction.connection.execute(
        select(
            leases.c.lease_id,
            leases.c.station,
            leases.c.series,
            leases.c.expires_at,
            func.count().label("numbers"),
        )
        .join(series_numbers, series_numbers.c.lease_id == leases.c.lease_id)
        .where(
            leases.c.office == office,
            series_numbers.c.state == "leased",
            _is_over(transaction.now),
        )
        .group_by(leases.c.lease_id, leases.c.station, leases.c.series, leases.c.expires_at)
        .order_by(leases.c.expires_at)
        .limit(500)
    )
    return tuple(
        OverdueLease(
            lease_id=UUID(row.lease_id),
            station=row.station,
            series=row.series,
            expires_at=row.expires_at,
            numbers=row.numbers,
        )
        for row in rows
    )


def _is_over(now: datetime) -> Any:
    return or_(leases.c.expires_at <= now, leases.c.revoked_at.is_not(None))
