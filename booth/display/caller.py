"""Calls aloud: takes the panel's states, and lets a voice say one call after the other."""

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from booth.display.calling import Line, heard, said
from booth.display.wording import NOTES, utterances
from common.ui.speech.voice import LOUDEST, Utterance, Voice
from common.wire.shapes import Call, DisplayState

logger = logging.getLogger(__name__)

LONGEST_MS = 30_000
"""No sentence takes so long: a loudspeaker that hangs must not hold up the calls behind."""


class Caller(QObject):
    """Lives in the GUI thread. Without a voice every call counts as said: it is only shown.

    A call that no language of could be said waits at the head of the line for the next state,
    which comes with the next call and every 15 seconds. The voice logs why, once.

    Signals:
        changed: Another sentence is being said, or none, or the voice failed or came back.
        called: A call was said.
    """

    changed = Signal()
    called = Signal(object)

    def __init__(
        self, voice: Voice | None, line: Line, keep: Callable[[Line], None] = lambda _line: None
    ) -> None:
        super().__init__()
        self._voice = voice
        self._keep = keep
        self.line = line
        self.saying: Call | None = None
        self.sentence: Utterance | None = None
        self.is_silent = False
        """Whether the last call could not be said, or not in each language."""
        self._rest: Sequence[Utterance] = ()
        self._heard, self._failed = False, False
        if voice is not None:
            voice.volume = LOUDEST  # how loud a hall is, its amplifier says
            voice.ended.connect(self._go_on)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(LONGEST_MS)
        self._patience.timeout.connect(self._break_off)

    def hear(self, state: DisplayState) -> None:
        """Take a state in, and call whom it calls."""
        line = heard(self.line, state)
        self._note(line if self._voice is not None else Line(seen=line.seen))
        if self.saying is None and self.line.unsaid:
            self._begin(self.line.unsaid[0])

    def close(self) -> None:
        """Be silent for ever."""
        self._patience.stop()
        if self._voice is not None:
            self._voice.close()

    def _begin(self, call: Call) -> None:
        self.saying = call
        self._heard, self._failed = False, False
        self._rest = utterances(call, len(self.line.unsaid))
        self._say_next()

    def _say_next(self) -> None:
        self.sentence, *self._rest = self._rest
        if self._voice is not None:
            self._voice.say([self.sentence], now=False)
        self._patience.start()
        self.changed.emit()

    def _break_off(self) -> None:
        if not self.is_silent:
            logger.warning("the loudspeaker takes no sound")
        if self._voice is not None:
            self._voice.hush()

    def _go_on(self, utterance: Utterance, is_whole: bool) -> None:
        self._patience.stop()
        self._failed |= not is_whole
        self._heard |= is_whole and utterance.pieces != (NOTES,)
        if self._rest:
            self._say_next()
        elif self.saying is not None:
            self._end(self.saying)

    def _end(self, call: Call) -> None:
        self.saying, self.sentence = None, None
        self.is_silent = self._failed
        if self._heard:
            self._note(said(self.line, call))
            self.called.emit(call)
            if self.line.unsaid:
                self._begin(self.line.unsaid[0])
                return
        self.changed.emit()

    def _note(self, line: Line) -> None:
        self.line = line
        self._keep(line)
