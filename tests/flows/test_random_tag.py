"""Random people with random faults at one tag kiosk: each is served, told where to go, or called.

SMARTICS_APPLICANTS says how many, SMARTICS_APPLICANTS_SEED which ones; a line at the end counts.
"""

import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from time import monotonic, process_time
from typing import Any
from uuid import UUID

import pytest

from backend.commands import bookings, cases, party
from backend.commands.bookings import Reason as BookingReason
from backend.commands.holds import Choice as SlotChoice
from backend.commands.identity import open_identity
from backend.commands.party import Visitor, Wish
from backend.commands.slot_plan import slot_times
from backend.commands.tag_rows import tag_row
from backend.settings import BookingSettings
from common.domain.clock import OFFICE_ZONE
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Companion, Errand, Interpreted, Need, Service
from common.wire.facts import TagIssuedOffline
from hardware.simulation.world import Thing
from kiosk_tag import flow, perform
from kiosk_tag import states as st
from kiosk_tag.events import (
    ErrandChosen,
    ErrandsWanted,
    NumberTyped,
    PersonLeft,
    SlotChosen,
    WentBack,
    YearTyped,
)
from kiosk_tag.screens.choice import screen_for
from tests.support.backend_office import running_office
from tests.support.booking_office import SMALL, two_offices
from tests.support.tag_kiosk import Kiosk, tag_kiosk

APPLICANTS = int(os.environ.get("SMARTICS_APPLICANTS", "10"))
SEED = int(os.environ.get("SMARTICS_APPLICANTS_SEED", "7"))
TUESDAY = date(2026, 11, 24)
BUSY: dict[str, Any] = {
    **SMALL,
    "opens": "08:00:00",
    "closes": "20:00:00",
    "slot_capacity": 60,
    "walk_in_percent": 5,
    "group_percent": 10,
}
FAULTS = {
    "printer_empty": ("ticket_printer", "paper_out"),
    "printer_jam": ("ticket_printer", "cutter_jam"),
    "printer_gone": ("ticket_printer", "unplugged"),
    "camera_gone": ("camera", "unplugged"),
    "unit_jam": ("card_unit", "jammed"),
    "unit_gone": ("card_unit", "unplugged"),
}
NETWORK = ("gone", "lost", "twice", "slow")
MOST_STEPS = 3000
MOST_TRIES = 300
STEP_ASIDE_S = 2.0


@dataclass(frozen=True)
class Applicant:
    """Who comes, with what, and what goes wrong meanwhile."""

    number: str
    year: int
    way: str = "number"
    booked: str = ""
    letter: str = ""
    errand: Errand | None = None
    types_wrong: int = 0
    fault: str = ""
    leaves_at: int | None = None
    taps_twice: bool = False
    needs: tuple[Need, ...] = ()
    companion: Companion | None = None
    shows_other: str = ""
    has_nothing: bool = False
    turns_back: bool = False
    is_card_dirty: bool = False

    @property
    def shown(self) -> str:
        """Whose number the kiosk is told, by paper, card or fingers."""
        return self.shows_other or self.number


def make_people(rng: Random, count: int) -> list[Applicant]:
    """Invent people; their appointments are made afterwards."""
    people = []
    for n in range(count):
        years = rng.choices(
            [range(1940, 1957), range(1957, 2007), range(2008, 2015), range(2017, 2024)],
            [2, 8, 1, 1],
        )[0]
        is_late_guess = rng.random() < 0.15
        people.append(
            Applicant(
                number=str(IdentityNumber("Z", f"{(730_003 + 7_919 * n) % 1_000_000:06d}")),
                year=rng.choice(years),
                way=rng.choice(["letter", "letter", "card", "number", "number"]),
                booked=rng.choice(
                    ["", "on_time", "on_time", "early", "late", "east", "later", "missed"]
                ),
                errand=rng.choice([None] * 6 + list(Errand)),
                types_wrong=rng.choice([1, 2, 3]) if is_late_guess else 0,
                fault=rng.choice(["", "", *FAULTS, *NETWORK, "forged"]),
                leaves_at=rng.randrange(1, 12) if rng.random() < 0.25 else None,
                taps_twice=rng.random() < 0.3,
                needs=tuple(rng.sample(list(Need), rng.randrange(4))),
                companion=rng.choice([None] * 5 + [Companion.AGED, Companion.DISABLED]),
                has_nothing=rng.random() < 0.06,
                turns_back=rng.random() < 0.2,
                is_card_dirty=rng.random() < 0.2,
            )
        )
    return people


