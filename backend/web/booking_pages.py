"""Booking for the public: free places first, then a held place, details, letter; change, cancel."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, changes, closures, holds, slots
from backend.commands.bookings import Companion, Reason
from backend.commands.holds import Choice
from backend.commands.identity import identity
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
from backend.web.forms import Errors, read_form, read_who, turns_language
from backend.web.pages import Reference, check_pace
from backend.web.render import page
from common.domain.clock import office_day

router = APIRouter()

Token = Annotated[str, Path(min_length=20, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]

_OFFERS_HERE = 3
_OFFERS_ELSEWHERE = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the picker was asked to show."""

    office: str = ""
    day: str = ""
    people: int = 1


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
    asked = _Asked(office, day, read_people(people))
    context = await _picker(running, asked)
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
    asked = _Asked(typed.get("office", ""), typed.get("slot", "")[:10], chosen.people)
    context = await _picker(running, asked)
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
    """Go to the letter of a booking."""
    check_pace(request, running)
    typed = await read_form(request)
    if turns_language(request):
        return page(request, "find.html", {"typed": typed, "errors": {}})
    who = read_who(typed, _today(running))
    errors = dict(who.errors)
    number = who.number
    if number is not None and not errors:
        reference = await running.store.command(
            lambda transaction: bookings.find(
                transaction, running.settings.booking, number, who.year_of_birth, who.enquiry_code
            )
        )
        if reference is not None:
            return RedirectResponse(f"/letter/{reference}", 303)
        errors["identity_number"] = "error-not-found"
    return page(request, "find.html", {"typed": typed, "errors": errors}, 422)


@router.get("/letter/{reference}/change")
async def show_change(
    request: Request, running: Running, reference: Reference, office: str = "", day: str = ""
) -> HTMLResponse:
    """Show the free places for as many people as the booking is for."""
    return await _change_page(request, running, reference, _Asked(office, day), {})


@router.post("/letter/{reference}/change")
async def change(request: Request, running: Running, reference: Reference) -> Response:
    """Take the new slot and give the old one up, both or neither."""
    check_pace(request, running)
    typed = await read_form(request)
    chosen = read_choice(typed, running.settings)
    turns = turns_language(request)
    errors, choice = {} if turns else dict(chosen.errors), chosen.choice
    if choice is not None and not turns:
        new = choice

        def do(transaction: Transaction) -> bool:
            booking = bookings.by_reference(transaction, reference)
            people = len(changes.party(transaction, booking))
            moved = Choice(new.office, new.starts_at, people)
            return changes.change(transaction, running.office(booking.office), booking, moved)

        if await running.store.command(do):
            return RedirectResponse(f"/letter/{reference}", 303)
        errors["slot"] = "booking-error-just-taken"
    asked = _Asked(typed.get("office", ""), typed.get("slot", "")[:10])
    return await _change_page(request, running, reference, asked, errors)


@router.post("/letter/{reference}/cancel")
async def cancel(request: Request, running: Running, reference: Reference) -> Response:
    """Give the place back and erase what was told."""
    check_pace(request, running)
    await read_form(request)

    def do(transaction: Transaction) -> None:
        booking = bookings.by_reference(transaction, reference)
        changes.cancel(transaction, running.office(booking.office), booking)

    await running.store.command(do)
    return RedirectResponse("/cancelled", 303)


@router.get("/cancelled")
async def cancelled(request: Request) -> HTMLResponse:
    """Say that the appointment is cancelled."""
    return page(request, "cancelled.html", {})


async def _book(request: Request, running: Service, typed: dict[str, str], token: str) -> Response:
    wish, chosen, errors = read_wish(typed, running.settings, _today(running))
    if turns_language(request):
        return await _details_page(request, running, token, chosen, typed, chosen.errors)
    if wish is not None:
        asked = wish
        reference = await running.store.command(
            lambda transaction: bookings.book(
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


async def _change_page(
    request: Request, running: Service, reference: str, asked: _Asked, errors: Errors
) -> HTMLResponse:
    def ask(transaction: Transaction) -> tuple[Any, int, bool]:
        booking = bookings.by_reference(transaction, reference)
        office = running.office(booking.office)
        people = len(changes.party(transaction, booking))
        return booking, people, changes.may_change(transaction, office, booking)

    booking, people, may_change = await running.store.read(ask)
    wanted = _Asked(asked.office or booking.office, asked.day or booking.day, people)
    context = {
        **await _picker(running, wanted),
        "reference": reference,
        "booked_at": booking.starts_at,
        "booked_office": running.office(booking.office),
        "may_change": may_change,
        "typed": {},
        "errors": errors,
    }
    return page(request, "book_change.html", context, 422 if errors else 200)


async def _picker(running: Service, asked: _Asked) -> dict[str, Any]:
    """Read what the choice of office, day and slot needs."""
    if await running.store.read(holds.any_expired):
        await running.store.command(holds.release_expired)
    offices = running.settings.offices
    office = running.settings.office(asked.office) or offices[0]

    def ask(transaction: Transaction) -> dict[str, Any]:
        days = slots.free_by_day(transaction, office, asked.people)
        day = _chosen_day(days, asked.day)
        first = {
            other.code: _first_free(slots.free_by_day(transaction, other, asked.people))
            for other in offices
        }
        return {
            "offices": offices,
            "office": office,
            "people": asked.people,
            "largest_group": slots.LARGEST_GROUP,
            "first_free": first,
            "days": days,
            "day": day,
            "slots": slots.free_on(transaction, office, day, asked.people),
            "slot_text": slots.slot_text,
            "shut": closures.coming(transaction, office.code),
        }

    return await running.store.read(ask)


def _first_free(days: dict[date, int]) -> date | None:
    return next((day for day, places in days.items() if places), None)


def _chosen_day(days: dict[date, int], wanted: str) -> date:
    by_text = {day.isoformat(): day for day in days}
    return by_text.get(wanted) or _first_free(days) or next(iter(days))


def _today(running: Service) -> date:
    return office_day(running.clock())
