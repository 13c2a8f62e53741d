"""Tags: one number for a person and a day, whatever they show at the kiosk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from backend.commands import bookings, collecting, groups, said, waiting, watched
from backend.commands.appointments import arrival, instead, is_full, let_go
from backend.commands.askers import Asker, recognise
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
from backend.commands.closures import is_open, next_open
from backend.commands.effects import Said, TagIssued, TagReplaced
from backend.commands.identity import Identity, open_identity
from backend.commands.line import rules_of
from backend.commands.parking import again
from backend.commands.queue import move_on, tag_view
from backend.commands.station import Station
from backend.commands.tag_rows import ASIDE, end, latest_tag, set_aside, tag_row
from backend.commands.tag_rows import change as change_tag
from backend.commands.waiting import Told
from backend.schema.tables import tags
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState, OldDocument
from common.domain.queue import (
    ADULT_FROM,
    AGED_FROM,
    CARD_FROM,
    WITH_FEE,
    Companion,
    Errand,
    Guardian,
    ParkReason,
    Service,
    Stage,
    TagRequestBy,
    TagStatus,
)
from common.wire.facts import new_id
from common.wire.shapes import Particulars, TagAnswer, TagReason, TagRequest

_LAST_NUMBER = 9999
_INSERT = insert(tags)


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number that is given already, on which of the office's days, and when."""

    number: str
    tag_id: UUID
    day: str
    at: datetime


def issue(
    transaction: Transaction,
    station: Station,
    request: TagRequest,
    offices: Sequence[OfficeSettings] = (),
) -> TagAnswer:
    """Give a tag, open the case; who asks again gets the same tag.

    At a tag kiosk the office's own rules hold: hours, places for walk-ins, who comes with a parent.
    An officer at a booth decides that for himself.
    """
    here = next((office for office in offices if office.code == station.office), None)
    is_kiosk = station.kind == "tag" and here is not None
    if is_kiosk and here is not None and not is_open(transaction, here):
        return TagAnswer(
            outcome="reception", reason="closed", opens_at=next_open(transaction, here)
        )
    if request.by is TagRequestBy.NOBODY:
        return _for_nobody(transaction, station)
    asker = recognise(transaction, station.office, request, offices)
    if not isinstance(asker, Asker):
        return _reception(asker)
    person = asker.who.person(transaction)
    if is_kiosk and watched.is_watched(transaction, person):
        return _reception("reception")
    case = live_case(transaction, person)
    is_typed = request.by is TagRequestBy.NUMBER
    if case is not None and is_typed and not _year_fits(transaction, case, request):
        return _reception("year_wrong")
    errand = request.errand or asker.errand
    if case is not None and is_submitted(case):
        return _collect(transaction, station, case, request, asker, offices)
    if errand is Errand.COLLECT or request.service is Service.COLLECTION:
        return _reception("no_card" if asker.is_proven else "reception")
    if case is not None and case.office != station.office:
        return _reception("case_closed")
    tag = None if case is None else _live_tag(transaction, case)
    if case is not None and tag is not None:
        case = _take_over_form(transaction, case, asker.booking)
        return _once_more(transaction, station, case, tag, request)
    age = _age(transaction, asker, case)
    if is_kiosk and here is not None:
        told = _to_decide(transaction, here, asker, request, age, offices)
        if told is not None:
            return told
    booking = asker.booking if asker.missed is None else asker.missed
    if request.walk_in and asker.is_proven and asker.elsewhere is not None:
        booking = asker.elsewhere
        let_go(transaction, booking, station.office)
    if case is None:
        case = _open_case(transaction, station, request.by, asker.who, booking, request.errand)
    else:
        case = _take_over_form(transaction, case, booking)
    return _new_tag(transaction, station, case, asker, request, age, here)


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
    asker = recognise(transaction, station.office, request)
    if not isinstance(asker, Asker):
        raise Refusal(409, asker)
    case = live_case(transaction, asker.who.person(transaction))
    if case is None:
        case = _open_case(
            transaction, station, request.by, asker.who, asker.booking, request.errand, known_as
        )
        service = _service(asker, request, _age(transaction, asker, case))
        made, _ = make_tag(
            transaction, station, case, service, _stage(case), asker.booking, request, given
        )
        return made
    if request.by is TagRequestBy.NUMBER and not _year_fits(transaction, case, request):
        raise Refusal(409, "year_wrong")
    if is_submitted(case) or case.office != station.office:
        raise Refusal(409, "case_closed")
    case = _take_over_form(transaction, case, asker.booking)
    before = _replaced(transaction, station, case, given)
    stage = _stage(case) if before is None else Stage(before.stage)
    service = _service(asker, request, _age(transaction, asker, case))
    tag, _ = make_tag(transaction, station, case, service, stage, asker.booking, request, given)
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
    """Make a tag of the station's office and return it with what to tell.

    A card may wait at another office than the one that took the application.

    Its number is the day's next one of its class, or the one that was given offline.
    """
    rules = rules_of(transaction, station.office)
    is_offline = given is not None
    if given is None:
        day = transaction.today.isoformat()
        number = _next_number(transaction, station.office, day, rules.classes[service].letter)
        given = GivenNumber(number, new_id(), day, transaction.now)
    told = said.said_in(request)
    head_start_s = said.head_start_s(transaction, station.office, service, told)
    turn_at = _turn_at(given.at, booking, timedelta(minutes=rules.late_minutes))
    transaction.connection.execute(
        _INSERT,
        {
            "tag_id": str(given.tag_id),
            "office": station.office,
            "day": given.day,
            "number": given.number,
            "case_id": case.case_id,
            "live_person": case.live_person,
            "service": service,
            "stage": stage,
            "status": TagStatus.WAITING,
            "issued_at": given.at,
            "turn_at": turn_at,
            "order_at": turn_at - timedelta(seconds=head_start_s),
            "waits_since": given.at,
            "head_start_s": head_start_s,
            "group_id": _group(transaction, station.office, booking, request, is_offline),
            "for_place": None if request is None else request.for_place,
            "times": 0,
            "misses": 0,
            "said": said.seal_said(transaction, case.case_id, told),
            "walked_in": int(_walks_in(service, booking, told)),
        },
    )
    issued = TagIssued(
        tag_id=given.tag_id,
        number=given.number,
        service=service,
        stage=stage,
        said=None if told == Said() else told,
    )
    transaction.record("tag_issued", case.case_id, station.name, what=issued)
    transaction.panel_changed(station.office)
    tag = tag_row(transaction, str(given.tag_id))
    return tag, waiting.begin(transaction, tag)


