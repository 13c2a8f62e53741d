"""The queue over HTTP, on both stores: classes, slots, groups, parking, leases, live, panel."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from backend.commands import live, party, queue, waiting
from backend.commands.bookings import Reason
from backend.commands.holds import Choice
from backend.commands.party import Visitor, Wish
from backend.commands.slot_plan import Quota
from backend.commands.station import Station
from backend.schema.queue_tables import waits
from backend.schema.tables import slots, tags
from backend.settings import SettingsError, from_dict
from backend.transaction import Refusal
from common.domain.clock import OFFICE_ZONE
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Stage
from common.wire.shapes import CallRequest
from tests.support.backend_office import (
    MORNING,
    PARTICULARS,
    office_settings,
    office_table,
    running_office,
)


@pytest.fixture
def office(tmp_path, database):
    settings = office_settings(tmp_path, ("all-round",), database=database)
    with running_office(settings) as running:
        yield running


def person(number: int) -> str:
    return str(IdentityNumber("A", f"{number:06d}"))


def take(office, number: int, **more) -> Any:
    body = {"by": "card", "identity_number": person(number), **more}
    return office.good("tag-1", "/v1/tags", body)["tag"]


def form_done(office, tag: Any) -> None:
    filled = {"kind": "form_filled", "particulars": PARTICULARS}
    office.fact("bench-1", tag["case_id"], filled)


def at_kiosk(office, number: int, **more) -> Any:
    tag = take(office, number, **more)
    form_done(office, tag)
    return tag


def book(office, number: int, starts_at: datetime) -> None:
    here = office.service.settings.offices[0]
    visitor = Visitor(IdentityNumber.parse(person(number)), 1980)
    wish = Wish(Choice(here, starts_at), (visitor,), "2468", Reason.REPLACE)

    def do(transaction):
        day = starts_at.astimezone(OFFICE_ZONE).date().isoformat()
        mine = (
            slots.c.office == "HQ",
            slots.c.starts_at == starts_at,
            slots.c.quota == Quota.APPOINTMENT,
        )
        roomy = update(slots).where(*mine).values(capacity=50)
        if transaction.connection.execute(roomy).rowcount == 0:
            row = {"office": "HQ", "starts_at": starts_at, "day": day, "quota": Quota.APPOINTMENT}
            transaction.connection.execute(insert(slots).values(capacity=50, booked=0, **row))
        assert party.book(transaction, office.service.settings.booking, "here", wish)

    office.store.submit(do).result()


def call(office, place="K1", station="registration-1", stage="kiosk") -> Any:
    answer = office.good(station, "/v1/queue/call", {"place": place, "stages": [stage]})
    return answer["tag"]


def act(office, what, tag, place="K1", station="registration-1") -> Any:
    body = {"tag_token": tag["token"], "place": place}
    return office.good(station, f"/v1/queue/{what}", body)


def serve_all(office, place="K1") -> list[str]:
    """Call and serve until nobody is left; return the numbers in their order."""
    order = []
    while (tag := call(office, place)) is not None:
        act(office, "arrive", tag, place)
        office.fact("registration-1", tag["case_id"], {"kind": "registration_finished"})
        order.append(tag["number"])
    return order


def officer(office, path, body, who="all-round"):
    return office.send("booth-1", path, body, officer=who)


def test_classes_have_their_letters_and_head_starts(office):
    names = [at_kiosk(office, 1), at_kiosk(office, 2)]
    office.clock.advance(20 * 60)
    names += [at_kiosk(office, 3, service="P"), at_kiosk(office, 4, service="J")]
    office.clock.advance(15 * 60)
    late = at_kiosk(office, 5, service="P")
    assert [tag["number"] for tag in [*names, late]] == ["W001", "W002", "P001", "J001", "P002"]
    # The first priority tag goes before who came twenty minutes earlier; the second came too late.
    assert serve_all(office) == ["P001", "W001", "W002", "P002", "J001"]


def test_letters_and_head_starts_are_the_office_s_own(tmp_path, database):
    table = office_table(tmp_path, (), database=database)
    walk_in = {"letter": "N", "head_start_minutes": 5}
    table["office"]["queue"] = {"misses": 0, "classes": {"W": walk_in}}
    with running_office(from_dict(table, tmp_path)) as office:
        tag = at_kiosk(office, 1)
        assert tag["number"] == "N001"
        called = call(office)
        assert act(office, "miss", called)["status"] == "missed"
    for wrong in ({"W": {"letter": "A"}}, {"W": {"letter": "O"}}, {"X": {"letter": "X"}}):
        table["office"]["queue"] = {"classes": wrong}
        with pytest.raises(SettingsError):
            from_dict(table, tmp_path)


def test_slots_are_called_in_their_order_and_early_people_wait_for_theirs(office):
    for number, minutes in ((1, 60), (2, 30), (3, 30), (4, 0)):
        book(office, number, MORNING + timedelta(minutes=minutes))
    office.clock.advance(40 * 60)  # 9:40: the slot at nine is too late now, half past is not
    early = at_kiosk(office, 1)
    walk_in = at_kiosk(office, 9)
    too_late = at_kiosk(office, 4)
    within = [at_kiosk(office, 3), at_kiosk(office, 2)]
    assert early["number"] == "A001"
    expected = [tag["number"] for tag in (*within, too_late, walk_in, early)]
    assert serve_all(office) == expected


def test_a_group_is_called_to_one_place_when_all_are_there(office):
    first = at_kiosk(office, 1)
    second = take(office, 2, with_tag=first["token"])
    third = take(office, 3, with_tag=second["token"])
    assert second["group"] == third["group"] is not None
    office.clock.advance(60)
    alone = at_kiosk(office, 4)
    # Two still fill in their forms, so somebody else goes first.
    assert call(office)["number"] == alone["number"]
    act(office, "arrive", alone)
    form_done(office, second)
    form_done(office, third)
    office.fact("registration-1", alone["case_id"], {"kind": "registration_finished"})
    answer = office.good("registration-1", "/v1/queue/call", {"place": "K1", "stages": ["kiosk"]})
    together = [answer["tag"]["number"], *(tag["number"] for tag in answer["companions"])]
    assert together == ["W001", "W002", "W003"]
    assert call(office, "K2", "registration-2") is None
    # The kiosk serves one after another, and asks for the next each time.
    assert serve_all(office) == together


def test_a_group_is_five_at_most_and_does_not_wait_for_ever(office):
    first = at_kiosk(office, 1)
    for number in range(2, 6):
        take(office, number, with_tag=first["token"])
    body = {"by": "card", "identity_number": person(6), "with_tag": first["token"]}
    refused = office.send("tag-1", "/v1/tags", body)
    assert (refused.status_code, refused.json()["problem"]) == (409, "group_full")
    assert call(office) is None
    office.clock.advance(21 * 60)
    assert call(office)["number"] == first["number"]
    # The refused person has no tag, and no number was used up.
    assert take(office, 6)["number"] == "W006"


def test_a_tag_may_ask_for_one_place(office):
    wish = at_kiosk(office, 1, for_place="K2")
    other = at_kiosk(office, 2)
    assert call(office)["number"] == other["number"]
    assert call(office, "K2", "registration-2")["number"] == wish["number"]


def test_a_hand_off_keeps_number_and_turn(office):
    tag = at_kiosk(office, 1)
    office.clock.advance(300)
    later = office.registered(person(2))
    office.clock.advance(300)
    called = call(office)
    act(office, "arrive", called)
    office.fact(
        "registration-1", tag["case_id"], {"kind": "handed_off", "reason": "card_unreadable"}
    )
    first = call(office, "R1", "booth-1", "booth")
    assert (first["number"], first["stage"]) == (tag["number"], "booth")
    assert call(office, "R2", "booth-2", "booth")["number"] == later["number"]


def test_a_tag_is_parked_with_a_reason_and_resumed_by_its_holder_or_an_officer(office):
    tag, other = office.registered(person(1)), office.registered(person(2))
    body = {"tag_token": tag["token"], "reason": "documents", "for_place": "R1"}
    assert office.send("booth-1", "/v1/queue/park", body).status_code == 401
    assert officer(office, "/v1/queue/park", {**body, "reason": "not_come"}).status_code == 422
    parked = officer(office, "/v1/queue/park", body).json()
    assert (parked["status"], parked["reason"], parked["for_place"]) == (
        "parked",
        "documents",
        "R1",
    )
    assert officer(office, "/v1/queue/park", body).json()["problem"] == "not_waiting"
    seen = office.ask("booth-1", "/v1/offices/HQ/live").json()
    assert [(each["number"], each["reason"]) for each in seen["aside"]] == [
        (tag["number"], "documents")
    ]
    booth = next(stage for stage in seen["stages"] if stage["stage"] == "booth")
    assert (booth["waiting"], booth["aside"]) == (1, 1)
    assert call(office, "R2", "booth-2", "booth")["number"] == other["number"]
    # The holder asks at a tag kiosk, and is called to the officer who knows the case.
    assert take(office, 1)["status"] == "waiting"
    assert call(office, "R1", "booth-1", "booth")["number"] == tag["number"]
    assert officer(office, "/v1/queue/park", body).json()["status"] == "parked"
    resumed = office.good("booth-2", "/v1/queue/resume", {"tag_token": tag["token"]})
    assert resumed["status"] == "waiting"
    again = office.good("booth-2", "/v1/queue/resume", {"tag_token": tag["token"]})
    assert again["status"] == "waiting"


def test_a_void_tag_is_over_and_its_number_is_never_used_again(office):
    tag = at_kiosk(office, 1)
    body = {"tag_token": tag["token"], "reason": "not_printed"}
    assert office.send("booth-1", "/v1/queue/void", body).status_code == 401
    voided = officer(office, "/v1/queue/void", body).json()
    assert (voided["status"], voided["reason"]) == ("void", "not_printed")
    assert officer(office, "/v1/queue/void", body).json()["status"] == "void"
    assert call(office) is None
    resume = {"tag_token": tag["token"]}
    assert office.send("booth-1", "/v1/queue/resume", resume).json()["problem"] == "not_aside"
    fresh = take(office, 1)
    assert (fresh["number"], fresh["case_id"]) == ("W002", tag["case_id"])
    for statement in (
        "DELETE FROM tags WHERE number = 'W001'",
        "UPDATE tags SET number = 'W009' WHERE number = 'W002'",
        "UPDATE tags SET number = 'W002' WHERE number = 'W001'",
        "UPDATE tags SET status = 'waiting' WHERE number = 'W001'",
    ):
        with pytest.raises(Refusal):
            office.store.submit(lambda t, say=statement: t.connection.execute(text(say))).result()


def test_what_a_dead_station_held_comes_back_at_the_head(office):
    tag, other = at_kiosk(office, 1), at_kiosk(office, 2)
    assert call(office)["number"] == tag["number"]
    act(office, "arrive", tag)
    well = {"state": "limited", "devices_out": ["form_printer"]}
    for _ in range(20):  # twenty minutes, and it says so all along
        office.clock.advance(60)
        assert office.send("registration-1", "/v1/stations/status", well).status_code == 204
    assert call(office, "K2", "registration-2")["number"] == other["number"]
    office.clock.advance(14 * 60)
    act(office, "arrive", other, "K2", "registration-2")
    kiosk = office.ask("booth-1", "/v1/offices/HQ/live").json()["stations"][0]
    assert (kiosk["name"], kiosk["is_silent"]) == ("registration-1", True)
    assert kiosk["devices_out"] == ["form_printer"]
    office.clock.advance(2 * 60)
    seen = call(office, "R1", "booth-1", "booth")
    assert seen is None
    aside = office.ask("booth-1", "/v1/offices/HQ/live").json()["aside"]
    assert [(each["number"], each["reason"]) for each in aside] == [("W001", "station_lost")]
    office.fact("registration-2", other["case_id"], {"kind": "registration_finished"})
    assert call(office, "K2", "registration-2")["number"] == "W001"
    # The dead one comes back to life: the tag is another's now.
    body = {"tag_token": tag["token"], "place": "K1"}
    assert office.send("registration-1", "/v1/queue/arrive", body).status_code == 409


def test_sixteen_threads_take_and_call_tags_without_a_gap_a_twin_or_a_double_claim(office):
    people, callers = 96, ["registration-1", "registration-2", "booth-1", "booth-2"]
    start = threading.Barrier(16)
    served: Counter[str] = Counter()
    lock = threading.Lock()

    def issue(worker):
        start.wait()
        return [
            at_kiosk(office, 1000 + worker * 8 + n, service="PW"[n % 2])["number"] for n in range(8)
        ]

    all_issued = threading.Event()

    def claim(worker):
        station, place = callers[worker], f"X{worker}"
        start.wait()
        while True:
            is_last_look = all_issued.is_set()
            tag = call(office, place, station)
            if tag is None and is_last_look:
                return
            if tag is None:
                all_issued.wait(0.05)
                continue
            act(office, "arrive", tag, place, station)
            with lock:
                served[tag["number"]] += 1
            office.fact("registration-1", tag["case_id"], {"kind": "registration_finished"})

    with ThreadPoolExecutor(16) as pool:
        takers = [pool.submit(issue, worker) for worker in range(12)]
        claims = [pool.submit(claim, worker) for worker in range(4)]
        try:
            numbers = [number for taker in takers for number in taker.result()]
        finally:
            all_issued.set()
        for each in claims:
            each.result()
    half = people // 2
    assert sorted(numbers) == [f"{c}{n:03d}" for c in "PW" for n in range(1, half + 1)]
    assert served == Counter(numbers)
    assert set(served.values()) == {1}


def test_waits_are_measured_and_published(office):
    """A morning of two kiosks through the store, with service times that differ."""
    random = Random(4)
    come, called = 0, 0
    next_comes = MORNING
    serving: dict[str, tuple[Any, datetime]] = {}
    while called < 70:
        office.clock.advance(20)
        now = office.clock()
        if now >= next_comes:
            tag = at_kiosk(office, 1 + come)
            assert tag["wait_high_min"] > tag["wait_low_min"] >= 0
            come += 1
            next_comes = now + timedelta(seconds=random.expovariate(1 / 150))
        for station, place in (("registration-1", "K1"), ("registration-2", "K2")):
            if station in serving and now >= serving[station][1]:
                case = serving.pop(station)[0]["case_id"]
                office.fact(station, case, {"kind": "registration_finished"})
            if station not in serving and called < come:
                tag = call(office, place, station)
                act(office, "arrive", tag, place, station)
                called += 1
                taken = timedelta(seconds=random.lognormvariate(5.55, 0.4))
                serving[station] = tag, now + taken
    published = office.http.get("/v1/offices/HQ/waits").json()
    kiosk = next(stage for stage in published["stages"] if stage["stage"] == "kiosk")
    print(f"\nmeasured over the store: {kiosk}")
    assert kiosk["measured"] >= 60
    assert 0.6 <= kiosk["inside"] <= 1
    assert 0 <= kiosk["median_error_min"] < 15
    page = office.http.get("/office/HQ?lang=en").text
    assert f"the last {kiosk['measured']} waits" in page
    assert office.http.get("/v1/offices/XX/waits").status_code == 404


def test_the_public_page_shows_no_tag_and_no_person_in_three_languages(office):
    tag = at_kiosk(office, 1)
    call(office)
    office.send("registration-2", "/v1/stations/status", {"state": "out_of_order"})
    for language, word in (
        ("en", "Out of order"),
        ("zh-Hant", "暫停服務"),
        ("zh-Hans", "暂停服务"),
    ):
        answer = office.http.get(f"/office/HQ?lang={language}")
        assert answer.status_code == 200
        assert word in answer.text
        assert tag["number"] not in answer.text
    assert office.http.get("/office/XX").status_code == 404
    # However many ask, the office is looked at every few seconds only.
    at_kiosk(office, 2)
    waiting_now = "People waiting: <strong>1</strong>"
    assert waiting_now not in office.http.get("/office/HQ?lang=en").text
    office.clock.advance(6)
    assert waiting_now in office.http.get("/office/HQ?lang=en").text


def test_live_is_for_the_booths_of_the_office(office):
    assert office.ask("tag-1", "/v1/offices/HQ/live").status_code == 403
    assert office.ask("booth-1", "/v1/offices/XX/live").status_code == 404
    assert office.http.get("/v1/offices/HQ/live").status_code == 401


def test_an_office_is_open_on_working_days_within_its_hours(office):
    here = office.service.settings.offices[0].model_copy(update={"demo": False})
    for moment, is_open in (
        (MORNING, True),
        (MORNING - timedelta(hours=2), False),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), False),
        (MORNING - timedelta(days=1), False),
    ):
        office.clock.moment = moment
        assert office.store.ask(lambda t: live.is_open(t, here)) is is_open


def test_who_comes_for_a_ready_card_gets_a_tag_for_the_counter(office):
    case = office.submitted(person(1), officer="all-round")
    body = {"by": "card", "identity_number": person(1), "service": "C"}
    assert office.good("tag-1", "/v1/tags", body)["reason"] == "case_closed"
    office.store.submit(
        lambda t: t.connection.execute(text("UPDATE cases SET state = 'ready'"))
    ).result()
    tag = office.good("tag-1", "/v1/tags", {**body, "service": None})["tag"]
    assert (tag["number"], tag["stage"], tag["case_id"]) == ("C001", "counter", case)
    assert office.good("tag-1", "/v1/tags", body)["outcome"] == "reprinted"


class Counting:
    """A connection that notes how many rows each statement gives."""

    def __init__(self, connection: Any, read: list[int]) -> None:
        self._connection, self._read = connection, read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *args: Any, **more: Any) -> Any:
        result = self._connection.execute(*args, **more)
        if not result.returns_rows:
            return result
        frozen = result.freeze()
        self._read.append(len(frozen.data))
        return frozen()


def test_a_line_of_thousands_is_read_by_its_index(office):
    """What a call reads does not grow with the line: a page of rows, found by the index."""
    tag = at_kiosk(office, 1)

    def crowd(transaction):
        first = transaction.connection.execute(
            tags.select().where(tags.c.tag_id == tag["tag_id"])
        ).one()
        rows = []
        for n in range(2, 3002):
            row = {**first._mapping, "tag_id": f"crowd-{n:05d}", "number": f"W{n:04d}"}
            row |= {"live_person": f"crowd {n}", "issued_at": first.issued_at}
            row["order_at"] = first.order_at + timedelta(seconds=n)
            rows.append(row | {"turn_at": row["order_at"]})
        transaction.connection.execute(tags.insert(), rows)

    office.store.submit(crowd).result()
    office.clock.advance(3 * 3600)
    read: list[int] = []

    def next_one(transaction):
        transaction.connection = Counting(transaction.connection, read)
        station = Station("registration-1", "registration", "HQ", "K1")
        request = CallRequest(place="K1", stages=(Stage.KIOSK,))
        called = queue.call(transaction, station, request).tag
        assert called is not None
        return called.number

    assert office.store.submit(next_one).result() == tag["number"]
    assert max(read) <= 64
    assert sum(read) < 200


def test_old_waits_are_forgotten(office):
    at_kiosk(office, 1)
    call(office)
    count = lambda t: len(t.connection.execute(waits.select()).all())  # noqa: E731
    assert office.store.ask(count) == 2
    office.clock.advance(61 * 24 * 3600)
    office.store.submit(waiting.forget_old).result()
    assert office.store.ask(count) == 0


@contextmanager
def listening(office, headers=None, query=""):
    with office.http.stream("GET", f"/v1/display/HQ/events{query}", headers=headers) as stream:
        yield events(stream.iter_lines())


def events(lines):
    number = None
    for line in lines:
        if line.startswith("id: "):
            number = int(line.removeprefix("id: "))
        if line.startswith("data: "):
            state = json.loads(line.removeprefix("data: "))
            assert state["revision"] == number
            yield state


def announced(state) -> list[tuple[str, str]]:
    return [(each["tag_number"], each["place"]) for each in state["announce"]]


def test_a_panel_that_was_away_is_told_of_the_calls_that_it_missed(office):
    first, second, third = (office.registered(person(n)) for n in (1, 2, 3))
    with listening(office) as states:
        begun = next(states)
        assert begun["announce"] == []
        call(office, "R1", "booth-1", "booth")
        told = next(states)
        assert announced(told) == [(first["number"], "R1")]
    call(office, "R2", "booth-2", "booth")
    act(office, "recall", first, "R1", "booth-1")
    missed = [(second["number"], "R2"), (first["number"], "R1")]
    with listening(office, {"Last-Event-ID": str(told["revision"])}) as states:
        back = next(states)
        assert announced(back) == missed
        assert [each["tag_number"] for each in back["calls"]] == [first["number"], second["number"]]
    with listening(office, query=f"?after={told['revision']}") as states:
        assert announced(next(states)) == missed
        # Who came meanwhile is not called any more.
        act(office, "arrive", first, "R1", "booth-1")
        assert announced(next(states)) == []
        assert third["number"] not in json.dumps(back)
    for odd in ("nonsense", "-1", "9" * 39, str(10**15)):
        with listening(office, {"Last-Event-ID": odd}) as states:
            assert announced(next(states)) == []
    office.clock.advance(6 * 60)
    with listening(office, {"Last-Event-ID": str(told["revision"])}) as states:
        assert announced(next(states)) == []


def test_who_needs_help_is_called_sooner_and_the_panel_does_not_tell_why(office):
    other = at_kiosk(office, 1)
    helped = at_kiosk(office, 2, needs=["priority", "wheelchair"])
    assert call(office)["number"] == helped["number"]
    with listening(office) as states:
        shown = next(states)
    [line] = shown["calls"]
    assert set(line) == {"tag_number", "place", "stage", "called_at", "times", "revision"}
    assert (line["tag_number"], line["place"]) == (helped["number"], "K1")
    assert helped["number"][0] == other["number"][0], "its letter does not tell either"


def test_the_panel_s_page_stands_without_a_script_and_its_clips_are_there(office):
    tag = office.registered(person(1))
    call(office, "R1", "booth-1", "booth")
    page = office.http.get("/display/HQ").text
    assert tag["number"] in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "CHAN" not in page
    for clip in ("yue/7", "yue/goto", "cmn/tag", "en/r", "en/goto"):
        sound = office.http.get(f"/static/voice/{clip}.opus")
        assert sound.status_code == 200
        assert sound.content.startswith(b"OggS")
