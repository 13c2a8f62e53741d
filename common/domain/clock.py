"""The time, asked from one place so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""A function that returns the present moment, with its time zone."""

OFFICE_ZONE = ZoneInfo("Asia/Hong_Kong")


def system_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the one place that asks)


def office_day(moment: datetime) -> date:
    """Return the calendar day at the office, whatever zone the moment is written in."""
    return moment.astimezone(OFFICE_ZONE).date()


class HandClock:
    """A clock that a test advances by hand."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        """Return the moment set by hand."""
        return self.moment

    def advance(self, seconds: float) -> None:
        """Let seconds pass."""
        self.moment += timedelta(seconds=seconds)
