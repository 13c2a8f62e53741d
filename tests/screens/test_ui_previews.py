"""Every screen of every station in each look: everybody can read, reach and touch all of it.

The first preview of each file is laid out in all looks, its others in the outermost ones: as usual,
twice as large, twice as large and low, and so lying. High contrast changes colours and no place,
which is tested: so places are looked at in calm colours, and contrast is measured in pictures of
the usual letters and of the largest. With SMARTICS_EVERY_LOOK=1 every look of every preview is laid
out, painted and measured.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from common.domain.language import Language
from common.ui.accessibility import Part, faults, focus_chain, places, scrolls, touched_parts
from common.ui.gallery import Preview, previews
from common.ui.looks import Look, looks
from common.ui.window import StationWindow
from tests.support.qt import station_window

EVERY = os.environ.get("SMARTICS_EVERY_LOOK") == "1"
ALL = list(previews())
SHOWN = [
    pytest.param(preview, size, id=f"{preview.app}-{preview.title}-{size[0]}")
    for preview in ALL
    for size in preview.sizes
]
FIRST = {(preview.screen.qml, preview.size): preview for preview in reversed(ALL)}
PUBLIC = [
    pytest.param(preview, id=f"{preview.app}-{preview.title}")
    for preview in FIRST.values()
    if preview.public and preview.screen.actions
]
Windows = Callable[[tuple[int, int], bool], StationWindow]


@pytest.fixture(scope="module")
def window_for(qapp) -> Iterator[Windows]:
    """One window for all screens of a size: opening one takes longer than painting a screen."""
    with ExitStack() as stack:

        @cache
        def window(size: tuple[int, int], public: bool) -> StationWindow:
            return stack.enter_context(station_window(size, public))

        yield window


@pytest.mark.parametrize(("preview", "size"), SHOWN)
def test_a_screen_can_be_read_and_touched(
    window_for: Windows, preview: Preview, size: tuple[int, int]
):
    window = window_for(size, preview.public)
    Look(Language.ENGLISH).wear(window)
    window.show(preview.screen)
    usual_size = size == preview.size
    found = []
    every = EVERY or FIRST[preview.screen.qml, preview.size] is preview
    for look in looks(size, preview.public, (False, True) if EVERY else (False,)):
        outermost = look.scale == 2.0 or (look.scale == 1.0 and not look.low and usual_size)
        if not (every or outermost or not preview.public):
            continue
        look.wear(window)
        usual = look == Look(Language.ENGLISH) and usual_size
        picture = window.picture() if EVERY or usual else None
        found += [f"{look}: {fault}" for fault in faults(window, picture)]
        whole = preview.public and usual_size and not preview.scrolls
        if whole and look.scale == 1.0 and not look.low:
            assert not scrolls(window), "at the usual size everything is seen at once"
    if preview.public and every:
        calm = places(window)
        replace(look, contrast=True).wear(window)
        assert places(window) == calm
        found += [f"{look} in contrast: {fault}" for fault in faults(window, window.picture())]
    assert not found


@pytest.mark.parametrize("preview", PUBLIC)
def test_tab_goes_round(window_for: Windows, preview: Preview, qtbot):
    window = window_for(preview.size, True)
    Look(Language.ENGLISH).wear(window)
    window.show(preview.screen)
    window.view.requestActivate()
    qtbot.waitUntil(window.view.isActive)
    window.lay_out()
    chain = [box.topLeft() for box in focus_chain(window)]
    met = []
    for _ in 2 * chain:  # the first round may begin anywhere, where the screen before was left
        QTest.keyClick(window.view, Qt.Key.Key_Tab)
        focused = window.view.activeFocusItem()
        met.append(focused.mapToScene(QPointF(0, 0)))
    assert set(map(rounded, met)) == set(map(rounded, chain))


def rounded(point: QPointF) -> tuple[int, int]:
    return round(point.x()), round(point.y())


@pytest.mark.parametrize("preview", PUBLIC)
def test_what_was_typed_and_chosen_outlives_every_look(window_for: Windows, preview: Preview):
    window = window_for(preview.size, True)
    Look(Language.ENGLISH).wear(window)
    window.show(preview.screen)
    window.view.requestActivate()
    window.lay_out()
    for option in [part for part in touched_parts(window) if part.role == "RadioButton"][-1:]:
        if option.box.y() > window.size[1] * 0.15:  # not a language
            QTest.mouseClick(
                window.view,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
                option.box.center().toPoint(),
            )
    for letter in "12":
        QTest.sendKeyEvent(
            QTest.KeyAction.Click,
            window.view,
            Qt.Key.Key_unknown,
            letter,
            Qt.KeyboardModifier.NoModifier,
        )
    window.lay_out()
    before = [entered(part) for part in touched_parts(window)]
    for look in (
        Look(Language.TRADITIONAL),
        Look(Language.SIMPLIFIED, 2.0, contrast=True, low=True),
        Look(Language.ENGLISH),
    ):
        look.wear(window)
    assert [entered(part) for part in touched_parts(window)] == before


def entered(part: Part) -> tuple[str, object, bool]:
    around = part.item.parentItem()
    return part.role, around.property("visibleValue"), part.checked


def test_previews_come_from_every_shared_screen():
    shared = {preview.screen_file for preview in ALL if preview.app == "common_ui"}
    assert shared == {
        "busy",
        "go_to_counter",
        "officer_card",
        "officer_password",
        "officer_pin",
        "officer_refused",
        "out_of_service",
        "take_card",
        "tend_confirm",
        "tend_kiosk",
        "tend_reason",
        "type_number",
        "type_year",
    }
