"""Whatever stations and officers do, in whatever order and however often: custody stays whole."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Row, insert, select

from backend.commands import cases, custody, facts, second_officer
from backend.commands.identity import identity, seal_identity
from backend.commands.station import Officer, Station
from backend.database import prepare
from backend.schema import custody_tables, tables
from backend.store import Store
from backend.transaction import Refusal
from common.domain.card import KEPT, CardMove, CardState, after
from common.domain.clock import HandClock
from common.domain.custody import EDGES, ActionKind, Thing
from common.domain.identity_number import IdentityNumber
from common.domain.officer import Role
from common.wire.custody import ActionRequest, ConfirmRequest, Seen
from common.wire.evidence import OfficersProof
from common.wire.facts import (
    CardMoved,
    Fact,
    HolderIdentified,
    OldDocumentCaptured,
    Witnessed,
    new_id,
)
from common.wire.shapes import Particulars, ReserveRequest
from tests.support.backend_office import MORNING, office_settings

STATIONS = {
    "booth-1": Station("booth-1", "booth", "HQ", "R1"),
    "collection-1": Station("collection-1", "collection", "HQ", "C1"),
    "booth-9": Station("booth-9", "booth", "KT", "R9"),
    "collection-9": Station("collection-9", "collection", "KT", "C9"),
}
OFFICERS = ("ann", "bea", "cem")
PROOF = OfficersProof.model_validate(
    {"documents": ["old_card", "travel_document"], "photograph_compared": True}
)
LINES = {(one.thing, one.state, one.move, one.next) for one in EDGES}
ACTIONS = (ActionKind.DESTROY, ActionKind.REDIRECT, ActionKind.REVOKE, ActionKind.CLOSE_LOST)
NEXT = {
    CardState.ORDERED: CardMove.PERSONALISE,
    CardState.PERSONALISED: CardMove.PASS_QUALITY,
    CardState.QUALITY_PASSED: CardMove.STORE,
    CardState.RETAINED: CardMove.STORE,
    CardState.RECEIVED: CardMove.STORE,
}
EXAMPLES, STEPS = 40, 30

stations = st.sampled_from(sorted(STATIONS))
officers = st.sampled_from(OFFICERS)
maybe_officers = st.sampled_from((None, *OFFICERS))
which = st.integers(0, 20)


def officer(name, station):
    return name and Officer(name, name, tuple(Role), station, True, MORNING, MORNING)


class CustodyMachine(RuleBasedStateMachine):
    """Plays with a few persons' cards; store is set by the test."""

    store: Store
    clock: HandClock
    numbers: Iterator[int]

    def __init__(self):
        super().__init__()
        self.cases: list[str] = []
        self.persons: list[str] = []
        self.sent: list[tuple[Fact, str | None, str]] = []
        self.proposed: list[tuple[str, ActionRequest, str]] = []
        self.wins: dict[str, int] = {}

    def do(self, command):
        """Run a command; a refusal is an answer, and any other error a fault."""
        try:
            return self.store.submit(command).result()
        except Refusal as refusal:
            if refusal.problem == "conflict":
                raise  # the code let through what the database forbids
            return refusal

    def cards(self):
        return self.store.ask(
            lambda t: t.connection.execute(
                select(tables.cards)
                .where(tables.cards.c.case_id.in_(self.cases))
                .order_by(tables.cards.c.card_id)
            ).all()
        )

    def card(self, index):
        found = self.cards()
        return found[index % len(found)]

    @initialize(done=st.tuples(st.integers(0, 8), st.integers(0, 8)), by=officers)
    def two_persons(self, done, by):
        for person, steps in enumerate(done):
            self.persons.append(str(IdentityNumber("P", str(next(self.numbers)))))
            self.apply_for(person, steps, by)

    @rule(person=st.integers(0, 1), steps=st.integers(0, 8), by=officers)
    def apply_for(self, person, steps, by):
        """Somebody is approved; another application of the same person may still be running."""
        case = str(new_id())

        def approve(transaction):
            who = identity(IdentityNumber.parse(self.persons[person]))
            form = cases.seal_particulars(transaction, case, Particulars())
            transaction.connection.execute(
                insert(tables.cases).values(
                    case_id=case,
                    office="HQ",
                    person=who.person(transaction),
                    state="approved",
                    old_document="old_card",
                    done="",
                    identity=seal_identity(transaction, case, who),
                    particulars=form,
                    opened_at=transaction.now,
                    captured_by="dora",
                    approved_by="eve",
                )
            )
            custody.order(transaction, cases.load(transaction, case), "booth-1", "eve")

        if not isinstance(self.do(approve), Refusal):
            self.cases.append(case)
            self.work_on(len(self.cards()) - 1, by, steps)

    @rule(
        index=which,
        move=st.sampled_from(CardMove),
        station=stations,
        by=maybe_officers,
        slot=st.integers(1, 3),
    )
    def report_a_move(self, index, move, station, by, slot):
        card = self.card(index)
        place = {"location": f"{station}.box", "slot": slot} if move is CardMove.STORE else {}
        serial = f"CHIP {card.card_id}" if move is CardMove.PERSONALISE else ""
        moved = CardMoved(card_id=UUID(card.card_id), move=move, chip_serial=serial, **place)
        receipt = self.report(card.case_id, moved, station, by)
        if receipt.outcome == "accepted":
            assert after(CardState(card.state), move) is not None
            self.wins[card.card_id] = self.wins.get(card.card_id, 0) + 1

    @rule(index=which, by=officers, steps=st.integers(1, 6))
    def work_on(self, index, by, steps):
        """Do what is next for a card, as an office does on a good day."""
        for _ in range(steps):
            card = self.card(index)
            here = "1" if card.office == "HQ" else "9"
            match card.state:
                case CardState.STORED:
                    self.say_who_came(index, f"collection-{here}", None, True)
                    self.reserve(index, f"collection-{here}", None, 0)
                case CardState.RESERVED | CardState.PRESENTED if card.reserved_by is not None:
                    out = CardMove.PRESENT if card.state == CardState.RESERVED else CardMove.ISSUE
                    alone = card.reserved_by.startswith("collection")
                    self.report_a_move(index, out, card.reserved_by, None if alone else by, 1)
                case CardState.IN_TRANSIT:
                    self.report_a_move(index, CardMove.RECEIVE, "booth-9", by, 1)
                case _ if card.state in NEXT:
                    move = NEXT[CardState(card.state)]
                    self.report_a_move(index, move, f"booth-{here}", by, index % 3 + 1)

    @rule(index=which, chosen=which, first=officers, second=officers)
    def agree(self, index, chosen, first, second):
        """One officer proposes what may be done, another confirms: two at one desk."""
        card = self.card(index)
        kinds = [one.action for one in EDGES if one.needed and one.state == card.state]
        known = len(self.proposed)
        if kinds:
            self.propose(kinds[chosen % len(kinds)], index, False, first)
        if len(self.proposed) > known:
            self.confirm(known, second)

    @rule(index=which)
    def hand_out(self, index):
        """Two officers say who came, and one of them hands the card over."""
        card = self.card(index)
        first, second = [one for one in OFFICERS if one != card.personalised_by][:2]
        booth = "booth-1" if card.office == "HQ" else "booth-9"
        self.say_who_came(index, booth, first, False)
        self.confirm_who_came(index, booth, second)
        self.reserve(index, booth, first, 0)
        for move in (CardMove.PRESENT, CardMove.ISSUE):
            self.report_a_move(index, move, booth, first, 1)

    @rule(index=which, station=stations, by=maybe_officers, finger=st.booleans())
    def say_who_came(self, index, station, by, finger):
        how = {"by": "face_and_finger"} if finger else {"by": "officer", "proof": PROOF}
        what = HolderIdentified.model_validate(how)
        self.report(self.card(index).case_id, what, station, by)

    @rule(index=which, station=stations, by=officers)
    def confirm_who_came(self, index, station, by):
        case = self.card(index).case_id
        self.report(case, Witnessed(of="recipient", seen=PROOF.digest(UUID(case))), station, by)

    @rule(index=which, station=stations)
    def keep_an_old_card(self, index, station):
        what = OldDocumentCaptured.model_validate(
            {"document": "old_card", "location": f"{station}.bin"}
        )
        self.report(self.card(index).case_id, what, station, None)

    @rule(index=which)
    def report_again(self, index):
        """The answer was lost, so the station sends the same fact once more."""
        if not self.sent:
            return
        fact, by, outcome = self.sent[index % len(self.sent)]
        again = self.send(fact, by)
        assert again.outcome == ("duplicate" if outcome == "accepted" else "refused")

    @rule(index=which, station=stations, by=maybe_officers, stale=st.integers(0, 1))
    def reserve(self, index, station, by, stale):
        card = self.card(index)
        request = ReserveRequest(expect_version=card.version - stale)
        view = self.do(
            lambda t: custody.reserve(
                t, STATIONS[station], officer(by, station), UUID(card.card_id), request
            )
        )
        if not isinstance(view, Refusal) and view.version > card.version:
            assert stale == 0
            self.wins[card.card_id] = self.wins.get(card.card_id, 0) + 1

    @rule(kind=st.sampled_from(ACTIONS), index=which, both=st.booleans(), by=officers)
    def propose(self, kind, index, both, by):
        cards = {card.card_id: card for card in (self.card(index), self.card(index + both))}
        request = ActionRequest(
            kind=kind,
            objects=tuple(
                Seen(thing=Thing.CARD, id=one.card_id, version=one.version)
                for one in cards.values()
            ),
            reason="as found",
            to_office="KT" if kind is ActionKind.REDIRECT else None,
        )
        office = next(iter(cards.values())).office
        station = "booth-1" if office == "HQ" else "booth-9"
        made = self.do(
            lambda t: second_officer.propose(
                t, STATIONS[station], officer(by, station), request, ("HQ", "KT")
            )
        )
        if not isinstance(made, Refusal):
            self.proposed.append((str(made.action_id), request, station))

    @rule(index=which, by=officers)
    def confirm(self, index, by):
        if not self.proposed:
            return
        action, request, station = self.proposed[index % len(self.proposed)]
        done = self.do(
            lambda t: second_officer.confirm(
                t,
                STATIONS[station],
                officer(by, station),
                UUID(action),
                ConfirmRequest(seen=request.digest()),
            )
        )
        if not isinstance(done, Refusal):
            assert done.proposed_by != by == done.confirmed_by
            for one in request.objects:
                self.wins[one.id] = self.wins.get(one.id, 0) + 1

    def report(self, case, what, station, by):
        fact = Fact(
            id=new_id(),
            what=what,
            case_id=UUID(case),
            station=station,
            officer=by,
            at=self.clock(),
        )
        receipt = self.send(fact, by)
        self.sent.append((fact, by, receipt.outcome))
        return receipt

    def send(self, fact, by):
        receipt = self.do(
            lambda t: facts.accept(t, STATIONS[fact.station], officer(by, fact.station), fact)
        )
        assert not receipt.reason.startswith("conflict"), receipt
        return receipt

    # What must hold, whatever happened

    @invariant()
    def custody_is_whole(self):
        cards, lines, actions = self.cards(), self.lines(), self.actions()
        self.no_person_has_two(cards)
        places = [card.held_in for card in cards if card.held_in is not None]
        assert len(places) == len(set(places))
        for card in cards:
            chain = lines[card.card_id]
            assert [line.version for line in chain] == list(range(1, card.version + 1))
            assert chain[-1].to_state == card.state
            assert all(line.place for line in chain)
            for before, line in itertools.pairwise(chain):
                assert line.from_state == before.to_state
                assert ("card", line.from_state, line.move, line.to_state) in LINES
                self.issued_rightly(card, line, actions)
            # Superseding is the one change that nobody asked for by itself.
            own = [line for line in chain[1:] if line.move != CardMove.SUPERSEDE]
            assert len(own) == self.wins.get(card.card_id, 0)

    def no_person_has_two(self, cards):
        for states in (KEPT, {CardState.ISSUED}):
            persons = [card.person for card in cards if card.state in states]
            assert len(persons) == len(set(persons))

    def issued_rightly(self, card, line, actions):
        if line.action_id is not None:
            action = actions[line.action_id]
            assert action.confirmed_by not in (None, action.proposed_by)
        if line.move == CardMove.ISSUE:
            hands = {line.officer}
            if line.proof == "officer":
                action = actions[line.action_id]
                hands |= {action.proposed_by, action.confirmed_by}
            assert card.personalised_by is not None
            assert card.personalised_by not in hands

    def lines(self):
        table = custody_tables.custody_events
        found: dict[str, list[Row[Any]]] = {card.card_id: [] for card in self.cards()}
        statement = select(table).where(table.c.object_id.in_(found)).order_by(table.c.version)
        for line in self.store.ask(lambda t: t.connection.execute(statement).all()):
            found[line.object_id].append(line)
        return found

    def actions(self):
        table = custody_tables.pending_actions
        found = self.store.ask(lambda t: t.connection.execute(select(table)).all())
        return {row.action_id: row for row in found}


@pytest.fixture
def store(tmp_path, database):
    clock = HandClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    keys, opened = prepare(office_settings(tmp_path, (), database=database))
    found = Store(opened, keys, clock)

    def stations_as_they_are(transaction):
        for one in STATIONS.values():
            transaction.connection.execute(
                insert(tables.stations).values(
                    name=one.name, kind=one.kind, office=one.office, place=one.place
                )
            )

    found.submit(stations_as_they_are).result()
    yield found, clock
    found.close()


@pytest.mark.timeout(600)
def test_custody_stays_whole_whatever_happens(store):
    class Played(CustodyMachine):
        pass

    Played.store, Played.clock = store
    Played.numbers = iter(range(100_000, 999_999))
    case = Played.TestCase
    case.settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
