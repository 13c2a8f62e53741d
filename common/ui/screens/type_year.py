"""The year of birth is typed too: the number alone is on many papers."""

from collections.abc import Callable, Mapping

from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0
_YEARS = range(1880, 2101)


def type_year(
    typed: Callable[[int], object], others: Mapping[str, Callable[[str], object]]
) -> Screen:
    """Return the screen. It shows nothing of the number typed before.

    Args:
        typed: Makes the event of a year in which somebody living may have been born.
        others: The actions back and call_staff.
    """
    return Screen(
        HERE / "type_year.qml",
        {},
        {"year": lambda text: typed(_year(text)), **others},
        PATIENCE_S,
    )


def _year(text: str) -> int:
    year = int(text)
    if year not in _YEARS:
        raise ValueError("nobody living was born then")
    return year


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": type_year(str, {"back": str, "call_staff": str})}
