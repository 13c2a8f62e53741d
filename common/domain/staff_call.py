"""A person asks for staff at a station: which call is one, which is still wanted.

A call is known by the moment at which it was made, on its station's clock. It is attended where
that very moment was attended; so nobody's answer ends a call that the officer never saw.
"""

from datetime import datetime, timedelta

ONE_CALL = timedelta(minutes=1)
"""Touches that lie closer together are one call, however often the button is touched."""
FORGOTTEN = timedelta(minutes=30)
"""A call that nobody attended for so long is over: the person is somewhere else by now."""


def is_same(called_at: datetime | None, again_at: datetime) -> bool:
    """Tell whether a call at again_at is the one that was made at called_at."""
    return called_at is not None and abs(again_at - called_at) < ONE_CALL


def counts(called_at: datetime | None, known: datetime | None, now: datetime) -> bool:
    """Tell whether what a station says of its last call is a new one, to be kept beside known.

    A call far from the present was made long ago, or by a clock that nobody can go by.
    """
    if called_at is None or abs(now - called_at) >= FORGOTTEN:
        return False
    return not is_same(known, called_at)


def attended_now(
    called_at: datetime | None, attended: datetime | None, answered: datetime
) -> datetime | None:
    """Return which call was attended last, once somebody answered the one made at answered.

    An answer that comes late, when there is a newer call, changes nothing.
    """
    return answered if answered == called_at else attended


def wanted(called_at: datetime | None, attended: datetime | None, now: datetime) -> datetime | None:
    """Return the call that somebody should attend now; None where there is none.

    Args:
        called_at: The last call of a station.
        attended: The call that was attended last.
        now: The present moment.
    """
    if called_at is None or called_at == attended or now - called_at >= FORGOTTEN:
        return None
    return called_at
