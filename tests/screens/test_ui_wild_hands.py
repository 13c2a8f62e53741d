"""Hands that do anything: double taps, palms, swipes, long presses, keys. Nothing harmful comes.

A kiosk's real screens and real flow in one process; its devices answer what the hands' seed says.
"""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest

from common.flow import staff_words as w
from common.ui import window as window_module
from common.ui.lock_down import leads_out
from common.ui.staff_screens import staff_screen
from kiosk_tag import events as tag
from kiosk_tag import states as tag_states
from kiosk_tag.flow import next_step
from kiosk_tag.screens.choice import screen_for
from tests.support.qt import station_window

HANDS = int(os.environ.get("SMARTICS_WILD_HANDS", "40"))
FINGER = None


def finger():
    global FINGER  # noqa: PLW0603 (a touch device lasts as long as the application)
    if FINGER is None:
        FINGER = QTest.createTouchDevice()
    return FINGER


class Hands:
    """One pair of wild hands over a window."""

    def __init__(self, window, seed: int) -> None:
        self.window, self.random = window, random.Random(seed)

    def point(self) -> QPoint:
        size = self.window.view.size()
        return QPoint(self.random.randrange(size.width()), self.random.randrange(size.height()))

    def touch(self, *points: QPoint) -> None:
        press = QTest.touchEvent(self.window.view, finger())
        for number, point in enumerate(points):
            press.press(number, point)
        press.commit()
        lift = QTest.touchEvent(self.window.view, finger())
        for number, point in enumerate(points):
            lift.release(number, point)
        lift.commit()

    def tap(self) -> None:
        self.touch(self.point())

    def tap_twice(self) -> None:
        point = self.point()
        self.touch(point)
        self.touch(point)

    def two_fingers(self) -> None:
        self.touch(self.point(), self.point())

    def palm(self) -> None:
        centre = self.point()
        around = [
            QPoint(self.random.randint(-90, 90), self.random.randint(-90, 90)) for _ in "12345"
        ]
        self.touch(*(centre + by for by in around))

    def swipe(self) -> None:
        begin, end = QPoint(0, self.point().y()), self.point()
        QTest.touchEvent(self.window.view, finger()).press(0, begin).commit()
        for step in range(1, 5):
            at = begin + (end - begin) * step / 4
            QTest.touchEvent(self.window.view, finger()).move(0, at).commit()
        QTest.touchEvent(self.window.view, finger()).release(0, end).commit()

    def key(self) -> None:
        key = self.random.choice(
            (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_A, Qt.Key.Key_F4)
        )
        modifier = self.random.choice(
            (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier)
        )
        QTest.keyClick(self.window.view, key, modifier)

    def do(self) -> None:
        self.random.choice(
            (self.tap, self.tap, self.tap_twice, self.two_fingers, self.palm, self.swipe, self.key)
        )()
        QGuiApplication.processEvents()


def answers(random_: random.Random) -> Any:
    """What a device or the office says, whenever it wants to: also too late and out of turn."""
    return random_.choice(
        (
            tag.NoCardInside(),
            tag.CardInserted(),
            tag.CardAtGate(),
            tag.CardTaken(),
            tag.CardNotTaken(),
            tag.WayMissing(tag_states.Way.CARD),
            tag.WayBack(tag_states.Way.CARD),
            tag.TagRefused(tag_states.Reason.NUMBER_WRONG),
            tag.ReadLongEnough(),
            tag.EquipmentFailed(),
            tag.PersonLeft(),
        )
    )


class Flow:
    """A flow under the hands; remembers what came of each of their touches."""

    def __init__(
        self, window, start: Any, step: Callable[..., Any], screen: Callable[..., Any]
    ) -> None:
        self.window, self.state, self._step, self._screen = window, start, step, screen
        self.touched: list[object] = []
        window.acted.connect(self._acted)
        window.show(screen(start))

    def _acted(self, event: object) -> None:
        self.touched.append(event)
        self.happened(event)

    def happened(self, event: object) -> None:
        before, self.state = self.state, self._step(self.state, event).state
        if self.state != before:
            self.window.show(self._screen(self.state))


@pytest.mark.parametrize("seed", [1, 2])
def test_wild_hands_at_a_tag_kiosk_do_nothing_harmful(qapp, qtbot, monkeypatch, seed):
    # Painting a screen takes a while too: the time of a double tap is the real one.
    monkeypatch.setattr(window_module, "SETTLE_MS", window_module.DOUBLE_MS)
    with station_window() as window:
        flow = Flow(window, tag_states.Welcome(), next_step, screen_for)
        hands = Hands(window, seed)
        for _ in range(HANDS):
            known = len(flow.touched)
            hands.do()
            assert len(flow.touched) - known <= 1, "one movement of hands is one wish at most"
            if hands.random.random() < 0.4:
                flow.happened(answers(hands.random))
            qtbot.wait(hands.random.choice((0, 0, window_module.DOUBLE_MS + 50)))
            assert window.view.isVisible(), "nothing leads out of the kiosk"
            assert window.current is not None
        assert flow.touched, "the hands met something"


def test_wild_hands_in_staff_mode_end_no_program(qapp, qtbot, monkeypatch):
    """Whatever is hit, restarting and shutting down need two touches, on two screens."""
    from common.flow import staff  # noqa: PLC0415 (its name is a module's)

    monkeypatch.setattr(window_module, "SETTLE_MS", 40)
    lam = w.Member("lam", "Lam", (), "token")
    with station_window() as window:
        flow = Flow(window, w.StaffMenu(lam, w.Report()), staff.next_step, staff_screen)
        hands = Hands(window, 3)
        for _ in range(HANDS // 2):
            before = len(flow.touched)
            hands.do()
            new = flow.touched[before:]
            assert not any(isinstance(event, w.SaidYes) for event in new[1:])
            qtbot.wait(25)
            if isinstance(flow.state, w.Doing | w.SigningOut | w.StaffGone):
                flow.state = w.StaffMenu(lam, w.Report())
                window.show(staff_screen(flow.state))


def test_what_leads_out_is_without_effect_and_the_keypad_works(qapp):
    none, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
    control, meta = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.MetaModifier

    def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = none, text: str = "") -> QKeyEvent:
        return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)

    out = (
        pressed(Qt.Key.Key_F4, alt),
        pressed(Qt.Key.Key_Tab, alt),
        pressed(Qt.Key.Key_Delete, control | alt),
        pressed(Qt.Key.Key_Q, control, "q"),
        pressed(Qt.Key.Key_L, meta, "l"),
        pressed(Qt.Key.Key_Meta),
        pressed(Qt.Key.Key_Super_L),
        pressed(Qt.Key.Key_Menu),
        pressed(Qt.Key.Key_Print),
        pressed(Qt.Key.Key_F11),
        pressed(Qt.Key.Key_PowerOff),
        QCloseEvent(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5)),
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, QMimeData(), Qt.MouseButton.LeftButton, none
        ),
    )
    for event in out:
        assert leads_out(event), event
    keypad = [Qt.Key(Qt.Key.Key_F13 + number) for number in range(12)]
    for key in (
        *keypad,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Tab,
    ):
        assert not leads_out(pressed(key)), key
    assert not leads_out(pressed(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, "A"))
    assert not leads_out(pressed(Qt.Key.Key_unknown, none, "7"))


def test_a_public_window_stays_open_and_an_officers_closes(qapp):
    for public in (True, False):
        with station_window(public=public) as window:
            window.view.close()
            assert window.view.isVisible() is public
