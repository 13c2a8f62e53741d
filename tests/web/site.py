"""An office with people in every state, so that each page can be shown as it would be met."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import update

from backend.schema.tables import slots
from backend.settings import from_dict
from tests.support.backend_office import (
    OFFICERS,
    PARTICULARS,
    BackendOffice,
    office_table,
    running_office,
)

NUMBERS = ("A123456(3)", "AB987654(3)", "E364912(5)", "D288754(2)", "C668668(9)", "L555555(0)")
CODE = "2468"
FORM = {name: value for name, value in PARTICULARS.items() if value}
ISLAND = {
    "code": "ISLAND",
    "name": {"en": "Island Office", "zh-Hant": "港島辦事處", "zh-Hans": "港岛办事处"},
    "days_ahead": 2,
}


class Site:
    """The addresses of pages by name of what they show."""

    def __init__(self, office: BackendOffice) -> None:
        self.office = office
        self.address = str(office.http.base_url)
        self.pages: dict[str, str] = {
            "start": "/",
            "booking": "/book?office=HQ",
            "booking, office full": "/book?office=ISLAND",
            "enquiry": "/find",
            "status, asked": "/status",
            "cancelled": "/cancelled",
            "offline": "/offline",
            "no such page": "/letter/nothing-of-this-kind",
        }

    def book(self, number: str, slot: int = 4) -> str:
        """Book through the site itself; return the letter's reference."""
        details = {
            "office": "HQ",
            "slot": f"2026-11-24T{9 + slot // 4:02d}:{15 * (slot % 4):02d}",
            "reason": "replace",
            "identity_number": number,
            "year_of_birth": "1980",
            "enquiry_code": CODE,
        }
        answer = self.office.http.post("/book", data=details)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/letter/")

    def fill_in(self, reference: str, **form: str) -> None:
        """Fill in a form as a whole."""
        answer = self.office.http.post(f"/form/{reference}", data=form or FORM)
        assert answer.status_code == 303, answer.text


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Run an office and bring people into every state."""
    table = office_table(folder, tuple(OFFICERS))
    table["offices"] = [table.pop("office"), ISLAND]
    with running_office(from_dict(table, folder)) as office:
        site = Site(office)
        _fill_office(site)
        _letters(site)
        _tags(site)
        _cards(site)
        yield site


def _fill_office(site: Site) -> None:
    full = update(slots).where(slots.c.office == "ISLAND").values(booked=slots.c.capacity)
    site.office.store.submit(lambda transaction: transaction.connection.execute(full)).result()


def _letters(site: Site) -> None:
    new, begun, done = (site.book(number, n) for n, number in enumerate(NUMBERS[:3]))
    choice = {"office": "HQ", "slot": "2026-11-24T15:00", "people": "2"}
    held = site.office.http.post("/book", data=choice).headers["location"]
    half = {**FORM, "action": "save"}
    del half["address"], half["telephone"]
    site.office.http.post(f"/form/{begun}", data=half)
    site.fill_in(done)
    site.pages |= {
        "booking, details for two": held,
        "booking, change": f"/letter/{new}/change",
        "letter, new": f"/letter/{new}",
        "letter, form begun": f"/letter/{begun}",
        "letter, form done": f"/letter/{done}",
        "form, name": f"/form/{new}?part=name",
        "form, person": f"/form/{begun}?part=person",
        "form, contact": f"/form/{new}?part=contact&saved=true",
        "form, review with gaps": f"/form/{begun}?part=review",
        "form, review": f"/form/{done}",
    }


def _tags(site: Site) -> None:
    office = site.office
    gaps = office.tag("D288754(2)")
    called = office.registered("C668668(9)")
    waiting = office.registered("L555555(0)")
    for place, tag in (("R1", called),):
        answer = office.good("booth-1", "/v1/queue/call", {"place": place, "stages": ["booth"]})
        assert answer["tag"]["number"] == tag["number"]
    site.pages |= {
        "tag, gaps in the form": f"/tag/{gaps['token']}",
        "tag, waiting": f"/tag/{waiting['token']}",
        "tag, called": f"/tag/{called['token']}",
    }


def _cards(site: Site) -> None:
    office = site.office
    received = office.submitted("G123456(A)")
    making = office.submitted("AB123456(9)")
    decide: dict[str, Any] = {"decision": "approve"}
    office.good("booth-1", f"/v1/cases/{making}/decide", decide, officer="assessor")
    refused = office.submitted("WX123456(9)")
    decide = {"decision": "refuse", "reason": "documents"}
    office.good("booth-1", f"/v1/cases/{refused}/decide", decide, officer="assessor")
    ready, _ = office.stored("A555555(0)")
    cases = {"received": received, "making": making, "refused": refused, "ready": ready}
    for name, case in cases.items():
        site.pages[f"status, {name}"] = f"/status/{office.find(case)['receipt_token']}"
