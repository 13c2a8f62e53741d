"""Packets at the backend: taken in without a key, resumed anywhere, opened once."""

import asyncio
import errno
import json
import os
import subprocess
import sys
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from backend.packet_files import PacketFiles
from backend.packet_opening import open_waiting
from backend.packet_upkeep import KEPT, sweep
from backend.schema import tables
from backend.schema.sync_tables import packet_chunks, packets
from common.wire.facts import new_id
from common.wire.packet_keys import PacketPrivateKey
from common.wire.packet_sealing import signed_bytes
from common.wire.packets import (
    CHUNK,
    FIRST,
    PacketReceipt,
    PacketState,
    header_hash,
    leaf,
    read_header,
    write_header,
)
from common.wire.signed import Signed, open_signed
from tests.support.backend_office import office_settings, running_office
from tests.support.packet_people import KEY, FieldTeam, Sealed

OFFICERS = ("reg-officer", "supervisor")
THREE = 2 * CHUNK + 100


@pytest.fixture
def office(tmp_path, database):
    # Only the public half: this is the edge, which takes in what it cannot read.
    (tmp_path / "packet.pub").write_text(KEY.public().model_dump_json())
    settings = office_settings(
        tmp_path, OFFICERS, database=database, packet_public_key="file:packet.pub"
    )
    with running_office(settings) as running:
        yield running


@pytest.fixture
def team(office):
    return FieldTeam(office)


def open_all(office, key=KEY):
    service = office.service
    offices = {one.code: one for one in service.settings.offices}
    return asyncio.run(open_waiting(service.store, service.packet_files, key, offices))


def receipt_of(office, view):
    keys = office.ask("field-1", "/v1/keys").json()
    signed = Signed.model_validate(view["signed"])
    return open_signed(signed, b64decode(keys["signing"]), "packet receipt", PacketReceipt)


def problem(answer):
    return answer.status_code, answer.json()["problem"]


def count(office, table, *where):
    return office.store.ask(
        lambda t: t.connection.execute(
            select(func.count()).select_from(table).where(*where)
        ).scalar_one()
    )


def test_a_packet_comes_in_cut_anywhere_resumed_out_of_order_and_is_received_once(office, team):
    packet = team.packet(os.urandom(THREE))
    assert team.announce(packet).json()["missing"] == [0, 1, 2]
    assert problem(team.complete(packet)) == (409, "not_whole")
    for index in (2, 0):
        assert team.put(packet, index).status_code == 204
        assert team.put(packet, index).status_code == 204
    # Cut here: whoever resumes asks what is missing, by either way.
    assert team.state(packet)["missing"] == [1]
    assert team.announce(packet).json()["missing"] == [1]
    assert team.put(packet, 1).status_code == 204
    view = team.complete(packet).json()
    receipt = receipt_of(office, view)
    assert receipt.state is PacketState.RECEIVED
    assert (receipt.packet_id, receipt.seq) == (packet.about.packet_id, 1)
    assert receipt.header_hash == header_hash(packet.header)
    assert team.complete(packet).json() == team.announce(packet).json() == view
    assert team.put(packet, 1).status_code == 204
    assert count(office, packets) == 1
    kinds = office.store.ask(
        lambda t: t.connection.execute(
            select(tables.ledger.c.kind).where(tables.ledger.c.kind == "packet_received")
        ).all()
    )
    assert len(kinds) == 1


def test_two_uploaders_of_one_packet_are_one(office, team):
    packet = team.packet(os.urandom(THREE))

    def upload(order):
        assert team.announce(packet).status_code == 200
        for index in order:
            assert team.put(packet, index).status_code == 204
        return team.complete(packet)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(upload, [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)]))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert count(office, packets) == 1


def test_wrong_bytes_are_refused_at_the_chunk_that_has_them(office, team):
    packet = team.packet(os.urandom(THREE))
    team.announce(packet)
    assert problem(team.put(packet, 0, packet.chunks[1])) == (422, "chunk_wrong")
    assert problem(team.put(packet, 0, packet.chunks[0][:-1])) == (422, "chunk_wrong")
    assert problem(team.put(packet, 0, bytes(CHUNK + 17))) == (413, "too_large")
    missing = office.http.put(
        f"/v1/packets/{packet.about.packet_id}/chunks/5",
        content=b"x",
        headers=office.headers("field-1"),
    )
    assert problem(missing) == (404, "not_found")
    assert team.state(packet)["missing"] == [0, 1, 2]


