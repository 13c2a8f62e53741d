"""Booking's rules: never overbooked, one live booking a person, holds that end, atomic changes."""

import contextlib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, func, select

from backend.commands import (
    bookings,
    changes,
    closures,
    enquiry,
    holds,
    party,
    slot_plan,
    slots,
    wishes,
)
from backend.commands.bookings import Reason
from backend.commands.holds import Choice
from backend.commands.panel import display_state
from backend.commands.party import Visitor, Wish
from backend.commands.slot_plan import Quota
from backend.commands.station import Station
from backend.commands.wishes import WaitWish
from backend.database import prepare
from backend.schema import tables
from backend.schema.booking_tables import booking_offers, slot_holds
from backend.settings import BookingSettings, SettingsError, from_dict
from backend.store import Store
from backend.transaction import Refusal
from backend.working_days import Calendar, add_working_days
from common.domain.clock import OFFICE_ZONE, HandClock
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Companion
from common.wire.booking import ClosureReason, ClosureRequest
from tests.support.backend_office import MORNING, office_table
from tests.support.booking_office import number, small_office, two_offices

RULES = BookingSettings(holds_per_source=1000, holds_per_source_day=100_000)
STATION = Station("booth-1", "booth", "HQ", "R1")
TUESDAY = date(2026, 11, 24)
_CODES = count(1)


@pytest.fixture
def clock():
    return HandClock(MORNING)


@pytest.fixture
def store(tmp_path, database, clock):
    keys, opened = prepare(two_offices(tmp_path, database=database))
    found = Store(opened, keys, clock)
    yield found
    found.close()


@pytest.fixture
def office(store):
    return opened(store, small_office("HQ"))


def opened(store, office):
    store.submit(lambda t: slot_plan.open_days(t, office)).result()
    return office


def at(hour, minute=0, day=TUESDAY):
    return datetime.combine(day, time(hour, minute), OFFICE_ZONE)


def visitor(n, companion=None, year=1980):
    return Visitor(IdentityNumber.parse(number(n)), year, companion)


def wish(choice, *people, code="2468"):
    visitors = people or (visitor(1),)
    return Wish(replace(choice, people=len(visitors)), visitors, code, Reason.REPLACE)


def book(store, choice, *people, token="", code="2468"):
    asked = wish(choice, *people, code=code)
    return store.submit(lambda t: party.book(t, RULES, "here", asked, token)).result()


def hold(store, choice, token="", rules=RULES, source="here"):
    return store.submit(lambda t: holds.hold(t, rules, source, choice, token)).result()


def leave(store, n, *offices, earliest=TUESDAY, code="2468"):
    codes = tuple(office.code for office in offices)
    wish = WaitWish(visitor(n), code, Reason.REPLACE, codes, earliest)
    return store.submit(lambda t: wishes.leave(t, RULES, wish)).result()


def change(store, office, reference, choice):
    def do(transaction):
        booking = bookings.by_reference(transaction, reference)
        return changes.change(transaction, office, booking, choice)

    return store.submit(do).result()


def cancel(store, office, reference):
    def do(transaction):
        changes.cancel(transaction, office, bookings.by_reference(transaction, reference))

    store.submit(do).result()


def close(store, office, **when):
    asked = ClosureRequest(reason=ClosureReason.TYPHOON, **{"day": TUESDAY, **when})
    return store.submit(lambda t: closures.declare(t, STATION, "chief", office, asked)).result()


def counts(store, office, starts_at):
    """What is booked and held of each quota."""

    def ask(transaction):
        rows = transaction.connection.execute(
            select(tables.slots).where(
                tables.slots.c.office == office.code, tables.slots.c.starts_at == starts_at
            )
        )
        return {Quota(row.quota): (row.booked, row.held, row.capacity) for row in rows}

    return store.ask(ask)


def row(store, reference):
    return store.ask(lambda t: bookings.by_reference(t, reference))


