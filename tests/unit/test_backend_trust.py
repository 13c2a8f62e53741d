"""Who is let in: signed requests, pairing, renewal, revocation, officers' sign-in."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend import authority
from backend.api.doorkeeper import Nonces
from backend.commands import officer_book, officers, pairing, revocation
from backend.commands.pairing import Code
from backend.commands.station import Station
from backend.database import database_of
from backend.schema import tables
from backend.schema.trust_tables import pairings, proposals, station_keys
from backend.store import Store
from backend.transaction import Refusal
from common.domain.officer import Role
from common.station.config import ConfigError, read
from common.station.identity import load
from common.station.keys import SoftKey
from common.station.membership import Membership
from common.station.pairing import client_of, pair
from common.sync.client import OutOfServiceError, RefusedError
from common.wire.facts import new_id
from common.wire.signatures import key_id_of
from common.wire.trust import PairRequest, RenewRequest, station_proof, stretched
from tests.support.backend_office import (
    KEYS,
    PASSWORD,
    BackendOffice,
    SignedByStation,
    office_settings,
    running_office,
    signature_of,
)

SUPERVISORS = ("all-round", "assessor")
TAG = {"by": "card", "identity_number": "A123456(3)"}


@pytest.fixture
def office(tmp_path, database):
    settings = office_settings(tmp_path, SUPERVISORS, database=database)
    with running_office(settings) as running:
        make_supervisors(running)
        yield running


@pytest.fixture
def two(tmp_path, database):
    """The same, where a second officer confirms."""
    settings = office_settings(tmp_path, SUPERVISORS, database=database)
    trust = settings.trust.model_copy(update={"two_officers": True})
    with running_office(settings.model_copy(update={"trust": trust})) as running:
        make_supervisors(running)
        yield running


def make_supervisors(office: BackendOffice) -> None:
    def do(transaction):
        for one in SUPERVISORS:
            roles = [Role.SUPERVISOR, Role.ASSESSMENT]
            officer_book.change(transaction, one, roles, enabled=True, at="backend", by=None)

    office.store.submit(do).result(10)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("problem", "")


def ask_tag(office: BackendOffice, key: str = "") -> httpx.Response:
    return office.send("tag-1", "/v1/tags", TAG, key=key or str(new_id()))


def raw(office: BackendOffice, **change) -> httpx.Response:
    """Sign a request for a tag, then change it on its way."""
    request = office.http.build_request(
        "POST",
        change.pop("path", "/v1/tags"),
        json=TAG,
        headers={"Idempotency-Key": "one-key-1", **change.pop("first", {})},
    )
    key = change.pop("signer", KEYS["tag-1"])
    request.headers.update(signature_of(request, key, change.pop("at", office.clock())))
    request.headers.update(change.pop("headers", {}))
    if "content" in change:
        request = httpx.Request(
            request.method, request.url, headers=request.headers, content=change.pop("content")
        )
        request.headers["Content-Length"] = str(len(request.content))
    if "url" in change:
        request.url = request.url.copy_with(raw_path=change.pop("url"))
    assert not change
    return office.http.send(request, auth=None)


def code_for(office: BackendOffice, station: str) -> str:
    code = Code(station)
    rules = office.settings.trust
    do = office.store.submit(lambda t: pairing.offer(t, code, rules, pairing.BACKEND, None))
    assert do.result(10).code == code.text
    return code.text


def revoke(store: Store, station: str) -> None:
    store.submit(lambda t: revocation.revoke(t, station, "stolen", "backend", None)).result(10)


def a_station(folder, office: BackendOffice, name: str = "tag-1", kind: str = "tag"):
    """Write the station.toml of a station that is not paired yet."""
    folder.mkdir()
    file = folder / "station.toml"
    file.write_text(
        f'[station]\nname = "{name}"\nkind = "{kind}"\noffice = "HQ"\n'
        f'[backend]\naddress = "{office.http.base_url}"\nkey = "file:station.key"\n'
    )
    return read(file)


def ledger_kinds(office: BackendOffice) -> list[str]:
    return office.store.ask(
        lambda t: list(
            t.connection.execute(select(tables.ledger.c.kind).order_by("number")).scalars()
        )
    )


# Signed requests


def test_a_signed_request_is_answered(office):
    assert raw(office).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"content": b'{"by":"card","identity_number":"AB987654(3)"}'},
        {"headers": {"Idempotency-Key": "two-key-2"}},
        {"headers": {"X-Officer": "somebody-s-session"}},
        {"headers": {"Content-Digest": "sha-256=:AAAA:"}},
        {"headers": {"Signature": f"station=:{b64encode(bytes(64)).decode()}:"}},
        {"headers": {"Signature": "station=:x:"}},
        {"headers": {"Signature-Input": "station=()"}},
        {"url": b"/v1/tags?more=1"},
        {"first": {"X-Officer": "somebody"}, "headers": {"X-Officer": "somebody-else"}},
        {"signer": ec.generate_private_key(ec.SECP256R1())},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_forged_or_altered_request_sounds_like_one_that_nobody_signed(office, change):
    assert told(raw(office, **change)) == (401, "station_unknown")


def test_a_header_that_came_twice_is_none(office):
    request = office.http.build_request(
        "POST", "/v1/tags", json=TAG, headers={"Idempotency-Key": "one-key-1"}
    )
    signed = signature_of(request, KEYS["tag-1"], office.clock())
    headers = [*request.headers.multi_items(), *signed.items(), ("Idempotency-Key", "two-key-2")]
    answer = office.http.post("/v1/tags", content=request.content, headers=headers, auth=None)
    assert told(answer) == (401, "station_unknown")


def test_a_request_is_good_once(office):
    request = office.http.build_request(
        "POST", "/v1/tags", json=TAG, headers={"Idempotency-Key": "one-key-1"}
    )
    request.headers.update(signature_of(request, KEYS["tag-1"], office.clock()))
    assert office.http.send(request, auth=None).status_code == 200
    assert told(office.http.send(request, auth=None)) == (401, "replayed")
    # The same command signed anew is the same command.
    assert ask_tag(office, "one-key-1").status_code == 200


def test_a_wrong_clock_is_told_with_the_time_to_whoever_has_the_key(office):
    for seconds in (-61, 61, 86400):
        answer = raw(office, at=office.clock() + timedelta(seconds=seconds))
        assert told(answer) == (401, "clock_wrong")
        assert datetime.fromisoformat(answer.json()["detail"]) == office.clock()
    for seconds in (-59, 59):
        assert raw(office, at=office.clock() + timedelta(seconds=seconds)).status_code == 200
    stranger = ec.generate_private_key(ec.SECP256R1())
    late = office.clock() - timedelta(hours=1)
    assert told(raw(office, at=late, signer=stranger)) == (401, "station_unknown")


def test_used_numbers_are_remembered_as_long_as_a_signature_is_good_and_are_bounded():
    now = datetime(2026, 11, 23, tzinfo=UTC)
    nonces = Nonces(timedelta(seconds=120), most=3)
    nonces.spend("a", now)
    later = now + timedelta(seconds=119)
    with pytest.raises(Refusal, match="replayed"):
        nonces.spend("a", later)
    nonces.spend("b", later)
    with pytest.raises(Refusal, match="replayed"):
        nonces.spend("b", later + timedelta(seconds=119))
    nonces.spend("a", now + timedelta(days=1))
    nonces.spend("c", now + timedelta(days=1))
    nonces.spend("d", now + timedelta(days=1))
    with pytest.raises(Refusal, match="busy"):
        nonces.spend("e", now + timedelta(days=1))


def test_a_sign_in_is_not_repeated_in_another_process_either(office, tmp_path):
    with running_office(office.settings) as second:
        body = {"officer_id": "assessor", "password": PASSWORD}
        request = office.http.build_request("POST", "/v1/officers/sign-in", json=body)
        request.headers.update(signature_of(request, KEYS["booth-1"], office.clock()))
        assert office.http.send(request, auth=None).status_code == 200
        request.url = second.http.base_url.join(request.url.path)
        assert told(second.http.send(request, auth=None)) == (401, "replayed")


# Pairing


def test_a_station_pairs_with_a_code_and_is_let_in(office, tmp_path):
    config = a_station(tmp_path / "kiosk", office)
    with pytest.raises(ConfigError, match="not paired"):
        load(config)
    code = code_for(office, "tag-1").lower().replace("-", " ").replace("0", "o")
    found = pair(config, code, office.clock)
    assert (found.station, found.kind, found.office) == ("tag-1", "tag", "HQ")
    identity = load(config)
    subject = identity.certificate.subject.rfc4514_string()
    names = identity.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert (subject, names.value[0].value) == ("CN=tag-1", "urn:smartics:station:tag-1")
    assert (config.file.parent / "station.key").stat().st_mode & 0o777 == 0o600
    assert client_of(config, identity, office.clock).healthy()
    # The key of before counts no more.
    assert told(raw(office)) == (401, "station_unknown")
    kept = office.store.ask(lambda t: t.connection.execute(select(tables.stations)).all())
    version, software = next((row.version, row.software) for row in kept if row.name == "tag-1")
    assert version
    assert len(software) == 64


def test_a_station_without_a_key_is_not_let_in(office):
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert told(raw(office, signer=stranger)) == (401, "station_unknown")


def test_a_code_is_good_once(office, tmp_path):
    code = code_for(office, "tag-1")
    pair(a_station(tmp_path / "kiosk", office), code, office.clock)
    with pytest.raises(RefusedError, match="pairing_refused"):
        pair(a_station(tmp_path / "thief", office), code, office.clock)


def test_the_same_request_again_gets_the_same_answer(office):
    code = code_for(office, "tag-1")
    body = pair_request("tag-1", code)
    first = office.http.post("/v1/stations/pair", json=body)
    assert first.status_code == 200
    assert office.http.post("/v1/stations/pair", json=body).content == first.content


def pair_request(station: str, code: str, key: SoftKey | None = None) -> dict[str, str]:
    key = key or SoftKey(ec.generate_private_key(ec.SECP256R1()))
    csr = key.request(station)
    request = PairRequest(
        station=station,
        csr=b64encode(csr),
        proof=b64encode(station_proof(stretched(code, station), station, csr)),
    )
    return request.model_dump(mode="json")


def test_five_wrong_codes_end_the_right_one(office):
    code = code_for(office, "tag-1")
    for _ in range(5):
        answer = office.http.post("/v1/stations/pair", json=pair_request("tag-1", "AAAAA-AAAAA"))
        assert told(answer) == (403, "pairing_refused")
    answer = office.http.post("/v1/stations/pair", json=pair_request("tag-1", code))
    assert told(answer) == (403, "pairing_refused")
    assert ledger_kinds(office).count("station_pairing_refused") == 5
    # The station that was paired before still is.
    assert raw(office).status_code == 200


def test_a_code_is_good_for_half_an_hour_and_for_its_own_station(office):
    code = code_for(office, "tag-1")
    answer = office.http.post("/v1/stations/pair", json=pair_request("bench-1", code))
    assert told(answer) == (403, "pairing_refused")
    office.clock.advance(30 * 60)
    answer = office.http.post("/v1/stations/pair", json=pair_request("tag-1", code))
    assert told(answer) == (403, "pairing_refused")


def test_a_request_that_does_not_prove_its_key_gets_no_certificate(office):
    code = code_for(office, "tag-1")
    key = SoftKey(ec.generate_private_key(ec.SECP256R1()))
    for csr in (key.request("bench-1"), b"no csr", key.request("tag-1")[:-1] + b"\x00"):
        request = PairRequest(
            station="tag-1",
            csr=b64encode(csr),
            proof=b64encode(station_proof(stretched(code, "tag-1"), "tag-1", csr)),
        )
        answer = office.http.post("/v1/stations/pair", json=request.model_dump(mode="json"))
        assert told(answer) == (422, "bad_csr")


def test_a_false_backend_that_does_not_know_the_code_is_found_out(office, tmp_path):
    code_for(office, "tag-1")
    config = a_station(tmp_path / "kiosk", office)
    # It answers whatever it is asked, as if the code were another one.
    false = Code("tag-1")
    rules = office.settings.trust

    def pretend(transaction, told_, _rules):
        secret = false.key
        proof = station_proof(secret, told_.station, told_.csr)
        pairing.offer(transaction, false, rules, "backend", None)
        return real(transaction, told_.model_copy(update={"proof": proof}), rules)

    real, pairing.pair = pairing.pair, pretend
    try:
        with pytest.raises(ConfigError, match="does not know the code"):
            pair(config, "AAAAA-AAAAA", office.clock)
    finally:
        pairing.pair = real
    with pytest.raises(ConfigError, match="not paired"):
        load(config)


def test_the_code_lies_nowhere_in_the_database(office, tmp_path):
    code = code_for(office, "tag-1")
    rows = office.store.ask(lambda t: t.connection.execute(select(pairings)).all())
    kept = repr(rows).encode()
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept
    assert stretched(code, "tag-1") not in rows[0].sealed_key


def test_a_station_whose_kind_is_planned_anew_pairs_anew(tmp_path, database):
    settings = office_settings(tmp_path, (), database=database)
    with running_office(settings) as office:
        assert raw(office).status_code == 200
    other = [s.model_copy(update={"kind": "bench"}) for s in settings.stations[:1]]
    changed = settings.model_copy(update={"stations": (*other, *settings.stations[1:])})
    with running_office(changed) as office:
        assert told(raw(office)) == (401, "station_unknown")
    with running_office(settings.model_copy(update={"stations": ()})) as office:
        answer = raw(office, signer=KEYS["bench-1"], path="/v1/facts")
        assert told(answer) == (401, "station_unknown")


# Renewal


def test_a_station_renews_its_key_at_two_thirds_of_its_life(office, tmp_path):
    config = a_station(tmp_path / "kiosk", office)
    pair(config, code_for(office, "tag-1"), office.clock)
    first = load(config)
    client = client_of(config, first, office.clock)
    membership = Membership(config, first, client, office.clock)
    membership.look()
    assert load(config).certificate == first.certificate
    office.clock.advance(20 * 86400)
    membership.look()
    second = load(config)
    assert second.key.public != first.key.public
    assert client.signer.key_id == key_id_of(second.key.public)
    assert client.healthy()
    old = client_of(config, first, office.clock)
    with pytest.raises(OutOfServiceError, match="station_unknown"):
        old.work("stored", "no-session")


def test_a_renewal_whose_answer_was_lost_is_made_again(office, tmp_path):
    config = a_station(tmp_path / "kiosk", office)
    pair(config, code_for(office, "tag-1"), office.clock)
    first = load(config)
    client = client_of(config, first, office.clock)
    office.clock.advance(20 * 86400)
    lost = SoftKey(ec.generate_private_key(ec.SECP256R1()))
    client.renew(RenewRequest(csr=b64encode(lost.request("tag-1"))))
    Membership(config, first, client, office.clock).look()
    assert load(config).key.public not in (first.key.public, lost.public)
    live = office.store.ask(
        lambda t: (
            t.connection.execute(
                select(station_keys.c.key_id).where(
                    station_keys.c.station == "tag-1", station_keys.c.ended_at.is_(None)
                )
            )
            .scalars()
            .all()
        )
    )
    assert live == [client.signer.key_id]


def test_a_key_is_certified_once(office):
    same = SoftKey(KEYS["tag-1"])
    body = {"csr": b64encode(same.request("tag-1")).decode()}
    assert told(office.send("tag-1", "/v1/stations/renew", body)) == (409, "key_known")


def test_a_certificate_that_is_over_is_told(office):
    office.clock.advance(31 * 86400)
    assert told(raw(office)) == (401, "certificate_expired")


# Revocation


def test_a_revoked_station_is_refused_at_once_in_every_process(office):
    with running_office(office.settings) as second:
        assert raw(second).status_code == 200
        revoke(office.store, "tag-1")
        assert told(raw(second)) == (401, "station_revoked")
        assert told(raw(office)) == (401, "station_revoked")
        assert told(office.ask("tag-1", "/v1/work/stored")) == (401, "station_revoked")


def test_what_a_revoked_station_held_is_free_again(office):
    tag = office.registered()
    call = {"place": "R1", "stages": ["booth"]}
    assert office.good("booth-1", "/v1/queue/call", call)["tag"]["number"] == tag["number"]
    token = office.session("booth-1", "assessor")
    revoke(office.store, "booth-1")
    view = office.find(tag["case_id"], "booth-2")["tag"]
    assert (view["status"], view["place"]) == ("waiting", None)
    booth = Station("booth-1", "booth", "HQ", "R1")
    idle = timedelta(minutes=30)
    assert not office.store.ask(lambda t: officers.by_session(t, booth, token, idle)).is_live


def test_a_card_that_a_revoked_kiosk_reserved_can_be_reserved_elsewhere(tmp_path, database):
    with running_office(office_settings(tmp_path, database=database)) as office:
        case, card = office.stored()
        office.recognised(case)
        path = f"/v1/cards/{card}/reserve"
        held = office.good("collection-1", path, {"expect_version": 4})
        assert held["state"] == "reserved"
        revoke(office.store, "collection-1")
        view = office.find(case)["card"]
        assert (view["state"], view["version"]) == ("stored", 5 + 1)


def test_a_station_that_was_found_again_pairs_again(office, tmp_path):
    revoke(office.store, "tag-1")
    config = a_station(tmp_path / "kiosk", office)
    pair(config, code_for(office, "tag-1"), office.clock)
    assert client_of(config, load(config), office.clock).healthy()
    assert told(raw(office)) == (401, "station_unknown")


def test_nothing_of_a_station_is_kept_after_its_revocation(office):
    """Commands wait behind the revocation in the writer's line: none of them has an effect."""
    start, gate = Barrier(2), Barrier(2)
    store = office.store

    def hold(_transaction):
        start.wait(10)
        gate.wait(10)

    held = store.submit(hold)
    start.wait(10)
    done = store.submit(lambda t: revocation.revoke(t, "tag-1", "stolen", "backend", None))
    answers: list[httpx.Response] = []
    late = Thread(target=lambda: answers.append(ask_tag(office)))
    late.start()
    while store._commands.qsize() < 2 and late.is_alive():
        late.join(0.01)
    gate.wait(10)
    held.result(10)
    done.result(10)
    late.join(10)
    assert told(answers[0]) == (401, "station_revoked")
    kinds = ledger_kinds(office)
    assert "tag_issued" not in kinds[kinds.index("station_revoked") :]