def _walks_in(service: Service, booking: Row[Any] | None, told: Said) -> bool:
    # Hand-offs and collections take no place, and companions come with who was called up.
    if service in (Service.ASSISTED, Service.COLLECTION) or told.companion is not None:
        return False
    return booking is None


def _group(
    transaction: Transaction,
    office: str,
    booking: Row[Any] | None,
    request: TagRequest | None,
    is_offline: bool,
) -> str | None:
    """Return the group that a tag belongs to: of who comes along, or of a booking for several."""
    if request is not None and request.with_tag is not None:
        try:
            return groups.join(transaction, office, request.with_tag)
        except Refusal:
            # Both slips are in hands already; the one that was refused must not spoil the other.
            if not is_offline:
                raise
    return None if booking is None else booking.group_id


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


def _live_tag(transaction: Transaction, case: Row[Any]) -> Row[Any] | None:
    tag = latest_tag(transaction, case.case_id)
    if tag is None or tag.day != transaction.today.isoformat() or not tag.live_person:
        return None
    return tag


def _once_more(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    tag: Row[Any],
    request: TagRequest,
) -> TagAnswer:
    """Give the same tag again; who stood aside waits again, unless a parent is still missing."""
    if tag.status in ASIDE and tag.reason == ParkReason.GUARDIAN:
        if request.guardian is None:
            return TagAnswer(outcome="choose", reason="guardian")
        if request.guardian is Guardian.ABSENT:
            return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))
    if tag.status in ASIDE:
        tag = again(transaction, station, tag)
    tag = said.add(transaction, station, tag, request)
    if tag.stage == Stage.FORM and _stage(case) != Stage.FORM:
        move_on(transaction, case.case_id, (Stage.FORM,), Stage.KIOSK)
        tag = latest_tag(transaction, case.case_id) or tag
    return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))


def _to_decide(
    transaction: Transaction,
    here: OfficeSettings,
    asker: Asker,
    request: TagRequest,
    age: int | None,
    offices: Sequence[OfficeSettings],
) -> TagAnswer | None:
    """Return what the person has to decide or cannot have; None where a tag can be given."""
    if request.companion is not None:
        return _companion_refused(transaction, here.code, request, age)
    if asker.booking is None:
        if asker.is_proven and asker.elsewhere is not None and not request.walk_in:
            return instead(transaction, here, asker.elsewhere, offices)
        if is_full(transaction, here):
            return instead(transaction, here, None, offices)
    if age is None or age < CARD_FROM or age > ADULT_FROM or request.guardian is not None:
        if age is not None and age < ADULT_FROM and request.guardian is Guardian.ADULT:
            return TagAnswer(outcome="choose", reason="guardian")
        return None
    young = age < ADULT_FROM
    return TagAnswer(outcome="choose", reason="guardian" if young else "guardian_or_adult")


def _companion_refused(
    transaction: Transaction, office: str, request: TagRequest, age: int | None
) -> TagAnswer | None:
    if request.companion is Companion.AGED and age is not None and age < AGED_FROM:
        return TagAnswer(outcome="choose", reason="companion_young")
    if request.with_tag is None:
        raise Refusal(422, "bad_request", "with_tag goes with companion")
    if not groups.has_room(transaction, office, request.with_tag, request.companion):
        return TagAnswer(outcome="choose", reason="companions_full")
    return None


