"""Two real offices with few places, so that people get in each other's way."""

import re
from pathlib import Path
from typing import Any

import httpx

from backend.settings import OfficeSettings, Settings, from_dict
from common.domain.identity_number import IdentityNumber
from tests.support.backend_office import BackendOffice, office_table

SMALL: dict[str, Any] = {
    "name": {"en": "Office", "zh-Hant": "辦事處", "zh-Hans": "办事处"},
    "opens": "09:00:00",
    "closes": "11:00:00",
    "slot_minutes": 30,
    "slot_capacity": 8,
    "walk_in_percent": 25,
    "group_percent": 25,
    "days_ahead": 3,
    "carried_per_hour": 3,
}
DAY = "2026-11-24"
SLOT = f"{DAY}T09:30"


def small_office(code: str, **changed: Any) -> OfficeSettings:
    """An office of four slots a day, each with 4 appointments, 2 group places, 2 walk-ins."""
    return OfficeSettings.model_validate({"code": code, **SMALL, **changed})


def two_offices(folder: Path, booking: dict[str, Any] | None = None, **more: Any) -> Settings:
    """A backend of the offices HQ and EAST, with an officer who may close HQ."""
    table = office_table(folder, ["reg-officer"], **more)
    del table["office"]
    table["offices"] = [{"code": code, **SMALL} for code in ("HQ", "EAST")]
    table["booking"] = booking or {}
    for station in table["stations"]:
        station["office"] = "HQ"
    chief = {"id": "chief", "display_name": "Chief", "roles": ["supervisor"]}
    table["officers"].append({**chief, "password": "file:password"})
    settings = from_dict(table, folder)
    # The backend may stand on a quick database; its offices keep real hours.
    offices = [office.model_copy(update={"demo": False}) for office in settings.offices]
    return settings.model_copy(update={"offices": tuple(offices)})


def number(n: int) -> str:
    """The n-th invented identity card number."""
    return str(IdentityNumber("A", f"{n:06d}"))


def person(n: int = 1, **changed: str) -> dict[str, str]:
    """What the n-th invented person types on the details page."""
    return {
        "identity_number": number(n),
        "year_of_birth": "1980",
        "enquiry_code": "2468",
        "reason": "replace",
        **changed,
    }


def hold(
    office: BackendOffice, slot: str = SLOT, code: str = "HQ", people: int = 1, **more: str
) -> httpx.Response:
    """Choose a slot."""
    typed = {"office": code, "slot": slot, "people": str(people), **more}
    return office.http.post("/book", data=typed)


def hidden(html: str) -> dict[str, str]:
    """Read the hidden fields of a page."""
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', html))


def book(
    office: BackendOffice, n: int = 1, slot: str = SLOT, code: str = "HQ", **changed: str
) -> str:
    """Book as a browser does and return the letter's address."""
    details = hold(office, slot, code, int(changed.pop("people", "1"))).headers["location"]
    page = office.http.get(details)
    answer = office.http.post(details, data={**hidden(page.text), **person(n, **changed)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def offered(html: str) -> list[str]:
    """Return the slots that a page offers, with their offices."""
    return re.findall(r'type="radio" name="slot" value="([^"]+)"', html)
