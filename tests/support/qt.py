"""Renders a screen as a visitor sees it, and looks it over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem

from common.domain.language import OFFICE_LANGUAGES, Language
from common.ui.gallery import TITLE_KEY, settle
from common.ui.screen import Screen
from common.ui.touch_panel import Control, controls
from common.ui.window import StationWindow

KIOSK = (1080, 1920)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A screen on the window, painted once."""

    window: StationWindow
    picture: QImage
    controls: list[Control]

    def touchables(self) -> list[Control]:
        return [control for control in self.controls if control.touchable]

    def named(self, name: str) -> Control:
        return next(control for control in self.controls if control.name == name)

    def says(self, words: str) -> bool:
        return any(words in f"{control.name} {control.value}" for control in self.controls)


@contextmanager
def station_window(
    size: tuple[int, int] = KIOSK,
    public: bool = True,
    languages: tuple[Language, ...] = OFFICE_LANGUAGES,
) -> Iterator[StationWindow]:
    """Give a window for as long as the block lasts."""
    window = StationWindow(TITLE_KEY, languages, size, public)
    window.open()
    try:
        yield window
    finally:
        window.close()
        settle(0)


@contextmanager
def render(
    screen: Screen,
    language: Language = Language.ENGLISH,
    size: tuple[int, int] = KIOSK,
    scale: float = 1.0,
    public: bool = True,
) -> Iterator[Rendered]:
    """Give a screen painted in a language and text size."""
    with station_window(size, public) as window:
        yield painted(window, screen, language, scale)


def painted(
    window: StationWindow, screen: Screen, language: Language, scale: float = 1.0
) -> Rendered:
    """Show a screen on a window that is there already."""
    window.show(screen)
    window.set_language(language)
    window.set_looks(scale, contrast=False)
    settle()
    return Rendered(window, window.picture(), controls(window))


def faults(shown: Rendered) -> list[str]:
    """Return what is wrong with how a screen looks; empty when nothing is."""
    window = shown.window
    frame = QRectF(0, 0, *window.size)
    found = []
    for item, scrolls in _items(window.root, False):
        if item.inherits("QQuickText"):
            found += _text_faults(item, frame, scrolls)
    touchables = shown.touchables()
    target = window.least_target - 1
    for control in touchables:
        if min(control.width, control.height) < target:
            found.append(f"{control.name!r} is only {control.width} x {control.height}")
    for number, one in enumerate(touchables):
        for other in touchables[number + 1 :]:
            if _overlap(one, other) and not (one.scrolled or other.scrolled):
                found.append(f"{one.name!r} lies on {other.name!r}")
        for words in shown.controls:
            if words.role not in ("StaticText", "Heading") or not _overlap(one, words):
                continue
            if not (one.scrolled or words.scrolled):
                found.append(f"{one.name!r} lies on the text {words.name!r}")
    return found


def scrolls(window: StationWindow) -> bool:
    """Tell whether somebody must scroll to see everything."""
    return any(
        item.inherits("QQuickFlickable") and bool(item.property("interactive"))
        for item, _ in _items(window.root, False)
    )


def _items(item: QQuickItem, scrolls: bool) -> Iterator[tuple[QQuickItem, bool]]:
    if not item.isVisible():
        return
    yield item, scrolls
    inside = scrolls or (item.inherits("QQuickFlickable") and bool(item.property("interactive")))
    for child in item.childItems():
        yield from _items(child, inside)


def _area(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def _text_faults(item: QQuickItem, frame: QRectF, scrolls: bool) -> list[str]:
    words = str(item.property("text"))
    if not words:
        return []
    found = []
    if item.property("truncated"):
        found.append(f"cut short: {words!r}")
    if float(item.property("contentWidth")) > item.width() + 1:
        found.append(f"wider than its place: {words!r}")
    if float(item.property("contentHeight")) > item.height() + 1:
        found.append(f"taller than its place: {words!r}")
    if not scrolls and not frame.adjusted(-1, -1, 1, 1).contains(_area(item)):
        found.append(f"outside the window: {words!r}")
    return found


def _overlap(one: Control, other: Control) -> bool:
    return (
        min(one.x + one.width, other.x + other.width) - max(one.x, other.x) > 1
        and min(one.y + one.height, other.y + other.height) - max(one.y, other.y) > 1
    )