class Booking(RuleBasedStateMachine):
    """Random people hold, book, change, cancel and dawdle at two offices."""

    tokens = Bundle("tokens")
    letters = Bundle("letters")
    wishes = Bundle("wishes")
    offices = st.integers(0, 1)
    starts = st.sampled_from([at(9), at(9, 30), at(9, day=date(2026, 11, 25))])
    sizes = st.sampled_from([1, 1, 1, 2, 3, 5])

    store: Store
    clock: HandClock

    def __init__(self):
        super().__init__()
        self.clock.moment = MORNING
        n = next(_CODES)
        self.here = [
            opened(self.store, small_office(f"M{n}-{k}", change_working_days=0)) for k in "AB"
        ]
        self.people = [n * 50 + k for k in range(12)]

    @rule(target=tokens, office=offices, starts_at=starts, size=sizes)
    def hold(self, office, starts_at, size):
        return hold(self.store, Choice(self.here[office], starts_at, size)) or ""

    @rule(target=tokens, token=tokens, office=offices, starts_at=starts, size=sizes)
    def move_hold(self, token, office, starts_at, size):
        return hold(self.store, Choice(self.here[office], starts_at, size), token) or ""

    @rule(token=tokens)
    def keep(self, token):
        with contextlib.suppress(Refusal):  # there was no room for it in the first place
            self.store.submit(lambda t: holds.keep(t, RULES, self.here, token)).result()

    @rule(
        target=letters,
        token=tokens,
        office=offices,
        starts_at=starts,
        who=st.lists(st.integers(0, 11), min_size=1, max_size=5, unique=True),
    )
    def book(self, token, office, starts_at, who):
        kinds = [None, Companion.CARER, Companion.AGED, Companion.DISABLED, Companion.AGED]
        people = [visitor(self.people[k], kind) for k, kind in zip(who, kinds, strict=False)]
        return book(self.store, Choice(self.here[office], starts_at), *people, token=token) or ""

    @rule(letter=letters, office=offices, starts_at=starts)
    def change(self, letter, office, starts_at):
        before = self.where(letter)
        if before is None:
            return
        old = next(one for one in self.here if one.code == before[0])

        def do(transaction):
            booking = bookings.by_reference(transaction, letter)
            people = len(changes.party(transaction, booking))
            choice = Choice(self.here[office], starts_at, people)
            return changes.change(transaction, old, booking, choice)

        done = self.store.submit(do).result()
        assert self.where(letter) == ((self.here[office].code, starts_at) if done else before)

    @rule(letter=letters)
    def cancel(self, letter):
        before = self.where(letter)
        if before is not None:
            old = next(one for one in self.here if one.code == before[0])
            cancel(self.store, old, letter)
            assert self.where(letter) is None

    @rule(target=wishes, who=st.integers(0, 11), everywhere=st.booleans())
    def leave_a_wish(self, who, everywhere):
        offices = self.here if everywhere else self.here[:1]
        return leave(self.store, self.people[who], *offices) or ""

    @rule(wish=wishes, answer=st.sampled_from(["accept", "decline", "end"]))
    def answer_an_offer(self, wish, answer):
        def do(transaction):
            found = wishes.by_reference(transaction, wish)
            if answer == "accept":
                return wishes.accept(transaction, self.here, found)
            return getattr(wishes, answer)(transaction, found)

        with contextlib.suppress(Refusal):  # the wish is over
            self.store.submit(do).result()

    @rule()
    def serve_who_waits(self):
        self.store.submit(lambda t: wishes.offer_places(t, RULES, self.here)).result()

    @rule(minutes=st.sampled_from([1, 5, 19, 25]))
    def wait(self, minutes):
        self.clock.advance(60 * minutes)

    def where(self, letter):
        try:
            booking = row(self.store, letter)
        except Refusal:
            return None
        return booking.office, booking.starts_at.astimezone(OFFICE_ZONE)

    @invariant()
    def every_place_is_counted_once(self):
        for office in self.here:
            for starts_at in (at(9), at(9, 30), at(9, day=date(2026, 11, 25))):
                booked, held = self.rows(office, starts_at)
                for quota, found in counts(self.store, office, starts_at).items():
                    assert found[:2] == (booked.get(quota, 0), held.get(quota, 0))
                    assert found[0] + found[1] <= found[2]

    @invariant()
    def holds_end_by_themselves(self):
        self.store.submit(holds.release_expired).result()
        late = select(func.count()).select_from(slot_holds)
        late = late.where(
            slot_holds.c.expires_at <= self.clock(),
            slot_holds.c.appointment_places + slot_holds.c.group_places > 0,
        )
        assert self.store.ask(lambda t: t.connection.execute(late).scalar_one()) == 0

    def rows(self, office, starts_at):
        def ask(transaction):
            here = (tables.bookings.c.office == office.code) & (
                tables.bookings.c.starts_at == starts_at
            )
            live = select(tables.bookings.c.quota, func.count()).where(
                here, tables.bookings.c.live_person.is_not(None)
            )
            booked = transaction.connection.execute(live.group_by(tables.bookings.c.quota))
            kept = transaction.connection.execute(
                select(
                    func.sum(slot_holds.c.appointment_places), func.sum(slot_holds.c.group_places)
                ).where(slot_holds.c.office == office.code, slot_holds.c.starts_at == starts_at)
            ).one()
            offered = transaction.connection.execute(
                select(func.count())
                .select_from(booking_offers)
                .where(
                    booking_offers.c.office == office.code,
                    booking_offers.c.starts_at == starts_at,
                    booking_offers.c.live_wish.is_not(None),
                )
            ).scalar_one()
            held = {
                Quota.APPOINTMENT: int(kept[0] or 0) + offered,
                Quota.GROUP: int(kept[1] or 0),
            }
            return {Quota(quota): number for quota, number in booked}, held

        return self.store.ask(ask)


