"""Staff's screens under a finger: the corner that nobody sees, the PIN that nobody reads."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from common.flow import staff_words as w
from common.flow.machine import Step
from common.flow.tended import AtStaffWork, StaffEntered, Tending
from common.ui.accessibility import faults
from common.ui.gallery import settle
from common.ui.looks import PORTRAIT, looks
from common.ui.screens.officer_pin import officer_pin
from common.ui.screens.out_of_service import out_of_service
from common.ui.screens.tend_kiosk import tend_kiosk
from common.ui.tending import Kiosk, tended
from common.ui.touch_panel import controls
from tests.support.qt import render, station_window

HELD_MS = 5000


def with_corner():
    screen = out_of_service("staff-closing-paper")
    return replace(screen, actions={"staff": lambda _: StaffEntered()})


def events_of(window):
    found: list[object] = []
    window.acted.connect(found.append)
    return found


def corner_of(window):
    return next(c for c in controls(window) if c.name == "Staff only")


def test_the_corner_is_in_nobodys_way(qapp):
    with station_window() as window:
        window.show(with_corner())
        for look in looks(PORTRAIT, public=True, contrasts=(False,)):
            look.wear(window)
            assert not faults(window), str(look)


def test_a_finger_held_for_five_seconds_opens_the_way_in(qapp, qtbot):
    finger = QTest.createTouchDevice()
    with station_window() as window:
        events = events_of(window)
        window.show(with_corner())
        settle()
        centre = corner_of(window).centre
        for held_ms in (300, HELD_MS - 1500):
            QTest.touchEvent(window.view, finger).press(0, centre).commit()
            qtbot.wait(held_ms)
            QTest.touchEvent(window.view, finger).release(0, centre).commit()
            settle(50)
            assert events == [], "a tap, and a hold that is too short, do nothing"
        QTest.touchEvent(window.view, finger).press(0, centre).commit()
        qtbot.waitUntil(lambda: bool(events), timeout=4 * HELD_MS)
        QTest.touchEvent(window.view, finger).release(0, centre).commit()
        assert events == [StaffEntered()]


class CardSlot:
    """Staff's work at a slot in which a card lies: an officer's, or one of the public's."""

    def __init__(self, is_officers: bool) -> None:
        self.is_officers, self.asked = is_officers, 0

    def officer_card(self):
        self.asked += 1
        return w.OfficerCardFound(3) if self.is_officers else None


class Open:
    closing = ""

    def __init__(self, is_online: bool = True) -> None:
        self.is_online, self.calls = is_online, 0

    def call_staff(self) -> bool:
        self.calls += 1
        return self.is_online


@pytest.mark.parametrize(
    ("read", "is_officers", "then", "asked"),
    [
        ("unreadable", True, AtStaffWork(w.TypingPin(3)), 1),
        ("unreadable", False, "given back", 1),
        ("read", False, "given back", 0),
    ],
)
def test_an_officer_s_card_at_the_welcome_opens_the_pin(qtbot, read, is_officers, then, asked):
    def step(state, event):
        match event:
            case "begin":
                return Step("reading", ("read",))
            case "unreadable" | "read":
                return Step("given back")
        return Step(state)

    flow = Tending(step, "start", "begin", lambda _: False, "left", "failed")
    kiosk = Kiosk(
        flow=flow,
        perform=lambda *_: read,
        screen_for=lambda _: out_of_service(),
        lane=lambda _: "card_unit",
        ready=(),
        unread=("unreadable",),
    )
    slot: Any = CardSlot(is_officers)
    station: Any = Open()
    with station_window() as window:
        driver = tended(kiosk, slot, station, window)
        driver.start()
        qtbot.waitUntil(lambda: driver.visit.state == then)
        driver.stop()
    assert slot.asked == asked, "nobody waits for a question about a card that was read"


def test_where_staff_may_not_come_in_there_is_no_corner(qapp):
    with render(out_of_service()) as shown:
        assert not any(c.name == "Staff only" for c in controls(shown.window))


def test_a_pin_is_typed_and_nobody_reads_it(qapp):
    with station_window() as window:
        events = events_of(window)
        window.show(officer_pin(w.TypingPin(3)))
        settle()
        for digit in "246802":
            QTest.keyClick(window.view, Qt.Key(Qt.Key.Key_0 + int(digit)))
        settle()
        assert not any("246802" in f"{c.name} {c.value}" for c in controls(window))
        window.act("pin", "246802")
        assert events == [w.PinTyped("246802")]


@pytest.mark.parametrize("typed", ["", "12345", "123456789", "12345x"])
def test_what_is_no_pin_never_leaves_the_screen(typed):
    with pytest.raises(ValueError, match="6 to 8 digits"):
        officer_pin(w.TypingPin(3)).actions["pin"](typed)


def test_an_officer_whom_only_the_list_knows_is_offered_less():
    alone = w.Member("lam", "lam", ())
    values = tend_kiosk(w.StaffMenu(alone, w.Report()), "collection-menu-title").values
    assert values["offline"] is True
    assert values["can_shut_down"] is False
    assert values["own_work_key"] == ""
