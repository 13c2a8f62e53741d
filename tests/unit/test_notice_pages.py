"""Notices from the page to the mailbox and the phone: consent, confirmation, one press to stop."""

import base64
import hmac
import html
import logging
import re
import threading

import pytest
from sqlalchemy import select

from backend.keys import SecretError
from backend.notices import outbox
from backend.notices.sms import TwilioSms
from backend.schema import notices_tables, tables
from backend.schema.base import metadata
from backend.serve import create_app
from backend.settings import from_dict
from common.domain.clock import HandClock
from common.domain.language import OFFICE_LANGUAGES
from tests.support.backend_office import MORNING, office_settings, office_table, running_office
from tests.support.notice_peers import ACCOUNT, TOKEN, mail_server, sms_provider
from tests.unit.test_backend_web import book, errors

AGREED = {
    "mail": "somebody@example.com",
    "mobile": "9123 4567",
    "topic-appointment": "yes",
    "topic-card": "yes",
    "language": "zh-Hant",
    "consent": "yes",
}
LINK = re.compile(r"https://card\.example(/\S+)")


def table(home, database="backend.sqlite", **notices):
    (home / "sms.token").write_text(TOKEN)
    return {
        **office_table(home, ("reg-officer",), database=database),
        "notices": {
            "public_address": "https://card.example",
            "sender": "no-reply@card.example",
            "per_minute": 6000,
            **notices,
        },
    }


@pytest.fixture
def peers():
    with mail_server() as mail, sms_provider() as sms:
        yield mail, sms


@pytest.fixture
def office(tmp_path, database, peers):
    mail, sms = peers
    smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none"}
    account = {"account": ACCOUNT, "token": "file:sms.token", "sender": "IDCARD"}
    ways = {"smtp": smtp, "sms": {**account, "address": sms.address}}
    with running_office(from_dict(table(tmp_path, database, **ways), tmp_path)) as running:
        yield running


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def known(office):
    ask = select(notices_tables.contacts).order_by(notices_tables.contacts.c.channel)
    return office.store.ask(lambda t: t.connection.execute(ask).all())


def notices_of(office, **wanted):
    ask = select(notices_tables.notices)
    for name, value in wanted.items():
        ask = ask.where(notices_tables.notices.c[name] == value)
    return office.store.ask(lambda t: t.connection.execute(ask).all())


def wait_until(true):
    pause = threading.Event()
    for _ in range(2000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came")


def kinds(office):
    ask = select(tables.ledger.c.kind).order_by(tables.ledger.c.number)
    return office.store.ask(lambda t: t.connection.execute(ask).scalars().all())


def our_log(caplog):
    """Everything logged but by the test's own client and its mail server.

    pytest also listens where the backend has cut the wire: to the log of requests.
    """
    others = ("httpx", "httpcore", "mail", "uvicorn")
    ours = [record for record in caplog.records if record.name.split(".")[0] not in others]
    assert ours
    return "\n".join(
        f"{record.name} {record.getMessage()} {record.exc_text or ''}" for record in ours
    )


def test_from_the_page_to_the_mailbox_and_the_phone_and_no_more(office, peers, caplog):
    caplog.set_level(logging.DEBUG)
    mail, sms = peers
    letter = book(office)
    assert "/notices" in office.http.get(letter).text
    page = office.http.get(f"{letter}/notices")
    assert page.status_code == 200
    saved = office.http.post(f"{letter}/notices", data=AGREED)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{letter}/notices?saved=true")
    shown = office.http.get(saved.headers["location"]).text
    assert 'value="somebody@example.com"' in shown
    assert 'value="+85291234567"' in shown

    booked = mail.wait()
    assert booked["To"] == "somebody@example.com"
    assert booked["Subject"] == "已預約"
    assert "海港" not in text_of(booked)
    assert "總辦事處" in text_of(booked)
    links = LINK.findall(text_of(booked))
    assert links[0] == f"{letter}?lang=zh-Hant"
    [confirm] = [link for link in links if "/confirm/" in link]
    assert [part.get_filename() for part in booked.iter_attachments()] == ["appointment.ics"]
    wait_until(lambda: sms.texts)
    assert sms.texts[0]["To"] == "+85291234567"
    assert "智能身份證服務：您已預約" in sms.texts[0]["Body"]

    assert office.http.get(confirm).status_code == 200
    assert known(office)[0].validated_at is None  # a machine that follows links confirms nothing
    for _ in range(2):
        assert office.http.post(confirm).status_code == 200
    assert known(office)[0].validated_at == office.clock()
    assert kinds(office).count("address_confirmed") == 1

    stop = booked["List-Unsubscribe"].strip("<>").removeprefix("https://card.example")
    assert office.http.get(stop).status_code == 200
    assert len(known(office)) == 2
    for _ in range(2):
        pressed = office.http.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert pressed.status_code == 200
    assert [row.channel for row in known(office)] == ["sms"]
    assert kinds(office).count("notices_withdrawn") == 1
    for secret in ("somebody", "9123", letter.removeprefix("/letter/"), TOKEN, "A123456"):
        assert secret not in our_log(caplog)


def test_no_address_lies_open_in_the_database(office, peers):
    mail, _ = peers
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    mail.wait()
    office.http.post(f"{letter}/cancel")
    mail.wait()
    for one in metadata.sorted_tables:
        rows = office.store.ask(lambda t, one=one: t.connection.execute(select(one)).all())
        for secret in ("somebody", "9123"):
            assert secret not in repr(rows), one.name


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"mail": "somebody"}, ["mail"]),
        ({"mobile": "2345 6789"}, ["mobile"]),
        ({"mobile": "12"}, ["mobile"]),
        ({"consent": ""}, ["consent"]),
        ({"topic-appointment": "", "topic-card": ""}, ["topics"]),
        ({"mail": "a\r\nBcc: b@c.hk", "consent": ""}, ["mail", "consent"]),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(office, changed, wrong):
    letter = book(office)
    answer = office.http.post(f"{letter}/notices", data={**AGREED, **changed})
    assert answer.status_code == 422
    assert errors(answer) == wrong
    assert known(office) == []


