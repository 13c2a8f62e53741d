"""Renders a screen as a visitor sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtGui import QImage

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
    window.lay_out()
    return Rendered(window, window.picture(), controls(window))
