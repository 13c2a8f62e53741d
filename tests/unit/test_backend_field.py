"""What a field team takes along: signed time and orders, a sealed roster; and the clock's rules."""

import hashlib
from base64 import b64decode, b64encode
from datetime import timedelta
from uuid import UUID

import pytest
from typer.testing import CliRunner

from backend.commands import work_orders
from backend.keys import SecretError
from backend.packet_secrets import make_packet_key, packet_keys
from backend.settings import read
from common.sync.client import BackendClient
from common.sync.clock_rules import ClockTrouble, ask_time, new_work
from common.wire.facts import new_id
from common.wire.field import (
    BackendKeys,
    Bundle,
    BundleAbout,
    Roster,
    ServerTime,
    WorkOrder,
    bundle_info,
    bundle_key_bytes,
)
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packets import PacketError
from common.wire.signed import SignatureError, Signed, open_signed
from office.cli import app
from tests.support.backend_office import KEYS, office_settings, running_office
from tests.support.identities import signer_of
from tests.support.packet_people import AT, FieldTeam


@pytest.fixture
def office(tmp_path, database):
    settings = office_settings(tmp_path, ("reg-officer", "supervisor"), database=database)
    with running_office(settings) as running:
        yield running


def signing_key(office):
    return b64decode(office.ask("field-1", "/v1/keys").json()["signing"])


def problem(answer):
    return answer.status_code, answer.json()["problem"]


def bundle_request(team, order_id, key):
    recipient = key.public()
    signature = team.signer.sign(bundle_key_bytes(order_id, recipient))
    return {
        "recipient": recipient.model_dump(mode="json"),
        "signer": team.signer.id,
        "signature": b64encode(signature).decode(),
    }


def test_an_order_and_its_roster_reach_the_one_station_they_are_for(office):
    case_id = UUID(office.registered()["case_id"])
    team = FieldTeam(office)
    team.order = team.sent_out(cases=[str(case_id)])
    orders = office.ask("field-1", "/v1/work-orders").json()["orders"]
    found = [
        open_signed(Signed.model_validate(one), signing_key(office), "work order", WorkOrder)
        for one in orders
    ]
    assert [one.cases for one in found] == [(), (case_id,)]
    order = found[1]
    assert order.expires_at - order.issued_at == timedelta(hours=72)
    key = PacketPrivateKey.make()
    body = bundle_request(team, order.order_id, key)
    path = f"/v1/work-orders/{order.order_id}/bundle"
    bundle = Bundle.model_validate(office.good("field-1", path, body))
    about = open_signed(bundle.signed, signing_key(office), "case bundle", BundleAbout)
    assert about.sealed_hash == hashlib.sha256(bundle.sealed).hexdigest()
    assert about.kid == key.public().kid
    roster = Roster.model_validate_json(
        key.open(bundle.sealed, bundle_info(order.order_id, "field-1"))
    )
    (case,) = roster.cases
    assert (case.case_id, case.particulars.surname) == (case_id, "CHAN")
    assert case.fingers == ()
    with pytest.raises(PacketError):
        key.open(bundle.sealed, bundle_info(order.order_id, "field-2"))
    assert b"CHAN" not in bundle.sealed


def test_a_roster_is_sealed_only_to_a_key_that_the_station_signed(office):
    team, other = FieldTeam(office), FieldTeam(office, "field-2")
    order_id = UUID(team.order["order_id"])
    path = f"/v1/work-orders/{order_id}/bundle"
    key, theirs = PacketPrivateKey.make(), PacketPrivateKey.make()
    body = bundle_request(team, order_id, key)
    swapped = {**body, "recipient": theirs.public().model_dump(mode="json")}
    assert problem(office.send("field-1", path, swapped)) == (403, "signature_wrong")
    assert problem(office.send("field-2", path, body)) == (403, "signer_unknown")
    own = bundle_request(other, order_id, theirs)
    assert problem(office.send("field-2", path, own)) == (404, "not_found")
    office.clock.advance(73 * 3600)
    assert problem(office.send("field-1", path, body)) == (409, "order_over")
    assert office.ask("field-1", "/v1/work-orders").json() == {"orders": []}