def test_empty_addresses_withdraw_without_any_tick(office):
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    assert len(known(office)) == 2
    nothing = {"mail": "", "mobile": "", "language": "en"}
    assert office.http.post(f"{letter}/notices", data=nothing).status_code == 303
    assert known(office) == []
    assert kinds(office).count("notices_withdrawn") == 2


def test_a_changed_wish_is_a_new_consent_at_the_same_address(office):
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    before = known(office)
    office.clock.advance(60)
    office.http.post(f"{letter}/notices", data={**AGREED, "topic-card": ""})
    after = known(office)
    assert [row.contact_id for row in after] == [row.contact_id for row in before]
    assert {row.topics for row in after} == {"appointment"}
    assert {row.consented_at for row in after} == {office.clock()}
    assert kinds(office).count("notices_consented") == 4


def test_links_are_good_for_one_thing_and_cannot_be_made_up(office, peers):
    mail, _ = peers
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    links = LINK.findall(text_of(mail.wait()))
    [confirm] = [link for link in links if "/confirm/" in link]
    [stop] = [link for link in links if re.match("/notices/[^/]{50}", link)]
    swapped = confirm.replace("/confirm", ""), stop.replace("/notices/", "/notices/confirm/")
    forged = "/notices/" + "A" * 54, "/notices/confirm/" + "A" * 54
    for address in (*swapped, *forged):
        assert office.http.get(address).status_code == 404
        assert office.http.post(address).status_code == 404
    assert len(known(office)) == 2
    assert known(office)[0].validated_at is None


def test_another_site_cannot_press_the_button(office, peers):
    mail, _ = peers
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    stop = mail.wait()["List-Unsubscribe"].strip("<>").removeprefix("https://card.example")
    answer = office.http.post(stop, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert len(known(office)) == 2


def test_the_providers_callback(office, peers):
    _, sms = peers
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    wait_until(lambda: notices_of(office, channel="sms", state="sent"))
    [row] = notices_of(office, channel="sms")
    way = office_ways(office)
    address = sms.texts[0]["StatusCallback"].removeprefix("https://card.example")
    assert address == f"/notices/sms-status?notice={row.notice_id}"

    def call(status, signed=None, **more):
        form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+85291234567", **more}
        signature = sign(way.callback(row.notice_id), signed or form)
        return office.http.post(address, data=form, headers={"X-Twilio-Signature": signature})

    assert call("delivered", {"MessageStatus": "failed"}).status_code == 403
    assert notices_of(office, channel="sms")[0].delivered_at is None
    assert call("sending").status_code == 204
    assert notices_of(office, channel="sms")[0].delivered_at is None
    assert call("delivered").status_code == 204
    assert notices_of(office, channel="sms")[0].delivered_at == office.clock()
    assert call("undelivered", ErrorCode="30003").status_code == 204
    assert notices_of(office, channel="sms")[0].state == "sent"


def office_ways(office):
    settings = office.service.settings
    return TwilioSms(settings.notices.sms, settings.folder, settings.notices.public_address)


def sign(address, form):
    signed = address + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), "sha1")).decode()


def test_where_no_notices_are_sent_there_is_no_page(tmp_path):
    with running_office(office_settings(tmp_path, ())) as office:
        letter = book(office)
        assert "/notices" not in office.http.get(letter).text
        assert office.http.get(f"{letter}/notices").status_code == 404
        assert office.http.post(f"{letter}/notices", data=AGREED).status_code == 404
        assert office.http.post("/notices/sms-status?notice=x").status_code == 404


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_pages_speak_every_language(office, peers, language):
    mail, _ = peers
    letter = book(office)
    shown = office.http.get(f"{letter}/notices", params={"lang": language})
    assert f'<html lang="{language}">' in shown.text
    data = {**AGREED, "language": language}
    office.http.post(f"{letter}/notices", data=data)
    booked = mail.wait()
    assert booked["Content-Language"] == language
    for link in LINK.findall(text_of(booked)):
        answer = office.http.get(link)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text


