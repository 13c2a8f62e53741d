"""A person who cannot see the screen: hears what it says, and presses the keys of its keypad.

Nothing here asks a station for its screen or a picture of it. A page is known by its title, as it
is read out; a choice is found by going from one to the next until it is called by its name.
"""

import logging
import string
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Event
from time import monotonic

from common.domain.language import OWN_NAMES, Language
from common.i18n.texts import TextValue, texts
from common.ui.speech.keys import PadKey
from common.ui.speech.wording import SIGNS
from office.bench_client import CannotError
from office.touch_client import Heard, NotThereError

logger = logging.getLogger(__name__)

BETWEEN = " · "
LISTEN_EVERY_S = 0.02
SILENT_S = 60.0
ANSWER_S = 1.5
"""How long a key may take to be answered by a word."""
DECIDE_S = 0.4
"""Nobody takes a choice sooner: a page that came this moment takes none yet (a double strike)."""

AGAIN_AFTER_S = 4.0
MOST_STOPS = 30
KEY_ORDER = string.ascii_uppercase + string.digits

Hears = Callable[[int], Heard]
Presses = Callable[[PadKey], None]


@dataclass(frozen=True, slots=True)
class Ears:
    """All that a station is to this person: what it says, and its keys."""

    hear: Hears
    press: Presses


class EarAgent:
    """One person at one station, with earphones."""

    def __init__(self, station: str, ears: Ears, language: Language, ended: Event) -> None:
        self.station = station
        self.language = language
        self._ears = ears
        self._ended = ended
        self._count = 0
        self._titles: Mapping[str, object] = {}
        self._title = ""
        """The title of a page that was heard and not acted upon."""
        self.last: list[str] = []
        """All that was heard since the plug went in."""

    def words(self, key: str, **values: TextValue) -> str:
        """The sentence for key in this person's language."""
        return texts(self.language).text(key, **values)

    # Hearing and pressing

    def plug_in(self, greetings: Collection[str]) -> None:
        """Plug the earphones in, and go to the own language if the station speaks another.

        Args:
            greetings: The titles, in each language, of a station that is ready for a person.

        Raises:
            NotThereError: It is not: the earphones are out again.
        """
        self._count = self._ears.hear(0).count
        said = self.press(PadKey.JACK_IN)
        if not any(title in said for title in greetings):
            self.pull_out()
            raise NotThereError("another person is served")
        if self._ears.hear(0).language != self.language:
            self._choose_language()

    def pull_out(self) -> None:
        """Take the earphones with one."""
        self._ears.press(PadKey.JACK_OUT)

    def press(self, key: PadKey) -> list[str]:
        """Press a key and listen until the station is silent."""
        self._ears.press(key)
        return self.listen(ANSWER_S)

    def listen(self, at_least_s: float = 0.0) -> list[str]:
        """Listen until the station is silent; return the utterances that are new.

        Args:
            at_least_s: How long to wait for a first word.

        Raises:
            NotThereError: It never falls silent, or the day is over.
        """
        said: list[str] = []
        begun = monotonic()
        deadline = begun + SILENT_S
        while not self._ended.wait(LISTEN_EVERY_S):
            heard = self._ears.hear(self._count)
            said += heard.texts
            self._count = heard.count
            if not heard.is_speaking and (said or monotonic() - begun >= at_least_s):
                self._note(said)
                return said
            if monotonic() > deadline:
                raise NotThereError("the station does not stop speaking")
        raise NotThereError("the day is over")

    def _note(self, said: list[str]) -> None:
        self.last += said
        for text in said:
            if text in self._titles:
                self._title = text

    # Doing

    def choose(self, key: str, **values: TextValue) -> None:
        """Go down until a choice is called by its name, and take it.

        Raises:
            NotThereError: There is no such choice, or another page has come.
        """
        name = self.words(key, **values)
        self._go_to(lambda pieces: pieces[0] == name, name)
        self._ended.wait(DECIDE_S)
        self.press(PadKey.SELECT)

    def choose_option(self, row: str, name: str) -> None:
        """Go down to a row of choices by what it is called, and in it to one of them."""
        pieces = self._go_to(lambda found: found[0] == row, row)
        for _ in range(MOST_STOPS):
            if name in pieces:
                self.press(PadKey.SELECT)
                return
            pieces = "".join(self.press(PadKey.RIGHT)[-1:]).split(BETWEEN)
        raise NotThereError(f"{row} has no {name!r}")

    def type(self, text: str) -> None:
        """Type on the page's pad, finding each character by ear."""
        pad = self.words("common-speech-pad")
        at = self._go_to(lambda pieces: pieces[0] == pad, pad)[-1]
        for letter in text:
            at = self._find_key(self._called(letter), at)
            self.press(PadKey.SELECT)

    def _called(self, letter: str) -> str:
        """What the voice calls a key; a space and signs have names."""
        if letter == " ":
            return self.words("common-key-space")
        return self.words(f"common-speech-sign-{SIGNS[letter]}") if letter in SIGNS else letter

    def _find_key(self, name: str, at: str) -> str:
        """Go to a key the shorter way: letters come first, then digits, signs, words."""
        way = PadKey.RIGHT if KEY_ORDER.find(at) <= KEY_ORDER.find(name) else PadKey.LEFT
        for _ in range(60):
            if at == name:
                return at
            at = "".join(self.press(way)[-1:])
        raise NotThereError(f"no key {name}")

    def _go_to(self, is_it: Callable[[list[str]], bool], name: str) -> list[str]:
        title = self._title
        for _ in range(MOST_STOPS):
            for said in self.press(PadKey.DOWN):
                if is_it(pieces := said.split(BETWEEN)):
                    return pieces
            if self._title != title:
                raise NotThereError("another page has come")
        raise NotThereError(f"nothing is called {name!r}")

    def _choose_language(self) -> None:
        wanted = OWN_NAMES[self.language]
        for _ in range(MOST_STOPS):
            stop = "".join(self.press(PadKey.DOWN)[-1:])
            if any(name in stop.split(BETWEEN) for name in OWN_NAMES.values()):
                break
        for _ in range(MOST_STOPS):
            if any(said.split(BETWEEN)[0] == wanted for said in self.press(PadKey.RIGHT)):
                self.press(PadKey.SELECT)
                return
        raise NotThereError(f"there is no {wanted}")

    def go(
        self,
        table: Mapping[str, Callable[[], object]],
        done: Callable[[], bool],
        timeout_s: float,
        doing: str,
    ) -> None:
        """Do what each page asks, known by its title, until done says so.

        Whoever has not heard anything for a while has the page read once more.

        Raises:
            StuckEarError: It was not done within timeout_s.
        """
        self._titles, deadline = table, monotonic() + timeout_s
        heard_at = 0.0
        while not self._ended.is_set():
            if monotonic() > deadline:
                raise StuckEarError(f"{self.station}: {doing} is stuck; heard {self.last[-6:]}")
            try:
                if self.listen():
                    heard_at = monotonic()
                if done():
                    return
                title, self._title = self._title, ""
                if title:
                    table[title]()
                elif monotonic() - heard_at > AGAIN_AFTER_S:
                    heard_at = monotonic()
                    self.press(PadKey.HELP)
            except (NotThereError, CannotError) as error:
                logger.debug("%s, by ear: %s", self.station, error)
                self._ended.wait(0.1)
        raise StuckEarError(f"{self.station}: the day ended during {doing}")


class StuckEarError(Exception):
    """What was heard did not lead to where the person wanted to go."""
