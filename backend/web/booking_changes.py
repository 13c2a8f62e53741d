"""Changing and cancelling an appointment, from its letter."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, changes, wishes
from backend.commands.holds import Choice
from backend.transaction import Transaction
from backend.web.booking_forms import read_choice
from backend.web.booking_picker import Asked, picker
from backend.web.forms import Errors, read_form
from backend.web.pages import Reference, check_pace
from backend.web.render import page

router = APIRouter()


@router.get("/letter/{reference}/change")
async def show_change(
    request: Request, running: Running, reference: Reference, office: str = "", day: str = ""
) -> HTMLResponse:
    """Show the free places for as many people as the booking is for."""
    return await _change_page(request, running, reference, Asked(office, day), {})


@router.post("/letter/{reference}/change")
async def change(request: Request, running: Running, reference: Reference) -> Response:
    """Take the new slot and give the old one up, both or neither."""
    check_pace(request, running)
    typed = await read_form(request)
    chosen = read_choice(typed, running.settings)
    errors, choice = dict(chosen.errors), chosen.choice
    if choice is not None:
        new = choice

        def do(transaction: Transaction) -> bool:
            booking = bookings.by_reference(transaction, reference)
            people = len(changes.party(transaction, booking))
            moved = Choice(new.office, new.starts_at, people)
            office = running.office(booking.office)
            done = changes.change(transaction, office, booking, moved)
            _offer_freed(transaction, running)
            return done

        if await running.store.command(do):
            return RedirectResponse(f"/letter/{reference}", 303)
        errors["slot"] = "booking-error-just-taken"
    asked = Asked(typed.get("office", ""), typed.get("slot", "")[:10])
    return await _change_page(request, running, reference, asked, errors)


@router.post("/letter/{reference}/cancel")
async def cancel(request: Request, running: Running, reference: Reference) -> Response:
    """Give the place back and erase what was told."""
    check_pace(request, running)
    await read_form(request)

    def do(transaction: Transaction) -> None:
        booking = bookings.by_reference(transaction, reference)
        changes.cancel(transaction, running.office(booking.office), booking)
        _offer_freed(transaction, running)

    await running.store.command(do)
    return RedirectResponse("/cancelled", 303)


@router.get("/cancelled")
async def cancelled(request: Request) -> HTMLResponse:
    """Say that the appointment is cancelled."""
    return page(request, "cancelled.html", {})


def _offer_freed(transaction: Transaction, running: Service) -> None:
    # In the same transaction, so that who waits is served before who is quick.
    wishes.offer_places(transaction, running.settings.booking, running.settings.offices)


async def _change_page(
    request: Request, running: Service, reference: str, asked: Asked, errors: Errors
) -> HTMLResponse:
    def ask(transaction: Transaction) -> tuple[Any, int, bool]:
        booking = bookings.by_reference(transaction, reference)
        office = running.office(booking.office)
        people = len(changes.party(transaction, booking))
        return booking, people, changes.may_change(transaction, office, booking)

    booking, people, may_change = await running.store.read(ask)
    wanted = Asked(asked.office or booking.office, asked.day or booking.day, people)
    context = {
        **await picker(running, wanted),
        "reference": reference,
        "booked_at": booking.starts_at,
        "booked_office": running.office(booking.office),
        "may_change": may_change,
        "typed": {},
        "errors": errors,
    }
    return page(request, "book_change.html", context, 422 if errors else 200)
