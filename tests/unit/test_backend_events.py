"""GET /v1/events: what happens, once each, in order, with replay; and who may listen."""

import json
from contextlib import contextmanager
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from backend import feed, happenings
from backend.bearer import Bearers
from backend.commands import revocation
from backend.keys import SecretError
from backend.serve import administer
from backend.settings import from_dict
from tests.support.backend_office import MORNING, PARTICULARS, office_table, running_office
from tests.support.tokens import SECRET, bearer, issuer_table


@pytest.fixture
def table(tmp_path, database):
    table = office_table(tmp_path, ("all-round", "assessor"), database=database)
    other = {**table["office"], "code": "NT"}
    table["offices"] = [table.pop("office"), other]
    table["issuers"] = [
        issuer_table(tmp_path, office="HQ"),
        issuer_table(tmp_path, name="elsewhere", office="NT"),
    ]
    return table


@pytest.fixture
def office(table, tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "HEARTBEAT_S", 0.3)
    with running_office(from_dict(table, tmp_path)) as running:
        yield running


@contextmanager
def listening(office, after=None, headers=None):
    """Open the stream as the booth's officer, or as whom the headers show."""
    if headers is None:
        headers = {"X-Station": "booth-1", "X-Officer": office.session("booth-1", "all-round")}
    if after is not None:
        headers = {**headers, "Last-Event-ID": str(after)}
    with office.http.stream("GET", "/v1/events", headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield blocks(answer)


def blocks(answer):
    """Yield each event as (name, id, data), and None for a heartbeat."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        if line.startswith(":"):
            yield None
        elif line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            fields = {}
        else:
            fields = {}


def take(stream, count):
    found: list[Any] = []
    while len(found) < count:
        told = next(stream)
        if told is not None:
            found.append(told)
    return found


def refused(office, headers, **more):
    answer = office.http.get("/v1/events", headers=headers, **more)
    return answer.status_code, answer.json()["problem"]


def last(office):
    return office.store.ask(happenings.last_number)


def test_what_happens_is_told_in_order_with_the_ledgers_numbers(office):
    with listening(office) as stream:
        begun = last(office)
        tag = office.tag()
        office.fact("bench-1", tag["case_id"], {"kind": "form_filled", "particulars": PARTICULARS})
        told = take(stream, 3)
    assert [(name, data["what"]) for name, _, data in told] == [
        ("case", "case_opened"),
        ("tag", "tag_issued"),
        ("case", "form_filled"),
    ]
    assert [number for _, number, _ in told] == [begun + 1, begun + 2, begun + 3]
    newest = told[-1][2]
    assert newest["case_id"] == tag["case_id"]
    assert newest["tag_id"] == tag["tag_id"]
    assert (newest["case_state"], newest["tag_status"]) == ("form_done", "waiting")


def test_nothing_of_a_person_is_told(office):
    with listening(office, 0) as stream:
        office.registered()
        told = json.dumps(take(stream, 6))
    for secret in ("A123456", *PARTICULARS.values()):
        assert not secret or secret == "M" or secret not in told


def test_a_cards_way_is_told_with_its_state(office):
    case = office.submitted(officer="all-round")
    office.session("booth-1", "assessor")
    with listening(office) as stream:
        path, body = f"/v1/cases/{case}/decide", {"decision": "approve"}
        office.good("booth-1", path, body, officer="assessor")
        name, _, data = take(stream, 2)[1]
    assert (name, data["what"], data["card_state"]) == ("card", "card_ordered", "ordered")


def test_what_was_missed_is_told_first_and_nothing_twice(office):
    office.tag()
    with listening(office, 0) as stream:
        seen = take(stream, 2)
    office.tag("B234567(1)")
    with listening(office, seen[-1][1]) as stream:
        replayed = take(stream, 2)
        office.tag("C345678(A)")
        fresh = take(stream, 2)
    numbers = [number for _, number, _ in seen + replayed + fresh]
    assert numbers == sorted(set(numbers))
    assert [data["what"] for _, _, data in replayed + fresh] == ["case_opened", "tag_issued"] * 2


def test_a_long_absence_is_replayed_page_by_page(office):
    case = office.tag()["case_id"]
    office.session("booth-1", "all-round")
    begun, many = last(office), 2 * happenings.PAGE + 7

    def write(transaction):
        for _ in range(many):
            transaction.record("tested", case, "here")

    office.store.submit(write).result()
    with listening(office, begun) as stream:
        numbers = [number for _, number, _ in take(stream, many)]
        office.tag("B234567(1)")
        numbers += [number for _, number, _ in take(stream, 2)]
    assert numbers == list(range(begun + 1, begun + many + 3))


def test_too_long_an_absence_is_a_reset(office, monkeypatch):
    monkeypatch.setattr(feed, "MOST_REPLAYED", 3)
    office.registered()
    session = {"X-Station": "booth-1", "X-Officer": office.session("booth-1", "all-round")}
    for after in (0, 10**15):
        end = last(office)
        with listening(office, after, session) as stream:
            assert take(stream, 1) == [("reset", end, {"number": end})]
            tag = office.tag("B234567(1)") if after == 0 else office.tag("C345678(A)")
            assert take(stream, 1)[0][2]["case_id"] == tag["case_id"]


def test_another_office_hears_nothing(office):
    with listening(office, 0, bearer("events.read", iss="elsewhere")) as stream:
        office.registered()
        assert [next(stream), next(stream)] == [None, None]


def test_what_another_process_commits_is_told_too(office):
    case = office.tag()["case_id"]
    with listening(office) as stream:
        administer(office.settings, lambda t: t.record("tested", case, "there"))
        assert take(stream, 1)[0][2]["what"] == "tested"


def test_a_revoked_station_hears_no_more(office):
    with listening(office) as stream:
        office.store.submit(
            lambda t: revocation.revoke(t, "booth-1", "stolen", "backend", None)
        ).result()
        office.tag()
        assert [told for told in stream if told is not None] == []
    headers = {"X-Station": "booth-1"}
    assert refused(office, headers) == (401, "station_revoked")


def test_who_signs_out_hears_no_more(office):
    with listening(office) as stream:
        office.good("booth-1", "/v1/officers/sign-out", officer="all-round")
        assert [told for told in stream if told is not None] == []


def test_a_program_hears_until_its_token_ends(office):
    with listening(office, 0, bearer("events.read")) as stream:
        office.tag()
        assert len(take(stream, 2)) == 2
        office.clock.advance(2 * 3600)
        assert [told for told in stream if told is not None] == []


def test_who_may_not_listen(office):
    assert refused(office, {}) == (401, "station_unknown")
    assert refused(office, {"X-Station": "tag-1"}) == (403, "not_allowed_here")
    assert refused(office, {"X-Station": "booth-1"}) == (401, "sign_in_needed")
    assert refused(office, bearer("enroll.read")) == (403, "scope_needed")
    assert refused(office, {**bearer("events.read"), "Last-Event-ID": "x"})[0] == 422


WRONG = {
    "old": {"minutes": -5},
    "not_yet": {"nbf": 4_000_000_000},
    "endless": {"exp": None},
    "no_time": {"exp": "soon"},
    "audience": {"aud": "others"},
    "issuer": {"iss": "stranger"},
    "nobody": {"sub": None},
    "key": {"key": SECRET[::-1]},
    "algorithm": {"algorithm": "HS512"},
    "unsigned": {"algorithm": "none", "key": ""},
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_wrong_token_opens_nothing(table, tmp_path, claims):
    bearers = Bearers(from_dict(table, tmp_path))
    with pytest.raises(Exception, match="401 token_"):
        bearers.check(bearer("events.read", **claims)["Authorization"], "events.read", MORNING)


def test_tokens_by_a_public_key(tmp_path):
    key = generate_private_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (tmp_path / "issuer.pem").write_bytes(public)
    table = office_table(tmp_path, ("all-round",))
    table["issuers"] = [{"name": "partner", "algorithm": "ES256", "key": "file:issuer.pem"}]
    bearers = Bearers(from_dict(table, tmp_path))
    good = bearer("a b", key=private, algorithm="ES256")["Authorization"]
    assert bearers.check(good, "b", MORNING).name == "partner/system"
    # The public key is no secret: whoever signs with it as if it were one is let in nowhere.
    header = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"JWT"}').decode()
    body = good.split(".")[1]
    signed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{header}.{body}".encode(), public
    )
    forged = f"Bearer {header}.{body}.{jwt.utils.base64url_encode(signed).decode()}"
    with pytest.raises(Exception, match="401 token_wrong"):
        bearers.check(forged, "b", MORNING)


@pytest.mark.parametrize(
    "text", ["short", "-----BEGIN PUBLIC KEY-----\nno\n-----END PUBLIC KEY-----"]
)
def test_an_issuers_weak_or_broken_key_is_refused_at_the_start(tmp_path, text):
    table = office_table(tmp_path, ("all-round",))
    algorithm = "HS256" if text == "short" else "ES256"
    table["issuers"] = [issuer_table(tmp_path, algorithm=algorithm)]
    (tmp_path / "issuer.secret").write_text(text)
    with pytest.raises(SecretError, match="partner"):
        Bearers(from_dict(table, tmp_path))


def test_one_listener_too_many_is_told_so(office, monkeypatch):
    monkeypatch.setattr(feed, "_MOST_LISTENERS", 1)
    with listening(office) as stream:
        assert next(stream) is None
        assert refused(office, bearer("events.read")) == (503, "busy")