def test_what_the_edge_can_prove_is_proven_before_anything_is_kept(office, team):
    packet = team.packet(b"some application")
    other = team.packet(b"another")
    wrong = [
        team.announce(packet, signature="AAAA"),
        team.announce(packet, header=other.header.decode()),
        team.announce(packet, leaves=[found.hex() for found in other.leaves]),
        team.announce(packet, header=packet.header.decode() + " "),
    ]
    assert [problem(answer) for answer in wrong] == [(422, "packet_wrong")] * 4
    unknown = Sealed(b"x", KEY.public(), FieldTeam(office, "field-2").signer)
    assert problem(team.announce(unknown)) == (403, "signer_unknown")
    assert count(office, packets) == 0
    assert problem(office.send("registration-1", "/v1/packets", {})) == (422, "bad_request")


def test_a_packet_belongs_to_the_station_that_signed_it(office, team):
    packet, other = team.packet(b"an application"), FieldTeam(office, "field-2")
    register_as = read_header(packet.header).model_copy(
        update={"station": "field-2", "signer": other.signer.id}
    )
    team.deliver(packet)
    path = f"/v1/packets/{packet.about.packet_id}"
    assert problem(office.ask("field-2", path)) == (404, "not_found")
    # The same ciphertext under another name is proven by nobody before it is opened.
    header = write_header(
        register_as.model_copy(
            update={"packet_id": new_id(), "order_id": UUID(other.order["order_id"])}
        )
    )
    packet.header, packet.signature = header, other.signer.sign(signed_bytes(header))
    packet.about = read_header(header)
    other.deliver(packet)
    assert open_all(office) == 2
    assert other.state(packet)["reason"] == "does_not_open"


def test_the_chain_of_a_station_s_packets_shows_gaps_and_allows_no_other(office, team):
    first, second, third = (team.packet(b"application %d" % n) for n in range(3))
    team.deliver(third)
    office.clock.advance(10)
    team.deliver(first)
    missing = office.ask("booth-1", "/v1/work/missing-packets", "supervisor").json()["missing"]
    assert [(m["station"], m["first_seq"], m["last_seq"], m["why"]) for m in missing] == [
        ("field-1", 2, 2, "never_came")
    ]
    stranger = team.packet(b"a twin", seq=2, prev=header_hash(first.header))
    assert problem(team.announce(stranger)) == (409, "chain_broken")
    loose = team.packet(b"a twin", seq=2, prev="ab" * 32)
    assert problem(team.announce(loose)) == (409, "chain_broken")
    twin = team.packet(b"a twin", seq=3, prev=header_hash(second.header))
    assert problem(team.announce(twin)) == (409, "seq_taken")
    again = team.packet(b"x", packet_id=first.about.packet_id, seq=4)
    assert problem(team.announce(again)) == (409, "id_reused")
    begun = team.packet(b"x", seq=1, prev="ab" * 32, station="field-1")
    assert problem(team.announce(begun)) == (409, "seq_taken")
    team.deliver(second)
    answer = office.ask("booth-1", "/v1/work/missing-packets", "supervisor")
    assert answer.json() == {"missing": []}
    held = office.ask("field-1", "/v1/packets").json()
    assert held == {"last_seq": 3, "last_hash": header_hash(third.header)}
    assert office.ask("field-2", "/v1/packets").json() == {"last_seq": 0, "last_hash": FIRST}


def test_what_was_announced_and_never_came_whole_is_an_alarm_after_an_hour(office, team):
    packet = team.packet(b"an application")
    team.announce(packet)
    path = "/v1/work/missing-packets"
    assert office.ask("booth-1", path, "supervisor").json() == {"missing": []}
    office.clock.advance(3700)
    office.forget_sessions()
    (alarm,) = office.ask("booth-1", path, "supervisor").json()["missing"]
    assert (alarm["first_seq"], alarm["why"]) == (1, "never_completed")
    assert problem(office.ask("booth-1", path, "reg-officer")) == (403, "role_needed")
    assert problem(office.ask("booth-1", path)) == (401, "sign_in_needed")


def test_an_order_bounds_what_a_station_may_send(office, team):
    team.order = team.sent_out(most_packets=1)
    assert problem(team.announce(team.packet(b"x", order_id=None))) == (409, "order_needed")
    late = office.clock() + timedelta(hours=73)
    clocks = team.packet(b"x").about.clocks.model_copy(update={"wall": late})
    assert problem(team.announce(team.packet(b"x", seq=1, prev=FIRST, clocks=clocks))) == (
        409,
        "order_over",
    )
    other = FieldTeam(office, "field-2")
    stolen = team.packet(b"x", seq=1, prev=FIRST, order_id=other.order["order_id"])
    assert problem(team.announce(stolen)) == (404, "not_found")
    # Past its end an order lets come what was sealed before.
    packet = team.packet(b"in time", seq=1, prev=FIRST)
    office.clock.advance(80 * 3600)
    team.deliver(packet)
    assert problem(team.announce(team.packet(b"one more"))) == (409, "order_over")


