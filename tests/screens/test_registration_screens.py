"""The screens of registration kiosk and bench under a finger."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from common.domain.case import LateReason
from common.domain.finger_ladder import AskFinger
from common.domain.language import Language
from common.domain.portrait import PortraitRule
from common.i18n.texts import texts
from common.ui.accessibility import faults
from common.ui.controls import controls
from common.ui.gallery import previews, settle
from common.ui.looks import LANDSCAPE, Look
from common.wire.shapes import Particulars
from kiosk_registration import events as e
from kiosk_registration import states as s
from kiosk_registration.bench_flow import (
    CharacterChosen,
    CharactersSought,
    CharacterTaken,
    ChoosingHow,
    CodeChosen,
    Declared,
    Declaring,
    FieldTyped,
    Filling,
    Form,
    FormConfirmed,
    LeftForLater,
    NameDone,
    NamingInChinese,
    OfficerWanted,
    PageChosen,
    Reviewing,
    WentBack,
)
from kiosk_registration.bench_flow import PageFilled as BenchPageFilled
from kiosk_registration.events import (
    AskedForStaff,
    CannotGiveFingers,
    CannotGiveThisFinger,
    Consented,
    PageFilled,
    ParticularsRight,
    ParticularsWrong,
)
from kiosk_registration.form import PAGES, filled, typed_in
from kiosk_registration.screens import BENCH_SIZE, bench_choice, choice
from kiosk_registration.screens.samples import OFFICES, SIGNATURE_PNG
from kiosk_registration.states import (
    AskingConsent,
    Calling,
    CheckingFinger,
    CheckingParticulars,
    FillingGap,
)
from kiosk_registration.words import Change, CodeTrouble, Contact
from tests.flows.test_bench_flow import STATES as BENCH_STATES
from tests.flows.test_registration_flow import CARD, CASE, INSIDE, LADDER, SHOT, STATES, TAG, WHOLE
from tests.support.qt import station_window
from tests.support.touches import find, heard, says, touch

TODAY = date(2026, 1, 5)


@pytest.fixture
def window(qapp):
    with station_window() as made:
        yield made


@pytest.fixture
def bench(qapp):
    with station_window(BENCH_SIZE) as made:
        yield made


def show(window, state):
    window.show(choice.screen_for(state, TODAY))
    settle()


def show_bench(window, state):
    window.show(bench_choice.screen_for(state, TODAY))
    settle()


def test_a_called_tag_is_shown_without_a_name(window):
    show(window, Calling(TAG))
    assert says(window, "Tag A001 please")
    assert not says(window, "CHAN")


def test_the_notice_has_its_other_way_on_the_same_screen(window):
    events = heard(window)
    for name in ("I understand, go on", "I cannot give fingerprints", "Call staff"):
        show(window, AskingConsent(CASE))
        touch(window, name)
    assert events == [Consented(), CannotGiveFingers(), AskedForStaff()]


@pytest.mark.parametrize(("position", "words"), [(1, "right thumb"), (6, "left thumb")])
def test_the_finger_is_named(window, position, words):
    events = heard(window)
    for name in ("I cannot give this finger", "I cannot give fingerprints"):
        show(window, CheckingFinger(INSIDE, CARD, LADDER, AskFinger(position, 1)))
        assert says(window, f"Place your {words} on the scanner")
        touch(window, name)
    assert events == [CannotGiveThisFinger(), CannotGiveFingers()]


def test_a_gap_must_be_filled_before_the_page_is_left(window):
    events = heard(window)
    case = replace(CASE, particulars=WHOLE.model_copy(update={"telephone": ""}))
    show(window, FillingGap(case, len(PAGES) - 1))
    assert not find(window, "Next").enabled
    touch(window, *"123", "Next")
    assert not events
    assert says(window, "at least eight digits")
    touch(window, *"45678", "Next")
    assert events == [PageFilled(WHOLE.model_copy(update={"telephone": "12345678"}))]


def test_the_form_is_read_with_a_masked_number(window):
    events = heard(window)
    for name in ("Yes, this is right", "No, a change"):
        show(window, CheckingParticulars(CASE))
        assert says(window, "A123***(*)")
        assert not says(window, "123456")
        touch(window, name)
    assert events == [ParticularsRight(), ParticularsWrong()]


def test_a_page_of_the_bench_may_keep_gaps(bench):
    events = heard(bench)
    empty = Form(CASE.case_id, "A001", Particulars(), TODAY)
    show_bench(bench, Filling(empty, 0))
    touch(bench, *"CHAN", "Given names in English", *"TAI", "Space", "M", "A", "N", "Next")
    assert events == [
        FieldTyped(Particulars(surname="CHAN")),
        BenchPageFilled(Particulars(surname="CHAN", given_names="TAI MAN")),
    ]
    show_bench(bench, Filling(empty, 2))
    touch(bench, "Female", "Male", "Next")
    assert events[-1] == BenchPageFilled(Particulars(sex="M"))


def test_a_date_is_typed_day_first_and_checked(bench):
    events = heard(bench)
    show_bench(bench, Filling(Form(CASE.case_id, "A001", Particulars(), TODAY), 1))
    touch(bench, *"31021980", "Next")
    assert not events
    assert says(bench, "for example 14031985")
    touch(bench, "Clear", *"29021980", "Next")
    assert events == [BenchPageFilled(Particulars(date_of_birth=date(1980, 2, 29)))]


def test_every_line_of_the_review_leads_to_its_page(bench):
    events = heard(bench)
    form = Form(CASE.case_id, "A001", WHOLE, TODAY)
    show_bench(bench, Reviewing(form))
    touch(bench, "Change: Sex")
    show_bench(bench, Reviewing(form))
    touch(bench, "Change: Chinese name")
    show_bench(bench, Reviewing(form))
    touch(bench, "Yes, confirm")
    show_bench(bench, Reviewing(form))
    touch(bench, "Back")
    assert events == [PageChosen(2), PageChosen(None), FormConfirmed(), WentBack()]


def test_a_name_is_found_by_code_and_its_code_is_chosen(bench):
    events = heard(bench)
    named = WHOLE.model_copy(update={"chinese_name": "陳栢", "chinese_codes": ""})
    form = Form(CASE.case_id, "A001", named, TODAY)
    show_bench(bench, NamingInChinese(form))
    assert says(bench, "7115")
    touch(bench, "栢 No code")
    show_bench(bench, NamingInChinese(form, place=1))
    touch(bench, "2672")
    show_bench(bench, NamingInChinese(form, place=1))
    touch(bench, "Another code", *"12", "Take this code")
    assert says(bench, "four or five digits")
    show_bench(bench, NamingInChinese(form))
    touch(bench, "Find the next character", *"CAN", "Find")
    show_bench(bench, NamingInChinese(form, sought="CAN"))
    touch(bench, "陈")
    show_bench(bench, NamingInChinese(form))
    touch(bench, "Next")
    assert events == [
        CharacterChosen(1),
        CodeChosen("2672"),
        CharactersSought("CAN"),
        CharacterTaken("陈"),
        NameDone(),
    ]


def test_a_district_is_chosen_from_the_list_and_kept(bench):
    events = heard(bench)
    form = Form(CASE.case_id, "A001", WHOLE.model_copy(update={"address": "1 A ST"}), TODAY)
    show_bench(bench, Filling(form, 5))
    touch(bench, "District", "Wan Chai", "Next")
    address = "1 A ST, WAN CHAI DISTRICT, HONG KONG"
    assert events[-1] == BenchPageFilled(WHOLE.model_copy(update={"address": address}))


def test_a_whole_form_is_declared_true(bench):
    events = heard(bench)
    show_bench(bench, Declaring(Form(CASE.case_id, "A001", WHOLE, TODAY)))
    touch(bench, "I declare this")
    assert events == [Declared()]


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_no_screen_of_the_kiosk_shows_the_whole_number(window, state):
    show(window, state)
    assert not says(window, "123456")


@pytest.mark.parametrize("state", BENCH_STATES, ids=lambda state: type(state).__name__)
def test_every_state_of_the_bench_has_its_screen(bench, state):
    show_bench(bench, state)
    assert bench.current is not None


@pytest.mark.parametrize(
    "typed",
    [
        {"date_of_birth": "1980"},
        {"date_of_birth": "99999999"},
        {"date_of_birth": "06012026"},
        {"telephone": "1234"},
        {"telephone": "12345abc"},
        {"sex": "Q"},
        {"surname": "X" * 201},
        {"no_such_field": "x"},
    ],
)
def test_what_is_not_sensible_is_refused_without_repeating_it(typed):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the words must hold nothing typed)
        filled(WHOLE, typed, TODAY)
    assert refused.value.args
    assert set(refused.value.args) <= set(typed)


@pytest.mark.parametrize("text", ["", "[]", '{"surname": 3}', "{"])
def test_what_is_no_page_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 (any refusal will do)
        typed_in(text)


def in_state(window, state, *names):
    """Touch these one after the other, the state shown anew each time; return what was heard."""
    events = heard(window)
    for name in names:
        show(window, state)
        touch(window, name)
    return events


def test_a_change_is_chosen_by_what_it_is_about(window):
    names = ("My address", "What is on the card", "Something else", "Back")
    heard_ = in_state(window, s.ChoosingChange(INSIDE), *names)
    chosen = [e.ChangeChosen(one) for one in (Change.ADDRESS, Change.CARD_FACE, Change.OTHER)]
    assert heard_ == [*chosen, e.WentBack()]
    ways = ("Go on without the change", "I want it changed")
    assert in_state(window, s.NeedsAlteration(INSIDE), *ways) == [
        e.KeptAsItIs(),
        e.AlterationWanted(),
    ]


def test_lateness_is_declared_with_one_touch(window):
    names = ("I was ill, or cared for somebody who was", "Another reason")
    assert in_state(window, s.AskingExcuse(INSIDE, CARD), *names) == [
        e.ExcuseGiven(LateReason.ILL),
        e.ExcuseGiven(LateReason.OTHER),
    ]


def test_an_office_is_named_in_the_language_of_the_moment(window):
    state = s.ChoosingOffice(INSIDE, OFFICES[:2])
    assert in_state(window, state, "Sample Office 2") == [e.OfficeChosen("S2")]
    window.set_language(Language.TRADITIONAL)
    settle()
    assert says(window, "樣本辦事處（2）")


def test_a_number_is_a_mobile_number_or_is_asked_for_again(window):
    events = heard(window)
    show(window, s.AskingMobile(INSIDE))
    touch(window, *"2345678", "9", "Send the code")
    assert not events
    assert says(window, "no mobile number")
    touch(window, "Clear", *"91234567")
    window.set_language(Language.SIMPLIFIED)
    settle()
    touch(window, "发送验证码")
    assert events == [e.MobileGiven(Contact("+85291234567", Language.SIMPLIFIED))]
    window.set_language(Language.ENGLISH)
    show(window, s.AskingMobile(INSIDE))
    touch(window, "No, thank you")
    assert events[-1] == e.MobileDeclined(Language.ENGLISH)


def test_a_code_is_typed_and_never_the_whole_number_shown(window):
    state = s.TypingCode(INSIDE, Contact("+85291234567", Language.ENGLISH), CodeTrouble.WRONG)
    events = heard(window)
    show(window, state)
    assert says(window, "ending in 67")
    assert not says(window, "91234567")
    assert says(window, "This is not the code")
    assert not find(window, "Next").enabled
    touch(window, *"123456", "Next")
    assert events == [e.CodeTyped("123456")]
    ways = {
        "Send a new code": e.CodeAskedAgain(),
        "Type another number": e.WentBack(),
        "Go on without": e.MobileDeclined(Language.ENGLISH),
    }
    for name, expected in ways.items():
        show(window, state)
        touch(window, "No code?", name)
        assert events.pop() == expected


def test_hints_change_while_the_live_picture_stays(window):
    events = heard(window)
    show(window, s.Photographing(INSIDE))
    shown = window.current
    show(window, s.Photographing(INSIDE, (), PortraitRule.EYES_OPEN, is_seen=True))
    assert says(window, "open both eyes")
    assert shown.qml == window.current.qml
    show(window, s.Photographing(INSIDE, (SHOT, SHOT), None, is_seen=True))
    touch(window, "Choose")
    assert events == [e.ChoiceAsked()]
    show(window, s.ChoosingShot(INSIDE, (SHOT, SHOT)))
    touch(window, "Photograph 2")
    assert events[-1] == e.ShotChosen(1)


def test_a_signature_is_kept_cleared_or_left_to_the_booth(window):
    names = ("Yes, keep it", "Clear, sign again", "At the booth instead")
    expected = [e.SignatureKept(), e.SignatureAgain(), e.SignAtBooth()]
    assert in_state(window, s.ShowingSignature(INSIDE, SIGNATURE_PNG), *names) == expected
    assert in_state(window, s.Signing(INSIDE), *names[1:]) == expected[1:]


def test_paper_is_a_choice(window):
    names = ("No paper, keep it electronically", "Print my form")
    chosen = [e.PaperChosen(on_paper=False), e.PaperChosen(on_paper=True)]
    assert in_state(window, s.ChoosingPaper(INSIDE), *names) == chosen


def look(window, scale, language=Language.ENGLISH):
    Look(language, scale).wear(window)
    settle()


def test_with_large_letters_the_fields_come_one_after_the_other_and_each_is_kept(bench):
    events = heard(bench)
    empty = Form(CASE.case_id, "A001", Particulars(), TODAY)
    show_bench(bench, Filling(empty, 0))
    look(bench, 2.0)
    resting = bench.view.rootObject().findChild(QObject, "resting")
    resting.setProperty("interval", 10**6)  # however slow this machine is just now
    assert says(bench, "Surname in English")
    assert not says(bench, "Given names")
    touch(bench, *"CHAN", "Next")
    assert says(bench, "Given names in English")
    touch(bench, "Next")  # the second half of a double tap
    assert not [one for one in events if isinstance(one, BenchPageFilled)]
    resting.setProperty("interval", 1)
    QTest.qWait(50)
    touch(bench, *"TAI")
    look(bench, 1.0)
    assert says(bench, "CHAN")
    look(bench, 2.0)
    touch(bench, "Back")
    assert says(bench, "CHAN")
    QTest.qWait(50)
    touch(bench, "Next")
    QTest.qWait(50)
    touch(bench, "Next")
    assert events[-1] == BenchPageFilled(Particulars(surname="CHAN", given_names="TAI"))


LONG = "FLAT 12B, 34/F, BLOCK 5, LONG SAMPLE GARDEN, 678 VERY LONG SAMPLE ROAD, A VILLAGE"


@pytest.mark.parametrize("page", [0, 1, 5])
def test_a_pad_of_the_bench_is_whole_on_one_screen_whatever_the_letters(bench, page):
    filled_in = WHOLE.model_copy(update={"address": LONG})
    show_bench(bench, Filling(Form(CASE.case_id, "A001", filled_in, TODAY), page))
    for language in Language:
        look(bench, 2.0, language)
        assert not scrolls(bench), language


def test_the_pad_for_a_character_is_whole_on_one_screen(bench):
    show_bench(bench, NamingInChinese(Form(CASE.case_id, "A001", WHOLE, TODAY)))
    touch(bench, "Find the next character")
    for language in Language:
        look(bench, 2.0, language)
        assert not scrolls(bench), language


def scrolls(window):
    """Whether the content moves; the head beside it may be read on."""
    down = texts(window.language).text("common-scroll-down")
    return any(one.name == down for one in controls(window))


def test_back_from_the_pad_of_a_character_stays_on_the_page(bench):
    events = heard(bench)
    show_bench(bench, NamingInChinese(Form(CASE.case_id, "A001", WHOLE, TODAY)))
    touch(bench, "Find the next character", "Back")
    assert not events
    touch(bench, "Back")
    assert events == [WentBack()]


def test_without_the_camera_who_is_called_says_so_by_a_touch(window):
    state = Calling(TAG, camera=False)
    assert in_state(window, state, "I have tag A001") == [e.TagShown(TAG.token)]


def test_what_cannot_be_said_is_left_to_the_officer(window):
    gap = replace(INSIDE, particulars=WHOLE.model_copy(update={"telephone": ""}))
    page = FillingGap(gap, len(PAGES) - 1)
    assert in_state(window, page, "Leave it to the officer") == [e.GapLeft()]


def test_a_birthday_is_written_in_words(window, bench):
    show(window, CheckingParticulars(CASE))
    assert says(window, "6 May 1980")
    window.set_language(Language.TRADITIONAL)
    settle()
    assert says(window, "1980年5月6日")
    show_bench(bench, Reviewing(Form(CASE.case_id, "A001", WHOLE, TODAY)))
    assert says(bench, "6 May 1980")


def test_an_unfinished_form_goes_on_in_one_of_three_ways(bench):
    events = heard(bench)
    empty = Form(CASE.case_id, "A001", Particulars(), TODAY)
    for name in ("With an officer", "By myself, now", "By myself, later"):
        show_bench(bench, ChoosingHow(empty))
        touch(bench, name)
    assert events == [OfficerWanted(), WentBack(), LeftForLater()]


def test_every_page_of_the_bench_fits_the_wide_display(qapp):
    shown = [one for one in previews(("kiosk_registration.screens",)) if one.size == BENCH_SIZE]
    assert len(shown) > 20
    with station_window(LANDSCAPE) as wide:
        found = []
        for one in shown:
            wide.show(one.screen)
            Look(Language.TRADITIONAL).wear(wide)
            found += [f"{one.title}: {fault}" for fault in faults(wide)]
    assert not found
