"""The collection kiosk's screens under a finger: what is touched becomes the right event."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from common.domain.case import OldDocument
from common.domain.finger_ladder import AskFinger, FingerLadder
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.flow.staff_words import PasswordTyped, TypingPassword
from common.i18n.texts import texts
from common.ui.gallery import previews, settle
from common.ui.screens.officer_password import officer_password
from common.ui.screens.take_card import take_card
from common.ui.touch_panel import controls
from kiosk_collection import events as e
from kiosk_collection import visit as v
from kiosk_collection.outcome import Stuck
from kiosk_collection.screens import HERE, SIZE
from kiosk_collection.screens.check_finger import check_finger
from kiosk_collection.screens.choice import screen_for
from kiosk_collection.screens.collected import collected
from kiosk_collection.screens.is_this_right import is_this_right
from kiosk_collection.screens.samples import NEW_CARD, OFFICER, visit
from kiosk_collection.screens.staff_menu import staff_menu
from kiosk_collection.screens.take_document import take_document
from kiosk_collection.screens.take_new_card import take_new_card
from kiosk_collection.screens.welcome import welcome
from kiosk_collection.staff import words as staff
from tests.support.qt import painted, render, station_window

ACTION = re.compile(r'action: "([a-z_]+)"')
LADDER = FingerLadder.over((1, 6), face_may_do=False)
SCREENS = {p.screen.name: p.screen for p in previews(["kiosk_collection.screens"])}


def touch(shown, name):
    settle(20)
    shown.window._settle()  # a person waits between two touches; a test need not
    QTest.mouseClick(
        shown.window.view,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        shown.named(name).centre,
    )


def events_of(shown):
    found: list[object] = []
    shown.window.acted.connect(found.append)
    return found


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_every_button_has_its_event(name):
    qml = (HERE / f"{name}.qml").read_text("utf-8")
    asked = set(ACTION.findall(qml))
    assert asked == set(SCREENS[name].actions) - {"call_staff"}


@pytest.mark.parametrize(
    ("screen", "name", "event"),
    [
        (welcome(v.Welcome()), "Call staff", e.AskedForStaff()),
        (
            check_finger(v.CheckingFinger(visit(), LADDER, AskFinger(1, 1))),
            "Use another finger",
            e.OtherFingerChosen(),
        ),
        (
            check_finger(v.CheckingFinger(visit(), LADDER, AskFinger(1, 1))),
            "I cannot give fingerprints",
            e.CannotGiveFingers(),
        ),
        (is_this_right(v.IsThisRight(visit(), NEW_CARD)), "Yes, all is right", e.SaidRight()),
        (is_this_right(v.IsThisRight(visit(), NEW_CARD)), "No, go to the counter", e.SaidWrong()),
    ],
)
def test_a_touch_becomes_an_event(qapp, screen, name, event):
    with render(screen) as shown:
        events = events_of(shown)
        touch(shown, name)
        assert events == [event]


def test_an_officer_signs_in_on_the_pad(qapp):
    with render(officer_password(TypingPassword())) as shown:
        events = events_of(shown)
        for key in ("h", "o", "Password", "s", "Capitals"):
            touch(shown, key)
        settle()
        capital = next(c for c in controls(shown.window) if c.name == "S" and c.touchable)
        QTest.mouseClick(
            shown.window.view,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            capital.centre,
        )
        touch(shown, "3")
        settle()
        assert not any("sS3" in f"{c.name} {c.value}" for c in controls(shown.window))
        touch(shown, "Sign in")
        assert events == [PasswordTyped("ho", "sS3")]


def test_an_officer_signs_in_on_a_keyboard(qapp):
    with render(officer_password(TypingPassword())) as shown:
        events = events_of(shown)
        touch(shown, "Officer ID")
        _type(shown, "nobody")
        touch(shown, "Clear")
        _type(shown, "ho")
        touch(shown, "Password")
        _type(shown, "a_B-9")
        settle()
        touch(shown, "Sign in")
        assert events == [PasswordTyped("ho", "a_B-9")]


def _type(shown, text):
    for letter in text:
        QTest.sendKeyEvent(
            QTest.KeyAction.Click,
            shown.window.view,
            Qt.Key.Key_unknown,
            letter,
            Qt.KeyboardModifier.NoModifier,
        )


@pytest.mark.parametrize(
    ("key", "event"),
    [
        ("collection-menu-has-card", staff.TakenOutByHand()),
        ("collection-menu-none-inside", staff.NoCardInside()),
    ],
)
def test_an_officer_says_where_a_card_is_that_the_machine_does_not_see(qapp, key, event):
    menu = staff.Menu(OFFICER, staff.Stand(stuck=Stuck.UNSEEN))
    with render(staff_menu(menu)) as shown:
        events = events_of(shown)
        touch(shown, texts(Language.ENGLISH).text(key))
        assert events == [event]


def test_who_activates_a_card_collects_for_nobody(qapp):
    name = texts(Language.ENGLISH).text("collection-for-another")
    for activates in (False, True):
        state = v.CheckingFace(replace(visit(), activates=activates))
        with render(screen_for(state)) as shown:
            names = [control.name for control in controls(shown.window)]
            assert (name in names) is not activates


def test_a_public_screen_shows_no_whole_number(qapp):
    with render(is_this_right(v.IsThisRight(visit(), NEW_CARD))) as shown:
        assert shown.says("A123***(*)")
        assert not shown.says("A123456")


def test_every_sentence_of_the_endings_exists_in_every_language():
    for screen in SCREENS.values():
        for value in screen.values.values():
            if isinstance(value, str) and value.startswith("collection-"):
                for language in OFFICE_LANGUAGES:
                    assert texts(language).text(
                        value, day="2026-01-15", pocket=1, wrong=2, kiosk=""
                    )


@pytest.mark.parametrize(
    "screen",
    [
        take_new_card(v.TakeNewCard(visit())),
        take_document(v.TakeDocument(v.Ending(v.EndKind.LEFT), OldDocument.OLD_CARD)),
        take_card(),
    ],
)
def test_a_tone_sounds_beside_its_caption_until_the_card_is_taken(qapp, screen):
    with station_window(SIZE, public=True) as window:
        tones: list[None] = []
        window.tone = lambda: tones.append(None) or True  # type: ignore[func-returns-value] # a list's append has no value
        shown = painted(window, screen, Language.ENGLISH)
        settle(50)
        assert tones
        assert shown.named(texts(Language.ENGLISH).text("common-tone"))
        window.show(collected(v.Collected(OldDocument.OLD_CARD)))
        settle(50)
        tones.clear()
        settle(50)
        assert not tones


def test_who_is_asked_at_the_gate_can_have_more_time(qapp):
    with render(take_new_card(v.TakeNewCard(visit(), asked=True))) as shown:
        events = events_of(shown)
        touch(shown, texts(Language.ENGLISH).text("collection-more-time"))
        assert events == [e.MoreTimeWanted()]


def test_a_number_whose_check_digit_does_not_fit_stays_on_its_screen():
    typed = screen_for(v.TypingNumber(OldDocument.OLD_CARD)).actions["number"]
    with pytest.raises(ValueError, match="check digit"):
        typed("A123456(7)")
    year = screen_for(v.TypingYear(OldDocument.OLD_CARD, IdentityNumber.parse("A123456(3)")))
    with pytest.raises(ValueError, match="born"):
        year.actions["year"]("1066")
