"""What the registration kiosk asks of the backend besides the queue, and who may say what."""

import hashlib
import itertools
from base64 import b64encode
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from backend.commands import contacts
from backend.commands import mobile as mobile_codes
from backend.commands.old_cards import call_up
from backend.notices.outbox import About, Taken
from backend.notices.texts import sms_text
from backend.schema.notices_tables import notices
from backend.settings import CalledUp, from_dict
from common.domain.language import Language
from common.domain.notice import Channel, NoticeStage
from common.wire.facts import new_id
from common.wire.old_card import CallUp
from hardware.simulation.people import person
from tests.support.backend_office import PARTICULARS, office_table, running_office

MOBILE = {"mobile": "+85291234567", "language": "en"}
JPEG = b"some face"
SEEDS = itertools.count(501)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kiosk")
    table = office_table(folder, ("reg-officer", "assessor", "maker", "supervisor"))
    table["office"]["issuance"] = {
        "call_ups": [
            {"born_from": 1968, "born_to": 1969, "first": "2026-01-05", "last": "2026-03-30"}
        ]
    }
    table["notices"] = {
        "public_address": "https://card.example",
        "sender": "no-reply@card.example",
        "folder": str(folder / "notices"),
    }
    with running_office(from_dict(table, folder)) as found:
        yield found


@pytest.fixture
def case(office):
    """A case of somebody new for each test."""
    return office.tag(person(next(SEEDS)).identity_number, 1980)["case_id"]


def code_of(office, case, mobile="+85291234567"):
    """The code of the newest text message of a case, as its sender makes it."""

    def ask(transaction):
        newest = transaction.connection.execute(
            select(notices)
            .where(notices.c.subject == case, notices.c.stage == NoticeStage.MOBILE_CODE)
            .order_by(notices.c.made_at.desc(), notices.c.notice_id.desc())
        ).first()
        return mobile_codes.code_of(transaction, newest, mobile)

    return office.store.submit(ask).result()


def send(office, case, **changes):
    return office.send("registration-1", f"/v1/cases/{case}/mobile", MOBILE | changes)


def check(office, case, code, **changes):
    body = MOBILE | {"code": code} | changes
    return office.send("registration-1", f"/v1/cases/{case}/mobile/check", body)


def marks(office, case):
    return office.find(case)["done"]


def contact(office, case):
    """The mobile contact of a case: its address, and whether it was proven."""

    def ask(transaction):
        found = contacts.of(transaction, case, Channel.SMS)
        if found is None:
            return None
        return contacts.address_of(transaction, found), found.validated_at is not None

    return office.store.submit(ask).result()


def later(office, seconds):
    office.clock.advance(seconds)


def test_the_right_code_proves_the_number_and_lets_notices_go_there(office, case):
    assert send(office, case).json()["again_after_s"] == 45
    assert contact(office, case) is None, "nobody agreed yet"
    answer = check(office, case, code_of(office, case))
    assert answer.json()["right"]
    assert contact(office, case) == ("+85291234567", True)
    assert "contact_asked" in marks(office, case)


def test_asking_again_at_once_or_repeating_the_request_sends_no_second_message(office, case):
    key = str(new_id())
    path = f"/v1/cases/{case}/mobile"
    first = office.send("registration-1", path, MOBILE, key=key)
    assert office.send("registration-1", path, MOBILE, key=key).json() == first.json()
    code = code_of(office, case)
    assert send(office, case).json()["again_after_s"] <= 45
    assert code_of(office, case) == code


def test_only_the_newest_code_counts_and_codes_run_out(office, case):
    codes = []
    for _ in range(4):
        assert send(office, case).status_code == 200
        codes.append(code_of(office, case))
        later(office, 46)
    assert len(set(codes)) == 4
    assert send(office, case).json()["problem"] == "too_many_codes"
    assert not check(office, case, codes[0]).json()["right"]
    assert check(office, case, codes[3]).json()["right"]