class Office:
    """The backend, and what is booked there."""

    def __init__(self, running: Any) -> None:
        self.running = running
        self.settings = {office.code: office for office in running.settings.offices}
        self.rules = BookingSettings(holds_per_source_day=1_000_000)

    def book(self, one: Applicant, comes_at: datetime) -> Applicant:
        """Make the appointment that a person shall have, and give them its letter."""
        if not one.booked:
            return one if one.way != "letter" else replace(one, way="number")
        code = "EAST" if one.booked == "east" else "HQ"
        day = TUESDAY + timedelta(days={"later": 1, "missed": -1}.get(one.booked, 0))
        before = {"early": timedelta(hours=-2), "late": timedelta(minutes=50)}
        due = comes_at - before.get(one.booked, timedelta())
        times = [at.astimezone(OFFICE_ZONE) for at in slot_times(self.settings[code], day)]
        starts_at = max(
            [time for time in times if time.time() <= due.astimezone(OFFICE_ZONE).time()]
            or times[:1]
        )
        choice = SlotChoice(self.settings[code], starts_at)
        wish = Wish(
            choice,
            (Visitor(IdentityNumber.parse(one.number), one.year),),
            "2468",
            BookingReason.REPLACE,
        )
        store = self.running.store
        found = store.submit(lambda t: party.book(t, self.rules, "here", wish)).result()
        assert found is not None, one
        letter = store.ask(lambda t: bookings.letter_token(t, bookings.by_reference(t, str(found))))
        return replace(one, letter=letter)

    def owner(self, case_id: UUID) -> str:
        """Say whose case it is."""

        def ask(transaction: Any) -> str:
            case = cases.load(transaction, str(case_id))
            return open_identity(transaction, case.case_id, case.identity).identity_number

        return str(self.running.store.ask(ask))

    def owner_of(self, tag_id: UUID) -> str:
        """Say whose tag it is."""

        def ask(transaction: Any) -> UUID:
            return UUID(tag_row(transaction, str(tag_id)).case_id)

        return self.owner(self.running.store.ask(ask))


