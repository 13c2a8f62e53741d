"""What the screens with one question and a card for each answer are made of."""

from collections.abc import Callable, Mapping, Sequence

from common.ui.screen import Screen, Value
from kiosk_tag.events import AskedForStaff, NoneOfThese, WentBack
from kiosk_tag.screens import HERE

PATIENCE_S = 60.0


def card(
    title: str,
    pictogram: str,
    value: str,
    action: str = "choose",
    detail: str = "",
    **values: Value,
) -> dict[str, Value]:
    """Describe one answer; title and detail are keys of texts."""
    return {
        "title": title,
        "pictogram": pictogram,
        "value": value,
        "action": action,
        "detail": detail,
        "values": dict(values),
    }


def choices(
    title: str,
    subtitle: str,
    pictogram: str,
    cards: Sequence[dict[str, Value]],
    actions: Mapping[str, Callable[[str], object]],
    *,
    values: Mapping[str, Value] | None = None,
    leave: str = "common-back",
    picture: str = "",
    none: bool = False,
) -> Screen:
    """Return the screen. leave is what the last button says; picture is shown without cards.

    actions are what the cards do; going back and calling staff are everywhere. none adds a
    button for who finds nothing that fits.
    """
    return Screen(
        HERE / "choices.qml",
        {
            "title": title,
            "subtitle": subtitle,
            "pictogram": pictogram,
            "cards": list(cards),
            "values": dict(values or {}),
            "leave": leave,
            "picture": picture,
            "none": none,
        },
        {
            **actions,
            "none": lambda _: NoneOfThese(),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )
