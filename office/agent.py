"""A person before a screen: looks, recognises the screen, does what it asks, looks again.

Nothing here knows a flow. A person who meets an unexpected screen does what that screen says;
so a kiosk that was restarted in between is simply met again at its beginning.
"""

import logging
from collections.abc import Callable, Mapping
from threading import Event
from time import monotonic

from common.domain.language import Language
from common.i18n.texts import TextValue, texts
from office.bench_client import CannotError
from office.record import Record
from office.touch_client import NotThereError, Seen, TouchClient

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.15
AGAIN_AFTER_S = 2.5

Doing = Callable[[Seen], object]


class StuckError(Exception):
    """The screen did not lead to where the person wanted to go."""


class Agent:
    """One person at one station."""

    def __init__(self, station: str, touch: TouchClient, record: Record, ended: Event) -> None:
        self.station = station
        self._touch = touch
        self._record = record
        self._ended = ended

    def words(self, seen: Seen, key: str, **values: TextValue) -> str:
        """The sentence for key in the language that the screen speaks."""
        return texts(Language(seen.language)).text(key, **values)

    def tap(self, seen: Seen, key: str, **values: TextValue) -> None:
        """Touch the control that bears this sentence."""
        self.tap_named(self.words(seen, key, **values))

    def hold(self, seen: Seen, key: str, seconds: float) -> None:
        """Hold a finger on what bears this sentence."""
        self._touch.hold(self.words(seen, key), seconds, self._ended)

    def tap_named(self, name: str) -> None:
        """Touch the control of exactly this name."""
        self._touch.tap(name)
        self._record.touched(self.station)

    def press(self, letters: str) -> None:
        """Touch the keys of a pad one after the other."""
        for letter in letters:
            self._touch.tap(letter, after_s=0.0)
            self._record.touched(self.station)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        self._touch.type(text)

    def key(self, name: str) -> None:
        """Press one key of the keyboard."""
        self._touch.key(name)

    def look(self) -> Seen:
        """Look at the screen; keep its picture the first time it is seen in this language."""
        seen = self._touch.look()
        name = f"{self.station}-{seen.name}-{seen.language}"
        if seen.name and self._record.is_new(name):
            self._record.screen(name, self._touch.picture())
        return seen

    def go(
        self,
        table: Mapping[str, Doing],
        done: Callable[[Seen], bool],
        timeout_s: float,
        doing: str,
    ) -> None:
        """Do what each screen asks until done says so.

        A screen's action runs once when the screen appears, and again after a while if it still
        says the same, as people do. Screens without an entry are waited out.

        Raises:
            StuckError: It was not done within timeout_s.
        """
        deadline = monotonic() + timeout_s
        last, acted_at = "", 0.0
        while not self._ended.wait(LOOK_EVERY_S):
            if monotonic() > deadline:
                raise StuckError(f"{self.station}: {doing} is stuck at {last or 'no screen'}")
            try:
                seen = self.look()
                if done(seen):
                    return
                if seen.says == last and monotonic() - acted_at < AGAIN_AFTER_S:
                    continue
                last, acted_at = seen.says, monotonic()
                if seen.name in table:
                    table[seen.name](seen)
            except (NotThereError, CannotError) as error:
                # The screen changed under the finger, a gate was still shut, or the station is
                # being started again: a person looks once more.
                logger.debug("%s: %s", self.station, error)
        raise StuckError(f"{self.station}: the day ended during {doing}")
