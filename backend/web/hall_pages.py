"""The hall's two pages: the panel that hangs in it, and how busy it is, seen from afar."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from backend.api.access import Running
from backend.commands.panel import display_state
from backend.commands.stations import SERVING
from backend.web.render import Words, page
from common.domain.language import Language
from common.domain.waits import ENOUGH
from common.wire.live import OfficeLive, StationState

router = APIRouter()

_KINDS = ("tag", "bench", "registration", "booth", "collection")


@dataclass(frozen=True, slots=True)
class _Services:
    """How many stations of one kind work, and how many do not."""

    kind: str
    well: int
    out: int


@router.get("/display/{office}")
async def show_panel(request: Request, running: Running, office: str) -> HTMLResponse:
    """Show the hall's panel, in Chinese and English at once."""
    here = running.office(office)
    state = await running.store.read(lambda transaction: display_state(transaction, here))
    words = (Words(Language.TRADITIONAL), Words(Language.ENGLISH))
    return page(request, "display.html", {"office": here, "both": words, "state": state})


@router.get("/office/{office}")
async def show_office(request: Request, running: Running, office: str) -> HTMLResponse:
    """Show how busy an office is, to who thinks of going there."""
    here = running.office(office)
    look = await running.looks.at(running.store, here, running.clock())
    context = {
        "office": here,
        "live": look.live,
        "waits": look.waits,
        "services": _services(look.live),
        "enough": ENOUGH,
    }
    return page(request, "office_live.html", context)


def _services(seen: OfficeLive) -> list[_Services]:
    found = []
    for kind in _KINDS:
        states = [
            station.state in SERVING and not station.is_silent
            for station in seen.stations
            if station.kind == kind and station.state is not StationState.CLOSED
        ]
        if states:
            found.append(_Services(kind, sum(states), len(states) - sum(states)))
    return found
