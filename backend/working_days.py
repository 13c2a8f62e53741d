"""Working days: neither Saturday, Sunday nor a general holiday of Hong Kong."""

from datetime import date, timedelta

from hongkong_holiday import HKHolidays

_SATURDAY = 5


class _OfflineHolidays(HKHolidays):  # type: ignore[misc]  # the library carries no types
    """The library's calendar, computed: an office's promise must not hang on a download."""

    def _ensure_fetched(self) -> None:
        """Leave the downloaded calendar empty, so that every year is computed."""


_HOLIDAYS = _OfflineHolidays()


def is_working_day(day: date) -> bool:
    """Tell whether the office works on this day."""
    return day.weekday() < _SATURDAY and not _HOLIDAYS.is_public_holiday(day)


def add_working_days(start: date, count: int) -> date:
    """Return the day that lies count working days after start; 0 is the same day."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
