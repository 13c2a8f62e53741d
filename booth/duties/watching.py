"""People whom reception sees first: a supervisor says so of a number, or that it is over.

The centre keeps no list that could be shown: it knows a number only as the key made of it.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from booth.duties.shared import BackAsked, Failed, HomeAsked, Left, Note
from common.flow.machine import Step


@dataclass(frozen=True, slots=True)
class Asking:
    """The supervisor types a number."""

    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """The centre hears it."""


State: TypeAlias = Asking | Telling | Left


@dataclass(frozen=True, slots=True)
class WatchAsked:
    """Whoever comes under this number is led to reception, or no longer."""

    number: str = field(repr=False)
    is_watched: bool


@dataclass(frozen=True, slots=True)
class Watched:
    """The centre does so from now on."""

    is_watched: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell the centre."""

    number: str = field(repr=False)
    is_watched: bool


Task: TypeAlias = Watch


def start() -> Step[State, Task]:
    """Begin with the number."""
    return Step(Asking())


def next_step(state: State, event: object) -> Step[State, Task]:
    """Return where the duty goes when event happens in state."""
    match state, event:
        case Asking(), WatchAsked(number, is_watched):
            return Step(Telling(), (Watch(number, is_watched),))
        case Telling(), Watched(is_watched):
            return Step(Asking(Note.WATCHED if is_watched else Note.NOT_WATCHED))
        case Telling(), Failed(note):
            return Step(Asking(note))
        case Asking(), HomeAsked() | BackAsked():
            return Step(Left())
        case _:
            return Step(state)
