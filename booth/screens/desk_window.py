"""Joins the two visits of an officers' desk, the door and the desk behind it, in one window."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from booth import desk, door
from booth.duties.shared import Failed, HomeAsked, Note
from booth.screens.call_watch import LOOK_EVERY_S, CallWatch
from booth.screens.choice import screen_for
from booth.work import perform, signing_in
from booth.work.tools import Tools
from common.flow.machine import Stay
from common.ui.screen import Screen
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow

IDLE_S = 5 * 60
LOOK_AT_LINE_S = 1.0


class DeskWindow(QObject):
    """One window, two visits: what is open goes on while the door is locked.

    Both hear every touch; each knows its own events and lets the others pass. Who asks for staff
    somewhere in the office stands above all of it.
    """

    def __init__(
        self,
        tools: Tools,
        window: StationWindow,
        idle_s: float = IDLE_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        super().__init__()
        self._tools = tools
        self._place = tools.station.config.place
        self.desk = VisitDriver[desk.State, object, desk.Task](
            start=desk.Home(),
            started=desk.Started(),
            next_step=desk.next_step,
            perform=self._work,
            screen_for=lambda _: self._screen(),
            window=window,
            failed=Failed(Note.UNFORESEEN),
            left=HomeAsked(),
            lane=perform.lane,
        )
        self.door = VisitDriver[door.State, object, door.Task](
            start=door.SignedOut(),
            started=desk.Started(),
            next_step=door.next_step,
            perform=self._open_door,
            screen_for=lambda _: self._screen(),
            window=window,
            failed=door.SignInFailed(Note.UNFORESEEN),
            left=door.OfficerIdle(),
        )
        self.watch = CallWatch(
            tools, window, lambda: isinstance(self.door.visit.state, door.In), look_every_s
        )
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(round(idle_s * 1000))
        self._idle.timeout.connect(lambda: self.door.happened(door.OfficerIdle()))
        window.touched.connect(self._idle.start)
        self._line = QTimer(self)
        self._line.setInterval(round(LOOK_AT_LINE_S * 1000))
        self._line.timeout.connect(self._look_at_line)

    def start(self) -> None:
        """Show the door."""
        self.desk.start()
        self.door.start()
        self._idle.start()
        self._line.start()
        self.watch.start()

    def hung(self) -> str:
        """Name a lane that hangs; empty where none does."""
        return self.desk.hung() or self.door.hung()

    def stop(self) -> None:
        """End both visits; what is open stays in the journal."""
        self._idle.stop()
        self._line.stop()
        self.watch.stop()
        self.desk.stop()
        self.door.stop()

    def _screen(self) -> Screen:
        screen = screen_for(self.door.visit.state, self.desk.visit.state, self._place)
        return replace(screen, values={**screen.values, "calls": self.watch.bar()})

    def _work(self, task: desk.Task, stay: Stay) -> object | None:
        return perform.perform(self._tools, task, stay)

    def _open_door(self, task: door.Task, _stay: Stay) -> object | None:
        return signing_in.perform(self._tools, task)

    def _look_at_line(self) -> None:
        self.desk.happened(desk.LineSeen(perform.line_of(self._tools)))
