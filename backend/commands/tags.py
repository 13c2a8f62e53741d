"""Tags: one number for a person and a day, whatever they show at the kiosk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, insert

from backend.commands import bookings, waiting
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
from backend.commands.effects import TagIssued, TagReplaced
from backend.commands.groups import join
from backend.commands.identity import Identity, identity, open_identity
from backend.commands.line import rules_of
from backend.commands.parking import again
from backend.commands.queue import move_on, tag_view
from backend.commands.station import Station
from backend.commands.tag_rows import ASIDE, end, latest_tag, tag_row
from backend.commands.tag_rows import change as change_tag
from backend.commands.waiting import Told
from backend.schema.tables import tags
from backend.tokens import Purpose, TokenError, open_token
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState, OldDocument
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Service, Stage, TagRequestBy, TagStatus
from common.wire.facts import new_id
from common.wire.shapes import Particulars, TagAnswer, TagRequest

Reason = Literal["letter_unknown", "letter_other_day", "number_wrong", "year_wrong", "case_closed"]

_LAST_NUMBER = 9999
_INSERT = insert(tags)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks for a tag, and the appointment that they have today."""

    who: Identity
    booking: Row[Any] | None


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number that is given already, on which of the office's days, and when."""

    number: str
    tag_id: UUID
    day: str
    at: datetime


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
        if case.office != station.office:
            return _reception("case_closed")
        if is_submitted(case):
            return _collection(transaction, station, case, request)
        case = _take_over_form(transaction, case, asker.booking)
        tag = latest_tag(transaction, case.case_id)
        if tag is not None and tag.day == transaction.today.isoformat() and tag.live_person:
            if tag.status in ASIDE:
                tag = again(transaction, station, tag)
            if tag.stage == Stage.FORM and _stage(case) != Stage.FORM:
                move_on(transaction, case.case_id, (Stage.FORM,), Stage.KIOSK)
                tag = latest_tag(transaction, case.case_id) or tag
            return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))
    usual = _service(asker)
    asked = None if request.service is Service.COLLECTION else request.service
    made = make_tag(
        transaction, station, case, asked or usual, _stage(case), asker.booking, request
    )
    return TagAnswer(outcome="issued", tag=tag_view(transaction, *made))


def issue_offline(
    transaction: Transaction,
    station: Station,
    request: TagRequest,
    known_as: UUID,
    given: GivenNumber,
) -> Row[Any]:
    """Take in a tag that a kiosk out of reach gave: the newest slip counts, at the earliest place.

    Raises:
        Refusal: The office would have sent the person to reception, or serves them already.
    """
    asker = _recognise(transaction, station.office, request)
    if not isinstance(asker, _Asker):
        raise Refusal(409, asker)
    case = live_case(transaction, asker.who.person(transaction))
    if case is None:
        case = _open_case(transaction, station, request.by, asker, known_as)
        made, _ = make_tag(
            transaction, station, case, _service(asker), _stage(case), asker.booking, given=given
        )
        return made
    if request.by is TagRequestBy.NUMBER and not _year_fits(transaction, case, request):
        raise Refusal(409, "year_wrong")
    if is_submitted(case) or case.office != station.office:
        raise Refusal(409, "case_closed")
    case = _take_over_form(transaction, case, asker.booking)
    before = _replaced(transaction, station, case, given)
    stage = _stage(case) if before is None else Stage(before.stage)
    tag, _ = make_tag(
        transaction, station, case, _service(asker), stage, asker.booking, given=given
    )
    if before is None or before.order_at >= tag.order_at:
        return tag
    return change_tag(transaction, tag, order_at=before.order_at, turn_at=before.turn_at)


