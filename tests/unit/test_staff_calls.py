"""Calls for staff: which is one, which is wanted, and the backend's book of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.staff_call import FORGOTTEN, ONE_CALL, attended_now, counts, is_same, wanted
from tests.support.backend_office import office_settings, running_office

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def office(tmp_path, database):
    with running_office(office_settings(tmp_path, ("all-round",), database=database)) as running:
        yield running


def test_touches_within_a_minute_are_one_call_whichever_way_the_clock_went():
    assert not is_same(None, NOON)
    assert is_same(NOON, NOON + ONE_CALL - SECOND)
    assert not is_same(NOON, NOON + ONE_CALL)
    assert is_same(NOON, NOON - SECOND)
    assert not is_same(NOON, NOON - ONE_CALL)


def test_a_call_is_wanted_until_that_very_call_is_attended_or_it_is_too_old():
    assert wanted(None, None, NOON) is None
    assert wanted(NOON, None, NOON + SECOND) == NOON
    assert wanted(NOON, NOON - ONE_CALL, NOON + SECOND) == NOON
    assert wanted(NOON, NOON, NOON + SECOND) is None
    assert wanted(NOON, None, NOON + FORGOTTEN - SECOND) == NOON
    assert wanted(NOON, None, NOON + FORGOTTEN) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_call_far_from_the_present_is_not_believed(at):
    assert counts(at, None, NOON) == (abs(at - NOON) < FORGOTTEN)
    assert not counts(at, at, NOON)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=12))
def test_whatever_arrives_late_or_twice_no_call_is_lost_and_none_comes_back(steps):
    """Each step is a new call, or somebody's answer to any of the calls so far."""
    called, attended, answered = None, None, set()
    calls: list[datetime] = []
    for is_call, which in steps:
        if is_call:
            calls.append(NOON + len(calls) * ONE_CALL)
            called = calls[-1]
        elif which < len(calls):
            attended = attended_now(called, attended, calls[which])
            if calls[which] == called:
                answered.add(called)
        assert wanted(called, attended, NOON) == (None if called in answered else called)


def tell(office, at=None, station="registration-1") -> None:
    said = {"state": "open"} if at is None else {"state": "open", "staff_called_at": str(at)}
    assert office.send(station, "/v1/stations/status", said).status_code == 204


def calls(office) -> dict[str, datetime]:
    seen = office.ask("booth-1", "/v1/offices/HQ/live").json()["stations"]
    return {
        each["name"]: datetime.fromisoformat(each["staff_called_at"])
        for each in seen
        if each["staff_called_at"]
    }


def attend(office, at, station="registration-1", by="booth-1", **more):
    body = {"called_at": at.isoformat()}
    return office.send(
        by, f"/v1/stations/{station}/attended", body, **{"officer": "all-round", **more}
    )


def test_a_call_stands_until_it_is_attended_and_no_late_answer_ends_a_newer_one(office):
    tell(office)
    assert calls(office) == {}
    first = office.clock()
    tell(office, first)
    assert calls(office) == {"registration-1": first}
    office.clock.advance(30)
    tell(office)  # it was started anew
    tell(office, office.clock())  # and somebody touches again
    assert calls(office) == {"registration-1": first}
    assert attend(office, first).status_code == 200
    assert calls(office) == {}
    tell(office, first)
    assert calls(office) == {}
    office.clock.advance(60)
    second = office.clock()
    tell(office, second)
    assert attend(office, first).status_code == 200
    assert calls(office) == {"registration-1": second}
    assert attend(office, second).status_code == 200
    assert attend(office, second).status_code == 200
    assert calls(office) == {}


def test_staff_at_the_station_itself_attend_its_call_and_no_other(office):
    called_at = office.clock()
    tell(office, called_at)
    wrong, right = called_at - ONE_CALL, called_at
    for attended, left in ((wrong, {"registration-1": called_at}), (right, {})):
        said = {
            "state": "open",
            "staff_called_at": called_at.isoformat(),
            "staff_attended": attended.isoformat(),
        }
        office.send("registration-1", "/v1/stations/status", said)
        assert calls(office) == left


def test_a_call_that_nobody_attends_is_forgotten_and_an_old_one_is_not_taken(office):
    called_at = office.clock()
    tell(office, called_at)
    office.clock.advance(FORGOTTEN.total_seconds())
    assert calls(office) == {}
    tell(office, called_at, "registration-2")
    assert calls(office) == {}


def test_only_an_officer_at_a_booth_of_the_office_attends(office):
    called_at = office.clock()
    tell(office, called_at)
    assert attend(office, called_at, officer=None).json()["problem"] == "officer_needed"
    path = "/v1/stations/registration-1/attended"
    answer = office.send("registration-2", path, {"called_at": called_at.isoformat()})
    assert answer.json()["problem"] == "not_allowed_here"
    assert attend(office, called_at, "nobody").status_code == 404
    assert calls(office) == {"registration-1": called_at}
