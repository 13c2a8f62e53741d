"""The identity card number is typed; the check digit is checked at once, and nobody can read it."""

from collections.abc import Callable, Mapping

from common.domain.identity_number import IdentityNumber
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0


def type_number(
    typed: Callable[[IdentityNumber], object],
    others: Mapping[str, Callable[[str], object]],
    wrong: int,
    tries: int,
) -> Screen:
    """Return the screen; what does not fit its check digit never leaves it.

    Args:
        typed: Makes the event of a number that fits.
        others: The actions back and call_staff.
        wrong: How many numbers were found to be nobody's.
        tries: How many may be.
    """
    return Screen(
        HERE / "type_number.qml",
        {"wrong": wrong, "left": tries - wrong},
        {"number": lambda text: typed(IdentityNumber.parse(text)), **others},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    actions: dict[str, Callable[[str], object]] = {"back": str, "call_staff": str}
    return {"first": type_number(str, actions, 0, 3), "wrong": type_number(str, actions, 1, 3)}
