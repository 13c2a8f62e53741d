"""Changing and cancelling a booking: the new slot is taken before the old one is given up."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from backend.commands import notices, slots
from backend.commands.bookings import WEB, end, placed
from backend.commands.effects import AppointmentChanged
from backend.commands.holds import Choice, release_expired
from backend.schema.tables import bookings
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from backend.working_days import add_working_days
from common.domain.notice import NoticeStage


def change(
    transaction: Transaction,
    office: OfficeSettings,
    booking: Row[Any],
    choice: Choice,
    *,
    in_person: bool = False,
) -> bool:
    """Move a booking to another slot, and with it the companions of who booked for a group.

    A companion who takes another slot leaves the group. office is the one of the booking as it
    stands: its rule decides, except for who stands in an office in_person: it is never too late to
    be helped. choice names as many people as `party` returns.

    Returns:
        False where the new slot has no room; the booking then stands as before.

    Raises:
        Refusal: It is too late to change.
    """
    if not in_person:
        _check(transaction, office, booking)
    members = party(transaction, booking)
    if all(_is_at(one, choice) for one in members):
        return True
    release_expired(transaction)
    places = slots.hold(transaction, choice.office, choice.starts_at, len(members))
    if places is None:
        return False
    slots.book_held(transaction, choice.office.code, choice.starts_at, places)
    taken = [quota for quota, count in places.items() for _ in range(count)]
    for one, quota in zip(members, taken, strict=True):
        slots.give_back(transaction, one.office, one.starts_at, one.quota)
        transaction.connection.execute(
            update(bookings)
            .where(bookings.c.booking_id == one.booking_id)
            .values(
                **placed(choice),
                quota=quota,
                group_id=booking.group_id if _books_for_group(booking) else None,
                carried_from=None,
                suggested_at=None,
            )
        )
        changed = AppointmentChanged(office=choice.office.code, starts_at=choice.starts_at)
        transaction.record("appointment_changed", one.booking_id, WEB, what=changed)
        occasion = choice.starts_at.isoformat()
        notices.tell(transaction, one.booking_id, NoticeStage.CHANGED, occasion)
    return True


def cancel(transaction: Transaction, office: OfficeSettings, booking: Row[Any]) -> None:
    """Give the place back, and those of the companions of who booked for a group.

    What the people told us is erased.

    Raises:
        Refusal: It is too late to cancel.
    """
    _check(transaction, office, booking)
    for one in party(transaction, booking):
        slots.give_back(transaction, one.office, one.starts_at, one.quota)
        transaction.record("appointment_cancelled", one.booking_id, WEB)
        notices.tell(transaction, one.booking_id, NoticeStage.CANCELLED)
        end(transaction, one.booking_id)


def may_change(transaction: Transaction, office: OfficeSettings, booking: Row[Any]) -> bool:
    """Tell whether a booking can still be changed or cancelled.

    After a closure it always can: the person did not choose the new day.
    """
    if booking.live_person is None or booking.case_id is not None:
        return False
    if office.demo or booking.carried_from is not None:
        return True
    earliest = add_working_days(transaction.today, office.change_working_days, office.calendar)
    return bool(booking.day >= earliest.isoformat())


def party(transaction: Transaction, booking: Row[Any]) -> Sequence[Row[Any]]:
    """Return whom a change of this booking moves: its person first, then the companions."""
    if not _books_for_group(booking):
        return [booking]
    rows = transaction.connection.execute(
        select(bookings)
        .where(
            bookings.c.group_id == booking.group_id,
            bookings.c.booking_id != booking.booking_id,
            bookings.c.live_person.is_not(None),
            bookings.c.case_id.is_(None),
        )
        .order_by(bookings.c.booking_id)
    )
    return [booking, *rows]


def _books_for_group(booking: Row[Any]) -> bool:
    return bool(booking.group_id == booking.booking_id)


def _is_at(booking: Row[Any], choice: Choice) -> bool:
    return (
        booking.office == choice.office.code
        and booking.starts_at == choice.starts_at
        and booking.carried_from is None
    )


def _check(transaction: Transaction, office: OfficeSettings, booking: Row[Any]) -> None:
    if not may_change(transaction, office, booking):
        raise Refusal(409, "not_cancellable")
