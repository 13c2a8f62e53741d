"""The application form at home, by the letter: short parts, kept as they are typed, then a review.

Nothing of it runs out while the booking stands; who closes the page goes on where the gaps are.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from backend.api.access import Running
from backend.commands import bookings
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
from backend.web.pages import Reference, check_letter_pace
from backend.web.render import Words, choose_language, page
from common.wire.shapes import Particulars

router = APIRouter()

REVIEW = "review"
_ORDER = (*PARTS, REVIEW)
_SAVE, _NEXT = "save", "next"

PartName = Annotated[str, Query(max_length=20)]


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a form held once the typed fields were read over it."""

    form: Particulars
    errors: Errors


@router.get("/form/{reference}")
async def show_form(
    request: Request,
    running: Running,
    reference: Reference,
    part: PartName = "",
    saved: bool = False,
) -> HTMLResponse:
    """Show one part of the form; without a name, the first part that has a gap."""
    form = await running.store.read(lambda transaction: _form(transaction, reference))
    shown = part if part in _ORDER else _first_gap(form)
    return _form_page(request, reference, shown, form, {}, {}, saved=saved)


@router.post("/form/{reference}")
async def fill_form(request: Request, running: Running, reference: Reference) -> Response:
    """Keep what is right.

    action "save" stays, "next" goes to the next part, "finish" checks the whole form and leads
    back to the letter. A script that saves while one types asks for JSON.
    """
    check_letter_pace(running, reference)
    typed = await read_form(request)
    action = _SAVE if turns_language(request) else typed.get("action", "")
    part = typed.get("part", REVIEW)

    def fill(transaction: Transaction) -> _Filled:
        return _fill(transaction, reference, typed, is_finishing=action not in (_SAVE, _NEXT))

    filled = await running.store.command(fill)
    if "application/json" in request.headers.get("accept", ""):
        return _told(request, filled)
    if filled.errors:
        shown = part if part in PARTS and set(filled.errors) <= set(PARTS[part]) else REVIEW
        return _form_page(request, reference, shown, filled.form, typed, filled.errors)
    if turns_language(request):
        return _form_page(request, reference, part, filled.form, typed, {})
    if action == _SAVE:
        address = f"/form/{reference}?part={_known(part)}&saved=true"
    elif action == _NEXT:
        address = f"/form/{reference}?part={_after(part)}"
    else:
        address = f"/letter/{reference}"
    return RedirectResponse(address, 303)


def _form(transaction: Transaction, reference: str) -> Particulars:
    booking = bookings.by_reference(transaction, reference)
    if booking.case_id is not None:
        raise Refusal(409, "already_used")
    return bookings.form_of(transaction, booking)


def _fill(
    transaction: Transaction, reference: str, typed: dict[str, str], *, is_finishing: bool
) -> _Filled:
    # Read and written in one command: two saves at the same moment lose nothing of each other.
    before = _form(transaction, reference)
    booking = bookings.by_reference(transaction, reference)
    year = bookings.year_of_birth(transaction, booking)
    form, errors = read_particulars(typed, before, FIELDS, transaction.today, year)
    if is_finishing:
        errors = {**missing_errors(form), **errors}
    is_finished = is_finishing and not errors
    if form != before or is_finished:
        bookings.save_form(transaction, booking, form, is_finished=is_finished)
    return _Filled(form, errors)


def _told(request: Request, filled: _Filled) -> JSONResponse:
    words = Words(choose_language(request))
    return JSONResponse({"errors": {name: words(key) for name, key in filled.errors.items()}})


def _known(part: str) -> str:
    return part if part in _ORDER else REVIEW


def _after(part: str) -> str:
    return _ORDER[min(_ORDER.index(_known(part)) + 1, len(_ORDER) - 1)]


def _first_gap(form: Particulars) -> str:
    missing = set(form.missing())
    return next((part for part, names in PARTS.items() if missing & set(names)), REVIEW)


def _form_page(
    request: Request,
    reference: str,
    part: str,
    form: Particulars,
    typed: dict[str, str],
    errors: Errors,
    *,
    saved: bool = False,
) -> HTMLResponse:
    part = _known(part)
    values: dict[str, Any] = {**form.model_dump(), **typed}
    context: dict[str, Any] = {
        "reference": reference,
        "part": part,
        "position": _ORDER.index(part) + 1,
        "total": len(_ORDER),
        "previous": _ORDER[_ORDER.index(part) - 1] if part != _ORDER[0] else None,
        "saved": saved,
        "errors": in_order(errors, FIELDS),
        "parts": PARTS,
        "part_of": {name: key for key, names in PARTS.items() for name in names},
    }
    if part == REVIEW:
        context["fields"] = describe_fields(FIELDS, form.model_dump(), errors)
        context["date_of_birth"] = form.date_of_birth
        context["missing"] = form.missing()
    else:
        context["fields"] = describe_fields(PARTS[part], values, errors)
    template = "review.html" if part == REVIEW else "form.html"
    return page(request, template, context, 422 if errors else 200)
