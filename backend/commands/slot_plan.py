"""Which days and slots an office opens for booking, and how their places are shared out."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import insert, select, update

from backend.schema.booking_tables import closures
from backend.schema.tables import slots
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from common.domain.clock import OFFICE_ZONE


class Quota(StrEnum):
    """Whom a place is kept for."""

    APPOINTMENT = "appointment"
    GROUP = "group"
    WALK_IN = "walk_in"


def bookable_days(office: OfficeSettings, today: date) -> tuple[date, ...]:
    """Return the days that can be booked: open days from tomorrow, or any day in a demo."""
    if office.demo:
        return tuple(today + timedelta(days=n) for n in range(office.days_ahead))
    days: list[date] = []
    # An office that its settings never open must not keep the service looking for ever.
    for n in range(1, 7 * office.days_ahead + 60):
        day = today + timedelta(days=n)
        if office.open_between(day) is not None:
            days.append(day)
        if len(days) == office.days_ahead:
            break
    return tuple(days)


def open_days(transaction: Transaction, office: OfficeSettings) -> None:
    """Make the slots of the bookable days that have none yet; today's count its walk-ins."""
    made = set(
        transaction.connection.execute(
            select(slots.c.day).where(slots.c.office == office.code).distinct()
        ).scalars()
    )
    days = {transaction.today, *bookable_days(office, transaction.today)}
    shut = _closures(transaction, office.code)
    rows = [
        {
            "office": office.code,
            "starts_at": starts_at,
            "quota": quota,
            "day": day.isoformat(),
            "capacity": capacity,
            "booked": 0,
            "held": 0,
            "closed": int(any(begin <= starts_at < end for begin, end in shut)),
        }
        for day in sorted(days)
        if day.isoformat() not in made
        for starts_at in slot_times(office, day)
        for quota, capacity in quotas(office).items()
    ]
    if rows:
        transaction.connection.execute(insert(slots), rows)


def quotas(office: OfficeSettings) -> dict[Quota, int]:
    """Split a slot's capacity; what does not divide goes to appointments."""
    walk_in = office.slot_capacity * office.walk_in_percent // 100
    group = office.slot_capacity * office.group_percent // 100
    return {
        Quota.APPOINTMENT: office.slot_capacity - walk_in - group,
        Quota.GROUP: group,
        Quota.WALK_IN: walk_in,
    }


def slot_times(office: OfficeSettings, day: date) -> list[datetime]:
    """Return when the slots of a day begin."""
    hours = office.open_between(day)
    if hours is None:
        return []
    midnight = datetime.combine(day, time(), OFFICE_ZONE)
    length = timedelta(minutes=office.slot_minutes)
    count = -((hours[0] - hours[1]) // length)
    return [midnight + hours[0] + n * length for n in range(count)]


def close(transaction: Transaction, office: str, starts_at: datetime, ends_at: datetime) -> None:
    """Let nobody book the slots that begin in this time; what is booked stays counted."""
    transaction.connection.execute(
        update(slots)
        .where(
            slots.c.office == office, slots.c.starts_at >= starts_at, slots.c.starts_at < ends_at
        )
        .values(closed=1)
    )


def _closures(transaction: Transaction, office: str) -> list[tuple[datetime, datetime]]:
    rows = transaction.connection.execute(
        select(closures.c.starts_at, closures.c.ends_at).where(
            closures.c.office == office, closures.c.ends_at > transaction.now
        )
    )
    return [(starts_at, ends_at) for starts_at, ends_at in rows]
