"""Every branch of the tag kiosk's question to the office, over HTTP, on both stores."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from backend.commands import bookings
from backend.schema.tables import tags
from common.domain.clock import OFFICE_ZONE
from common.wire.booking import ClosureReason
from tests.support.backend_office import PARTICULARS, running_office
from tests.support.booking_office import book, number, two_offices

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=OFFICE_ZONE)


@pytest.fixture
def office(tmp_path, database):
    with _running(tmp_path, database=database) as running:
        yield running


@pytest.fixture
def small_office(tmp_path):
    """The same on SQLite alone, for rules that write nothing of their own."""
    with _running(tmp_path) as running:
        yield running


@contextmanager
def _running(folder, **backend):
    settings = two_offices(folder, **backend)
    for one in settings.offices:
        one.address.update(dict.fromkeys(one.name, f"1 {one.code} Road"))
    with running_office(settings) as running:
        yield running


def ask(office, n: int, by: str = "card", **more: Any) -> Any:
    body: dict[str, Any] = {"by": by, "identity_number": number(n), **more}
    if by == "number":
        body = {"year_of_birth": 1980, **body}
    return office.good(more.pop("station", "tag-1"), "/v1/tags", body)


def letter(office, page: str) -> str:
    """Make the code of the letter at an address; the web's own tests read it from the picture."""
    reference = page.rpartition("/")[2]
    return str(
        office.store.ask(lambda t: bookings.letter_token(t, bookings.by_reference(t, reference)))
    )


def by_letter(office, token: str, **more: Any) -> Any:
    return office.good("tag-1", "/v1/tags", {"by": "letter", "letter_token": token, **more})


def slot(office, n: int, starts_at: str | None, **more: Any) -> Any:
    body = {"by": "card", "identity_number": number(n), "starts_at": starts_at, **more}
    return office.good("tag-1", "/v1/tags/slot", body)


def at(office, hour: int, minute: int = 0, day: int = 24) -> None:
    office.clock.moment = TUESDAY.replace(day=day, hour=hour, minute=minute)


def fill_today(office) -> None:
    """Let today's places for walk-ins be taken."""
    with_none = text("UPDATE slots SET capacity = 0 WHERE quota = 'walk_in'")
    office.store.submit(lambda t: t.connection.execute(with_none)).result()


def test_the_moment_of_coming_is_told_beside_the_tag(small_office):
    pages = [book(small_office, n, "2026-11-24T09:30") for n in range(1, 5)]
    tokens = [letter(small_office, page) for page in pages]
    at(small_office, 9)
    early = by_letter(small_office, tokens[0])
    assert (early["outcome"], early["arrival"]) == ("issued", "early")
    assert early["slot"].endswith("01:30:00Z")
    assert early["be_back_at"].endswith("01:20:00Z")
    at(small_office, 9, 40)
    assert by_letter(small_office, tokens[1])["arrival"] == "on_time"
    at(small_office, 10, 0)
    late = ask(small_office, 3, "number")
    assert (late["arrival"], late["tag"]["service"]) == ("late", "A")
    at(small_office, 10, 1)
    assert by_letter(small_office, tokens[3])["arrival"] == "too_late"
    # Who kept the slot comes before who did not, and a second look gives the same number.
    assert by_letter(small_office, tokens[3])["outcome"] == "reprinted"
    rows = small_office.store.ask(
        lambda t: (
            t.connection.execute(select(tags.c.number).order_by(tags.c.order_at)).scalars().all()
        )
    )
    assert rows == ["A001", "A002", "A003", "A004"]


def test_an_appointment_elsewhere_is_moved_given_up_or_kept(office):
    pages = [book(office, n, "2026-11-24T09:30", "EAST") for n in (1, 2, 3)]
    at(office, 9)
    told = by_letter(office, letter(office, pages[0]))
    assert (told["outcome"], told["reason"], told["walk_in"]) == ("choose", "other_office", True)
    assert told["place"]["code"] == "EAST"
    assert told["place"]["address"]["en"] == "1 EAST Road"
    assert len(told["offers"]) == 5
    # Who only types is told of no appointment, and gets no more than a tag.
    typed = ask(office, 2, "number")
    assert (typed["outcome"], typed["tag"]["service"], typed["place"]) == ("issued", "W", None)
    assert ask(office, 3, "number", year_of_birth=1979)["reason"] == "year_wrong"
    served = ask(office, 1, walk_in=True)
    assert (served["outcome"], served["tag"]["number"]) == ("issued", "W002")
    free = {one["code"]: one for one in office.http.get("/v1/offices").json()["offices"]}
    assert free["HQ"]["walk_ins_left"] == 6
    # The place at the other office is free again, and the letter leads to the same tag.
    moved = slot(office, 3, told["offers"][0]["starts_at"])
    assert (moved["outcome"], moved["slot"]) == ("moved", told["offers"][0]["starts_at"])
    at(office, 9, 5, day=25)
    assert by_letter(office, moved["letter_token"])["arrival"] == "on_time"
    assert by_letter(office, letter(office, pages[2]))["outcome"] == "reprinted"


