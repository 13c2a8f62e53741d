"""Holds: places kept while a person fills in the booking, so that nobody loses a race by typing.

A hold ends by itself. It is counted in its slot like a booking, so it can never overbook one.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Row,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from backend.commands import slots
from backend.commands.slot_plan import Quota
from backend.commands.slots import Places
from backend.schema.base import Moment, upsert
from backend.schema.booking_tables import hold_sources, slot_holds
from backend.settings import BookingSettings, OfficeSettings
from backend.transaction import Refusal, Transaction

_KEPT = timedelta(days=1)
_is_live: ColumnElement[bool] = slot_holds.c.appointment_places + slot_holds.c.group_places > 0

_expired: ColumnElement[bool] = (
    slot_holds.c.expires_at <= bindparam("now", type_=Moment)
) & _is_live


def _one_more(dialect: str) -> Executable:
    write = upsert(dialect, hold_sources)
    same_day = hold_sources.c.day == write.excluded.day
    statement: Executable = write.on_conflict_do_update(
        index_elements=[hold_sources.c.source],
        set_={
            "made": case((same_day, hold_sources.c.made + 1), else_=1),
            "day": write.excluded.day,
        },
    ).returning(hold_sources.c.made)
    return statement


# Built once: these run for every booking, and building costs more than running.
_ONE_MORE = {dialect: _one_more(dialect) for dialect in ("sqlite", "postgresql")}
_LIVE_OF = (
    select(func.count())
    .select_from(slot_holds)
    .where(
        slot_holds.c.source == bindparam("of_source"), slot_holds.c.expires_at > bindparam("after")
    )
)
_EXPIRED = select(slot_holds).where(_expired)
_ROW = select(slot_holds).where(slot_holds.c.token_hash == bindparam("hash"))
_EMPTY = (
    update(slot_holds)
    .where(slot_holds.c.token_hash == bindparam("hash"))
    .values(appointment_places=0, group_places=0, expires_at=bindparam("now"))
)
_NEW = insert(slot_holds)


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot that a person chose, for so many people who come together."""

    office: OfficeSettings
    starts_at: datetime
    people: int = 1


def hold(
    transaction: Transaction, rules: BookingSettings, source: str, choice: Choice, token: str = ""
) -> str | None:
    """Hold a slot and return the hold's token; with a token the earlier hold moves there.

    source is the keyed hash of the asker's address (`Keys.source`).

    Returns:
        The token, or None where the slot has no room; an earlier hold then stays where it is.

    Raises:
        Refusal: The source holds, or held today, as much as one source may.
    """
    release_expired(transaction)
    earlier = _row(transaction, token) if token else None
    if earlier is None:
        _count_source(transaction, rules, source)
    elif is_live(earlier) and _is_of(earlier, choice):
        _write(transaction, earlier, rules, choice, places_of(earlier))
        return token
    places = slots.hold(transaction, choice.office, choice.starts_at, choice.people)
    if places is None:
        return None
    if earlier is not None:
        _let_go(transaction, earlier)
        _write(transaction, earlier, rules, choice, places)
        return token
    token = secrets.token_urlsafe(16)
    new = {
        "token_hash": _token_hash(token),
        "source": source,
        "made_at": transaction.now,
        **_values(choice, places),
        "expires_at": transaction.now + timedelta(minutes=rules.hold_minutes),
    }
    transaction.connection.execute(_NEW, new)
    return token


def keep(
    transaction: Transaction, rules: BookingSettings, offices: Iterable[OfficeSettings], token: str
) -> Row[Any]:
    """Note a sign of life: the hold is prolonged, or taken anew where it had ended.

    Returns:
        The hold; `is_live` tells whether it still keeps its places.

    Raises:
        Refusal: There is no such hold, or it is long over.
    """
    release_expired(transaction)
    found = _row(transaction, token)
    office = None if found is None else next((o for o in offices if o.code == found.office), None)
    if found is None or office is None:
        raise Refusal(404, "not_found")
    choice = Choice(office, found.starts_at, found.people)
    places: Places | None = places_of(found)
    if not is_live(found):
        if transaction.now >= _longest(found, rules):
            return found
        places = slots.hold(transaction, office, found.starts_at, found.people)
    if places is None:
        return found
    _write(transaction, found, rules, choice, places)
    return _row(transaction, token) or found


def claim(transaction: Transaction, token: str) -> Places:
    """Use a live hold up and return its places; they are still counted as held."""
    found = _row(transaction, token)
    if found is None or not is_live(found):
        raise Refusal(404, "not_found")
    _empty(transaction, found)
    return places_of(found)


