"""A whole visit to the tag kiosk in process: heard and pressed, never seen."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtTest import QTest

from common.domain.language import Language
from common.domain.queue import Service, Stage, TagStatus
from common.flow.machine import Stay
from common.i18n.texts import texts
from common.ui.speech.keys import PadKey
from common.ui.visit_driver import VisitDriver
from common.ui.window import DOUBLE_MS
from common.wire.shapes import TagView
from kiosk_tag.events import (
    EquipmentFailed,
    Event,
    NoCardInside,
    PersonLeft,
    SlipPrinted,
    Started,
    TagGranted,
)
from kiosk_tag.flow import next_step
from kiosk_tag.perform import lane
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.states import ByNumber, Slip, StartingUp, State, TagIssued, Welcome
from kiosk_tag.tasks import AskForTag, LookForCard, PrintSlip, Task
from tests.support.ears import Listener, listening
from tests.support.qt import station_window

TAG = TagView(
    tag_id=UUID(int=1),
    number="A023",
    token="a-token",
    case_id=UUID(int=2),
    service=Service.APPOINTMENT,
    stage=Stage.KIOSK,
    status=TagStatus.WAITING,
    issued_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
    people_ahead=3,
    wait_low_min=10,
    wait_high_min=20,
)


class Kiosk:
    """The devices and the office of a tag kiosk, all of them quick."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def perform(self, task: Task, stay: Stay) -> Event | None:
        match task:
            case LookForCard():
                return NoCardInside()
            case AskForTag(asking):
                self.asked.append(asking)
                return TagGranted(TAG, reprinted=False)
            case PrintSlip():
                return SlipPrinted()
            case _:
                stay.left.wait(60)
                return None


def go_to(person: Listener, name: str, key: PadKey = PadKey.DOWN) -> None:
    """Go on until something is called by its name."""
    for _ in range(50):
        if person.pressing(key).split(" · ")[0] == name:
            return
    raise AssertionError(name)


def take(person: Listener, name: str) -> str:
    go_to(person, name)
    QTest.qWait(DOUBLE_MS)  # sooner it might be the second half of a double stroke
    return person.pressing(PadKey.SELECT)


def type_in(person: Listener, text: str) -> None:
    """Find each key by ear; the way to it is guessed, and the pad goes round."""
    go_to(person, person.narrator.words.text("common-speech-pad"))
    at = ""
    for letter in text:
        if letter != at:
            go_to(person, letter, PadKey.LEFT if letter < at else PadKey.RIGHT)
        person.pressing(PadKey.SELECT)
        at = letter


@pytest.mark.parametrize("language", [Language.TRADITIONAL, Language.ENGLISH])
def test_a_blind_person_gets_a_tag_alone(qapp, qtbot, language: Language) -> None:
    kiosk, words = Kiosk(), texts(language)
    with station_window() as window, listening(window) as person:
        driver = VisitDriver[State, Event, Task](
            start=StartingUp(),
            started=Started(),
            next_step=next_step,
            perform=kiosk.perform,
            screen_for=screen_for,
            window=window,
            failed=EquipmentFailed(),
            left=PersonLeft(),
            lane=lane,
        )
        driver.start()
        qtbot.waitUntil(lambda: isinstance(driver.visit.state, Welcome))
        person.pressing(PadKey.JACK_IN)
        if language is not Language.ENGLISH:
            go_to(person, "Language")
            go_to(person, "繁體", PadKey.RIGHT)
            assert words.text("tag-welcome-title") in person.pressing(PadKey.SELECT)
        said = take(person, words.text("tag-welcome-number"))
        assert words.text("common-number-title") in said
        type_in(person, "A1234563")
        assert words.text("common-year-title") in take(person, words.text("common-next"))
        type_in(person, "1980")
        take(person, words.text("common-next"))
        qtbot.waitUntil(
            lambda: (
                isinstance(driver.visit.state, TagIssued)
                and driver.visit.state.slip is Slip.PRINTED
            )
        )
        said = " | ".join(person.listen()) + person.pressing(PadKey.HELP)
        assert f"{words.text('tag-issued-number')}: A023" in said
        assert words.text("papers-slip-keep") in said, "what the slip says besides"
        take(person, words.text("common-finish"))
        qtbot.waitUntil(lambda: isinstance(driver.visit.state, Welcome))
        assert window.language is Language.ENGLISH
        (asked,) = kiosk.asked
        assert isinstance(asked, ByNumber)
        assert (str(asked.number), asked.year_of_birth) == ("A123456(3)", 1980)
        driver.stop()
