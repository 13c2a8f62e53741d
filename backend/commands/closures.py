"""Closures: an office shuts for a day or a part of it, and every booking of then stays good.

Who was booked may come on any later open day. So that not all come on the first morning, each is
told a suggested hour, and no hour is suggested to more than the office's settings say.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, insert, or_, select, update

from backend.commands import holds, notices, slot_plan, wishes
from backend.commands.effects import AppointmentCarried, OfficeClosed
from backend.commands.station import Station
from backend.schema.booking_tables import closures
from backend.schema.tables import bookings
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE, office_day
from common.domain.notice import NoticeStage
from common.wire.booking import Closure, ClosureRequest
from common.wire.facts import new_id

_HOUR = timedelta(hours=1)
_DAYS_SEARCHED = 90
_FURTHEST = timedelta(days=400)


def declare(
    transaction: Transaction,
    station: Station,
    officer: str,
    office: OfficeSettings,
    request: ClosureRequest,
) -> Closure:
    """Close an office today or on a future day, wholly or from one time to another.

    Raises:
        Refusal: The time is over, or the office is closed then anyway.
    """
    starts_at, ends_at = _between(transaction, office, request)
    closure_id = new_id()
    transaction.connection.execute(
        insert(closures).values(
            closure_id=str(closure_id),
            office=office.code,
            day=request.day.isoformat(),
            starts_at=starts_at,
            ends_at=ends_at,
            reason=request.reason,
            declared_by=officer,
            declared_at=transaction.now,
        )
    )
    slot_plan.close(transaction, office.code, starts_at, ends_at)
    holds.release_slots(transaction, office.code, starts_at, ends_at)
    wishes.withdraw(transaction, office.code, starts_at, ends_at)
    carried = _carry(transaction, office, starts_at, ends_at)
    what = OfficeClosed(
        starts_at=starts_at, ends_at=ends_at, reason=request.reason, carried=carried
    )
    transaction.record("office_closed", f"closure {closure_id}", station.name, officer, what)
    transaction.panel_changed(office.code)
    return Closure(
        closure_id=closure_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=request.reason,
        bookings_carried=carried,
    )


def coming(transaction: Transaction, office: str) -> list[Row[Any]]:
    """Return an office's closures that are not over, earliest first."""
    rows = transaction.connection.execute(
        select(closures)
        .where(closures.c.office == office, closures.c.ends_at > transaction.now)
        .order_by(closures.c.starts_at, closures.c.closure_id)
    )
    return list(rows)


def is_open(transaction: Transaction, office: OfficeSettings) -> bool:
    """Tell whether an office is open at this moment."""
    midnight = datetime.combine(transaction.today, time(), OFFICE_ZONE)
    hours = office.open_between(transaction.today)
    if hours is None or not midnight + hours[0] <= transaction.now < midnight + hours[1]:
        return False
    return not any(row.starts_at <= transaction.now for row in coming(transaction, office.code))


def closes_at(transaction: Transaction, office: OfficeSettings) -> datetime | None:
    """Return until when an office is open that is open now; None where it is not, or for ever."""
    hours = office.open_between(transaction.today)
    if office.demo or hours is None or not is_open(transaction, office):
        return None
    usual = datetime.combine(transaction.today, time(), OFFICE_ZONE) + hours[1]
    ends: list[datetime] = [row.starts_at for row in coming(transaction, office.code)]
    return min([usual, *ends])


def next_open(transaction: Transaction, office: OfficeSettings) -> datetime | None:
    """Return since when an office is open, or when it opens next; None where it never does."""
    shut = [(row.starts_at, row.ends_at) for row in coming(transaction, office.code)]
    for n in range(_DAYS_SEARCHED):
        day = transaction.today + timedelta(days=n)
        hours = office.open_between(day)
        if hours is None:
            continue
        midnight = datetime.combine(day, time(), OFFICE_ZONE)
        opens, closes = midnight + hours[0], midnight + hours[1]
        for begins, ends in shut:
            # Closures come in order, so one that begins where another ends moves on once more.
            if begins <= max(opens, transaction.now) < ends:
                opens = ends
        if max(opens, transaction.now) < closes:
            return opens
    return None


