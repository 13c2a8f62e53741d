"""Every screen of every station, in each language and size: nothing is cut or too small."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from common.domain.language import OFFICE_LANGUAGES, Language
from common.ui.gallery import Preview, previews
from common.ui.window import StationWindow
from tests.support.qt import faults, painted, scrolls, station_window

ALL = list(previews())
SHOWN = [
    pytest.param(preview, scale, id=f"{preview.app}-{preview.title}-{scale}")
    for preview in ALL
    # Officers have no larger text.
    for scale in ((1.0, 1.5) if preview.public else (1.0,))
]


@pytest.fixture(scope="module")
def window_for(qapp) -> Iterator[Callable[[Preview], StationWindow]]:
    """One window for all screens of a size: opening one takes longer than painting a screen."""
    with ExitStack() as stack:

        @cache
        def window(size: tuple[int, int], public: bool) -> StationWindow:
            return stack.enter_context(station_window(size, public))

        yield lambda preview: window(preview.size, preview.public)


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
@pytest.mark.parametrize(("preview", "scale"), SHOWN)
def test_a_screen_can_be_read_and_touched(
    window_for, preview: Preview, scale: float, language: Language
):
    shown = painted(window_for(preview), preview.screen, language, scale)
    assert not faults(shown)
    assert shown.controls
    if preview.public and scale == 1.0 and not preview.scrolls:
        assert not scrolls(shown.window), "at the usual size everything is seen at once"


def test_previews_come_from_every_shared_screen():
    shared = {preview.screen_file for preview in ALL if preview.app == "common_ui"}
    assert shared == {"busy", "go_to_counter", "out_of_service", "take_card"}
