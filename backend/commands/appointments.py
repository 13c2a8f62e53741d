"""How a person's coming lies to the appointment, and what can be had instead of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, update

from backend.commands import bookings, slots
from backend.commands.effects import AppointmentChanged
from backend.commands.line import rules_of
from backend.schema.tables import bookings as booking_rows
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from common.domain.queue import Arrival
from common.wire.shapes import OfficePlace, SlotTime, TagAnswer

MOST_OFFERS = 5
EARLY = timedelta(minutes=15)
"""Who comes sooner than this before the slot is told when to be back."""
BACK_BEFORE = timedelta(minutes=10)


def arrival(transaction: Transaction, here: OfficeSettings, booking: Row[Any]) -> dict[str, Any]:
    """Return what a TagAnswer says of an appointment that is good here today."""
    starts_at, now = booking.starts_at, transaction.now
    late = timedelta(minutes=rules_of(transaction, here.code).late_minutes)
    if booking.carried_from is not None and booking.day < transaction.today.isoformat():
        return {"arrival": Arrival.CARRIED, "slot": starts_at}
    if now < starts_at - EARLY:
        back_at = starts_at - BACK_BEFORE
        return {"arrival": Arrival.EARLY, "slot": starts_at, "be_back_at": back_at}
    # A slot is a span of time: who comes within it is on time.
    if now < starts_at + timedelta(minutes=here.slot_minutes):
        return {"arrival": Arrival.ON_TIME, "slot": starts_at}
    return {
        "arrival": Arrival.LATE if now <= starts_at + late else Arrival.TOO_LATE,
        "slot": starts_at,
    }


def is_full(transaction: Transaction, here: OfficeSettings) -> bool:
    """Tell whether today's places for walk-ins are gone. A demo office turns nobody away."""
    return not here.demo and slots.walk_ins_left(transaction, here.code) == 0


def instead(
    transaction: Transaction,
    here: OfficeSettings,
    elsewhere: Row[Any] | None,
    offices: Sequence[OfficeSettings],
) -> TagAnswer:
    """Say what can be had here without an appointment of today: a slot, or a place for walk-ins."""
    offers = free_slots(transaction, here)
    walk_in = not is_full(transaction, here)
    if elsewhere is None:
        return TagAnswer(outcome="choose", reason="no_places", walk_in=walk_in, offers=offers)
    is_today = elsewhere.day == transaction.today.isoformat()
    return TagAnswer(
        outcome="choose",
        reason="other_office" if is_today else "other_day",
        slot=elsewhere.starts_at,
        place=place_of(elsewhere.office, offices),
        walk_in=walk_in,
        offers=offers,
    )


def free_slots(transaction: Transaction, here: OfficeSettings) -> tuple[SlotTime, ...]:
    """Return the next slots of an office that can be booked."""
    found = slots.next_free(transaction, here, most=MOST_OFFERS)
    return tuple(SlotTime(office=one.office, starts_at=one.starts_at) for one in found)


def place_of(code: str, offices: Sequence[OfficeSettings]) -> OfficePlace | None:
    """Return where an office is."""
    found = next((one for one in offices if one.code == code), None)
    if found is None:
        return None
    return OfficePlace(code=code, name=found.name, address=found.address)


def let_go(transaction: Transaction, booking: Row[Any], office: str) -> None:
    """Give up an appointment whose person is served at this office today instead."""
    slots.give_back(transaction, booking.office, booking.starts_at, booking.quota)
    transaction.connection.execute(
        update(booking_rows)
        .where(booking_rows.c.booking_id == booking.booking_id)
        .values(live_person=None)
    )
    changed = AppointmentChanged(office=office, starts_at=transaction.now)
    transaction.record("appointment_changed", booking.booking_id, bookings.WEB, what=changed)
