"""Who asks for staff in this office, as the desk last heard. Pure; the watch around it asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from booth.duties.shared import Note
from common.wire.live import StationLive


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """A call that nobody attends yet."""

    called_at: datetime
    station: str
    place: str


@dataclass(frozen=True, slots=True)
class Calls:
    """What the desk knows.

    Attributes:
        waiting: The calls, the oldest first.
        heard: Those for which a tone has sounded here; what the centre forgets goes from it.
        note: Why waiting may be out of date, or why an answer was not taken; None while all is
            well.
    """

    waiting: tuple[Call, ...] = ()
    heard: frozenset[Call] = frozenset()
    note: Note | None = None

    @property
    def is_new(self) -> bool:
        """Whether there is a call for which no tone has sounded."""
        return not self.heard.issuperset(self.waiting)


def calls_of(stations: Iterable[StationLive]) -> tuple[Call, ...]:
    """Return the calls of an office, the oldest first."""
    found = (
        Call(each.staff_called_at, each.name, each.place)
        for each in stations
        if each.staff_called_at is not None
    )
    return tuple(sorted(found))


def looked(calls: Calls, found: tuple[Call, ...] | None, note: Note | None = None) -> Calls:
    """Return what is known after a look.

    Args:
        calls: What was known before.
        found: What the centre says; None where it did not answer: the last word stands, marked.
        note: What went wrong; where an answer was refused the look may have succeeded.
    """
    if found is None:
        return Calls(calls.waiting, calls.heard, note)
    return Calls(found, calls.heard & frozenset(found), note)


def sounded(calls: Calls) -> Calls:
    """Return the same once the tone has sounded."""
    return Calls(calls.waiting, calls.heard | frozenset(calls.waiting), calls.note)
