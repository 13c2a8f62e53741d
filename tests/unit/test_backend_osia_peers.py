"""OSIA between systems: subscribers are told by callback, an external CMS is asked for cards."""

import json
import threading

import pytest
from sqlalchemy import select

from backend import happenings
from backend.osia import delivery, notification, runner
from backend.schema.osia_tables import osia_credential_requests, osia_messages
from backend.schema.tables import counters, ledger
from backend.settings import SettingsError, from_dict
from tests.support.backend_office import PARTICULARS, office_table, running_office
from tests.support.osia_peers import CredentialSystem, listening_peer
from tests.support.tokens import bearer, issuer_table

ALL = "notif.sub.read notif.sub.write notif.topic.read notif.topic.write notif.topic.publish"


def settings_of(folder, database, **osia):
    table = office_table(folder, ("all-round", "assessor"), database=database)
    table["offices"] = [table.pop("office")]
    table["offices"].append({**table["offices"][0], "code": "NT"})
    table["issuers"] = [
        issuer_table(folder),
        issuer_table(folder, name="rival", office="NT"),
    ]
    table["osia"] = {"callback_hosts": ["127.0.0.1", "partner.example"], **osia}
    return from_dict(table, folder)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(runner, "_PAUSE_S", 0.05)


@pytest.fixture
def office(tmp_path, database):
    with running_office(settings_of(tmp_path, database)) as running:
        yield running


@pytest.fixture
def peer():
    with listening_peer() as found:
        yield found


def call(office, method, path, content=None, scope=ALL, iss="partner", **params):
    return office.http.request(
        method,
        f"/osia/v1{path}",
        params=params,
        content=content,
        headers={**bearer(scope, iss=iss), "Content-Type": "text/plain"},
    )


def subscribed(office, peer, topic="case", policy="60,2", iss="partner"):
    """Subscribe and confirm; return the subscription and how many messages came so far."""
    answer = call(
        office, "POST", "/subscriptions", topic=topic, address=peer.address, policy=policy, iss=iss
    )
    assert answer.status_code == 200, answer.text
    token = peer.wait(1)[0][3]["token"]
    assert call(office, "GET", "/subscriptions/confirm", token=token, iss=iss).status_code == 200
    return answer.json()


def until(office, ask, wanted):
    pause = threading.Event()
    for _ in range(400):
        found = office.store.ask(ask)
        if found == wanted:
            return
        pause.wait(0.05)
    raise AssertionError(found)


def waiting(transaction):
    return transaction.connection.execute(select(osia_messages.c.tries)).scalars().all()


def resting(transaction):
    """How often each message was tried, and in how many seconds it is due."""
    rows = transaction.connection.execute(select(osia_messages))
    return [(row.tries, (row.due_at - transaction.now).total_seconds()) for row in rows]


def counted(name):
    def ask(transaction):
        return transaction.connection.execute(
            select(counters.c.last).where(counters.c.name == name)
        ).scalar_one_or_none()

    return ask


def test_an_address_is_told_nothing_before_it_gave_back_its_token(office, peer):
    answer = call(office, "POST", "/subscriptions", topic="case", address=peer.address)
    assert answer.json()["active"] is False
    ((method, _, headers, body),) = peer.wait(1)
    assert method == "POST"
    assert headers["message-type"] == body["type"] == "SubscriptionConfirmation"
    assert body["subscribeURL"].endswith(f"/osia/v1/subscriptions/confirm?token={body['token']}")
    office.tag()
    until(office, counted("osia told"), office.store.ask(happenings.last_number))
    assert call(office, "GET", "/subscriptions/confirm", token=body["token"]).status_code == 200
    office.tag("B234567(1)")
    told = peer.wait(2)
    assert len(told) == 2
    assert call(office, "GET", "/subscriptions").json()[0]["active"] is True


def test_a_subscriber_is_told_what_happens_without_anything_of_a_person(office, peer):
    subscription = subscribed(office, peer)
    tag = office.tag()
    office.fact("bench-1", tag["case_id"], {"kind": "form_filled", "particulars": PARTICULARS})
    # Messages leave side by side; the number in each says what came first.
    told = sorted(peer.wait(3)[1:], key=lambda one: json.loads(one[-1]["message"])["number"])
    assert [body["subject"] for *_, body in told] == ["case_opened", "form_filled"]
    for _, _, headers, body in told:
        assert headers["message-type"] == body["type"] == "Notification"
        assert headers["message-id"] == body["messageId"]
        assert headers["topic-id"] == body["topic"] == subscription["topic"]
        assert headers["subscription-id"] == subscription["uuid"]
        assert json.loads(body["message"])["case_id"] == tag["case_id"]
    text = json.dumps(told)
    assert "A123456" not in text
    assert PARTICULARS["address"] not in text
    until(office, waiting, [])


