"""Slots: how many places are left, and how a place is taken.

A place goes from free to held to booked, and back to free. The condition and the change are one
statement, and the database forbids more than the capacity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Integer, Subquery, bindparam, func, select, update

from backend.commands.slot_plan import Quota, bookable_days
from backend.schema.tables import slots, tags
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE, office_day

LARGEST_GROUP = 5


Places = Mapping[Quota, int]
"""How many places of each quota."""

_slot: ColumnElement[bool] = (slots.c.office == bindparam("of_office")) & (
    slots.c.starts_at == bindparam("of_start")
)
_held = slots.c.held + bindparam("more_held", type_=Integer)
_booked = slots.c.booked + bindparam("more_booked", type_=Integer)
# Built once: these run for every booking, and building costs more than running.
_OPEN_PLACES = select(slots.c.quota, slots.c.capacity - slots.c.booked - slots.c.held).where(
    _slot, slots.c.closed == 0
)
_MOVE = (
    update(slots)
    .where(
        _slot,
        slots.c.quota == bindparam("of_quota"),
        _held >= 0,
        _booked >= 0,
        _held + _booked <= slots.c.capacity,
    )
    .values(held=_held, booked=_booked)
)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can still be booked."""

    office: str
    starts_at: datetime
    places: int


def free_by_day(
    transaction: Transaction, office: OfficeSettings, people: int = 1
) -> dict[date, int]:
    """Return every bookable day with its free places; a full or closed day has 0.

    For a group only slots with room for all of it count, with one place for each group.
    """
    free = _free(transaction, office, people)
    rows = transaction.connection.execute(
        select(free.c.day, func.sum(free.c.places)).group_by(free.c.day)
    )
    found = {day: int(places) // people for day, places in rows}
    days = bookable_days(office, transaction.today)
    return {day: found.get(day.isoformat(), 0) for day in days}


def free_on(
    transaction: Transaction, office: OfficeSettings, day: date, people: int = 1
) -> tuple[FreeSlot, ...]:
    """Return the free slots of one bookable day, earliest first."""
    if day not in bookable_days(office, transaction.today):
        return ()
    free = _free(transaction, office, people)
    rows = transaction.connection.execute(
        select(free).where(free.c.day == day.isoformat()).order_by(free.c.starts_at)
    )
    return tuple(FreeSlot(office.code, row.starts_at, row.places // people) for row in rows)


def next_free(
    transaction: Transaction,
    office: OfficeSettings,
    people: int = 1,
    most: int = 3,
    earliest: date = date.min,
) -> tuple[FreeSlot, ...]:
    """Return the first free slots of an office, from a day on."""
    found: list[FreeSlot] = []
    for day, places in free_by_day(transaction, office, people).items():
        if places and day >= earliest:
            found += free_on(transaction, office, day, people)
        if len(found) >= most:
            break
    return tuple(found[:most])


def walk_ins_left(transaction: Transaction, office: str) -> int:
    """Return how many people without an appointment today's plan still has room for."""
    today = transaction.today.isoformat()
    planned = transaction.connection.execute(
        select(func.sum(slots.c.capacity)).where(
            slots.c.office == office,
            slots.c.day == today,
            slots.c.quota == Quota.WALK_IN,
            slots.c.closed == 0,
        )
    ).scalar_one()
    came = transaction.connection.execute(
        select(func.count())
        .select_from(tags)
        .where(tags.c.office == office, tags.c.day == today, tags.c.walked_in == 1)
    ).scalar_one()
    return max(0, int(planned or 0) - int(came))


def hold(
    transaction: Transaction, office: OfficeSettings, starts_at: datetime, people: int = 1
) -> dict[Quota, int] | None:
    """Hold places for so many people, or none: a group's come from its own quota first."""
    if not _can_begin(transaction, office, starts_at):
        return None
    rows = transaction.connection.execute(
        _OPEN_PLACES, {"of_office": office.code, "of_start": starts_at}
    )
    free = {Quota(quota): int(places) for quota, places in rows}
    places: dict[Quota, int] = {}
    for quota in _quotas_for(people):
        places[quota] = min(free.get(quota, 0), people - sum(places.values()))
    if sum(places.values()) < people:
        return None
    _move(transaction, office.code, starts_at, places, held=1)
    return places


def let_go(transaction: Transaction, office: str, starts_at: datetime, places: Places) -> None:
    """Give held places back."""
    _move(transaction, office, starts_at, places, held=-1)


def book_held(transaction: Transaction, office: str, starts_at: datetime, places: Places) -> None:
    """Turn held places into booked ones."""
    _move(transaction, office, starts_at, places, held=-1, booked=1)


def give_back(transaction: Transaction, office: str, starts_at: datetime, quota: str) -> None:
    """Give one booked place back."""
    _move(transaction, office, starts_at, {Quota(quota): 1}, booked=-1)


def slot_from_text(text: str) -> datetime:
    """Read a slot as the form sends it: the office's local time, 2026-11-23T09:15.

    Raises:
        ValueError: It is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError("a slot is written in the office's own time")
    return moment.replace(tzinfo=OFFICE_ZONE)


def slot_text(moment: datetime) -> str:
    """Write a slot as `slot_from_text` reads it."""
    return moment.astimezone(OFFICE_ZONE).strftime("%Y-%m-%dT%H:%M")


def _quotas_for(people: int) -> tuple[Quota, ...]:
    return (Quota.APPOINTMENT,) if people == 1 else (Quota.GROUP, Quota.APPOINTMENT)


def _free(transaction: Transaction, office: OfficeSettings, people: int) -> Subquery:
    """Slots with room for so many people: day, starts_at, places (a multiple of people)."""
    places = func.sum(slots.c.capacity - slots.c.booked - slots.c.held)
    return (
        select(slots.c.day, slots.c.starts_at, (places - places % people).label("places"))
        .where(
            slots.c.office == office.code,
            slots.c.day >= transaction.today.isoformat(),
            slots.c.starts_at > _earliest(transaction, office),
            slots.c.quota.in_(_quotas_for(people)),
            slots.c.closed == 0,
        )
        .group_by(slots.c.day, slots.c.starts_at)
        .having(places >= people)
        .subquery()
    )


def _earliest(transaction: Transaction, office: OfficeSettings) -> datetime:
    # The slot that runs just now still counts in a demo, so that there is one at any hour.
    return transaction.now - timedelta(minutes=office.slot_minutes if office.demo else 0)


def _can_begin(transaction: Transaction, office: OfficeSettings, starts_at: datetime) -> bool:
    try:
        day = office_day(starts_at)
    except OverflowError:
        return False
    return starts_at > _earliest(transaction, office) and day in bookable_days(
        office, transaction.today
    )


def _move(
    transaction: Transaction,
    office: str,
    starts_at: datetime,
    places: Places,
    held: int = 0,
    booked: int = 0,
) -> None:
    for quota, count in places.items():
        if not count:
            continue
        done = transaction.connection.execute(
            _MOVE,
            {
                "of_office": office,
                "of_start": starts_at,
                "of_quota": quota,
                "more_held": held * count,
                "more_booked": booked * count,
            },
        )
        if done.rowcount != 1:
            raise Refusal(409, "not_booked", "the places are not there")
