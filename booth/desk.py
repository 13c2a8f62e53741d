"""Joins the duties: a signed-in officer chooses one, works in it, and comes back to the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from booth.door import SignOutAsked
from booth.duties import (
    assessment,
    counter,
    officer_cards,
    oversight,
    production,
    registration,
    watching,
)
from booth.duties.shared import ROLE_FOR, Duty, Left
from common.domain.officer import Role
from common.flow.machine import Step


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the centre: facts waiting to be sent, facts refused, and whether it answers."""

    waiting: int = 0
    refused: int = 0
    online: bool = False


# States


@dataclass(frozen=True, slots=True)
class Home:
    """The list of duties."""

    line: Line = Line()


@dataclass(frozen=True, slots=True)
class AtDuty:
    """A duty is open."""

    duty: Duty
    inner: "DutyState"


DutyState: TypeAlias = (
    registration.State
    | assessment.State
    | production.State
    | counter.State
    | oversight.State
    | officer_cards.State
    | watching.State
)
State: TypeAlias = Home | AtDuty

# Events


@dataclass(frozen=True, slots=True)
class Started:
    """The program runs."""


@dataclass(frozen=True, slots=True)
class DutyChosen:
    """The officer chose a duty."""

    duty: Duty


@dataclass(frozen=True, slots=True)
class LineSeen:
    """How the line to the centre is now."""

    line: Line


# Tasks


@dataclass(frozen=True, slots=True)
class LookAtLine:
    """See how the line to the centre is."""


Task: TypeAlias = (
    LookAtLine
    | registration.Task
    | assessment.Task
    | production.Task
    | counter.Task
    | oversight.Task
    | officer_cards.Task
    | watching.Task
)


@dataclass(frozen=True, slots=True)
class _Flow:
    start: Callable[[], Step[Any, Any]]
    next_step: Callable[[Any, object], Step[Any, Any]]


FLOWS = {
    Duty.REGISTRATION: _Flow(registration.start, registration.next_step),
    Duty.ASSESSMENT: _Flow(assessment.start, assessment.next_step),
    Duty.PRODUCTION: _Flow(production.start, production.next_step),
    Duty.COUNTER: _Flow(counter.start, counter.next_step),
    Duty.OVERSIGHT: _Flow(oversight.start, oversight.next_step),
    Duty.OFFICER_CARDS: _Flow(officer_cards.start, officer_cards.next_step),
    Duty.WATCHING: _Flow(watching.start, watching.next_step),
}


def allowed(roles: tuple[Role, ...]) -> tuple[Duty, ...]:
    """Name the duties that these roles allow, in the order of the list."""
    return tuple(duty for duty in Duty if ROLE_FOR[duty] in roles)


def start() -> Step[State, Task]:
    """Begin with the list of duties."""
    return Step(Home(), (LookAtLine(),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the desk goes: the duty decides until it is left."""
    match state, event:
        case _, Started() | SignOutAsked():
            # What was open stays in the journal, where the next officer finds it.
            return start()
        case Home(), DutyChosen(duty):
            return _opened(duty)
        case Home(), LineSeen(line):
            return Step(Home(line))
        case Home(), _:
            return Step(state)
        case AtDuty(duty, inner), _:
            step = FLOWS[duty].next_step(inner, event)
            if isinstance(step.state, Left):
                return start()
            return Step(AtDuty(duty, step.state), step.tasks)


def _opened(duty: Duty) -> Step[State, Task]:
    first = FLOWS[duty].start()
    return Step(AtDuty(duty, first.state), first.tasks)
