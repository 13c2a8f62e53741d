"""A finger on a window, for tests of what touching brings."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from common.ui.gallery import settle
from common.ui.touch_panel import Control, controls
from common.ui.window import StationWindow


def find(window: StationWindow, name: str) -> Control:
    """Return what can be touched under that name."""
    return next(c for c in controls(window) if c.name == name and c.touchable)


def touch(window: StationWindow, *names: str) -> None:
    """Touch one after the other."""
    for name in names:
        QTest.mouseClick(
            window.view,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            find(window, name).centre,
        )
        settle(10)


def says(window: StationWindow, words: str) -> bool:
    """Tell whether something on the window says that."""
    return any(words in f"{one.name} {one.value}" for one in controls(window))


def heard(window: StationWindow) -> list[Any]:
    """Return a list that fills with the events of touches."""
    events: list[Any] = []
    window.acted.connect(events.append)
    return events
