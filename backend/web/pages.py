"""The public's pages: the start, refusals, and how often one may ask."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from backend.api.access import Service
from backend.guards import source
from backend.transaction import Refusal
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