def _new_tag(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    asker: Asker,
    request: TagRequest,
    age: int | None,
    here: OfficeSettings | None,
) -> TagAnswer:
    is_child = here is not None and age is not None and age < CARD_FROM
    stage = Stage.BOOTH if is_child else _stage(case)
    service = _service(asker, request, age if here is not None else None)
    tag, told = make_tag(transaction, station, case, service, stage, asker.booking, request)
    if request.guardian is Guardian.ABSENT:
        # The place is kept: with the parent the same tag waits again.
        tag = set_aside(transaction, tag, TagStatus.PARKED, ParkReason.GUARDIAN)
    answer = TagAnswer(
        outcome="issued",
        reason="child" if is_child else None,
        tag=tag_view(transaction, tag, told),
    )
    if asker.booking is None or here is None:
        return answer
    return answer.model_copy(update=arrival(transaction, here, asker.booking))


def _collect(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    request: TagRequest,
    asker: Asker,
    offices: Sequence[OfficeSettings],
) -> TagAnswer:
    """Give who comes for a ready card a tag for the counter, or say where and when it is ready."""
    is_here = (case.collection_office or case.office) == station.office
    if case.state != CaseState.READY or not is_here:
        if not asker.is_proven or request.service is not None:
            return _reception("case_closed")
        return collecting.not_here(case, station.office, offices)
    tag = _live_tag(transaction, case)
    if tag is not None:
        if tag.status in ASIDE:
            tag = again(transaction, station, tag)
        tag = said.add(transaction, station, tag, request)
        return TagAnswer(outcome="reprinted", tag=tag_view(transaction, tag))
    wants_tag = request.service is Service.COLLECTION or not asker.is_proven
    if not wants_tag and collecting.kiosk_is_open(transaction, station.office):
        return TagAnswer(outcome="choose", reason="card_ready")
    made = make_tag(transaction, station, case, Service.COLLECTION, Stage.COUNTER, request=request)
    return TagAnswer(outcome="issued", tag=tag_view(transaction, *made))


def _for_nobody(transaction: Transaction, station: Station) -> TagAnswer:
    """Give who could not be recognised a tag for reception, so that nobody waits in a crowd.

    Its case belongs to nobody: the officer finds out who it is, and gives the person's own tag.
    """
    case = open_case(
        transaction,
        station,
        Identity(identity_number=""),
        TagRequestBy.NOBODY,
        Particulars(),
        OldDocument.OLD_CARD,
    )
    made = make_tag(transaction, station, case, Service.ASSISTED, Stage.COUNTER)
    return TagAnswer(outcome="issued", reason="reception", tag=tag_view(transaction, *made))


def _stage(case: Row[Any]) -> Stage:
    done = case.done.split()
    if "registered" in done:
        return Stage.BOOTH
    return Stage.KIOSK if "form_done" in done else Stage.FORM


def _service(asker: Asker, request: TagRequest, age: int | None) -> Service:
    if request.service is not None and request.service is not Service.COLLECTION:
        return request.service
    if request.errand in WITH_FEE:
        return Service.ALTERATION
    is_adult = request.guardian is Guardian.ADULT or request.companion is not None
    if age is not None and age <= ADULT_FROM and not is_adult:
        return Service.JUVENILE
    return Service.WALK_IN if asker.booking is None else Service.APPOINTMENT


def _age(transaction: Transaction, asker: Asker, case: Row[Any] | None) -> int | None:
    """Return the age that the person has or reaches this year; None where it is not known."""
    year = asker.who.year_of_birth
    if case is not None:
        form = open_particulars(transaction, case.case_id, case.particulars)
        known = open_identity(transaction, case.case_id, case.identity).year_of_birth
        year = form.date_of_birth.year if form.date_of_birth is not None else year or known
    return None if year is None else transaction.today.year - year


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


def _reception(reason: TagReason) -> TagAnswer:
    return TagAnswer(outcome="reception", reason=reason)


def _open_case(
    transaction: Transaction,
    station: Station,
    by: TagRequestBy,
    who: Identity,
    booking: Row[Any] | None,
    errand: Errand | None,
    known_as: UUID | None = None,
) -> Row[Any]:
    particulars, old_document = Particulars(), OldDocument.OLD_CARD
    if booking is not None:
        particulars = open_particulars(transaction, booking.booking_id, booking.form)
    # Without an old card to give up, the acknowledgement is given up when the new one is collected.
    if errand is not None or (booking is not None and booking.reason == bookings.Reason.ROP):
        old_document = OldDocument.ACKNOWLEDGEMENT
    case = open_case(transaction, station, who, by, particulars, old_document, known_as)
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
