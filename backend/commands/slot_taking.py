"""Taking a slot at a tag kiosk: an appointment is moved, made, or put on the wait list."""

import secrets
from collections.abc import Sequence

from backend.commands import slots, wishes
from backend.commands.appointments import free_slots
from backend.commands.askers import Asker, recognise
from backend.commands.bookings import Reason, add_booking, by_id, letter_token, live_booking
from backend.commands.cases import live_case
from backend.commands.changes import change, party
from backend.commands.enquiry import code_hash
from backend.commands.holds import Choice, release_expired
from backend.commands.party import Visitor
from backend.commands.station import Station
from backend.settings import BookingSettings, OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.identity_number import IdentityNumber
from common.wire.facts import new_id
from common.wire.shapes import SlotAnswer, SlotRequest

_REFUSED = SlotAnswer(outcome="refused")
_CODES = 10_000


def take(
    transaction: Transaction,
    station: Station,
    request: SlotRequest,
    rules: BookingSettings,
    offices: Sequence[OfficeSettings],
) -> SlotAnswer:
    """Give the person a slot of the station's office, or a place on its wait list.

    Whoever has an appointment has it moved, if letter or card prove that it is theirs.

    Raises:
        Refusal: The station's office is not known here.
    """
    here = next((office for office in offices if office.code == station.office), None)
    if here is None:
        raise Refusal(404, "not_found", "no such office")
    asker = recognise(transaction, station.office, request, offices)
    if not isinstance(asker, Asker):
        return _REFUSED
    person = asker.who.person(transaction)
    booking = live_booking(transaction, person)
    if request.starts_at is None:
        return _REFUSED if booking is not None else _wish(transaction, rules, here, asker, request)
    release_expired(transaction)
    if booking is None:
        if live_case(transaction, person) is not None:
            return _REFUSED
        return _book(transaction, here, asker, request)
    office = next((one for one in offices if one.code == booking.office), None)
    if not asker.is_proven or booking.case_id is not None or office is None:
        return _REFUSED
    choice = Choice(here, request.starts_at, len(party(transaction, booking)))
    if not change(transaction, office, booking, choice, in_person=True):
        return _full(transaction, here)
    moved = by_id(transaction, booking.booking_id)
    token = None if moved is None else letter_token(transaction, moved)
    return SlotAnswer(outcome="moved", slot=request.starts_at, letter_token=token)


def _book(
    transaction: Transaction, here: OfficeSettings, asker: Asker, request: SlotRequest
) -> SlotAnswer:
    if request.starts_at is None:
        return _REFUSED
    places = slots.hold(transaction, here, request.starts_at)
    if places is None:
        return _full(transaction, here)
    slots.book_held(transaction, here.code, request.starts_at, places)
    booking_id, code = str(new_id()), f"{secrets.randbelow(_CODES):04d}"
    add_booking(
        transaction,
        booking_id,
        Choice(here, request.starts_at),
        next(quota for quota, count in places.items() if count),
        _reason(request),
        asker.who,
        code_hash(transaction, booking_id, asker.who, code),
    )
    made = by_id(transaction, booking_id)
    token = None if made is None else letter_token(transaction, made)
    # The code opens the booking together with the year of birth; without one it would open nothing.
    code_told = None if asker.who.year_of_birth is None else code
    return SlotAnswer(
        outcome="booked", slot=request.starts_at, letter_token=token, enquiry_code=code_told
    )


def _wish(
    transaction: Transaction,
    rules: BookingSettings,
    here: OfficeSettings,
    asker: Asker,
    request: SlotRequest,
) -> SlotAnswer:
    """Put the person on the wait list; its offers are found with number, year and code."""
    year = asker.who.year_of_birth
    if year is None:
        return _REFUSED
    code = f"{secrets.randbelow(_CODES):04d}"
    wish = wishes.WaitWish(
        Visitor(IdentityNumber.parse(asker.who.identity_number), year),
        code,
        _reason(request),
        (here.code,),
        transaction.today,
    )
    left = wishes.leave(transaction, rules, wish)
    return _REFUSED if left is None else SlotAnswer(outcome="waiting", enquiry_code=code)


def _full(transaction: Transaction, here: OfficeSettings) -> SlotAnswer:
    return SlotAnswer(outcome="full", offers=free_slots(transaction, here))


def _reason(request: SlotRequest) -> Reason:
    return Reason.REPLACE if request.errand is None else Reason.ROP
