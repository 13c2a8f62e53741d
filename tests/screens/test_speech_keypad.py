"""A person with earphones and ten keys before a real window, with samples in a sound card."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from common.domain.language import Language
from common.i18n.texts import texts
from common.ui.screen import Screen
from common.ui.speech.engine import SpeechProgram
from common.ui.speech.keypad import Keypad
from common.ui.speech.keys import USUAL, Keymap, PadKey
from common.ui.speech.voice import LOUDEST, USUAL_VOLUME, Utterance
from common.ui.window import StationWindow
from hardware.simulation.sound_card import SimulatedSoundCard
from hardware.simulation.world import World
from hardware.sound.pcm_stream import PcmStream
from kiosk_tag.events import AskedForStaff, NumberChosen, WentBack
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.screens.welcome import welcome
from kiosk_tag.states import TypingNumber, Welcome
from tests.support.ears import KEYS, Listener, listening
from tests.support.parts import part_screen
from tests.support.qt import station_window

DOWN, UP, LEFT, RIGHT = PadKey.DOWN, PadKey.UP, PadKey.LEFT, PadKey.RIGHT
SELECT, BACK, HELP = PadKey.SELECT, PadKey.BACK, PadKey.HELP


@pytest.fixture
def window(qapp) -> Iterator[StationWindow]:
    with station_window() as made:
        yield made


@pytest.fixture
def person(window) -> Iterator[Listener]:
    with listening(window) as listener:
        yield listener


def events_of(window: StationWindow) -> list[Any]:
    events: list[Any] = []
    window.acted.connect(events.append)
    return events


def plugged(person: Listener, screen: Screen) -> str:
    person.window.show(screen)
    return person.pressing(PadKey.JACK_IN)


def test_a_plug_begins_with_how_the_keys_are_used_and_reads_the_page(person):
    said = plugged(person, welcome(Welcome()))
    english = texts(Language.ENGLISH)
    assert said.startswith(english.text("common-speech-intro"))
    assert english.text("tag-welcome-title") in said
    count = len(person.narrator.stops())
    assert english.text("common-speech-choices", count=count) in said


def test_without_a_plug_the_keys_work_and_nothing_is_said(person):
    events = events_of(person.window)
    person.window.show(welcome(Welcome()))
    assert person.pressing(DOWN, DOWN, DOWN, SELECT) == ""
    assert events == [NumberChosen()]
    assert not person.narrator.is_on


def test_up_and_down_go_round_and_say_where_they_are(person):
    plugged(person, welcome(Welcome()))
    count = len(person.narrator.stops())
    first = person.pressing(DOWN)
    assert "button" in first
    assert f"1 of {count}" in first
    assert f"{count} of {count}" in person.pressing(UP)
    assert f"1 of {count}" in person.pressing(DOWN)
    assert f"2 of {count}" in person.pressing(DOWN)


def test_left_and_right_read_line_by_line(person):
    plugged(person, welcome(Welcome()))
    english = texts(Language.ENGLISH)
    assert person.pressing(RIGHT) == english.text("tag-welcome-title")
    assert person.pressing(RIGHT) == english.text("tag-welcome-subtitle")
    assert person.pressing(LEFT) == english.text("tag-welcome-title")


def test_a_pad_is_typed_on_and_what_is_typed_is_not_said(person):
    plugged(person, screen_for(TypingNumber()))
    assert "Nothing entered" in person.pressing(DOWN)
    pad = person.pressing(DOWN)
    assert pad.endswith("A")
    assert person.pressing(SELECT) == "One character entered"
    assert person.pressing(RIGHT) == "B"
    assert person.pressing(LEFT) == "A"
    assert person.pressing(LEFT) == "Delete"
    assert person.pressing(LEFT) == "Clear"
    assert person.pressing(SELECT) == "Nothing entered"


def type_in(person: Listener, text: str) -> None:
    """Find each character by ear, as somebody does who has not learnt the order."""
    for letter in text:
        for _ in range(60):
            if person.pressing(RIGHT) == letter:
                break
        else:
            raise AssertionError(letter)
        person.pressing(SELECT)


def test_a_number_is_typed_and_handed_on_by_ear_alone(person):
    events = events_of(person.window)
    plugged(person, screen_for(TypingNumber()))
    person.pressing(DOWN, DOWN)
    type_in(person, "A1234563")
    said = person.pressing(UP)
    assert "8 characters entered" in said
    assert "A123" not in said
    assert "Back" in person.pressing(DOWN, DOWN)
    assert "Next" in person.pressing(DOWN)
    person.pressing(SELECT)
    assert [str(event.number) for event in events] == ["A123456(3)"]


def test_what_cannot_be_taken_yet_is_said_and_what_was_wrong_too(person):
    plugged(person, screen_for(TypingNumber()))
    assert "not available yet" in person.pressing(DOWN, DOWN, DOWN, DOWN)
    assert "not available yet" in person.pressing(SELECT)
    person.pressing(UP, UP)
    type_in(person, "A1234564")
    person.pressing(DOWN, DOWN, SELECT)
    QTest.qWait(400)
    english = texts(Language.ENGLISH)
    assert english.text("common-number-error") in " ".join(person.listen())


def test_a_row_of_choices_is_one_stop(person):
    window = person.window
    plugged(person, part_screen("row"))
    assert "1 of" in person.pressing(DOWN)
    before = person.pressing(RIGHT)
    assert "not chosen" in before
    assert "chosen" in (after := person.pressing(SELECT))
    assert "not chosen" not in after
    assert window.current is not None


def test_a_language_is_chosen_by_ear_and_the_page_is_read_in_it(person):
    plugged(person, welcome(Welcome()))
    for _ in range(12):
        if "English" in person.pressing(DOWN):
            break
    assert "繁體" in person.pressing(RIGHT)
    said = person.pressing(SELECT)
    assert person.window.language is Language.TRADITIONAL
    assert texts(Language.TRADITIONAL).text("tag-welcome-title") in said
    person.pressing(HELP)
    assert person.narrator.words.language is Language.TRADITIONAL


def test_back_and_help(person):
    events = events_of(person.window)
    first = plugged(person, screen_for(TypingNumber()))
    again = person.pressing(HELP)
    assert again in first
    assert person.pressing(HELP) == texts(Language.ENGLISH).text("common-speech-intro")
    person.pressing(BACK)
    assert events == [WentBack()]
    person.window.show(part_screen("row"))
    person.listen()
    assert person.pressing(BACK) == texts(Language.ENGLISH).text("common-speech-no-back")


def test_staff_are_called_by_the_keypad(person):
    events = events_of(person.window)
    plugged(person, welcome(Welcome()))
    for _ in range(12):
        if "Call staff" in person.pressing(DOWN):
            break
    person.pressing(SELECT)
    assert events == [AskedForStaff()]


def test_volume_and_speed_change_and_go_back_with_the_visit_or_the_plug(person):
    voice = person.narrator.voice
    plugged(person, screen_for(TypingNumber()))
    assert person.pressing(PadKey.VOLUME_UP) == f"Volume {USUAL_VOLUME + 1} of {LOUDEST}"
    speed = person.pressing(UP)
    assert "Speed of speech" in speed
    assert ", 4 of" in person.pressing(RIGHT)
    person.window.show(welcome(Welcome()))
    assert voice.volume == USUAL_VOLUME
    person.pressing(*[PadKey.VOLUME] * 5)
    assert voice.volume == 2, "after the loudest comes a soft one"
    person.press(PadKey.JACK_OUT)
    assert voice.volume == USUAL_VOLUME


def test_a_welcome_that_changes_keeps_the_volume_somebody_chose(person):
    plugged(person, welcome(Welcome()))
    person.pressing(PadKey.VOLUME_UP)
    person.window.show(welcome(Welcome()))
    assert person.narrator.voice.volume == USUAL_VOLUME + 1


def test_a_change_on_the_page_is_said_once(person):
    window = person.window
    plugged(person, part_screen("advice", values={"keeps": True, "words": ""}))
    for words in ("Press a little harder", "Press a little harder"):
        window.show(part_screen("advice", values={"keeps": True, "words": words}))
        QTest.qWait(350)
    assert [said for said in person.listen() if "harder" in said] == ["Press a little harder"]
    window.show(part_screen("advice", values={"keeps": True, "words": "Hold still"}))
    QTest.qWait(350)
    assert person.listen() == ["Hold still"]


def test_any_key_answers_the_question_for_more_time(person):
    answers: list[bool] = []
    person.window.answered.connect(lambda: answers.append(True))
    plugged(person, screen_for(TypingNumber()))
    person.window.ask_for_more_time(20)
    said = " ".join(person.listen())
    assert texts(Language.ENGLISH).text("common-more-time-question") in said
    assert "Press any key" in said
    assert texts(Language.ENGLISH).text("common-number-title") not in said
    person.window.ask_for_more_time(10)
    assert person.listen() == ["10 seconds left."]
    person.pressing(LEFT)
    assert answers == [True]
    assert not person.window.is_asking


def test_what_is_spoken_is_written_and_the_page_makes_room(person):
    window = person.window
    plugged(person, screen_for(TypingNumber()))
    person.pressing(DOWN)
    english = texts(Language.ENGLISH)
    pieces = (
        "Identity card number",
        "entry field",
        f"1 of {len(person.narrator.stops())}",
        "Nothing entered",
    )
    assert window._station.property("caption") == " · ".join(
        (*pieces, english.text("common-number-hint"))
    )
    lowest = max(part.control.y + part.control.height for part in person.narrator.parts())
    assert lowest < 1920 - 150
    person.press(PadKey.JACK_OUT)
    assert window._station.property("captions") is False


def test_a_key_that_is_held_or_struck_twice_is_one_stroke(window):
    now = [0.0]
    with listening(window) as person:
        pad = Keypad(person.narrator, Keymap({"down": ["F9"]}), 0.2, lambda: now[0])
        plugged(person, welcome(Welcome()))

        def strike(is_repeat: bool = False) -> str:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                stroke = QKeyEvent(
                    kind, Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "", is_repeat
                )
                pad.eventFilter(window.view, stroke)
            return " ".join(person.listen())

        assert "1 of " in strike()
        now[0] = 0.1
        assert strike() == ""
        now[0] = 0.5
        assert strike(is_repeat=True) == ""
        assert "2 of " in strike()
        pad.close()


def test_a_plug_may_be_a_key_that_stays_down(window):
    with listening(window, keymap=Keymap({"jack_out": []})) as person:
        window.show(welcome(Welcome()))
        QTest.keyPress(window.view, Qt.Key.Key_F15)
        assert person.narrator.is_plugged
        QTest.keyRelease(window.view, Qt.Key.Key_F15)
        assert not person.narrator.is_plugged


def test_linux_calls_the_same_keys_otherwise(window):
    with listening(window) as person:
        window.show(welcome(Welcome()))
        QTest.keyClick(window.view, Qt.Key.Key_Launch8)
        assert person.narrator.is_plugged
    assert all(len(names) == 2 for key, names in USUAL.items() if "volume_" not in key)
    assert Keymap().find(int(KEYS[DOWN].value)) is DOWN
    with pytest.raises(ValueError, match="no key 'sideways'"):
        Keymap({"sideways": ["F1"]})
    with pytest.raises(ValueError, match="Key_F99"):
        Keymap({"up": ["F99"]})


def test_samples_come_out_and_end_when_the_plug_is_pulled(window, tmp_path: Path, qtbot):
    card = SimulatedSoundCard("tag-1.sound", 0, World(tmp_path), {"timing": "realistic"})
    card.start()
    try:
        output = PcmStream(f"tcp://127.0.0.1:{card.port}")
        with listening(window, SpeechProgram(), output) as person:
            window.show(welcome(Welcome()))
            person.press(PadKey.JACK_IN)
            qtbot.waitUntil(lambda: card.is_playing, timeout=10_000)
            QTest.qWait(300)
            assert person.narrator.is_speaking
            person.press(PadKey.JACK_OUT)
            qtbot.waitUntil(lambda: bool(card.heard), timeout=10_000)
            (cut,) = card.heard
            assert cut.was_cut
            assert cut.loudness > 0.001
            assert not person.narrator.is_speaking
            QTest.qWait(300)
            assert len(card.heard) == 1, "and nothing follows"
    finally:
        card.stop()


def test_a_sound_card_that_is_away_stops_nobody(window, tmp_path, caplog):
    with listening(window, output=PcmStream("tcp://127.0.0.1:9")) as person:
        window.show(welcome(Welcome()))
        person.pressing(PadKey.JACK_IN)
        assert "1 of " in person.pressing(DOWN)
    assert caplog.text.count("the sound server is away") == 1
    assert "Identity" not in caplog.text


def test_a_language_is_not_forgotten_while_the_welcome_is_still_read(person):
    window = person.window
    window._forgetting.setInterval(30)
    plugged(person, welcome(Welcome()))
    window.set_language(Language.TRADITIONAL)
    voice = person.narrator.voice
    voice.say([Utterance(("Still reading",), Language.TRADITIONAL)] * 3, now=True)
    window._forget()
    assert str(window.language) == "zh-Hant"
    assert window._forgetting.isActive()
    person.listen()
    QTest.qWait(100)
    assert str(window.language) == "en"
