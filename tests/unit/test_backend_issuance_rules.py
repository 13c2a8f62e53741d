"""R1 to R20 of decision 35: each rule, and that what it forbids is refused."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from backend.schema import custody_tables, tables
from common.domain.card import BY_FACT, CardMove
from common.domain.officer import Role, is_lawful
from common.wire.evidence import EnrolledFinger, OfficersProof, card_content
from common.wire.facts import new_id
from common.wire.shapes import Particulars
from tests.support.backend_office import PARTICULARS
from tests.support.custody_office import (
    NUMBERS,
    SLOTS,
    acted,
    card_of,
    collected,
    custody_office,
    next_day,
    policy,
    proposal,
    seen,
    stored,
    tried,
)


@pytest.fixture(scope="module")
def office(tmp_path_factory, module_database):
    with custody_office(tmp_path_factory.mktemp("office"), module_database) as running:
        yield running


def approved(office):
    case = office.submitted(next(NUMBERS))
    answer = office.good(
        "booth-1", f"/v1/cases/{case}/decide", {"decision": "approve"}, officer="assessor"
    )
    return case, answer["card"]["card_id"]


def personalise(office, case, card, officer="maker", **more):
    serial = more.pop("chip_serial", f"CHIP-R{next(SLOTS)}")
    return office.move(
        "booth-1", case, card, officer=officer, move="personalise", chip_serial=serial, **more
    )


def reserve(office, card, version=4, station="collection-1", officer=None, **more):
    body = {"expect_version": version, **more}
    return office.send(station, f"/v1/cards/{card}/reserve", body, officer=officer)


def presented(office, case, card):
    assert reserve(office, card).status_code == 200
    assert office.move("collection-1", case, card, move="present")["outcome"] == "accepted"


def issue(office, case, card):
    return office.move("collection-1", case, card, move="issue")


def came(office, case, station="collection-1", officer=None, **more):
    what = {"kind": "holder_identified", "by": "face_and_finger", **more}
    return office.fact(station, case, what, officer)


def submit(office, case):
    return office.send("booth-1", f"/v1/cases/{case}/submit", officer="reg-officer")


def photographed(office):
    case = office.registered(next(NUMBERS))["case_id"]
    taken = {"kind": "photograph_taken", "portrait": "c29tZSBmYWNl"}
    assert office.fact("booth-1", case, taken, "reg-officer")["outcome"] == "accepted"
    return case


def lines(office, case, kind):
    return office.store.ask(
        lambda t: t.connection.execute(
            select(tables.ledger).where(
                tables.ledger.c.case_id == case, tables.ledger.c.kind == kind
            )
        ).all()
    )


def test_r01_no_card_without_an_approval_on_record(office):
    case = office.submitted(next(NUMBERS))
    assert personalise(office, case, str(new_id()))["reason"].startswith("not_found")
    card = {
        "card_id": "x",
        "case_id": case,
        "office": "HQ",
        "state": "ordered",
        "version": 1,
        "ordered_at": office.clock(),
    }
    line = {"thing": "card", "object_id": "x", "version": 1, "move": "order", "station": "x"}
    both = [
        insert(custody_tables.custody_events).values(to_state="ordered", at=office.clock(), **line),
        insert(tables.cards).values(**card),
    ]

    assert "no card before approval" in tried(office, *both)
    refused = office.good(
        "booth-1", f"/v1/cases/{case}/decide", {"decision": "refuse"}, officer="assessor"
    )
    assert (refused["state"], refused["card"]) == ("refused", None)
    assert "no card before approval" in tried(office, *both)


def test_r02_nobody_alone_can_bring_a_card_out(office):
    case = office.submitted(next(NUMBERS), officer="all-round")
    path = f"/v1/cases/{case}/decide"
    own = office.send("booth-1", path, {"decision": "approve"}, officer="all-round")
    assert (own.status_code, own.json()["problem"]) == (403, "same_officer")
    past_the_code = (
        update(tables.cases).where(tables.cases.c.case_id == case).values(approved_by="all-round")
    )
    assert "does not approve it" in tried(office, past_the_code)
    case, card = stored(office)
    presented(office, case, card)
    came(office, case)
    as_maker = office.move("booth-1", case, card, officer="maker", move="issue")
    assert as_maker["outcome"] == "refused"
    line = {
        "thing": "card",
        "object_id": card,
        "version": 7,
        "move": "issue",
        "from_state": "presented",
        "to_state": "issued",
        "proof": "face_and_finger",
    }
    alone = insert(custody_tables.custody_events).values(
        station="booth-1", officer="maker", at=office.clock(), **line
    )
    assert "does not issue it" in tried(office, alone)


def test_r03_every_visit_links_the_person_anew(office):
    case = photographed(office)
    next_day(office)
    refused = submit(office, case)
    assert (refused.status_code, refused.json()["detail"]) == (409, "identification")
    office.fact("registration-1", case, {"kind": "holder_identified", "by": "finger"})
    assert submit(office, case).status_code == 200
    case, card = stored(office)
    office.recognised(case)
    next_day(office)
    presented(office, case, card)
    assert issue(office, case, card)["reason"].startswith("recipient_unproven")


def test_r04_released_only_to_a_live_person_who_is_alike_enough(office):
    case, card = stored(office)
    presented(office, case, card)
    assert issue(office, case, card)["reason"].startswith("recipient_unproven")
    assert came(office, case, liveness="not_live")["reason"].startswith("not_live")
    with policy(office, lowest_score=40.0, liveness_needed=True):
        assert came(office, case, score=50.0)["reason"].startswith("not_live")
        assert came(office, case, score=39.9, liveness="live")["reason"] == "score_too_low"
        assert issue(office, case, card)["outcome"] == "refused"
        assert came(office, case, score=40.0, liveness="live")["outcome"] == "accepted"
    assert issue(office, case, card)["outcome"] == "accepted"


def test_r05_without_biometrics_two_documents_a_comparison_and_a_second_officer(office):
    case, card = stored(office)
    proof = {"documents": ["old_card", "travel_document"], "photograph_compared": True}
    one = {**proof, "documents": ["old_card"]}
    by_officer = {"by": "officer", "station": "booth-1", "officer": "counter"}
    assert came(office, case, by="officer", proof=proof)["reason"].startswith("officer_needed")
    assert came(office, case, **by_officer, proof=one)["reason"].startswith("proof_needed")
    assert came(office, case, **by_officer, proof=proof)["outcome"] == "accepted"
    alone = reserve(office, card, station="booth-1", officer="counter")
    assert alone.json()["problem"] == "second_officer_needed"
    digest = OfficersProof.model_validate(proof).digest(UUID(case))
    witness = {"kind": "witnessed", "of": "recipient", "seen": digest}
    same = office.fact("booth-1", case, witness, "counter")
    assert same["reason"].startswith("same_officer")
    office.fact("booth-1", case, witness, "all-round")
    assert reserve(office, card, station="booth-1", officer="counter").status_code == 200
    office.move("booth-1", case, card, officer="counter", move="present")
    # Another proof since then is another record: the confirmation counts for it no more.
    came(office, case, **by_officer, proof={**proof, "note": "seen again"})
    again = office.move("booth-1", case, card, officer="counter", move="issue")
    assert again["reason"].startswith("second_officer_needed")


def test_r06_a_card_holds_the_data_of_this_application_alone(office):
    case, card = approved(office)
    assert personalise(office, case, card, content="0" * 64)["reason"].startswith("other_content")
    with policy(office, content_needed=True):
        assert personalise(office, case, card)["reason"].startswith("other_content")
        fingers = tuple(
            EnrolledFinger(position=position, quality=60, template=b"c29tZSByZWNvcmQ=")
            for position in (1, 6)
        )
        form = Particulars.model_validate(PARTICULARS)
        other = card_content(new_id(), form, b"some face", fingers)
        assert personalise(office, case, card, content=other)["outcome"] == "refused"
        own = card_content(UUID(case), form, b"some face", fingers)
        assert personalise(office, case, card, content=own)["outcome"] == "accepted"


GOOD = {"strength": "strong", "original": True, "genuine": True, "chip": "verified"}


@pytest.mark.parametrize(
    "second",
    [
        None,
        {"document": "old_card"},
        {"document": "birth_certificate", "original": False},
        {"document": "birth_certificate", "genuine": False},
        {"document": "travel_document", "expires_on": "2020-01-01"},
        {"document": "travel_document", "chip": "failed"},
        {"document": "travel_document", "name_agrees": False},
    ],
    ids=["one", "the same twice", "a copy", "forged", "expired", "chip refuses", "another name"],
)
def test_r07_two_genuine_originals_before_an_application_is_taken_in(office, second):
    case = photographed(office)
    documents = [{**GOOD, "document": "old_card"}]
    documents += [] if second is None else [{**GOOD, **second}]
    inspected = {"kind": "documents_inspected", "documents": documents}
    with policy(office, source_documents_needed=True):
        assert submit(office, case).json()["detail"] == "source_documents"
        assert office.fact("booth-1", case, inspected, "reg-officer")["outcome"] == "accepted"
        assert submit(office, case).json()["detail"] == "source_documents"
        weak = [{**GOOD, "document": d, "strength": "fair"} for d in ("old_card", "other_official")]
        office.fact("booth-1", case, {**inspected, "documents": weak}, "reg-officer")
        assert submit(office, case).json()["detail"] == "source_documents"
        good = [{**GOOD, "document": d} for d in ("old_card", "birth_certificate")]
        office.fact("booth-1", case, {**inspected, "documents": good}, "reg-officer")
        assert submit(office, case).status_code == 200


def test_r08_what_happened_stays_with_who_where_and_when_failures_included(office):
    case, card = stored(office)
    tried_ = {"kind": "biometrics_attempted", "attempts": {"fingers": [], "face": "unlike"}}
    number = office.fact("collection-1", case, tried_)["ledger_number"]
    kept = lines(office, case, "biometrics_attempted")[-1]
    assert (kept.number, kept.station, kept.at) == (number, "collection-1", office.clock())
    events = custody_tables.custody_events
    of_card = events.c.object_id == card
    chain = office.store.ask(
        lambda t: (
            t.connection.execute(select(events).where(of_card).order_by(events.c.version))
            .mappings()
            .all()
        )
    )
    assert [one["to_state"] for one in chain] == [
        *("ordered", "personalised", "quality_passed", "stored")
    ]
    assert all(one["station"] and one["officer"] and one["ledger_number"] for one in chain)
    for statement in (update(events).values(officer="nobody"), delete(events)):
        assert "append-only" in tried(office, statement.where(of_card))
    refused = issue(office, case, card)
    assert refused["reason"].startswith("unlawful_move")
    aside = tables.refused_facts
    assert office.store.ask(
        lambda t: t.connection.execute(
            select(aside.c.reason).where(aside.c.fact_id == refused["id"])
        ).scalar_one()
    ).startswith("unlawful_move")


def test_r09_nothing_goes_out_on_biometrics_or_with_dates_that_are_too_old(office):
    case, card = approved(office)
    too_long = personalise(office, case, card, valid_until="2099-01-01")
    assert too_long["reason"].startswith("validity_too_long")
    until = office.clock().date().replace(year=office.clock().year + 1).isoformat()
    assert personalise(office, case, card, valid_until=until)["outcome"] == "accepted"
    case, card = stored(office)
    with policy(office, biometrics_valid_days=1):
        next_day(office, 3)
        office.recognised(case)
        for station, officer in (("collection-1", None), ("booth-1", "counter")):
            refused = reserve(office, card, station=station, officer=officer)
            assert refused.json()["problem"] == "biometrics_too_old"
        body = proposal("override_issue", ("card", card, 4))
        made = office.good("booth-1", "/v1/actions", body, officer="counter")
        action = made["action_id"]
        unconfirmed = reserve(office, card, action_id=action)
        assert unconfirmed.json()["problem"] == "second_officer_needed"
        path = f"/v1/actions/{action}/confirm"
        assert office.send("booth-1", path, seen(body), officer="counter").status_code == 403
        office.good("booth-1", path, seen(body), officer="head")
        _, other = stored(office)
        assert reserve(office, other, action_id=action).json()["problem"] == (
            "second_officer_needed"
        )
        assert reserve(office, card, action_id=action).status_code == 200
        for move in ("present", "issue"):
            assert office.move("collection-1", case, card, move=move)["outcome"] == "accepted"


def test_r09_a_card_whose_time_is_over_is_not_issued(office):
    case, card = approved(office)
    tomorrow = office.clock().date().isoformat()
    soon = datetime.fromisoformat(tomorrow).replace(day=1).date()
    until = soon.replace(year=soon.year + 1).isoformat()
    personalise(office, case, card, valid_until=until)
    place = {"location": "collection-1.magazine", "slot": next(SLOTS)}
    office.move("booth-1", case, card, officer="maker", move="pass_quality")
    office.move("booth-1", case, card, officer="maker", move="store", **place)
    next_day(office, 400)
    presented(office, case, card)
    came(office, case)
    assert issue(office, case, card)["reason"].startswith("card_expired")


def revocations(office, case):
    table = custody_tables.card_revocations
    return office.store.ask(
        lambda t: t.connection.execute(select(table).where(table.c.case_id == case)).all()
    )


def state_of(office, card):
    return office.store.ask(
        lambda t: t.connection.execute(
            select(tables.cards.c.state).where(tables.cards.c.card_id == card)
        ).scalar_one()
    )


def test_r10_the_old_card_is_valid_no_more_when_the_new_one_is_issued(office):
    number = next(NUMBERS)
    first_case, first = office.stored(number, slot=next(SLOTS))
    collected(office, first_case, first)
    assert [one.card_id for one in revocations(office, first_case)] == [None]
    case, card = office.stored(number, slot=next(SLOTS))
    assert state_of(office, first) == "issued"
    collected(office, case, card)
    assert (state_of(office, first), state_of(office, card)) == ("revoked", "issued")
    assert (first, "superseded") in [
        (one.card_id, one.reason) for one in revocations(office, first_case)
    ]
    assert "no lawful move" in tried(
        office, update(tables.cards).where(tables.cards.c.card_id == first).values(state="issued")
    )


def test_r10_a_lost_card_is_revoked_at_once_by_one_officer(office):
    number = next(NUMBERS)
    old_case, old = office.stored(number, slot=next(SLOTS))
    collected(office, old_case, old)
    case = office.tag(number)["case_id"]
    body = {"case_id": case}
    assert office.send("booth-1", "/v1/cards/report-lost", body).status_code == 401
    answer = office.good("booth-1", "/v1/cards/report-lost", body, officer="reg-officer")
    assert (answer["card_id"], state_of(office, old)) == (old, "revoked")
    due = datetime.fromisoformat(answer["due_at"])
    assert (due - office.clock()).total_seconds() == 18 * 3600
    again = office.good("booth-1", "/v1/cards/report-lost", body, officer="reg-officer")
    assert again["card_id"] is None


def receive(office, *serials, officer="keeper"):
    body = {"batch": "B1", "place": "safe", "serials": list(serials)}
    return office.send("booth-1", "/v1/stock/received", body, officer=officer)


def test_r11_every_blank_is_accounted_for_by_its_serial(office):
    used, spoilt, unknown = (f"BLANK-{next(SLOTS)}" for _ in range(3))
    assert receive(office, used, spoilt).status_code == 200
    assert receive(office, used).json()["problem"] == "serial_known"
    case, card = approved(office)
    with policy(office, stock_accounted=True):
        stranger = personalise(office, case, card, chip_serial=unknown)
        assert stranger["reason"].startswith("not_in_stock")
        assert personalise(office, case, card, chip_serial=used)["outcome"] == "accepted"
        case, card = approved(office)
        twice = personalise(office, case, card, chip_serial=used)
        assert twice["outcome"] == "refused"
        body = {"serial": spoilt, "reason": "bent"}
        office.good("booth-1", "/v1/stock/spoiled", body, officer="maker")
        assert personalise(office, case, card, chip_serial=spoilt)["outcome"] == "refused"
    forgotten = delete(custody_tables.blank_cards)
    assert "never forgotten" in tried(office, forgotten)
    body = proposal("destroy", ("blank", spoilt, 2))
    acted(office, body, "keeper", "maker")
    assert office.ask("booth-1", "/v1/stock", "keeper").json()["destroyed"] >= 1


def test_r11_defective_cards_are_destroyed_by_two_officers(office):
    case, card = stored(office)
    office.move("booth-1", case, card, officer="maker", move="fail_quality")
    body = proposal("destroy", ("card", card, 5))
    made = office.good("booth-1", "/v1/actions", body, officer="maker")
    path = f"/v1/actions/{made['action_id']}/confirm"
    alone = office.send("booth-1", path, seen(body), officer="maker")
    assert (alone.status_code, alone.json()["problem"]) == (403, "same_officer")
    assert state_of(office, card) == "faulty"
    by_fact = office.move("booth-1", case, card, officer="maker", move="destroy")
    assert by_fact["outcome"] == "refused"
    office.good("booth-1", path, seen(body), officer="counter")
    assert state_of(office, card) == "destroyed"


def test_r12_no_duplicate_person_and_no_second_card(office):
    case = office.submitted(next(NUMBERS))
    path = f"/v1/cases/{case}/decide"
    found = {"reference": "search 1", "found": "duplicate"}
    twin = {"decision": "approve", "search": found}
    assert office.send("booth-1", path, twin, officer="assessor").json()["problem"] == (
        "duplicate_person"
    )
    with policy(office, duplicate_search_needed=True):
        bare = office.send("booth-1", path, {"decision": "approve"}, officer="assessor")
        assert bare.json()["problem"] == "search_needed"
        good = {"decision": "approve", "search": {**found, "found": "nobody"}}
        office.good("booth-1", path, good, officer="assessor")
    again = office.send("booth-1", path, {"decision": "approve"}, officer="assessor")
    assert again.json()["problem"] == "not_submitted"
    other, _ = approved(office)
    cards = tables.cards
    person = select(cards.c.person).where(cards.c.case_id == case).scalar_subquery()
    two = update(cards).where(cards.c.case_id == other).values(person=person)
    refused = tried(office, two)
    assert "one_kept_card" in refused or "cards.person" in refused


def test_r13_a_kiosk_alone_needs_a_genuine_card_and_two_biometrics(office):
    case, card = stored(office)
    presented(office, case, card)
    assert came(office, case, card="failed")["reason"].startswith("card_not_authenticated")
    for one in ("finger", "face"):
        came(office, case, by=one)
        assert issue(office, case, card)["reason"].startswith("recipient_unproven")
    with policy(office, card_read_needed=True):
        assert came(office, case)["reason"].startswith("card_not_authenticated")
        assert came(office, case, card="verified")["outcome"] == "accepted"
    assert issue(office, case, card)["outcome"] == "accepted"


def test_r14_a_remote_station_does_nothing_without_its_operator(office):
    case, card = stored(office)
    with policy(office, operator_stations=("collection-1", "registration-1")):
        assert reserve(office, card).json()["problem"] == "operator_needed"
        assert came(office, case)["reason"].startswith("operator_needed")
        new = office.tag(next(NUMBERS))["case_id"]
        alone = came(office, new, station="registration-1", by="finger")
        assert alone["reason"].startswith("operator_needed")
        assert reserve(office, card, officer="counter").status_code == 200
        assert came(office, case, officer="counter")["outcome"] == "accepted"
        office.move("collection-1", case, card, move="present")
        assert issue(office, case, card)["reason"].startswith("operator_needed")


def test_r15_the_stock_has_a_custodian_who_makes_no_cards_of_it(office):
    serial = f"BLANK-{next(SLOTS)}"
    for officer in ("maker", "head", "engineer"):
        assert receive(office, serial, officer=officer).json()["problem"] == "role_needed"
    assert receive(office, serial).status_code == 200
    case, card = approved(office)
    own = personalise(office, case, card, officer="keeper", chip_serial=serial)
    assert own["reason"].startswith("same_officer")


def test_r16_after_ten_failed_tries_only_an_officer_goes_on(office):
    case = office.tag(next(NUMBERS))["case_id"]
    for _ in range(2):
        fingers = [{"position": position, "tries": 3} for position in (1, 6)]
        what = {"kind": "biometrics_attempted", "attempts": {"fingers": fingers}}
        office.fact("registration-1", case, what)
    assert came(office, case, "registration-1", by="finger")["reason"].startswith("too_many_tries")
    assert came(office, case, "registration-1", by="face")["reason"].startswith("too_many_tries")
    assert office.find(case)["identified_by"] is None
    assert came(office, case, "booth-1", "reg-officer", by="officer")["outcome"] == "accepted"


def test_r17_nothing_is_written_to_a_card_that_is_out(office):
    case, card = stored(office)
    collected(office, case, card)
    for move in BY_FACT:
        more = {"chip_serial": "OTHER"} if move is CardMove.PERSONALISE else {}
        again = office.move("booth-1", case, card, officer="maker", move=move.value, **more)
        assert again["outcome"] == "refused"
    assert state_of(office, card) == "issued"


def test_r18_only_authorised_stations_make_take_and_hand_out_cards(office):
    to_submit, (to_make, ordered), (_, card) = (
        photographed(office),
        approved(office),
        stored(office),
    )
    other_case, other = stored(office)
    presented(office, other_case, other)
    came(office, other_case)

    def authorise(value, *names):
        statement = update(tables.stations).where(tables.stations.c.name.in_(names))
        assert tried(office, statement.values(authorised=value)) == ""

    authorise(0, "booth-1", "collection-1")
    try:
        assert submit(office, to_submit).json()["problem"] == "station_not_authorised"
        made = personalise(office, to_make, ordered)
        assert made["reason"].startswith("station_not_authorised")
        assert reserve(office, card).json()["problem"] == "station_not_authorised"
        out = issue(office, other_case, other)
        assert out["reason"].startswith("station_not_authorised")
    finally:
        authorise(1, "booth-1", "collection-1")
    assert issue(office, other_case, other)["outcome"] == "accepted"
    assert reserve(office, card).status_code == 200


def test_r19_no_application_without_the_notice_on_biometrics(office):
    case = photographed(office)
    notice = {"kind": "notice_given", "notice": "biometrics-1", "agreed": False}
    with policy(office, notice_needed=True):
        assert submit(office, case).json()["detail"] == "notice"
        office.fact("registration-1", case, notice)
        assert submit(office, case).json()["detail"] == "notice"
        office.fact("registration-1", case, {**notice, "agreed": True})
        assert submit(office, case).status_code == 200


def test_r20_that_a_card_was_issued_is_written_down_for_the_notice(office):
    case, card = stored(office)
    presented(office, case, card)
    assert issue(office, case, card)["outcome"] == "refused"
    assert lines(office, case, "card_issued") == []
    came(office, case)
    issue(office, case, card)
    assert [line.station for line in lines(office, case, "card_issued")] == ["collection-1"]
    assert len(lines(office, case, "case_submitted")) == 1


def test_who_keeps_machines_has_no_say_about_cards(office):
    for role in (Role.TECHNICIAN, Role.ADMINISTRATOR):
        assert is_lawful({role})
        assert not is_lawful({role, Role.COUNTER})
    case, card = stored(office)
    refused = reserve(office, card, station="booth-1", officer="engineer")
    assert refused.json()["problem"] == "role_needed"
    body = proposal("destroy", ("card", card, 4))
    assert office.send("booth-1", "/v1/actions", body, officer="engineer").status_code == 403
    assert office.ask("booth-1", "/v1/actions", "engineer").status_code == 403
    assert card_of(office, case)["state"] == "stored"