def test_whatever_people_do_every_place_is_counted_once(store, clock):
    class Here(Booking):
        pass

    Here.store, Here.clock = store, clock
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_hold_takes_a_place_and_gives_it_back(store, office, clock):
    choice = Choice(office, at(9))
    tokens = [hold(store, choice) for _ in range(5)]
    assert [token is not None for token in tokens] == [True] * 4 + [False]
    assert book(store, choice) is None
    clock.advance(20 * 60)
    assert store.ask(lambda t: slots.free_on(t, office, TUESDAY))[0].starts_at == at(9, 30)
    assert store.ask(holds.any_expired)
    store.submit(holds.release_expired).result()
    assert store.ask(lambda t: slots.free_on(t, office, TUESDAY))[0].places == 4


def test_who_types_is_not_thrown_out_and_who_left_gets_the_place_if_it_is_free(
    store, office, clock
):
    choice = Choice(office, at(9))

    def keep(token):
        found = store.submit(lambda t: holds.keep(t, RULES, [office], token)).result()
        return holds.is_live(found)

    token = hold(store, choice)
    for _ in range(3):  # 45 minutes of typing
        clock.advance(15 * 60)
        assert keep(token)
    clock.advance(45 * 60)  # and as long without a sign of life
    assert keep(token)
    clock.advance(45 * 60)
    others = [book(store, choice, visitor(n)) for n in range(10, 14)]
    assert None not in others
    assert not keep(token)
    assert book(store, choice, token=token) is None
    cancel(store, office, others[0])
    clock.advance(60 * 60)
    assert not keep(token)  # three hours are the longest
    assert book(store, choice, token=token) is not None


def test_places_that_are_not_there_cannot_be_moved(store, office):
    place = {Quota.APPOINTMENT: 1}
    for move in (slots.let_go, slots.book_held):
        with pytest.raises(Refusal, match="not_booked"):
            store.submit(lambda t, move=move: move(t, office.code, at(9), place)).result()
    with pytest.raises(Refusal, match="not_booked"):
        store.submit(lambda t: slots.give_back(t, office.code, at(9), "appointment")).result()


def test_a_person_holds_one_slot(store, office):
    first, second = (hold(store, Choice(office, at(9, m))) for m in (0, 30))
    for token in (first, second):
        store.submit(lambda t, token=token: holds.of_person(t, token, "somebody")).result()
    assert counts(store, office, at(9))[Quota.APPOINTMENT] == (0, 0, 4)
    assert counts(store, office, at(9, 30))[Quota.APPOINTMENT] == (0, 1, 4)


