"""The station works; the visitor waits."""

from dataclasses import replace

from common.ui.screen import Screen
from common.ui.screens import HERE


def busy(
    text_key: str = "common-please-wait",
    pictogram: str = "clock",
    title_key: str = "common-please-wait",
) -> Screen:
    """Return the screen that says what the station is doing."""
    return Screen(
        HERE / "busy.qml",
        {"title_key": title_key, "text_key": text_key, "pictogram": pictogram},
    )


def starting() -> Screen:
    """Return the first screen of a program, until its flow is there.

    A language that is chosen on it stays for the welcome.
    """
    screen = busy("common-starting")
    return replace(screen, values={**screen.values, "resets": True})


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": busy("common-working", "card"), "starting": starting()}
