"""The desk works; the officer waits. Also the instructions that have one thing to do."""

from collections.abc import Callable
from dataclasses import dataclass

from booth.duties.shared import BackAsked, HomeAsked, Note, TryAgainAsked
from booth.screens import HERE
from booth.screens.values import noted
from common.ui.screen import Screen, Value


def working(text_key: str, pictogram: str = "clock", can_go_back: bool = False) -> Screen:
    """Return the screen that says what the desk is doing."""
    return Screen(
        HERE / "working.qml",
        {
            "title_key": "booth-working-title",
            "text_key": text_key,
            "pictogram": pictogram,
            "can_go_back": can_go_back,
        },
        {"back": lambda _: BackAsked()} if can_go_back else {},
    )


@dataclass(frozen=True, slots=True)
class Button:
    """One way on: the name of its action, the key of its text, and the event it makes."""

    action: str
    text_key: str
    event: object


BACK = Button("back", "common-back", BackAsked())
HOME = Button("home", "common-back", HomeAsked())
AGAIN = Button("again", "common-try-again", TryAgainAsked())


def instruction(
    name: str,
    pictogram: str,
    *buttons: Button,
    note: Note | None = None,
    number: str = "",
    variant: str = "",
) -> Screen:
    """Return an instruction; its file is name, its texts booth-NAME-title and booth-NAME-detail.

    The last button is the clear next step. number is a slot's; variant goes to the end of the
    detail's key where one screen says different things.
    """
    key = f"booth-{name.replace('_', '-')}"
    shown: list[Value] = [
        {
            "text_key": button.text_key,
            "action": button.action,
            "value": "",
            "strong": button is buttons[-1],
        }
        for button in buttons
    ]
    values: dict[str, Value] = {
        "title_key": f"{key}-title",
        "detail_key": f"{key}-detail{variant}",
        "pictogram": pictogram,
        "number": number,
        "number_key": "booth-slot-number" if number else "",
        "buttons": shown,
        **noted(note),
    }
    return Screen(HERE / f"{name}.qml", values, {b.action: _makes(b.event) for b in buttons})


def _makes(event: object) -> Callable[[str], object]:
    return lambda _value: event


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"submitting": working("booth-busy-submitting", "letter")}
