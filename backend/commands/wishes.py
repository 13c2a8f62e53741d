"""The wait list: who finds no place leaves a wish, and a place that comes free is offered.

An offered place is held for its person for some hours, so that nobody must be quick. A wish that is
taken up becomes the booking of the same id: its code, its address and its data key stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from backend.commands import slots
from backend.commands.bookings import (
    Reason,
    add_booking,
    kept_code,
    live_booking,
    reference,
    reference_hash,
)
from backend.commands.effects import PlaceOffered
from backend.commands.enquiry import Kept, code_hash, opens
from backend.commands.holds import Choice
from backend.commands.identity import identity, open_identity, seal_identity
from backend.commands.party import Visitor
from backend.commands.slot_plan import Quota
from backend.schema.booking_tables import booking_offers, booking_wishes
from backend.settings import BookingSettings, OfficeSettings
from backend.transaction import Refusal, Transaction
from common.wire.facts import new_id

_KEPT = timedelta(days=90)
_SERVED_AT_ONCE = 200
_ONE = {Quota.APPOINTMENT: 1}


@dataclass(frozen=True, slots=True)
class WaitWish:
    """What a person would take: one of these offices, not before a day."""

    visitor: Visitor
    enquiry_code: str
    reason: Reason
    offices: tuple[str, ...]
    earliest_day: date


def leave(transaction: Transaction, rules: BookingSettings, wish: WaitWish) -> str | None:
    """Keep a wish and return its reference; a new wish of the same person replaces the old one.

    Returns:
        None where the person has a wish that these details do not open. The try is counted, so the
        transaction must stand.
    """
    who = identity(wish.visitor.number, wish.visitor.year_of_birth)
    person = who.person(transaction)
    earlier = _live(transaction, person)
    if earlier is not None:
        if not opens(transaction, rules, _kept(earlier), who, wish.enquiry_code):
            return None
        end(transaction, earlier)
    wish_id = str(new_id())
    text = reference(transaction, wish_id)
    transaction.connection.execute(
        insert(booking_wishes).values(
            wish_id=wish_id,
            reference_hash=reference_hash(text),
            live_person=person,
            offices=" ".join(wish.offices),
            earliest_day=wish.earliest_day.isoformat(),
            reason=wish.reason,
            identity=seal_identity(transaction, wish_id, who),
            code=code_hash(transaction, wish_id, who, wish.enquiry_code),
            made_at=transaction.now,
        )
    )
    return text


def find(
    transaction: Transaction, rules: BookingSettings, visitor: Visitor, code: str
) -> str | None:
    """Return where a person's booking or wish is shown, or None where the details do not agree.

    A None must be committed: the try is counted.

    Returns:
        The address without its first slash: letter/REFERENCE or wish/REFERENCE.
    """
    who = identity(visitor.number, visitor.year_of_birth)
    booking = live_booking(transaction, who.person(transaction))
    wish = _live(transaction, who.person(transaction))
    kept = kept_code(booking) if booking is not None or wish is None else _kept(wish)
    if not opens(transaction, rules, kept, who, code) or kept is None:
        return None
    page = "wish" if booking is None else "letter"
    return f"{page}/{reference(transaction, kept.subject)}"


def by_reference(transaction: Transaction, text: str) -> Row[Any]:
    """Return the wish that an address names.

    Raises:
        Refusal: There is none, or it is over.
    """
    row = transaction.connection.execute(
        select(booking_wishes).where(booking_wishes.c.reference_hash == reference_hash(text))
    ).one_or_none()
    if row is None or row.live_person is None:
        raise Refusal(404, "not_found")
    return row


def offer_of(transaction: Transaction, wish: Row[Any]) -> Row[Any] | None:
    """Return the place that is kept for this wish now."""
    return transaction.connection.execute(
        select(booking_offers).where(
            booking_offers.c.live_wish == wish.wish_id,
            booking_offers.c.offered_until > transaction.now,
        )
    ).one_or_none()


def offer_places(
    transaction: Transaction, rules: BookingSettings, offices: Sequence[OfficeSettings]
) -> None:
    """End the offers that nobody took up, then offer what is free to who waits longest."""
    for offer in _offers(transaction, booking_offers.c.offered_until <= transaction.now):
        _give_up(transaction, offer, "lapsed")
    full: set[str] = set()
    for wish in _waiting(transaction):
        wanted = [one for one in offices if one.code in wish.offices.split()]
        earliest = date.fromisoformat(wish.earliest_day)
        for office in wanted:
            if office.code in full:
                continue
            free = slots.next_free(transaction, office, most=1)
            if not free:
                full.add(office.code)
            elif _offer(transaction, rules, office, wish, earliest):
                break


def accept(transaction: Transaction, offices: Iterable[OfficeSettings], wish: Row[Any]) -> bool:
    """Book the offered place; the wish is fulfilled.

    Returns:
        False where the offer is over, or the person has booked meanwhile: then the place is free.
    """
    offer = offer_of(transaction, wish)
    office = next((one for one in offices if offer is not None and one.code == offer.office), None)
    if offer is None or office is None:
        return False
    if live_booking(transaction, wish.live_person) is not None:
        _give_up(transaction, offer, "declined")
        return False
    slots.book_held(transaction, offer.office, offer.starts_at, _ONE)
    _close_offer(transaction, offer, "accepted")
    _close_wish(transaction, wish)
    add_booking(
        transaction,
        wish.wish_id,
        Choice(office, offer.starts_at),
        Quota.APPOINTMENT,
        Reason(wish.reason),
        open_identity(transaction, wish.wish_id, wish.identity),
        wish.code,
    )
    return True


def decline(transaction: Transaction, wish: Row[Any]) -> None:
    """Give an offered place up; the wish waits on, behind the others."""
    for offer in _offers(transaction, booking_offers.c.live_wish == wish.wish_id):
        _give_up(transaction, offer, "declined")


def end(transaction: Transaction, wish: Row[Any]) -> None:
    """End a wish and erase what the person told us."""
    for offer in _offers(transaction, booking_offers.c.live_wish == wish.wish_id):
        _give_up(transaction, offer, "declined")
    _close_wish(transaction, wish)
    transaction.erase(wish.wish_id)


def withdraw(transaction: Transaction, office: str, starts_at: datetime, ends_at: datetime) -> None:
    """Take back the offers of slots that an office closed."""
    here = (
        (booking_offers.c.office == office)
        & (booking_offers.c.starts_at >= starts_at)
        & (booking_offers.c.starts_at < ends_at)
    )
    for offer in _offers(transaction, here):
        _give_up(transaction, offer, "withdrawn")


def forget_old(transaction: Transaction) -> None:
    """Erase wishes that waited for three months."""
    rows = transaction.connection.execute(
        select(booking_wishes).where(
            booking_wishes.c.live_person.is_not(None),
            booking_wishes.c.made_at < transaction.now - _KEPT,
        )
    )
    for wish in rows.all():
        end(transaction, wish)


def _offer(
    transaction: Transaction,
    rules: BookingSettings,
    office: OfficeSettings,
    wish: Row[Any],
    earliest: date,
) -> bool:
    free = slots.next_free(transaction, office, most=1, earliest=earliest)
    if not free or slots.hold(transaction, office, free[0].starts_at) is None:
        return False
    until = transaction.now + timedelta(hours=rules.offer_hours)
    starts_at = free[0].starts_at
    transaction.connection.execute(
        insert(booking_offers).values(
            offer_id=str(new_id()),
            wish_id=wish.wish_id,
            live_wish=wish.wish_id,
            office=office.code,
            starts_at=starts_at,
            offered_at=transaction.now,
            offered_until=until,
        )
    )
    offered = PlaceOffered(office=office.code, starts_at=starts_at, offered_until=until)
    transaction.record("place_offered", wish.wish_id, "backend", what=offered)
    return True


def _waiting(transaction: Transaction) -> Sequence[Row[Any]]:
    offered = select(booking_offers.c.live_wish).where(booking_offers.c.live_wish.is_not(None))
    return transaction.connection.execute(
        select(booking_wishes)
        .where(booking_wishes.c.live_person.is_not(None), booking_wishes.c.wish_id.not_in(offered))
        .order_by(booking_wishes.c.made_at, booking_wishes.c.wish_id)
        .limit(_SERVED_AT_ONCE)
    ).all()


def _offers(transaction: Transaction, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    return transaction.connection.execute(
        select(booking_offers).where(booking_offers.c.live_wish.is_not(None), which)
    ).all()


def _give_up(transaction: Transaction, offer: Row[Any], outcome: str) -> None:
    slots.let_go(transaction, offer.office, offer.starts_at, _ONE)
    _close_offer(transaction, offer, outcome)
    if outcome != "withdrawn":
        # Who let a place go waits behind those who had none; an office's closure costs nobody.
        transaction.connection.execute(
            update(booking_wishes)
            .where(booking_wishes.c.wish_id == offer.wish_id)
            .values(made_at=transaction.now)
        )


def _close_offer(transaction: Transaction, offer: Row[Any], outcome: str) -> None:
    transaction.connection.execute(
        update(booking_offers)
        .where(booking_offers.c.offer_id == offer.offer_id)
        .values(live_wish=None, outcome=outcome)
    )


def _close_wish(transaction: Transaction, wish: Row[Any]) -> None:
    transaction.connection.execute(
        update(booking_wishes)
        .where(booking_wishes.c.wish_id == wish.wish_id)
        .values(live_person=None)
    )


def _live(transaction: Transaction, person: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(booking_wishes).where(booking_wishes.c.live_person == person)
    ).one_or_none()


def _kept(wish: Row[Any]) -> Kept:
    return Kept(wish.wish_id, wish.code)