def test_a_supervisor_revokes_and_pairs_where_one_officer_is_enough(office):
    answer = office.good(
        "booth-1", "/v1/stations/tag-1/revoke", {"reason": "stolen"}, officer="assessor"
    )
    assert answer["outcome"] == "done"
    assert told(raw(office)) == (401, "station_revoked")
    found = office.good("booth-1", "/v1/stations/pairings", {"station": "tag-1"}, "assessor")
    answer = office.http.post("/v1/stations/pair", json=pair_request("tag-1", found["code"]))
    assert answer.status_code == 200


def test_two_officers_where_two_are_asked_for(two):
    path = "/v1/stations/tag-1/revoke"
    first = two.good("booth-1", path, {"reason": "stolen"}, officer="assessor")
    assert (first["outcome"], first["code"]) == ("second_officer_needed", "")
    assert raw(two).status_code == 200
    confirm = f"/v1/stations/proposals/{first['proposal']}/confirm"
    alone = two.send("booth-1", confirm, officer="assessor")
    assert told(alone) == (403, "same_officer")
    assert two.good("booth-2", confirm, officer="all-round")["outcome"] == "done"
    assert told(two.send("booth-2", confirm, officer="all-round")) == (409, "not_open")
    assert told(raw(two)) == (401, "station_revoked")