def test_another_day_offers_slots_and_a_closed_day_is_honoured(office):
    page = book(office, 1, "2026-11-24T09:30")
    body = {"day": "2026-11-24", "reason": ClosureReason.TYPHOON}
    told = by_letter(office, letter(office, page))
    assert (told["outcome"], told["reason"]) == ("choose", "other_day")
    assert told["slot"].endswith("01:30:00Z")
    office.good("booth-1", "/v1/offices/HQ/closures", body, officer="chief")
    at(office, 9, day=24)
    shut = ask(office, 5)
    assert (shut["reason"], shut["opens_at"][:16]) == ("closed", "2026-11-25T09:00")
    at(office, 9, day=26)
    honoured = by_letter(office, letter(office, page))
    assert (honoured["outcome"], honoured["arrival"]) == ("issued", "carried")


def test_without_places_walk_ins_are_offered_slots_and_the_wait_list(office):
    at(office, 9, 30)
    assert ask(office, 1)["tag"]["number"] == "W001"
    fill_today(office)
    told = ask(office, 2, "number")
    assert (told["outcome"], told["reason"], told["walk_in"]) == ("choose", "no_places", False)
    key = "one-booking"
    wanted = {
        "by": "number",
        "identity_number": number(2),
        "year_of_birth": 1980,
        "starts_at": told["offers"][0]["starts_at"],
    }
    first, second = (office.send("tag-1", "/v1/tags/slot", wanted, key=key) for _ in range(2))
    assert first.json() == second.json()
    booked = first.json()
    assert booked["outcome"] == "booked"
    assert len(booked["enquiry_code"]) == 4
    # Another person of the same number cannot move it, nor learn that it is there.
    other = {**wanted, "starts_at": told["offers"][1]["starts_at"]}
    assert office.good("tag-1", "/v1/tags/slot", other)["outcome"] == "refused"
    assert (
        office.good("tag-1", "/v1/tags/slot", {**wanted, "starts_at": None})["outcome"] == "refused"
    )
    waiting = slot(office, 3, None, year_of_birth=1980)
    assert (waiting["outcome"], len(waiting["enquiry_code"])) == ("waiting", 4)
    full = slot(office, 4, "2026-11-24T01:30:00Z")
    assert full["outcome"] == "full"
    assert full["offers"]
    # An officer is not bound by the places.
    body = {"by": "card", "identity_number": number(9)}
    assert office.good("booth-1", "/v1/tags", body)["outcome"] == "issued"


def test_no_tag_is_given_before_and_after_hours(small_office):
    at(small_office, 8, 59)
    shut = ask(small_office, 1)
    assert (shut["outcome"], shut["reason"]) == ("reception", "closed")
    assert shut["opens_at"] == "2026-11-24T09:00:00+08:00"
    at(small_office, 11)
    assert ask(small_office, 1)["opens_at"][:10] == "2026-11-25"
    seen = small_office.http.get("/v1/offices").json()["offices"][0]
    assert seen["next_opens"] == "2026-11-25T09:00:00+08:00"
    assert seen["fees"] == {"lost": 370, "damaged": 370, "changed": 460}


def test_the_young_come_with_a_parent_and_lose_no_place_without(small_office):
    at(small_office, 9)
    child = ask(small_office, 1, "number", year_of_birth=2018)
    assert (child["outcome"], child["reason"]) == ("issued", "child")
    assert (child["tag"]["service"], child["tag"]["stage"]) == ("J", "booth")
    assert ask(small_office, 2, "number", year_of_birth=2012)["reason"] == "guardian"
    adult = ask(small_office, 2, "number", year_of_birth=2012, guardian="adult")
    assert adult["reason"] == "guardian"
    alone = ask(small_office, 2, "number", year_of_birth=2012, guardian="absent")
    assert (alone["tag"]["status"], alone["tag"]["reason"]) == ("parked", "guardian")
    assert ask(small_office, 2, "number", year_of_birth=2012)["reason"] == "guardian"
    back = ask(small_office, 2, "number", year_of_birth=2012, guardian="here")
    assert (back["outcome"], back["tag"]["number"]) == ("reprinted", alone["tag"]["number"])
    assert back["tag"]["status"] == "waiting"
    assert ask(small_office, 3, "number", year_of_birth=2008)["reason"] == "guardian_or_adult"
    grown = ask(small_office, 3, "number", year_of_birth=2008, guardian="adult")
    assert grown["tag"]["service"] == "W"
    assert ask(small_office, 4, "number", year_of_birth=2007)["outcome"] == "issued"


