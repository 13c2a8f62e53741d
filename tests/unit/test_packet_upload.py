"""The laptop's side: packets leave it against a signed receipt only, whatever the network does."""

import asyncio
import random
from dataclasses import replace
from threading import Event
from types import SimpleNamespace
from uuid import UUID

import pytest

from backend.packet_opening import open_waiting
from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.sync.mission import Mission
from common.sync.packet_store import About, LocalState, PacketStore, StoreError
from common.sync.packets import PacketUploader, RolledBackError
from common.sync.retry import LONGEST_S, RESTS_S, TRIPS_AFTER, Backoff, Breaker
from common.wire.facts import new_id
from common.wire.packets import CHUNK, Clocks, PacketContent
from common.wire.signed import SignatureError
from tests.support.backend_office import KEYS, office_settings, running_office
from tests.support.identities import signer_of
from tests.support.packet_people import BOOT, KEY, FieldTeam

STORE_KEY = bytes(range(32))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "packet.pub").write_text(KEY.public().model_dump_json())
    settings = office_settings(
        folder, ("reg-officer", "supervisor"), packet_public_key="file:packet.pub"
    )
    with running_office(settings) as running:
        yield running


class CutClient:
    """A client whose answers get lost at chosen calls, before or after they took effect."""

    def __init__(self, client, cuts):
        self._client, self._cuts, self.calls = client, cuts, []

    def __getattr__(self, name):
        do = getattr(self._client, name)

        def call(*args):
            self.calls.append(name)
            how = self._cuts(len(self.calls), name)
            if how == "before":
                raise BackendUnreachableError("cut")
            answer = do(*args)
            if how == "after":
                raise BackendUnreachableError("cut")
            return answer

        return call


class Laptop:
    """A field station with a store of its own and a key that the backend knows."""

    def __init__(self, office, folder, name, cuts=lambda _n, _name: None):
        self.office, self.team = office, FieldTeam(office, name)
        self.store = PacketStore(folder / f"{name}.db", STORE_KEY)
        address = str(office.http.base_url)
        client = BackendClient(address, signer_of(KEYS[name], office.clock))
        self.client, self.signing_key = CutClient(client, cuts), client.backend_keys().signing
        self.uploader = PacketUploader(
            self.store,
            self.client,  # type: ignore[arg-type]
            self.signing_key,
            name,
        )

    def complete(self):
        """Seal one application."""
        case_id = new_id()
        content = self.team.application(case_id)
        runs = PacketContent.model_validate_json(content)
        self.store.keep_draft(case_id, runs)
        about = About(
            packet_id=new_id(),
            station=self.team.name,
            signer=self.team.signer.id,
            office="HQ",
            officers=("reg-officer",),
            clocks=Clocks(wall=self.office.clock(), monotonic_ms=1, boot_id=BOOT),
            order_id=UUID(self.team.order["order_id"]),
        )
        return self.store.seal(case_id, about, KEY.public(), self.team.signer.sign)

    def open_all(self):
        service = self.office.service
        offices = {one.code: one for one in service.settings.offices}
        asyncio.run(open_waiting(service.store, service.packet_files, KEY, offices))


@pytest.fixture
def laptop(office, tmp_path):
    made = Laptop(office, tmp_path, "field-1")
    held = office.ask("field-1", "/v1/packets").json()
    # The office outlives the tests of this module, so each takes up the chain where it stands.
    made.store._book.execute("DELETE FROM packet")
    if held["last_seq"]:
        made.store._book.execute(
            "INSERT INTO packet(seq, packet_id, case_id, header, header_hash, signature, state)"
            " VALUES(?, ?, ?, x'00', ?, x'00', 'accepted')",
            (held["last_seq"], str(new_id()), str(new_id()), held["last_hash"]),
        )
    yield made
    made.store.close()


def test_a_packet_leaves_the_laptop_against_the_last_signed_receipt_only(laptop):
    packet = laptop.complete()
    assert laptop.store.unfinished() == 1
    assert laptop.store.draft(packet.case_id) is None
    laptop.uploader.round()
    packet = laptop.store.packet(packet.packet_id)
    assert (packet.state, packet.is_purged) == (LocalState.RECEIVED, False)
    assert laptop.store.chunk(packet, 0)
    laptop.open_all()
    laptop.uploader.round()
    packet = laptop.store.packet(packet.packet_id)
    assert packet.is_purged
    assert packet.state in (LocalState.ACCEPTED, LocalState.DUPLICATE)
    assert laptop.store.unfinished() == 0
    with pytest.raises(StoreError, match="not here"):
        laptop.store.chunk(packet, 0)
    assert laptop.store.server_time() == laptop.office.clock()


