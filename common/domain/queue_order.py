"""Who is called next, as a rule on paper: no clock, no table, the same answer every time.

A tag's turn counts from its slot or its arrival. A class may have a head start: it is ordered as
if it had come so much earlier, and not otherwise. That is ageing: every minute of waiting counts
the same for all, so whoever comes later than the longest head start is never called before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.domain.queue import Stage

MOST_IN_GROUP = 5
"""Linked tags that are called together (the office's own limit for a booking by a group)."""

_RANK = {Stage.FORM: 0, Stage.KIOSK: 1, Stage.BOOTH: 2, Stage.COUNTER: 3, Stage.DONE: 4}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A tag that waits to be called.

    Attributes:
        turn_at: Its slot, or when it came; a hand-off keeps it.
        order_at: turn_at less the head start of its class; later after a missed call.
        waits_since: When it began to wait for this stage.
        for_place: The only place that it wants to be called to.
        group: Tags with the same word are called together.
    """

    tag_id: str
    turn_at: datetime
    order_at: datetime
    waits_since: datetime
    for_place: str | None = None
    group: str | None = None


def order(tag: Waiting, now: datetime) -> tuple[bool, datetime, str]:
    """Return what tags are sorted by: whose turn has not come yet only follow all others."""
    return tag.turn_at > now, tag.order_at, tag.tag_id


def next_up(
    waiting: Iterable[Waiting],
    place: str,
    now: datetime,
    patience: timedelta,
    incomplete: frozenset[str] = frozenset(),
) -> Waiting | None:
    """Choose whom a place calls, or None where nobody may be called there.

    Args:
        waiting: The tags of the stages that the place serves.
        place: Who asks.
        now: The moment.
        patience: How long a tag is kept for another place, or for companions who are not here yet;
            then it is called like any other, because a closed booth must not hold it for ever.
        incomplete: Groups of which somebody still has an earlier stage to do.
    """

    def may_be_called(tag: Waiting) -> bool:
        if now - tag.waits_since > patience:
            return True
        return tag.for_place in (None, place) and tag.group not in incomplete

    callable_ = (tag for tag in waiting if may_be_called(tag))
    return min(callable_, key=lambda tag: order(tag, now), default=None)


def comes_before(one: Stage, other: Stage) -> bool:
    """Tell whether a stage is done before another."""
    return _RANK[one] < _RANK[other]
