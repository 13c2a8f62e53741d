"""Who is called next: a total order that starves nobody, keeps slots, groups and wishes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from backend.queue_rules import QueueRules
from common.domain.queue import Service, Stage
from common.domain.queue_order import Waiting, comes_before, next_up, order

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=20)
RULES = QueueRules()
HEAD_STARTS = [timedelta(minutes=each.head_start_minutes) for each in RULES.classes.values()]


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def tag(name: str, turn: float, came: float = 0, head_start: float = 0, **more) -> Waiting:
    return Waiting(name, at(turn), at(turn - head_start), at(came), **more)


def call_all(waiting: list[Waiting], now: datetime, place: str = "R1") -> str:
    """Call everybody at one moment; return the names in the order of the calls."""
    left, called = list(waiting), ""
    while (chosen := next_up(left, place, now, PATIENCE)) is not None:
        left.remove(chosen)
        called += chosen.tag_id
    return called


def test_a_slot_keeps_its_order_whatever_the_order_of_arrival():
    tags = [tag("c", 30, 1), tag("a", 0, 9), tag("b", 15, 5)]
    assert {call_all(list(p), at(40)) for p in permutations(tags)} == {"abc"}


def test_who_is_early_waits_for_the_slot_unless_nobody_else_is_there():
    early = tag("e", 60, 0, head_start=30)
    assert call_all([early, tag("w", 20)], at(31)) == "we"
    assert call_all([early], at(1)) == "e"
    # When the slot has come, so has the head start.
    assert call_all([early, tag("w", 40)], at(61)) == "ew"


def test_priority_goes_first_but_not_for_ever():
    priority = RULES.classes[Service.PRIORITY].head_start_minutes
    walker = tag("w", 0)
    assert call_all([walker, tag("p", priority - 1, head_start=priority)], at(90)) == "pw"
    assert call_all([walker, tag("p", priority + 1, head_start=priority)], at(90)) == "wp"


def test_a_wished_place_is_waited_for_and_then_given_up():
    wish = tag("r", 0, for_place="R2")
    assert call_all([wish, tag("w", 5)], at(10)) == "w"
    assert call_all([wish, tag("w", 5)], at(10), "R2") == "rw"
    assert call_all([wish, tag("w", 5)], at(21)) == "rw"


def test_a_group_waits_for_its_last_member_but_not_for_ever():
    first = tag("g", 0, group="G")
    other = tag("w", 5)
    assert next_up([first, other], "R1", at(10), PATIENCE, frozenset({"G"})) == other
    assert next_up([first, other], "R1", at(10), PATIENCE) == first
    assert next_up([first, other], "R1", at(21), PATIENCE, frozenset({"G"})) == first


def test_stages_are_in_the_order_of_a_visit():
    visit = [Stage.FORM, Stage.KIOSK, Stage.BOOTH, Stage.COUNTER, Stage.DONE]
    assert all(comes_before(one, other) for one, other in pairwise(visit))


waiting_tags = st.lists(
    st.builds(
        lambda number, turn, came, head: Waiting(
            f"{number:04d}", at(turn), at(turn) - head, at(came)
        ),
        st.integers(0, 9999),
        st.integers(0, 300),
        st.integers(0, 300),
        st.sampled_from(HEAD_STARTS),
    ),
    unique_by=lambda each: each.tag_id,
    max_size=30,
)


@given(waiting_tags, st.integers(0, 300), st.randoms())
def test_the_order_is_total_and_stable(tags, minute, random):
    now = at(minute)
    called = call_all(tags, now)
    assert len(called) == 4 * len(tags)
    shuffled = list(tags)
    random.shuffle(shuffled)
    assert call_all(shuffled, now) == called
    keys = [order(each, now) for each in tags]
    assert len(set(keys)) == len(keys)
    if tags:
        first = next_up(tags, "R1", now, PATIENCE)
        # Who leaves the line does not change the order of the others.
        left = [each for each in tags if each is not first]
        assert call_all(left, now) == called[4:]


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, len(HEAD_STARTS) - 1)),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 9),
)
def test_nobody_who_comes_later_than_the_longest_head_start_is_called_before(arrivals, each_min):
    """One place, one call every few minutes, until the line is empty: the bound of ageing."""
    coming = sorted(arrivals)
    line: list[Waiting] = []
    called: list[Waiting] = []
    minute, number = 0, 0
    while coming or line:
        while coming and coming[0][0] <= minute:
            came, of_class = coming.pop(0)
            line.append(
                Waiting(f"{number:04d}", at(came), at(came) - HEAD_STARTS[of_class], at(came))
            )
            number += 1
        chosen = next_up(line, "R1", at(minute), PATIENCE)
        if chosen is not None:
            line.remove(chosen)
            called.append(chosen)
        minute += each_min
    assert len(called) == number
    for index, tag_ in enumerate(called):
        overtook = [other for other in called[:index] if other.turn_at > tag_.turn_at]
        assert all(other.turn_at - tag_.turn_at <= max(HEAD_STARTS) for other in overtook)
