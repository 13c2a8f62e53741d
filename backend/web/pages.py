"""The public's pages: start and letter."""

from io import BytesIO
from typing import Annotated, Any

import qrcode
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from backend.api.access import Running, Service
from backend.commands import bookings
from backend.transaction import Refusal, Transaction
from backend.web.booking_letter import about_booking
from backend.web.render import page

router = APIRouter()

Reference = Annotated[str, Path(min_length=10, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]

_KNOWN_REFUSALS = (
    "not_found",
    "too_many_tries",
    "too_many_holds",
    "already_used",
    "not_cancellable",
    "failed",
)


@router.get("/")
async def start(request: Request) -> HTMLResponse:
    """Say how it goes, and offer one next step."""
    return page(request, "start.html", {})


@router.get("/letter/{reference}")
async def show_letter(request: Request, running: Running, reference: Reference) -> HTMLResponse:
    """Show the appointment letter; it prints on one page."""

    def ask(transaction: Transaction) -> dict[str, Any]:
        booking = bookings.by_reference(transaction, reference)
        form = bookings.form_of(transaction, booking)
        return {
            "reference": reference,
            "notices": running.settings.notices is not None,
            "office": running.office(booking.office),
            "starts_at": booking.starts_at,
            "reason": booking.reason,
            "is_used": booking.case_id is not None,
            "form_state": _form_state(form.missing(), any(form.model_dump().values())),
            **about_booking(transaction, running.office(booking.office), booking),
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
