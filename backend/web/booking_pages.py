"""Booking for the public: free places first, then a held place, the details, and the letter."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import holds, party, slots, wishes
from backend.commands.bookings import Reason
from backend.commands.holds import Choice
from backend.commands.identity import identity
from backend.commands.party import Visitor
from backend.guards import source
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from backend.web.booking_forms import (
    PERSONAL,
    Chosen,
    read_choice,
    read_people,
    read_wish,
    slot_value,
)
from backend.web.booking_picker import Asked, picker
from backend.web.forms import Errors, read_form, read_who, turns_language
from backend.web.pages import check_pace
from backend.web.render import page
from common.domain.clock import office_day
from common.domain.queue import Companion

router = APIRouter()

Token = Annotated[str, Path(min_length=20, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]

_OFFERS_HERE = 3
_OFFERS_ELSEWHERE = 2


@router.get("/book")
async def show_places(
    request: Request,
    running: Running,
    office: str = "",
    day: str = "",
    people: str = "",
    hold: str = "",
) -> HTMLResponse:
    """Show the free places of every office before anything is asked."""
    asked = Asked(office, day, read_people(people))
    context = await picker(running, asked)
    return page(request, "book.html", {**context, "hold": hold, "typed": {}, "errors": {}})


@router.post("/book")
async def choose(request: Request, running: Running) -> Response:
    """Hold the chosen slot and go on to the details; details that come along are booked at once."""
    check_pace(request, running)
    typed = await read_form(request)
    if any(name in typed for name in PERSONAL):
        return await _book(request, running, typed, "")
    chosen = read_choice(typed, running.settings)
    turns = turns_language(request)
    errors, choice = {} if turns else dict(chosen.errors), chosen.choice
    if choice is not None and not turns:
        token = await _hold(request, running, choice, typed.get("hold", ""))
        if token is not None:
            return RedirectResponse(f"/book/{token}", 303)
        errors["slot"] = "booking-error-just-taken"
    asked = Asked(typed.get("office", ""), typed.get("slot", "")[:10], chosen.people)
    context = await picker(running, asked)
    more = {"hold": typed.get("hold", ""), "typed": typed, "errors": errors}
    return page(request, "book.html", {**context, **more}, 422 if errors else 200)


@router.get("/book/{token}")
async def show_details(request: Request, running: Running, token: Token) -> HTMLResponse:
    """Ask who comes; coming back here keeps the place."""
    chosen = await running.store.command(lambda transaction: _keep(transaction, running, token))
    return await _details_page(request, running, token, chosen, {}, {})


@router.post("/book/{token}")
async def book(request: Request, running: Running, token: Token) -> Response:
    """Turn the held place into a booking and go to the letter."""
    check_pace(request, running)
    return await _book(request, running, await read_form(request), token)


@router.post("/book/{token}/keep")
async def keep(request: Request, running: Running, token: Token) -> Response:
    """Keep the place while somebody types; the page's script says so once a minute."""
    check_pace(request, running)
    await read_form(request)
    await running.store.command(lambda transaction: _keep(transaction, running, token))
    return Response(status_code=204)


@router.get("/find")
async def show_enquiry(request: Request) -> HTMLResponse:
    """Ask for what was given when booking."""
    return page(request, "find.html", {"typed": {}, "errors": {}})


@router.post("/find")
async def enquire(request: Request, running: Running) -> Response:
    """Go to the letter of a booking, or to the wish that still waits."""
    check_pace(request, running)
    typed = await read_form(request)
    if turns_language(request):
        return page(request, "find.html", {"typed": typed, "errors": {}})
    who = read_who(typed, _today(running))
    errors = dict(who.errors)
    if who.number is not None and not errors:
        visitor = Visitor(who.number, who.year_of_birth)
        found = await running.store.command(
            lambda transaction: wishes.find(
                transaction, running.settings.booking, visitor, who.enquiry_code
            )
        )
        if found is not None:
            return RedirectResponse(f"/{found}", 303)
        errors["identity_number"] = "error-not-found"
    return page(request, "find.html", {"typed": typed, "errors": errors}, 422)


async def _book(request: Request, running: Service, typed: dict[str, str], token: str) -> Response:
    wish, chosen, errors = read_wish(typed, running.settings, _today(running))
    if turns_language(request):
        return await _details_page(request, running, token, chosen, typed, chosen.errors)
    if wish is not None:
        asked = wish
        reference = await running.store.command(
            lambda transaction: party.book(
                transaction,
                running.settings.booking,
                transaction.keys.source(source(request, running.settings.backend.trusted_proxies)),
                asked,
                token,
            )
        )
        if reference is not None:
            return RedirectResponse(f"/letter/{reference}", 303)
        errors = {"slot": "error-not-booked"}
    elif token:
        person = read_who(typed, _today(running)).number

        def stay(transaction: Transaction) -> Chosen:
            if person is not None:
                holds.of_person(transaction, token, identity(person).person(transaction))
            return _keep(transaction, running, token)

        kept = await running.store.command(stay)
        if kept.choice == chosen.choice:
            errors = {**kept.errors, **errors}
    return await _details_page(request, running, token, chosen, typed, errors)


async def _hold(request: Request, running: Service, choice: Choice, token: str) -> str | None:
    return await running.store.command(
        lambda transaction: holds.hold(
            transaction,
            running.settings.booking,
            transaction.keys.source(source(request, running.settings.backend.trusted_proxies)),
            choice,
            token,
        )
    )


def _keep(transaction: Transaction, running: Service, token: str) -> Chosen:
    """Keep a hold; the choice is None where its places went to somebody else meanwhile."""
    rules, offices = running.settings.booking, running.settings.offices
    found = holds.keep(transaction, rules, offices, token)
    office = running.office(found.office)
    choice = Choice(office, found.starts_at, found.people)
    lost = {} if holds.is_live(found) else {"slot": "booking-error-just-taken"}
    return Chosen(office, choice, found.people, lost)


async def _details_page(
    request: Request,
    running: Service,
    token: str,
    chosen: Chosen,
    typed: dict[str, str],
    errors: Errors,
) -> HTMLResponse:
    errors = {**chosen.errors, **errors}
    office = chosen.office or running.settings.offices[0]
    offers: list[Choice] = []
    if {"slot", "office"} & errors.keys():
        offers = await running.store.read(
            lambda transaction: _offers(transaction, running, office, chosen)
        )
    context = {
        "token": token,
        "choice": chosen.choice,
        "people": chosen.people,
        "offers": offers,
        "slot_value": slot_value,
        "hold_minutes": running.settings.booking.hold_minutes,
        "reasons": list(Reason),
        "companions": list(Companion),
        "typed": typed,
        "errors": errors,
    }
    return page(request, "book_details.html", context, 422 if errors else 200)


def _offers(
    transaction: Transaction, running: Service, office: OfficeSettings, chosen: Chosen
) -> list[Choice]:
    """Return the next free slots, this office's first; the chosen one is shown by itself."""
    others = [one for one in running.settings.offices if one is not office]
    found: list[Choice] = []
    for one, most in ((office, _OFFERS_HERE), *((one, _OFFERS_ELSEWHERE) for one in others)):
        for free in slots.next_free(transaction, one, chosen.people, most):
            offer = Choice(one, free.starts_at, chosen.people)
            found += [offer] if offer != chosen.choice else []
    return found


def _today(running: Service) -> date:
    return office_day(running.clock())
