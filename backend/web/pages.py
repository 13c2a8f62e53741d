"""The public's pages: start, booking, enquiry, and the hall's panel."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, slots
from backend.commands.bookings import Reason
from backend.commands.slots import FreeSlot
from backend.guards import source
from backend.transaction import Refusal
from backend.web.forms import in_order, read_form, read_who, read_wish, turns_language
from backend.web.render import Words, page
from common.domain.clock import office_day
from common.domain.language import Language

router = APIRouter()

Reference = Annotated[str, Path(min_length=10, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]

_BOOKING_FIELDS = (
    "office",
    "slot",
    "reason",
    "identity_number",
    "year_of_birth",
    "enquiry_code",
)
_KNOWN_REFUSALS = ("not_found", "too_many_tries", "already_used", "not_cancellable", "failed")


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """Say how it goes, and offer one next step."""
    return page(request, "start.html", {})


@router.get("/book")
async def show_booking(
    request: Request, running: Running, office: str = "", day: str = ""
) -> HTMLResponse:
    """Show days and free places first, then the form."""
    return await _booking_page(request, running, office, day, {}, {})


@router.post("/book")
async def book(request: Request, running: Running) -> Response:
    """Book a slot and go to the letter."""
    check_pace(request, running)
    typed = await read_form(request)
    if turns_language(request):
        day = typed.get("slot", "")[:10]
        return await _booking_page(request, running, typed.get("office", ""), day, typed, {})
    office = running.settings.office(typed.get("office", ""))
    wish, errors = read_wish(typed, _today(running))
    if office is None:
        errors["office"] = "error-office"
    if wish is not None and office is not None:
        chosen, asked = office, wish
        try:
            reference = await running.store.command(
                lambda transaction: bookings.book(transaction, chosen, asked)
            )
        except Refusal as refusal:
            if refusal.problem != "not_booked":
                raise
            errors["slot"] = "error-not-booked"
        else:
            return RedirectResponse(f"/letter/{reference}", 303)
    day = typed.get("slot", "")[:10]
    return await _booking_page(request, running, typed.get("office", ""), day, typed, errors)


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
        asked = number
        person, reference = await running.store.read(
            lambda transaction: (
                transaction.keys.person(str(asked)),
                bookings.find(transaction, asked, who.year_of_birth, who.enquiry_code),
            )
        )
        check_person_pace(running, person)
        if reference is not None:
            return RedirectResponse(f"/letter/{reference}", 303)
        errors["identity_number"] = "error-not-found"
    return page(request, "find.html", {"typed": typed, "errors": errors}, 422)


@router.get("/cancelled")
async def cancelled(request: Request) -> HTMLResponse:
    """Say that the appointment is cancelled."""
    return page(request, "cancelled.html", {})


@router.get("/display/{office}")
async def show_panel(request: Request, running: Running, office: str) -> HTMLResponse:
    """Show the hall's panel, in Chinese and English at once."""
    words = (Words(Language.TRADITIONAL), Words(Language.ENGLISH))
    return page(request, "display.html", {"office": running.office(office), "both": words})


async def refusal_page(request: Request, refusal: Refusal) -> Response:
    """Say no to a person, in a sentence."""
    problem = refusal.problem if refusal.problem in _KNOWN_REFUSALS else "other"
    if refusal.status == 404:
        problem = "not_found"
    elif refusal.status >= 500:
        problem = "failed"
    return page(request, "refusal.html", {"problem": problem}, refusal.status)


def check_pace(request: Request, running: Service) -> None:
    """Slow down a source that sends too many forms.

    Raises:
        Refusal: Too many within a minute.
    """
    address = source(request, running.settings.backend.trusted_proxies)
    running.posts.spend(f"from {address}", running.clock())


def check_letter_pace(running: Service, reference: str) -> None:
    """Slow down whoever sends one letter's or tag's form too often.

    It counts by letter: behind one address of a mobile network sit thousands of people, and a
    form that saves itself speaks often. Nobody guesses another letter's address.

    Raises:
        Refusal: Too many within a minute.
    """
    running.posts.spend(f"letter {reference}", running.clock())


def check_person_pace(running: Service, person: str) -> None:
    """Slow down guesses about one person, whether or not that person is known here.

    Args:
        running: The service.
        person: The keyed hash of the identity number.

    Raises:
        Refusal: Too many within ten minutes.
    """
    running.people.spend(person, running.clock())


async def _booking_page(
    request: Request,
    running: Service,
    office_code: str,
    wanted_day: str,
    typed: dict[str, str],
    errors: dict[str, str],
) -> HTMLResponse:
    office = running.settings.office(office_code) or running.settings.offices[0]
    free = await running.store.read(lambda transaction: slots.free_slots(transaction, office))
    context = {
        "offices": running.settings.offices,
        "office": office,
        "days": free,
        "day": _chosen_day(free, wanted_day),
        "reasons": list(Reason),
        "typed": typed,
        "errors": in_order(errors, _BOOKING_FIELDS),
    }
    return page(request, "book.html", context, 422 if errors else 200)


def _chosen_day(free: dict[date, tuple[FreeSlot, ...]], wanted: str) -> date:
    by_text = {day.isoformat(): day for day in free}
    with_places = (day for day, places in free.items() if places)
    return by_text.get(wanted) or next(with_places, next(iter(free)))


def _today(running: Service) -> date:
    return office_day(running.clock())
