"""Watches who asks for staff, and keeps the bar of it beside whatever the officer works at."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from booth.calls import Call, Calls, looked, sounded
from booth.desk import Home, Line
from booth.duties.shared import Note
from booth.screens.entrance import home
from booth.screens.samples import MORNING, OFFICER
from booth.screens.values import noted
from booth.work import calling_staff
from booth.work.tools import Tools
from common.domain.clock import OFFICE_ZONE
from common.ui.screen import Screen, Value
from common.ui.visit_driver import STOP_S
from common.ui.window import StationWindow

LOOK_EVERY_S = 3.0
_LOST = "staff-call-lost"


class CallWatch(QObject):
    """Looks every few seconds while an officer is at work. Lives in the GUI thread.

    The centre is asked in a thread of the watch's own: its silence stops nothing here.

    Args:
        is_in: Whether an officer is at work, whose screen shows the calls.
    """

    _heard = Signal(object)

    def __init__(
        self, tools: Tools, window: StationWindow, is_in: Callable[[], bool], every_s: float
    ) -> None:
        super().__init__()
        self.calls = Calls()
        self._tools, self._window, self._is_in = tools, window, is_in
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="calls")
        self._asking: Future[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(round(every_s * 1000))
        self._timer.timeout.connect(self.look)
        self._heard.connect(self._take, Qt.ConnectionType.QueuedConnection)
        window.answered_call.connect(self._go)

    def start(self) -> None:
        """Begin to look."""
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._window.answered_call.disconnect(self._go)
        self._worker.shutdown(wait=False, cancel_futures=True)
        wait([self._asking] if self._asking else [], STOP_S)

    def look(self) -> None:
        """Ask the centre, unless it is being asked, or nobody is here to go."""
        if self._is_in() and (self._asking is None or self._asking.done()):
            self._ask(partial(calling_staff.look, self._tools))

    def bar(self) -> dict[str, Value]:
        """Return what the screen of the officer shows now."""
        return bar(self.calls) if self._is_in() else {}

    def _go(self, which: str) -> None:
        for call in self.calls.waiting:
            if _value(call) == which:
                self._ask(partial(calling_staff.go, self._tools, call))

    def _ask(self, ask: Callable[[], calling_staff.Heard]) -> None:
        self._asking = self._worker.submit(lambda: self._heard.emit(ask()))

    def _take(self, heard: calling_staff.Heard) -> None:
        self.calls = looked(self.calls, *heard)
        if self.calls.is_new and self._is_in():
            self.calls = sounded(self.calls)
            self._window.sound_tone()
        self._window.show_calls(self.bar())


def bar(calls: Calls) -> dict[str, Value]:
    """Say the calls: the oldest with its button, where the others are, what is not certain."""
    if not calls.waiting:
        return {}
    first, *others = calls.waiting
    at = first.called_at.astimezone(OFFICE_ZONE)
    return {
        "value": _value(first),
        "where": f"{first.place} ({first.station})",
        "since": f"{at:%H:%M}",
        "others": ", ".join(call.place for call in others),
        "note_key": _LOST if calls.note is Note.UNREACHABLE else noted(calls.note)["note_key"],
    }


def _value(call: Call) -> str:
    return f"{call.station} {call.called_at.isoformat()}"


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    waiting = (
        Call(MORNING, "registration-1", "K1"),
        Call(MORNING, "tag-1", "T1"),
        Call(MORNING, "collection-2", "C2"),
    )
    samples = {
        "one": Calls(waiting[:1]),
        "three": Calls(waiting),
        "lost": Calls(waiting[:1], note=Note.UNREACHABLE),
    }
    at_home = home(Home(Line(0, 0, online=True)), OFFICER)
    return {
        name: Screen(at_home.qml, {**at_home.values, "calls": bar(calls)}, at_home.actions)
        for name, calls in samples.items()
    }