def test_the_same_subscription_is_one(office, peer):
    first = subscribed(office, peer)
    again = call(office, "POST", "/subscriptions", topic="case", address=peer.address).json()
    assert (again["uuid"], again["active"]) == (first["uuid"], True)


def test_another_office_is_told_nothing(office, peer):
    subscribed(office, peer, iss="rival")
    office.tag()
    last = office.store.ask(happenings.last_number)
    until(office, counted("osia told"), last)
    assert len(peer.came) == 1


def test_what_is_not_taken_is_sent_again_and_given_up_in_the_end(office, peer):
    subscribed(office, peer)
    peer.answers.extend([(500, {}), (302, {}), (200, {})])
    office.tag()
    for tries in (1, 2):
        peer.wait(1 + tries)
        until(office, resting, [(tries, 60)])
        office.clock.advance(61)
    ids = [headers["message-id"] for _, _, headers, _ in peer.wait(4)[1:]]
    assert len(set(ids)) == 1
    until(office, waiting, [])
    peer.answers.extend([(500, {})] * 3)
    office.tag("B234567(1)")
    for tries in (1, 2):
        peer.wait(4 + tries)
        until(office, resting, [(tries, 60)])
        office.clock.advance(61)
    peer.wait(7)
    until(office, counted("osia given up"), 1)


def test_who_dies_with_a_message_lets_it_be_sent_again(office, peer):
    subscribed(office, peer)
    until(office, waiting, [])
    case = office.tag()["case_id"]
    peer.wait(2)
    until(office, waiting, [])

    def take_and_die(transaction):
        transaction.record("tested", case, "here")
        notification.tell_happenings(transaction)
        return delivery.take(transaction, "")

    (taken,) = office.store.submit(take_and_die).result()
    office.clock.advance(delivery.LEASE.total_seconds() + 1)
    again = peer.wait(3)[2]
    assert again[2]["message-id"] == taken.message_id
    until(office, waiting, [])
    # The one who was thought dead comes back: nothing of his counts.
    office.store.submit(lambda t: delivery.mark(t, taken, is_taken=False)).result()
    assert office.store.ask(waiting) == []


def test_a_partners_own_topic(office, peer):
    topic = call(office, "POST", "/topics", name="arrivals").json()
    assert call(office, "POST", "/topics", name="arrivals").json() == topic
    names = [one["name"] for one in call(office, "GET", "/topics").json()]
    assert names == ["card", "case", "tag", "arrivals"]
    subscribed(office, peer, topic="arrivals")
    path = f"/topics/{topic['uuid']}/publish"
    assert call(office, "POST", path, "hello", subject="greeting").status_code == 200
    body = peer.wait(2)[1][3]
    assert (body["message"], body["subject"]) == ("hello", "greeting")
    for bad in (b"\xff", b"a\x00b", b"x" * 10_001):
        assert call(office, "POST", path, bad).status_code == 400
    assert call(office, "POST", path, "hello", iss="rival").status_code == 404
    assert call(office, "DELETE", f"/topics/{topic['uuid']}", iss="rival").status_code == 404
    assert call(office, "DELETE", f"/topics/{topic['uuid']}").status_code == 204
    assert call(office, "GET", "/subscriptions").json() == []


def test_the_backends_topics_are_its_own(office):
    topic = call(office, "GET", "/topics").json()[0]["uuid"]
    assert call(office, "POST", f"/topics/{topic}/publish", "x").status_code == 403
    assert call(office, "DELETE", f"/topics/{topic}").status_code == 403


def test_who_unsubscribed_is_told_no_more(office, peer):
    subscription = subscribed(office, peer)
    path = f"/subscriptions/{subscription['uuid']}"
    assert call(office, "DELETE", path, iss="rival").status_code == 404
    assert call(office, "DELETE", path).status_code == 204
    assert call(office, "DELETE", path).status_code == 404
    office.tag()
    until(office, counted("osia told"), office.store.ask(happenings.last_number))
    assert len(peer.came) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://partner.example/cb",
        "https://169.254.169.254/",
        "https://user@partner.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1",
        "",
    ],
)
def test_nobody_is_told_at_other_addresses(office, address):
    answer = call(office, "POST", "/subscriptions", topic="case", address=address)
    assert (answer.status_code, answer.json()["message"].split()[0]) == (400, "address_not_allowed")


