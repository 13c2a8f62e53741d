"""The letter as a file, the status of a card, who is slowed down: the web without a browser."""

import io
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from starlette.datastructures import Headers

from backend.commands.bookings import Reason
from backend.guards import Guard, source
from backend.settings import OfficeSettings, from_dict
from backend.transaction import Refusal
from backend.web import pdf_fonts
from backend.web.calendar_file import Appointment, calendar_file
from backend.web.render import Words
from common.domain.language import OFFICE_LANGUAGES, Language
from tests.support.backend_office import (
    PARTICULARS,
    office_settings,
    office_table,
    running_office,
)
from tests.unit.test_backend_web import FORM, book

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
WHO = {"identity_number": "A123456(3)", "year_of_birth": "1980", "enquiry_code": "2468"}


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, database=database)) as running:
        yield running


def token_in(picture):
    return zxingcpp.read_barcodes(picture)[0].text


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_letter_as_pdf_says_it_in_every_language_and_is_read_by_machine(office, language):
    letter = book(office)
    answer = office.http.get(f"{letter}/letter.pdf", params={"lang": language})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert f"/Lang ({language})".encode() in answer.content
    assert b"/DisplayDocTitle true" in answer.content
    document = pypdfium2.PdfDocument(answer.content)
    page = document[0]
    text = page.get_textpage().get_text_bounded()
    words = Words(language)
    assert len(document) == 1
    assert document.get_metadata_dict()["Title"] == words("letter-title")
    for said in (
        "09:00",
        words("start-bring-card"),
        words("letter-title"),
        words("reason-replace"),
    ):
        assert said in text
    assert "�" not in text
    shown = Image.open(io.BytesIO(office.http.get(f"{letter}/qr.png").content))
    assert token_in(page.render(scale=2).to_pil()) == token_in(shown)
    document.close()


def test_a_machine_without_the_font_draws_with_the_readers_own(monkeypatch):
    monkeypatch.setattr(pdf_fonts, "_FOLDERS", ())
    assert pdf_fonts.pdf_font(Language.TRADITIONAL, "證", bold=True) == "MSung-Light"
    assert pdf_fonts.pdf_font(Language.SIMPLIFIED, "证", bold=False) == "STSong-Light"


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_calendar_entry_keeps_to_its_standard_and_tells_no_address(office, language):
    letter = book(office)
    answer = office.http.get(f"{letter}/appointment.ics", params={"lang": language})
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    text = answer.text.replace("\r\n ", "")
    assert "DTSTART:20261123T010000Z" in text
    assert "DTEND:20261123T011500Z" in text
    assert Words(language)("start-step-3") in text
    assert letter.removeprefix("/letter/") not in text


def test_the_calendar_escapes_what_would_end_a_field():
    names = dict.fromkeys(OFFICE_LANGUAGES, "Hall; 2, \\ east\nwing")
    office = OfficeSettings(code="HQ", name=names)
    text = calendar_file(Appointment(Words(Language.ENGLISH), office, NOON, "r" * 22, NOON))
    assert "LOCATION:Hall\\; 2\\, \\\\ east\\nwing\r\n" in text


def test_every_reason_and_state_has_its_words():
    for language in OFFICE_LANGUAGES:
        words = Words(language)
        for reason in Reason:
            assert words(f"reason-{reason}")
        for status in ("parked", "void", "missed"):
            assert words(f"tag-{status}")


def status_of(office, case):
    token = office.find(case)["receipt_token"]
    answer = office.http.get(f"/status/{token}")
    assert answer.status_code == 200
    for secret in ("CHAN", "A123456", "陳"):
        assert secret not in answer.text
    return re.findall(r"<h1>([^<]+)</h1>", answer.text)[0], answer.text