def test_a_second_officer_confirms_what_the_first_one_saw(two):
    asked = {"station": "tag-1"}
    first = two.good("booth-1", "/v1/stations/pairings", asked, officer="assessor")
    revoke(two.store, "tag-1")
    confirm = f"/v1/stations/proposals/{first['proposal']}/confirm"
    answer = two.send("booth-2", confirm, officer="all-round")
    assert told(answer) == (409, "changed_meanwhile")
    again = two.good("booth-1", "/v1/stations/pairings", asked, officer="assessor")
    confirm = f"/v1/stations/proposals/{again['proposal']}/confirm"
    assert two.good("booth-2", confirm, officer="all-round")["code"]


def test_the_database_itself_knows_no_proposal_that_its_own_officer_confirmed(two):
    first = two.good(
        "booth-1", "/v1/stations/tag-1/revoke", {"reason": "stolen"}, officer="assessor"
    )
    engine = database_of(two.settings).writer()
    with engine.connect() as connection, pytest.raises(IntegrityError), connection.begin():
        connection.execute(
            update(proposals)
            .where(proposals.c.proposal_id == first["proposal"])
            .values(confirmed_by="assessor")
        )
    engine.dispose()


def test_only_a_supervisor_at_a_booth_takes_stations_out(office):
    body = {"reason": "stolen"}
    path = "/v1/stations/bench-1/revoke"
    assert told(office.send("booth-1", path, body)) == (403, "officer_needed")
    office.store.submit(
        lambda t: officer_book.change(
            t, "assessor", [Role.TECHNICIAN], enabled=True, at="backend", by=None
        )
    ).result(10)
    assert told(office.send("booth-1", path, body, officer="assessor")) == (403, "role_needed")
    assert office.ask("booth-1", "/v1/stations", officer="assessor").status_code == 200
    assert told(office.send("tag-1", path, body)) == (403, "not_allowed_here")


