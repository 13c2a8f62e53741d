"""The tag kiosk's screens under a finger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import Arrival, Companion, Errand, Interpreted, Need, TagStatus
from common.i18n.texts import texts
from common.ui.gallery import settle
from kiosk_tag.events import (
    AskedForStaff,
    Chosen,
    CompanionChosen,
    CompanionWanted,
    ErrandChosen,
    ErrandsWanted,
    FeeAccepted,
    LanguageChosen,
    MoreWanted,
    NeedsChosen,
    NeedsWanted,
    NoneOfThese,
    NumberChosen,
    NumberTyped,
    SlotChosen,
    WayChosen,
    WentBack,
    YearTyped,
)
from kiosk_tag.screens.choice import screen_for
from kiosk_tag.screens.choose_slot import sample
from kiosk_tag.screens.decide import offered
from kiosk_tag.states import (
    NOTHING_MORE,
    SHOW_AGAIN,
    Choice,
    ChoosingCompanion,
    ChoosingErrand,
    ChoosingLanguage,
    ChoosingNeeds,
    ChoosingSlot,
    Closed,
    Coming,
    Deciding,
    GoToReception,
    HearingFee,
    HearingWhere,
    Question,
    Reason,
    SayingMore,
    Slip,
    SlotsListed,
    TagIssued,
    TypingNumber,
    TypingYear,
    Unread,
    Way,
    Welcome,
    Wish,
)
from tests.flows.test_tag_flow import AT, BY_CARD, ISSUED, STATES, TAG
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


@pytest.mark.parametrize("reason", [one for one in Reason if one not in SHOW_AGAIN])
def test_reception_is_told_with_its_reason_in_every_language(window, reason):
    show(window, GoToReception(reason))
    for language in OFFICE_LANGUAGES:
        window.set_language(language)
        settle(10)
        assert says(window, texts(language).text(f"tag-reception-{reason}"))


def test_needs_are_ticked_and_leave_together(window):
    events = heard(window)
    show(window, ChoosingNeeds(ISSUED))
    touch(window, "Priority", "A booth for a wheelchair", "Sign language", "Sign language", "Next")
    assert events == [NeedsChosen((Need.WHEELCHAIR, Need.PRIORITY))]
    show(window, ChoosingNeeds(ISSUED))
    touch(window, "Next")
    assert events[-1] == NeedsChosen(())


def test_an_interpreter_s_language_and_a_companion_are_chosen(window):
    events = heard(window)
    show(window, ChoosingLanguage(ISSUED, (Need.INTERPRETER,)))
    touch(window, "Bahasa Indonesia")
    show(window, ChoosingCompanion(ISSUED))
    touch(window, "A person of 65 or over")
    assert events == [LanguageChosen(Interpreted.INDONESIAN), CompanionChosen(Companion.AGED)]


def test_something_else_asks_plainly_and_tells_the_fee(window):
    events = heard(window)
    show(window, Welcome())
    touch(window, "Something else")
    show(window, ChoosingErrand())
    touch(window, "None of these")
    show(window, ChoosingErrand())
    touch(window, "My card is lost or stolen")
    window.show(screen_for(HearingFee(Errand.LOST), lambda _errand: 370))
    settle()
    assert says(window, "HK$ 370")
    touch(window, "Go on")
    assert events == [ErrandsWanted(), NoneOfThese(), ErrandChosen(Errand.LOST), FeeAccepted()]
    show(window, HearingFee(Errand.LOST))
    assert says(window, "The officer tells you the fee")


def test_who_lost_the_card_is_not_asked_to_insert_it(window):
    show(window, Welcome(wish=Wish(Errand.LOST)))
    with pytest.raises(StopIteration):
        find(window, "Identity card")
    assert find(window, "Letter or receipt")


@pytest.mark.parametrize("question", list(Question))
def test_each_question_shows_its_answers_and_lets_everybody_go(window, question):
    events = heard(window)
    show(window, Deciding(BY_CARD, NOTHING_MORE, offered(question)))
    cards = window.current.values["cards"]
    for one in cards:
        show(window, Deciding(BY_CARD, NOTHING_MORE, offered(question)))
        touch(window, texts(Language.ENGLISH).text(one["title"]))
    assert events == [Chosen(Choice(one["value"])) for one in cards]
    show(window, Deciding(BY_CARD, NOTHING_MORE, offered(question)))
    leave = window.current.values["leave"]
    touch(window, texts(Language.ENGLISH).text(leave))
    assert events[-1] == WentBack()


@pytest.mark.parametrize("reason", sorted(SHOW_AGAIN))
def test_what_could_not_be_read_leaves_every_other_way(window, reason):
    events = heard(window)
    show(window, Unread(reason))
    ways = [one for one in window.current.values["cards"] if one["action"] == "way"]
    for one in ways:
        show(window, Unread(reason))
        touch(window, texts(Language.ENGLISH).text(one["title"]))
    assert events == [WayChosen(Way(one["value"])) for one in ways]
    assert len(ways) == 1
    for name in ("Type your card number", "None of these", "Back"):
        show(window, Unread(reason))
        touch(window, name)
    assert events[len(ways) :] == [NumberChosen(), NoneOfThese(), WentBack()]
    show(window, Unread(reason, Wish(Errand.LOST)))
    if reason.startswith("letter"):
        with pytest.raises(StopIteration):
            find(window, "Identity card")


def test_who_is_expected_somewhere_is_told_where_and_not_to_wait(window):
    called = TAG.model_copy(update={"status": TagStatus.CALLED, "place": "K1"})
    show(window, TagIssued(called, reprinted=True, slip=Slip.PRINTED))
    assert says(window, "Please go to K1 now")
    assert says(window, "It is your turn.")
    assert not says(window, "wait")


@pytest.mark.parametrize("slip", [Slip.PRINTED, Slip.MISSING])
def test_free_times_stand_on_the_screen_where_they_are_not_on_paper(window, slip):
    show(window, SlotsListed(offered(Question.NO_PLACES).slots, slip))
    assert says(window, "Tuesday, 24/11, 09:30") == (slip is Slip.MISSING)
    assert says(window, "Please take your slip.") == (slip is Slip.PRINTED)


def test_without_a_free_time_it_says_what_becomes_of_the_person(window):
    offer = sample(Question.NO_PLACES, 0)
    show(window, ChoosingSlot(BY_CARD, NOTHING_MORE, offer, is_taken=True))
    assert says(window, "No time is free just now")
    assert find(window, "Put me on the waiting list")
    show(window, ChoosingSlot(BY_CARD, NOTHING_MORE, sample(Question.OTHER_DAY, 0)))
    assert says(window, "Your appointment stays as it is.")


def test_who_goes_back_keeps_the_language_until_the_next_one_comes(window):
    show(window, Welcome(chosen=Way.LETTER))
    window.set_language(Language.TRADITIONAL)
    show(window, Welcome(came_back=True))
    assert says(window, "歡迎，請取籌")
    show(window, GoToReception(Reason.RECEPTION))
    show(window, Welcome())
    assert says(window, "Please get a tag")


def test_a_slot_is_chosen_from_the_list_in_every_language(window):
    events = heard(window)
    offer = offered(Question.NO_PLACES)
    show(window, ChoosingSlot(BY_CARD, NOTHING_MORE, offer))
    touch(window, "Tuesday, 24/11, 09:30")
    assert events == [SlotChosen(offer.slots[1].starts_at)]
    window.set_language(Language.TRADITIONAL)
    settle()
    assert says(window, "11月24日（星期二）10:00")
    show(window, ChoosingSlot(BY_CARD, NOTHING_MORE, offer))
    touch(window, "登記輪候名單")
    show(window, ChoosingSlot(BY_CARD, NOTHING_MORE, offer))
    touch(window, "列印以上時間")
    assert events[1:] == [Chosen(Choice.WAIT_LIST), Chosen(Choice.PRINT)]


def test_a_tag_says_how_its_holder_came_and_takes_more(window):
    events = heard(window)
    coming = Coming(Arrival.EARLY, AT, AT - timedelta(minutes=10))
    show(window, replace(ISSUED, coming=coming))
    assert says(window, "please be back here by 08:50")
    touch(window, "I need something more")
    show(window, SayingMore(ISSUED))
    touch(window, "I need help or priority")
    show(window, SayingMore(ISSUED))
    touch(window, "Somebody comes with me")
    assert events == [MoreWanted(), NeedsWanted(), CompanionWanted()]
    show(window, replace(ISSUED, unsent=True))
    with pytest.raises(StopIteration):
        find(window, "I need something more")


def test_reception_looks_the_same_whatever_the_reason(window):
    watched = screen_for(replace(ISSUED, reception=Reason.RECEPTION)).values
    closed = screen_for(replace(ISSUED, reception=Reason.CASE_CLOSED)).values
    assert {**watched, "reason": ""} == {**closed, "reason": ""}
    assert screen_for(GoToReception(Reason.RECEPTION)).qml == (
        screen_for(GoToReception(Reason.NO_CARD)).qml
    )


def test_outside_the_hours_the_screen_says_when_the_office_opens(window):
    show(window, Closed(AT))
    assert says(window, "It opens on Tuesday, 24 November, at 09:00.")
    show(window, Closed())
    assert says(window, "Please come back in our opening hours.")


def test_the_way_to_another_office_is_shown_with_its_address(window):
    show(window, HearingWhere(offered(Question.OTHER_OFFICE)))
    assert says(window, "2nd floor, 8 Example Road")
    show(window, HearingWhere(offered(Question.CARD_READY)))
    assert says(window, "You need no tag")


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_no_state_shows_a_number_or_leaves_the_next_visitor_a_language(window, state):
    show(window, state)
    assert not says(window, "987654")
    window.set_language(Language.SIMPLIFIED)
    # Where nobody's visit ends, whoever stands before the kiosk keeps what was chosen just now.
    stays = bool(screen_for(state).values.get("resets"))
    show(window, Welcome())
    assert window.language is (Language.SIMPLIFIED if stays else Language.ENGLISH)
