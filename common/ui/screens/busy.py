"""The station works; the visitor waits."""

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


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": busy("common-working", "card")}