def test_wrong_subscriptions_are_refused(office, peer):
    good = {"topic": "case", "address": peer.address}
    for wrong in ({"topic": "no"}, {"policy": "0,1"}, {"policy": "x"}, {"protocol": "email"}):
        assert call(office, "POST", "/subscriptions", **{**good, **wrong}).status_code == 400
    assert call(office, "GET", "/subscriptions/confirm", token="a.b").status_code == 400
    assert call(office, "GET", "/topics", scope="").status_code == 403


# An external system that makes the cards.


@pytest.fixture
def cms():
    with listening_peer(CredentialSystem) as found:
        yield found


@pytest.fixture
def cms_office(tmp_path, database, cms):
    (tmp_path / "cms.key").write_text("a key of the credential system")
    table = {"url": cms.address, "key": "file:cms.key", "poll_seconds": 60}
    with running_office(settings_of(tmp_path, database, cms=table)) as running:
        yield running


def ordered(office):
    case = office.submitted(officer="all-round")
    path, body = f"/v1/cases/{case}/decide", {"decision": "approve"}
    return case, office.good("booth-1", path, body, officer="assessor")["card"]["card_id"]


def mirrored(transaction):
    row = transaction.connection.execute(select(osia_credential_requests)).one_or_none()
    return None if row is None else (row.status, row.credential_id, row.reason)


def unsettled(transaction):
    """How often in a row nothing came of it; one while an answer is awaited."""
    return transaction.connection.execute(select(osia_credential_requests.c.tries)).scalar_one()


def test_an_ordered_card_is_asked_for_and_its_status_mirrored(cms_office, cms):
    case, card = ordered(cms_office)
    until(cms_office, mirrored, ("PENDING", None, None))
    method, path, headers, body = cms.wait(1)[0]
    assert (method, path) == ("POST", f"/v1/credentialRequests/{card}?transactionId={card}")
    assert headers["Authorization"] == "Bearer a key of the credential system"
    assert body["requestData"]["credentialProfileId"] == "identity-card"
    assert body["personId"] == case
    assert body["biographicData"]["identityNumber"] == "A123456(3)"
    assert body["biometricData"][0]["biometricType"] == "FACE"
    cms_office.clock.advance(61)
    assert cms.wait(2)[1][0] == "GET"
    until(cms_office, unsettled, 0)
    cms.issue(card)
    cms_office.clock.advance(61)
    until(cms_office, mirrored, ("ISSUED", "CRED-1", None))
    kinds = cms_office.store.ask(
        lambda t: (
            t.connection.execute(
                select(ledger.c.kind).where(ledger.c.kind.like("card_request%")).order_by("number")
            )
            .scalars()
            .all()
        )
    )
    assert kinds == ["card_request_pending", "card_request_issued"]


def test_a_lost_answer_makes_no_second_request(cms_office, cms):
    # It took the request, yet its answer was an error of its own.
    cms.answers.append((503, {}))
    _, card = ordered(cms_office)
    until(cms_office, mirrored, ("UNSENT", None, "http_503"))
    cms.requests[card] = {"status": "PENDING"}
    cms_office.clock.advance(61)
    until(cms_office, mirrored, ("PENDING", None, None))
    assert [method for method, *_ in cms.came] == ["POST", "POST"]
    assert len(cms.requests) == 1


def test_a_request_that_is_refused_is_failed(cms_office, cms):
    cms.answers.append((400, {"code": 400, "message": "no such profile"}))
    ordered(cms_office)
    until(cms_office, mirrored, ("FAILED", None, "http_400"))


def test_a_malformed_answer_changes_nothing(cms_office, cms):
    ordered(cms_office)
    until(cms_office, mirrored, ("PENDING", None, None))
    cms.answers.extend([(200, ["what"]), (200, {"status": "WHATEVER"})])
    cms_office.clock.advance(61)
    until(cms_office, mirrored, ("PENDING", None, "answer_malformed"))
    cms_office.clock.advance(61)
    until(cms_office, mirrored, ("PENDING", None, "status_unknown"))


def test_without_an_external_system_nobody_is_asked(office):
    ordered(office)
    until(office, counted("osia told"), office.store.ask(happenings.last_number))
    assert office.store.ask(mirrored) is None


def test_a_wrong_address_of_the_system_is_told_by_its_key(tmp_path):
    with pytest.raises(SettingsError, match=r"osia\.cms\.url"):
        settings_of(tmp_path, "x.sqlite", cms={"url": "cms", "key": "file:k"})
