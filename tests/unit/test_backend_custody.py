"""Custody: the law in the database, two officers, documents, counts, cards for other offices."""

import pytest
from sqlalchemy import delete, insert, select, update

from backend.schema import custody_tables, tables
from common.domain.custody import EDGES
from common.wire.facts import new_id
from tests.support.custody_office import (
    acted,
    card_of,
    collected,
    custody_office,
    next_day,
    proposal,
    seen,
    stored,
    tried,
)


@pytest.fixture(scope="module")
def office(tmp_path_factory, module_database):
    with custody_office(tmp_path_factory.mktemp("office"), module_database) as running:
        yield running


def rows(office, statement):
    return office.store.ask(lambda t: t.connection.execute(statement).mappings().all())


# The law in the database


def test_the_database_holds_the_same_law_as_the_domain(office):
    kept = rows(office, select(custody_tables.moves_allowed))
    assert {tuple(one.values()) for one in kept} == {
        (one.thing, one.state, one.move, one.next, one.action, int(one.needed)) for one in EDGES
    }


def test_a_card_moves_only_along_an_edge_and_with_its_line(office):
    _, card = stored(office)
    this = tables.cards.c.card_id == card
    step = {"state": "issued", "version": 5}
    assert "no lawful move" in tried(office, update(tables.cards).where(this).values(**step))
    assert "no lawful move" in tried(office, update(tables.cards).where(this).values(version=9))
    line = {
        "thing": "card",
        "object_id": card,
        "version": 5,
        "station": "x",
        "from_state": "stored",
        "move": "issue",
        "to_state": "issued",
    }
    outside = insert(custody_tables.custody_events).values(
        at=office.clock(), proof="face_and_finger", **line
    )
    assert "FOREIGN KEY" in tried(office, outside).upper()
    inside = outside.values(move="reserve", to_state="reserved", proof=None)
    onto_issued = update(tables.cards).where(this).values(**step)
    assert "no lawful move" in tried(office, inside, onto_issued)
    assert "never forgotten" in tried(office, delete(tables.cards).where(this))
    reserved = update(tables.cards).where(this).values(state="reserved", version=5)
    assert tried(office, inside, reserved) == ""


def test_what_takes_two_officers_does_not_happen_without_them(office):
    case, card = stored(office)
    office.move("booth-1", case, card, officer="maker", move="fail_quality")
    events = custody_tables.custody_events
    line = insert(events).values(
        thing="card",
        object_id=card,
        version=6,
        station="x",
        at=office.clock(),
        from_state="faulty",
        move="destroy",
        to_state="destroyed",
    )
    assert "two officers needed" in tried(office, line)
    body = proposal("destroy", ("card", card, 5))
    action = office.good("booth-1", "/v1/actions", body, officer="head")["action_id"]
    assert "two officers needed" in tried(office, line.values(action_id=action))
    actions = custody_tables.pending_actions
    this = actions.c.action_id == action
    now = {"confirmed_at": office.clock()}
    same = update(actions).where(this).values(confirmed_by="head", **now)
    assert "two_officers" in tried(office, same)
    late = {"confirmed_by": "deputy", "confirmed_at": office.clock().replace(year=2099)}
    assert "in_time" in tried(office, update(actions).where(this).values(**late))
    for change in ({"reason": "other"}, {"kind": "revoke"}, {"proposed_by": "deputy"}):
        refused = tried(
            office, update(actions).where(this).values(confirmed_by="x", **now, **change)
        )
        assert "as it was proposed" in refused
    another = insert(custody_tables.action_objects).values(
        action_id=action, thing="card", object_id="x", version=1
    )
    confirmed = update(actions).where(this).values(confirmed_by="deputy", **now)
    assert "confirmed action" in tried(office, confirmed, another)
    # It is confirmed for version 5 and for no other.
    stale = line.values(action_id=action, version=7)
    assert "two officers needed" in tried(office, confirmed, stale)
    done = update(tables.cards).where(tables.cards.c.card_id == card)
    destroyed = done.values(state="destroyed", version=6)
    assert tried(office, confirmed, line.values(action_id=action), destroyed) == ""


# Actions over HTTP


