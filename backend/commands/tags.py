"""Tags: one number for a person and a day, whatever they show at the kiosk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, insert, select

from backend.commands import bookings
from backend.commands.cases import (
    change,
    is_submitted,
    live_case,
    marked,
    open_case,
    open_particulars,
    progressed,
    seal_particulars,
)
from backend.commands.effects import TagIssued
from backend.commands.identity import Identity, identity, open_identity
from backend.commands.queue import latest_tag, move_on, requeue, tag_view
from backend.commands.station import Station
from backend.schema.tables import tags
from backend.tokens import Purpose, TokenError, open_token
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState, OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Service, Stage, TagRequestBy, TagStatus
from common.wire.facts import new_id
from common.wire.shapes import Particulars, TagAnswer, TagRequest

Reason = Literal["letter_unknown", "letter_other_day", "number_wrong", "year_wrong", "case_closed"]

_LAST_NUMBER = 999
_LATE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks for a tag, and the appointment that they have today."""

    who: Identity
    booking: Row[Any] | None


def issue(transaction: Transaction, station: Station, request: TagRequest) -> TagAnswer:
    """Give a tag, open the case; who asks again gets the same tag."""
    asker = _recognise(transaction, station.office, request)
    if not isinstance(asker, _Asker):
        return _reception(asker)
    case = live_case(transaction, asker.who.person(transaction))
    if case is None:
        case = _open_case(transaction, station, request.by, asker)
    else:
        if request.by is TagRequestBy.NUMBER and not _year_fits(transaction, case, request):
            return _reception("year_wrong")
        if is_submitted(case) or case.office != station.office:
            return _reception("case_closed")
        case = _take_over_form(transaction, case, asker.booking)
        tag = latest_tag(transaction, case.case_id)
        if tag is not None and tag.day == transaction.today.isoformat() and tag.live_person:
            if tag.status == TagStatus.MISSED:
                tag = requeue(transaction, tag, misses=0)
            if tag.stage == Stage.FORM and _stage(case) != Stage.FORM:
                move_on(transaction, case.case_id, (Stage.FORM,), Stage.KIOSK)
                tag = latest_tag(transaction, case.case_id) or tag
            return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))
    service = Service.WALK_IN if asker.booking is None else Service.APPOINTMENT
    tag = make_tag(transaction, station, case, service, _stage(case), asker.booking)
    return TagAnswer(outcome="issued", tag=tag_view(transaction, tag))


def make_tag(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    service: Service,
    stage: Stage,
    booking: Row[Any] | None = None,
) -> Row[Any]:
    """Make a tag with the day's next number of its letter."""
    day = transaction.today.isoformat()
    tag_id = new_id()
    number = _next_number(transaction, case.office, day, service)
    transaction.connection.execute(
        insert(tags).values(
            tag_id=str(tag_id),
            office=case.office,
            day=day,
            number=number,
            case_id=case.case_id,
            live_person=case.person,
            service=service,
            stage=stage,
            status=TagStatus.WAITING,
            issued_at=transaction.now,
            order_at=_order_at(transaction, booking),
            times=0,
            misses=0,
        )
    )
    issued = TagIssued(tag_id=tag_id, number=number, service=service, stage=stage)
    transaction.record("tag_issued", case.case_id, station.name, what=issued)
    transaction.panel_changed(case.office)
    return transaction.connection.execute(select(tags).where(tags.c.tag_id == str(tag_id))).one()


def _next_number(transaction: Transaction, office: str, day: str, service: Service) -> str:
    number = transaction.count(f"tag {office} {day} {service}")
    if number > _LAST_NUMBER:
        raise Refusal(409, "day_full", "all tags of this day are issued")
    return f"{service}{number:03d}"


def _order_at(transaction: Transaction, booking: Row[Any] | None) -> datetime:
    if booking is None or transaction.now > booking.starts_at + _LATE:
        return transaction.now
    starts_at: datetime = booking.starts_at
    return starts_at


def _stage(case: Row[Any]) -> Stage:
    done = case.done.split()
    if "registered" in done:
        return Stage.BOOTH
    return Stage.KIOSK if "form_done" in done else Stage.FORM


def _reception(reason: Reason) -> TagAnswer:
    return TagAnswer(outcome="reception", reason=reason)


def _recognise(transaction: Transaction, office: str, request: TagRequest) -> _Asker | Reason:
    if request.by is TagRequestBy.LETTER:
        return _by_letter(transaction, office, request.letter_token or "")
    try:
        number = IdentityNumber.parse(request.identity_number or "")
    except ValueError:
        return "number_wrong"
    who = identity(number, request.year_of_birth)
    booking = bookings.of_today(transaction, office, who.person(transaction))
    if booking is not None:
        booked = open_identity(transaction, booking.booking_id, booking.identity)
        if request.by is TagRequestBy.NUMBER and booked.year_of_birth != request.year_of_birth:
            return "year_wrong"
        who = booked
    return _Asker(who, booking)


def _by_letter(transaction: Transaction, office: str, token: str) -> _Asker | Reason:
    try:
        opened = open_token(transaction.keys.tokens, Purpose.LETTER, office, token)
    except TokenError:
        return "letter_unknown"
    booking = bookings.by_id(transaction, str(opened.id))
    if booking is None or booking.live_person is None:
        return "letter_unknown"
    if not bookings.letter_is_good(booking, opened.day, transaction.today):
        return "letter_other_day"
    return _Asker(open_identity(transaction, booking.booking_id, booking.identity), booking)


def _open_case(
    transaction: Transaction, station: Station, by: TagRequestBy, asker: _Asker
) -> Row[Any]:
    particulars, old_document = Particulars(), OldDocument.OLD_CARD
    booking = asker.booking
    if booking is not None:
        particulars = open_particulars(transaction, booking.booking_id, booking.form)
        if booking.reason == bookings.Reason.ROP:
            old_document = OldDocument.ACKNOWLEDGEMENT
    case = open_case(transaction, station, asker.who, by, particulars, old_document)
    if booking is not None:
        bookings.used_for(transaction, booking, case.case_id)
    return case


def _take_over_form(transaction: Transaction, case: Row[Any], booking: Row[Any] | None) -> Row[Any]:
    # Who came without an appointment, then booked and filled in the form at home, has filled it in.
    if booking is None or booking.case_id is not None:
        return case
    bookings.used_for(transaction, booking, case.case_id)
    form = open_particulars(transaction, booking.booking_id, booking.form)
    if form.missing() or "form_done" in case.done.split():
        return case
    return change(
        transaction,
        case,
        particulars=seal_particulars(transaction, case.case_id, form),
        state=progressed(case, CaseState.FORM_DONE),
        done=marked(case, "form_done"),
    )


def _year_fits(transaction: Transaction, case: Row[Any], request: TagRequest) -> bool:
    # Whoever types another person's number must not get that person's tag.
    form = open_particulars(transaction, case.case_id, case.particulars)
    known = open_identity(transaction, case.case_id, case.identity).year_of_birth
    if form.date_of_birth is not None:
        known = form.date_of_birth.year
    return known is None or known == request.year_of_birth
