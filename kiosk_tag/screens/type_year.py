"""The year of birth is typed, beside the number."""

from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, WentBack, YearTyped
from kiosk_tag.screens import HERE

PATIENCE_S = 60.0
FIRST_YEAR, LAST_YEAR = 1880, 2100


def type_year() -> Screen:
    """Return the screen. It shows nothing of the number typed before."""
    return Screen(
        HERE / "type_year.qml",
        {},
        {
            "year": _year,
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _year(typed: str) -> YearTyped:
    year = int(typed)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("nobody was born then")
    return YearTyped(year)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": type_year()}