def test_errands_needs_and_priority_travel_sealed_with_the_tag(office):
    at(office, 9)
    plain = ask(office, 1)["tag"]
    lost = ask(office, 2, errand="lost")["tag"]
    assert (lost["number"], lost["errand"]) == ("L001", "lost")
    needs = {"needs": ["priority", "interpreter"], "interpreter": "ur"}
    told = by_letter(office, lost["token"], **needs)
    assert (told["outcome"], told["tag"]["number"]) == ("reprinted", "L001")
    assert by_letter(office, lost["token"], **needs) == told
    found = office.find(lost["case_id"])
    assert found["old_document"] == "acknowledgement"
    assert found["tag"]["needs"] == ["priority", "interpreter"]
    assert found["tag"]["interpreter"] == "ur"
    for tag in (plain, lost):
        filled = {"kind": "form_filled", "particulars": PARTICULARS}
        office.fact("bench-1", tag["case_id"], filled)
    called = office.good("registration-1", "/v1/queue/call", {"place": "K1", "stages": ["kiosk"]})
    assert called["tag"]["number"] == "L001"
    raw = office.store.ask(lambda t: t.connection.execute(select(tags.c.said)).scalars().all())
    assert all(sealed is None or b"priority" not in sealed for sealed in raw)


def test_companions_are_called_together_up_to_two_of_each_kind(office):
    at(office, 9)
    fill_today(office)
    booked = book(office, 1, "2026-11-25T09:00")
    at(office, 9, day=25)
    first = by_letter(office, letter(office, booked))["tag"]
    more = {"with_tag": first["token"]}
    young = ask(office, 2, "number", companion="aged", **more)
    assert (young["outcome"], young["reason"]) == ("choose", "companion_young")
    for n, kind in ((2, "aged"), (3, "aged"), (4, "disabled"), (5, "disabled")):
        come = ask(office, n, "number", companion=kind, year_of_birth=1950, **more)
        assert come["outcome"] == "issued", come
        assert come["tag"]["group"] == first["tag_id"]
    assert ask(office, 6, companion="aged", **more)["reason"] == "companions_full"
    assert ask(office, 6, companion="disabled", **more)["reason"] == "companions_full"


def test_a_party_that_booked_together_is_called_together(small_office):
    companions = {"companion_1_kind": "disabled"}
    page = book(small_office, 1, "2026-11-24T09:30", people="1", **companions)
    at(small_office, 9, 30)
    tag = by_letter(small_office, letter(small_office, page))["tag"]
    assert tag["number"] == "A001"
    group = "00000000-0000-7000-8000-000000000001"
    update = text("UPDATE bookings SET group_id = :group")
    book(small_office, 2, "2026-11-25T09:30")
    book(small_office, 3, "2026-11-25T09:30")
    small_office.store.submit(lambda t: t.connection.execute(update, {"group": group})).result()
    at(small_office, 9, 30, day=25)
    assert {ask(small_office, n)["tag"]["group"] for n in (2, 3)} == {group}


def test_whoever_is_watched_hears_no_more_than_anybody(office):
    at(office, 9)
    body = {"identity_number": number(1), "is_watched": True}
    for _ in range(2):
        office.good("booth-1", "/v1/watched", body, officer="chief")
    flagged = ask(office, 1)
    refused = office.submitted(number(2), officer="reg-officer")
    office.store.submit(
        lambda t: t.connection.execute(
            text("UPDATE cases SET state = 'refused' WHERE case_id = :c"), {"c": refused}
        )
    ).result()
    assert flagged == ask(office, 2)
    assert (flagged["outcome"], flagged["reason"]) == ("reception", "reception")
    assert office.send("booth-1", "/v1/watched", body, officer="reg-officer").status_code == 403
    wrong = {**body, "identity_number": "A123456(4)"}
    assert office.send("booth-1", "/v1/watched", wrong, officer="chief").status_code == 422
    office.good("booth-1", "/v1/watched", {**body, "is_watched": False}, officer="chief")
    assert ask(office, 1)["outcome"] == "issued"


def test_who_cannot_be_recognised_is_called_to_reception(small_office):
    at(small_office, 9)
    one, two = (small_office.good("tag-1", "/v1/tags", {"by": "nobody"})["tag"] for _ in range(2))
    assert (one["number"], two["number"], one["stage"]) == ("E001", "E002", "counter")
    called = small_office.good("booth-1", "/v1/queue/call", {"place": "R1", "stages": ["counter"]})
    assert called["tag"]["number"] == "E001"
    assert small_office.find(one["case_id"])["identity_number"] == ""
    # A case of nobody is found by no number, and its person takes a tag of their own.
    assert ask(small_office, 1)["tag"]["case_id"] not in (one["case_id"], two["case_id"])