def make_tag(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    service: Service,
    stage: Stage,
    booking: Row[Any] | None = None,
    request: TagRequest | None = None,
    given: GivenNumber | None = None,
) -> tuple[Row[Any], Told]:
    """Make a tag and return it with what to tell.

    Its number is the day's next one of its class, or the one that was given offline.
    """
    rules = rules_of(transaction, case.office)
    of_class = rules.classes[service]
    if given is None:
        day = transaction.today.isoformat()
        number = _next_number(transaction, case.office, day, of_class.letter)
        given = GivenNumber(number, new_id(), day, transaction.now)
    head_start = timedelta(minutes=of_class.head_start_minutes)
    turn_at = _turn_at(given.at, booking, timedelta(minutes=rules.late_minutes))
    group_id = None
    if request is not None and request.with_tag is not None:
        group_id = join(transaction, case.office, request.with_tag)
    transaction.connection.execute(
        _INSERT,
        {
            "tag_id": str(given.tag_id),
            "office": case.office,
            "day": given.day,
            "number": given.number,
            "case_id": case.case_id,
            "live_person": case.person,
            "service": service,
            "stage": stage,
            "status": TagStatus.WAITING,
            "issued_at": given.at,
            "turn_at": turn_at,
            "order_at": turn_at - head_start,
            "waits_since": given.at,
            "head_start_s": head_start // timedelta(seconds=1),
            "group_id": group_id,
            "for_place": None if request is None else request.for_place,
            "times": 0,
            "misses": 0,
        },
    )
    issued = TagIssued(tag_id=given.tag_id, number=given.number, service=service, stage=stage)
    transaction.record("tag_issued", case.case_id, station.name, what=issued)
    transaction.panel_changed(case.office)
    tag = tag_row(transaction, str(given.tag_id))
    return tag, waiting.begin(transaction, tag)


def _next_number(transaction: Transaction, office: str, day: str, letter: str) -> str:
    number = transaction.count(f"tag {office} {day} {letter}")
    if number > _LAST_NUMBER:
        raise Refusal(409, "day_full", "all tags of this day are issued")
    return f"{letter}{number:03d}"


def _turn_at(came_at: datetime, booking: Row[Any] | None, late: timedelta) -> datetime:
    # Who is early waits for the slot; who is too late comes after the present slot's people.
    if booking is None or came_at > booking.starts_at + late:
        return came_at
    starts_at: datetime = booking.starts_at
    return starts_at


def _collection(
    transaction: Transaction, station: Station, case: Row[Any], request: TagRequest
) -> TagAnswer:
    """Give who comes for a ready card a tag for the counter."""
    if request.service is not Service.COLLECTION or case.state != CaseState.READY:
        return _reception("case_closed")
    tag = latest_tag(transaction, case.case_id)
    if tag is not None and tag.day == transaction.today.isoformat() and tag.live_person:
        if tag.status in ASIDE:
            tag = again(transaction, station, tag)
        return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))
    made = make_tag(transaction, station, case, Service.COLLECTION, Stage.COUNTER, request=request)
    return TagAnswer(outcome="issued", tag=tag_view(transaction, *made))


def _stage(case: Row[Any]) -> Stage:
    done = case.done.split()
    if "registered" in done:
        return Stage.BOOTH
    return Stage.KIOSK if "form_done" in done else Stage.FORM


def _service(asker: _Asker) -> Service:
    return Service.WALK_IN if asker.booking is None else Service.APPOINTMENT


def _replaced(
    transaction: Transaction, station: Station, case: Row[Any], given: GivenNumber
) -> Row[Any] | None:
    """End an earlier tag of the day, whose answer the kiosk may never have got."""
    tag = latest_tag(transaction, case.case_id)
    if tag is None or tag.day != given.day or tag.live_person is None:
        return None
    if tag.status in (TagStatus.CALLED, TagStatus.SERVING):
        raise Refusal(409, "already_tagged", "an earlier tag is being served")
    end(transaction, tag, TagStatus.VOID)
    what = TagReplaced(tag_id=UUID(tag.tag_id), number=tag.number, by=given.number)
    transaction.record("tag_replaced", case.case_id, station.name, what=what)
    return tag


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
    transaction: Transaction,
    station: Station,
    by: TagRequestBy,
    asker: _Asker,
    known_as: UUID | None = None,
) -> Row[Any]:
    particulars, old_document = Particulars(), OldDocument.OLD_CARD
    booking = asker.booking
    if booking is not None:
        particulars = open_particulars(transaction, booking.booking_id, booking.form)
        if booking.reason == bookings.Reason.ROP:
            old_document = OldDocument.ACKNOWLEDGEMENT
    case = open_case(transaction, station, asker.who, by, particulars, old_document, known_as)
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