def test_an_order_is_made_by_a_supervisor_for_a_field_station_for_three_days_at_most(office):
    team = FieldTeam(office)
    day = office.clock().date()
    good = {
        "station": "field-1",
        "place": "Home",
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=3)).isoformat(),
        "expected": 1,
        "most_packets": 1,
        "hours": 72,
    }

    def tried(officer="supervisor", **changed):
        answer = office.send("booth-1", "/v1/work-orders", {**good, **changed}, officer=officer)
        return None if answer.status_code == 200 else problem(answer)

    assert tried() is None
    assert tried(officer="reg-officer") == (403, "role_needed")
    assert tried(officer=None) == (401, "sign_in_needed")
    assert tried(hours=73) == (422, "bad_request")
    assert tried(last_day=(day + timedelta(days=4)).isoformat()) == (422, "days_wrong")
    assert tried(first_day=(day - timedelta(days=1)).isoformat()) == (422, "days_wrong")
    assert tried(station="tag-1") == (404, "not_found")
    assert tried(station="nobody") == (404, "not_found")
    assert tried(cases=[str(new_id())]) == (404, "not_found")
    elsewhere = office.send("field-1", "/v1/work-orders", good, officer="supervisor")
    assert problem(elsewhere) == (403, "not_allowed_here")
    office.store.submit(lambda t: work_orders.revoke(t, "field-1")).result(10)
    assert office.ask("field-1", "/v1/work-orders").json() == {"orders": []}
    lease = {"kind": "receipt", "count": 1, "order_id": team.order["order_id"]}
    assert problem(office.send("field-1", "/v1/leases", lease)) == (409, "order_over")


def test_the_time_is_signed_with_the_nonce_of_whoever_asks(office):
    key = signing_key(office)
    signed = Signed.model_validate(office.ask("field-1", "/v1/time?nonce=abcd1234").json())
    told = open_signed(signed, key, "server time", ServerTime)
    assert (told.station, told.nonce, told.at) == ("field-1", "abcd1234", office.clock())
    assert "Date" in office.ask("field-1", "/v1/time?nonce=abcd1234").headers
    assert problem(office.ask("field-1", "/v1/time")) == (422, "bad_request")
    client = BackendClient(str(office.http.base_url), signer_of(KEYS["field-1"], office.clock))
    assert ask_time(client, key, "field-1") == office.clock()
    with pytest.raises(SignatureError, match="signed"):
        ask_time(client, bytes(32), "field-1")
    with pytest.raises(SignatureError, match="another question"):
        ask_time(client, key, "field-2")


@pytest.mark.parametrize(
    ("behind", "trouble"),
    [
        (None, ClockTrouble.NEVER_MET),
        (timedelta(seconds=0), None),
        (timedelta(days=3), None),
        (timedelta(days=3, seconds=1), ClockTrouble.OFFLINE_TOO_LONG),
        (timedelta(days=4000), ClockTrouble.OFFLINE_TOO_LONG),
        (timedelta(seconds=-1), ClockTrouble.CLOCK_BEHIND),
        (timedelta(days=-3650), ClockTrouble.CLOCK_BEHIND),
    ],
)
def test_new_work_needs_a_clock_that_can_be_believed(behind, trouble):
    assert new_work(AT, None if behind is None else AT - behind) is trouble


def test_the_packet_key_is_made_once_and_the_edge_gets_only_its_public_half(tmp_path):
    settings = office_settings(tmp_path, ())
    assert packet_keys(settings) == (None, None)
    toml = tmp_path / "backend.toml"
    toml.write_text('[office]\ncode = "HQ"\nname = { en = "a", zh-Hant = "b", zh-Hans = "c" }\n')
    result = CliRunner().invoke(app, ["backend", "packet-key", "--config", str(toml)])
    assert result.exit_code == 0, result.output
    assert 'packet_key = "file:packet.key"' in result.output
    assert (tmp_path / "packet.key").stat().st_mode & 0o077 == 0
    edge = office_settings(tmp_path, (), packet_public_key="file:packet.pub")
    opener = office_settings(tmp_path, (), packet_key="file:packet.key")
    assert packet_keys(edge)[0] is None
    private, public = packet_keys(opener)
    assert private is not None
    assert (
        packet_keys(edge)[1]
        == BackendKeys.model_validate_json(
            BackendKeys.model_construct(signing=bytes(32), packets=public).model_dump_json()
        ).packets
    )
    with pytest.raises(SecretError, match="already"):
        make_packet_key(toml)
    (tmp_path / "packet.key").write_text("ab cd")
    with pytest.raises(SecretError, match="digits"):
        packet_keys(opener)
    (tmp_path / "packet.pub").write_text("{}")
    with pytest.raises(SecretError, match="public"):
        packet_keys(edge)
    assert read(toml).backend.packet_key is None


def test_on_a_file_the_backend_itself_opens_packets(tmp_path):
    toml = tmp_path / "backend.toml"
    toml.write_text('[office]\ncode = "HQ"\nname = { en = "a", zh-Hant = "b", zh-Hans = "c" }\n')
    result = CliRunner().invoke(app, ["backend", "open-packets", "--config", str(toml), "--once"])
    assert result.exit_code == 2
    assert "packet_key" in result.output