def _between(
    transaction: Transaction, office: OfficeSettings, request: ClosureRequest
) -> tuple[datetime, datetime]:
    if request.day > transaction.today + _FURTHEST:
        raise Refusal(422, "bad_request", "day is too far ahead")
    if request.day < transaction.today:
        raise Refusal(409, "already_over")
    midnight = datetime.combine(request.day, time(), OFFICE_ZONE)
    from_ = time() if request.from_time is None else request.from_time
    starts_at = datetime.combine(request.day, from_, OFFICE_ZONE)
    ends_at = midnight + timedelta(days=1)
    if request.to_time is not None:
        ends_at = datetime.combine(request.day, request.to_time, OFFICE_ZONE)
    if starts_at >= ends_at:
        raise Refusal(422, "bad_request", "from_time must be before to_time")
    if ends_at <= transaction.now:
        raise Refusal(409, "already_over")
    if office.open_between(request.day) is None:
        raise Refusal(409, "closed_anyway")
    return starts_at, ends_at


def _carry(
    transaction: Transaction, office: OfficeSettings, starts_at: datetime, ends_at: datetime
) -> int:
    """Carry the bookings of this time over; return how many."""
    due = bookings.c.starts_at
    told = bookings.c.suggested_at
    rows = transaction.connection.execute(
        select(bookings.c.booking_id, due, bookings.c.day, bookings.c.carried_from)
        .where(
            bookings.c.office == office.code,
            bookings.c.live_person.is_not(None),
            bookings.c.case_id.is_(None),
            or_(
                and_(bookings.c.carried_from.is_(None), due >= starts_at, due < ends_at),
                # Who was told an hour of another closure's days is told a new one. A suggested
                # hour counts as a whole, so one that begins before this closure counts too.
                and_(told > starts_at - _HOUR, told < ends_at),
            ),
        )
        .order_by(due, bookings.c.booking_id)
    ).all()
    hours = _Hours(transaction, office, office_day(starts_at))
    for row in rows:
        suggested_at = hours.nearest(row.starts_at)
        transaction.connection.execute(
            update(bookings)
            .where(bookings.c.booking_id == row.booking_id)
            .values(carried_from=row.carried_from or row.day, suggested_at=suggested_at)
        )
        transaction.record(
            "appointment_carried",
            row.booking_id,
            "backend",
            what=AppointmentCarried(suggested_at=suggested_at),
        )
        occasion = (suggested_at or row.starts_at).isoformat()
        notices.tell(transaction, row.booking_id, NoticeStage.CARRIED_OVER, occasion)
    return len(rows)


class _Hours:
    """The hours after a closure that can be suggested, and how many people each has already."""

    def __init__(self, transaction: Transaction, office: OfficeSettings, closed: date) -> None:
        self._office = office
        self._closed = closed
        self._shut = [(row.starts_at, row.ends_at) for row in coming(transaction, office.code)]
        rows = transaction.connection.execute(
            select(bookings.c.suggested_at, func.count())
            .where(
                bookings.c.office == office.code,
                bookings.c.suggested_at > transaction.now,
                bookings.c.live_person.is_not(None),
            )
            .group_by(bookings.c.suggested_at)
        )
        self._told: Counter[datetime] = Counter()
        for moment, count in rows:
            self._told[moment] = int(count)

    def nearest(self, due: datetime) -> datetime | None:
        """Take the hour nearest to the booked one, on the first day with room; None if none has."""
        wanted = due.astimezone(OFFICE_ZONE).hour
        for hours in self._days():
            free = [hour for hour in hours if self._told[hour] < self._office.carried_per_hour]
            if free:
                best = min(free, key=lambda hour: (abs(hour.hour - wanted), hour))
                self._told[best] += 1
                return best
        return None

    def _days(self) -> Iterator[list[datetime]]:
        for n in range(1, _DAYS_SEARCHED):
            day = self._closed + timedelta(days=n)
            yield [hour for hour in self._hours_of(day) if not self._is_shut(hour)]

    def _hours_of(self, day: date) -> list[datetime]:
        times = slot_plan.slot_times(self._office, day)
        return sorted({max(moment.replace(minute=0), times[0]) for moment in times})

    def _is_shut(self, hour: datetime) -> bool:
        return any(begin < hour + _HOUR and hour < end for begin, end in self._shut)
