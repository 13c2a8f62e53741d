"""Number series: every number is one number, and each is accounted for."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError

from backend.commands import series, series_account
from backend.commands.station import Station
from backend.database import prepare
from backend.schema.sync_tables import leases, series_numbers
from backend.schema.tables import refused_facts, stations, tags
from backend.store import Store
from backend.transaction import Refusal
from common.domain.clock import HandClock
from common.domain.queue import Service
from common.wire.facts import new_id
from common.wire.series import LeaseRequest, LeaseReturned, SeriesKind, SpoiltNumber
from tests.support.backend_office import MORNING, office_settings, running_office

KIOSKS = tuple(Station(f"tag-{n}", "tag", "HQ", f"T{n}") for n in (1, 2, 3))


class Numbers(RuleBasedStateMachine):
    """Stations lease, spend, return and lose numbers in any order, over days."""

    def __init__(self):
        super().__init__()
        self.folder = TemporaryDirectory()
        self.clock = HandClock(MORNING)
        keys, database = prepare(office_settings(Path(self.folder.name), ()))
        self.store = Store(database, keys, self.clock)
        self.do(
            lambda t: t.connection.execute(
                insert(stations),
                [
                    {
                        "name": kiosk.name,
                        "kind": "tag",
                        "office": "HQ",
                        "place": "",
                    }
                    for kiosk in KIOSKS
                ],
            )
        )
        self.given = []  # every number ever leased
        self.fates = {}  # (series day, number) -> what the model says

    def do(self, command):
        return self.store.submit(command).result(20)

    def refused(self, command):
        try:
            self.do(command)
        except Refusal as refusal:
            return refusal.problem
        return None

    @rule(kiosk=st.sampled_from(KIOSKS), count=st.integers(1, 40))
    def leases(self, kiosk, count):
        request = LeaseRequest(kind=SeriesKind.TAG, count=count)
        got = []
        problem = self.refused(lambda t: got.append(series.lease(t, kiosk, request)))
        if problem is not None:
            assert problem in ("enough_leased", "day_full")
            return
        (lease,) = got
        assert len(lease.numbers) == count
        for number in lease.numbers:
            key = (lease.day, number.number)
            assert key not in self.fates, "a number was leased twice"
            self.fates[key] = "leased"
            self.given.append((kiosk, lease, number))

    @precondition(lambda self: self.given)
    @rule(data=st.data(), by=st.sampled_from(KIOSKS))
    def spends(self, data, by):
        kiosk, lease, number = data.draw(st.sampled_from(self.given))
        key = (lease.day, number.number)
        problem = self.refused(
            lambda t: series.spend(t, by, SeriesKind.TAG, number.number, str(number.tag_id))
        )
        if by != kiosk:
            assert problem == "number_not_leased"
        elif self.fates[key] == "leased":
            assert problem is None
            self.fates[key] = "spent"
        else:
            assert problem == "number_settled"

    @precondition(lambda self: self.given)
    @rule(data=st.data(), fate=st.sampled_from(["returned", "voided"]))
    def gives_back(self, data, fate):
        kiosk, lease, number = data.draw(st.sampled_from(self.given))
        key = (lease.day, number.number)
        told = LeaseReturned(unspent=(number.number,))
        if fate == "voided":
            told = LeaseReturned(spoilt=(SpoiltNumber(number=number.number, reason="jam"),))
        problem = self.refused(lambda t: series.give_back(t, kiosk, lease.lease_id, told))
        if self.fates[key] == "leased":
            self.fates[key] = fate
        assert (problem is None) == (self.fates[key] == fate)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.clock.advance(hours * 3600)

    @rule(kiosk=st.sampled_from(KIOSKS))
    def a_station_is_revoked(self, kiosk):
        self.do(lambda t: series.revoke(t, kiosk.name))
        held = self.do(lambda t: series.held(t, kiosk))
        assert all(lease.expires_at <= self.clock() for lease in held.leases)

    @invariant()
    def every_number_is_accounted_for(self):
        told = self.do(lambda t: series_account.account(t, "HQ"))
        assert all(one.whole for one in told.series)
        for fate in ("spent", "returned", "voided"):
            counted = sum(getattr(one, fate) for one in told.series)
            assert counted == list(self.fates.values()).count(fate)
        out = sum(one.leased + one.overdue for one in told.series)
        assert out == list(self.fates.values()).count("leased")
        assert sum(lease.numbers for lease in told.overdue) == sum(o.overdue for o in told.series)

    def teardown(self):
        self.store.close()
        self.folder.cleanup()


TestNumbers = Numbers.TestCase
TestNumbers.settings = hypothesis_settings(max_examples=12, stateful_step_count=20, deadline=None)


@pytest.fixture
def office(tmp_path, database):
    settings = office_settings(tmp_path, ("reg-officer", "supervisor"), database=database)
    with running_office(settings) as running:
        yield running


def leased(office, count=5, station="tag-1"):
    return office.good(station, "/v1/leases", {"kind": "tag", "count": count})


def spent(office, number, asked, station="tag-1", **fact):
    told = {
        "id": str(new_id()),
        "case_id": str(new_id()),
        "station": station,
        "at": office.clock().isoformat(),
        "what": {"kind": "tag_issued_offline", "request": asked, **number},
        **fact,
    }
    answer = office.good(station, "/v1/facts", {"facts": [told]})
    return told, answer["receipts"][0]


def by_card(number="A123456(3)"):
    return {"by": "card", "identity_number": number}


def problem(answer):
    return answer.status_code, answer.json()["problem"]


def account(office):
    office.forget_sessions()
    return office.ask("booth-1", "/v1/work/numbers", "supervisor").json()


def call(office):
    body = {"place": "B1", "stages": ["form", "kiosk"]}
    return office.good("bench-1", "/v1/queue/call", body)["tag"]


def test_the_centre_never_gives_a_number_of_the_offline_series():
    assert series.OFFLINE_LETTER not in {str(service) for service in Service}


def test_a_tag_given_offline_waits_from_the_time_it_was_given_and_twice_is_once(office):
    number, other = leased(office)["numbers"][:2]
    went_offline = office.clock()
    office.clock.advance(60)
    office.tag("AB987654(3)")  # came later, but the office knew it first
    told, receipt = spent(office, number, by_card(), at=went_offline.isoformat())
    assert receipt["outcome"] == "accepted"
    again = office.good("tag-1", "/v1/facts", {"facts": [told]})["receipts"][0]
    assert again["outcome"] == "duplicate"
    _, twin = spent(office, number, by_card("E364912(5)"))
    assert (twin["outcome"], twin["reason"]) == ("refused", "number_settled the number is spent")
    called = call(office)
    assert (called["number"], called["token"]) == ("B001", number["token"])
    assert called["case_id"] == told["case_id"]
    (row,) = account(office)["series"]
    assert (row["spent"], row["leased"], row["whole"]) == (1, 4, True)
    assert other["number"] == "B002"


def test_the_slip_s_code_opens_the_case_once_the_tag_arrived(office):
    (number,) = leased(office, 1)["numbers"]
    find = {"tag_token": number["token"]}
    assert problem(office.send("bench-1", "/v1/cases/find", find)) == (404, "token_unknown")
    told, _ = spent(office, number, by_card())
    assert office.good("bench-1", "/v1/cases/find", find)["case_id"] == told["case_id"]


def test_the_newest_slip_counts_at_the_earliest_place(office):
    # The office had made a tag, but its answer never reached the kiosk.
    lost = office.tag("A123456(3)")
    (number,) = leased(office, 1)["numbers"]
    office.clock.advance(300)
    office.tag("AB987654(3)")
    told, receipt = spent(office, number, by_card())
    assert receipt["outcome"] == "accepted"
    called = call(office)
    assert (called["number"], called["case_id"]) == ("B001", lost["case_id"])
    again = office.good("tag-1", "/v1/facts", {"facts": [told]})["receipts"][0]
    assert again["outcome"] == "duplicate"
    rows = office.store.ask(lambda t: t.connection.execute(select(tags.c.number, tags.c.status)))
    assert {number for number, _ in rows} == {"W001", "W002", "B001"}


def test_who_is_served_already_keeps_that_tag_and_the_number_is_void(office):
    office.tag("A123456(3)")
    (number,) = leased(office, 1)["numbers"]
    assert call(office)["number"] == "W001"
    told, receipt = spent(office, number, by_card())
    assert (receipt["outcome"], receipt["reason"].split()[0]) == ("refused", "already_tagged")
    assert account(office)["series"][0]["voided"] == 1
    aside = office.store.ask(
        lambda t: t.connection.execute(select(refused_facts.c.fact_id)).scalars().all()
    )
    assert aside == [told["id"]]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"by": "letter", "letter_token": "no-letter-of-ours"}, "letter_unknown"),
        ({"by": "card", "identity_number": "A123456(7)"}, "number_wrong"),
    ],
)
def test_what_the_office_would_have_sent_to_reception_voids_its_number(office, asked, reason):
    (number,) = leased(office, 1)["numbers"]
    _, receipt = spent(office, number, asked)
    assert (receipt["outcome"], receipt["reason"]) == ("refused", reason)
    (row,) = account(office)["series"]
    assert (row["voided"], row["whole"]) == (1, True)


def test_a_number_is_good_at_its_own_kiosk_only(office):
    (number,) = leased(office, 1)["numbers"]
    for forged in (
        {**number, "number": "B002"},
        {**number, "tag_id": str(new_id())},
    ):
        _, receipt = spent(office, forged, by_card())
        assert receipt["reason"].startswith("number_not_leased")
    _, receipt = spent(office, number, by_card(), station="booth-1")
    assert receipt["reason"].startswith("number_not_leased")
    assert spent(office, number, by_card())[1]["outcome"] == "accepted"


def test_a_clock_that_is_wrong_gives_nobody_a_place_before_or_after(office):
    first, second = leased(office, 2)["numbers"]
    made = office.clock()
    office.clock.advance(60)
    spent(office, first, by_card(), at=(made - timedelta(days=3)).isoformat())
    spent(office, second, by_card("AB987654(3)"), at=(made + timedelta(days=3)).isoformat())
    rows = office.store.ask(
        lambda t: t.connection.execute(select(tags.c.order_at).order_by(tags.c.number)).scalars()
    )
    assert list(rows) == [made, office.clock()]


def test_yesterday_s_numbers_are_overdue_until_they_come_back(office):
    lease = leased(office, 3)
    spent(office, lease["numbers"][0], by_card())
    office.clock.advance(24 * 3600)
    told = account(office)
    assert [(one["overdue"], one["leased"]) for one in told["series"]] == [(2, 0)]
    assert [(one["station"], one["numbers"]) for one in told["overdue"]] == [("tag-1", 2)]
    held = office.ask("tag-1", "/v1/leases").json()["leases"]
    assert [len(one["numbers"]) for one in held] == [2]
    body = {
        "unspent": [lease["numbers"][1]["number"]],
        "spoilt": [{"number": lease["numbers"][2]["number"], "reason": "paper jam"}],
    }
    answer = office.good("tag-1", f"/v1/leases/{lease['lease_id']}/return", body)
    assert (answer["spent"], answer["returned"], answer["voided"], answer["leased"]) == (1, 1, 1, 0)
    assert account(office)["overdue"] == []
    assert office.ask("tag-1", "/v1/leases").json() == {"leases": []}
    late = spent(office, lease["numbers"][1], by_card("AB987654(3)"))[1]
    assert late["reason"] == "number_settled the number is returned"


def test_a_supervisor_ends_the_lease_of_a_lost_kiosk_with_a_reason(office):
    lease = leased(office, 3)
    office.store.submit(lambda t: series.revoke(t, "tag-1")).result(10)
    assert account(office)["series"][0]["overdue"] == 3
    path = f"/v1/leases/{lease['lease_id']}/void"
    refused = office.send("booth-1", path, {"reason": "kiosk stolen"}, officer="reg-officer")
    assert problem(refused) == (403, "role_needed")
    answer = office.good("booth-1", path, {"reason": "kiosk stolen"}, officer="supervisor")
    assert answer["voided"] == 3
    assert account(office)["series"][0]["whole"]


def test_a_kiosk_holds_no_more_than_it_needs(office):
    leased(office, 60)
    more = office.send("tag-1", "/v1/leases", {"kind": "tag", "count": 60})
    assert problem(more) == (409, "enough_leased")
    other = office.send("bench-1", "/v1/leases", {"kind": "tag", "count": 1})
    assert problem(other) == (403, "not_allowed_here")
    receipts = office.send("booth-1", "/v1/leases", {"kind": "receipt", "count": 1})
    assert problem(receipts) == (422, "order_needed")
    foreign = office.send("tag-1", f"/v1/leases/{new_id()}/return", {})
    assert problem(foreign) == (404, "not_found")


def test_the_database_itself_keeps_the_series(office):
    leased(office, 2)

    def breaks(*statements):
        for statement in statements:
            with pytest.raises((DatabaseError, Refusal)):
                office.store.submit(lambda t, s=statement: t.connection.execute(s)).result(10)

    one = series_numbers.c.position == 1
    (lease_id,) = office.store.ask(
        lambda t: t.connection.execute(select(leases.c.lease_id)).scalars().all()
    )
    row = {
        "series": "tag HQ 2026-11-23",
        "position": 3,
        "number": "B003",
        "lease_id": lease_id,
        "tag_id": None,
        "state": "leased",
        "reason": "",
    }
    breaks(
        delete(series_numbers).where(one),
        update(series_numbers).where(one).values(number="B009"),
        update(series_numbers).where(one).values(state="voided", reason=""),
        update(series_numbers).where(one).values(state="spent"),
        insert(series_numbers).values(**{**row, "position": 2}),
        insert(series_numbers).values(**{**row, "number": "B002"}),
        insert(series_numbers).values(**{**row, "series": "tag HQ 2026-11-24"}),
    )
    fine = update(series_numbers).where(one).values(state="spent", settled_at=office.clock())
    office.store.submit(lambda t: t.connection.execute(fine)).result(10)
    breaks(
        update(series_numbers).where(one).values(state="leased", settled_at=None),
        update(series_numbers).where(one).values(state="returned"),
    )