@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_at_any_call_nothing_is_lost_and_nothing_done_twice(laptop, when):
    packet, rounds = laptop.complete(), 0
    # Every call fails the first time that it is reached.
    failed = set()

    def cuts(_number, name):
        if name in failed:
            return None
        failed.add(name)
        return when

    laptop.client._cuts = cuts
    while laptop.store.packet(packet.packet_id).state is not LocalState.RECEIVED:
        rounds += 1
        assert rounds < 12
        try:
            laptop.uploader.round()
        except BackendUnreachableError:
            continue
    assert {"server_time", "announce_packet", "send_chunk", "complete_packet"} <= failed


def test_a_receipt_of_somebody_else_purges_nothing(laptop):
    packet = laptop.complete()
    laptop.uploader.round()
    laptop.open_all()
    laptop.uploader.signing_key = bytes(32)
    with pytest.raises(BackendUnreachableError):
        laptop.uploader.round()
    view = laptop.client.packet(packet.packet_id)
    with pytest.raises(BackendUnreachableError, match="receipt"):
        laptop.uploader._believe(laptop.store.packet(packet.packet_id), view)
    assert not laptop.store.packet(packet.packet_id).is_purged
    laptop.uploader.signing_key = laptop.signing_key
    other = laptop.complete()
    with pytest.raises(BackendUnreachableError, match="another packet"):
        laptop.uploader._believe(other, view)
    laptop.uploader.round()


def test_a_packet_that_the_backend_will_not_take_is_parked_and_the_next_go_on(laptop):
    poison, good = laptop.complete(), laptop.complete()
    laptop.store._book.execute("UPDATE packet SET signature = x'00' WHERE seq = ?", (poison.seq,))
    laptop.uploader.round()
    poison = laptop.store.packet(poison.packet_id)
    assert (poison.state, poison.reason.split()[0]) == (LocalState.PARKED, "packet_wrong")
    assert laptop.store.chunk(poison, 0)
    assert laptop.store.packet(good.packet_id).state is LocalState.RECEIVED
    before = len(laptop.client.calls)
    laptop.uploader.round()
    assert "announce_packet" not in laptop.client.calls[before:]
    assert laptop.store.unfinished() == 2


def test_a_refusal_of_the_station_is_not_the_packet_s_fault(laptop, monkeypatch):
    packet = laptop.complete()
    monkeypatch.setattr(
        laptop.client,
        "announce_packet",
        lambda _packet: (_ for _ in ()).throw(RefusedError(429, "too_many_packets", "", 7.0)),
        raising=False,
    )
    with pytest.raises(BackendUnreachableError) as told:
        laptop.uploader.round()
    assert told.value.retry_after_s == 7.0
    assert laptop.store.packet(packet.packet_id).state is LocalState.SEALED


def test_a_store_from_an_earlier_day_is_noticed(laptop):
    laptop.complete()
    laptop.uploader.round()
    laptop.store._book.execute("DELETE FROM chunk")
    laptop.store._book.execute("DELETE FROM packet WHERE seq = (SELECT max(seq) FROM packet)")
    with pytest.raises(RolledBackError):
        laptop.uploader.round()


def test_the_store_keeps_either_the_draft_or_the_packet(laptop):
    case_id = new_id()
    content = PacketContent.model_validate_json(laptop.team.application(case_id))
    laptop.store.keep_draft(case_id, content)
    last = laptop.store.last()

    def no_signature(_what):
        raise OSError("the key is gone")

    about = About(
        packet_id=new_id(),
        station="field-1",
        signer=laptop.team.signer.id,
        office="HQ",
        officers=("reg-officer",),
        clocks=Clocks(wall=laptop.office.clock(), monotonic_ms=1, boot_id=BOOT),
    )
    with pytest.raises(OSError, match="gone"):
        laptop.store.seal(case_id, about, KEY.public(), no_signature)
    assert laptop.store.draft(case_id) == content
    assert laptop.store.last() == last
    with pytest.raises(StoreError, match="draft"):
        laptop.store.seal(new_id(), about, KEY.public(), laptop.team.signer.sign)


def test_what_is_sealed_cannot_be_read_at_the_laptop_and_nothing_without_its_key(laptop, tmp_path):
    packet = laptop.complete()
    body = laptop.store.chunk(packet, 0)
    assert b"CHAN" not in body
    assert len(body) < CHUNK
    file = tmp_path / "field-1.db"
    assert b"CHAN" not in file.read_bytes()
    with pytest.raises(StoreError, match="key"):
        PacketStore(file, bytes(32))
    with pytest.raises(StoreError, match="32"):
        PacketStore(file, b"short")


