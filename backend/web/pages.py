"""The public's pages: start, booking, letter, enquiry."""

from datetime import date
from io import BytesIO
from typing import Annotated, Any

import qrcode
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, slots
from backend.commands.bookings import Reason
from backend.commands.slots import FreeSlot
from backend.transaction import Refusal, Transaction
from backend.web.forms import in_order, read_form, read_who, read_wish
from backend.web.render import page
from common.domain.clock import office_day

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
    who = read_who(typed, _today(running))
    errors = dict(who.errors)
    number = who.number
    if number is not None and not errors:
        reference = await running.store.read(
            lambda transaction: bookings.find(
                transaction, number, who.year_of_birth, who.enquiry_code
            )
        )
        if reference is not None:
            return RedirectResponse(f"/letter/{reference}", 303)
        errors["identity_number"] = "error-not-found"
    return page(request, "find.html", {"typed": typed, "errors": errors}, 422)


@router.get("/letter/{reference}")
async def show_letter(request: Request, running: Running, reference: Reference) -> HTMLResponse:
    """Show the appointment letter; it prints on one page."""

    def ask(transaction: Transaction) -> dict[str, Any]:
        booking = bookings.by_reference(transaction, reference)
        form = bookings.form_of(transaction, booking)
        return {
            "reference": reference,
            "office": running.office(booking.office),
            "starts_at": booking.starts_at,
            "reason": booking.reason,
            "is_used": booking.case_id is not None,
            "form_state": _form_state(form.missing(), any(form.model_dump().values())),
        }

    return page(request, "letter.html", await running.store.read(ask))


@router.get("/letter/{reference}/qr.png")
async def letter_qr(running: Running, reference: Reference) -> Response:
    """Draw the letter's QR code."""
    token = await running.store.read(
        lambda transaction: bookings.letter_token(
            transaction, bookings.by_reference(transaction, reference)
        )
    )
    return Response(draw_qr(token), media_type="image/png")


@router.post("/letter/{reference}/cancel")
async def cancel(request: Request, running: Running, reference: Reference) -> Response:
    """Give the slot back and erase what was told."""
    check_pace(request, running)
    await read_form(request)
    await running.store.command(
        lambda transaction: bookings.cancel(
            transaction, bookings.by_reference(transaction, reference)
        )
    )
    return RedirectResponse("/cancelled", 303)


@router.get("/cancelled")
async def cancelled(request: Request) -> HTMLResponse:
    """Say that the appointment is cancelled."""
    return page(request, "cancelled.html", {})


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
    source = request.client.host if request.client is not None else ""
    running.posts.check(source, running.clock())


def draw_qr(token: str) -> bytes:
    """Draw a QR code as a PNG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
    code.add_data(token)
    out = BytesIO()
    code.make_image().save(out, "PNG")
    return out.getvalue()


def _form_state(missing: tuple[str, ...], begun: bool) -> str:
    if not missing:
        return "done"
    return "begun" if begun else "todo"


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
