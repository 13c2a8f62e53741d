"""What everybody in the office sees and shares: the display panel, and who stands where."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import Any

import requests

from common.ui.speech.keys import PadKey
from common.wire.shapes import DisplayState
from office.agent import Agent
from office.applicant import Applicant
from office.bench_client import BenchClient
from office.ear_agent import Ears
from office.hall_ear import HallEar
from office.layout import OFFICE
from office.office import Office
from office.old_cards import OldCards
from office.record import Record
from office.touch_client import NotThereError

logger = logging.getLogger(__name__)


class Hall:
    """The hall of one office: its panel as a person reads it, and its stations one by one."""

    def __init__(self, office: Office, record: Record) -> None:
        self.record = record
        self.ended = Event()
        self._office = office
        self._old_cards = OldCards(office.layout.folder)
        self._occupied = {name: Lock() for name in office.touch}
        self._chairs: dict[str, tuple[Any, Event]] = {}
        self._work = Counter[str]()
        self._panel = DisplayState(revision=0, calls=(), waiting=0)
        self._changed = Condition()
        self.ear = HallEar(office.bench)
        self._listener = Thread(
            target=self.ear.listen, args=(self.ended,), name="hall-ear", daemon=True
        )
        self._reader = Thread(target=self._read_panel, name="panel-reader", daemon=True)

    @property
    def bench(self) -> BenchClient:
        """The hands of everybody."""
        return self._office.bench

    @property
    def backend_address(self) -> str:
        """Where the public's pages are."""
        return self._office.layout.backend_address

    def give_old_card(self, one: Applicant) -> None:
        """Put the card of years ago into an applicant's hands."""
        self._old_cards.give(self.bench, one.who, one.hands, has_pace=one.card_has_pace)

    def password(self, officer: str) -> str:
        """What an officer knows by heart."""
        return self._office.layout.passwords[officer]

    def pin(self, officer: str) -> str:
        """What an officer's card asks for."""
        return self._office.layout.pins[officer]

    def open(self) -> None:
        """Begin to read the panel, and to listen to what it calls."""
        self._reader.start()
        self._listener.start()

    def close(self) -> None:
        """End the day: every wait of everybody ends."""
        self.ended.set()
        with self._changed:
            self._changed.notify_all()

    def agent(self, station: str) -> Agent:
        """A person before a station's screen."""
        return Agent(station, self._office.touch[station], self.record, self.ended)

    def ears(self, station: str) -> Ears:
        """A person with earphones before a station: its voice and its keypad, nothing else."""

        def press(key: PadKey) -> None:
            match key:
                case PadKey.JACK_IN:
                    self.bench.act(station, "keypad", "plug")
                case PadKey.JACK_OUT:
                    self.bench.act(station, "keypad", "unplug")
                case _:
                    self.bench.act(station, "keypad", "press", key=str(key))

        return Ears(self._office.touch[station].hear, press)

    @contextmanager
    def occupied(self, station: str) -> Iterator[None]:
        """Stand before a station, alone; others wait behind."""
        with self._occupied[station]:
            yield

    @contextmanager
    def at(self, station: str) -> Iterator[Agent]:
        """Stand before a station, alone; others wait behind."""
        with self.occupied(station):
            yield self.agent(station)

    def place_of(self, tag_number: str) -> str | None:
        """Where the panel sends this tag now."""
        with self._changed:
            found = [call for call in self._panel.calls if call.tag_number == tag_number]
        return found[0].place if found else None

    def wait(self, until: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is so; tell whether it is."""
        deadline = monotonic() + timeout_s
        while not until():
            if self.ended.wait(0.1) or monotonic() > deadline:
                return False
        return True

    def work_for(self, duty: str) -> None:
        """Say that there is work for the officers of a duty."""
        with self._changed:
            self._work[duty] += 1

    def has_work_for(self, duty: str) -> bool:
        """Tell, once for each time that it was said, that there is work."""
        with self._changed:
            there_is = self._work[duty] > 0
            self._work[duty] -= there_is
        return there_is

    def sit_down(self, place: str, visitor: Any) -> Event:
        """Take the chair before an officer; the event is set when the officer is done."""
        done = Event()
        with self._changed:
            self._chairs[place] = (visitor, done)
        return done

    def sitting(self, place: str) -> Any | None:
        """Who sits before the officer at this place."""
        with self._changed:
            return self._chairs[place][0] if place in self._chairs else None

    def stand_up(self, place: str) -> None:
        """Let the person before the officer go."""
        with self._changed:
            _, done = self._chairs.pop(place)
        done.set()

    def _read_panel(self) -> None:
        """Read what is pushed; connect again whenever the line ends."""
        address = f"{self.backend_address}/v1/display/{OFFICE}/events"
        while not self.ended.is_set():
            try:
                with requests.get(address, stream=True, timeout=(3, 40)) as events:
                    for line in events.iter_lines():
                        if self.ended.is_set():
                            return
                        if line.startswith(b"data:"):
                            self._take_in(json.loads(line[5:]))
            except (requests.RequestException, ValueError) as error:
                logger.debug("the panel is away: %s", type(error).__name__)
                self.ended.wait(0.5)

    def _take_in(self, state: object) -> None:
        with self._changed:
            self._panel = DisplayState.model_validate(state)
            self._changed.notify_all()
            calls = self._panel.calls
        for call in calls:
            self.ear.await_call(call.tag_number, call.place)
        if calls and self.record.is_new("a panel with calls"):
            Thread(target=self._glance_at_panel, daemon=True).start()

    def _glance_at_panel(self) -> None:
        """Keep a picture of the panel while it calls somebody."""
        self.ended.wait(0.7)
        try:
            self.agent("display-1").look()
        except NotThereError:
            logger.debug("the panel's screen is away")
