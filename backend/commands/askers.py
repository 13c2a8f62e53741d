"""Who asks for a tag: by letter, receipt, slip, card or number, and what they have booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from backend.commands import bookings
from backend.commands.cases import load
from backend.commands.identity import Identity, identity, open_identity
from backend.commands.tag_rows import latest_tag, tag_row
from backend.settings import OfficeSettings
from backend.tokens import Opened, Purpose, TokenError, open_token
from backend.transaction import Transaction
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Errand, TagRequestBy
from common.wire.shapes import SlotRequest, TagReason, TagRequest

_PAPERS = (Purpose.LETTER, Purpose.RECEIPT, Purpose.TAG)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a tag, and what they have.

    Attributes:
        booking: The appointment that is good here today.
        elsewhere: A standing appointment at another office or on another day.
        is_proven: By a paper of ours or the card; who only types is told nothing of what is kept.
        errand: What the paper itself says that they come for.
        missed: The appointment of the letter, whose day is over; its form is good all the same.
    """

    who: Identity
    booking: Row[Any] | None
    elsewhere: Row[Any] | None = None
    is_proven: bool = True
    errand: Errand | None = None
    missed: Row[Any] | None = None


def recognise(
    transaction: Transaction,
    office: str,
    request: TagRequest | SlotRequest,
    offices: Sequence[OfficeSettings] = (),
) -> Asker | TagReason:
    """Return who asks, or why nobody is recognised."""
    if request.by is TagRequestBy.LETTER:
        return _by_paper(transaction, office, request.letter_token or "", offices)
    try:
        number = IdentityNumber.parse(request.identity_number or "")
    except ValueError:
        return "number_wrong"
    who = identity(number, request.year_of_birth)
    found = _asker(transaction, office, who, is_proven=request.by is TagRequestBy.CARD)
    booked = found.booking if found.booking is not None else found.elsewhere
    if booked is None:
        return found
    known = open_identity(transaction, booked.booking_id, booked.identity)
    if request.by is TagRequestBy.NUMBER and known.year_of_birth != request.year_of_birth:
        return "year_wrong"
    return Asker(known, found.booking, found.elsewhere, found.is_proven)


def _asker(transaction: Transaction, office: str, who: Identity, *, is_proven: bool) -> Asker:
    person = who.person(transaction)
    booking = bookings.of_today(transaction, office, person)
    elsewhere = None if booking is not None else bookings.live_booking(transaction, person)
    if elsewhere is not None and elsewhere.case_id is not None:
        elsewhere = None  # it led to a visit already
    return Asker(who, booking, elsewhere, is_proven)


def _by_paper(
    transaction: Transaction, office: str, token: str, offices: Sequence[OfficeSettings]
) -> Asker | TagReason:
    """Open a letter or receipt of any of our offices, or a slip of this one."""
    for code in dict.fromkeys((office, *(one.code for one in offices))):
        for purpose in _PAPERS:
            try:
                opened = open_token(transaction.keys.tokens, purpose, code, token)
            except TokenError:
                continue
            return _of_paper(transaction, office, code, purpose, opened)
    return "letter_unknown"


def _of_paper(
    transaction: Transaction, office: str, code: str, purpose: Purpose, opened: Opened
) -> Asker | TagReason:
    match purpose:
        case Purpose.LETTER:
            return _by_letter(transaction, office, str(opened.id), opened.day)
        case Purpose.RECEIPT:
            return _of_case(transaction, office, str(opened.id), Errand.COLLECT)
        case _:
            if opened.day != transaction.today or code != office:
                return "letter_other_day" if code == office else "letter_unknown"
            tag = tag_row(transaction, str(opened.id))
            return _of_case(transaction, office, str(tag.case_id), None)


def _of_case(
    transaction: Transaction, office: str, case_id: str, errand: Errand | None
) -> Asker | TagReason:
    case = load(transaction, case_id)
    if case.live_person is None:
        return "letter_unknown"
    who = open_identity(transaction, case.case_id, case.identity)
    found = _asker(transaction, office, who, is_proven=True)
    return Asker(who, found.booking, found.elsewhere, errand=errand)


def _by_letter(
    transaction: Transaction, office: str, booking_id: str, letter_day: date | None
) -> Asker | TagReason:
    booking = bookings.by_id(transaction, booking_id)
    if booking is None or booking.live_person is None:
        return "letter_unknown"
    who = open_identity(transaction, booking.booking_id, booking.identity)
    if bookings.letter_is_good(booking, letter_day, transaction.today):
        is_here = booking.office == office
        return Asker(who, booking if is_here else None, None if is_here else booking)
    # A letter printed before a change says another time than was agreed on last.
    is_newest = letter_day is not None and letter_day.isoformat() == booking.day
    # A used letter is good for the tag of its own day: afterwards it may lie in any bin.
    is_over = booking.case_id is not None and not _has_tag_of_today(transaction, booking.case_id)
    if not is_newest or is_over:
        return "letter_other_day"
    if booking.day < transaction.today.isoformat():
        return Asker(who, None, missed=booking)
    return Asker(who, None, booking)


def _has_tag_of_today(transaction: Transaction, case_id: str) -> bool:
    tag = latest_tag(transaction, case_id)
    return tag is not None and tag.day == transaction.today.isoformat()
