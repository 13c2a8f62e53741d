"""The public's pages: the way from booking to the tag, in three languages, and the hall's panel."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import zxingcpp
from PIL import Image

from backend.store import StoreError
from backend.web.forms import FIELDS
from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import FOLDER, Texts
from tests.support.backend_office import PARTICULARS, office_settings, running_office

FORM = {name: value for name, value in PARTICULARS.items() if value}


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, (), database=database)) as running:
        yield running


def wish(office, **changed):
    """Choose the first slot that the page offers."""
    html = office.http.get("/book").text
    slot = re.findall(r'name="slot" value="([^"]+)"', html)[0]
    return {
        "office": "HQ",
        "slot": slot,
        "reason": "replace",
        "identity_number": "A123456(3)",
        "year_of_birth": "1980",
        "enquiry_code": "2468",
        **changed,
    }


def book(office, **changed):
    answer = office.http.post("/book", data=wish(office, **changed))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def errors(answer):
    return re.findall(r'class="error" id="([a-z_]+)-error"', answer.text)


def test_from_booking_to_the_tag(office):
    letter = book(office, reason="rop")
    reference = letter.removeprefix("/letter/")
    assert office.http.get(letter).status_code == 200
    finished = office.http.post(f"/form/{reference}", data=FORM)
    assert (finished.status_code, finished.headers["location"]) == (303, letter)
    picture = Image.open(io.BytesIO(office.http.get(f"{letter}/qr.png").content))
    token = zxingcpp.read_barcodes(picture)[0].text
    body = {"by": "letter", "letter_token": token}
    answer = office.good("tag-1", "/v1/tags", body)
    assert (answer["outcome"], answer["tag"]["number"]) == ("issued", "A001")
    assert answer["tag"]["stage"] == "kiosk"
    case = office.find(answer["tag"]["case_id"])
    assert case["particulars"]["chinese_name"] == "陳大文"
    assert case["old_document"] == "acknowledgement"
    assert office.good("tag-1", "/v1/tags", body)["outcome"] == "reprinted"
    # Once the office has the form, the letter's page only points there.
    assert office.http.get(f"/form/{reference}").status_code == 409
    assert f"/form/{reference}" not in office.http.get(letter).text


def test_who_came_without_an_appointment_and_then_booked_brings_the_form(office):
    walk_in = office.tag()
    assert walk_in["stage"] == "form"
    reference = book(office).removeprefix("/letter/")
    office.http.post(f"/form/{reference}", data=FORM)
    office.clock.advance(1)
    again = office.tag()
    assert (again["number"], again["case_id"]) == (walk_in["number"], walk_in["case_id"])
    assert office.find(again["case_id"])["missing"] == []
    assert again["stage"] == "kiosk"


def test_the_number_finds_the_appointment_when_the_year_fits(office):
    book(office)
    body = {"by": "number", "identity_number": "A123456(3)", "year_of_birth": 1999}
    assert office.good("tag-1", "/v1/tags", body)["reason"] == "year_wrong"
    body["year_of_birth"] = 1980
    assert office.good("tag-1", "/v1/tags", body)["tag"]["number"] == "A001"


def test_a_letter_of_another_day_is_told_what_else_there_is(office):
    html = office.http.get("/book").text
    tomorrow = re.findall(r"day=(2026-11-24)", html)[0]
    html = office.http.get(f"/book?day={tomorrow}").text
    slot = re.findall(r'name="slot" value="([^"]+)"', html)[0]
    letter = book(office, slot=slot)
    picture = Image.open(io.BytesIO(office.http.get(f"{letter}/qr.png").content))
    token = zxingcpp.read_barcodes(picture)[0].text
    answer = office.good("tag-1", "/v1/tags", {"by": "letter", "letter_token": token})
    assert (answer["outcome"], answer["reason"]) == ("choose", "other_day")


def test_a_full_slot_and_an_existing_booking_sound_the_same(office):
    first = wish(office)
    assert office.http.post("/book", data=first).status_code == 303
    other_code = office.http.post("/book", data={**first, "enquiry_code": "1111"})
    second = {**first, "identity_number": "AB987654(3)"}
    assert office.http.post("/book", data=second).status_code == 303
    full = office.http.post("/book", data={**first, "identity_number": "E364912(5)"})
    assert other_code.status_code == full.status_code == 422
    line = re.compile(r'id="slot-error">([^<]+)<')
    assert line.findall(other_code.text) == line.findall(full.text) != []


def test_repeating_a_booking_leads_to_the_same_letter(office):
    data = wish(office)
    first = office.http.post("/book", data=data).headers["location"]
    assert office.http.post("/book", data=data).headers["location"] == first
    found = office.http.post("/find", data=data)
    assert found.headers["location"] == first
    wrong = office.http.post("/find", data={**data, "enquiry_code": "1111"})
    assert wrong.status_code == 422


def test_a_slot_is_never_overbooked(office):
    numbers = ["A123456(3)", "AB987654(3)", "E364912(5)", "D288754(2)", "C668668(9)", "L555555(0)"]
    data = wish(office)

    def try_one(number):
        return office.http.post("/book", data={**data, "identity_number": number}).status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(try_one, numbers))
    assert answers == [303, 303, 422, 422, 422, 422]


def test_cancelling_frees_the_slot_and_the_person(office):
    letter = book(office)
    assert office.http.post(f"{letter}/cancel", data={}).headers["location"] == "/cancelled"
    assert office.http.get(letter).status_code == 404
    assert book(office) != letter


def test_wrong_fields_are_named_in_order_and_nothing_is_booked(office):
    answer = office.http.post("/book", data={"identity_number": "A123456(7)"})
    assert answer.status_code == 422
    summary = re.findall(r'<li><a href="#([a-z_]+)">', answer.text)
    assert summary == [
        "office",
        "slot",
        "reason",
        "identity_number",
        "year_of_birth",
        "enquiry_code",
    ]


def test_an_unfinished_form_is_kept_and_continued(office):
    reference = book(office).removeprefix("/letter/")
    half = {"surname": "Chan", "telephone": "not a number", "action": "finish"}
    answer = office.http.post(f"/form/{reference}", data=half)
    assert answer.status_code == 422
    assert errors(answer)[0] == "given_names"
    assert "telephone" in errors(answer)
    saved = office.http.post(f"/form/{reference}", data={"address": "1 Road", "action": "save"})
    assert saved.status_code == 303
    html = office.http.get(f"/form/{reference}").text
    assert 'value="CHAN"' in html
    html = office.http.get(f"/form/{reference}?part=review").text
    assert "1 Road" in html
    assert "not a number" not in html


WRONG_VALUES = [
    ("surname", "陳"),
    ("chinese_name", "Chan"),
    ("chinese_name", "一二三四五六七"),
    ("sex", "X"),
    ("date_of_birth", "2980-01-01"),
    ("date_of_birth", "1981-01-01"),
    ("date_of_birth", "soon"),
    ("marital_status", "unknown"),
    ("address", "x" * 201),
    ("telephone", "+" * 21),
]


def test_each_field_knows_what_it_takes(office):
    reference = book(office).removeprefix("/letter/")
    assert office.http.post(f"/form/{reference}", data=FORM).status_code == 303
    for name, value in WRONG_VALUES:
        answer = office.http.post(f"/form/{reference}", data={**FORM, name: value})
        assert (answer.status_code, errors(answer)) == (422, [name]), value


def test_the_form_by_the_tag_shows_gaps_and_never_what_is_filled_in(office):
    tag = office.tag()
    page = f"/tag/{tag['token']}"
    half = office.http.post(page, data={"surname": "CHAN", "address": "1 Road"})
    assert half.status_code == 422
    html = office.http.get(page).text
    assert "CHAN" not in html
    assert 'name="surname"' not in html
    done = office.http.post(page, data={k: v for k, v in FORM.items() if k != "surname"})
    assert done.status_code == 303
    assert office.find(tag["case_id"])["tag"]["stage"] == "kiosk"
    assert "<input" not in office.http.get(page).text
    assert office.http.get(page[:-3] + "AAA").status_code == 404


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_every_page_speaks_every_language(office, language):
    letter = book(office)
    form = letter.replace("letter", "form")
    tag = office.tag("AB987654(3)", 1970)
    pages = ["/", "/book", "/find", letter, form, f"{form}?saved=1", f"/tag/{tag['token']}"]
    for address in [*pages, "/cancelled", "/display/HQ", "/none"]:
        answer = office.http.get(address, headers={"Accept-Language": language})
        assert answer.status_code == (404 if address == "/none" else 200)
        if address != "/display/HQ":
            assert f'<html lang="{language}">' in answer.text
        assert "web-" not in re.sub(r'"/static/web[^"]*"', "", answer.text)
    for address in ("/book", "/find", form, f"/tag/{tag['token']}"):
        answer = office.http.post(
            f"{address}?lang={language}", data={"telephone": "?", "date_of_birth": "?"}
        )
        assert answer.status_code == 422
        assert f'<html lang="{language}">' in answer.text


def test_every_text_is_there_in_every_language():
    keys = {
        language: set(
            re.findall(
                r"^(web-[A-Za-z0-9_-]+) =", (FOLDER / language / "web.ftl").read_text(), re.M
            )
        )
        for language in OFFICE_LANGUAGES
    }
    assert keys[Language.ENGLISH] == keys[Language.TRADITIONAL] == keys[Language.SIMPLIFIED]
    for language in OFFICE_LANGUAGES:
        words = Texts(language)
        for name in FIELDS:
            assert words.text(f"web-field-{name}")
        for month in range(1, 13):
            assert words.text(f"web-month-{month}")


def test_pages_are_not_stored_and_take_no_forms_from_elsewhere(office):
    answer = office.http.get("/book")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for header in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = office.http.post("/book", data={}, headers=header)
        assert refused.status_code == 403


def test_the_language_is_remembered(office):
    answer = office.http.get("/?lang=zh-Hant")
    assert "lang=zh-Hant" in answer.headers["set-cookie"]
    assert '<html lang="zh-Hant">' in office.http.get("/book").text


def test_forms_are_slowed_down(tmp_path):
    with running_office(office_settings(tmp_path, posts_per_minute=3)) as office:
        codes = [office.http.post("/find", data={}).status_code for _ in range(4)]
        assert codes == [422, 422, 422, 429]


def test_the_panel_is_told_of_a_call(office):
    tag = office.registered()
    with office.http.stream("GET", "/v1/display/HQ/events") as stream:
        lines = stream.iter_lines()
        first = next_state(lines)
        assert (first["calls"], first["waiting"]) == ([], 1)
        office.good("booth-1", "/v1/queue/call", {"place": "R1", "stages": ["booth"]})
        state = next_state(lines)
    assert state["revision"] > first["revision"]
    assert state["waiting"] == 0
    call = state["calls"][0]
    assert (call["tag_number"], call["place"], call["times"]) == (tag["number"], "R1", 1)
    assert "CHAN" not in json.dumps(state)


def next_state(lines):
    for line in lines:
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")


def test_odd_forms_never_break(office):
    reference = book(office).removeprefix("/letter/")
    data = wish(office)
    for slot in ("0001-01-01T00:00", "9999-12-31T23:59", "2026-11-23", "now", "\x00"):
        answer = office.http.post("/book", data={**data, "slot": slot, "enquiry_code": "9" * 4})
        assert answer.status_code in (303, 422), slot
    for address in ("/book", "/find", f"/form/{reference}"):
        for body in (b"", b"%", b"a=" + b"%00" * 99, b"\xff=\xfe", b"&".join([b"a=1"] * 99)):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = office.http.post(address, content=body, headers=kind)
            assert answer.status_code in (400, 422), (address, body)
    assert office.http.post("/find", content=b"x" * 70_000).status_code == 413


def test_the_service_stops_while_a_panel_listens(tmp_path):
    with running_office(office_settings(tmp_path, ())) as office:
        listener = httpx.Client(base_url=office.http.base_url, timeout=20)
        stream = listener.send(listener.build_request("GET", "/v1/display/HQ/events"), stream=True)
        assert next_state(stream.iter_lines())["calls"] == []
    stream.close()
    listener.close()
    with pytest.raises(StoreError):
        office.store.submit(lambda t: t.now)