def test_a_receipt_tells_how_far_the_card_is_and_nothing_of_its_holder(office):
    case = office.submitted()
    title, text = status_of(office, case)
    assert title == "Your application is being checked"
    assert "Monday, 30 November 2026" in text
    decision = {"decision": "approve"}
    view = office.good("booth-1", f"/v1/cases/{case}/decide", decision, officer="assessor")
    assert status_of(office, case)[0] == "Your new card is being made"
    card = view["card"]["card_id"]
    for more in (
        {"move": "personalise", "chip_serial": "CHIP1"},
        {"move": "pass_quality"},
        {"move": "store", "location": "collection-1.magazine", "slot": 1},
    ):
        office.move("booth-1", case, card, officer="maker", **more)
    title, text = status_of(office, case)
    assert title == "Your new card is ready"
    assert "Main Office" in text
    assert "Monday, 23 November 2026" in text


def test_a_refused_application_asks_to_come_and_says_no_reason(office):
    case = office.submitted()
    decision = {"decision": "refuse", "reason": "secret reason"}
    office.good("booth-1", f"/v1/cases/{case}/decide", decision, officer="assessor")
    title, text = status_of(office, case)
    assert title == "Please contact the office"
    assert "secret reason" not in text


def test_forged_and_foreign_codes_open_no_status(office):
    case = office.submitted()
    token = office.find(case)["receipt_token"]
    tag = office.tag("AB987654(3)")["token"]
    for wrong in (token[:-3] + "AAA", tag, "A" * 54):
        assert office.http.get(f"/status/{wrong}").status_code == 404


def come_by_letter(office):
    letter = book(office)
    office.http.post(letter.replace("letter", "form"), data=FORM)
    picture = Image.open(io.BytesIO(office.http.get(f"{letter}/qr.png").content))
    body = {"by": "letter", "letter_token": token_in(picture)}
    return office.good("tag-1", "/v1/tags", body)["tag"]


def test_what_was_given_when_booking_opens_the_status(office):
    case = come_by_letter(office)["case_id"]
    answer = office.http.post("/status", data=WHO)
    assert answer.status_code == 303
    shown = office.http.get(answer.headers["location"])
    assert "Your application is not complete yet" in shown.text
    assert office.find(case)["state"] == "form_done"


def test_wrong_details_and_no_application_are_answered_in_the_same_words(office):
    come_by_letter(office)
    wrong = [
        {**WHO, "enquiry_code": "1111"},
        {**WHO, "year_of_birth": "1981"},
        {**WHO, "identity_number": "AB987654(3)"},
    ]
    answers = [office.http.post("/status", data=typed) for typed in wrong]
    assert {answer.status_code for answer in answers} == {422}
    told = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(told) == 1


def test_guesses_about_one_person_are_stopped_whether_known_or_not(tmp_path, database):
    table = office_table(tmp_path, (), database=database)
    table["booking"] = {"wrong_codes": 3, "lock_minutes": 10}
    with running_office(from_dict(table, tmp_path)) as office:
        come_by_letter(office)
        for number in ("A123456(3)", "AB987654(3)"):
            codes = [
                office.http.post(
                    "/status", data={**WHO, "identity_number": number, "enquiry_code": f"999{n}"}
                ).status_code
                for n in range(4)
            ]
            assert codes == [422] * 4
        # Even the right code opens nothing then; after a while it does.
        assert office.http.post("/status", data=WHO).status_code == 422
        office.clock.advance(601)
        assert office.http.post("/status", data=WHO).status_code == 303


def test_a_guard_forgets_with_time_and_keeps_no_more_than_it_may():
    guard = Guard(2, timedelta(minutes=1), most_kept=3)
    guard.spend("one", NOON)
    guard.spend("one", NOON)
    with pytest.raises(Refusal):
        guard.spend("one", NOON + timedelta(seconds=59))
    guard.spend("one", NOON + timedelta(seconds=61))
    for name in ("two", "three", "four"):
        guard.failed(name, NOON)
    assert len(guard._tries) == 3
    assert b"one" not in b"".join(guard._tries)


def request(client, *forwarded):
    headers = Headers(raw=[(b"x-forwarded-for", one.encode()) for one in forwarded])
    return SimpleNamespace(client=SimpleNamespace(host=client), headers=headers)