def release(transaction: Transaction, token: str) -> None:
    """End a hold that is not needed any more."""
    found = _row(transaction, token) if token else None
    if found is not None:
        _let_go(transaction, found)
        _empty(transaction, found)


def of_person(transaction: Transaction, token: str, person: str) -> None:
    """Note who types behind a hold; a person has one hold, so an earlier one ends."""
    others = transaction.connection.execute(
        select(slot_holds).where(
            slot_holds.c.person == person,
            slot_holds.c.token_hash != _token_hash(token),
            _is_live,
        )
    )
    for other in others.all():
        _let_go(transaction, other)
        _empty(transaction, other)
    transaction.connection.execute(
        update(slot_holds)
        .where(slot_holds.c.token_hash == _token_hash(token))
        .values(person=person)
    )


def release_expired(transaction: Transaction) -> None:
    """Free the places of holds that ended."""
    for found in transaction.connection.execute(_EXPIRED, {"now": transaction.now}).all():
        _let_go(transaction, found)
        _empty(transaction, found)


def forget_old(transaction: Transaction) -> None:
    """Forget the holds of yesterday, and who asked for them."""
    release_expired(transaction)
    transaction.connection.execute(
        delete(slot_holds).where(
            slot_holds.c.made_at < transaction.now - _KEPT,
            slot_holds.c.expires_at <= transaction.now,
        )
    )
    transaction.connection.execute(
        delete(hold_sources).where(hold_sources.c.day < transaction.today.isoformat())
    )


def any_expired(transaction: Transaction) -> bool:
    """Tell whether places wait to be freed; a page that shows free places asks first."""
    found = transaction.connection.execute(_EXPIRED.limit(1), {"now": transaction.now})
    return found.first() is not None


def release_slots(
    transaction: Transaction, office: str, starts_at: datetime, ends_at: datetime
) -> None:
    """End the holds of slots that an office closed."""
    rows = transaction.connection.execute(
        select(slot_holds).where(
            slot_holds.c.office == office,
            slot_holds.c.starts_at >= starts_at,
            slot_holds.c.starts_at < ends_at,
            _is_live,
        )
    )
    for found in rows.all():
        _let_go(transaction, found)
        _empty(transaction, found)


def places_of(found: Row[Any]) -> dict[Quota, int]:
    """Return the places that a hold keeps."""
    return {Quota.GROUP: found.group_places, Quota.APPOINTMENT: found.appointment_places}


def is_live(found: Row[Any]) -> bool:
    """Tell whether a hold keeps its places."""
    return any(places_of(found).values())


def _is_of(found: Row[Any], choice: Choice) -> bool:
    chosen = (choice.office.code, choice.starts_at, choice.people)
    return (found.office, found.starts_at, found.people) == chosen


def _count_source(transaction: Transaction, rules: BookingSettings, source: str) -> None:
    connection = transaction.connection
    made = connection.execute(
        _ONE_MORE[connection.dialect.name],
        {"source": source, "day": transaction.today.isoformat(), "made": 1},
    ).scalar_one()
    live = connection.execute(
        _LIVE_OF, {"of_source": source, "after": transaction.now}
    ).scalar_one()
    if made > rules.holds_per_source_day or live >= rules.holds_per_source:
        raise Refusal(429, "too_many_holds", "too many places from one address")


def _longest(found: Row[Any], rules: BookingSettings) -> datetime:
    made_at: datetime = found.made_at
    return made_at + timedelta(minutes=rules.hold_longest_minutes)


def _write(
    transaction: Transaction,
    found: Row[Any],
    rules: BookingSettings,
    choice: Choice,
    places: Places,
) -> None:
    until = transaction.now + timedelta(minutes=rules.hold_minutes)
    transaction.connection.execute(
        update(slot_holds)
        .where(slot_holds.c.token_hash == found.token_hash)
        .values(**_values(choice, places), expires_at=min(until, _longest(found, rules)))
    )


def _values(choice: Choice, places: Places) -> dict[str, Any]:
    return {
        "office": choice.office.code,
        "starts_at": choice.starts_at,
        "people": choice.people,
        "appointment_places": places.get(Quota.APPOINTMENT, 0),
        "group_places": places.get(Quota.GROUP, 0),
    }


def _let_go(transaction: Transaction, found: Row[Any]) -> None:
    slots.let_go(transaction, found.office, found.starts_at, places_of(found))


def _empty(transaction: Transaction, found: Row[Any]) -> None:
    transaction.connection.execute(_EMPTY, {"hash": found.token_hash, "now": transaction.now})


def _row(transaction: Transaction, token: str) -> Row[Any] | None:
    return transaction.connection.execute(_ROW, {"hash": _token_hash(token)}).one_or_none()


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
