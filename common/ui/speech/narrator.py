"""Reads a station's screens to one person with earphones, in the language shown."""

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from common.i18n.texts import Texts, texts
from common.ui.controls import Part, parts, scroll_to
from common.ui.screen import Screen
from common.ui.speech.stops import Stop, StopKind, stops
from common.ui.speech.voice import LOUDEST, SPEEDS, Utterance, Voice
from common.ui.speech.wording import (
    alert_texts,
    covered,
    error_texts,
    page_texts,
    stop_pieces,
)
from common.ui.window import StationWindow

logger = logging.getLogger(__name__)

LOOK_EVERY_MS = 250
ARRIVED_MS = 60
"""A screen lays itself out before it is read."""
TOLD_AT_S = {30, 10, 5}
"""The seconds left that are said while a question waits for its answer."""


class Narrator(QObject):
    """Speaks while earphones are plugged in, and is silent otherwise: there is no loudspeaker.

    Signals:
        said: An utterance has begun: a caption shows it.
    """

    said = Signal(object)

    def __init__(self, window: StationWindow, voice: Voice, *, captions: bool = True) -> None:
        super().__init__()
        self.window = window
        self.voice = voice
        self.is_plugged = False
        self._captions = captions
        self._heard: set[str] = set()
        """The texts on the screen that were said."""
        self._line = -1
        self._is_saying_change = False
        self._was_welcome = False
        self._countdown = 0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self._say_changes)
        self._arrival = QTimer(self)
        self._arrival.setSingleShot(True)
        self._arrival.setInterval(ARRIVED_MS)
        self._arrival.timeout.connect(self.read_page)
        window.shown.connect(self._arrive)
        window.spoken_anew.connect(self._arrival.start)
        window.asked.connect(self._ask)
        voice.began.connect(self._show_caption)
        window.speech = self

    # What the visit driver asks

    @property
    def is_on(self) -> bool:
        """Whether somebody listens."""
        return self.is_plugged

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance must not be cut by a timer now."""
        return self.is_plugged and (self.voice.is_speaking or self._arrival.isActive())

    # The plug

    def plug_in(self) -> None:
        """Begin to speak: first how to go on, then what the page says."""
        if self.is_plugged:
            return
        self.is_plugged = True
        self.window.show_captions(self._captions)
        self._look.start()
        self.say(self.words.text("common-speech-intro"), now=True)
        self.read_page(now=False)

    def pull_out(self) -> None:
        """Fall silent in the middle of a word; the next person begins with the usual volume."""
        self.is_plugged = False
        self._look.stop()
        self._arrival.stop()
        self.voice.hush()
        self.voice.reset()
        self._heard.clear()
        self.window.show_captions(False)

    def close(self) -> None:
        """Stop for good."""
        self.pull_out()
        self.voice.close()

    # What is said

    @property
    def words(self) -> Texts:
        """The texts of the language shown."""
        return texts(self.window.language)

    def parts(self) -> list[Part]:
        """Return what counts on the screen: of a question before it, only the question."""
        found = parts(self.window)
        return [part for part in found if part.control.enabled] if self._countdown else found

    def stops(self, found: Sequence[Part] | None = None) -> list[Stop]:
        """Return where the keypad can go; how fast speech is, is a stop for who hears it."""
        speed = [Stop(StopKind.SPEED)] if self.is_plugged and not self._countdown else []
        return stops(self.parts() if found is None else found) + speed

    def say(self, *pieces: str, now: bool) -> None:
        """Say pieces as one utterance, if somebody listens."""
        if self.is_plugged and any(pieces):
            self._is_saying_change = False
            said = tuple(piece for piece in pieces if piece)
            self.voice.say([Utterance(said, self.window.language)], now=now)

    def page(self, found: Sequence[Part]) -> list[tuple[str, ...]]:
        """Return the utterances of a page with these parts."""
        said: list[tuple[str, ...]] = [(covered(text, self.words),) for text in self._texts(found)]
        said += [(error,) for error in error_texts(found)]
        said += [(self.words.text(key),) for key in self._spoken_only()]
        count = len(self.stops(found))
        if self._countdown:
            return [*said, (self.words.text("common-speech-any-key"),)]
        if count:
            said.append((self.words.text("common-speech-choices", count=count),))
        return said

    def read_page(self, *, now: bool = True) -> None:
        """Read the page from its head."""
        if not self.is_plugged:
            return
        self._arrival.stop()
        found = self.parts()
        self._heard = set(self._texts(found)) | set(error_texts(found))
        self._line = -1
        self._is_saying_change = False
        said = [Utterance(pieces, self.window.language) for pieces in self.page(found)]
        self.voice.say(said, now=now)

    def read_line(self, step: int) -> None:
        """Read the next text of the page, or the one before."""
        found = self.parts()
        lines = self._texts(found)
        if not lines:
            return
        self._line = min(max(0, self._line + step), len(lines) - 1)
        line = lines[self._line]
        for part in found:
            if part.item is not None and not part.control.touchable and part.control.name in line:
                scroll_to(part.item)
                break
        self.say(covered(line, self.words), now=True)

    def read_stop(self, stop: Stop, at: int, place: tuple[int, int]) -> None:
        """Say a stop of the keypad."""
        speed = (self.voice.speed + 1, len(SPEEDS))
        self.say(*stop_pieces(stop, at, place, speed, self.window.language), now=True)

    def change_volume(self, step: int) -> None:
        """Louder or softer, and say so."""
        self.voice.volume = min(max(1, self.voice.volume + step), LOUDEST)
        said = self.words.text("common-speech-volume", step=self.voice.volume, steps=LOUDEST)
        self.say(said, now=True)

    def next_volume(self) -> None:
        """Louder; after the loudest comes a soft one: for a keypad with one volume key."""
        if self.voice.volume == LOUDEST:
            self.voice.volume = 1
        self.change_volume(1)

    def change_speed(self, step: int) -> None:
        """Faster or slower."""
        self.voice.speed = min(max(0, self.voice.speed + step), len(SPEEDS) - 1)

    # What changes by itself

    def _arrive(self, screen: Screen, keeps: bool) -> None:
        is_welcome = bool(screen.values.get("resets"))
        if is_welcome and not self._was_welcome:
            self.voice.reset()
        self._was_welcome = is_welcome
        if self.is_plugged and not keeps:
            self._arrival.start()

    def _ask(self, seconds: int) -> None:
        was, self._countdown = self._countdown, seconds
        if (seconds and not was) or (was and not seconds and self.is_plugged):
            self._arrival.start()
        elif seconds in TOLD_AT_S:
            self.say(self.words.text("common-speech-seconds", seconds=seconds), now=False)

    def _say_changes(self) -> None:
        """Say what came to the screen since; of what changes quickly, what is there in the end."""
        if self._arrival.isActive() or self._countdown:
            return
        found = self.parts()
        on_screen = self._texts(found) + error_texts(found)
        new = [text for text in on_screen if text not in self._heard]
        urgent = alert_texts(found) | set(error_texts(found))
        self._heard &= set(on_screen)
        if not new:
            return
        if self.voice.is_speaking and (self._is_saying_change or not urgent & set(new)):
            return
        self._heard |= set(new)
        self.say(*(covered(text, self.words) for text in new), now=True)
        self._is_saying_change = True

    def _show_caption(self, utterance: Utterance) -> None:
        self.said.emit(utterance)
        self.window.show_caption(utterance.text)

    def _spoken_only(self) -> Sequence[str]:
        screen = self.window.current
        keys = None if screen is None else screen.values.get("spoken")
        return [str(key) for key in keys] if isinstance(keys, list) else []

    def _texts(self, found: Sequence[Part]) -> list[str]:
        return page_texts(found, self.words.text(self.window.title_key))
