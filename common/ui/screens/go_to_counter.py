"""A person at the counter goes on where the kiosk stopped."""

from collections.abc import Callable

from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 60.0


def go_to_counter(
    reason_key: str, done: Callable[[str], object], tag: str = "", place: str = ""
) -> Screen:
    """Return the screen that says why and where to; done makes the event of its button."""
    return Screen(
        HERE / "go_to_counter.qml",
        {"reason_key": reason_key, "tag": tag, "place": place},
        {"done": done},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        "with_tag": go_to_counter("common-counter-unforeseen", str, "A023", "C1"),
        "without_tag": go_to_counter("common-counter-unforeseen", str),
    }
