"""Oversight: how many facts wait, how many were refused, how much work lies in the lists."""

from dataclasses import dataclass
from typing import TypeAlias

from booth.duties.shared import BackAsked, Failed, HomeAsked, Left, Note, TryAgainAsked
from common.flow.machine import Step


@dataclass(frozen=True, slots=True)
class Counts:
    """What a supervisor looks at. A list that could not be fetched is None."""

    waiting: int
    refused: int
    submitted: int | None
    approved: int | None
    stored: int | None


@dataclass(frozen=True, slots=True)
class Counting:
    """The numbers are being fetched."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers."""

    counts: Counts | None
    note: Note | None = None


State: TypeAlias = Counting | Overview | Left


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers are here."""

    counts: Counts


@dataclass(frozen=True, slots=True)
class Count:
    """Fetch the numbers."""


Task: TypeAlias = Count


def start() -> Step[State, Task]:
    """Begin with the numbers."""
    return Step(Counting(), (Count(),))


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the duty goes when event happens in state."""
    match state, event:
        case Counting(), Counted(counts):
            return Step(Overview(counts))
        case Counting(), Failed(note):
            return Step(Overview(None, note))
        case Overview(), TryAgainAsked():
            return start()
        case Overview(), HomeAsked() | BackAsked():
            return Step(Left())
        case _:
            return Step(state)
