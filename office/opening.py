"""Opens an office for a day: in windows with a panel, or played through without a screen."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from common.domain.language import Language
from hardware.simulation.timing import Timing
from office.agent import StuckError
from office.applicant import Applicant, Outcome, applicant, make_blanks
from office.back_office import BackOffice
from office.bench_client import CannotError
from office.ear_visitor import EarVisitor, Witness
from office.hall import Hall
from office.layout import lay_out
from office.office import Office
from office.officers import STAFF
from office.record import Record
from office.registration_officer import RegistrationOfficer
from office.store import Store
from office.touch_client import NotThereError
from office.visitor import Visitor

logger = logging.getLogger(__name__)

AT_ONCE = 3
"""So many applicants are in the office at the same time: as many as there are kiosks."""


PULL_EVERY_S, LONGEST_OUT_S = 0.8, 3.0
"""How often a plug is pulled on a day of pulled plugs, and how long it stays out at most."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a played day is like.

    Attributes:
        applicants: How many people come.
        unplug: How often each simulated device is unplugged and plugged in again meanwhile.
        seed: Which plug comes when; the same again for the same seed.
        timing: How long motions take in an office that is laid out anew.
        store: Where such an office's backend keeps its tables.
        by_keypad: Whether they only hear the kiosks and only press keys of their keypads.
        large_text: Whether they want text twice as large.
        language: What all of them read; None: each another.
        by_proxy: Whether those whose finger would fail send somebody for the card instead.
    """

    applicants: int = 3
    unplug: int = 0
    seed: int = 1
    timing: Timing = Timing.INSTANT
    store: Store = Store.SQLITE
    by_keypad: bool = False
    large_text: bool = False
    language: Language | None = None
    by_proxy: bool = False


def play(folder: Path, out: Path, day: Day) -> int:
    """Play applicants through every station of the office in folder; return the exit status.

    Pictures and the summary go into out.
    """
    record = Record(out.resolve())
    people = [_as_they_wish(applicant(n), day) for n in range(1, day.applicants + 1)]
    with opened(folder, record, day.timing, day.store) as (_, hall):
        if day.unplug:
            hall.bench.begin_mischief(
                seed=day.seed, times=day.unplug, every_s=PULL_EVERY_S, longest_s=LONGEST_OUT_S
            )
        if day.by_keypad:
            Witness(hall).start()
        play_the_day(hall, people, EarVisitor if day.by_keypad else Visitor)
        if day.unplug:
            print(_told(hall.bench.end_mischief()))
        _photograph_panel(hall)
        record.calls = [asdict(call) for call in hall.ear.calls()]
    collected = sum(one.outcome is Outcome.COLLECTED for one in people)
    handed_off = sum(one.outcome is Outcome.HANDED_OFF for one in people)
    summary = record.summarise(day.applicants, collected, handed_off)
    print(record.table())
    print(
        f"applicants {day.applicants}, collected {collected}, handed off {handed_off}, "
        f"lost {summary['lost']}; pictures and summary.json in {out}"
    )
    return 0 if summary["lost"] == 0 else 1


def _as_they_wish(one: Applicant, day: Day) -> Applicant:
    one.large_text = day.large_text
    one.language = day.language or one.language
    if day.by_proxy and one.finger_fails:
        one.finger_fails, one.sends_proxy = False, True
    return one


def _told(mischief: dict[str, Any]) -> str:
    """Say in one line how many plugs were pulled before the last applicant had gone."""
    pulled = Counter((prank["station"], prank["name"]) for prank in mischief["begun"])
    return (
        f"plugs pulled {pulled.total()} of {mischief['planned']}, {len(pulled)} devices, "
        f"{min(pulled.values(), default=0)} to {max(pulled.values(), default=0)} times each"
    )


@contextmanager
def opened(
    folder: Path,
    record: Record,
    timing: Timing = Timing.INSTANT,
    store: Store = Store.SQLITE,
) -> Iterator[tuple[Office, Hall]]:
    """Open the office of a folder without a screen, and its hall; close both at the end.

    Raises:
        NotStartedError: A program is not ready in time.
    """
    office = Office(lay_out(folder, timing, store), windows=False)
    hall = Hall(office, record)
    try:
        with record.step("office", "open"):
            office.start()
        record.processor_s = office.processes.processor_s
        hall.open()
        yield office, hall
    finally:
        hall.close()
        office.stop()


def play_the_day(hall: Hall, people: Sequence[Applicant], visitor: type[Visitor] = Visitor) -> None:
    """Lead people through an open office, and return when the last of them has gone."""
    blanks = make_blanks(hall.bench, STAFF, len(people) + 5)
    hall.bench.act(BackOffice.STATION, "card_unit", "load", things=blanks)
    officers = [RegistrationOfficer(hall).work, BackOffice(hall, people).work]
    shifts = [Thread(target=_shift, args=(hall, work), daemon=True) for work in officers]
    for shift in shifts:
        shift.start()
    waiting = list(people)
    visits: list[Thread] = []
    while waiting or any(visit.is_alive() for visit in visits):
        visits = [visit for visit in visits if visit.is_alive()]
        if waiting and len(visits) < AT_ONCE:
            visit = Thread(target=_visit, args=(visitor(waiting.pop(0), hall),), daemon=True)
            visits.append(visit)
            visit.start()
        Event().wait(0.1)


def _visit(visitor: Visitor) -> None:
    try:
        visitor.live_the_day()
    except (StuckError, CannotError) as error:
        logger.error("applicant %d: %s", visitor.one.number, error)  # noqa: TRY400 (said in one line)


def _shift(hall: Hall, work: Callable[[], None]) -> None:
    while not hall.ended.is_set():
        try:
            work()
        except (StuckError, CannotError) as error:
            if not hall.ended.is_set():
                logger.warning("an officer begins anew: %s", error)


def _photograph_panel(hall: Hall) -> None:
    try:
        hall.agent("display-1").look()
    except NotThereError:
        logger.warning("the display panel shows nothing")


def open_windows(folder: Path, timing: Timing, store: Store) -> None:
    """Open the office in windows, with the panel from which one person plays the public."""
    from common.ui.app import make_app, run  # noqa: PLC0415 (Qt only where there is a screen)
    from office.old_cards import OldCards  # noqa: PLC0415
    from office.panel import Panel  # noqa: PLC0415
    from office.public_web import PublicWeb  # noqa: PLC0415

    layout = lay_out(folder, timing, store)
    office = Office(layout, windows=True)
    try:
        office.start()
        for officer, password in layout.passwords.items():
            print(f"officer {officer}, password {password}, card's PIN {layout.pins[officer]}")
        print(f"the public's pages: {layout.backend_address}")
        make_app()
        panel = Panel(office.bench, PublicWeb(layout.backend_address), OldCards(layout.folder))
        run(panel.open, panel.close)
    finally:
        office.stop()
