"""What the backend decides for stations: tags, queue, submission, custody, idempotency."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import select

from backend.schema.tables import refused_facts
from common.domain.card import CardMove, CardState, after
from common.wire.evidence import Exceptions
from common.wire.facts import new_id
from tests.support.backend_office import PARTICULARS, PASSWORD, office_settings, running_office


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, database=database)) as running:
        yield running


NUMBERS = [
    "A123456(3)",
    "AB987654(3)",
    "E364912(5)",
    "D288754(2)",
    "C668668(9)",
    "L555555(0)",
    "G123456(A)",
    "A100004(A)",
    "A100009(0)",
    "WX100007(A)",
]


def test_without_a_station_s_signature_nothing_is_told(office):
    answer = office.http.post("/v1/tags", json={"by": "card", "identity_number": "A123456(3)"})
    assert answer.status_code == 401
    assert answer.json() == {"problem": "station_unknown", "detail": ""}


def test_a_station_does_only_its_own_business(office):
    body = {"by": "card", "identity_number": "A123456(3)"}
    answer = office.send("bench-1", "/v1/tags", body)
    assert (answer.status_code, answer.json()["problem"]) == (403, "not_allowed_here")


def test_same_key_same_answer_and_other_body_is_refused(office):
    body = {"by": "card", "identity_number": "A123456(3)"}
    first = office.send("tag-1", "/v1/tags", body, key="one-key-1")
    again = office.send("tag-1", "/v1/tags", body, key="one-key-1")
    assert first.json()["outcome"] == "issued"
    assert again.content == first.content
    other = {"by": "card", "identity_number": "AB987654(3)"}
    refused = office.send("tag-1", "/v1/tags", other, key="one-key-1")
    assert (refused.status_code, refused.json()["problem"]) == (422, "key_reused")


def test_a_command_without_key_is_refused(office):
    headers = {"X-Station": "tag-1"}
    body = {"by": "card", "identity_number": "A123456(3)"}
    answer = office.http.post("/v1/tags", json=body, headers=headers)
    assert (answer.status_code, answer.json()["problem"]) == (400, "key_missing")


def test_a_refusal_is_not_kept_for_repetition(office):
    tag = office.registered()
    action = {"tag_token": tag["token"], "place": "R1"}
    first = office.send("booth-1", "/v1/queue/arrive", action, key="arrive-1")
    assert (first.status_code, first.json()["problem"]) == (409, "not_called")
    office.good("booth-1", "/v1/queue/call", {"place": "R1", "stages": ["booth"]})
    assert office.send("booth-1", "/v1/queue/arrive", action, key="arrive-1").status_code == 200


def test_asking_again_reprints_the_same_tag(office):
    first = office.tag()
    body = {"by": "card", "identity_number": "a123456（3）"}
    again = office.good("tag-1", "/v1/tags", body)
    assert again["outcome"] == "reprinted"
    assert again["tag"]["number"] == first["number"] == "W001"


def test_wrong_numbers_years_and_letters_go_to_reception(office):
    office.tag("A123456(3)", 1980)
    for body, reason in (
        ({"by": "number", "identity_number": "A123456(7)"}, "number_wrong"),
        ({"by": "number", "identity_number": "A123456(3)", "year_of_birth": 1981}, "year_wrong"),
        ({"by": "letter", "letter_token": "a" * 54}, "letter_unknown"),
    ):
        answer = office.good("tag-1", "/v1/tags", body)
        assert (answer["outcome"], answer["reason"], answer["tag"]) == ("reception", reason, None)


def test_tag_numbers_have_no_gaps_under_many_threads(office):
    def take(number):
        body = {"by": "card", "identity_number": number}
        return [office.good("tag-1", "/v1/tags", body)["tag"]["number"] for _ in range(3)]

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(take, NUMBERS))
    assert all(len(set(same)) == 1 for same in numbers)
    expected = [f"W{n:03d}" for n in range(1, len(NUMBERS) + 1)]
    assert sorted(same[0] for same in numbers) == expected


def test_two_places_never_get_the_same_tag(office):
    for number in NUMBERS[:4]:
        tag = office.tag(number)
        filled = {"kind": "form_filled", "particulars": PARTICULARS}
        office.fact("bench-1", tag["case_id"], filled)
    start = threading.Barrier(2)

    def call(station, place):
        start.wait()
        body = {"place": place, "stages": ["kiosk"]}
        return office.good(station, "/v1/queue/call", body)["tag"]["number"]

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(call, "registration-1", "K1")
        two = pool.submit(call, "registration-2", "K2")
    assert {one.result(), two.result()} == {"W001", "W002"}
    # Until somebody comes, the place keeps its tag.
    assert call_again(office) == one.result()


def call_again(office):
    body = {"place": "K1", "stages": ["kiosk"]}
    return office.good("registration-1", "/v1/queue/call", body)["tag"]["number"]


def test_arrive_only_where_called(office):
    tag = office.registered()
    office.good("booth-1", "/v1/queue/call", {"place": "R1", "stages": ["booth"]})
    elsewhere = office.send(
        "booth-2", "/v1/queue/arrive", {"tag_token": tag["token"], "place": "R2"}
    )
    assert (elsewhere.status_code, elsewhere.json()["problem"]) == (409, "called_elsewhere")
    here = {"tag_token": tag["token"], "place": "R1"}
    assert office.good("booth-1", "/v1/queue/arrive", here)["status"] == "serving"
    assert office.good("booth-1", "/v1/queue/arrive", here)["status"] == "serving"


def test_a_missed_tag_waits_three_places_behind_and_is_missed_for_good_the_third_time(office):
    tags = []
    for number in NUMBERS[:5]:
        office.clock.advance(60)
        tags.append(office.registered(number))
    body = {"place": "R1", "stages": ["booth"]}
    called = office.good("booth-1", "/v1/queue/call", body)["tag"]
    assert called["number"] == "W001"
    action = {"tag_token": called["token"], "place": "R1"}
    assert office.good("booth-1", "/v1/queue/miss", action)["people_ahead"] == 3
    order = []
    for _ in range(4):
        tag = office.good("booth-1", "/v1/queue/call", body)["tag"]
        order.append(tag["number"])
        office.good("booth-1", "/v1/queue/arrive", {"tag_token": tag["token"], "place": "R1"})
    assert order == ["W002", "W003", "W004", "W001"]
    office.good("booth-1", "/v1/queue/call", body)
    last = {"tag_token": tags[4]["token"], "place": "R1"}
    for status in ("waiting", "waiting", "missed"):
        assert office.good("booth-1", "/v1/queue/miss", last)["status"] == status
        office.send("booth-1", "/v1/queue/call", body)
    assert office.tag(NUMBERS[4])["status"] == "waiting"


def test_a_forged_token_is_refused_clearly(office):
    token = office.registered()["token"]
    forged = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    answer = office.send("booth-1", "/v1/cases/find", {"tag_token": forged})
    assert (answer.status_code, answer.json()["problem"]) == (404, "token_unknown")
    receipt = office.send("booth-1", "/v1/cases/find", {"receipt_token": token})
    assert receipt.json()["problem"] == "token_unknown"


def test_a_tag_ends_with_its_day(office):
    token = office.registered()["token"]
    office.clock.advance(24 * 3600)
    answer = office.send("booth-1", "/v1/cases/find", {"tag_token": token})
    assert (answer.status_code, answer.json()["problem"]) == (404, "token_other_day")
    # The case goes on under the next day's number.
    again = office.tag()
    assert (again["number"], again["stage"]) == ("W001", "booth")


def test_the_form_moves_the_tag_on_only_when_it_is_complete(office):
    tag = office.tag()
    half = {"kind": "form_filled", "particulars": {**PARTICULARS, "address": ""}}
    office.fact("bench-1", tag["case_id"], half)
    case = office.find(tag["case_id"])
    assert (case["tag"]["stage"], case["missing"]) == ("form", ["address"])
    whole = {"kind": "form_filled", "particulars": PARTICULARS}
    office.fact("bench-1", tag["case_id"], whole)
    case = office.find(tag["case_id"])
    assert (case["tag"]["stage"], case["state"], case["done"]) == (
        "kiosk",
        "form_done",
        ["form_done"],
    )


def test_the_same_fact_twice_is_one_fact_and_another_under_its_id_is_refused(office):
    case = office.tag()["case_id"]
    same = new_id()
    printed = {"kind": "form_printed"}
    first = office.fact("registration-1", case, printed, fact_id=same)
    again = office.fact("registration-1", case, printed, fact_id=same)
    other = office.fact("registration-1", case, {"kind": "registration_finished"}, fact_id=same)
    assert first["outcome"] == "accepted"
    assert (again["outcome"], again["ledger_number"]) == ("duplicate", first["ledger_number"])
    assert (other["outcome"], other["reason"]) == ("refused", "id_reused")


def test_a_station_cannot_speak_for_an_officer_or_another_station(office):
    case = office.registered()["case_id"]
    fact = {
        "id": str(new_id()),
        "what": {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"},
        "case_id": case,
        "station": "booth-1",
        "officer": "reg-officer",
        "at": "2026-11-23T01:00:00Z",
    }
    answer = office.good("booth-1", "/v1/facts", {"facts": [fact]})
    assert answer["receipts"][0]["reason"] == "officer_unproven"
    other = {**fact, "id": str(new_id()), "station": "booth-2", "officer": None}
    answer = office.good("booth-1", "/v1/facts", {"facts": [other]})
    assert answer["receipts"][0]["reason"] == "other_station"


def test_a_fact_made_before_sign_out_counts_when_it_comes_late(office):
    case = office.registered()["case_id"]
    office.session("booth-1", "reg-officer")
    headers = {
        "X-Station": "booth-1",
        "X-Officer": office.session("booth-1", "reg-officer"),
    }
    assert office.http.post("/v1/officers/sign-out", json={}, headers=headers).json() == {}
    refused = office.send("booth-1", f"/v1/cases/{case}/submit", officer="reg-officer")
    assert (refused.status_code, refused.json()["problem"]) == (401, "session_ended")
    taken = {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}
    assert office.fact("booth-1", case, taken, "reg-officer")["outcome"] == "accepted"


def test_wrong_passwords_are_refused_and_slowed_down(office):
    body = {"officer_id": "assessor", "password": "guess"}
    for _ in range(5):
        answer = office.send("booth-1", "/v1/officers/sign-in", body)
        assert (answer.status_code, answer.json()["problem"]) == (403, "wrong_sign_in")
    assert office.send("booth-1", "/v1/officers/sign-in", body).status_code == 429
    office.clock.advance(61)
    assert office.session("booth-1", "assessor")


def test_submission_names_what_is_missing_and_gives_one_receipt(office):
    case = office.registered()["case_id"]
    path = f"/v1/cases/{case}/submit"
    refused = office.send("booth-1", path, officer="reg-officer")
    assert refused.status_code == 409
    assert refused.json() == {"problem": "not_complete", "detail": "portrait"}
    taken = {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}
    office.fact("booth-1", case, taken, "reg-officer")
    first = office.good("booth-1", path, officer="reg-officer")
    assert first["receipt_number"] == "HQ-2026-000001"
    assert first["ready_on"] == "2026-11-30"
    assert office.good("booth-1", path, officer="reg-officer") == first
    found = office.good("booth-1", "/v1/cases/find", {"receipt_token": first["receipt_token"]})
    assert (found["state"], found["tag"]["status"]) == ("submitted", "done")
    late = office.fact("booth-1", case, taken, "reg-officer")
    assert (late["outcome"], late["reason"]) == ("refused", "already_submitted")


def test_who_captured_does_not_decide(office):
    case = office.submitted(officer="all-round")
    path = f"/v1/cases/{case}/decide"
    same = office.send("booth-1", path, {"decision": "approve"}, officer="all-round")
    assert (same.status_code, same.json()["problem"]) == (403, "same_officer")
    assert office.find(case)["state"] == "submitted"
    view = office.good("booth-1", path, {"decision": "approve"}, officer="assessor")
    assert (view["state"], view["card"]["state"]) == ("approved", "ordered")
    rows = office.ask("booth-1", "/v1/work/approved", officer="maker").json()
    assert [row["case_id"] for row in rows] == [case]


def test_a_card_goes_its_way_to_the_holder(office):
    case, card = office.stored()
    assert office.find(case)["state"] == "ready"
    by_serial = office.ask("collection-1", "/v1/cards/by-serial/CHIP1").json()
    assert (by_serial["case_id"], by_serial["slot"]) == (case, 1)
    version = by_serial["version"]
    stale = office.send("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": 1})
    assert stale.json()["problem"] == "version"
    body = {"expect_version": version}
    held = office.good("collection-1", f"/v1/cards/{card}/reserve", body)
    assert office.good("collection-1", f"/v1/cards/{card}/reserve", body) == held
    other = office.send("booth-1", f"/v1/cards/{card}/reserve", body, officer="counter")
    assert (other.status_code, other.json()["problem"]) == (409, "not_stored")
    elsewhere = office.move("booth-1", case, card, officer="counter", move="present")
    assert elsewhere["reason"].startswith("reserved_elsewhere")
    office.recognised(case)
    for move in ("present", "issue"):
        assert office.move("collection-1", case, card, move=move)["outcome"] == "accepted"
    again = office.move("collection-1", case, card, move="issue")
    assert (again["outcome"], again["reason"]) == ("refused", "unlawful_move issue from issued")
    assert office.find(case)["state"] == "collected"
    gone = office.send("booth-1", "/v1/cases/find", {"identity_number": "A123456(3)"})
    assert gone.status_code == 404


def test_who_personalised_does_not_issue(office):
    case, card = office.stored()
    body = {"expect_version": 4}
    refused = office.send("booth-1", f"/v1/cards/{card}/reserve", body, officer="maker")
    assert (refused.status_code, refused.json()["problem"]) == (403, "same_officer")
    office.recognised(case)
    office.good("booth-1", f"/v1/cards/{card}/reserve", body, officer="counter")
    office.move("booth-1", case, card, officer="counter", move="present")
    receipt = office.move("booth-1", case, card, officer="maker", move="issue")
    assert receipt["reason"].startswith("same_officer")
    issued = office.move("booth-1", case, card, officer="counter", move="issue")
    assert issued["outcome"] == "accepted"


def test_a_faulty_card_is_made_again_and_a_slot_holds_one_card(office):
    case, card = office.stored(slot=1)
    other_case, _ = office.stored("AB987654(3)", slot=2)
    other_card = office.find(other_case)["card"]["card_id"]
    taken = office.move(
        "booth-1", other_case, other_card, move="store", location="collection-1.magazine", slot=1
    )
    assert taken["reason"] == "slot_taken"
    office.good("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": 4})
    assert office.move("collection-1", case, card, move="fail_quality")["outcome"] == "accepted"
    view = office.find(case)
    assert (view["state"], view["card"]["state"]) == ("approved", "ordered")
    assert view["card"]["card_id"] != card


def test_a_hand_off_keeps_the_time_or_gives_an_assisted_tag(office):
    tag = office.tag()
    handed = {"kind": "handed_off", "reason": "no_fingerprints"}
    office.fact("registration-1", tag["case_id"], handed)
    moved = office.find(tag["case_id"])["tag"]
    assert (moved["number"], moved["stage"]) == (tag["number"], "booth")
    assert moved["issued_at"] == tag["issued_at"]
    case, _ = office.stored("AB987654(3)")
    office.fact("collection-1", case, {"kind": "handed_off", "reason": "face_not_matched"})
    assisted = office.find(case)
    assert (assisted["tag"]["number"], assisted["tag"]["stage"]) == ("E001", "counter")
    assert assisted["hand_off"] == "face_not_matched"


def test_an_unfinished_form_handed_over_at_the_bench_waits_for_a_booth(office):
    tag = office.tag()
    case, half = tag["case_id"], PARTICULARS | {"telephone": ""}
    office.fact("bench-1", case, {"kind": "form_filled", "particulars": half})
    assert office.find(case)["tag"]["stage"] == "form"
    office.fact("bench-1", case, {"kind": "handed_off", "reason": "asked_for_staff"})
    seen = office.find(case)
    assert (seen["tag"]["number"], seen["tag"]["stage"]) == (tag["number"], "booth")
    assert (seen["missing"], seen["hand_off"]) == (["telephone"], "asked_for_staff")


def test_who_registers_with_a_gap_waits_for_a_booth_that_sees_it(office):
    tag = office.tag()
    case, half = tag["case_id"], PARTICULARS | {"telephone": ""}
    office.fact("bench-1", case, {"kind": "form_filled", "particulars": PARTICULARS})
    confirmed = {"kind": "particulars_confirmed", "particulars": half}
    office.fact("registration-1", case, confirmed)
    office.fact("registration-1", case, {"kind": "registration_finished"})
    seen = office.find(case)
    assert (seen["tag"]["stage"], seen["missing"]) == ("booth", ["telephone"])


def test_fingers_excused_at_the_booth_leave_the_person_there(office):
    tag = office.tag()
    case = tag["case_id"]
    office.fact("bench-1", case, {"kind": "form_filled", "particulars": PARTICULARS})
    office.fact("registration-1", case, {"kind": "handed_off", "reason": "equipment_failed"})
    office.good("booth-1", "/v1/queue/call", {"place": "R1", "stages": ["booth"]})
    here = {"tag_token": tag["token"], "place": "R1"}
    office.good("booth-1", "/v1/queue/arrive", here)
    taken = {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}
    office.fact("booth-1", case, taken, "reg-officer")
    path = f"/v1/cases/{case}/submit"
    refused = office.send("booth-1", path, officer="reg-officer")
    assert refused.json() == {"problem": "not_complete", "detail": "identification, fingers"}
    identified = {"kind": "holder_identified", "by": "officer", "note": "passport"}
    office.fact("booth-1", case, identified, "reg-officer")
    marks = [{"position": position, "why": "refused"} for position in (1, 6)]
    exceptions = {"fingers": marks, "reason": "does not wish to"}
    what = {"kind": "fingers_excepted", "exceptions": exceptions}
    office.fact("booth-1", case, what, "reg-officer")
    seen = Exceptions.model_validate(exceptions).digest(case)
    witnessed = {"kind": "witnessed", "of": "exceptions", "seen": seen}
    office.fact("booth-1", case, witnessed, "all-round")
    assert office.find(case)["tag"]["status"] == "serving"
    assert office.good("booth-1", path, officer="reg-officer")["receipt_number"]


def test_a_hostile_body_is_refused_without_an_echo(office):
    secret = "A123456(3)"
    answer = office.send("tag-1", "/v1/tags", {"by": "card", "number": secret})
    assert answer.status_code == 422
    assert secret not in answer.text
    huge = office.send("tag-1", "/v1/tags", {"by": "card", "identity_number": "x" * 80_000})
    assert (huge.status_code, huge.json()["problem"]) == (413, "too_large")
    number = 2**70
    card = new_id()
    version = office.send("collection-1", f"/v1/cards/{card}/reserve", {"expect_version": number})
    # No database has integers of that size.
    assert (version.status_code, version.json()["problem"]) == (422, "bad_request")


def test_refused_facts_are_kept_aside_and_stay_refused(office):
    case = office.tag()["case_id"]
    same = new_id()
    for _ in range(2):
        moved = {"kind": "card_moved", "card_id": str(new_id()), "move": "issue"}
        receipt = office.fact("booth-1", case, moved, fact_id=same)
        assert (receipt["outcome"], receipt["reason"]) == ("refused", "not_found no such card")
    rows = office.store.ask(
        lambda t: t.connection.execute(select(refused_facts.c.fact_id)).scalars().all()
    )
    assert rows == [str(same)]


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-23T09:00:00"]
)
def test_a_time_that_cannot_be_is_refused(office, at):
    fact = {
        "id": str(new_id()),
        "what": {"kind": "form_printed"},
        "case_id": office.tag()["case_id"],
        "station": "bench-1",
        "officer": None,
        "at": at,
    }
    answer = office.good("bench-1", "/v1/facts", {"facts": [fact]})
    assert answer["receipts"][0]["reason"] == "time_wrong"


def test_odd_texts_are_refused_or_kept_but_never_break(office):
    case = office.tag()["case_id"]
    for odd in ("\u202e", "\U0001f600", "' OR 1=1 --", "<script>"):
        filled = {"kind": "form_filled", "particulars": {**PARTICULARS, "address": odd}}
        assert office.fact("bench-1", case, filled)["outcome"] == "accepted"
        assert office.find(case)["particulars"]["address"] == odd
    # PostgreSQL keeps no NUL in a text, so that none comes in anywhere.
    refused = {"kind": "form_filled", "particulars": {**PARTICULARS, "address": "\x00"}}
    fact = {"id": str(new_id()), "what": refused, "case_id": case, "station": "bench-1"}
    fact |= {"officer": None, "at": office.clock().isoformat()}
    assert office.send("bench-1", "/v1/facts", {"facts": [fact]}).status_code == 422
    headers = {
        "X-Station": "bench-1",
        "Idempotency-Key": "odd-text-1",
        "Content-Type": "application/json",
    }
    for body in (b"", b"[]", b"{", b'{"facts": [{"id": "\\ud800"}]}', b"\xff\xfe", b"9" * 5000):
        answer = office.http.post("/v1/facts", content=body, headers=headers)
        assert answer.status_code in (400, 422)
        assert answer.json()["problem"] == "bad_request"


def everything_kept(settings):
    """All bytes of the database as whoever steals it reads them."""
    if not settings.on_postgresql:
        files = settings.folder.glob("backend.sqlite*")
        return b"".join(file.read_bytes() for file in files)
    kept = b""
    with psycopg.connect(settings.backend.database) as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(names).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                kept += b"".join(bytes(row) for row in rows)
    return kept


def test_nothing_personal_lies_readable_in_the_database_or_the_log(office, caplog):
    caplog.set_level("DEBUG")
    case, _ = office.stored()
    token = office.find(case)["receipt_token"]
    kept = everything_kept(office.service.settings)
    assert case.encode() in kept
    log = caplog.text.encode()
    for secret in ("A123456", "CHAN", "陳大文", "Example Street", "2345 6789", PASSWORD):
        assert secret.encode() not in kept
        assert secret.encode() not in log
    assert token not in caplog.text


def test_cards_keep_the_law_whatever_stations_report(office):
    case, card = office.stored()
    chance = random.Random(7)
    state, version = CardState.STORED, 4
    for _ in range(50):
        station = chance.choice(["collection-1", "booth-1"])
        move = chance.choice([m for m in CardMove if m is not CardMove.FAIL_QUALITY])
        officer = "counter" if station == "booth-1" else None
        place = {"location": f"{station}.box", "slot": 1} if move is CardMove.STORE else {}
        receipt = office.move(station, case, card, officer=officer, move=move, **place)
        lawful = after(state, move)
        if receipt["outcome"] == "accepted":
            assert lawful is not None
            state, version = lawful, version + 1
            view = office.find(case)["card"]
            assert (view["state"], view["version"]) == (state, version)
    view = office.find(case)["card"]
    assert (view["state"], view["version"]) == (state, version)
    assert version > 4