class Visit:
    """One person's visit, acted out by what is on the screen."""

    def __init__(self, kiosk: Kiosk, one: Applicant, rng: Random) -> None:
        self.kiosk, self.one, self.rng = kiosk, one, rng
        self.first_shown = len(kiosk.shown)
        self.card: Thing | None = None
        self.acted = 0
        self.is_gone = self.is_done = self.chose = self.said = False
        self.has_turned_back = False
        self.has_tried_letter = False
        self.held_for = self.tries = 0
        self.wrong_left = one.types_wrong

    def run(self) -> list[st.State]:
        """Go through the visit and return every state that was shown."""
        kiosk = self.kiosk
        for _ in range(MOST_STEPS):
            if self.is_over() and not self.is_seen_late():
                return kiosk.shown[self.first_shown :]
            if self.one.leaves_at is not None and self.acted >= self.one.leaves_at:
                self.walk_away()
            before = kiosk.state
            self.staff()
            if self.is_gone:
                self.nobody_is_here()
            else:
                self.act()
            while kiosk.take_in(0.0 if kiosk.state != before else 0.01):
                pass
        raise AssertionError(f"stuck in {kiosk.state!r:.200} with {self.one}")

    def walk_away(self) -> None:
        """Go, with the letter. A picture of it may be on its way: the next is a step behind."""
        if self.is_gone:
            return
        self.is_gone = True
        if self.has_tried_letter:
            self.step_aside()

    def is_seen_late(self) -> bool:
        """Whoever typed the number has the letter along still, and the camera may work again."""
        shown = self.kiosk.shown[self.first_shown :]
        read = [one for one in shown if isinstance(one, st.GettingTag)]
        was_read = any(isinstance(one.asking, st.ByLetter) for one in read)
        if self.has_tried_letter and not (was_read or self.is_gone):
            self.step_aside()
        return not isinstance(self.kiosk.state, st.Welcome)

    def step_aside(self) -> None:
        self.kiosk.take_away()
        ends_at = monotonic() + STEP_ASIDE_S
        while isinstance(self.kiosk.state, st.Welcome) and monotonic() < ends_at:
            self.kiosk.take_in(0.1)

    def is_over(self) -> bool:
        state = self.kiosk.state
        at_start = isinstance(state, st.Welcome) and state.wish == st.NOTHING_MORE
        shown = self.kiosk.shown[self.first_shown :]
        has_been = any(not isinstance(one, st.Welcome) for one in shown)
        goes_on = at_start and state.came_back and not (self.is_gone or self.is_done)
        is_left = at_start and state.chosen is None and (has_been or self.is_gone) and not goes_on
        return is_left and self.kiosk.world.one_at("tag-1.card_unit.inside") is None

    def did(self, event: Any) -> None:
        """Touch the screen, perhaps twice: the second touch meets whatever is there then."""
        self.acted += 1
        self.kiosk.tell(event)
        if self.one.taps_twice:
            self.kiosk.tell(event)

    def act(self) -> None:
        one = self.one
        match self.kiosk.state:
            case st.Welcome() as state if not self.is_done:
                self.at_welcome(state)
            case st.ChoosingErrand() if one.has_nothing and one.errand is None:
                self.touch("none")
            case st.ChoosingErrand():
                self.did(ErrandChosen(one.errand or Errand.FIRST))
            case st.Unread():
                self.unread()
            case st.TypingNumber() if one.turns_back and not self.has_turned_back:
                self.turn_back()
            case st.HearingFee():
                self.touch("accept")
            case st.TypingNumber():
                self.did(NumberTyped(IdentityNumber.parse(one.shown)))
            case st.TypingYear():
                self.wrong_left -= 1
                wrong = 1 if self.wrong_left >= 0 else 0
                self.did(YearTyped(self.year + wrong))
            case st.TakeCard():
                self.take_card("person")
            case st.Deciding():
                self.decide()
            case st.ChoosingSlot() as state:
                self.choose_slot(state)
            case st.TagIssued() as state if state.slip is not st.Slip.PRINTING:
                self.with_tag(state)
            case st.SayingMore(issued):
                self.touch("needs" if one.needs and issued.told is None else "companion")
            case st.ChoosingNeeds():
                self.touch("needs", " ".join(one.needs))
            case st.ChoosingLanguage():
                self.touch("language", str(Interpreted.NEPALI))
            case st.ChoosingCompanion():
                self.touch("companion", str(one.companion))
            case st.SlotTaken(slip=slip) | st.SlotsListed(slip=slip):
                if slip is not st.Slip.PRINTING:
                    self.finish("done")
            case st.HearingWhere() | st.GoToReception():
                self.finish("done")
            case _:
                pass

    @property
    def year(self) -> int:
        return self.one.year

    def touch(self, action: str, value: str = "") -> None:
        self.did(self.kiosk.screen.actions[action](value))

    def finish(self, action: str) -> None:
        self.is_done = True
        self.touch(action)

    def at_welcome(self, state: st.Welcome) -> None:
        one, kiosk = self.one, self.kiosk
        if state.wish.companion is not None:
            # The companion's own visit is another person's; this one changes their mind.
            self.said, self.is_done = True, True
            kiosk.tell(WentBack())
            return
        if one.turns_back and not self.has_turned_back and state.wish.errand is not None:
            self.turn_back()
            return
        if one.has_nothing and state.wish.errand is not None:
            self.touch("none")
            return
        if (one.errand is not None or one.has_nothing) and state.wish == st.NOTHING_MORE:
            self.did(ErrandsWanted())
            return
        ways = {"letter": st.Way.LETTER, "card": st.Way.CARD}
        is_possible = one.way not in ways or ways[one.way] not in state.missing
        if one.way == "letter" and is_possible and not self.has_tried_letter:
            self.acted += 1
            self.has_tried_letter = True
            self.held_for = 0
            kiosk.hold("VGhpcy1pcy1mb3JnZWQ" if one.fault == "forged" else one.letter)
        elif one.way == "letter" and is_possible:
            self.hold_again()
        elif one.way == "card" and is_possible and self.card is None:
            self.acted += 1
            self.card = kiosk.card_of(one.shown, one.year)
            if one.is_card_dirty:
                self.card.data["zone"] = ""
                kiosk.world.changed(self.card)
            self.insert()
        elif one.way == "card" and is_possible and self.in_hand() and self.tries < MOST_TRIES:
            self.insert()
        elif one.way == "number" or not is_possible or self.tries >= MOST_TRIES:
            self.touch("number")

    def turn_back(self) -> None:
        """Touch back once, and see that what was said before is not asked again."""
        self.has_turned_back = True
        before = self.kiosk.state.wish
        self.touch("back")
        after = self.kiosk.state
        is_kept = isinstance(after, st.ChoosingErrand) or after.wish == before
        assert is_kept or self.one.taps_twice, after

    def unread(self) -> None:
        """Wipe the card and put it in again, type, or find nothing that fits."""
        cards = [one for one in self.kiosk.screen.values["cards"] if self.card or not one["value"]]
        choice = self.rng.choice([*cards, None])
        if choice is None or self.one.has_nothing:
            self.touch("none")
            return
        if self.card is not None and self.rng.random() < 0.5:
            self.card.data.pop("zone", None)
            self.kiosk.world.changed(self.card)
        self.touch(choice["action"], choice["value"])

    def hold_again(self) -> None:
        """Whoever sees nothing happen takes the paper away and holds it there once more."""
        self.held_for += 1
        if self.held_for % 600 == 300:
            self.kiosk.take_away()
        elif self.held_for % 600 == 0:
            self.has_tried_letter = False

    def in_hand(self) -> bool:
        assert self.card is not None
        return self.kiosk.place_of(self.card) == "hand.person"

    def insert(self) -> None:
        """A slot that takes nothing is given up after a while."""
        assert self.card is not None
        self.tries += 1
        self.kiosk.try_to("card_unit", "insert", thing=self.card.id)

    def take_card(self, hand: str) -> None:
        if self.kiosk.try_to("card_unit", "take", hand=hand):
            self.acted += 1

    def decide(self) -> None:
        cards = self.kiosk.screen.values["cards"]
        if not cards or self.chose:
            self.finish("back")
            return
        self.chose = True
        chosen = self.rng.choice(cards)
        self.touch(chosen["action"], chosen["value"])

    def choose_slot(self, state: st.ChoosingSlot) -> None:
        if state.offer.slots and self.rng.random() < 0.7:
            self.did(SlotChosen(self.rng.choice(state.offer.slots).starts_at))
        elif self.kiosk.screen.values["wait_list"]:
            self.touch("choose", "wait_list")
        else:
            self.touch("choose", "print") if state.offer.slots else self.finish("back")

    def with_tag(self, state: st.TagIssued) -> None:
        if (state.may_say_more and self.one.needs and state.told is None) or (
            state.may_say_more and self.one.companion is not None and not self.said
        ):
            self.touch("more")
        else:
            self.finish("done")

    def nobody_is_here(self) -> None:
        """The window asks whether more time is needed, and nobody answers."""
        if self.kiosk.screen.patience_s is not None:
            self.kiosk.tell(PersonLeft())
        elif isinstance(self.kiosk.state, st.GoToReception | st.TakeCard):
            pass  # the reading time ends by itself; staff take the card

    def staff(self) -> None:
        """Staff come to a card that waits too long or sticks, as the screen promises."""
        match self.kiosk.state:
            case st.TakeCard(late=True):
                self.take_card("staff")
            case st.CardStuck() | st.OutOfService():
                repair(self.kiosk)
            case _:
                pass


