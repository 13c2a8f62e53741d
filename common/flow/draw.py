"""Draws a flow as a Mermaid diagram, by asking it what it would do."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from common.flow.machine import NextStep

State = TypeVar("State")
Event = TypeVar("Event")
Task = TypeVar("Task")


def _name(thing: object) -> str:
    return type(thing).__name__


def draw(
    next_step: NextStep[State, Event, Task],
    states: Iterable[State],
    events: Iterable[Event],
    label: Callable[[object], str] = _name,
) -> str:
    """Return every arrow between the sample states, in the order given."""
    known_events = list(events)
    arrows = dict.fromkeys(
        f"    {label(state)} --> {label(step.state)}: {label(event)}"
        for state in states
        for event in known_events
        if (step := next_step(state, event)).state != state
    )
    return "\n".join(["stateDiagram-v2", *arrows]) + "\n"


def dead_ends(drawing: str) -> set[str]:
    """Return the states that a drawing enters but never leaves."""
    arrows = [line.split(":")[0].split(" --> ") for line in drawing.splitlines()[1:]]
    entered, left = {arrow[1] for arrow in arrows}, {arrow[0].strip() for arrow in arrows}
    return entered - left
