"""What a tag's holder sees on a phone: where one is in the queue, and the gaps of the form."""

from typing import Annotated
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
    PARTS,
    Errors,
    describe_fields,
    in_order,
    missing_errors,
    read_form,
    read_particulars,
    turns_language,
)
from backend.web.pages import check_letter_pace
from backend.web.render import office_time, page
from common.domain.queue import Stage
from common.wire.facts import Fact, FormFilled, new_id
from common.wire.shapes import Particulars, TagView

router = APIRouter()

TagToken = Annotated[str, Path(min_length=20, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]

_SAVE = "save"


@router.get("/tag/{token}")
async def show_tag(request: Request, running: Running, token: TagToken) -> HTMLResponse:
    """Show where the tag stands, and the fields of the form that are still empty."""
    tag, form = await running.store.read(lambda transaction: _tagged(transaction, running, token))
    return _tag_page(request, running, token, tag, form, {}, {})


@router.post("/tag/{token}")
async def fill_tag_form(request: Request, running: Running, token: TagToken) -> Response:
    """Take the fields that were empty; the fact is the one that a bench would send."""
    check_letter_pace(running, token)
    typed = await read_form(request)
    if turns_language(request):
        tag, form = await running.store.read(lambda asked: _tagged(asked, running, token))
        return _tag_page(request, running, token, tag, form, typed, {})

    def fill(transaction: Transaction) -> tuple[TagView, Particulars, Errors]:
        tag, before = _tagged(transaction, running, token)
        if tag.stage != Stage.FORM:
            return tag, before, {}
        form, errors = read_particulars(typed, before, _empty(before), transaction.today)
        if form != before:
            _report(transaction, running, token, tag.case_id, form)
        tag, _ = _tagged(transaction, running, token)
        return tag, form, errors

    tag, form, errors = await running.store.command(fill)
    if typed.get("action") != _SAVE and tag.stage == Stage.FORM:
        errors = {**missing_errors(form), **errors}
    if errors:
        return _tag_page(request, running, token, tag, form, typed, errors)
    return RedirectResponse(f"/tag/{token}", 303)


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
    running: Service,
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
        "as_of": office_time(running.clock()),
        "fields": describe_fields(names, typed, errors),
        "parts": PARTS,
        "some_kept": len(names) < len(FIELDS),
        "errors": in_order(errors, FIELDS),
    }
    return page(request, "tag.html", context, 422 if errors else 200)