def test_an_order_allows_so_many_packets(office, team):
    team.order = team.sent_out(most_packets=2)
    for _ in range(2):
        team.deliver(team.packet(b"x"))
    assert problem(team.announce(team.packet(b"one too many"))) == (409, "order_full")


def test_a_station_cannot_fill_the_store_with_beginnings(office, team):
    for _ in range(20):
        assert team.announce(team.packet(b"x")).status_code == 200
    assert problem(team.announce(team.packet(b"x"))) == (429, "too_many_packets")


def test_an_application_from_the_field_is_submitted_under_the_receipt_in_hand(office, team):
    (number,) = team.numbers(1)
    case_id = new_id()
    packet = team.packet(team.application(case_id), case_id=case_id, receipt_number=number)
    team.deliver(packet)
    assert open_all(office) == 1
    assert open_all(office) == 0
    view = team.state(packet)
    assert (view["state"], view["reason"]) == ("accepted", "")
    assert receipt_of(office, view).state is PacketState.ACCEPTED
    case = office.find(str(case_id))
    assert (case["state"], case["receipt_number"]) == ("submitted", number)
    assert case["captured_by"] == "reg-officer"
    account = office.ask("booth-1", "/v1/work/numbers", "supervisor").json()["series"]
    assert [(one["spent"], one["leased"], one["whole"]) for one in account] == [(1, 0, True)]


def test_a_packet_is_opened_once_whoever_opens(office, team):
    case_id = new_id()
    team.deliver(team.packet(team.application(case_id), case_id=case_id))

    async def both():
        service = office.service
        offices = {one.code: one for one in service.settings.offices}
        await asyncio.gather(
            *(open_waiting(service.store, service.packet_files, KEY, offices) for _ in range(3))
        )

    asyncio.run(both())
    facts = count(office, tables.ledger, tables.ledger.c.kind == "photograph_taken")
    settled = count(office, tables.ledger, tables.ledger.c.kind == "packet_settled")
    assert (facts, settled) == (1, 1)


def test_somebody_processed_elsewhere_meanwhile_is_a_duplicate_for_an_officer(office, team):
    number, *_ = team.numbers(2)
    case_id = new_id()
    team.deliver(team.packet(team.application(case_id), case_id=case_id))
    second = new_id()
    packet = team.packet(team.application(second), case_id=second, receipt_number=number)
    team.deliver(packet)
    assert open_all(office) == 2
    view = team.state(packet)
    assert (view["state"], view["reason"].split()[0]) == ("duplicate", "case_elsewhere")
    (row,) = office.ask("booth-1", "/v1/work/packets", "supervisor").json()["packets"]
    assert (row["state"], row["receipt_number"]) == ("duplicate", number)
    (account,) = office.ask("booth-1", "/v1/work/numbers", "supervisor").json()["series"]
    assert (account["voided"], account["leased"], account["whole"]) == (1, 1, True)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda c: c["runs"][1]["facts"][0].update(case_id=str(new_id())), "other_case"),
        (lambda c: c["runs"][1]["facts"][0].update(station="field-2"), "other_station"),
        (lambda c: c["runs"][1].update(officer_token=None), "officer_unproven"),
        (lambda c: c["runs"][1].update(officer_token="not-a-session"), "officer_unproven"),
        (lambda c: c["newcomer"].update(identity_number="A123456(7)"), "number_wrong"),
        (lambda c: c.update(newcomer=None), "not_found"),
        (lambda c: c.update(more="than is known"), "content_unreadable"),
    ],
)
def test_a_packet_is_taken_wholly_or_not_at_all(office, team, spoil, reason):
    case_id = new_id()
    content = json.loads(team.application(case_id))
    spoil(content)
    packet = team.packet(json.dumps(content).encode(), case_id=case_id)
    team.deliver(packet)
    assert open_all(office) == 1
    view = team.state(packet)
    assert (view["state"], view["reason"].split()[0]) == ("rejected", reason)
    assert count(office, tables.cases) == 0
    assert count(office, tables.ledger, tables.ledger.c.case_id == str(case_id)) == 0


def test_an_incomplete_application_gives_no_receipt(office, team):
    (number,) = team.numbers(1)
    case_id = new_id()
    content = json.loads(team.application(case_id))
    del content["runs"][3]
    packet = team.packet(json.dumps(content).encode(), case_id=case_id, receipt_number=number)
    team.deliver(packet)
    open_all(office)
    assert team.state(packet)["reason"].startswith("not_complete portrait")
    foreign = team.packet(
        team.application(case_id), case_id=case_id, receipt_number="HQ-2026-F000099"
    )
    team.deliver(foreign)
    open_all(office)
    assert team.state(foreign)["reason"].startswith("number_not_leased")


def test_a_key_that_is_not_this_opener_s_leaves_the_packet_waiting(office, team):
    packet = team.packet(b"x")
    team.deliver(packet)
    assert open_all(office, PacketPrivateKey.make()) == 0
    assert team.state(packet)["state"] == "received"


