"""The year of birth is typed too: the number alone is on many papers."""

from common.domain.case import OldDocument
from common.domain.identity_number import IdentityNumber
from common.ui.screen import Screen
from kiosk_collection.events import AskedForStaff, WentBack, YearTyped
from kiosk_collection.screens import HERE
from kiosk_collection.visit import TypingYear

PATIENCE_S = 60.0
_YEARS = range(1880, 2101)


def type_year(state: TypingYear) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "type_year.qml",
        {"wrong": state.wrong},
        {
            "year": lambda typed: YearTyped(_year(typed)),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _year(typed: str) -> int:
    year = int(typed)
    if year not in _YEARS:
        raise ValueError("nobody living was born then")
    return year


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    number = IdentityNumber.parse("A123456(3)")
    return {"sample": type_year(TypingYear(OldDocument.OLD_CARD, number))}
