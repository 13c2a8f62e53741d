"""Number series: leased to stations beforehand, each number accounted for afterwards."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from backend.commands import work_orders
from backend.commands.effects import NumbersLeased, NumbersSettled
from backend.commands.station import Officer, Station
from backend.schema.sync_tables import leases, series_numbers
from backend.tokens import Purpose, make_token
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE
from common.wire.facts import new_id
from common.wire.series import (
    Lease,
    LeaseAnswer,
    LeasedNumber,
    LeaseRequest,
    LeaseReturned,
    LeasesAnswer,
    SeriesKind,
)

OFFLINE_LETTER = "B"
"""No service has this letter, so the centre never gives a number that a kiosk may give."""

_MOST_OUT = 100
_LAST_TAG = 999
FATES = ("leased", "spent", "returned", "voided")


def lease(transaction: Transaction, station: Station, request: LeaseRequest) -> Lease:
    """Lease the next numbers of a series to one station.

    Raises:
        Refusal: The station holds enough, the series of the day is used up, or no order runs.
    """
    if request.kind is SeriesKind.TAG:
        expires_at, order_id = _day_end(transaction), None
        series = f"tag {station.office} {transaction.today.isoformat()}"
    else:
        order = work_orders.running(transaction, station, request.order_id)
        expires_at, order_id = order.expires_at, order.order_id
        series = f"receipt {station.office} {transaction.today.year}"
    if _out(transaction, station, request.kind) + request.count > _MOST_OUT:
        raise Refusal(409, "enough_leased", f"at most {_MOST_OUT} numbers are out at a time")
    last = _last(transaction, series)
    if request.kind is SeriesKind.TAG and last + request.count > _LAST_TAG:
        raise Refusal(409, "day_full", "all numbers of this day's series are leased")
    lease_id = new_id()
    transaction.connection.execute(
        insert(leases).values(
            lease_id=str(lease_id),
            series=series,
            kind=request.kind,
            office=station.office,
            station=station.name,
            order_id=order_id,
            day=transaction.today.isoformat(),
            leased_at=transaction.now,
            expires_at=expires_at,
        )
    )
    rows = [
        {
            "series": series,
            "position": position,
            "number": _number(transaction, station, request.kind, position),
            "lease_id": str(lease_id),
            "tag_id": str(new_id()) if request.kind is SeriesKind.TAG else None,
            "state": "leased",
            "reason": "",
        }
        for position in range(last + 1, last + request.count + 1)
    ]
    transaction.connection.execute(insert(series_numbers), rows)
    what = NumbersLeased(
        lease_id=lease_id, series=series, first=str(rows[0]["number"]), last=str(rows[-1]["number"])
    )
    transaction.record("numbers_leased", "", station.name, what=what)
    return _shown(transaction, _lease(transaction, str(lease_id)))


def held(transaction: Transaction, station: Station) -> LeasesAnswer:
    """Return the leases of a station with numbers that nobody told of, ended ones too."""
    open_ones = select(series_numbers.c.lease_id).where(series_numbers.c.state == "leased")
    rows = transaction.connection.execute(
        select(leases)
        .where(leases.c.station == station.name, leases.c.lease_id.in_(open_ones))
        .order_by(leases.c.leased_at)
        .limit(100)
    )
    return LeasesAnswer(leases=tuple(_shown(transaction, row) for row in rows.all()))


def give_back(
    transaction: Transaction, station: Station, lease_id: UUID, told: LeaseReturned
) -> LeaseAnswer:
    """Take numbers back that were never given out, and note which were spoilt.

    Raises:
        Refusal: The lease is another station's, or the fate of a number was told already.
    """
    row = _lease(transaction, str(lease_id))
    if row.station != station.name:
        raise Refusal(404, "not_found", "no such lease of this station")
    for number in told.unspent:
        _settle(transaction, row, number, "returned", "")
    for spoilt in told.spoilt:
        _settle(transaction, row, spoilt.number, "voided", spoilt.reason)
    what = NumbersSettled(
        lease_id=lease_id, returned=len(told.unspent), voided=len(told.spoilt), reason="returned"
    )
    transaction.record("numbers_settled", "", station.name, what=what)
    return _answer(transaction, lease_id)


def void(
    transaction: Transaction, station: Station, officer: Officer, lease_id: UUID, reason: str
) -> LeaseAnswer:
    """End a lease whose station will not tell: its open numbers are void, with the reason."""
    row = _lease(transaction, str(lease_id))
    if row.office != station.office:
        raise Refusal(404, "not_found", "the lease belongs to another office")
    transaction.connection.execute(
        update(leases)
        .where(leases.c.lease_id == row.lease_id, leases.c.revoked_at.is_(None))
        .values(revoked_at=transaction.now)
    )
    done = transaction.connection.execute(
        update(series_numbers)
        .where(series_numbers.c.lease_id == row.lease_id, series_numbers.c.state == "leased")
        .values(state="voided", reason=reason, settled_at=transaction.now)
    )
    what = NumbersSettled(lease_id=lease_id, returned=0, voided=done.rowcount, reason=reason)
    transaction.record("numbers_settled", "", station.name, officer.officer_id, what)
    return _answer(transaction, lease_id)


def revoke(transaction: Transaction, station: str) -> None:
    """End the leases of a lost station; a supervisor voids what is open when it is clear."""
    transaction.connection.execute(
        update(leases)
        .where(
            leases.c.station == station,
            leases.c.revoked_at.is_(None),
            leases.c.expires_at > transaction.now,
        )
        .values(revoked_at=transaction.now)
    )


def spend(
    transaction: Transaction, station: Station, kind: SeriesKind, number: str, tag_id: str | None
) -> Row[Any]:
    """Note that a number was given out; return its lease.

    Raises:
        Refusal: It was not leased to this station, or its fate was told already.
    """
    found = _held_number(transaction, station, kind, number, tag_id)
    if found is None:
        raise Refusal(409, "number_not_leased", "the number is not of this station's leases")
    if found.state != "leased":
        raise Refusal(409, "number_settled", f"the number is {found.state}")
    _write(transaction, found, "spent", "")
    return found


def spoil(
    transaction: Transaction,
    station: Station,
    kind: SeriesKind,
    number: str,
    tag_id: str | None,
    reason: str,
) -> None:
    """Note that a number which was given out leads nowhere, and why; what is told stays told."""
    found = _held_number(transaction, station, kind, number, tag_id)
    if found is not None and found.state == "leased":
        _write(transaction, found, "voided", reason)


def _held_number(
    transaction: Transaction, station: Station, kind: SeriesKind, number: str, tag_id: str | None
) -> Row[Any] | None:
    # A tag's number comes again every day, so its id says which one is meant.
    asked = select(series_numbers, leases.c.day, leases.c.leased_at).join(
        leases, leases.c.lease_id == series_numbers.c.lease_id
    )
    return transaction.connection.execute(
        asked.where(
            leases.c.station == station.name,
            leases.c.kind == kind,
            series_numbers.c.number == number,
            series_numbers.c.tag_id.is_(None)
            if tag_id is None
            else series_numbers.c.tag_id == tag_id,
        )
    ).one_or_none()


def _settle(
    transaction: Transaction, lease_row: Row[Any], number: str, fate: str, reason: str
) -> None:
    found = transaction.connection.execute(
        select(series_numbers).where(
            series_numbers.c.lease_id == lease_row.lease_id, series_numbers.c.number == number
        )
    ).one_or_none()
    if found is None:
        raise Refusal(404, "not_found", "the number is not of this lease")
    if found.state == fate:
        return
    if found.state != "leased":
        raise Refusal(409, "number_settled", f"the number is {found.state}")
    _write(transaction, found, fate, reason)


def _write(transaction: Transaction, found: Row[Any], fate: str, reason: str) -> None:
    transaction.connection.execute(
        update(series_numbers)
        .where(series_numbers.c.series == found.series, series_numbers.c.position == found.position)
        .values(state=fate, reason=reason[:200], settled_at=transaction.now)
    )


def _lease(transaction: Transaction, lease_id: str) -> Row[Any]:
    row = transaction.connection.execute(
        select(leases).where(leases.c.lease_id == lease_id)
    ).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "no such lease")
    return row


def _shown(transaction: Transaction, row: Row[Any]) -> Lease:
    numbers = transaction.connection.execute(
        select(series_numbers)
        .where(series_numbers.c.lease_id == row.lease_id, series_numbers.c.state == "leased")
        .order_by(series_numbers.c.position)
    )
    day = datetime.fromisoformat(row.day).date()
    ended = row.revoked_at if row.revoked_at is not None else row.expires_at

    def shown(number: Row[Any]) -> LeasedNumber:
        if number.tag_id is None:
            return LeasedNumber(number=number.number)
        id_ = UUID(number.tag_id)
        token = make_token(transaction.keys.tokens, Purpose.TAG, row.office, id_, day)
        return LeasedNumber(number=number.number, tag_id=id_, token=token)

    return Lease(
        lease_id=UUID(row.lease_id),
        kind=SeriesKind(row.kind),
        day=day,
        expires_at=min(ended, row.expires_at),
        numbers=tuple(shown(number) for number in numbers),
    )


def _answer(transaction: Transaction, lease_id: UUID) -> LeaseAnswer:
    rows = transaction.connection.execute(
        select(series_numbers.c.state, func.count().label("numbers"))
        .where(series_numbers.c.lease_id == str(lease_id))
        .group_by(series_numbers.c.state)
    )
    counted = dict.fromkeys(FATES, 0) | {row.state: row.numbers for row in rows}
    return LeaseAnswer(lease_id=lease_id, **counted)


def _number(transaction: Transaction, station: Station, kind: SeriesKind, position: int) -> str:
    if kind is SeriesKind.TAG:
        return f"{OFFLINE_LETTER}{position:03d}"
    return f"{station.office}-{transaction.today.year}-F{position:06d}"


def _last(transaction: Transaction, series: str) -> int:
    return (
        transaction.connection.execute(
            select(func.max(series_numbers.c.position)).where(series_numbers.c.series == series)
        ).scalar_one()
        or 0
    )


def _out(transaction: Transaction, station: Station, kind: SeriesKind) -> int:
    return transaction.connection.execute(
        select(func.count())
        .select_from(series_numbers)
        .join(leases, leases.c.lease_id == series_numbers.c.lease_id)
        .where(
            leases.c.station == station.name,
            leases.c.kind == kind,
            leases.c.expires_at > transaction.now,
            leases.c.revoked_at.is_(None),
            series_numbers.c.state == "leased",
        )
    ).scalar_one()


def _day_end(transaction: Transaction) -> datetime:
    tomorrow = transaction.today + timedelta(days=1)
    return datetime.combine(tomorrow, time(), OFFICE_ZONE)
