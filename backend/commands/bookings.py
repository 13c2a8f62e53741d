"""Appointments: slots that are never overbooked, one live booking per person, the form at home."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from backend.commands import slots
from backend.commands.cases import open_particulars, seal_particulars
from backend.commands.effects import AppointmentBooked, FormPrefilled
from backend.commands.identity import Identity, identity, open_identity, seal_identity
from backend.schema.tables import bookings
from backend.settings import OfficeSettings
from backend.tokens import Purpose, make_token
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE
from common.domain.identity_number import IdentityNumber
from common.wire.facts import new_id
from common.wire.shapes import Particulars

WEB = "web"


class Reason(StrEnum):
    """Why a person books: it decides what is surrendered when the new card is collected."""

    REPLACE = "replace"
    ROP = "rop"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for when booking."""

    number: IdentityNumber
    year_of_birth: int
    enquiry_code: str
    reason: Reason
    starts_at: datetime


def book(transaction: Transaction, office: OfficeSettings, wish: Wish) -> str:
    """Book a slot and return the booking's reference.

    Who repeats a booking with the same number, year and code gets the same reference.

    Raises:
        Refusal: The slot is full, or the person has a booking that these details do not open. Both
            sound the same, so that nobody learns who has a booking.
    """
    who = identity(wish.number, wish.year_of_birth)
    person = who.person(transaction)
    _end_past(transaction, person)
    existing = _live(transaction, person)
    if existing is not None:
        if not _opens(transaction, existing, who, wish.enquiry_code):
            raise _not_booked()
        return reference(transaction, existing.booking_id)
    if wish.starts_at not in {
        slot.starts_at for free in slots.free_slots(transaction, office).values() for slot in free
    }:
        raise _not_booked()
    if not slots.take(transaction, office.code, wish.starts_at):
        raise _not_booked()
    return _insert(transaction, office, wish, who)


def _insert(transaction: Transaction, office: OfficeSettings, wish: Wish, who: Identity) -> str:
    booking_id = str(new_id())
    text = reference(transaction, booking_id)
    person = who.person(transaction)
    transaction.connection.execute(
        insert(bookings).values(
            booking_id=booking_id,
            reference_hash=_reference_hash(text),
            office=office.code,
            day=wish.starts_at.astimezone(OFFICE_ZONE).date().isoformat(),
            starts_at=wish.starts_at,
            reason=wish.reason,
            person=person,
            live_person=person,
            identity=seal_identity(transaction, booking_id, who),
            code=_code_hash(transaction, booking_id, wish.enquiry_code),
            form=seal_particulars(transaction, booking_id, Particulars()),
            made_at=transaction.now,
        )
    )
    booked = AppointmentBooked(starts_at=wish.starts_at, reason=wish.reason)
    transaction.record("appointment_booked", booking_id, WEB, what=booked)
    return text


def find(
    transaction: Transaction, number: IdentityNumber, year_of_birth: int, enquiry_code: str
) -> str | None:
    """Return the reference of a person's live booking, or None where the details do not agree."""
    who = identity(number, year_of_birth)
    existing = _live(transaction, who.person(transaction))
    if existing is None or not _opens(transaction, existing, who, enquiry_code):
        return None
    return reference(transaction, existing.booking_id)


def cancel(transaction: Transaction, booking: Row[Any]) -> None:
    """Give the slot back; what the person told us is erased."""
    if booking.live_person is None or booking.case_id is not None:
        raise Refusal(409, "not_cancellable")
    slots.give_back(transaction, booking.office, booking.starts_at)
    transaction.record("appointment_cancelled", booking.booking_id, WEB)
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.booking_id == booking.booking_id)
        .values(live_person=None, person="")
    )
    transaction.erase(booking.booking_id)


def by_reference(transaction: Transaction, text: str) -> Row[Any]:
    """Return the live booking that a letter's address names.

    Raises:
        Refusal: There is none, or it is over.
    """
    row = transaction.connection.execute(
        select(bookings).where(bookings.c.reference_hash == _reference_hash(text))
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
    """Return the person's live booking at this office today."""
    return transaction.connection.execute(
        select(bookings).where(
            bookings.c.live_person == person,
            bookings.c.office == office,
            bookings.c.day == transaction.today.isoformat(),
        )
    ).one_or_none()


def used_for(transaction: Transaction, booking: Row[Any], case_id: str) -> None:
    """Note which case a booking led to."""
    transaction.connection.execute(
        update(bookings).where(bookings.c.booking_id == booking.booking_id).values(case_id=case_id)
    )


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


def _not_booked() -> Refusal:
    return Refusal(409, "not_booked")


def _end_past(transaction: Transaction, person: str) -> None:
    transaction.connection.execute(
        update(bookings)
        .where(bookings.c.live_person == person, bookings.c.day < transaction.today.isoformat())
        .values(live_person=None)
    )


def _live(transaction: Transaction, person: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(bookings).where(
            bookings.c.live_person == person, bookings.c.day >= transaction.today.isoformat()
        )
    ).one_or_none()


def _opens(transaction: Transaction, booking: Row[Any], who: Identity, code: str) -> bool:
    known = open_identity(transaction, booking.booking_id, booking.identity)
    right_code = code_fits(transaction, booking.booking_id, code, booking.code)
    return right_code and known.year_of_birth == who.year_of_birth


def code_fits(transaction: Transaction, booking_id: str, code: str, kept: bytes) -> bool:
    """Tell whether an enquiry code is the one of which this hash was kept."""
    return hmac.compare_digest(_code_hash(transaction, booking_id, code), kept)


def _code_hash(transaction: Transaction, booking_id: str, code: str) -> bytes:
    return hmac.digest(transaction.keys.people, f"{booking_id} {code}".encode(), "sha256")


def _reference_hash(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    return hashlib.sha256(raw).digest()