def test_a_packet_that_breaks_the_program_does_not_come_again_and_again(office, team, monkeypatch):
    case_id = new_id()
    packet = team.packet(team.application(case_id), case_id=case_id)
    team.deliver(packet)

    def breaks(*_):
        raise ZeroDivisionError("somebody's name")

    monkeypatch.setattr("backend.commands.facts.accept_all", breaks)
    assert open_all(office) == 1
    assert team.state(packet)["reason"] == "failed ZeroDivisionError"
    assert open_all(office) == 0


def test_a_disk_that_lost_a_chunk_is_found_before_the_receipt_and_before_the_opening(office, team):
    packet = team.packet(os.urandom(THREE))
    team.announce(packet)
    for index in range(3):
        team.put(packet, index)
    name = packet.leaves[1].hex()
    (Path(office.service.settings.packets) / name[:2] / name).unlink()
    assert problem(team.complete(packet)) == (409, "not_whole")
    assert team.state(packet)["missing"] == [1]
    team.put(packet, 1)
    assert team.complete(packet).json()["state"] == "received"
    path = Path(office.service.settings.packets) / name[:2] / name
    path.write_bytes(b"\0" * path.stat().st_size)
    assert open_all(office) == 0
    assert team.state(packet)["state"] == "received"


def test_a_full_disk_acknowledges_nothing(office, team, monkeypatch):
    packet = team.packet(os.urandom(100))
    team.announce(packet)

    def full(_handle):
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr("backend.packet_files.os.fsync", full)
        assert problem(team.put(packet, 0)) == (503, "storage_failed")
    assert team.state(packet)["missing"] == [0]
    folder = Path(office.service.settings.packets)
    assert [path for path in folder.glob("*/*") if path.is_file()] == []
    assert team.put(packet, 0).status_code == 204


KILLED = """
import os, sys
from pathlib import Path
from backend import packet_files
at, folder = sys.argv[1], Path(sys.argv[2])
chunk = bytes.fromhex(sys.argv[3])
files = packet_files.PacketFiles(folder)
def die(*_):
    os._exit(9)
if at == "written":
    packet_files.os.fsync = die
elif at == "synced":
    Path.replace = die
elif at == "named":
    packet_files._sync = die
files.put(packet_files.leaf(chunk).hex(), chunk)
die()
"""


@pytest.mark.parametrize("at", ["written", "synced", "named", "whole"])
def test_killed_between_file_and_row_the_chunk_comes_again(tmp_path, at):
    chunk = b"some ciphertext"
    name = leaf(chunk).hex()
    arguments = [sys.executable, "-c", KILLED, at, str(tmp_path / "p"), chunk.hex()]
    assert subprocess.run(arguments, check=False, timeout=60).returncode == 9
    files = PacketFiles(tmp_path / "p")
    # No name without its whole content, whatever was cut.
    assert files.has(name, len(chunk)) == (at in ("named", "whole"))
    files.put(name, chunk)
    assert files.get(name) == chunk


def test_what_nobody_names_is_swept_away_after_a_day(office, team):
    case_id = new_id()
    packet = team.packet(team.application(case_id), case_id=case_id)
    team.deliver(packet)
    open_all(office)
    service, folder = office.service, Path(office.service.settings.packets)
    lost = folder / "ab" / ("ab" + "0" * 62)
    lost.parent.mkdir(exist_ok=True)
    lost.write_bytes(b"left by a crash")
    day_ago = office.clock().timestamp() - 25 * 3600
    for path in folder.glob("*/*"):
        os.utime(path, (day_ago, day_ago))
    assert asyncio.run(sweep(service.store, service.packet_files)) == 1
    assert not lost.exists()
    assert count(office, packet_chunks) == 1
    office.store.submit(
        lambda t: t.connection.execute(
            update(packets).values(settled_at=t.now - KEPT - timedelta(days=1))
        )
    ).result(10)
    assert asyncio.run(sweep(service.store, service.packet_files)) == 1
    assert [path for path in folder.glob("*/*") if path.is_file()] == []
    assert team.state(packet)["state"] == "accepted"


def test_a_name_that_is_no_hash_reaches_no_file(tmp_path):
    files = PacketFiles(tmp_path)
    for name in ("../x", "", "A" * 64, "0" * 63):
        with pytest.raises(ValueError, match="hash"):
            files.put(name, b"x")


def test_the_edge_cannot_read_what_it_takes_in(office, team):
    case_id = new_id()
    team.deliver(team.packet(team.application(case_id), case_id=case_id))
    folder = Path(office.service.settings.packets)
    stored = b"".join(path.read_bytes() for path in folder.glob("*/*"))
    assert len(stored) > 500
    assert b"CHAN" not in stored
    assert office.service.settings.backend.packet_key is None
