"""Officers sign in with a card: bound by a supervisor, proved by a challenge that is good once."""

from base64 import b64decode, b64encode

import pytest

from backend.commands import officer_book
from common.domain.officer import Role
from common.wire.officer_cards import signed_by
from tests.support.backend_office import BackendOffice, office_settings, running_office
from tests.support.officer_cards import PIN, card_of, made_card

LAM, MEMORY_AND_CERTIFICATE = "reg-officer", made_card("reg-officer")
MEMORY, CERTIFICATE = MEMORY_AND_CERTIFICATE
SUPERVISOR = "all-round"


@pytest.fixture
def office(tmp_path, database):
    settings = office_settings(tmp_path, (LAM, SUPERVISOR), database=database)
    with running_office(settings) as running:
        running.store.submit(make_supervisor).result(10)
        yield running


def make_supervisor(transaction):
    roles = [Role.SUPERVISOR]
    officer_book.change(transaction, SUPERVISOR, roles, enabled=True, at="backend", by=None)


def give(office: BackendOffice, officer: str = LAM, certificate: bytes = CERTIFICATE):
    body = {"certificate": b64encode(certificate).decode()}
    return office.send("booth-1", f"/v1/officers/{officer}/cards", body, officer=SUPERVISOR)


def challenge(office: BackendOffice, station: str = "tag-1") -> bytes:
    return b64decode(office.good(station, "/v1/officers/challenge")["challenge"])


def sign_in(office: BackendOffice, made: bytes, station: str = "tag-1", signed_at: str = "tag-1"):
    card = card_of(MEMORY)
    card.verify(PIN)
    body = {
        "certificate": b64encode(CERTIFICATE).decode(),
        "challenge": b64encode(made).decode(),
        "signature": b64encode(card.sign(signed_by(signed_at, made))).decode(),
    }
    return office.send(station, "/v1/officers/card-sign-in", body)


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("problem", "")


def test_a_card_signs_its_officer_in_with_a_challenge_that_is_good_once(office):
    assert refusal(sign_in(office, challenge(office))) == (403, "wrong_sign_in"), "nobody bound it"
    assert give(office).status_code == 200
    session = sign_in(office, challenge(office)).json()
    assert session["officer_id"] == LAM
    assert session["roles"] == ["registration", "production"]
    headers = {**office.headers("tag-1"), "X-Officer": session["token"]}
    assert office.http.post("/v1/officers/sign-out", json={}, headers=headers).status_code == 200

    made = challenge(office)
    assert refusal(sign_in(office, made, station="booth-1")) == (403, "wrong_sign_in")
    assert sign_in(office, made).status_code == 200
    assert refusal(sign_in(office, made)) == (403, "wrong_sign_in"), "good once"
    assert refusal(sign_in(office, bytes(32))) == (403, "wrong_sign_in"), "nobody made it"
    late = challenge(office)
    office.clock.advance(180)
    assert refusal(sign_in(office, late)) == (403, "wrong_sign_in"), "good for two minutes"
    made = challenge(office)
    assert refusal(sign_in(office, made, signed_at="booth-1")) == (403, "wrong_sign_in")
    assert refusal(sign_in(office, made)) == (403, "wrong_sign_in"), "it was used up"

    def disable(transaction):
        officer_book.change(transaction, LAM, None, enabled=False, at="backend", by=None)

    office.store.submit(disable).result(10)
    assert office.ask("tag-1", "/v1/officers/cards").json()["cards"] == []
    assert refusal(sign_in(office, challenge(office))) == (403, "wrong_sign_in")


def test_a_supervisor_binds_and_ends_a_card_and_stations_learn_of_it(office):
    body = {"certificate": b64encode(CERTIFICATE).decode()}
    path = f"/v1/officers/{LAM}/cards"
    assert office.send("booth-1", path, body, officer=LAM).status_code == 403
    assert office.send("tag-1", path, body).status_code == 403
    assert refusal(give(office, SUPERVISOR)) == (403, "same_officer")
    assert refusal(give(office, "nobody-here")) == (404, "not_found")
    assert refusal(give(office, certificate=b"no certificate")) == (422, "card_wrong")
    first = give(office)
    assert give(office).json() == first.json()
    make_other = ("assessor", "Assessor", [Role.ASSESSMENT], "x")
    office.store.submit(lambda t: officer_book.add(t, *make_other)).result(10)
    assert refusal(give(office, "assessor")) == (409, "card_known")

    (row,) = office.ask("tag-1", "/v1/officers/cards").json()["cards"]
    assert row["officer_id"] == LAM
    assert row["roles"] == ["registration", "production"]
    assert b64decode(row["certificate"]) == CERTIFICATE
    assert "display_name" not in row

    session = sign_in(office, challenge(office)).json()
    name = {"key_id": first.json()["key_id"]}
    ended = office.send("booth-1", "/v1/officers/cards/revoke", name, officer=SUPERVISOR)
    assert ended.status_code == 200
    headers = {**office.headers("tag-1"), "X-Officer": session["token"]}
    confirm = office.http.post("/v1/officers/confirm", json={"password": "x"}, headers=headers)
    assert refusal(confirm) == (401, "session_ended")
    assert refusal(sign_in(office, challenge(office))) == (403, "wrong_sign_in")
    assert refusal(give(office)) == (409, "card_known"), "a card that ended stays ended"
    assert office.ask("tag-1", "/v1/officers/cards").json()["cards"] == []

    def kinds(transaction):
        rows = transaction.connection.exec_driver_sql("SELECT kind FROM ledger ORDER BY number")
        return [row[0] for row in rows]

    told = office.store.submit(kinds).result(10)
    assert [kind for kind in told if "card" in kind] == [
        "officer_card_given",
        "officer_card_revoked",
        "card_sign_in_refused",
    ]