def test_a_forged_code_and_another_office_s_slip_open_nothing(small_office):
    at(small_office, 9)
    token = ask(small_office, 1)["tag"]["token"]
    assert by_letter(small_office, token[:-4] + "AAAA")["reason"] == "letter_unknown"
    assert by_letter(small_office, "not-a-token")["reason"] == "letter_unknown"
    small_office.clock.advance(24 * 3600)
    assert by_letter(small_office, token)["reason"] == "letter_other_day"


def test_the_letter_of_a_day_that_was_missed_is_as_good_as_no_appointment(small_office):
    page = book(small_office, 1, "2026-11-24T09:30")
    prefill = by_letter(small_office, letter(small_office, page))
    assert prefill["reason"] == "other_day", "not before its day either"
    at(small_office, 9, day=25)
    missed = by_letter(small_office, letter(small_office, page))
    assert (missed["outcome"], missed["tag"]["service"]) == ("issued", "W")
    assert missed["arrival"] is None
    assert by_letter(small_office, letter(small_office, page))["outcome"] == "reprinted"
    # A letter that was used proves nothing on a later day: it may lie in any bin.
    at(small_office, 9, day=26)
    assert by_letter(small_office, letter(small_office, page))["reason"] == "letter_other_day"


def test_who_missed_the_day_may_take_another_slot_where_no_place_is_left(small_office):
    page = book(small_office, 1, "2026-11-24T09:30")
    token = letter(small_office, page)
    at(small_office, 9, day=25)
    fill_today(small_office)
    told = by_letter(small_office, token)
    assert (told["outcome"], told["reason"]) == ("choose", "no_places")
    asked = {"by": "letter", "letter_token": token, "starts_at": told["offers"][0]["starts_at"]}
    taken = small_office.good("tag-1", "/v1/tags/slot", asked)
    assert (taken["outcome"], len(taken["enquiry_code"])) == ("booked", 4)
    assert by_letter(small_office, token)["reason"] == "letter_unknown", "the new letter counts"


def test_a_card_is_collected_here_later_or_elsewhere(small_office):
    at(small_office, 9)
    case = small_office.submitted(number(1), officer="reg-officer")
    collect = {"errand": "collect"}
    later = ask(small_office, 1, **collect)
    assert (later["outcome"], later["reason"]) == ("choose", "card_not_ready")
    assert later["ready_on"] > "2026-11-24"
    assert ask(small_office, 1, "number", **collect)["reason"] == "case_closed"
    receipt = small_office.find(case)["receipt_token"]
    assert by_letter(small_office, receipt)["reason"] == "card_not_ready"
    ready = "UPDATE cases SET state = 'ready', collection_office = '{}'"
    small_office.store.submit(lambda t: t.connection.execute(text(ready.format("EAST")))).result()
    away = by_letter(small_office, receipt)
    assert (away["reason"], away["place"]["code"]) == ("card_elsewhere", "EAST")
    small_office.store.submit(lambda t: t.connection.execute(text(ready.format("HQ")))).result()
    status = {"state": "open", "devices_out": []}
    assert small_office.send("collection-1", "/v1/stations/status", status).status_code == 204
    assert ask(small_office, 1, **collect)["reason"] == "card_ready"
    tag = ask(small_office, 1, service="C")["tag"]
    assert (tag["number"], tag["stage"]) == ("C001", "counter")
    assert ask(small_office, 1, "number", **collect)["tag"]["number"] == "C001"
    # Nobody has a card to collect who never applied.
    assert ask(small_office, 7, **collect)["reason"] == "no_card"
    assert ask(small_office, 7, "number", **collect)["reason"] == "reception"


def test_an_offline_tag_keeps_its_class_and_its_companions(office):
    at(office, 9)
    lease = office.good("tag-1", "/v1/leases", {"kind": "tag", "count": 3})
    first, second, third = lease["numbers"]

    def told(leased: Any, n: int, **more: Any) -> Any:
        request = {"by": "card", "identity_number": number(n), **more}
        what = {"kind": "tag_issued_offline", "request": request, **leased}
        case = f"00000000-0000-7000-8000-{n:012d}"
        assert office.fact("tag-1", case, what)["outcome"] == "accepted"
        return office.find(case)["tag"]

    one = told(first, 1, errand="lost")
    two = told(second, 2, with_tag=one["token"], companion="aged")
    three = told(third, 3, with_tag="gone.token.of-nobody", companion="aged")
    assert (one["service"], one["errand"]) == ("L", "lost")
    assert two["group"] == one["tag_id"]
    assert three["group"] is None
    assert timedelta(0) <= office.clock() - TUESDAY < timedelta(hours=1)
