"""The window from which one person plays the public at every station of a simulated office."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from common.domain.language import OFFICE_LANGUAGES
from common.ui.screen import Screen
from common.ui.window import StationWindow
from hardware.simulation.mischief import PASSING
from office.applicant import Applicant, applicant, make_blanks
from office.bench_client import BenchClient, CannotError
from office.layout import STATIONS
from office.old_cards import OldCards
from office.panel_actions import Action, actions
from office.public_web import PublicWeb

logger = logging.getLogger(__name__)

PEOPLE = 6
LOOK_EVERY_MS = 1000
MISCHIEF_TIMES, MISCHIEF_EVERY_S, MISCHIEF_LASTS_S = 20, 5.0, 6.0
SIZE = (1100, 1000)
QML = Path(__file__).parent / "Panel.qml"


def panel_screen(
    person: str, people: list[dict[str, str]], station: str, rows: tuple[Action, ...], message: str
) -> Screen:
    """What the panel shows."""
    return Screen(
        QML,
        {
            "keeps": True,
            "person": person,
            "people": people,
            "station": station,
            "stations": [
                {"value": plan.name, "text": plan.name} for plan in STATIONS if plan.devices
            ],
            "rows": [
                {
                    "key": row.key,
                    "values": dict(row.values),
                    "device": f"office-device-{row.device.replace('_', '-')}",
                    "number": str(number),
                }
                for number, row in enumerate(rows)
            ],
            "message": message,
        },
        {
            "person": lambda value: ("person", value),
            "station": lambda value: ("station", value),
            "do": lambda value: ("do", value),
            "book": lambda _value: ("book", ""),
            "mischief": lambda _value: ("mischief", ""),
            "mischief_end": lambda _value: ("mischief_end", ""),
        },
    )


class Panel(QObject):
    """Looks at the bench once a second, and does what is touched in a thread of its own."""

    _seen = Signal(object, object)

    def __init__(self, bench: BenchClient, web: PublicWeb, old_cards: OldCards) -> None:
        super().__init__()
        self._bench = bench
        self._old_cards = old_cards
        self._web = web
        self._people: dict[str, Applicant] = {}
        self._person, self._station, self._message = "1", STATIONS[0].name, ""
        self._rows: tuple[Action, ...] = ()
        self._shown: Screen | None = None
        self._presses = count(20)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="panel")
        self.window = StationWindow("office-title", OFFICE_LANGUAGES, SIZE, public=False)
        self.window.acted.connect(self._acted)
        self._seen.connect(self._show)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(lambda: self._worker.submit(self._look))

    def open(self) -> None:
        """Show the panel and begin to look."""
        self._show((), "")
        self.window.open()
        self._timer.start()

    def close(self) -> None:
        """Stop looking and take the panel down."""
        self._timer.stop()
        self._worker.shutdown(cancel_futures=True)
        self.window.close()

    def _acted(self, what: tuple[str, str]) -> None:
        kind, value = what
        if kind == "person":
            self._person = value
        elif kind == "station":
            self._station = value
        elif kind == "book":
            self._do(self._worker.submit(self._book))
        elif kind == "mischief":
            self._do(self._worker.submit(self._begin_mischief))
        elif kind == "mischief_end":
            self._do(self._worker.submit(self._end_mischief))
        elif (number := int(value)) < len(self._rows):
            self._do(self._worker.submit(self._perform, self._rows[number]))
        self._worker.submit(self._look)

    def _do(self, work: Future[None]) -> None:
        work.add_done_callback(self._told)

    def _told(self, work: Future[None]) -> None:
        error = work.exception() if not work.cancelled() else None
        if error is not None and not isinstance(error, CannotError):
            logger.error("the panel failed", exc_info=error)
        self._message = "office-not-possible" if error else "office-done"

    def _look(self) -> None:
        try:
            devices = [d for d in self._bench.devices() if d["station"] == self._station]
            found = actions(devices, self._bench.things(), self._who().hands)
        except CannotError:
            found = ()
        self._seen.emit(found, self._message)

    def _show(self, rows: tuple[Action, ...], message: str) -> None:
        people = [
            {"value": str(n), "text": applicant(n).who.english_name} for n in range(1, PEOPLE + 1)
        ]
        screen = panel_screen(self._person, people, self._station, rows, message)
        self._rows = rows
        if self._shown is None or self._shown.values != screen.values:
            self._shown = screen
            self.window.show(screen)

    def _who(self) -> Applicant:
        """The chosen person, who comes with an old card in the hand."""
        if self._person not in self._people:
            one = applicant(int(self._person))
            if not any(t["place"] == f"hand.{one.hands}" for t in self._bench.things()):
                self._old_cards.give(self._bench, one.who, one.hands, has_pace=one.card_has_pace)
            self._people[self._person] = one
        return self._people[self._person]

    def _book(self) -> None:
        self._web.book(self._who())

    def _begin_mischief(self) -> None:
        """Pull plugs and spoil lines of the chosen station for some ten minutes."""
        self._bench.begin_mischief(
            seed=next(self._presses),
            stations=[self._station],
            faults=[*PASSING],
            times=MISCHIEF_TIMES,
            every_s=MISCHIEF_EVERY_S,
            longest_s=MISCHIEF_LASTS_S,
        )

    def _end_mischief(self) -> None:
        self._bench.end_mischief()

    def _perform(self, action: Action) -> None:
        who = self._who()
        arguments: Mapping[str, Any] = action.arguments
        match action.verb:
            case "person:face":
                self._act(action, "show", png=who.face_png(next(self._presses)))
            case "person:letter":
                if not who.letter_token:
                    raise CannotError("this person has no letter yet")
                self._act(action, "show", png=self._web.letter_png(who))
            case "person:finger":
                press, position = next(self._presses), int(arguments["position"])
                self._act(action, "place", png=who.finger_png(press, position))
            case "person:blanks":
                self._act(action, "load", things=make_blanks(self._bench, "staff", 5))
            case verb:
                self._act(action, verb, **arguments)

    def _act(self, action: Action, verb: str, **arguments: Any) -> None:
        self._bench.act(self._station, action.device, verb, **arguments)
