"""The driver with real threads, a real window and a running event loop."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore
from time import monotonic
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from common.flow.machine import Stay, Step
from common.ui import visit_driver
from common.ui.gallery import settle
from common.ui.screen import Screen
from common.ui.touch_panel import controls
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from tests.support.parts import part_screen
from tests.support.qt import station_window


@dataclass(frozen=True)
class Idle:
    ready: bool = False


@dataclass(frozen=True)
class Checking:
    attempt: int = 1
    advice: str = ""


@dataclass(frozen=True)
class Finished:
    how: str


@dataclass(frozen=True)
class Prepare:
    """Task: ask the mechanisms how they stand."""


@dataclass(frozen=True)
class Check:
    """Task: look at a finger."""

    attempt: int = 1


@dataclass(frozen=True)
class GiveBack:
    """Task: move the card out."""


def next_step(state: Any, event: Any) -> Step[Any, Any]:
    match state, event:
        case Idle(), "started":
            return Step(Idle(), (Prepare(),))
        case Idle(), "ready":
            return Step(Idle(ready=True))
        case Idle(), "yes":
            return Step(Checking(), (Check(),))
        case Checking(attempt), "bad":
            return Step(Checking(attempt + 1), (Check(attempt + 1),))
        case Checking(attempt), ("advice", words):
            return Step(Checking(attempt, words))
        case Checking(), "good":
            return Step(Finished("good"), (GiveBack(),))
        case _, "failed":
            return Step(Finished("failed"))
        case _, "left":
            return Step(Finished("left"))
    return Step(state)


def screen_for(state: Any) -> Screen:
    patience = 0.05 if isinstance(state, Checking) else None
    return part_screen("choices", {"choose": str}, {}, patience)


def calm_screen_for(_state: Any) -> Screen:
    return part_screen("choices", {"choose": str})


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    with station_window() as made:
        yield made


@contextmanager
def driving(
    window: StationWindow,
    perform: Callable[[Any, Stay], Any],
    screens: Callable[[Any], Screen] = calm_screen_for,
    lane: Callable[[Any], str] = lambda _: "one",
    answer_s: int = 1,
) -> Iterator[VisitDriver[Any, Any, Any]]:
    driver = VisitDriver[Any, Any, Any](
        start=Idle(),
        started="started",
        next_step=next_step,
        perform=perform,
        screen_for=screens,
        window=window,
        failed="failed",
        left="left",
        lane=lane,
        answer_s=answer_s,
    )
    driver.start()
    try:
        yield driver
    finally:
        driver.stop()


def touch(window: StationWindow, name: str) -> None:
    point = next(c for c in controls(window) if c.name == name and c.touchable).centre
    QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def test_starting_asks_the_mechanisms_and_answers_come_home_to_the_gui_thread(window, qtbot):
    workers, shown_on = set(), set()

    def perform(task, _stay):
        workers.add(threading.get_ident())
        return "ready" if isinstance(task, Prepare) else "good"

    def screens(state):
        shown_on.add(threading.get_ident())
        return calm_screen_for(state)

    with driving(window, perform, screens) as driver:
        qtbot.waitUntil(lambda: driver.visit.state == Idle(ready=True))
        settle()
        touch(window, "Yes")
        qtbot.waitUntil(lambda: driver.visit.state == Finished("good"))
    assert shown_on == {threading.get_ident()}
    assert threading.get_ident() not in workers


def test_a_late_answer_never_reaches_the_next_visitor(window, qtbot):
    asked, answers = Semaphore(0), SimpleQueue[str]()

    def perform(task, _stay):
        if not isinstance(task, Check):
            return None
        asked.release()
        return answers.get(timeout=5)

    with driving(window, perform) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: asked.acquire(blocking=False))
        driver.happened("bad")  # the visit moves on to attempt 2
        answers.put("good")  # attempt 1 answers only now
        qtbot.waitUntil(lambda: asked.acquire(blocking=False))  # attempt 2 is at work
        settle()
        assert driver.visit.state == Checking(2)
        answers.put("good")
        qtbot.waitUntil(lambda: driver.visit.state == Finished("good"))


def test_what_is_told_while_working_counts_until_the_stay_is_left(window, qtbot):
    stays: list[Stay] = []
    go_on = threading.Event()

    def perform(task, stay):
        if isinstance(task, Check):
            stays.append(stay)
            stay.tell(("advice", "press harder"))
            go_on.wait(5)
            stay.tell(("advice", "too late"))

    with driving(window, perform) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: driver.visit.state == Checking(1, "press harder"))
        go_on.set()
        settle()
        assert driver.visit.state == Checking(1, "press harder")


def test_an_unforeseen_fault_leads_to_the_counter_and_names_nobody(window, qtbot, caplog):
    def perform(task, _stay):
        if isinstance(task, Check):
            raise ZeroDivisionError("CHAN Tai Man")

    with driving(window, perform) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: driver.visit.state == Finished("failed"))
    assert "Check failed: ZeroDivisionError" in caplog.text
    assert "test_ui_visit_driver.py" in caplog.text
    assert "CHAN" not in caplog.text


def test_stopping_ends_a_wait_at_once(window, qtbot):
    waiting, ended = Semaphore(0), threading.Event()

    def perform(task, stay):
        if isinstance(task, Check):
            waiting.release()
            stay.left.wait(60)
            ended.set()

    with driving(window, perform) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: waiting.acquire(blocking=False))
        started = monotonic()
    assert ended.is_set()
    assert monotonic() - started < 1


def test_stopping_does_not_wait_for_a_device_that_hangs(window, qtbot):
    waiting, release = Semaphore(0), threading.Event()

    def perform(task, _stay):
        if isinstance(task, Check):
            waiting.release()
            release.wait(60)
        return "good"

    with driving(window, perform) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: waiting.acquire(blocking=False))
    settle()
    assert driver.visit.state == Checking(1), "nothing happens after the end"
    release.set()


def test_lanes_work_side_by_side_and_each_in_order(window, qtbot):
    order, hold = [], threading.Event()

    def perform(task, _stay):
        if isinstance(task, Check):
            hold.wait(5)
        order.append(type(task).__name__)

    def lane(task):
        return "finger" if isinstance(task, Check) else "card"

    with driving(window, perform, lane=lane) as driver:
        driver.happened("yes")
        driver.happened("good")  # asks for GiveBack while Check still holds its lane
        qtbot.waitUntil(lambda: "GiveBack" in order)
        assert "Check" not in order
        hold.set()
        qtbot.waitUntil(lambda: "Check" in order)


def test_a_lane_lets_go_of_a_visit_between_its_last_work_and_the_next_one_s(
    window, qtbot, monkeypatch
):
    done: SimpleQueue[str] = SimpleQueue()
    monkeypatch.setattr(visit_driver, "wipe_lane", lambda: done.put("wiped"))

    def perform(task, stay):
        if isinstance(task, Check):
            stay.left.wait(5)
        done.put(type(task).__name__)

    def screens(state):
        return part_screen("choices", values={"resets": isinstance(state, Finished)})

    with driving(window, perform, screens) as driver:
        driver.happened("yes")
        driver.happened("good")  # here the state with the welcome, which has work of its own
        qtbot.waitUntil(lambda: done.qsize() == 4)
    assert [done.get() for _ in range(4)] == ["Prepare", "Check", "wiped", "GiveBack"]


def test_a_task_of_a_left_state_is_still_done(window, qtbot):
    done, hold = [], threading.Event()

    def perform(task, _stay):
        if isinstance(task, Check):
            hold.wait(5)
        done.append(type(task).__name__)

    with driving(window, perform) as driver:
        driver.happened("yes")
        driver.happened("good")
        driver.happened("left")
        hold.set()
        qtbot.waitUntil(lambda: "GiveBack" in done)


def test_who_does_not_answer_has_left(window, qtbot):
    with driving(window, lambda *_: None, screen_for) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: any(c.name == "Yes, more time" for c in controls(window)))
        assert any(c.name.startswith("This visit ends in 1 second.") for c in controls(window))
        qtbot.waitUntil(lambda: driver.visit.state == Finished("left"))
        settle()
        assert not any(c.name == "Yes, more time" for c in controls(window))


def test_who_asks_for_more_time_stays(window, qtbot):
    with driving(window, lambda *_: None, screen_for, answer_s=2) as driver:
        driver.happened("yes")
        for _ in range(3):  # each time anew, as often as needed
            qtbot.waitUntil(lambda: any(c.name == "Yes, more time" for c in controls(window)))
            touch(window, "Yes, more time")
            assert not any(c.name == "Yes, more time" for c in controls(window))
        assert driver.visit.state == Checking(1)


def test_the_question_is_answered_by_keyboard_and_covers_the_screen(window, qtbot):
    acted: list[object] = []
    window.acted.connect(acted.append)
    with driving(window, lambda *_: None, screen_for, answer_s=5) as driver:
        driver.happened("yes")
        window.view.requestActivate()
        qtbot.waitUntil(lambda: any(c.name == "Yes, more time" for c in controls(window)))
        assert not any(c.enabled for c in controls(window) if c.name == "Yes" and c.touchable)
        QTest.keyClick(window.view, Qt.Key.Key_Return)
        assert not any(c.name == "Yes, more time" for c in controls(window))
        assert acted == []


def test_a_step_of_the_flow_takes_the_question_away(window, qtbot):
    with driving(window, lambda *_: None, screen_for, answer_s=5) as driver:
        driver.happened("yes")
        qtbot.waitUntil(lambda: any(c.name == "Yes, more time" for c in controls(window)))
        driver.happened("good")
        settle()
        assert not any(c.name == "Yes, more time" for c in controls(window))
        qtbot.wait(150)
        assert driver.visit.state == Finished("good")


def test_touches_keep_the_question_away(window, qtbot):
    def slow_screen(state):
        return part_screen("choices", {"choose": str}, {}, 0.4)

    with driving(window, lambda *_: None, slow_screen) as driver:
        driver.happened("yes")
        for _ in range(8):
            qtbot.wait(100)
            QTest.keyClick(window.view, Qt.Key.Key_F2)
            assert not any(c.name == "Yes, more time" for c in controls(window))
        qtbot.waitUntil(lambda: any(c.name == "Yes, more time" for c in controls(window)))