def test_a_folder_shows_notices_to_a_person(tmp_path):
    settings = from_dict(table(tmp_path, folder="mail"), tmp_path)
    with running_office(settings) as office:
        office.http.post(f"{book(office)}/notices", data=AGREED)
        wait_until(lambda: len(notices_of(office, state="sent")) == 2)
    found = sorted(path.suffix for path in (tmp_path / "mail").iterdir())
    assert found == [".eml", ".txt"]


def test_only_what_is_offered_is_asked_and_kept(tmp_path, peers):
    mail, _ = peers
    smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none"}
    with running_office(from_dict(table(tmp_path, smtp=smtp), tmp_path)) as office:
        letter = book(office)
        assert 'name="mobile"' not in office.http.get(f"{letter}/notices").text
        office.http.post(f"{letter}/notices", data=AGREED)
        assert [row.channel for row in known(office)] == ["mail"]


def test_a_backend_without_its_password_does_not_start(tmp_path):
    smtp = {"host": "mail.example", "user": "office", "password": "file:nowhere"}
    settings = from_dict(table(tmp_path, smtp=smtp), tmp_path)
    with pytest.raises(SecretError, match="nowhere"):
        create_app(settings, HandClock(MORNING))


def consent_fact(**changed):
    return {
        "kind": "contact_consented",
        "mail": "Somebody@Example.com",
        "mobile": "9123 4567",
        "language": "en",
        **changed,
    }


def test_a_station_takes_down_a_consent_and_its_withdrawal(office, peers):
    mail, _ = peers
    case = office.tag()["case_id"]
    assert office.fact("bench-1", case, consent_fact())["outcome"] == "accepted"
    assert [row.channel for row in known(office)] == ["mail", "sms"]
    assert {row.consented_at_place for row in known(office)} == {"bench-1"}
    office.submitted()
    told = mail.wait()
    assert told["Subject"] == "We have your application"
    assert "/notices/confirm/" in text_of(told)
    assert office.fact("booth-1", case, consent_fact(mail="", mobile=""))["outcome"] == "accepted"
    assert known(office) == []


def test_stations_that_do_not_ask_and_addresses_that_are_none(office):
    case = office.tag()["case_id"]
    receipt = office.fact("collection-1", case, consent_fact())
    assert (receipt["outcome"], receipt["reason"]) == ("refused", "not_allowed_here collection")
    for wrong in ({"mobile": "2345 6789"}, {"mail": "nobody"}, {"language": "fr"}):
        fact = {
            "id": "0198c0de-0000-7000-8000-000000000001",
            "what": consent_fact(**wrong),
            "case_id": case,
            "station": "bench-1",
            "officer": None,
            "at": office.clock().isoformat(),
        }
        answer = office.send("bench-1", "/v1/facts", {"facts": [fact]})
        assert answer.status_code == 422
        assert "2345" not in answer.text
    assert known(office) == []


def test_after_the_tag_the_letters_page_speaks_for_the_case(office, peers):
    mail, _ = peers
    letter = book(office)
    office.http.post(f"{letter}/notices", data=AGREED)
    mail.wait()
    case = office.tag()["case_id"]
    assert {row.subject for row in known(office)} == {case}
    page = html.unescape(office.http.get(f"{letter}/notices").text)
    assert "somebody@example.com" in page
    office.http.post(f"{letter}/notices", data={**AGREED, "mail": "", "mobile": ""})
    assert known(office) == []


def test_counts_for_the_operator(office, peers):
    mail, _ = peers
    mail.fault = "550 5.1.1"
    office.http.post(f"{book(office)}/notices", data=AGREED)
    wait_until(
        lambda: (
            office.store.ask(outbox.counts) == {"waiting": 0, "sent": 1, "failed": 1, "expired": 0}
        )
    )
    shown = office.http.get("/v1/metrics").text
    assert "smartics_notices_failed 1.0" in shown
    assert "smartics_notices_waiting 0.0" in shown


def test_a_mail_server_that_cuts_after_it_took_the_mail_gets_the_same_mail_again(office, peers):
    mail, _ = peers
    mail.fault = "cut after"
    office.http.post(f"{book(office)}/notices", data=AGREED)
    first = mail.wait()
    wait_until(lambda: notices_of(office, channel="mail", state="waiting", tries=1))
    mail.fault = ""
    office.clock.advance(61)
    again = mail.wait()
    assert again["Message-ID"] == first["Message-ID"]
    wait_until(lambda: notices_of(office, channel="mail", state="sent", tries=2))