def test_an_action_is_bound_to_what_was_seen(office):
    case, card = stored(office)
    office.move("booth-1", case, card, officer="maker", move="fail_quality")
    stale = proposal("destroy", ("card", card, 4))
    assert office.send("booth-1", "/v1/actions", stale, officer="head").json()["problem"] == (
        "version"
    )
    body = proposal("destroy", ("card", card, 5))
    made = office.good("booth-1", "/v1/actions", body, officer="head")
    assert made["digest"] == seen(body)["seen"]
    listed = office.ask("booth-1", "/v1/actions", "deputy").json()
    assert made["action_id"] in [one["action_id"] for one in listed]
    path = f"/v1/actions/{made['action_id']}/confirm"
    other = seen({**body, "reason": "something else"})
    assert office.send("booth-1", path, other, officer="deputy").json()["problem"] == (
        "seen_otherwise"
    )
    assert office.send("booth-1", path, seen(body), officer="reg-officer").status_code == 200
    again = office.send("booth-1", path, seen(body), officer="deputy")
    assert again.status_code == 409
    assert made["action_id"] not in [
        one["action_id"] for one in office.ask("booth-1", "/v1/actions", "deputy").json()
    ]


def test_an_action_ends_with_its_time(office):
    _, card = stored(office)
    body = proposal("close_lost", ("card", card, 4))
    made = office.good("booth-1", "/v1/actions", body, officer="head")
    office.clock.advance(61 * 60)
    path = f"/v1/actions/{made['action_id']}/confirm"
    assert office.send("booth-1", path, seen(body), officer="deputy").json()["problem"] == "expired"
    assert office.ask("booth-1", "/v1/actions", "deputy").json() == []


@pytest.mark.parametrize(
    ("kind", "thing", "status"),
    [
        ("revoke", "card", 403),
        ("destroy", "card", 409),
        ("collect", "card", 422),
        ("redirect", "card", 422),
        ("issue_without_biometrics", "card", 409),
    ],
)
def test_what_cannot_be_proposed(office, kind, thing, status):
    _, card = stored(office)
    body = proposal(kind, (thing, card, 4))
    assert office.send("booth-1", "/v1/actions", body, officer="maker").status_code == status


def test_a_card_that_nobody_finds_is_written_off_and_made_anew(office):
    case, card = stored(office)
    acted(office, proposal("close_lost", ("card", card, 4)))
    new = card_of(office, case)
    assert (new["card_id"] != card, new["state"]) == (True, "ordered")
    assert office.find(case)["state"] == "approved"
    revoked = select(custody_tables.card_revocations).where(
        custody_tables.card_revocations.c.card_id == card
    )
    assert [one["reason"] for one in rows(office, revoked)] == ["lost in custody"]


def test_two_officers_revoke_a_card_in_its_holders_hand(office):
    case, card = stored(office)
    collected(office, case, card)
    acted(office, proposal("revoke", ("card", card, 7)))
    state = select(tables.cards.c.state).where(tables.cards.c.card_id == card)
    assert rows(office, state)[0]["state"] == "revoked"


# Captured documents


def capture(office, station="collection-1", location="collection-1.card_bin", officer=None):
    case, _ = stored(office)
    document = str(new_id())
    what = {"kind": "old_document_captured", "document": "old_card", "location": location}
    receipt = office.fact(station, case, what, officer, fact_id=document)
    assert receipt["outcome"] == "accepted"
    return case, document


def held(office, place=None):
    query = f"?place={place}" if place else ""
    found = office.ask("booth-1", f"/v1/documents{query}", "counter").json()
    return {one["document_id"]: one for one in found}