def test_a_source_holds_so_many_and_makes_so_many_a_day(store, office, clock):
    rules = BookingSettings(holds_per_source=2, holds_per_source_day=3)
    choice = Choice(office, at(9))
    tokens = [hold(store, choice, rules=rules) for _ in range(2)]
    with pytest.raises(Refusal, match="too_many_holds"):
        hold(store, choice, rules=rules)
    assert hold(store, Choice(office, at(10)), tokens[0], rules) == tokens[0]
    assert hold(store, choice, rules=rules, source="there") is not None
    clock.advance(21 * 60)
    assert hold(store, choice, rules=rules) is not None
    with pytest.raises(Refusal, match="too_many_holds"):
        hold(store, choice, rules=rules)
    clock.advance(24 * 3600)
    store.submit(holds.forget_old).result()
    assert hold(store, Choice(office, at(9, day=date(2026, 11, 26))), rules=rules) is not None


def test_quotas_keep_their_places(store, office):
    choice = Choice(office, at(9))
    assert slot_plan.quotas(office) == {Quota.APPOINTMENT: 4, Quota.GROUP: 2, Quota.WALK_IN: 2}
    assert store.ask(lambda t: slots.walk_ins_left(t, office.code)) == 8
    companions = (visitor(2, Companion.AGED, 1950), visitor(3, Companion.DISABLED))
    letter = book(store, choice, visitor(1), *companions)
    assert counts(store, office, at(9))[Quota.GROUP] == (2, 0, 2)
    assert counts(store, office, at(9))[Quota.APPOINTMENT] == (1, 0, 4)
    alone = [book(store, choice, visitor(n)) for n in range(10, 14)]
    assert [one is None for one in alone] == [False, False, False, True]
    members = store.ask(lambda t: changes.party(t, bookings.by_reference(t, letter)))
    assert len(members) == 3
    assert {one.group_id for one in members} == {members[0].booking_id}
    told = [store.ask(lambda t, one=one: party.companion_of(t, one)) for one in members]
    assert sorted(filter(None, told)) == [Companion.AGED, Companion.DISABLED]


def test_a_group_is_booked_wholly_or_not_at_all(store, office):
    choice = Choice(office, at(9))
    assert book(store, Choice(office, at(10)), visitor(3)) is not None
    companions = [visitor(n, Companion.DISABLED) for n in (2, 3)]
    assert book(store, choice, visitor(1), *companions) is None
    assert counts(store, office, at(9))[Quota.GROUP] == (0, 0, 2)
    for n in range(10, 13):
        book(store, choice, visitor(n))
    five = [visitor(1)] + [visitor(n, Companion.AGED) for n in range(20, 24)]
    assert book(store, choice, *five) is None
    assert book(store, choice, visitor(1)) is not None


def test_a_group_moves_together_and_a_companion_may_leave_it(store, office):
    letter = book(store, Choice(office, at(9)), visitor(1), visitor(2, Companion.CARER))
    assert change(store, office, letter, Choice(office, at(10), 2))
    members = store.ask(lambda t: changes.party(t, bookings.by_reference(t, letter)))
    assert [one.starts_at for one in members] == [at(10)] * 2
    assert counts(store, office, at(9))[Quota.GROUP] == (0, 0, 2)
    companion = store.ask(lambda t: bookings.reference(t, members[1].booking_id))
    assert change(store, office, companion, Choice(office, at(9)))
    assert row(store, companion).group_id is None
    assert counts(store, office, at(10))[Quota.GROUP] == (1, 0, 2)
    cancel(store, office, letter)
    assert counts(store, office, at(10))[Quota.GROUP] == (0, 0, 2)
    assert row(store, companion).live_person is not None


def test_a_change_to_a_full_slot_leaves_everything_as_it_was(store, office):
    letter = book(store, Choice(office, at(9)))
    for n in range(10, 14):
        book(store, Choice(office, at(10)), visitor(n))
    assert not change(store, office, letter, Choice(office, at(10)))
    assert row(store, letter).starts_at == at(9)
    assert counts(store, office, at(9))[Quota.APPOINTMENT] == (1, 0, 4)
    assert change(store, office, letter, Choice(office, at(9)))


