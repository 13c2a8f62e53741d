"""Appointments: one live booking per person, and the form at home."""

import base64
import binascii
import hashlib
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, bindparam, insert, or_, select, update

from backend.commands import contacts
from backend.commands.cases import open_particulars, seal_particulars
from backend.commands.effects import AppointmentBooked, FormPrefilled
from backend.commands.enquiry import Kept
from backend.commands.holds import Choice
from backend.commands.identity import Identity, open_identity, seal_identity
from backend.commands.slot_plan import Quota
from backend.schema.tables import bookings
from backend.tokens import Purpose, make_token
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE
from common.wire.shapes import Particulars

WEB = "web"

_KEPT = timedelta(days=30)
_CARRIED_KEPT = timedelta(days=90)
_ERASED_AT_ONCE = 200

# Built once: these run for every booking, and building costs more than running.
_of_person: ColumnElement[bool] = bookings.c.live_person == bindparam("of_person")
_LIVE = select(bookings).where(_of_person)
_END_LIVE = update(bookings).where(_of_person).values(live_person=None)
_NEW = insert(bookings)


class Reason(StrEnum):
    """Why a person books: it decides what is surrendered when the new card is collected."""

    REPLACE = "replace"
    ROP = "rop"


def add_booking(
    transaction: Transaction,
    booking_id: str,
    choice: Choice,
    quota: Quota,
    reason: Reason,
    who: Identity,
    code: bytes,
) -> None:
    """Write a booking whose place is taken already. code is `code_hash` for this booking_id."""
    person = who.person(transaction)
    _end_past(transaction, person)
    new = {
        "booking_id": booking_id,
        "reference_hash": reference_hash(reference(transaction, booking_id)),
        **placed(choice),
        "quota": quota,
        "reason": reason,
        "person": person,
        "live_person": person,
        "identity": seal_identity(transaction, booking_id, who),
        "code": code,
        "form": seal_particulars(transaction, booking_id, Particulars()),
        "made_at": transaction.now,
    }
    transaction.connection.execute(_NEW, new)
    booked = AppointmentBooked(starts_at=choice.starts_at, reason=reason)
    transaction.record("appointment_booked", booking_id, WEB, what=booked)


def placed(choice: Choice) -> dict[str, Any]:
    """Return the columns that say where and when."""
    return {
        "office": choice.office.code,
        "day": choice.starts_at.astimezone(OFFICE_ZONE).date().isoformat(),
        "starts_at": choice.starts_at,
    }


def forget_old(transaction: Transaction) -> None:
    """Erase bookings that led to no visit, a month after their day; carried ones later."""
    today = transaction.today
    old = or_(
        and_(bookings.c.carried_from.is_(None), bookings.c.day < (today - _KEPT).isoformat()),
        bookings.c.day < (today - _CARRIED_KEPT).isoformat(),
    )
    rows = transaction.connection.execute(
        select(bookings.c.booking_id)
        .where(old, bookings.c.case_id.is_(None), bookings.c.person != "")
        .limit(_ERASED_AT_ONCE)
    ).scalars()
    for booking_id in rows.all():
        end(transaction, booking_id)


def end(transaction: Transaction, booking_id: str) -> None:
    """End a booking and erase what the person told us."""
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.booking_id == booking_id)
        .values(live_person=None, person="")
    )
    transaction.erase(booking_id)


def by_reference(transaction: Transaction, text: str) -> Row[Any]:
    """Return the live booking that a letter's address names.

    Raises:
        Refusal: There is none, or it is over.
    """
    row = transaction.connection.execute(
        select(bookings).where(bookings.c.reference_hash == reference_hash(text))
    ).one_or_none()
    if row is None or row.live_person is None:
        raise Refusal(404, "not_found")
    return row


def by_id(transaction: Transaction, booking_id: str) -> Row[Any] | None:
    """Return a booking."""
    return transaction.connection.execute(
        select(bookings).where(bookings.c.booking_id == booking_id)
    ).one_or_none()


def of_today(transaction: Transaction, office: str, person: str) -> Row[Any] | None:
    """Return the person's live booking that is good at this office today."""
    today = transaction.today.isoformat()
    return transaction.connection.execute(
        select(bookings).where(
            bookings.c.live_person == person,
            bookings.c.office == office,
            or_(
                bookings.c.day == today,
                and_(bookings.c.carried_from.is_not(None), bookings.c.day < today),
            ),
        )
    ).one_or_none()


def letter_is_good(booking: Row[Any], letter_day: date | None, today: date) -> bool:
    """Tell whether a letter printed for letter_day is good today.

    After a closure the same letter is good on any later day; after a change the old one is not.
    """
    day = date.fromisoformat(booking.day)
    return letter_day == day and (
        today == day or (booking.carried_from is not None and today > day)
    )


def used_for(transaction: Transaction, booking: Row[Any], case_id: str) -> None:
    """Note which case a booking led to."""
    transaction.connection.execute(
        update(bookings).where(bookings.c.booking_id == booking.booking_id).values(case_id=case_id)
    )
    contacts.carry_over(transaction, booking.booking_id, case_id)


def form_of(transaction: Transaction, booking: Row[Any]) -> Particulars:
    """Return the form as far as it is filled in."""
    return open_particulars(transaction, booking.booking_id, booking.form)


def year_of_birth(transaction: Transaction, booking: Row[Any]) -> int | None:
    """Return the year that the person gave when booking."""
    return open_identity(transaction, booking.booking_id, booking.identity).year_of_birth


def save_form(
    transaction: Transaction, booking: Row[Any], particulars: Particulars, *, is_finished: bool
) -> None:
    """Keep a form. Once the person has a tag, the case holds the form.

    A form still being typed is kept and not recorded: the ledger would keep each slip of the pen.
    """
    if booking.case_id is not None:
        raise Refusal(409, "already_used")
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.booking_id == booking.booking_id)
        .values(form=seal_particulars(transaction, booking.booking_id, particulars))
    )
    if is_finished:
        filled = FormPrefilled(particulars=particulars, complete=not particulars.missing())
        transaction.record("form_prefilled", booking.booking_id, WEB, what=filled)


def letter_token(transaction: Transaction, booking: Row[Any]) -> str:
    """Make the token in the letter's QR code."""
    return make_token(
        transaction.keys.tokens,
        Purpose.LETTER,
        booking.office,
        UUID(booking.booking_id),
        date.fromisoformat(booking.day),
    )


def reference(transaction: Transaction, booking_id: str) -> str:
    """Return the text in the address of a booking's pages; only the hash of it is kept."""
    return base64.urlsafe_b64encode(transaction.keys.reference(booking_id)).rstrip(b"=").decode()


def kept_code(booking: Row[Any] | None) -> Kept | None:
    """Return what `opens` compares a booking's details with."""
    return None if booking is None else Kept(booking.booking_id, booking.code)


def live_booking(transaction: Transaction, person: str) -> Row[Any] | None:
    """Return the person's booking that stands."""
    found = transaction.connection.execute(_LIVE, {"of_person": person}).one_or_none()
    if found is None or found.day >= transaction.today.isoformat() or found.carried_from:
        return found
    return None


def _end_past(transaction: Transaction, person: str) -> None:
    # Whoever does not come on the day may book again.
    transaction.connection.execute(_END_LIVE, {"of_person": person})


def reference_hash(text: str) -> bytes:
    """Return what is kept of a reference."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    return hashlib.sha256(raw).digest()