def test_a_captured_document_goes_from_hand_to_bin_to_its_end(office):
    case, document = capture(office, "booth-1", "booth-1.counter", "counter")
    assert held(office)[document]["state"] == "captured"
    put = {"kind": "document_moved", "document_id": document, "location": "booth-1.bin"}
    assert office.fact("booth-1", case, put)["reason"].startswith("officer_needed")
    assert office.fact("booth-1", case, put, "counter")["outcome"] == "accepted"
    assert held(office, "booth-1.bin")[document]["state"] == "in_bin"
    assert office.fact("booth-1", case, put, "counter")["reason"].startswith("unlawful_move")
    early = proposal("destroy", ("document", document, 2))
    assert office.send("booth-1", "/v1/actions", early, officer="head").status_code == 409
    acted(office, proposal("collect", ("document", document, 2)))
    assert held(office)[document]["state"] == "collected"
    acted(office, proposal("destroy", ("document", document, 3)))
    assert document not in held(office)
    events = custody_tables.custody_events
    chain = rows(
        office, select(events).where(events.c.object_id == document).order_by(events.c.version)
    )
    assert [one["place"] for one in chain] == [
        *("booth-1.counter", "booth-1.bin", "with two officers", "destroyed")
    ]


def test_a_bin_is_collected_whole_or_not_at_all(office):
    documents = [capture(office)[1] for _ in range(3)]
    assert {held(office)[one]["state"] for one in documents} == {"in_bin"}
    objects = [("document", one, 1) for one in documents]
    body = proposal("collect", *objects)
    made = office.good("booth-1", "/v1/actions", body, officer="head")
    acted(office, proposal("collect", objects[0]))
    path = f"/v1/actions/{made['action_id']}/confirm"
    assert office.send("booth-1", path, seen(body), officer="deputy").json()["problem"] == "version"
    assert {held(office)[one]["state"] for one in documents[1:]} == {"in_bin"}
    twice = proposal("collect", objects[1], ("document", documents[1], 1))
    assert office.send("booth-1", "/v1/actions", twice, officer="head").status_code == 422


# Counts


def count(office, place, officer="counter", station="booth-1", **found):
    return office.good(station, "/v1/counts", {"place": place, **found}, officer=officer)


def test_what_book_and_cabinet_do_not_agree_on_is_work_until_it_is_settled(office):
    place = "booth-2.cabinet"
    case, card = stored(office)
    office.move("booth-1", case, card, officer="maker", move="store", location=place, slot=3)
    agreed = count(office, place, slots=[3])
    assert (agreed["book"], agreed["counted"], agreed["differences"]) == (1, 1, [])
    wrong = count(office, place, slots=[4])
    assert {(one["what"], one["object"]) for one in wrong["differences"]} == {
        ("missing", "slot 3"),
        ("unexpected", "slot 4"),
    }
    ids = {one["difference_id"] for one in wrong["differences"]}
    next_day(office)
    again = count(office, place, slots=[4])
    assert {one["difference_id"] for one in again["differences"]} == ids
    listed = office.ask("booth-1", "/v1/differences", "counter").json()
    assert ids <= {one["difference_id"] for one in listed}
    found = count(office, place, slots=[3, 4])
    (left,) = found["differences"]
    assert left["object"] == "slot 4"
    path = f"/v1/differences/{left['difference_id']}/settle"
    reason = {"settlement": "a trial card, taken out"}
    assert office.send("booth-1", path, reason, officer="maker").status_code == 200
    assert office.send("booth-1", path, reason, officer="head").status_code == 404
    places = {one["place"]: one for one in office.ask("booth-1", "/v1/counts", "head").json()}
    assert (places[place]["cards"], places[place]["counted_today"]) == (1, True)


def test_a_kiosks_sensors_count_without_an_officer_and_a_booth_does_not(office):
    place = "collection-1.other_bin"
    documents = [capture(office, location=place)[1] for _ in range(2)]
    found = count(office, place, None, "collection-1", documents=1)
    assert [(one["what"], one["object"]) for one in found["differences"]] == [
        ("missing", "document 1")
    ]
    assert count(office, place, None, "collection-1", documents=2)["differences"] == []
    body = {"place": place, "documents": 2}
    assert office.send("booth-1", "/v1/counts", body).status_code == 401
    assert office.send("booth-1", "/v1/counts", {"place": place}, officer="head").status_code == 422
    assert set(held(office, place)) == set(documents)


def test_a_stock_is_counted_by_serial(office):
    body = {"batch": "B7", "place": "safe-7", "serials": ["S7-1", "S7-2"]}
    office.good("booth-1", "/v1/stock/received", body, officer="keeper")
    found = count(office, "safe-7", "keeper", serials=["S7-2", "S7-3"])
    assert [(one["what"], one["object"]) for one in found["differences"]] == [
        ("missing", "blank S7-1"),
        ("unexpected", "blank S7-3"),
    ]