def test_a_booking_can_be_changed_until_the_working_day_before(store, office, clock):
    letter = book(store, Choice(office, at(9, day=date(2026, 11, 25))))
    clock.advance(24 * 3600)
    assert change(store, office, letter, Choice(office, at(10, day=date(2026, 11, 25))))
    clock.advance(24 * 3600)
    with pytest.raises(Refusal, match="not_cancellable"):
        cancel(store, office, letter)
    with pytest.raises(Refusal, match="not_cancellable"):
        change(store, office, letter, Choice(office, at(9, day=date(2026, 11, 26))))


def find(store, n, year=1980, code="2468"):
    found = store.submit(lambda t: wishes.find(t, RULES, visitor(n, year=year), code)).result()
    return None if found is None else found.removeprefix("letter/")


def test_wrong_codes_lock_a_number_for_longer_and_longer(store, office, clock):
    letter = book(store, Choice(office, at(9)))
    for minutes in (30, 60):
        assert [find(store, 1, code="0000") for _ in range(5)] == [None] * 5
        assert find(store, 1) is None  # right, and told nothing
        assert book(store, Choice(office, at(10))) is None
        clock.advance(60 * minutes - 1)
        assert find(store, 1) is None
        clock.advance(1)
    assert find(store, 1) == letter
    assert [find(store, 1, code="0000") for _ in range(4)] == [None] * 4
    assert find(store, 1) == letter
    clock.advance(8 * 24 * 3600)
    store.submit(enquiry.forget_old).result()


def test_an_enquiry_does_the_same_work_whatever_it_is_about(store, office):
    book(store, Choice(office, at(9)))
    book(store, Choice(office, at(9)), visitor(2))

    def statements(n, **more):
        found = []

        def note(_connection, _cursor, statement, *_):
            found.append(statement)

        engines = (store._writer, store._reader)  # others may be at work beside this one
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            assert find(store, n, **more) is None
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)
        return found

    unknown = [statements(9) for _ in range(7)]
    wrong_code = [statements(1, code="0000") for _ in range(7)]
    wrong_year = [statements(2, year=1981) for _ in range(7)]
    assert unknown == wrong_code == wrong_year
    assert len(unknown[0]) >= 3


def test_a_closure_carries_bookings_over_with_an_hour_for_each(store, office, clock):
    letters = [book(store, Choice(office, at(9, 30)), visitor(n)) for n in range(4)]
    letters += [book(store, Choice(office, at(10, 30)), visitor(n)) for n in range(10, 14)]
    token = hold(store, Choice(office, at(10)))
    later = book(store, Choice(office, at(9, day=date(2026, 11, 25))), visitor(20))
    assert close(store, office).bookings_carried == 8
    rows = [row(store, letter) for letter in letters]
    assert {one.carried_from for one in rows} == {"2026-11-24"}
    told = sorted(one.suggested_at.astimezone(OFFICE_ZONE) for one in rows)
    wednesday, thursday = date(2026, 11, 25), date(2026, 11, 26)
    expected = [at(9, day=wednesday)] * 3 + [at(10, day=wednesday)] * 3
    assert told == [*expected, *[at(10, day=thursday)] * 2]
    assert row(store, later).carried_from is None
    assert store.ask(lambda t: slots.free_by_day(t, office))[TUESDAY] == 0
    assert counts(store, office, at(10))[Quota.APPOINTMENT] == (0, 0, 4)
    found = store.submit(lambda t: holds.keep(t, RULES, [office], token)).result()
    assert not holds.is_live(found)
    assert book(store, Choice(office, at(10)), visitor(30)) is None
    # Wednesday closes too: who was told its hours is told others, and is carried once.
    assert close(store, office, day=wednesday).bookings_carried == 7
    again = [row(store, letter) for letter in letters]
    assert all(one.suggested_at.astimezone(OFFICE_ZONE).date() >= thursday for one in again)
    assert {one.carried_from for one in again} == {"2026-11-24"}
    # After the day, the letter is good on any later one, and the booking still the person's own.
    clock.advance(5 * 24 * 3600)
    assert bookings.letter_is_good(again[0], TUESDAY, date(2026, 11, 30))
    assert not bookings.letter_is_good(again[0], wednesday, date(2026, 11, 30))
    assert not bookings.letter_is_good(again[0], TUESDAY, date(2026, 11, 23))
    assert store.ask(lambda t: bookings.of_today(t, office.code, again[0].person)) is not None
    assert find(store, 0) == letters[0]
    tuesday = at(9, day=date(2026, 12, 1))
    assert change(store, office, letters[0], Choice(opened(store, office), tuesday))
    assert row(store, letters[0]).carried_from is None


