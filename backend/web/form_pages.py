"""The application form at home, by the letter, and on one's own phone, by the tag."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, cases, facts, queue
from backend.commands.station import Station
from backend.tokens import Purpose, TokenError, open_token
from backend.transaction import Refusal, Transaction
from backend.web.forms import (
    FIELDS,
    Errors,
    describe_fields,
    in_order,
    missing_errors,
    read_form,
    read_particulars,
)
from backend.web.pages import Reference, check_pace
from backend.web.render import page
from common.domain.clock import office_day
from common.domain.queue import Stage
from common.wire.facts import Fact, FormFilled, new_id
from common.wire.shapes import Particulars, TagView

router = APIRouter()

TagToken = Annotated[str, Path(min_length=20, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]

_SAVE = "save"


@dataclass(frozen=True, slots=True)
class _Booked:
    """What the form's page needs of a booking."""

    form: Particulars
    year_of_birth: int | None
    is_used: bool


@router.get("/form/{reference}")
async def show_form(
    request: Request, running: Running, reference: Reference, saved: bool = False
) -> HTMLResponse:
    """Show the form as far as it is filled in."""
    booked = await running.store.read(lambda transaction: _booked(transaction, reference))
    if booked.is_used:
        raise Refusal(409, "already_used")
    return _form_page(request, reference, booked.form.model_dump(), {}, saved=saved)


@router.post("/form/{reference}")
async def fill_form(request: Request, running: Running, reference: Reference) -> Response:
    """Keep what is right; a finished form leads back to the letter."""
    check_pace(request, running)
    typed = await read_form(request)
    booked = await running.store.read(lambda transaction: _booked(transaction, reference))
    today = office_day(running.clock())
    form, errors = read_particulars(typed, booked.form, FIELDS, today, booked.year_of_birth)
    await running.store.command(lambda transaction: _save(transaction, reference, form))
    finishing = typed.get("action") != _SAVE
    if finishing:
        errors = {**missing_errors(form), **errors}
    if errors:
        return _form_page(request, reference, {**form.model_dump(), **typed}, errors)
    address = f"/letter/{reference}" if finishing else f"/form/{reference}?saved=true"
    return RedirectResponse(address, 303)


@router.get("/tag/{token}")
async def show_tag(request: Request, running: Running, token: TagToken) -> HTMLResponse:
    """Show where the tag stands, and the fields of the form that are still empty."""
    tag, form = await running.store.read(lambda transaction: _tagged(transaction, running, token))
    return _tag_page(request, token, tag, form, {}, {})


@router.post("/tag/{token}")
async def fill_tag_form(request: Request, running: Running, token: TagToken) -> Response:
    """Take the fields that were empty; the fact is the one that a bench would send."""
    check_pace(request, running)
    typed = await read_form(request)
    today = office_day(running.clock())

    def fill(transaction: Transaction) -> tuple[TagView, Particulars, Errors]:
        tag, before = _tagged(transaction, running, token)
        if tag.stage != Stage.FORM:
            return tag, before, {}
        form, errors = read_particulars(typed, before, _empty(before), today)
        if form != before:
            _report(transaction, running, token, tag.case_id, form)
        tag, _ = _tagged(transaction, running, token)
        return tag, form, errors

    tag, form, errors = await running.store.command(fill)
    if typed.get("action") != _SAVE and tag.stage == Stage.FORM:
        errors = {**missing_errors(form), **errors}
    if errors:
        return _tag_page(request, token, tag, form, typed, errors)
    return RedirectResponse(f"/tag/{token}", 303)


def _booked(transaction: Transaction, reference: str) -> _Booked:
    booking = bookings.by_reference(transaction, reference)
    return _Booked(
        bookings.form_of(transaction, booking),
        bookings.year_of_birth(transaction, booking),
        booking.case_id is not None,
    )


def _save(transaction: Transaction, reference: str, form: Particulars) -> None:
    bookings.save_form(transaction, bookings.by_reference(transaction, reference), form)


def _form_page(
    request: Request,
    reference: str,
    values: dict[str, Any],
    errors: Errors,
    *,
    saved: bool = False,
) -> HTMLResponse:
    context = {
        "reference": reference,
        "fields": describe_fields(FIELDS, values, errors),
        "errors": in_order(errors, FIELDS),
        "saved": saved,
    }
    return page(request, "form.html", context, 422 if errors else 200)


def _tagged(transaction: Transaction, running: Service, token: str) -> tuple[TagView, Particulars]:
    tag = queue.tag_by_token(transaction, _office_of(transaction, running, token), token)
    case = cases.load(transaction, tag.case_id)
    return queue.tag_view(transaction, tag), cases.open_particulars(
        transaction, case.case_id, case.particulars
    )


def _office_of(transaction: Transaction, running: Service, token: str) -> str:
    for office in running.settings.offices:
        try:
            open_token(transaction.keys.tokens, Purpose.TAG, office.code, token)
        except TokenError:
            continue
        return office.code
    raise Refusal(404, "not_found", "not a tag of this service")


def _report(
    transaction: Transaction, running: Service, token: str, case_id: UUID, form: Particulars
) -> None:
    office = _office_of(transaction, running, token)
    fact = Fact(
        id=new_id(),
        what=FormFilled(particulars=form),
        case_id=case_id,
        station=bookings.WEB,
        at=running.clock(),
    )
    facts.accept(transaction, Station(bookings.WEB, "bench", office, ""), None, fact)


def _empty(form: Particulars) -> tuple[str, ...]:
    # Who finds a slip must not read its holder's particulars: only gaps are shown and filled.
    return tuple(name for name in FIELDS if not getattr(form, name))


def _tag_page(
    request: Request,
    token: str,
    tag: TagView,
    form: Particulars,
    typed: dict[str, str],
    errors: Errors,
) -> HTMLResponse:
    names = _empty(form) if tag.stage == Stage.FORM else ()
    context = {
        "token": token,
        "tag": tag,
        "fields": describe_fields(names, typed, errors),
        "some_kept": len(names) < len(FIELDS),
        "errors": in_order(errors, FIELDS),
    }
    return page(request, "tag.html", context, 422 if errors else 200)
