"""Stories of the tag kiosk."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.domain.queue import Service, Stage, TagStatus
from common.flow.draw import dead_ends, draw
from common.wire.shapes import TagView
from kiosk_tag import flow
from kiosk_tag.flow import (
    AskedForStaff,
    AskForTag,
    AwaitCard,
    AwaitCardTaken,
    ByCard,
    ByLetter,
    ByNumber,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardStuck,
    CardTaken,
    EquipmentFailed,
    FreeCard,
    GettingTag,
    GiveCardBack,
    GoToReception,
    LetterShown,
    LookForCard,
    NoCardInside,
    NumberChosen,
    NumberTyped,
    OutOfService,
    PersonLeft,
    PrintSlip,
    ReadCard,
    ReadingCard,
    ReadLongEnough,
    Reason,
    ReturningCard,
    ShowFor,
    Slip,
    SlipMissing,
    SlipPrinted,
    Started,
    StartingUp,
    TagGranted,
    TagIssued,
    TagRefused,
    TakeCard,
    TypingNumber,
    TypingYear,
    WatchForLetter,
    Way,
    WayBack,
    WayChosen,
    WayMissing,
    Welcome,
    WentBack,
    YearTyped,
    next_step,
)
from tests.support.stories import Story, check_drawing

NUMBER = IdentityNumber.parse("AB987654(3)")
TAG = TagView(
    tag_id=UUID(int=1),
    number="A001",
    token="token-of-a-tag",
    case_id=UUID(int=2),
    service=Service.APPOINTMENT,
    stage=Stage.FORM,
    status=TagStatus.WAITING,
    issued_at=datetime(2026, 1, 5, tzinfo=UTC),
)
STATES: list[flow.State] = [
    StartingUp(),
    Welcome(),
    Welcome(frozenset({Way.CARD})),
    Welcome(chosen=Way.LETTER),
    ReadingCard(),
    ReturningCard(None),
    ReturningCard(ByCard(NUMBER)),
    TakeCard(ByCard(NUMBER)),
    TakeCard(None),
    TakeCard(Reason.CARD_CHIP_SILENT, late=True),
    CardStuck(),
    TypingNumber(),
    TypingNumber(2),
    TypingYear(NUMBER),
    GettingTag(ByLetter("letter")),
    GettingTag(ByNumber(NUMBER, 1980)),
    TagIssued(TAG, reprinted=False),
    TagIssued(TAG, reprinted=False, slip=Slip.PRINTED),
    TagIssued(TAG, reprinted=True, slip=Slip.MISSING),
    GoToReception(Reason.CARD_CHIP_SILENT),
    OutOfService(),
]
EVENTS: list[flow.Event] = [
    Started(),
    NoCardInside(),
    CardFoundInside(),
    WayMissing(Way.CARD),
    WayBack(Way.CARD),
    LetterShown("letter"),
    CardInserted(),
    CardRead(NUMBER),
    CardNotRead(CardProblem.CHIP_SILENT),
    CardAtGate(),
    CardTaken(),
    CardNotTaken(),
    WayChosen(Way.LETTER),
    NumberChosen(),
    NumberTyped(NUMBER),
    YearTyped(1980),
    TagGranted(TAG, reprinted=False),
    TagRefused(Reason.NUMBER_WRONG),
    TagRefused(Reason.NO_CONNECTION),
    SlipPrinted(),
    SlipMissing(),
    ReadLongEnough(),
    WentBack(),
    AskedForStaff(),
    PersonLeft(),
    EquipmentFailed(),
]


def story(*events):
    return Story(StartingUp(), next_step, Started()).tell(*events)


def welcome(*events):
    return story(NoCardInside(), *events)


def test_on_start_the_unit_is_asked_and_letter_and_card_are_looked_for():
    told = story()
    assert told.tasks == [LookForCard()]
    assert told.tell(NoCardInside()).state == Welcome()
    assert told.tasks[1:] == [WatchForLetter(), AwaitCard()]


def test_a_card_left_inside_is_given_back_first():
    told = story(CardFoundInside())
    assert told.tasks[-1] == GiveCardBack()
    assert told.tell(CardAtGate()).state == TakeCard(None)
    assert told.tell(CardTaken()).state == StartingUp()


def test_a_letter_brings_a_tag_and_a_slip():
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False))
    assert told.asked(AskForTag) == [AskForTag(ByLetter("letter"))]
    assert told.asked(PrintSlip) == [PrintSlip(TAG)]
    assert told.tell(SlipPrinted()).state == TagIssued(TAG, reprinted=False, slip=Slip.PRINTED)
    assert told.tell(ReadLongEnough()).state == StartingUp()


def test_a_card_is_back_in_the_hand_before_the_office_is_asked():
    told = welcome(CardInserted(), CardRead(NUMBER), CardAtGate())
    assert not told.asked(AskForTag)
    assert told.tell(CardTaken()).state == GettingTag(ByCard(NUMBER))


def test_an_unreadable_card_goes_back_and_leads_to_reception():
    told = welcome(CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), CardAtGate(), CardTaken())
    assert told.state == GoToReception(Reason.CARD_CHIP_SILENT)


@pytest.mark.parametrize("problem", list(CardProblem))
def test_each_problem_with_a_card_has_its_own_words(problem):
    told = welcome(CardInserted(), CardNotRead(problem), CardAtGate(), CardTaken())
    assert told.state == GoToReception(Reason(f"card_{problem}"))


def test_a_card_that_nobody_takes_is_never_swallowed():
    told = welcome(CardInserted(), CardRead(NUMBER), CardAtGate(), *[CardNotTaken()] * 5)
    assert told.state == TakeCard(ByCard(NUMBER), late=True)
    assert len(told.asked(AwaitCardTaken)) == 6
    told.tell(PersonLeft())
    assert told.state == TakeCard(None, late=True)
    assert told.tell(CardTaken()).state == StartingUp()


def test_three_wrong_numbers_lead_to_reception():
    wrong = (NumberTyped(NUMBER), YearTyped(1980), TagRefused(Reason.YEAR_WRONG))
    told = welcome(NumberChosen(), *wrong)
    assert told.state == TypingNumber(1)
    assert told.tell(*wrong).state == TypingNumber(2)
    assert told.tell(*wrong).state == GoToReception(Reason.YEAR_WRONG)


@pytest.mark.parametrize("ending", [SlipMissing(), EquipmentFailed()])
def test_without_paper_the_tag_stays_on_the_screen_for_twenty_seconds(ending):
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), ending)
    assert told.state == TagIssued(TAG, reprinted=False, slip=Slip.MISSING)
    assert told.tasks[-1] == ShowFor(20.0)


def test_the_slip_is_printed_to_its_end_whoever_walks_away():
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), PersonLeft())
    assert told.state == TagIssued(TAG, reprinted=False)


def test_no_connection_leads_to_reception():
    told = welcome(LetterShown("letter"), TagRefused(Reason.NO_CONNECTION))
    assert told.state == GoToReception(Reason.NO_CONNECTION)


def test_without_card_unit_the_other_ways_still_work():
    told = story(WayMissing(Way.CARD))
    assert told.state == Welcome(frozenset({Way.CARD}))
    told.tell(WayMissing(Way.CARD))
    assert len(told.asked(WatchForLetter)) == 1
    assert told.tell(LetterShown("letter")).state == GettingTag(ByLetter("letter"))


def test_a_way_that_is_back_is_offered_again():
    told = story(WayMissing(Way.CARD), WayMissing(Way.LETTER), WayBack(Way.CARD))
    assert told.state == Welcome(frozenset({Way.LETTER}))


def test_a_late_answer_never_reaches_the_next_visitor():
    told = welcome(LetterShown("first"), EquipmentFailed(), ReadLongEnough(), NoCardInside())
    told.answer_late(TagGranted(TAG, reprinted=False), AskForTag)
    assert told.state == Welcome()


def test_a_card_that_sticks_is_tried_again_until_it_comes_out():
    told = welcome(CardInserted(), EquipmentFailed(), EquipmentFailed())
    assert told.state == CardStuck()
    told.tell(EquipmentFailed(), PersonLeft())
    assert told.asked(FreeCard) == [FreeCard(), FreeCard()]
    assert told.tell(CardAtGate(), CardTaken(), NoCardInside()).state == Welcome()


def test_whoever_goes_back_while_the_card_is_read_gets_it_back():
    assert welcome(CardInserted(), PersonLeft()).state == ReturningCard(None)
    assert welcome(CardInserted()).asked(ReadCard) == [ReadCard()]


def test_call_staff_leads_to_reception():
    assert welcome(AskedForStaff()).state == GoToReception(Reason.ASKED_FOR_STAFF)


def mechanism_answers(state):
    match state:
        case StartingUp():
            return NoCardInside()
        case ReturningCard() | CardStuck():
            return CardAtGate()
        case TakeCard():
            return CardTaken()
        case GettingTag():
            return TagRefused(Reason.NO_CONNECTION)
        case TagIssued():
            return SlipPrinted()
        case _:
            return ReadLongEnough()


@given(
    st.lists(st.sampled_from(EVENTS), max_size=25),
    st.lists(st.sampled_from([PersonLeft(), EquipmentFailed()]), min_size=1, max_size=6),
)
def test_from_anywhere_the_kiosk_comes_back_to_a_welcome_that_knows_nobody(history, ends):
    told = story(*history, *ends)
    for _ in range(12):
        if told.state == Welcome():
            break
        told.tell(mechanism_answers(told.state), PersonLeft())
    assert isinstance(told.state, Welcome)
    assert told.state.chosen is None
    assert "987654" not in repr(told.state)


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_nobody_gets_a_tag_while_a_card_is_inside(history):
    told = story()
    inside = False
    for event in history:
        before = told.state
        if isinstance(before, Welcome) and isinstance(event, CardInserted):
            inside = True
        if isinstance(event, CardTaken | NoCardInside) and isinstance(
            before, ReturningCard | TakeCard | CardStuck
        ):
            inside = False
        told.tell(event)
        if inside:
            assert isinstance(told.state, ReadingCard | ReturningCard | TakeCard | CardStuck)


def test_every_state_has_a_way_out():
    assert {type(state) for state in STATES} == set(flow.State.__args__)
    assert {type(event) for event in EVENTS} == set(flow.Event.__args__)
    assert not dead_ends(draw(next_step, STATES, EVENTS))


def test_the_drawing_in_the_readme_is_current():
    everywhere = (PersonLeft, EquipmentFailed, AskedForStaff, WentBack, Started)
    shown = [event for event in EVENTS if not isinstance(event, everywhere)]
    check_drawing(Path(flow.__file__).with_name("README.md"), draw(next_step, STATES, shown))