def test_a_closure_of_a_part_of_a_day(store, office):
    early = book(store, Choice(office, at(9)))
    late = book(store, Choice(office, at(10, 30)), visitor(2))
    assert close(store, office, from_time=time(10)).bookings_carried == 1
    assert row(store, early).carried_from is None
    assert row(store, late).carried_from == "2026-11-24"
    free = store.ask(lambda t: slots.free_on(t, office, TUESDAY))
    assert [one.starts_at for one in free] == [at(9), at(9, 30)]


def test_days_that_open_after_a_closure_was_declared_stay_closed(store):
    office = small_office("HQ")
    close(store, office)
    opened(store, office)
    free = store.ask(lambda t: slots.free_by_day(t, office))
    assert list(free.values()) == [0, 16, 16]


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ({"day": date(2026, 11, 22)}, "already_over"),
        ({"day": date(2026, 11, 23), "to_time": time(8)}, "already_over"),
        ({"day": date(2026, 11, 28)}, "closed_anyway"),
        ({"from_time": time(12), "to_time": time(11)}, "bad_request"),
        ({"day": date(9999, 12, 31)}, "bad_request"),
    ],
)
def test_a_closure_must_make_sense(store, office, when, problem):
    with pytest.raises(Refusal, match=problem):
        close(store, office, **when)


def test_an_office_is_open_within_its_hours_and_outside_its_closures(store, office, clock):
    def is_open():
        return store.ask(lambda t: closures.is_open(t, office))

    assert is_open()  # nine o'clock
    close(store, office, day=date(2026, 11, 23), from_time=time(9, 30), to_time=time(10))
    assert is_open()
    clock.advance(30 * 60)
    assert not is_open()
    clock.advance(30 * 60)
    assert is_open()
    clock.advance(60 * 60)
    assert not is_open()


def test_the_panel_is_told_whether_the_office_is_open_and_until_when(store, office, clock):
    def told():
        state = store.ask(lambda t: display_state(t, office))
        return state.is_open, state.closes_at and state.closes_at.astimezone(OFFICE_ZONE).time()

    assert told() == (True, time(11))
    close(store, office, day=date(2026, 11, 23), from_time=time(9, 30), to_time=time(10))
    assert told() == (True, time(9, 30))
    clock.advance(45 * 60)
    assert told() == (False, None)
    clock.advance(30 * 60)
    assert told() == (True, time(11))
    clock.advance(60 * 60)
    assert told() == (False, None)
    assert store.ask(lambda t: display_state(t, office)).at == clock()


def test_offices_keep_their_own_days():
    elsewhere = Calendar(general=False, own=(date(2026, 12, 24),))
    assert add_working_days(date(2026, 12, 23), 1, elsewhere) == date(2026, 12, 25)
    office = small_office(
        "HQ", weekdays=["mon", "sat"], hours={"sat": ["09:00:00", "10:00:00"]}, days_ahead=4
    )
    days = slot_plan.bookable_days(office, date(2026, 12, 18))
    # Saturday the 26th is a general holiday, and so is the 25th; Mondays stay.
    assert [day.isoformat() for day in days] == [
        "2026-12-19",
        "2026-12-21",
        "2026-12-28",
        "2027-01-02",
    ]
    assert len(slot_plan.slot_times(office, days[0])) == 2
    assert len(slot_plan.slot_times(office, days[1])) == 4


def test_hours_that_end_before_they_begin_are_named(tmp_path):
    table = office_table(tmp_path, ())
    table["office"]["hours"] = {"sat": ["12:00:00", "09:00:00"]}
    with pytest.raises(SettingsError, match="opens must be before closes"):
        from_dict(table, tmp_path)