def repair(kiosk: Kiosk) -> None:
    """Put right whatever was broken."""
    for role, fault in FAULTS.values():
        if fault in kiosk.devices[role].state()["faults"]:
            kiosk.devices[role].set_fault(fault, False)
    kiosk.wire.gone = False
    kiosk.wire.lost = kiosk.wire.twice = kiosk.wire.slow = 0


def outcome(seen: list[st.State], one: Applicant) -> str:
    """Say what became of a person."""
    tags = [state for state in seen if isinstance(state, st.TagIssued)]
    if any(tag.reception in (None, st.Reason.CHILD) for tag in tags):
        return "served"
    if tags or any(isinstance(state, st.GoToReception) for state in seen):
        return "handed over"
    told = st.Deciding | st.HearingWhere | st.SlotTaken | st.SlotsListed | st.Closed
    if any(isinstance(state, told) for state in seen):
        return "told where"
    assert one.leaves_at is not None, f"{one} ended in nothing: {seen!r:.2000}"
    return "left"


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setattr(flow, "RECEPTION_READ_S", 0.05)
    monkeypatch.setattr(flow, "REST_S", 0.05)
    monkeypatch.setattr(perform, "RETRY_S", 0.05)
    monkeypatch.setattr(perform, "PROVEN_S", 0.1)
    monkeypatch.setattr(perform, "CARD_TAKEN_S", 0.2)
    home = tmp_path / "office"
    home.mkdir()
    settings = two_offices(home)
    busy = [one.model_copy(update=_changed(one)) for one in settings.offices]
    with running_office(settings.model_copy(update={"offices": tuple(busy)})) as running:
        yield Office(running)


def _changed(office: Any) -> dict[str, Any]:
    fresh = type(office).model_validate({"code": office.code, **BUSY})
    return {name: getattr(fresh, name) for name in type(office).model_fields}


