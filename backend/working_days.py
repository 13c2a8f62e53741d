"""Working days: neither Saturday, Sunday nor a holiday of the office's calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from hongkong_holiday import HKHolidays

_SATURDAY = 5


class _OfflineHolidays(HKHolidays):  # type: ignore[misc]  # the library carries no types
    """The library's calendar, computed: an office's promise must not hang on a download."""

    def _ensure_fetched(self) -> None:
        """Leave the downloaded calendar empty, so that every year is computed."""


_HOLIDAYS = _OfflineHolidays()


# The calendar computes its year anew each time: two milliseconds a day.
@lru_cache(maxsize=4096)
def _is_general_holiday(day: date) -> bool:
    return bool(_HOLIDAYS.is_public_holiday(day))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays that an office keeps: the general ones of its place, and days of its own."""

    general: bool = True
    own: Collection[date] = ()

    def is_holiday(self, day: date) -> bool:
        """Tell whether the office keeps this day free."""
        return day in self.own or (self.general and _is_general_holiday(day))


HONG_KONG = Calendar()


def is_working_day(day: date, calendar: Calendar = HONG_KONG) -> bool:
    """Tell whether a day counts as a working day."""
    return day.weekday() < _SATURDAY and not calendar.is_holiday(day)


def add_working_days(start: date, count: int, calendar: Calendar = HONG_KONG) -> date:
    """Return the day that lies count working days after start; 0 is the same day."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, calendar)
    return day
