"""No timer cuts what is being read, and none ends a screen unasked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from common.flow.machine import ForReading, Stay, Step
from common.ui.screen import Screen
from common.ui.visit_driver import VisitDriver
from common.ui.window import StationWindow
from tests.support.parts import part_screen
from tests.support.qt import station_window


@dataclass(frozen=True)
class Told:
    """A screen that only tells something."""


@dataclass(frozen=True)
class Over:
    how: str


@dataclass(frozen=True)
class ShowFor(ForReading):
    """Task: leave it for the person to read."""


@dataclass
class Ear:
    """Somebody who listens, or not."""

    is_on: bool = True
    is_speaking: bool = False


def next_step(state: Any, event: Any) -> Step[Any, Any]:
    match state, event:
        case Told(), "started":
            return Step(state, (ShowFor(),))
        case Told(), "read" | "left":
            return Step(Over(event))
    return Step(state)


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    with station_window() as made:
        yield made


def driver(
    window: StationWindow, screen: Screen, answer_s: int = 1, asked: list[Any] | None = None
) -> VisitDriver[Any, Any, Any]:
    def perform(task: Any, _stay: Stay) -> str:
        if asked is not None:
            asked.append(task)
        return "read"

    return VisitDriver[Any, Any, Any](
        start=Told(),
        started="started",
        next_step=next_step,
        perform=perform,
        screen_for=lambda _state: screen,
        window=window,
        failed="failed",
        left="left",
        answer_s=answer_s,
    )


FINISH = part_screen("choices", {"done": str})
NOTICE = part_screen("choices")
WELCOME = part_screen("choices", {"choose": str}, {"resets": True})


def test_a_notice_that_nobody_can_end_ends_by_itself(window, qtbot):
    for screen in (NOTICE, WELCOME, part_screen("choices", {"call_staff": str})):
        made = driver(window, screen)
        made.start()
        qtbot.waitUntil(lambda made=made: made.visit.state == Over("read"))
        made.stop()


def test_who_could_end_a_screen_is_asked_first(window, qtbot):
    asked: list[Any] = []
    made = driver(window, FINISH, asked=asked)
    made.start()
    qtbot.waitUntil(lambda: window.is_asking)
    assert made.visit.state == Told()
    window.more_time()
    qtbot.waitUntil(lambda: window.is_asking)
    assert asked == [ShowFor(), ShowFor()]
    qtbot.waitUntil(lambda: made.visit.state == Over("read"))
    assert not window.is_asking
    made.stop()


def test_a_screen_stays_while_it_is_read_to_somebody(window, qtbot):
    ear = window.speech = Ear(is_speaking=True)
    made = driver(window, NOTICE)
    made.start()
    qtbot.wait(600)
    assert made.visit.state == Told()
    ear.is_speaking = False
    qtbot.waitUntil(lambda: made.visit.state == Over("read"))
    made.stop()


def test_the_question_waits_for_the_voice_and_leaves_more_time(window, qtbot):
    ear = window.speech = Ear(is_speaking=True)
    made = driver(window, FINISH, answer_s=20)
    made.start()
    qtbot.wait(400)
    assert not window.is_asking
    ear.is_speaking = False
    seconds: list[int] = []
    window.asked.connect(seconds.append)
    qtbot.waitUntil(lambda: window.is_asking)
    assert seconds == [60]
    ear.is_speaking = True
    qtbot.wait(1500)
    assert seconds == [60], "the seconds do not run while the question is read"
    ear.is_speaking = False
    qtbot.waitUntil(lambda: len(seconds) > 1)
    assert seconds == [60, 59]
    made.stop()


def test_patience_waits_for_the_voice(window, qtbot):
    ear = window.speech = Ear(is_speaking=True)
    patient = part_screen("choices", {"done": str}, {}, 0.05)

    def still(task: Any, stay: Stay) -> None:
        stay.left.wait(20)

    made = VisitDriver[Any, Any, Any](
        start=Told(),
        started="started",
        next_step=next_step,
        perform=still,
        screen_for=lambda _state: patient,
        window=window,
        failed="failed",
        left="left",
        answer_s=1,
    )
    made.start()
    qtbot.wait(500)
    assert not window.is_asking
    ear.is_speaking, ear.is_on = False, False
    qtbot.waitUntil(lambda: window.is_asking)
    qtbot.waitUntil(lambda: made.visit.state == Over("left"))
    made.stop()
