"""The tag kiosk's screens under a finger."""

import pytest

from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.texts import texts
from common.ui.gallery import settle
from kiosk_tag.events import (
    AskedForStaff,
    NumberChosen,
    NumberTyped,
    WayChosen,
    WentBack,
    YearTyped,
)
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.states import (
    GoToReception,
    Reason,
    Slip,
    TagIssued,
    TypingNumber,
    TypingYear,
    Way,
    Welcome,
)
from tests.flows.test_tag_flow import STATES, TAG
from tests.support.qt import station_window
from tests.support.touches import find, heard, says, touch

NUMBER = IdentityNumber.parse("AB987654(3)")


@pytest.fixture
def window(qapp):
    with station_window() as made:
        yield made


def show(window, state):
    window.show(screen_for(state))
    settle()


def test_the_welcome_offers_three_ways_and_staff(window):
    events = heard(window)
    show(window, Welcome())
    for name in ("Appointment letter", "Identity card", "Type your card number", "Call staff"):
        show(window, Welcome())
        touch(window, name)
    assert events == [
        WayChosen(Way.LETTER),
        WayChosen(Way.CARD),
        NumberChosen(),
        AskedForStaff(),
    ]


def test_a_broken_way_is_not_offered(window):
    show(window, Welcome(frozenset({Way.CARD})))
    assert says(window, "The card slot does not work just now")
    with pytest.raises(StopIteration):
        find(window, "Identity card")


def test_a_number_is_checked_at_once_and_nobody_can_read_it(window, qtbot):
    events = heard(window)
    show(window, TypingNumber())
    touch(window, *"AB9876547")
    # The newest character is plain for a second, the others never again.
    assert not says(window, "AB9")
    qtbot.waitUntil(lambda: says(window, "●" * 9), timeout=3000)
    touch(window, "Next")
    assert not events
    assert says(window, "This number does not fit")
    touch(window, "Delete", "3", "Next")
    assert events == [NumberTyped(NUMBER)]


def test_a_number_that_was_wrong_says_how_many_tries_are_left(window):
    show(window, TypingNumber(wrong=2))
    assert says(window, "Tries left: 1")


def test_the_year_shows_nothing_of_the_number(window):
    events = heard(window)
    show(window, TypingYear(NUMBER))
    assert not says(window, "AB9")
    touch(window, *"1066", "Next")
    assert not events
    assert says(window, "for example 1980")
    touch(window, "Clear", *"1980", "Next")
    assert events == [YearTyped(1980)]


@pytest.mark.parametrize("slip", list(Slip))
def test_the_tag_is_large_and_its_code_is_there_when_the_slip_is_not(window, slip):
    events = heard(window)
    show(window, TagIssued(TAG, reprinted=False, slip=slip))
    assert says(window, "A001")
    assert says(window, "Code of your tag") == (slip is Slip.MISSING)
    if slip is not Slip.PRINTING:
        touch(window, "Finish")
        assert events == [WentBack()]


@pytest.mark.parametrize("reason", list(Reason))
def test_reception_is_told_with_its_reason_in_every_language(window, reason):
    show(window, GoToReception(reason))
    for language in OFFICE_LANGUAGES:
        window.set_language(language)
        settle(10)
        assert says(window, texts(language).text(f"tag-reception-{reason}"))


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_no_state_shows_a_number_or_leaves_the_next_visitor_a_language(window, state):
    show(window, state)
    assert not says(window, "987654")
    window.set_language(Language.SIMPLIFIED)
    show(window, Welcome())
    assert window.language is Language.ENGLISH
