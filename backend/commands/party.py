"""Booking a slot, for one person or for a party that comes together."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update

from backend.commands import holds, slots
from backend.commands.bookings import Reason, add_booking, kept_code, live_booking, reference
from backend.commands.enquiry import code_hash, opens
from backend.commands.holds import Choice
from backend.commands.identity import Identity, identity
from backend.commands.slot_plan import Quota
from backend.schema.tables import bookings
from backend.settings import BookingSettings
from backend.transaction import Transaction
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Companion
from common.wire.facts import new_id


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person of a booking; companion is None for who books."""

    number: IdentityNumber
    year_of_birth: int
    companion: Companion | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for when booking: a slot for so many people, who books first."""

    choice: Choice
    visitors: tuple[Visitor, ...]
    enquiry_code: str
    reason: Reason


def book(
    transaction: Transaction, rules: BookingSettings, source: str, wish: Wish, token: str = ""
) -> str | None:
    """Book what a hold keeps, or the slot itself, and return the booking's reference.

    Who repeats a booking with the same number, year and code gets the same reference.

    Returns:
        None where the slot is full, or a person has a booking that these details do not open. Both
        sound the same, so that nobody learns who has a booking. The try is counted, so the
        transaction must stand.

    Raises:
        Refusal: The source takes too much.
    """
    party = [identity(one.number, one.year_of_birth) for one in wish.visitors]
    found = [live_booking(transaction, who.person(transaction)) for who in party]
    if any(found):
        if not opens(transaction, rules, kept_code(found[0]), party[0], wish.enquiry_code):
            return None
        holds.release(transaction, token)
        return reference(transaction, str(found[0].booking_id)) if found[0] else None
    held = holds.hold(transaction, rules, source, wish.choice, token)
    if held is None:
        return None
    places = holds.claim(transaction, held)
    slots.book_held(transaction, wish.choice.office.code, wish.choice.starts_at, places)
    taken = [quota for quota, count in places.items() for _ in range(count)]
    return _add_party(transaction, wish, party, taken)


def _add_party(
    transaction: Transaction, wish: Wish, party: list[Identity], quotas: list[Quota]
) -> str:
    ids = [str(new_id()) for _ in party]
    group = ids[0] if len(ids) > 1 else None
    for booking_id, who, visitor, quota in zip(ids, party, wish.visitors, quotas, strict=True):
        code = code_hash(transaction, booking_id, who, wish.enquiry_code)
        add_booking(transaction, booking_id, wish.choice, quota, wish.reason, who, code)
        if visitor.companion is not None or group is not None:
            _join(transaction, booking_id, group, visitor.companion)
    return reference(transaction, ids[0])


def companion_of(transaction: Transaction, booking: Row[Any]) -> Companion | None:
    """Return why this person comes along, or None for who booked."""
    if booking.companion is None:
        return None
    plain = transaction.unseal(booking.booking_id, booking.companion, "companion")
    return Companion(plain.decode())


def _join(
    transaction: Transaction, booking_id: str, group: str | None, companion: Companion | None
) -> None:
    # That somebody comes as a person with a disability is nobody's business but the office's.
    sealed = (
        None if companion is None else transaction.seal(booking_id, companion.encode(), "companion")
    )
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.booking_id == booking_id)
        .values(group_id=group, companion=sealed)
    )
