"""The grammar of a flow: a state and an event give a step."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Flag
from typing import Generic, TypeVar

State = TypeVar("State")
Event = TypeVar("Event")
Task = TypeVar("Task")


@dataclass(frozen=True, slots=True)
class Step(Generic[State, Task]):
    """Where the visit goes next, and what the station has to do on arriving there."""

    state: State
    tasks: tuple[Task, ...] = ()


class ForReading:
    """Marks a task that only leaves a screen for the person to read.

    Its answer waits while speech reads the screen; and where a person could end the screen
    otherwise, the person is asked first whether more time is needed.
    """

    __slots__ = ()


NextStep = Callable[[State, Event], Step[State, Task]]


class Stay:
    """One stay in one state. Waits end, and answers stop counting, once it is left.

    Attributes:
        left: Set when the visit has moved on; devices take it as their `cancelled`.
        tell: Hands an event to the visit from any thread while a task is still at work, such as
            advice on how the finger lies. It counts only until the stay is left.
    """

    def __init__(self, tell: Callable[[object], None] = lambda _event: None) -> None:
        self.left = Flag()
        self.tell = tell


class Visit(Generic[State, Event, Task]):
    """One visit in progress: keeps the state, hands out tasks, takes in events.

    A visit belongs to one thread; answers from other threads are handed over by its driver.
    An event that leads to an equal state stays in the same stay: tasks in work go on.
    """

    def __init__(
        self,
        start: State,
        next_step: NextStep[State, Event, Task],
        run_task: Callable[[Task, Stay], None],
        show: Callable[[State], None],
        make_stay: Callable[[], Stay] = Stay,
    ) -> None:
        self.state = start
        self.stay = make_stay()
        self._make_stay = make_stay
        self._next_step = next_step
        self._run_task = run_task
        self._show = show

    def happened(self, event: Event) -> None:
        """Let the visit react to what a person or a device did."""
        step = self._next_step(self.state, event)
        if step.state != self.state:
            self.leave()
            self.stay = self._make_stay()
            self.state = step.state
            self._show(step.state)
        for task in step.tasks:
            self._run_task(task, self.stay)

    def answered(self, event: Event, stay: Stay) -> None:
        """Take the answer to a task, unless the visit has left the state that asked.

        So a late answer about one visitor never reaches the next visitor.
        """
        if not stay.left.is_set():
            self.happened(event)

    def leave(self) -> None:
        """Stop listening for answers to the current state."""
        self.stay.left.set()
