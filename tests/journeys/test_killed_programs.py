"""Each program of an office is killed in the middle of its work: nothing lost, nothing twice."""

from collections import Counter
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from backend.keys import read_key
from backend.schema import tables
from backend.settings import read as read_settings
from backend.sqlite import open_engine
from backend.upkeep import check
from booth.work.cases import AT_DESK
from common.domain.card import CardState
from common.domain.case import CaseState, OldDocument
from common.domain.clock import system_clock
from common.journal.journal import Journal
from common.station.config import journal_key, read
from common.station.identity import load
from common.station.pairing import client_of
from common.wire.shapes import CaseFind
from kiosk_collection.bins import KIND as BINS
from office.applicant import Outcome, applicant
from office.layout import STATIONS
from office.opening import opened, play_the_day
from office.record import Record
from office.touch_client import NotThereError

pytestmark = [pytest.mark.night, pytest.mark.timeout(900)]

# Bins stay counted until they are emptied, and an officer may still be clearing the desk.
LASTING = {BINS, AT_DESK}

MOMENTS = [
    # the program, the station that is watched, and the screens at which the program is killed
    ("tag-1", "tag-1", {"your_tag"}),
    # A card lies in the slot: after the start it is given back before anything else.
    ("tag-1", "tag-1", {"take_card"}),
    ("bench-1", "bench-1", {"form_page"}),
    ("registration-1", "registration-1", {"give_finger"}),
    ("registration-1", "registration-1", {"check_particulars"}),
    ("booth-1", "booth-1", {"take_photograph"}),
    ("backend", "booth-1", {"preview_card"}),
    ("booth-2", "booth-2", {"take_finished_card"}),
    ("bench", "collection-1", {"check_face"}),
    ("collection-1", "collection-1", {"take_new_card"}),
    ("display-1", "display-1", {"panel"}),
]


class PowerCuts:
    """Kills one program after the other, when its moment has come."""

    def __init__(self, office, hall, moments):
        self._office, self._hall = office, hall
        self.left = list(moments)
        self.ended = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self._thread.join()

    def _run(self):
        while self.left and not self.ended.wait(0.05):
            for moment in self.left:
                name, station, screens = moment
                if self._shown(station) in screens:
                    self.left.remove(moment)
                    self._cut(name)
                    break

    def _shown(self, station):
        try:
            return self._office.touch[station].look().name
        except NotThereError:
            return ""

    def _cut(self, name):
        processes = self._office.processes
        program = processes.programs[name]
        before = program.died
        processes.kill(name)
        while program.died == before and not self.ended.wait(0.05):
            pass
        processes.wait_ready(program)


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """A day on which every program was killed once: what is in the world and in the books."""
    folder = tmp_path_factory.mktemp("office")
    people = [applicant(number) for number in range(1, 4)]
    with opened(folder, Record(tmp_path_factory.mktemp("out"))) as (office, hall):
        with PowerCuts(office, hall, MOMENTS) as cuts:
            play_the_day(hall, people)
        died = {name: program.died for name, program in office.processes.programs.items()}
        wait_until_all_is_told(hall, folder)
        things = office.bench.things()
        kiosk = read(folder / "collection-1" / "station.toml")
        client = client_of(kiosk, load(kiosk), system_clock)
        # A case that is over is found by its own number alone.
        found = [
            client.find_case(CaseFind(case_id=case))
            for case in facts_of(folder, "photograph_taken")
        ]
        of_person = {view.identity_number: view for view in found if view is not None}
        cases = {one.number: of_person[one.who.identity_number] for one in people}
        assert len(found) == len(people)
        assert not cuts.left
    return folder, people, died, things, cases


def journal_of(folder, station):
    data = read(folder / station / "station.toml").data
    return Journal(data / "journal.db", journal_key(data))


def wait_until_all_is_told(hall, folder):
    """The line needs a moment after a restart; nobody has anything left to do but to wait."""
    journals = [journal_of(folder, plan.name) for plan in STATIONS]
    try:
        assert hall.wait(lambda: not any(j.count_waiting() for j in journals), 120)
    finally:
        for journal in journals:
            journal.close()


def test_everybody_went_home_with_a_card_or_a_tag_for_the_counter(day):
    _, people, died, _, _ = day
    assert died == Counter(name for name, _, _ in MOMENTS), died
    assert all(one.outcome in (Outcome.COLLECTED, Outcome.HANDED_OFF) for one in people)


def test_every_card_lies_where_the_backend_says(day):
    _, people, _, things, cases = day
    finished = [
        thing
        for thing in things
        if thing["data"].get("label") == "new card" and thing["data"]["chip"]["locked"]
    ]
    place_of = {thing["data"]["chip"]["serial"]: thing["place"] for thing in finished}
    assert len(place_of) == len(finished)
    held = Counter(thing["place"] for thing in finished)
    for one in people:
        card = cases[one.number].card
        place = place_of.pop(card.chip_serial)
        if one.outcome is Outcome.COLLECTED:
            assert (card.state, place) == (CardState.ISSUED, f"hand.{one.hands}")
            assert held[place] == 1
            assert cases[one.number].state is CaseState.COLLECTED
        elif card.state is CardState.RETAINED:
            assert place == f"{card.location}.bin"
        else:
            assert card.state is CardState.STORED
            assert place.startswith(card.location)
    # What is left was begun and given up: it is in nobody's hand.
    assert all(place.endswith(".bin") for place in place_of.values())


def test_old_documents_were_kept_of_those_who_collected_and_of_nobody_else(day):
    folder, people, _, things, cases = day
    kept = facts_of(folder, "old_document_captured")
    for one in people:
        collected = one.outcome is Outcome.COLLECTED
        assert kept[str(cases[one.number].case_id)] == collected
    bins = Counter(
        "card" if thing["data"].get("label") == "old card" else "form"
        for thing in things
        if thing["place"] in ("collection-1.intake.bin", "collection-1.form_collector.bin")
        or (thing["place"] == "hand.staff" and thing["data"].get("label") in ("old card", "form"))
    )
    surrendered = Counter(
        "card" if one.surrenders is OldDocument.OLD_CARD else "form"
        for one in people
        if one.outcome is Outcome.COLLECTED
    )
    assert bins == surrendered


def test_the_books_are_whole_and_nothing_was_refused(day):
    folder, *_ = day
    assert check(folder / "backend" / "backend.toml")["chain_ok"]
    for plan in STATIONS:
        journal = journal_of(folder, plan.name)
        try:
            assert journal.count_waiting() == 0, plan.name
            assert journal.count_refused() == 0, plan.name
            begun = {motion.kind for motion in journal.open_motions()}
            assert begun <= LASTING, plan.name
        finally:
            journal.close()


def facts_of(folder: Path, kind: str):
    """Count the facts of a kind in the ledger, by case."""
    settings = read_settings(folder / "backend" / "backend.toml")
    where = settings.backend.database_key
    database_key = None if where is None else read_key(where, settings.folder)
    engine = open_engine(settings.database, database_key, write=False)
    try:
        with engine.connect() as connection:
            rows = connection.execute(
                select(tables.ledger.c.case_id, func.count())
                .where(tables.ledger.c.kind == kind)
                .group_by(tables.ledger.c.case_id)
            )
            return Counter({row[0]: row[1] for row in rows})
    finally:
        engine.dispose()
