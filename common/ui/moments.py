"""Values of a text that are texts themselves: days and hours, names and addresses of offices."""

from collections.abc import Mapping
from datetime import date, datetime, time

from common.domain.clock import OFFICE_ZONE
from common.domain.language import Language, OfficeLanguage, office_language
from common.ui.screen import Value


def text(key: str, **values: Value) -> dict[str, Value]:
    """Name a text that QML finds in the present language."""
    return {"key": key, "values": dict(values)}


def slot(at: datetime) -> dict[str, Value]:
    """Name day and hour of the office."""
    return text("common-slot", **day_and_hour(at))


def day(day: date) -> dict[str, Value]:
    """Name a day of the office."""
    return text("common-day", **day_and_hour(datetime.combine(day, time(12), OFFICE_ZONE)))


def date_of(day: date) -> dict[str, Value]:
    """Name any date in words, such as a birthday."""
    return text("common-date", **date_values(day))


def date_values(day: date) -> dict[str, str | int]:
    """Return the values of common-date. The year is a text: it has no separator of thousands."""
    return {"day": day.day, "month": day.month, "year": str(day.year)}


def day_and_hour(at: datetime) -> dict[str, Value]:
    """Return the values weekday, day, month and hour."""
    local = at.astimezone(OFFICE_ZONE)
    weekday = text(f"common-weekday-{local.weekday()}")
    hour = local.strftime("%H:%M")
    return {"weekday": weekday, "day": local.day, "month": local.month, "hour": hour}


def in_each(words: Mapping[OfficeLanguage, str], otherwise: str = "") -> dict[str, Value]:
    """Give the same thing in each language of a screen; offices are named in three."""
    named = {str(one): words.get(office_language(one), otherwise) for one in Language}
    return {"by_language": dict[str, Value](named)}