# Officers


def test_wrong_passwords_are_slowed_more_each_time_and_remembered_over_a_restart(office):
    wrong = {"officer_id": "assessor", "password": "guess"}
    for _ in range(5):
        assert told(office.send("booth-1", "/v1/officers/sign-in", wrong))[0] == 403
    for minutes in (1, 2, 4):
        answer = office.send("booth-2", "/v1/officers/sign-in", wrong)
        assert told(answer) == (429, "too_many_tries")
        office.clock.advance(60 * minutes - 1)
        assert told(office.send("booth-2", "/v1/officers/sign-in", wrong))[0] == 429
        office.clock.advance(1)
        assert told(office.send("booth-2", "/v1/officers/sign-in", wrong))[0] == 403
    with running_office(office.settings, office.clock) as again:
        right = {"officer_id": "assessor", "password": PASSWORD}
        again.http.auth = SignedByStation(office.clock)
        assert told(again.send("booth-1", "/v1/officers/sign-in", right))[0] == 429
        office.clock.advance(8 * 60)
        assert again.send("booth-1", "/v1/officers/sign-in", right).status_code == 200
        assert again.send("booth-1", "/v1/officers/sign-in", wrong).status_code == 403
    assert ledger_kinds(office).count("sign_in_refused") == 9


def test_a_name_that_no_officer_has_is_refused_alike_and_not_written_down(office):
    for _ in range(5):
        body = {"officer_id": "my-password", "password": "x"}
        assert told(office.send("booth-1", "/v1/officers/sign-in", body)) == (403, "wrong_sign_in")
    assert told(office.send("booth-1", "/v1/officers/sign-in", body)) == (429, "too_many_tries")
    lines = office.store.ask(lambda t: t.connection.execute(select(tables.ledger)).all())
    assert all(line.officer != "my-password" for line in lines)


