"""How old somebody is."""

from datetime import date


def years_old(born: date, today: date) -> int:
    """Return the full years between a day of birth and today."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