# To another office


def overdue(office):
    listed = office.ask("booth-1", "/v1/work/overdue", "head").json()
    return {one["card_id"]: one for one in listed}


def test_cards_that_wait_too_long_are_listed_and_sent_on_by_two_officers(office):
    case, card = stored(office)
    receipt = office.find(case)["receipt_token"]
    assert card not in overdue(office)
    next_day(office, 84)
    assert card not in overdue(office)  # sixty working days are longer than twelve weeks
    next_day(office, 14)
    late = overdue(office)[card]
    assert (late["why"], late["collection_office"]) == ("overdue", "HQ")
    body = proposal("redirect", ("card", card, 4), to_office="KT")
    for wrong in ("HQ", "XX"):
        refused = office.send(
            "booth-1", "/v1/actions", {**body, "to_office": wrong}, officer="head"
        )
        assert refused.status_code in (404, 422)
    acted(office, body)
    view = office.find(case)
    assert (view["state"], view["collection_office"]) == ("in_production", "KT")
    assert view["card"]["state"] == "in_transit"
    assert card not in overdue(office)
    told = select(tables.ledger.c.kind).where(tables.ledger.c.case_id == case)
    assert "card_redirected" in [one["kind"] for one in rows(office, told)]
    early = office.move("booth-9", case, card, officer="head", move="store", location="x", slot=1)
    assert early["outcome"] == "refused"
    wrong = office.move("booth-1", case, card, officer="counter", move="receive")
    assert wrong["reason"].startswith("not_found")
    alone = office.move("booth-9", case, card, move="receive")
    assert alone["reason"].startswith("officer_needed")
    assert office.move("booth-9", case, card, officer="counter", move="receive")["outcome"] == (
        "accepted"
    )
    place = {"location": "collection-9.magazine", "slot": 1}
    assert office.move("booth-9", case, card, officer="counter", move="store", **place)[
        "outcome"
    ] == ("accepted")
    found = office.good("collection-9", "/v1/cases/find", {"receipt_token": receipt})
    assert (found["case_id"], found["state"]) == (case, "ready")
    stored_there = office.ask("booth-9", "/v1/work/stored", "counter").json()
    assert case in [one["case_id"] for one in stored_there]
    body = {"expect_version": found["card"]["version"]}
    assert office.send("collection-1", f"/v1/cards/{card}/reserve", body).status_code == 404
    office.good("collection-9", f"/v1/cards/{card}/reserve", body)
    came = {"kind": "holder_identified", "by": "face_and_finger"}
    assert office.fact("collection-9", case, came)["outcome"] == "accepted"
    for move in ("present", "issue"):
        assert office.move("collection-9", case, card, move=move)["outcome"] == "accepted"


def test_a_holder_asks_for_the_card_at_another_office(office):
    case, card = stored(office)
    path = f"/v1/cases/{case}/collect-at"
    assert office.send("booth-1", path, {"office": "KT"}).status_code == 401
    assert office.send("booth-1", path, {"office": "XX"}, officer="counter").status_code == 404
    view = office.good("booth-1", path, {"office": "KT"}, officer="counter")
    assert view["collection_office"] == "KT"
    assert overdue(office)[card]["why"] == "wanted_elsewhere"
    office.good("booth-1", path, {"office": "HQ"}, officer="counter")
    assert card not in overdue(office)
    collected(office, case, card)
    closed = office.send("booth-1", path, {"office": "KT"}, officer="counter")
    assert closed.json()["problem"] == "nothing_to_collect"


def test_a_card_lost_on_its_way_is_written_off_where_it_came_from(office):
    case, card = stored(office)
    acted(office, proposal("redirect", ("card", card, 4), to_office="KT"))
    acted(office, proposal("close_lost", ("card", card, 5)))
    assert card_of(office, case)["state"] == "ordered"
    late = office.move("booth-9", case, card, officer="counter", move="receive")
    assert late["reason"].startswith("unlawful_move")
