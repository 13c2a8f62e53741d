"""Appointments: one live booking per person, alone or in a group, and the form at home."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, insert, or_, select, update

from backend.commands import holds, slots
from backend.commands.cases import open_particulars, seal_particulars
from backend.commands.effects import AppointmentBooked, FormPrefilled
from backend.commands.enquiry import Kept, code_hash, opens
from backend.commands.holds import Choice
from backend.commands.identity import Identity, identity, open_identity, seal_identity
from backend.schema.tables import bookings
from backend.settings import BookingSettings
from backend.tokens import Purpose, make_token
from backend.transaction import Refusal, Transaction
from common.domain.clock import OFFICE_ZONE
from common.domain.identity_number import IdentityNumber
from common.wire.facts import new_id
from common.wire.shapes import Particulars

WEB = "web"

_KEPT = timedelta(days=30)
_CARRIED_KEPT = timedelta(days=90)
_ERASED_AT_ONCE = 200


class Reason(StrEnum):
    """Why a person books: it decides what is surrendered when the new card is collected."""

    REPLACE = "replace"
    ROP = "rop"


class Companion(StrEnum):
    """Why somebody comes along with the person who books."""

    CARER = "carer"
    AGED = "aged"
    DISABLED = "disabled"


MOST_COMPANIONS = {Companion.CARER: 1, Companion.AGED: 2, Companion.DISABLED: 2}
AGED_FROM = 65


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
    found = [_live(transaction, who.person(transaction)) for who in party]
    if any(found):
        if not opens(transaction, rules, _kept(found[0]), party[0], wish.enquiry_code):
            return None
        holds.release(transaction, token)
        return reference(transaction, str(found[0].booking_id)) if found[0] else None
    held = holds.hold(transaction, rules, source, wish.choice, token)
    if held is None:
        return None
    places = holds.claim(transaction, held)
    slots.book_held(transaction, wish.choice.office.code, wish.choice.starts_at, places)
    taken = [quota for quota, count in places.items() for _ in range(count)]
    return _insert_all(transaction, wish, party, taken)


def _insert_all(
    transaction: Transaction, wish: Wish, party: list[Identity], quotas: list[slots.Quota]
) -> str:
    ids = [str(new_id()) for _ in party]
    group = ids[0] if len(ids) > 1 else None
    for booking_id, who, visitor, quota in zip(ids, party, wish.visitors, quotas, strict=True):
        text = reference(transaction, booking_id)
        person = who.person(transaction)
        _end_past(transaction, person)
        companion = None
        if visitor.companion is not None:
            companion = transaction.seal(booking_id, visitor.companion.encode(), "companion")
        transaction.connection.execute(
            insert(bookings).values(
                booking_id=booking_id,
                reference_hash=_reference_hash(text),
                **placed(wish.choice),
                quota=quota,
                reason=wish.reason,
                person=person,
                live_person=person,
                group_id=group,
                companion=companion,
                identity=seal_identity(transaction, booking_id, who),
                code=code_hash(transaction, booking_id, who, wish.enquiry_code),
                form=seal_particulars(transaction, booking_id, Particulars()),
                made_at=transaction.now,
            )
        )
        booked = AppointmentBooked(starts_at=wish.choice.starts_at, reason=wish.reason)
        transaction.record("appointment_booked", booking_id, WEB, what=booked)
    return reference(transaction, ids[0])


def placed(choice: Choice) -> dict[str, Any]:
    """Return the columns that say where and when."""
    return {
        "office": choice.office.code,
        "day": choice.starts_at.astimezone(OFFICE_ZONE).date().isoformat(),
        "starts_at": choice.starts_at,
    }


def find(
    transaction: Transaction,
    rules: BookingSettings,
    number: IdentityNumber,
    year_of_birth: int,
    enquiry_code: str,
) -> str | None:
    """Return the reference of a person's live booking, or None where the details do not agree.

    A None must be committed: the try is counted.
    """
    who = identity(number, year_of_birth)
    existing = _live(transaction, who.person(transaction))
    if not opens(transaction, rules, _kept(existing), who, enquiry_code) or existing is None:
        return None
    return reference(transaction, existing.booking_id)


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


def form_of(transaction: Transaction, booking: Row[Any]) -> Particulars:
    """Return the form as far as it is filled in."""
    return open_particulars(transaction, booking.booking_id, booking.form)


def year_of_birth(transaction: Transaction, booking: Row[Any]) -> int | None:
    """Return the year that the person gave when booking."""
    return open_identity(transaction, booking.booking_id, booking.identity).year_of_birth


def companion_of(transaction: Transaction, booking: Row[Any]) -> Companion | None:
    """Return why this person comes along, or None for who booked."""
    if booking.companion is None:
        return None
    plain = transaction.unseal(booking.booking_id, booking.companion, "companion")
    return Companion(plain.decode())


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


def _kept(booking: Row[Any] | None) -> Kept | None:
    return None if booking is None else Kept(booking.booking_id, booking.code)


def _live(transaction: Transaction, person: str) -> Row[Any] | None:
    found = transaction.connection.execute(
        select(bookings).where(bookings.c.live_person == person)
    ).one_or_none()
    if found is None or found.day >= transaction.today.isoformat() or found.carried_from:
        return found
    return None


def _end_past(transaction: Transaction, person: str) -> None:
    # Whoever does not come on the day may book again.
    transaction.connection.execute(
        update(bookings).where(bookings.c.live_person == person).values(live_person=None)
    )


def _reference_hash(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    return hashlib.sha256(raw).digest()