def test_bookings_that_led_nowhere_are_erased_after_a_month(store, office, clock):
    book(store, Choice(office, at(9)))
    carried = book(store, Choice(office, at(9)), visitor(2))

    def carry(transaction):
        booking = bookings.by_reference(transaction, carried)
        transaction.connection.execute(
            tables.bookings.update()
            .where(tables.bookings.c.booking_id == booking.booking_id)
            .values(carried_from=booking.day)
        )

    def kept():
        asked = select(func.count()).select_from(tables.bookings)
        asked = asked.where(tables.bookings.c.person != "")
        keys = select(func.count()).select_from(tables.data_keys)
        store.submit(bookings.forget_old).result()
        return store.ask(
            lambda t: (
                t.connection.execute(asked).scalar_one(),
                t.connection.execute(keys).scalar_one(),
            )
        )

    store.submit(carry).result()
    assert kept() == (2, 2)
    clock.advance(timedelta(days=32).total_seconds())
    assert kept() == (1, 1)
    clock.advance(timedelta(days=60).total_seconds())
    assert kept() == (0, 0)


def full_office(store):
    """An office of one day with one appointment in each of four slots, all booked."""
    office = opened(store, small_office("FULL", slot_capacity=1, days_ahead=1))
    starts = [at(9), at(9, 30), at(10), at(10, 30)]
    return office, [
        book(store, Choice(office, moment), visitor(100 + n)) for n, moment in enumerate(starts)
    ]


def serve(store, *offices):
    store.submit(lambda t: wishes.offer_places(t, RULES, offices)).result()


def offer(store, wish):
    return store.ask(lambda t: wishes.offer_of(t, wishes.by_reference(t, wish)))


def test_a_place_given_back_is_offered_to_who_waits_longest(store, clock):
    office, letters = full_office(store)
    first = leave(store, 1, office)
    clock.advance(60)
    second = leave(store, 2, office)
    serve(store, office)
    assert (offer(store, first), offer(store, second)) == (None, None)
    cancel(store, office, letters[2])
    serve(store, office)
    assert (offer(store, first).starts_at, offer(store, second)) == (at(10), None)
    assert book(store, Choice(office, at(10)), visitor(9)) is None  # it is kept
    assert find(store, 1) == f"wish/{first}"
    # Nobody took it up: the next one is offered it, and the first waits on behind.
    clock.advance(4 * 3600)
    serve(store, office)
    assert (offer(store, first), offer(store, second).starts_at) == (None, at(10))
    accepted = store.submit(
        lambda t: wishes.accept(t, [office], wishes.by_reference(t, second))
    ).result()
    assert accepted
    assert row(store, second).starts_at == at(10)
    assert find(store, 2) == second  # the same code opens the booking that the wish became
    with pytest.raises(Refusal, match="not_found"):
        offer(store, second)
    cancel(store, office, second)
    serve(store, office)
    assert offer(store, first).starts_at == at(10)


def test_a_wish_is_kept_to(store, clock):
    office, _ = full_office(store)
    other = opened(store, small_office("OTHER"))
    elsewhere = leave(store, 1, office)
    too_early = leave(store, 2, office, other, earliest=date(2026, 11, 26))
    serve(store, office, other)
    assert offer(store, elsewhere) is None
    assert (offer(store, too_early).office, offer(store, too_early).starts_at) == (
        "OTHER",
        at(9, day=date(2026, 11, 26)),
    )
    assert leave(store, 1, other, code="0000") is None
    again = leave(store, 1, other)
    assert again != elsewhere
    serve(store, office, other)
    assert offer(store, again).office == "OTHER"
    # A closure takes an offer back and costs nobody the place in the line.
    close(store, other, day=TUESDAY)
    assert offer(store, again) is None
    serve(store, office, other)
    assert offer(store, again).starts_at == at(9, day=date(2026, 11, 25))
    book(store, Choice(other, at(9, 30, day=date(2026, 11, 25))), visitor(1))
    accepted = store.submit(
        lambda t: wishes.accept(t, [office, other], wishes.by_reference(t, again))
    ).result()
    assert not accepted  # one booking a person
    clock.advance(91 * 24 * 3600)
    store.submit(wishes.forget_old).result()
    with pytest.raises(Refusal, match="not_found"):
        offer(store, again)
