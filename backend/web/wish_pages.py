"""The wait list for the public: leave a wish, see what is offered, take it or let it go."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import wishes
from backend.commands.bookings import Reason
from backend.commands.party import Visitor
from backend.commands.wishes import WaitWish
from backend.settings import Settings
from backend.transaction import Transaction
from backend.web.forms import Errors, in_order, read_many, read_who
from backend.web.pages import Reference, check_pace
from backend.web.render import page
from common.domain.clock import office_day

router = APIRouter()

_FIELDS = (
    "offices",
    "earliest_day",
    "reason",
    "identity_number",
    "year_of_birth",
    "enquiry_code",
)


@router.get("/wish")
async def show_form(request: Request, running: Running) -> HTMLResponse:
    """Ask what a person would take."""
    return _form_page(request, running, {}, {})


@router.post("/wish")
async def leave(request: Request, running: Running) -> Response:
    """Keep the wish and show it."""
    check_pace(request, running)
    typed, many = await read_many(request, "offices")
    today = office_day(running.clock())
    wish, errors = _read(typed, many, running.settings, today)
    if wish is not None:
        asked = wish

        def do(transaction: Transaction) -> str | None:
            text = wishes.leave(transaction, running.settings.booking, asked)
            _offer(transaction, running)
            return text

        reference = await running.store.command(do)
        if reference is not None:
            return RedirectResponse(f"/wish/{reference}", 303)
        errors = {"identity_number": "booking-error-wish"}
    return _form_page(request, running, {**typed, "offices": many}, errors)


@router.get("/wish/{reference}")
async def show_wish(request: Request, running: Running, reference: Reference) -> HTMLResponse:
    """Show what is offered, or that the wish waits."""

    def ask(transaction: Transaction) -> dict[str, Any]:
        wish = wishes.by_reference(transaction, reference)
        offer = wishes.offer_of(transaction, wish)
        wanted = [one for one in running.settings.offices if one.code in wish.offices.split()]
        return {
            "reference": reference,
            "offices": wanted,
            "earliest_day": date.fromisoformat(wish.earliest_day),
            "offer": offer,
            "office": None if offer is None else running.office(offer.office),
        }

    return page(request, "wish.html", await running.store.read(ask))


@router.post("/wish/{reference}/accept")
async def accept(request: Request, running: Running, reference: Reference) -> Response:
    """Book the offered place; the wish's address becomes the letter's."""

    def do(transaction: Transaction) -> bool:
        wish = wishes.by_reference(transaction, reference)
        done = wishes.accept(transaction, running.settings.offices, wish)
        if not done:
            _offer(transaction, running)
        return done

    check_pace(request, running)
    await read_many(request)
    taken = await running.store.command(do)
    return RedirectResponse(f"/{'letter' if taken else 'wish'}/{reference}", 303)


@router.post("/wish/{reference}/decline")
async def decline(request: Request, running: Running, reference: Reference) -> Response:
    """Let the offered place go and wait on."""

    def do(transaction: Transaction) -> None:
        wishes.decline(transaction, wishes.by_reference(transaction, reference))

    check_pace(request, running)
    await read_many(request)
    await running.store.command(do)
    return RedirectResponse(f"/wish/{reference}", 303)


@router.post("/wish/{reference}/end")
async def end(request: Request, running: Running, reference: Reference) -> Response:
    """Wait no longer; what was told is erased."""

    def do(transaction: Transaction) -> None:
        wishes.end(transaction, wishes.by_reference(transaction, reference))
        _offer(transaction, running)

    check_pace(request, running)
    await read_many(request)
    await running.store.command(do)
    return RedirectResponse("/cancelled", 303)


def _offer(transaction: Transaction, running: Service) -> None:
    wishes.offer_places(transaction, running.settings.booking, running.settings.offices)


def _read(
    typed: Mapping[str, str], codes: list[str], settings: Settings, today: date
) -> tuple[WaitWish | None, Errors]:
    errors: Errors = {}
    if not codes or any(settings.office(code) is None for code in codes):
        errors["offices"] = "error-office"
    earliest = today
    try:
        earliest = date.fromisoformat(typed.get("earliest_day") or today.isoformat())
    except ValueError:
        errors["earliest_day"] = "booking-error-day"
    if typed.get("reason") not in set(Reason):
        errors["reason"] = "error-reason"
    who = read_who(typed, today)
    errors |= who.errors
    if errors or who.number is None:
        return None, in_order(errors, _FIELDS)
    visitor = Visitor(who.number, who.year_of_birth)
    reason = Reason(typed["reason"])
    return WaitWish(visitor, who.enquiry_code, reason, tuple(codes), earliest), {}


def _form_page(
    request: Request, running: Service, typed: Mapping[str, Any], errors: Errors
) -> HTMLResponse:
    context = {
        "offices": running.settings.offices,
        "reasons": list(Reason),
        "typed": typed,
        "errors": errors,
    }
    return page(request, "wish_form.html", context, 422 if errors else 200)
