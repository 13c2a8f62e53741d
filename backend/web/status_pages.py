"""Is my card ready: by the receipt's QR code, or by what was given when booking."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from backend.api.access import Running
from backend.commands import status
from backend.commands.status import Progress
from backend.web.forms import in_order, read_form, read_who, turns_language
from backend.web.pages import check_pace
from backend.web.render import page
from common.domain.clock import office_day

router = APIRouter()

ReceiptToken = Annotated[str, Path(min_length=20, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]

_FIELDS = ("identity_number", "year_of_birth", "enquiry_code")
_STEPS = (Progress.RECEIVED, Progress.MAKING, Progress.READY, Progress.COLLECTED)


@router.get("/status")
async def ask_status(request: Request) -> HTMLResponse:
    """Ask for what was given when booking."""
    return page(request, "status.html", {"typed": {}, "errors": {}})


@router.post("/status")
async def find_status(request: Request, running: Running) -> Response:
    """Go to the status of a card. Whatever does not agree is answered in the same words."""
    check_pace(request, running)
    typed = await read_form(request)
    if turns_language(request):
        return page(request, "status.html", {"typed": typed, "errors": {}})
    who = read_who(typed, office_day(running.clock()))
    errors = in_order(who.errors, _FIELDS)
    if who.number is not None and not errors:
        number = who.number
        token = await running.store.command(
            lambda transaction: status.by_code(
                transaction, running.settings.booking, number, who.year_of_birth, who.enquiry_code
            )
        )
        if token is not None:
            return RedirectResponse(f"/status/{token}", 303)
        errors["identity_number"] = "error-no-application"
    return page(request, "status.html", {"typed": typed, "errors": errors}, 422)


@router.get("/status/{token}")
async def show_status(request: Request, running: Running, token: ReceiptToken) -> HTMLResponse:
    """Show how far the card is."""
    offices = tuple(office.code for office in running.settings.offices)
    found = await running.store.read(lambda asked: status.by_receipt(asked, offices, token))
    moved_from = None if found.moved_from is None else running.office(found.moved_from)
    reached = _STEPS.index(found.progress) if found.progress in _STEPS else -1
    context = {
        "status": found,
        "steps_of_card": list(enumerate(_STEPS)),
        "reached": reached,
        "office": running.office(found.office),
        "moved_from": moved_from,
    }
    return page(request, "status_card.html", context)
