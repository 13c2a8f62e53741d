"""The appointment letter: a page that prints on one sheet, a PDF, a calendar entry, a QR code."""

import asyncio
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import qrcode
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running, Service
from backend.commands import bookings, notices
from backend.notices.outbox import About
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from backend.web.booking_letter import about_booking
from backend.web.calendar_file import Appointment, calendar_file
from backend.web.forms import Errors, read_form, turns_language
from backend.web.letter_pdf import Letter, letter_pdf
from backend.web.pages import Reference, check_letter_pace
from backend.web.render import Words, choose_language, page
from common.domain.contact import ContactError, mail_address
from common.domain.language import OfficeLanguage
from common.domain.notice import Channel

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Booked:
    """What the letter says, and the token in its code. It holds no particulars."""

    office: OfficeSettings
    starts_at: datetime
    reason: str
    token: str
    is_used: bool
    is_past: bool
    form_state: str
    booking: dict[str, Any]


@router.get("/letter/{reference}")
async def show_letter(
    request: Request, running: Running, reference: Reference, mailed: bool = False
) -> HTMLResponse:
    """Show the appointment letter."""
    return await _letter_page(request, running, reference, {}, {}, mailed=mailed)


@router.post("/letter/{reference}/mail")
async def mail_letter(request: Request, running: Running, reference: Reference) -> Response:
    """Mail the letter once, to an address given for just this and with consent."""
    check_letter_pace(running, reference)
    typed = await read_form(request)
    if not _offers_mail(running):
        raise Refusal(404, "not_found", "no notices are sent")
    errors: Errors = {}
    address = ""
    try:
        address = mail_address(typed.get("mail_address", ""))
    except ContactError:
        errors["mail_address"] = "error-mail"
    if not typed.get("mail_consent"):
        errors["mail_consent"] = "error-letter-consent"
    if errors or turns_language(request):
        told = {} if turns_language(request) else errors
        return await _letter_page(request, running, reference, typed, told)
    language = choose_language(request)
    await running.store.command(
        lambda transaction: notices.queue_letter(
            transaction, bookings.by_reference(transaction, reference), address, language
        )
    )
    return RedirectResponse(f"/letter/{reference}?mailed=true", 303)


async def _letter_page(
    request: Request,
    running: Service,
    reference: str,
    typed: dict[str, str],
    errors: Errors,
    *,
    mailed: bool = False,
) -> HTMLResponse:
    booked = await _booked(running, reference)
    shown = {field.name: getattr(booked, field.name) for field in fields(booked)}
    context = {
        "reference": reference,
        "notices": running.settings.notices is not None,
        "mail": _offers_mail(running),
        "mailed": mailed,
        "typed": typed,
        "errors": errors,
        **shown,
        **booked.booking,
    }
    return page(request, "letter.html", context, 422 if errors else 200)


def _offers_mail(running: Service) -> bool:
    offered = running.settings.notices
    return offered is not None and Channel.MAIL in offered.channels


@router.get("/letter/{reference}/qr.png")
async def letter_qr(running: Running, reference: Reference) -> Response:
    """Draw the letter's QR code."""
    booked = await _booked(running, reference)
    return Response(draw_qr(booked.token), media_type="image/png")


@router.get("/letter/{reference}/letter.pdf")
async def letter_as_pdf(request: Request, running: Running, reference: Reference) -> Response:
    """Draw the letter as a PDF of one sheet."""
    booked = await _booked(running, reference)
    words = Words(choose_language(request))
    letter = Letter(words, booked.office, booked.starts_at, booked.reason, booked.token)
    pdf = await asyncio.to_thread(letter_pdf, letter)
    return _as_file(pdf, "application/pdf", "appointment-letter.pdf")


@router.get("/letter/{reference}/appointment.ics")
async def letter_as_calendar_entry(
    request: Request, running: Running, reference: Reference
) -> Response:
    """Write the appointment for a calendar. The letter's address is not in it."""
    booked = await _booked(running, reference)
    words = Words(choose_language(request))
    appointment = Appointment(words, booked.office, booked.starts_at, reference, running.clock())
    ics = calendar_file(appointment).encode()
    return _as_file(ics, "text/calendar; charset=utf-8", "appointment.ics")


def mailed_letter(about: About, office: OfficeSettings, language: OfficeLanguage) -> bytes:
    """Draw the letter that goes with a mail."""
    starts_at = about.starts_at or datetime.min.replace(tzinfo=UTC)
    words = Words(language)
    return letter_pdf(Letter(words, office, starts_at, about.reason, about.letter_token))


def draw_qr(token: str) -> bytes:
    """Draw a QR code as a PNG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
    code.add_data(token)
    out = BytesIO()
    code.make_image().save(out, "PNG")
    return out.getvalue()


async def _booked(running: Service, reference: str) -> _Booked:
    def ask(transaction: Transaction) -> _Booked:
        booking = bookings.by_reference(transaction, reference)
        form = bookings.form_of(transaction, booking)
        return _Booked(
            office=running.office(booking.office),
            starts_at=booking.starts_at,
            reason=booking.reason,
            token=bookings.letter_token(transaction, booking),
            is_used=booking.case_id is not None,
            is_past=booking.day < transaction.today.isoformat() and not booking.carried_from,
            form_state=_form_state(form.missing(), any(form.model_dump().values())),
            booking=about_booking(transaction, running.office(booking.office), booking),
        )

    return await running.store.read(ask)


def _form_state(missing: tuple[str, ...], begun: bool) -> str:
    if not missing:
        return "done"
    return "begun" if begun else "todo"


def _as_file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