def test_pauses_are_spread_doubled_bounded_and_never_shorter_than_asked():
    bounds = []

    def draw(low, high):
        bounds.append((low, high))
        return high

    pauses = Backoff(draw=draw)
    for _ in range(14):
        pauses.next_s()
    assert bounds[0] == (0.0, 0.5)
    assert [high for _, high in bounds[:4]] == [0.5, 1.0, 2.0, 4.0]
    assert bounds[-1] == (0.0, LONGEST_S)
    pauses.reset()
    assert Backoff(draw=lambda *_: 0.1).next_s(retry_after_s=9.0) == 9.0
    assert pauses.next_s() == 0.5
    seed = random.Random(3)
    spread = Backoff(draw=seed.uniform, tries=10)
    drawn = [spread.next_s() for _ in range(200)]
    assert min(drawn) < LONGEST_S / 10
    assert max(drawn) > LONGEST_S * 9 / 10


def test_a_host_that_keeps_failing_is_left_alone_and_then_tried_once():
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    for _ in range(TRIPS_AFTER - 1):
        breaker.failed()
        assert breaker.allows()
    breaker.failed()
    assert (breaker.allows(), breaker.rests_s()) == (False, RESTS_S)
    now[0] = RESTS_S
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


def test_the_uploader_waits_between_rounds_and_obeys_the_backend(tmp_path):
    waited, stopped = [], Event()
    answers = iter(
        [BackendUnreachableError("full", 33.0)]
        + [BackendUnreachableError("gone")] * (TRIPS_AFTER - 1)
        + [None]
    )

    class Rounds(PacketUploader):
        def round(self):
            answer = next(answers)
            if answer is not None:
                raise answer
            stopped.set()

    now = [0.0]

    def wait(seconds):
        waited.append(seconds)
        now[0] += seconds
        return False

    uploader = Rounds(
        store=SimpleNamespace(),  # type: ignore[arg-type]
        client=SimpleNamespace(),  # type: ignore[arg-type]
        signing_key=b"",
        station="field-1",
        backoff=Backoff(draw=lambda _low, high: high),
        breaker=Breaker(clock=lambda: now[0]),
    )
    uploader.run(stopped, wait)
    assert waited[0] == 33.0
    assert waited[1:5] == [1.0, 2.0, 4.0, 8.0]
    assert waited[5] == pytest.approx(RESTS_S - 8.0)


def mission(laptop):
    keys = laptop.client.backend_keys()
    signer = laptop.team.signer
    return Mission(laptop.store, laptop.client, keys, "field-1", signer.id, signer.sign)


def test_a_team_takes_orders_roster_and_numbers_along_and_gives_back_what_is_left(laptop):
    office = laptop.office
    case_id = UUID(office.registered("E364912(5)")["case_id"])
    laptop.team.order = laptop.team.sent_out(cases=[str(case_id)])
    at_base = mission(laptop)
    (order,) = [one for one in at_base.orders() if one.cases]
    (case,) = at_base.roster(order).cases
    assert (case.case_id, case.particulars.surname) == (case_id, "CHAN")
    at_base.fetch_receipts(order, 3)
    at_base.fetch_receipts(order, 3)
    now = office.clock()
    number = laptop.store.receipt_for(case_id, now)
    assert laptop.store.receipt_for(case_id, now) == number
    assert laptop.store.receipt_for(new_id(), now) != number
    assert at_base.give_receipts_back() == 1
    assert at_base.give_receipts_back() == 0
    assert laptop.store.receipt_for(new_id(), now) is None
    (account,) = office.ask("booth-1", "/v1/work/numbers", "supervisor").json()["series"]
    assert (account["leased"], account["returned"], account["whole"]) == (2, 1, True)


def test_after_its_lease_no_receipt_is_given(laptop):
    at_base = mission(laptop)
    order = at_base.orders()[0]
    at_base.fetch_receipts(order, 1)
    assert laptop.store.receipt_for(new_id(), order.expires_at) is None
    at_base.give_receipts_back()


def test_what_the_backend_did_not_sign_is_not_believed(laptop):
    at_base = mission(laptop)
    other = at_base.keys.model_copy(update={"signing": bytes(32)})
    forged = replace(at_base, keys=other)
    order = at_base.orders()[0]
    with pytest.raises(SignatureError):
        forged.orders()
    with pytest.raises(SignatureError):
        forged.roster(order)
    with pytest.raises(SignatureError, match="another station"):
        replace(at_base, station="field-2").orders()