def test_five_wrong_codes_end_it_and_then_the_right_one_is_wrong_too(office, case):
    send(office, case)
    code = code_of(office, case)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    left = [check(office, case, wrong).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert not check(office, case, code).json()["right"]
    assert contact(office, case) is None


def test_a_code_is_for_its_number_and_its_time(office, case):
    send(office, case)
    code = code_of(office, case)
    assert check(office, case, code, mobile="+85298765432").json()["problem"] == "no_code"
    later(office, 660)
    assert check(office, case, code).json() == {"right": False, "tries_left": 0}


@pytest.mark.parametrize("mobile", ["23456789", "+8522", "hello"])
def test_what_is_no_mobile_number_gets_no_code(office, case, mobile):
    assert send(office, case, mobile=mobile).status_code == 422


def test_a_tag_kiosk_sends_no_codes(office, case):
    answer = office.send("tag-1", f"/v1/cases/{case}/mobile", MOBILE)
    assert answer.json()["problem"] == "not_allowed_here"


def test_the_code_stands_in_the_text_message_and_nowhere_in_the_database(office, case):
    send(office, case)
    code = code_of(office, case)

    def rows(transaction):
        found = transaction.connection.execute(select(notices).where(notices.c.subject == case))
        return repr([tuple(row) for row in found])

    assert code not in office.store.submit(rows).result()
    about = Taken("1", NoticeStage.MOBILE_CODE, Channel.SMS, Language.ENGLISH, "", 1, About("HQ"))
    assert code in sms_text(replace(about, code=code), office.settings.offices[0])


def test_what_was_not_asked_stands_as_it_was(office, case):
    told = {"kind": "contact_consented", "language": "en"}
    office.fact("booth-1", case, told | {"mail": "a@example.com", "mobile": "+85291234567"})
    office.fact("registration-1", case, told | {"mail": None, "mobile": None})
    assert contact(office, case) == ("+85291234567", False)
    office.fact("registration-1", case, told | {"mail": None, "mobile": "+85298765432"})
    assert contact(office, case) == ("+85298765432", False)
    assert "contact_asked" in marks(office, case)


def test_the_collection_office_is_one_of_ours(office, case):
    told = {"kind": "collection_office_chosen", "office": "NOWHERE"}
    assert office.fact("registration-1", case, told)["outcome"] == "refused"
    assert office.fact("registration-1", case, told | {"office": "HQ"})["outcome"] == "accepted"
    assert "office_chosen" in marks(office, case)


def test_lateness_and_signature_are_shown_to_officers_alone(office, case):
    office.fact("registration-1", case, {"kind": "lateness_declared", "why": "ill"})
    picture = b64encode(b"some ink").decode()
    office.fact("registration-1", case, {"kind": "signature_given", "picture": picture})
    seen = office.find(case)
    assert (seen["lateness"], seen["signature"].strip()) == ("ill", picture)
    assert office.find(case, "bench-1")["signature"] is None
    assert {"late_declared", "signed"} <= set(seen["done"])


def test_who_signs_at_the_booth_has_no_signature_yet(office, case):
    office.fact("registration-1", case, {"kind": "signature_given"})
    seen = office.find(case)
    assert seen["signature"] is None
    assert "signs_at_booth" in seen["done"]


TAKEN = {"kind": "photograph_taken", "portrait": b64encode(JPEG).decode()}


def approve(office, case, jpeg=JPEG, officer="reg-officer"):
    what = {"kind": "photograph_approved", "seen": hashlib.sha256(jpeg).hexdigest()}
    return office.fact("booth-1", case, what, officer)


def test_a_kiosks_photograph_counts_once_an_officer_approved_just_this_one(office):
    tag = office.registered(person(next(SEEDS)).identity_number)
    case = tag["case_id"]
    office.fact("registration-1", case, TAKEN)
    assert "photographed" not in marks(office, case)
    refused = office.send("booth-1", f"/v1/cases/{case}/submit", officer="reg-officer")
    assert refused.json()["detail"] == "portrait"
    assert "officer_needed" in approve(office, case, officer=None)["reason"]
    assert "seen_otherwise" in approve(office, case, b"another face")["reason"]
    assert approve(office, case)["outcome"] == "accepted"
    again = office.fact("registration-1", case, TAKEN)
    assert "already_photographed" in again["reason"]
    assert office.send("booth-1", f"/v1/cases/{case}/submit", officer="reg-officer").is_success


def test_who_walked_away_waits_again_and_is_not_called_for_ever(office):
    tag = office.tag(person(next(SEEDS)).identity_number, 1980)
    office.fact("bench-1", tag["case_id"], {"kind": "form_filled", "particulars": PARTICULARS})
    action = {"tag_token": tag["token"], "place": "K2"}
    seen = []
    for _ in range(6):
        later(office, 60)
        called = office.good(
            "registration-2", "/v1/queue/call", {"place": "K2", "stages": ["kiosk"]}
        )["tag"]
        if called is None:
            break
        assert called["number"] == tag["number"]
        office.good("registration-2", "/v1/queue/arrive", action)
        seen.append(office.good("registration-2", "/v1/queue/miss", action)["status"])
    assert seen[0] == "waiting"
    assert seen[-1] == "missed"
    back = office.good("registration-2", "/v1/queue/recall", action)
    assert back["status"] == "called", "its holder shows it again"


def ask_card(office, case, serial, born="1980-05-06"):
    body = {"chip_serial": serial, "date_of_birth": born}
    return office.good("registration-1", f"/v1/cases/{case}/old-card", body)


def test_a_card_is_good_until_it_is_lost(office):
    number = person(next(SEEDS)).identity_number
    case, card = office.stored(number, slot=7)
    office.recognised(case)
    for more in ({"move": "reserve"}, {"move": "present"}, {"move": "issue"}):
        office.move("collection-1", case, card, **more)
    again = office.tag(number)["case_id"]
    assert ask_card(office, again, "CHIP7")["card"] == "good"
    assert ask_card(office, again, "ANOTHER")["card"] == "replaced", "the card from before"
    office.good("booth-1", "/v1/cards/report-lost", {"case_id": again}, officer="reg-officer")
    assert ask_card(office, again, "CHIP7")["card"] == "lost"


CALLED = (
    CalledUp(born_from=1968, born_to=1969, first=date(2026, 1, 5), last=date(2026, 3, 30)),
    CalledUp(born_from=1969, born_to=1970, first=date(2026, 4, 1), last=date(2026, 6, 30)),
)


@pytest.mark.parametrize(
    ("year", "today", "expected"),
    [
        (1967, date(2026, 2, 1), CallUp.NONE),
        (1968, date(2026, 1, 4), CallUp.EARLY),
        (1968, date(2026, 1, 5), CallUp.DUE),
        (1968, date(2026, 3, 30), CallUp.DUE),
        (1968, date(2026, 3, 31), CallUp.LATE),
        (1969, date(2026, 3, 31), CallUp.EARLY),
        (1969, date(2026, 4, 1), CallUp.DUE),
    ],
)
def test_a_year_of_birth_is_held_against_the_periods(year, today, expected):
    assert call_up(CALLED, date(year, 7, 1), today) is expected


def test_the_kiosk_hears_of_the_exercise(office, case):
    assert ask_card(office, case, "X", "1968-01-01")["call_up"] == "late"
    assert ask_card(office, case, "X", "1980-01-01")["call_up"] == "none"


def test_a_visit_that_was_cut_off_goes_on_and_its_end_is_taken(office):
    """As after a power cut: the place calls again, and the holder shows the tag once more."""
    tag = office.tag(person(next(SEEDS)).identity_number)
    case = tag["case_id"]
    office.fact("bench-1", case, {"kind": "form_filled", "particulars": PARTICULARS})
    action = {"tag_token": tag["token"], "place": "K1"}
    call = {"place": "K1", "stages": ["kiosk"]}
    while office.good("registration-1", "/v1/queue/call", call)["tag"]["number"] != tag["number"]:
        later(office, 60)
    office.good("registration-1", "/v1/queue/arrive", action)
    later(office, 60)
    office.good("registration-1", "/v1/queue/call", call)
    for step in ("recall", "arrive"):
        office.good("registration-1", f"/v1/queue/{step}", action)
    later(office, 60)
    receipt = office.fact("registration-1", case, {"kind": "registration_finished"})
    assert receipt["outcome"] == "accepted", receipt
    assert office.find(case)["tag"]["stage"] == "booth"