def test_a_session_ends_after_a_long_silence_and_not_while_its_officer_works(office):
    token = office.session("booth-1", "assessor")
    for _ in range(4):
        office.clock.advance(20 * 60)
        answer = office.ask("booth-1", "/v1/work/submitted", officer="assessor")
        assert answer.status_code == 200
    office.clock.advance(30 * 60)
    headers = {"X-Station": "booth-1", "X-Officer": token}
    assert told(office.http.get("/v1/work/submitted", headers=headers)) == (401, "session_ended")


def test_what_is_sensitive_needs_the_password_of_a_moment_ago(office):
    office.session("booth-1", "assessor")
    office.clock.advance(10 * 60)
    path, body = "/v1/stations/tag-1/revoke", {"reason": "stolen"}
    answer = office.send("booth-1", path, body, officer="assessor")
    assert told(answer) == (401, "confirm_again")
    wrong = office.send(
        "booth-1", "/v1/officers/confirm", {"password": "guess"}, officer="assessor"
    )
    assert told(wrong) == (403, "wrong_sign_in")
    right = {"password": PASSWORD}
    assert office.good("booth-1", "/v1/officers/confirm", right, officer="assessor") == {}
    assert office.send("booth-1", path, body, officer="assessor").status_code == 200


def test_a_session_is_good_at_its_own_station_alone(office):
    token = office.session("booth-1", "assessor")
    headers = {"X-Station": "booth-2", "X-Officer": token}
    assert told(office.http.get("/v1/work/submitted", headers=headers)) == (401, "session_ended")


