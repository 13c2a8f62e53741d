"""Puts together what the hall sees: the newest state, what is said of it, and what is new on it."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from booth.display.caller import Caller
from booth.display.calling import key
from booth.display.screens.panel import Aloud, panel
from booth.display.wording import NOTES
from common.ui.window import StationWindow
from common.wire.shapes import Call, DisplayState

MARKED_S = 20.0
"""A call stays marked so long after it was said, or shown where nothing is said."""


class Board(QObject):
    """Shows the newest state; keeps the last one, with a warning, when the line is lost."""

    _came = Signal(object)

    def __init__(
        self, window: StationWindow, caller: Caller, clock: Callable[[], float] = monotonic
    ) -> None:
        super().__init__()
        self._window = window
        self._caller = caller
        self._clock = clock
        self._state: DisplayState | None = None
        self._is_lost = False
        self._marked: dict[tuple[str, int], float] = {}
        """Until when a call is marked, by tag and revision."""
        self._came.connect(self._take_in, Qt.ConnectionType.QueuedConnection)
        caller.changed.connect(self.show)
        caller.called.connect(self._mark)
        self._fading = QTimer(self)
        self._fading.setSingleShot(True)
        self._fading.timeout.connect(self.show)

    def told(self, state: DisplayState | None) -> None:
        """Take a state, or None for a lost line; from any thread."""
        self._came.emit(state)

    def show(self) -> None:
        """Show what is known; before the first state, that nothing is."""
        now = self._clock()
        self._marked = {call: until for call, until in self._marked.items() if until > now}
        if self._marked:
            self._fading.start(round((min(self._marked.values()) - now) * 1000) + 1)
        self._window.show(
            panel(self._state, is_lost=self._is_lost, aloud=self._aloud(), calling=self._calling())
        )

    def _take_in(self, state: DisplayState | None) -> None:
        self._is_lost = state is None
        if state is not None:
            # A restarted centre may count anew, so the newest word wins, not the highest number.
            self._state = state
            for call in state.announce:
                self._mark(call)
            self._caller.hear(state)
        self.show()

    def _mark(self, call: Call) -> None:
        self._marked[key(call)] = self._clock() + MARKED_S

    def _calling(self) -> set[tuple[str, int]]:
        """Return the calls that are new, wait to be said, or are said now."""
        said = [self._caller.saying] if self._caller.saying else []
        return {*self._marked, *map(key, self._caller.line.unsaid), *map(key, said)}

    def _aloud(self) -> Aloud:
        sentence = self._caller.sentence
        has_words = sentence is not None and sentence.pieces != (NOTES,)
        language = sentence.language if sentence is not None and has_words else None
        return Aloud(self._caller.saying, language, self._caller.is_silent)
