"""Booking as the public meets it: places first, a held slot, change, cancel, closure, enquiry."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import zxingcpp
from PIL import Image

from common.domain.language import OFFICE_LANGUAGES
from tests.support.backend_office import running_office
from tests.support.booking_office import (
    DAY,
    SLOT,
    book,
    hidden,
    hold,
    number,
    offered,
    person,
    two_offices,
)

LATER = "2026-11-25T09:00"


@pytest.fixture
def office(tmp_path, database):
    with running_office(two_offices(tmp_path, database=database)) as running:
        yield running


def send(office, details, **changed):
    """Fill in the details page as it stands and send it."""
    page = office.http.get(details)
    return office.http.post(details, data={**hidden(page.text), **person(), **changed})


def letter_token(office, letter):
    picture = Image.open(io.BytesIO(office.http.get(f"{letter}/qr.png").content))
    return zxingcpp.read_barcodes(picture)[0].text


def ask_for_tag(office, token):
    return office.good("tag-1", "/v1/tags", {"by": "letter", "letter_token": token})


def close(office, **more):
    body = {"day": DAY, "reason": "typhoon", **more}
    return office.send("booth-1", "/v1/offices/HQ/closures", body, officer="chief")


def test_free_places_come_before_any_question(office):
    html = office.http.get("/book").text
    assert 'name="identity_number"' not in html
    assert len(re.findall(r'href="/book\?office=HQ&amp;day=', html)) == 4  # three days, one office
    assert "/book?office=EAST" in html
    assert len(offered(html)) == 4
    group = office.http.get("/book?people=2").text
    assert "day=2026-11-25&amp;people=2" in group
    assert "room for 12 groups" in group  # four appointments and two group places in each slot


def test_a_time_is_held_while_the_details_are_typed(office):
    details = hold(office).headers["location"]
    rivals = [hold(office) for _ in range(4)]
    assert [answer.status_code for answer in rivals] == [303, 303, 303, 422]
    page = office.http.get(details)
    assert hidden(page.text) == {"people": "1", "office": "HQ", "slot": f"{SLOT}@HQ"}
    assert f'data-keep="{details}/keep"' in page.text
    wrong = office.http.post(details, data={**hidden(page.text), **person(enquiry_code="12")})
    assert wrong.status_code == 422
    assert f'value="{number(1)}"' in wrong.text
    assert "2468" not in wrong.text
    for _ in range(3):
        office.clock.advance(15 * 60)
        assert office.http.post(f"{details}/keep").status_code == 204
    letter = send(office, details)
    assert letter.status_code == 303
    assert send(office, details).headers["location"] == letter.headers["location"]


def test_a_form_left_for_45_minutes_is_kept_and_other_times_are_offered(office):
    details = hold(office).headers["location"]
    typed = {**hidden(office.http.get(details).text), **person()}
    office.clock.advance(45 * 60)
    for n in range(10, 14):
        book(office, n)
    answer = office.http.post(details, data=typed)
    assert answer.status_code == 422
    assert f'value="{number(1)}"' in answer.text
    assert re.search(r'name="reason" value="replace" checked', answer.text)
    offers = offered(answer.text)
    assert offers[0] == f"{SLOT}@HQ"  # what was chosen, should it be free again
    assert f"{DAY}T09:00@HQ" in offers
    assert f"{DAY}T09:00@EAST" in offers
    done = office.http.post(details, data={**person(), "people": "1", "slot": offers[-1]})
    assert done.status_code == 303
    assert "EAST" in str(office.http.get("/v1/offices").json())


def test_a_form_left_for_45_minutes_takes_its_time_if_it_is_free(office):
    details = hold(office).headers["location"]
    typed = {**hidden(office.http.get(details).text), **person()}
    office.clock.advance(45 * 60)
    assert office.http.post(details, data=typed).status_code == 303


def test_who_comes_back_to_a_lost_time_chooses_another(office):
    details = hold(office).headers["location"]
    office.clock.advance(45 * 60)
    for n in range(10, 14):
        book(office, n)
    page = office.http.get(details)
    assert page.status_code == 422
    assert len(offered(page.text)) > 3
    assert office.http.get("/book/" + "x" * 22).status_code == 404


def test_choosing_anew_moves_the_hold(office):
    details = hold(office).headers["location"]
    token = details.removeprefix("/book/")
    page = office.http.get(details).text
    (again,) = re.findall(r'href="(/book\?[^"]+hold=[^"]+)"', page)
    picker = office.http.get(again.replace("&amp;", "&"))
    assert hidden(picker.text)["hold"] == token
    assert hold(office, f"{DAY}T10:00", hold=token).headers["location"] == details
    assert "10:00" in office.http.get(details).text
    assert hold(office, hold="?" * 22).headers["location"] != details
    assert hold(office, "1999-01-01T00:00").status_code == 422


@pytest.mark.parametrize("slot", [SLOT, f"{DAY}T10:30"])
def test_sixteen_at_once_cannot_overbook_a_slot(office, slot):
    def rush(n):
        details = hold(office, slot)
        if details.status_code != 303:
            return details.status_code
        return send(office, details.headers["location"], **person(n)).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(rush, range(16)))
    assert sorted(answers) == [303] * 4 + [422] * 12


def test_sixteen_at_once_without_a_hold_cannot_either(office):
    def rush(n):
        typed = {"office": "HQ", "slot": SLOT, **person(n)}
        return office.http.post("/book", data=typed).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(rush, range(16)))
    assert sorted(answers) == [303] * 4 + [422] * 12


def test_one_person_at_once_from_sixteen_windows_has_one_booking(office):
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(
                lambda n: office.http.post(
                    "/book",
                    data={"office": ("HQ", "EAST")[n % 2], "slot": SLOT, **person()},
                ),
                range(16),
            )
        )
    assert {answer.headers.get("location") for answer in answers} == {
        answers[0].headers["location"]
    }
    free = {one["code"]: one["days"][0]["free_places"] for one in offices(office)}
    assert sorted(free.values()) == [15, 16]


def offices(office):
    return office.http.get("/v1/offices").json()["offices"]


def test_a_source_that_hoards_is_stopped(tmp_path, database):
    rules = {"holds_per_source": 2}
    with running_office(two_offices(tmp_path, rules, database=database)) as office:
        assert [hold(office).status_code for _ in range(3)] == [303, 303, 429]
        assert "internet address" in hold(office).text


def test_an_enquiry_is_answered_alike_byte_for_byte(office):
    book(office, 1)
    book(office, 2, year_of_birth="1979")

    def ask(n, **changed):
        answer = office.http.post("/find", data=person(n, **changed))
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        return answer.status_code, headers, answer.text.replace(number(n), "NUMBER")

    unknown = [ask(9) for _ in range(6)]
    wrong_code = [ask(1, enquiry_code="0000") for _ in range(6)]
    wrong_year = [ask(2) for _ in range(6)]
    assert unknown == wrong_code == wrong_year
    assert unknown[0] == unknown[5]
    assert unknown[0][0] == 422
    # Six wrong ones locked the number: even the right code is told the same.
    assert ask(1) == unknown[0]
    office.clock.advance(30 * 60)
    assert office.http.post("/find", data=person(1)).status_code == 303


def test_a_taken_number_and_a_taken_time_are_answered_alike(office):
    book(office, 1, LATER)
    for n in range(10, 14):
        book(office, n)

    def ask(n, **changed):
        typed = {"office": "HQ", "slot": SLOT, **person(n, **changed)}
        answer = office.http.post("/book", data=typed)
        return answer.status_code, answer.text.replace(number(n), "NUMBER")

    assert ask(1, enquiry_code="0000") == ask(9)
    assert ask(9)[0] == 422


def test_a_change_takes_the_new_time_before_the_old_one_is_given_up(office):
    letter = book(office)
    before = letter_token(office, letter)
    for n in range(10, 14):
        book(office, n, LATER)
    change = f"{letter}/change"
    assert f'href="{change}"' in office.http.get(letter).text
    assert offered(office.http.get(change).text)
    full = office.http.post(change, data={"office": "HQ", "slot": LATER})
    assert full.status_code == 422
    assert letter_token(office, letter) == before
    moved = office.http.post(change, data={"office": "EAST", "slot": LATER})
    assert (moved.status_code, moved.headers["location"]) == (303, letter)
    assert letter_token(office, letter) != before
    free = {one["code"]: one["days"] for one in offices(office)}
    assert free["HQ"][0]["free_places"] == 16
    assert free["EAST"][1]["free_places"] == 15
    office.clock.advance(2 * 24 * 3600)
    assert ask_for_tag(office, before)["reason"] in ("letter_other_day", "letter_unknown")
    # On the day itself it is too late.
    assert f'href="{change}"' not in office.http.get(letter).text
    assert "until one working day before" in office.http.get(letter).text
    assert not offered(office.http.get(change).text)
    for answer in (
        office.http.post(change, data={"office": "EAST", "slot": "2026-11-26T09:00"}),
        office.http.post(f"{letter}/cancel"),
    ):
        assert answer.status_code == 409


def test_a_group_comes_with_letters_of_its_own(office):
    details = hold(office, people=3).headers["location"]
    companions = {
        "companion_1": "aged",
        "identity_number_1": number(2),
        "year_of_birth_1": "1950",
        "companion_2": "carer",
        "identity_number_2": number(3),
        "year_of_birth_2": "1990",
    }
    for changed, wrong in (
        ({"year_of_birth_1": "1990"}, "year_of_birth_1"),
        ({"identity_number_2": number(1)}, "identity_number"),
        ({"companion_1": "carer"}, "companion_1"),
        ({"companion_2": "friend"}, "companion_2"),
        ({"identity_number_1": "A000000(0)"}, "identity_number_1"),
    ):
        answer = send(office, details, **{**companions, **changed})
        assert answer.status_code == 422
        assert re.findall(r'class="error" id="([a-z_0-9]+)-error"', answer.text) == [wrong]
    done = send(office, details, **companions)
    assert done.status_code == 303, done.text
    letter = office.http.get(done.headers["location"]).text
    others = re.findall(r'href="(/letter/[^"/]+)"', letter)
    assert len(others) == 2
    assert "(65 or older)" in letter
    assert office.http.get(others[0]).status_code == 200
    assert "/letter/" not in office.http.get(others[0]).text.replace(others[0], "")
    assert "Cancel for all 3 people" in letter
    cancelled = office.http.post(f"{done.headers['location']}/cancel")
    assert cancelled.status_code == 303
    assert [office.http.get(other).status_code for other in others] == [404, 404]
    assert offices(office)[0]["days"][0]["free_places"] == 16


def test_a_closure_day_carries_bookings_over(office):
    letter = book(office)
    token = letter_token(office, letter)
    closed = close(office)
    assert closed.status_code == 200, closed.text
    assert closed.json()["bookings_carried"] == 1
    text = office.http.get(letter).text
    assert "stays good on any later day" in text
    assert "Wednesday, 25 November 2026, 09:00" in text
    assert "closed because of a typhoon" in office.http.get("/book").text
    view = offices(office)[0]
    assert view["days"][0]["free_places"] == 0
    assert [one["reason"] for one in view["closures"]] == ["typhoon"]
    office.clock.advance(24 * 3600)
    office.clock.advance(3 * 24 * 3600)  # Friday: no booking, no rebooking
    answer = ask_for_tag(office, token)
    assert (answer["outcome"], answer["tag"]["number"]) == ("issued", "A001")
    assert ask_for_tag(office, token)["outcome"] == "reprinted"


def test_only_a_supervisor_of_the_office_closes_it(office):
    body = {"day": DAY, "reason": "power"}
    path = "/v1/offices/HQ/closures"
    assert office.send("booth-1", path, body).json()["problem"] == "sign_in_needed"
    refused = office.send("booth-1", path, body, officer="reg-officer")
    assert (refused.status_code, refused.json()["problem"]) == (403, "role_needed")
    assert office.send("tag-1", path, body).json()["problem"] == "not_allowed_here"
    elsewhere = office.send("booth-1", "/v1/offices/EAST/closures", body, officer="chief")
    assert elsewhere.json()["problem"] == "other_office"
    nowhere = office.send("booth-1", "/v1/offices/NONE/closures", body, officer="chief")
    assert nowhere.status_code == 404
    assert office.http.post(path, json=body).status_code == 401
    assert offices(office)[0]["closures"] == []
    # The same closure sent twice is one closure.
    first, second = (
        office.send("booth-1", path, body, officer="chief", key="closure-1") for _ in range(2)
    )
    assert first.json() == second.json()
    assert len(offices(office)[0]["closures"]) == 1


def test_anybody_may_know_hours_and_free_places(office):
    first, second = offices(office)
    assert (first["code"], second["code"]) == ("HQ", "EAST")
    assert (first["opens"], first["closes"]) == (
        "2026-11-23T09:00:00+08:00",
        "2026-11-23T11:00:00+08:00",
    )
    assert first["is_open"]
    assert first["walk_ins_left"] == 8
    assert [day["day"] for day in first["days"]] == ["2026-11-24", "2026-11-25", "2026-11-26"]
    office.tag()
    hold(office)
    first, _ = offices(office)
    assert first["walk_ins_left"] == 7
    assert first["days"][0]["free_places"] == 15
    office.clock.advance(45 * 60)
    first, _ = offices(office)
    assert first["days"][0]["free_places"] == 16
    office.clock.advance(2 * 3600)
    assert not offices(office)[0]["is_open"]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_page_of_booking_speaks_every_language(office, language):
    typed = {"companion_1": "disabled", "identity_number_1": number(2), "year_of_birth_1": "1990"}
    details = hold(office, people=2).headers["location"]
    letter = send(office, details, **typed).headers["location"]
    alone = book(office, 5)
    close(office, day="2026-11-25", reason="rainstorm")
    pages = ["/book?people=2", hold(office, people=3).headers["location"], letter, alone]
    for address in [*pages, f"{letter}/change"]:
        answer = office.http.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert "web-" not in re.sub(r'"/static/web[^"]*"', "", answer.text)
    for address in (details, "/book", f"{letter}/change"):
        answer = office.http.post(address, data={}, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert f'<html lang="{language}">' in answer.text


def test_odd_input_never_breaks(office):
    details = hold(office).headers["location"]
    letter = book(office)
    slots = ("0001-01-01T00:00", "9999-12-31T23:59", "@HQ", f"{SLOT}@NONE", "\x00", f"{SLOT}+08:00")
    for slot in slots:
        for address in ("/book", details, f"{letter}/change"):
            typed = {"office": "HQ", "slot": slot, "people": "99999999999999999999"}
            assert office.http.post(address, data=typed).status_code == 422, (slot, address)
        assert send(office, details, slot=slot, enquiry_code="1111").status_code == 422
    for query in ("people=-1", "people=x", "day=x", "office=x", "hold=%00", "hold=" + "x" * 999):
        assert office.http.get(f"/book?{query}").status_code == 200


def wish(office, n, *codes, **changed):
    typed = {**person(n), "offices": list(codes), "earliest_day": DAY, **changed}
    return office.http.post("/wish", data=typed)


def test_who_finds_no_place_waits_for_one(office):
    assert 'href="/wish"' in office.http.get("/book").text
    slots = [f"{DAY}T{time}" for time in ("09:00", "09:30", "10:00", "10:30")]
    days = [DAY, "2026-11-25", "2026-11-26"]
    every = [slot.replace(DAY, day) for day in days for slot in slots]
    letters = [book(office, 100 + n, every[n // 4]) for n in range(48)]
    assert "day=2026" not in office.http.get("/book?office=HQ").text.split("<h3>")[-1]
    kept = wish(office, 1, "HQ")
    assert kept.status_code == 303
    page = kept.headers["location"]
    assert "on the wait list" in office.http.get(page).text
    found = office.http.post("/find", data=person(1))
    assert (found.status_code, found.headers["location"]) == (303, page)
    office.http.post(f"{letters[0]}/cancel")
    text = office.http.get(page).text
    assert "A place is kept for you" in text
    assert "Tuesday, 24 November 2026, 09:00" in text
    assert hold(office, slots[0]).status_code == 422
    assert office.http.post(f"{page}/accept").headers["location"] == page.replace("wish", "letter")
    assert office.http.get(page.replace("wish", "letter")).status_code == 200
    assert office.http.get(page).status_code == 404
    # Another one declines and leaves.
    page = wish(office, 2, "HQ", "EAST").headers["location"]
    assert "A place is kept for you" in office.http.get(page).text
    assert office.http.post(f"{page}/decline").status_code == 303
    assert "on the wait list" in office.http.get(page).text
    assert office.http.post(f"{page}/end").headers["location"] == "/cancelled"
    assert office.http.get(page).status_code == 404
    assert office.http.post(f"{page}/accept").status_code == 404


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_wait_list_speaks_every_language(office, language):
    first = wish(office, 1, "HQ").headers["location"]
    later = wish(office, 2, "HQ", earliest_day="2027-11-24").headers["location"]
    for address in ("/wish", first, later):
        answer = office.http.get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert "web-" not in re.sub(r'"/static/web[^"]*"', "", answer.text)
    wrong = office.http.post(f"/wish?lang={language}", data={"earliest_day": "x"})
    assert re.findall(r'class="error" id="([a-z_]+)-error"', wrong.text) == [
        "offices",
        "earliest_day",
        "reason",
        "identity_number",
        "year_of_birth",
        "enquiry_code",
    ]
    assert wish(office, 1, "HQ", enquiry_code="0000").status_code == 422
    assert wish(office, 3, "NONE").status_code == 422