def test_a_supervisor_changes_others_and_never_himself(office):
    own, other = "/v1/officers/assessor/change", "/v1/officers/all-round/change"
    body = {"roles": ["supervisor", "production"]}
    assert told(office.send("booth-1", own, body, officer="assessor")) == (403, "same_officer")
    session = office.session("booth-2", "all-round")
    disabled = {"roles": ["counter"], "enabled": False}
    assert office.send("booth-1", other, disabled, officer="assessor").status_code == 200
    headers = {"X-Station": "booth-2", "X-Officer": session}
    assert told(office.http.get("/v1/work/submitted", headers=headers)) == (401, "session_ended")
    again = {"officer_id": "all-round", "password": PASSWORD}
    assert told(office.send("booth-2", "/v1/officers/sign-in", again)) == (403, "wrong_sign_in")


def test_officers_of_the_settings_come_and_go_and_commands_overrule_them(tmp_path, database):
    settings = office_settings(tmp_path, SUPERVISORS, database=database)
    sign_in = {"officer_id": "assessor", "password": PASSWORD}
    with running_office(settings.model_copy(update={"officers": ()})) as office:
        assert office.send("booth-1", "/v1/officers/sign-in", sign_in).status_code == 403
    with running_office(settings) as office:
        assert office.send("booth-1", "/v1/officers/sign-in", sign_in).status_code == 200
        office.store.submit(
            lambda t: officer_book.change(t, "assessor", None, enabled=False, at="backend", by=None)
        ).result(10)
    with running_office(settings) as office:
        assert office.send("booth-1", "/v1/officers/sign-in", sign_in).status_code == 403


def test_many_tries_at_once_are_all_counted(office):
    statuses: list[int] = []
    body = {"officer_id": "assessor", "password": "guess"}

    def try_it() -> None:
        with httpx.Client(base_url=office.http.base_url, auth=office.http.auth) as http:
            answer = http.post(
                "/v1/officers/sign-in", json=body, headers={"X-Station": "booth-1"}, timeout=20
            )
            statuses.append(answer.status_code)

    threads = [Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [403] * 5 + [429] * 7


def test_the_keys_of_one_database_are_the_same_in_every_process(office):
    with running_office(office.settings) as second:
        assert second.store.ask(authority.found).der == office.store.ask(authority.found).der