@pytest.mark.timeout(1200)
def test_nobody_is_stuck_and_nobody_is_served_as_somebody_else(office, tmp_path):
    rng, begun = Random(SEED), process_time()
    minutes = 660 / APPLICANTS
    opening = datetime.fromisoformat(f"{TUESDAY}T08:20+08:00")
    times = [opening + timedelta(minutes=minutes * n) for n in range(APPLICANTS)]
    office.running.clock.moment = opening - timedelta(days=4)
    people = [
        office.book(one, at) for one, at in zip(make_people(rng, APPLICANTS), times, strict=True)
    ]
    people = [with_other_s_letter(rng, people, one) for one in people]
    office.running.clock.moment = opening
    counts: Counter[str] = Counter()
    with tag_kiosk(tmp_path, office.running) as kiosk:
        while not isinstance(kiosk.state, st.Welcome):
            assert kiosk.take_in()
        for one, at in zip(people, times, strict=True):
            office.running.clock.moment = at
            seen = come(kiosk, one, rng)
            counts[outcome(seen, one)] += 1
            look_over(kiosk, office, one, seen)
            tidy(kiosk, one)
        kiosk.station.exchange.flush(20)
        unsent = kiosk.station.journal.count_waiting()
        refused = kiosk.station.journal.count_refused()
    said = ", ".join(f"{name} {counts[name]}" for name in sorted(counts))
    print(
        f"{APPLICANTS} applicants (seed {SEED}): {said}; stuck 0, served as another 0,"
        f" cards kept 0, offline tags unsent {unsent} refused {refused};"
        f" {process_time() - begun:.0f} s of the processor"
    )
    assert sum(counts.values()) == APPLICANTS
    assert unsent == 0


def with_other_s_letter(rng: Random, people: list[Applicant], one: Applicant) -> Applicant:
    """Now and then somebody brings the letter of somebody else."""
    other = rng.choice(people)
    if one.way != "letter" or one.fault == "forged" or not other.letter or rng.random() > 0.15:
        return one
    return replace(one, letter=other.letter, shows_other=other.number, year=other.year)


def come(kiosk: Kiosk, one: Applicant, rng: Random) -> list[st.State]:
    """Let a fault begin and the person come."""
    if one.fault in FAULTS:
        role, fault = FAULTS[one.fault]
        kiosk.devices[role].set_fault(fault, True)
    elif one.fault == "gone":
        kiosk.wire.gone = True
    elif one.fault in NETWORK:
        setattr(kiosk.wire, one.fault, 1)
    return Visit(kiosk, one, rng).run()


def look_over(kiosk: Kiosk, office: Office, one: Applicant, seen: list[st.State]) -> None:
    """See that no tag is another person's, and that no screen shows a number."""
    digits = one.shown[1:7]
    for state in seen:
        values = {k: v for k, v in screen_for(state).values.items() if k != "code"}
        assert digits not in repr(values), f"{type(state).__name__} shows a number"
        if isinstance(state, st.Welcome):
            assert digits not in repr(state)
        if not isinstance(state, st.TagIssued) or state.tag.service is Service.ASSISTED:
            continue
        if one.fault == "forged" and one.way == "letter":
            assert any(isinstance(other, st.TypingYear) for other in seen), "a forged code's tag"
        if state.unsent:
            owner = offline_owner(kiosk, state) or office.owner_of(state.tag.tag_id)
            assert owner in (one.shown, one.letter)
        else:
            assert office.owner(state.tag.case_id) == one.shown
    for thing in kiosk.world.all():
        if thing.kind == "card":
            assert thing.place in ("hand.person", "hand.staff"), f"a card is kept: {thing.place}"


def offline_owner(kiosk: Kiosk, state: st.TagIssued) -> str | None:
    """Say whose tag it is; None where the office has been told meanwhile."""
    for waiting in kiosk.station.journal.waiting(1000):
        what = waiting.fact.what
        if isinstance(what, TagIssuedOffline) and what.tag_id == state.tag.tag_id:
            return what.request.identity_number or what.request.letter_token
    return None


def tidy(kiosk: Kiosk, one: Applicant) -> None:
    """Make the kiosk ready for the next: staff repair it, slips and paper are gone."""
    kiosk.take_away()  # before the camera works again: what it sees is somebody's letter
    repair(kiosk)
    kiosk.try_to("ticket_printer", "tear", hand="staff")
    kiosk.try_to("ticket_printer", "refill")
    while kiosk.try_to("ticket_printer", "take", hand="person"):
        pass
    kiosk.station.exchange.flush(20)
    while not (isinstance(kiosk.state, st.Welcome) and not kiosk.state.missing):
        assert kiosk.take_in(), f"{one} left the kiosk in {kiosk.state!r:.200}"
