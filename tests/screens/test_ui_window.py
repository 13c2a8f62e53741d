"""The window: languages, looks, touches that become events, and what it forgets."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from common.domain.language import Language
from common.ui.accessibility import faults
from common.ui.gallery import settle
from common.ui.screen import Screen
from common.ui.screens.out_of_service import out_of_service
from common.ui.touch_panel import Control, controls
from common.ui.window import DOUBLE_MS, SETTLE_MS, StationWindow
from tests.support.parts import part_screen
from tests.support.qt import render, station_window


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    with station_window() as made:
        yield made


def find(window: StationWindow, name: str) -> Control:
    return next(c for c in controls(window) if c.name == name and c.touchable)


def click(window: StationWindow, name: str) -> None:
    QTest.mouseClick(
        window.view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        find(window, name).centre,
    )
    settle(10)


def heard(window: StationWindow) -> list[object]:
    events: list[object] = []
    window.acted.connect(events.append)
    return events


def test_a_touch_becomes_the_events_of_the_screens_action(window):
    events = heard(window)
    window.show(part_screen("every_part", {"next": lambda text: ("typed", text)}))
    settle()
    for key in "12":
        click(window, key)
    click(window, "Next")
    assert events == [("typed", "12")]


def test_delete_and_clear_and_the_longest_entry(window):
    events = heard(window)
    window.show(part_screen("every_part", {"next": str}))
    settle()
    for key in "123456":
        click(window, key)
    click(window, "Delete")
    assert find(window, "Your tag number").value == "123"
    click(window, "Clear")
    assert not find(window, "Next").enabled
    click(window, "7")
    click(window, "Next")
    assert events == ["7"]


def test_a_senseless_value_stays_and_shows_its_error(window):
    def refuse(text: str) -> object:
        raise ValueError(text)

    events = heard(window)
    window.show(part_screen("every_part", {"next": refuse}))
    settle()
    click(window, "1")
    click(window, "Next")
    assert events == []
    assert "check this" in find(window, "Your tag number").value
    click(window, "Next")  # a refused touch does not hold up the next one
    window.show(part_screen("every_part", {"next": str}))
    settle()
    assert "check this" not in find(window, "Your tag number").value


def test_a_double_tap_counts_once(window, qtbot):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    click(window, "Yes")
    click(window, "Yes")
    assert events == ["yes"]
    window.show(part_screen("choices", {"choose": str}))
    window.act("choose", "the second half of a double tap")
    assert events == ["yes"], "it was never meant for the next screen"
    qtbot.wait(DOUBLE_MS + 50)
    click(window, "Yes")
    assert events == ["yes", "yes"]


def test_after_a_while_the_same_touch_counts_again(window, qtbot):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    click(window, "Yes")
    qtbot.wait(SETTLE_MS + 300)
    click(window, "Yes")
    assert events == ["yes", "yes"]


def test_what_is_disabled_does_nothing(window):
    events = heard(window)
    window.show(part_screen("choices", {"choose": str}))
    settle()
    click(window, "No")
    assert events == []


def test_the_language_follows_its_button_and_survives_screens(window):
    window.show(part_screen("choices", {"choose": str}))
    settle()
    click(window, "繁體")
    assert window.language is Language.TRADITIONAL
    assert find(window, "是").enabled
    assert window.view.title() == "智能身份證服務"
    window.show(part_screen("every_part", {"next": str}))
    settle()
    assert find(window, "下一步")
    window.show(part_screen("choices", {"choose": str}, {"resets": True}))
    settle()
    assert find(window, "Yes"), "English again"


def test_looks_are_chosen_and_forgotten(window):
    station = window.view.engine().singletonInstance("Smartics", "Station")
    window.show(part_screen("choices"))
    settle()
    sizes = []
    for name in ("Larger text", "Larger text", "Larger text", "Normal text"):
        click(window, name)
        sizes.append(station.property("scale"))
    assert sizes == [1.25, 1.5, 2.0, 1.0]
    click(window, "High contrast")
    click(window, "Controls lower")
    assert station.property("contrast")
    assert station.property("low")
    window.show(part_screen("choices", {}, {"resets": True}))
    assert not station.property("contrast")
    assert not station.property("low")


def test_a_welcome_shown_again_keeps_what_somebody_has_just_chosen(window):
    window.show(part_screen("choices", {}, {"resets": True}))
    settle()
    click(window, "繁體")
    click(window, "高對比度")
    window.show(part_screen("choices", {}, {"resets": True, "warning": "a device went"}))
    assert window.language is Language.TRADITIONAL
    assert window.theme.property("ink") == QColor("#FFFFFF")
    window.show(part_screen("every_part", {"next": str}))
    window.show(part_screen("choices", {}, {"resets": True}))
    assert str(window.language) == "en", "the visit has ended"


def test_what_was_chosen_on_a_welcome_is_forgotten_after_a_while(window, qtbot):
    window._forgetting.setInterval(20)
    window.show(part_screen("choices", {}, {"resets": True}))
    settle()
    click(window, "繁體")
    qtbot.waitUntil(lambda: window.language is Language.ENGLISH)


def test_staff_are_called_only_where_the_screen_can(window):
    events = heard(window)
    window.show(part_screen("choices"))
    settle()
    assert "Call staff" not in {c.name for c in controls(window)}
    window.show(part_screen("choices", {"call_staff": lambda _: "help"}))
    settle()
    click(window, "Call staff")
    assert events == ["help"]


def test_a_keeping_screen_keeps_what_was_typed(window):
    window.show(part_screen("every_part", {"next": str}))
    settle()
    click(window, "5")
    window.show(part_screen("every_part", {"next": str}, {"keeps": True, "subtitle": "again"}))
    settle()
    assert find(window, "Your tag number").value == "5"
    assert "again" in {c.name for c in controls(window)}
    window.show(part_screen("every_part", {"next": str}))
    settle()
    assert find(window, "Your tag number").value == ""


def test_a_keyboard_can_do_everything(window):
    events = heard(window)
    window.show(part_screen("every_part", {"next": str, "back": lambda _: "back"}))
    window.view.requestActivate()
    settle()
    QTest.keyClick(window.view, Qt.Key.Key_4)
    QTest.keyClick(window.view, Qt.Key.Key_2)
    QTest.keyClick(window.view, Qt.Key.Key_Backspace)
    assert find(window, "Your tag number").value == "4"
    for _ in range(40):
        QTest.keyClick(window.view, Qt.Key.Key_Tab)
        focused = window.view.activeFocusItem()
        if focused and focused.parentItem().property("name") == "Next":
            break
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    assert events == ["4"]


def test_letters_and_choices(window):
    events = heard(window)
    window.show(part_screen("letters", {"next": str}))
    settle()
    for key in ("K", "Space", "-", "9"):
        click(window, key)
    click(window, "No")
    click(window, "Next")
    assert events == ["K -9/no"]


def test_an_officers_page(qapp):
    with station_window((1920, 1080), public=False) as window:
        events = heard(window)
        actions = {"open": str, "enter": str, "cancel": str}
        window.show(part_screen("desk", actions, {"holder": "CHAN Tai Man"}))
        window.view.requestActivate()
        settle()
        click(window, "A023")
        settle(750)
        click(window, "Your tag number")
        for letter in "K9":
            QTest.keyClick(window.view, Qt.Key(ord(letter)))
        click(window, "Confirm")
        assert events[0] == "A023"
        assert str(events[1]).upper() == "K9"
        names = {c.name for c in controls(window)}
        assert {"CHAN Tai Man", "Counter: C1", "Please wait"} <= names
        assert "Larger text" not in names


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("name", ["every_part", "choices", "live"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("language", [Language.ENGLISH, Language.SIMPLIFIED])
def test_parts_fit_every_public_window(qapp, name, size, scale, language):
    screen = part_screen(name, {"call_staff": str})
    with render(screen, language, size, scale) as shown:
        assert not faults(shown.window, shown.picture)


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_parts_fit_an_officers_window(qapp, size):
    with render(part_screen("desk", {}, {"holder": "CHAN Tai Man"}), size=size, public=False) as it:
        assert not faults(it.window, it.picture)


def test_a_screen_that_cannot_be_read_is_an_error(window, tmp_path, qtlog):
    broken = tmp_path / "broken.qml"
    broken.write_text("import QtQuick\nItem { nonsense: 1 }\n", "utf-8")
    with qtlog.disabled(), pytest.raises(RuntimeError, match="broken"):
        window.show(Screen(broken))


def test_the_window_counts_a_touch_anywhere(window):
    touches: list[bool] = []
    window.touched.connect(lambda: touches.append(True))
    window.show(part_screen("choices"))
    QTest.mouseClick(
        window.view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(540, 1500),
    )
    QTest.keyClick(window.view, Qt.Key.Key_F2)
    assert len(touches) >= 2


def test_a_station_taken_out_of_service_welcomes_nobody_and_ends_its_visit(window):
    welcome = Screen(
        out_of_service().qml, {"reason_key": "common-take-card-detail", "resets": True}
    )
    visit = part_screen("tall")
    window.show(visit)
    window.take_out(out_of_service("common-out-of-service-taken-out"))
    assert window.current is visit
    window.show(welcome)
    assert window.current.values["reason_key"] == "common-out-of-service-taken-out"
    window.take_out(None)
    assert window.current is welcome
    window.take_out(out_of_service("common-out-of-service-taken-out"))
    assert window.current.values["reason_key"] == "common-out-of-service-taken-out"
