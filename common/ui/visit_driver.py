"""Joins a visit, its screens and its equipment: work goes out to threads, answers come home."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import Any, Generic

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from common.flow.machine import Event, ForReading, NextStep, State, Stay, Task, Visit
from common.ui.app import where
from common.ui.screen import Screen
from common.ui.screens.busy import starting
from common.ui.window import StationWindow
from common.ui.wiping import wipe_lane

logger = logging.getLogger(__name__)

STOP_S = 0.25
"""How long a device may take to end its wait: every driver promises as much."""
LISTENING = 3
"""Who listens takes so many times as long as who reads: nobody hears at a glance."""
LOOK_AGAIN_MS = 250


HUNG_S, BUSY_S = 60.0, 180.0
"""After how long a lane counts as hung: once its state was left, and behind a busy screen."""


def one_lane(_task: object) -> str:
    """Put all tasks on one worker."""
    return "equipment"


class VisitDriver(QObject, Generic[State, Event, Task]):
    """Runs a visit after another. Lives in the GUI thread; each lane has one worker thread.

    A lane is a device (or what must be done in order); its tasks are worked off one after the
    other, also those of a state that has been left: a card that has to come out comes out.
    """

    _came = Signal(object, object, object)
    _told = Signal(object, object)

    def __init__(
        self,
        *,
        start: State,
        started: Event,
        next_step: NextStep[State, Event, Task],
        perform: Callable[[Task, Stay], Event | None],
        screen_for: Callable[[State], Screen],
        window: StationWindow,
        failed: Event,
        left: Event,
        lane: Callable[[Task], str] = one_lane,
        answer_s: int = 20,
    ) -> None:
        super().__init__()
        self.window = window
        self._started = started
        self._perform = perform
        self._screen_for = screen_for
        self._failed = failed
        self._left = left
        self._lane = lane
        self._answer_s = answer_s
        self._workers: dict[str, ThreadPoolExecutor] = {}
        self._in_hand: dict[Future[Any], tuple[str, Stay]] = {}
        self._left_at: dict[Stay, float] = {}
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._ask)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count)
        self._seconds_left = 0
        self._read: tuple[Event, Task, Stay] | None = None
        """What comes after a screen that was shown for its time, while the person is asked."""
        self._hushed = QTimer(self)
        self._hushed.setSingleShot(True)
        self._hushed.setInterval(LOOK_AGAIN_MS)
        self._hushed.timeout.connect(self._finish_reading)
        # Queued even within one thread: an answer never breaks into a step that is being taken.
        queued = Qt.ConnectionType.QueuedConnection
        self._came.connect(self._come_home, queued)
        self._told.connect(self._hear, queued)
        window.acted.connect(self._act)
        window.touched.connect(self._notice)
        window.answered.connect(self._resume)
        window.left.connect(self._wipe_lanes)
        self.visit: Visit[State, Event, Task] = Visit(
            start, next_step, self._run_task, self._show, self._make_stay
        )

    def start(self) -> None:
        """Show the first state, then let the flow ask each mechanism how it stands.

        A program's first screen stays while the flow has no more to say than that it starts:
        somebody may have chosen a language there.
        """
        first = starting()
        if self.window.current != first or self._screen_for(self.visit.state).qml != first.qml:
            self._show(self.visit.state)
        self.visit.happened(self._started)

    def stop(self) -> None:
        """End the visit: wake the waits and finish the work in hand."""
        self._patience.stop()
        self._second.stop()
        self._hushed.stop()
        self.visit.leave()
        for signal, slot in (
            (self.window.acted, self._act),
            (self.window.touched, self._notice),
            (self.window.answered, self._resume),
            (self.window.left, self._wipe_lanes),
        ):
            signal.disconnect(slot)
        for worker in self._workers.values():
            worker.shutdown(wait=False, cancel_futures=True)
        wait(self._in_hand, STOP_S)

    def happened(self, event: Event) -> None:
        """Let the visit react to something from outside it. GUI thread only."""
        self.visit.happened(event)

    def hung(self) -> str:
        """Name a lane that hangs: its work goes on long after the state that wanted it was left.

        Whoever waits for a person may wait as long as it takes; after that every driver promises
        to end its wait, and no motion takes a minute. A busy screen that stays is such a case too.
        """
        now, stays = monotonic(), {stay for _, stay in self._in_hand.values()}
        self._left_at = {stay: at for stay, at in self._left_at.items() if stay in stays}
        screen = self.window.current
        for name, stay in self._in_hand.values():
            is_busy = screen is not None and screen.name == "busy"
            if stay.left.is_set() or is_busy:
                since = self._left_at.setdefault(stay, now)
                if now - since > (HUNG_S if stay.left.is_set() else BUSY_S):
                    return name
            else:
                self._left_at.pop(stay, None)
        return ""

    def _make_stay(self) -> Stay:
        stay = Stay()
        stay.tell = lambda event: self._told.emit(event, stay)
        return stay

    def _show(self, state: State) -> None:
        self._second.stop()
        self._hushed.stop()
        self._read = None
        self.window.ask_for_more_time(0)
        self.window.show(self._screen_for(state))
        self._be_patient()

    def _run_task(self, task: Task, stay: Stay) -> None:
        name = self._lane(task)
        if name not in self._workers:
            self._workers[name] = ThreadPoolExecutor(1, thread_name_prefix=name)
        work = self._workers[name].submit(self._perform, task, stay)
        self._in_hand[work] = name, stay
        work.add_done_callback(lambda done: self._came.emit(done, task, stay))

    def _wipe_lanes(self) -> None:
        # Behind what each lane still has to do for the person who left, before the next one's.
        for worker in self._workers.values():
            worker.submit(wipe_lane)

    def _come_home(self, done: Future[Event | None], task: Task, stay: Stay) -> None:
        self._in_hand.pop(done, None)
        if done.cancelled():
            return
        if error := done.exception():
            if not stay.left.is_set():
                logger.error("%s failed: %s", type(task).__name__, where(error))
            self.visit.answered(self._failed, stay)
        elif (answer := done.result()) is None:
            return
        elif isinstance(task, ForReading) and not stay.left.is_set():
            self._read = answer, task, stay
            self._finish_reading()
        else:
            self.visit.answered(answer, stay)

    def _finish_reading(self) -> None:
        """End a screen that only tells something: never while it is read, and not unasked."""
        screen = self.window.current
        if self._read is None or self.window.is_asking:
            return
        if self.window.speech.is_speaking:
            self._hushed.start()
        elif screen is not None and _may_be_read(screen):
            self._ask()
        else:
            answer, _, stay = self._read
            self.visit.answered(answer, stay)

    def _hear(self, event: Event, stay: Stay) -> None:
        self.visit.answered(event, stay)

    def _act(self, event: Event) -> None:
        self.visit.happened(event)

    def _notice(self) -> None:
        if not self._second.isActive():
            self._be_patient()

    def _be_patient(self) -> None:
        screen = self.window.current
        if screen is None or screen.patience_s is None:
            self._patience.stop()
        else:
            self._patience.start(round(screen.patience_s * 1000) * self._slower)

    @property
    def _slower(self) -> int:
        return LISTENING if self.window.speech.is_on else 1

    def _ask(self) -> None:
        if self.window.speech.is_speaking:
            # No utterance is cut by a timer.
            self._patience.start(LOOK_AGAIN_MS)
            return
        self._patience.stop()
        self._seconds_left = self._answer_s * self._slower
        self.window.ask_for_more_time(self._seconds_left)
        self._second.start()

    def _count(self) -> None:
        if self.window.speech.is_speaking:
            return
        self._seconds_left -= 1
        self.window.ask_for_more_time(max(0, self._seconds_left))
        if self._seconds_left <= 0:
            self._second.stop()
            self._end_unanswered()

    def _end_unanswered(self) -> None:
        if self._read is None:
            self._be_patient()
            self.visit.happened(self._left)
        else:
            answer, _, stay = self._read
            self._read = None
            self.visit.answered(answer, stay)

    def _resume(self) -> None:
        self._second.stop()
        self._be_patient()
        if self._read is not None:
            _, task, stay = self._read
            self._read = None
            self._run_task(task, stay)


def _may_be_read(screen: Screen) -> bool:
    """Tell whether a person stands before it who could end it; not so at a welcome or a fault."""
    return not screen.values.get("resets") and bool(set(screen.actions) - {"call_staff"})
