"""One voice in one ear: says utterances one after the other, and stops in the middle of a word."""

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Condition, Event, Thread

import numpy as np
from PySide6.QtCore import QObject, Signal

from common.domain.language import Language
from common.ui.speech.engine import RATE_HZ, Engine, EngineError
from common.ui.speech.spelling import spelled
from hardware.core.errors import DeviceError, RequestCancelledError
from hardware.sound.interface import SoundOutput

logger = logging.getLogger(__name__)

USUAL_VOLUME, LOUDEST = 6, 10
STEP_DB = 3.0
SPEEDS = (0.7, 0.85, 1.0, 1.25, 1.5, 2.0)
USUAL_SPEED = 2
PAUSE = bytes(2 * (RATE_HZ // 6))
"""A sixth of a second between what is said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said without a break.

    Attributes:
        pieces: Its sentences; each is looked for among the recordings for itself.
        language: Whose voice says it.
    """

    pieces: tuple[str, ...]
    language: Language

    @property
    def text(self) -> str:
        """As it is written in the caption."""
        return " · ".join(self.pieces)


class Voice(QObject):
    """Lives in the GUI thread; sound is made and played in a thread of its own.

    Signals:
        began: An utterance's first sample is on its way.
        ended: An utterance is over; True where it was said to its end.
        fell_silent: Nothing more is to be said.
    """

    began = Signal(object)
    ended = Signal(object, bool)
    fell_silent = Signal()

    def __init__(self, engine: Engine, output: SoundOutput) -> None:
        super().__init__()
        self._engine = engine
        self._output = output
        self._waiting: deque[Utterance] = deque()
        self._saying: Event | None = None
        self._is_closed = False
        self._change = Condition()
        self._fault = ""
        self.volume = USUAL_VOLUME
        self.speed = USUAL_SPEED
        self._thread = Thread(target=self._speak, name="voice", daemon=True)
        self._thread.start()

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said, or waits to be."""
        with self._change:
            return self._saying is not None or bool(self._waiting)

    def say(self, utterances: Sequence[Utterance], *, now: bool) -> None:
        """Say these; now: at once, in place of what is being said and waits."""
        with self._change:
            if now:
                self._hush()
            self._waiting.extend(utterances)
            self._change.notify_all()

    def hush(self) -> None:
        """Be silent in the middle of a word, and forget what waits."""
        with self._change:
            self._hush()

    def reset(self) -> None:
        """Go back to the usual volume and speed."""
        self.volume, self.speed = USUAL_VOLUME, USUAL_SPEED

    def close(self) -> None:
        """Be silent for ever."""
        with self._change:
            self._is_closed = True
            self._hush()
            self._change.notify_all()
        self._thread.join()
        self._engine.close()

    def _hush(self) -> None:
        self._waiting.clear()
        if self._saying is not None:
            self._saying.set()

    def _speak(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._waiting or self._is_closed)
                if self._is_closed:
                    return
                utterance, cancelled = self._waiting.popleft(), Event()
                self._saying = cancelled
            self.began.emit(utterance)
            is_whole = self._say_one(utterance, cancelled)
            self.ended.emit(utterance, is_whole)
            with self._change:
                self._saying = None
                is_last = not self._waiting
            if is_last:
                self.fell_silent.emit()

    def _say_one(self, utterance: Utterance, cancelled: Event) -> bool:
        try:
            said = sound(self._engine, utterance, SPEEDS[self.speed], self.volume, cancelled)
            self._output.play(said, RATE_HZ, cancelled)
        except RequestCancelledError:
            return False
        except (DeviceError, EngineError) as error:
            self._note(str(error))
            return False
        self._note("")
        return not cancelled.is_set()

    def _note(self, fault: str) -> None:
        """Say once what is wrong, and once that it works again; never what was to be said."""
        if fault != self._fault:
            logger.warning("speech: %s", fault or "works again")
        self._fault = fault


def sound(
    engine: Engine, utterance: Utterance, speed: float, volume: int, cancelled: Event
) -> Iterator[bytes]:
    """Give the samples of an utterance as a voice plays them.

    Raises:
        EngineError: A piece cannot be said.
    """
    for piece in utterance.pieces:
        for samples in engine.say(spelled(piece), utterance.language, speed, cancelled):
            yield _louder(samples, volume)
    yield PAUSE


def _louder(samples: bytes, volume: int) -> bytes:
    by = 10 ** ((volume - LOUDEST) * STEP_DB / 20)
    return (np.frombuffer(samples, "<i2") * by).astype("<i2").tobytes()
