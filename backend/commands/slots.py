"""Slots: when an office can be booked, and how many places are left."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select, update

from backend.schema.tables import slots
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from backend.working_days import is_working_day
from common.domain.clock import OFFICE_ZONE


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can still be booked."""

    starts_at: datetime
    places: int


def bookable_days(office: OfficeSettings, today: date) -> tuple[date, ...]:
    """Return the days that can be booked: working days from tomorrow, or any day in a demo."""
    if office.demo:
        return tuple(today + timedelta(days=n) for n in range(office.days_ahead))
    days: list[date] = []
    day = today
    while len(days) < office.days_ahead:
        day += timedelta(days=1)
        if is_working_day(day):
            days.append(day)
    return tuple(days)


def open_days(transaction: Transaction, office: OfficeSettings) -> None:
    """Make the slots of the bookable days that have none yet."""
    made = set(
        transaction.connection.execute(
            select(slots.c.day).where(slots.c.office == office.code).distinct()
        ).scalars()
    )
    rows = [
        {
            "office": office.code,
            "starts_at": starts_at,
            "day": day.isoformat(),
            "capacity": office.slot_capacity,
            "booked": 0,
        }
        for day in bookable_days(office, transaction.today)
        if day.isoformat() not in made
        for starts_at in _slot_times(office, day)
    ]
    if rows:
        transaction.connection.execute(insert(slots), rows)


def free_slots(
    transaction: Transaction, office: OfficeSettings
) -> dict[date, tuple[FreeSlot, ...]]:
    """Return every bookable day with its free slots; a full day has none."""
    found: dict[date, list[FreeSlot]] = {
        day: [] for day in bookable_days(office, transaction.today)
    }
    # The slot that runs just now still counts in a demo, so that there is one at any hour.
    earliest = transaction.now - timedelta(minutes=office.slot_minutes if office.demo else 0)
    rows = transaction.connection.execute(
        select(slots)
        .where(
            slots.c.office == office.code,
            slots.c.starts_at > earliest,
            slots.c.booked < slots.c.capacity,
        )
        .order_by(slots.c.starts_at)
    )
    for row in rows:
        day = date.fromisoformat(row.day)
        if day in found:
            found[day].append(FreeSlot(row.starts_at, row.capacity - row.booked))
    return {day: tuple(free) for day, free in found.items()}


def take(transaction: Transaction, office: str, starts_at: datetime) -> bool:
    """Take one place, if one is left. The condition and the change are one statement."""
    done = transaction.connection.execute(
        update(slots)
        .where(
            slots.c.office == office,
            slots.c.starts_at == starts_at,
            slots.c.booked < slots.c.capacity,
        )
        .values(booked=slots.c.booked + 1)
    )
    return done.rowcount == 1


def give_back(transaction: Transaction, office: str, starts_at: datetime) -> None:
    """Give one place back."""
    transaction.connection.execute(
        update(slots)
        .where(slots.c.office == office, slots.c.starts_at == starts_at, slots.c.booked > 0)
        .values(booked=slots.c.booked - 1)
    )


def slot_from_text(text: str) -> datetime:
    """Read a slot as the form sends it: the office's local time, 2026-11-23T09:15.

    Raises:
        ValueError: It is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError("a slot is written in the office's own time")
    return moment.replace(tzinfo=OFFICE_ZONE)


def _slot_times(office: OfficeSettings, day: date) -> list[datetime]:
    start = datetime.combine(day, time(), OFFICE_ZONE)
    first, last = (0, 24 * 60) if office.demo else (_minutes(office.opens), _minutes(office.closes))
    return [start + timedelta(minutes=m) for m in range(first, last, office.slot_minutes)]


def _minutes(clock_time: time) -> int:
    return clock_time.hour * 60 + clock_time.minute