def test_only_a_trusted_proxy_says_who_asked():
    proxies = ("127.0.0.1", "10.0.0.2")
    assert source(request("192.0.2.1", "198.51.100.7"), proxies) == "192.0.2.1"
    assert source(request("127.0.0.1"), proxies) == "127.0.0.1"
    assert source(request("127.0.0.1", "203.0.113.9, 198.51.100.7"), proxies) == "198.51.100.7"
    assert source(request("127.0.0.1", "198.51.100.7, 10.0.0.2"), proxies) == "198.51.100.7"
    assert source(request("127.0.0.1", "1.1.1.1", "198.51.100.7"), proxies) == "198.51.100.7"
    assert source(request("127.0.0.1", "198.51.100.7"), ()) == "127.0.0.1"


def test_a_form_saved_by_its_script_answers_by_field(office):
    form = book(office).replace("letter", "form")
    typed = {"surname": "Chan", "chinese_name": "Chan", "action": "save"}
    answer = office.http.post(form, data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert list(answer.json()["errors"]) == ["chinese_name"]
    assert 'value="CHAN"' in office.http.get(f"{form}?part=name").text


def test_codes_of_the_chinese_name_are_as_many_as_its_characters(office):
    form = book(office).replace("letter", "form")
    name = {"chinese_name": "歐陽詠詩", "action": "save", "part": "name"}
    short = office.http.post(form, data={**name, "chinese_codes": "2962 7122"})
    assert (short.status_code, re.findall(r'id="(\w+)-error"', short.text)) == (
        422,
        ["chinese_codes"],
    )
    right = office.http.post(form, data={**name, "chinese_codes": "２９６２ 7122 6102  61081"})
    assert right.status_code == 303
    assert "2962 7122 6102 61081" in office.http.get(f"{form}?part=name").text
    other = office.http.post(
        form, data={"chinese_name": "陳大文", "action": "save", "part": "name"}
    )
    assert other.status_code == 422
    assert "2962" not in office.http.get(f"{form}?part=review").text


def test_only_a_finished_form_stands_in_the_ledger(office):
    form = book(office).replace("letter", "form")

    def lines():
        return office.store.submit(
            lambda transaction: transaction.connection.exec_driver_sql(
                "SELECT count(*) FROM ledger WHERE kind = 'form_prefilled'"
            ).scalar_one()
        ).result()

    for surname in ("CHA", "CHAN"):
        office.http.post(form, data={"surname": surname, "action": "save"})
    assert lines() == 0
    assert office.http.post(form, data=PARTICULARS).status_code == 303
    assert lines() == 1


def test_the_letter_goes_by_mail_once_agreed_and_only_where_mails_are_sent(tmp_path, database):
    with running_office(office_settings(tmp_path, (), database=database)) as office:
        letter = book(office)
        assert "mail_address" not in office.http.get(letter).text
        typed = {"mail_address": "a@b.example", "mail_consent": "yes"}
        assert office.http.post(f"{letter}/mail", data=typed).status_code == 404


def test_a_mailed_letter_waits_in_the_outbox(tmp_path, database):
    table = office_table(tmp_path, (), database=database)
    table["notices"] = {
        "public_address": "https://id.example",
        "sender": "no-reply@id.example",
        "folder": "mail",
    }
    with running_office(from_dict(table, tmp_path)) as office:
        letter = book(office)
        wrong = office.http.post(f"{letter}/mail", data={"mail_address": "no address"})
        assert wrong.status_code == 422
        found = re.findall(r'class="error" id="(\w+)-error"', wrong.text)
        assert found == ["mail_address", "mail_consent"]
        typed = {"mail_address": "a@b.example", "mail_consent": "yes"}
        for _ in range(2):
            answer = office.http.post(f"{letter}/mail", data=typed)
            assert (answer.status_code, answer.headers["location"]) == (
                303,
                f"{letter}?mailed=true",
            )
        count = "SELECT count(*) FROM notices WHERE stage = 'letter'"
        asked = office.store.submit(
            lambda transaction: transaction.connection.exec_driver_sql(count).scalar_one()
        )
        assert asked.result() == 1
        assert "The letter is on its way to you." in office.http.get(f"{letter}?mailed=true").text


def test_a_letter_of_a_day_that_is_over_says_so(office):
    letter = book(office)
    office.clock.advance(24 * 3600)
    html = office.http.get(letter).text
    assert "The day of this appointment is over." in html
