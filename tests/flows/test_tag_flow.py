"""Stories of the tag kiosk."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.card_problem import CardProblem
from common.domain.identity_number import IdentityNumber
from common.domain.queue import (
    Companion,
    Errand,
    Guardian,
    Interpreted,
    Need,
    Service,
    Stage,
    TagStatus,
)
from common.flow.draw import dead_ends, draw
from common.wire.shapes import SlotAnswer, TagView
from kiosk_tag import events, flow, states
from kiosk_tag.events import (
    AskedForStaff,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    Chosen,
    CompanionChosen,
    CompanionWanted,
    DecisionNeeded,
    EquipmentFailed,
    ErrandChosen,
    ErrandsWanted,
    FeeAccepted,
    LanguageChosen,
    LetterShown,
    MoreWanted,
    NeedsChosen,
    NeedsWanted,
    NoCardInside,
    NoneOfThese,
    NumberChosen,
    NumberTyped,
    OfficeOpened,
    OfficeShut,
    PersonLeft,
    ReadLongEnough,
    SlipMissing,
    SlipPrinted,
    SlotAnswered,
    SlotChosen,
    Started,
    TagGranted,
    TagRefused,
    WayBack,
    WayChosen,
    WayMissing,
    WentBack,
    YearTyped,
)
from kiosk_tag.flow import next_step
from kiosk_tag.screens.decide import offered
from kiosk_tag.states import (
    CALLED,
    NOTHING_MORE,
    SHOW_AGAIN,
    ByCard,
    ByLetter,
    ByNobody,
    ByNumber,
    CardStuck,
    Choice,
    ChoosingCompanion,
    ChoosingErrand,
    ChoosingLanguage,
    ChoosingNeeds,
    ChoosingSlot,
    Closed,
    Deciding,
    GettingTag,
    GoToReception,
    HearingFee,
    HearingWhere,
    OutOfService,
    Question,
    ReadingCard,
    Reason,
    ReturningCard,
    SayingMore,
    Slip,
    SlotsListed,
    SlotTaken,
    StartingUp,
    TagIssued,
    TakeCard,
    TakingSlot,
    TellingNeeds,
    TypingNumber,
    TypingYear,
    Unread,
    Way,
    Welcome,
    Wish,
)
from kiosk_tag.tasks import (
    AskForTag,
    AwaitCard,
    AwaitCardTaken,
    FreeCard,
    GiveCardBack,
    LookForCard,
    PrintAppointment,
    PrintSlip,
    PrintSlots,
    ReadCard,
    TakeSlot,
    WatchForLetter,
    WatchHours,
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
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BY_CARD = ByCard(NUMBER, 1980)
LOST = Wish(Errand.LOST)
ISSUED = TagIssued(TAG, reprinted=False, slip=Slip.PRINTED)
WITH_HOLDER = Wish(holder=ISSUED, companion=Companion.AGED)
BOOKED = SlotAnswer(outcome="booked", slot=AT, letter_token="a-letter", enquiry_code="2468")
STATES: list[states.State] = [
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
    Unread(Reason.CARD_CHIP_SILENT),
    Unread(Reason.LETTER_UNKNOWN, LOST),
    CardStuck(),
    TypingNumber(),
    TypingNumber(2),
    TypingYear(NUMBER),
    GettingTag(ByLetter("letter")),
    GettingTag(ByNumber(NUMBER, 1980)),
    TagIssued(TAG, reprinted=False),
    TagIssued(TAG, reprinted=False, slip=Slip.PRINTED),
    TagIssued(TAG, reprinted=True, slip=Slip.MISSING),
    GoToReception(Reason.NO_CONNECTION),
    OutOfService(),
    Closed(),
    Closed(AT),
    Welcome(wish=LOST),
    Welcome(came_back=True),
    Welcome(wish=WITH_HOLDER),
    ChoosingErrand(),
    HearingFee(Errand.LOST),
    GettingTag(ByNobody(Reason.YEAR_WRONG)),
    *(Deciding(BY_CARD, NOTHING_MORE, offered(question)) for question in Question),
    ChoosingSlot(BY_CARD, NOTHING_MORE, offered(Question.NO_PLACES)),
    TakingSlot(BY_CARD, NOTHING_MORE, offered(Question.NO_PLACES), AT),
    SlotTaken(BOOKED),
    SlotTaken(BOOKED, Slip.MISSING),
    SlotsListed(offered(Question.NO_PLACES).slots),
    HearingWhere(offered(Question.OTHER_OFFICE)),
    SayingMore(ISSUED),
    ChoosingNeeds(ISSUED),
    ChoosingLanguage(ISSUED, (Need.INTERPRETER,)),
    TellingNeeds(ISSUED, (Need.PRIORITY,)),
    ChoosingCompanion(ISSUED),
]
EVENTS: list[events.Event] = [
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
    TagGranted(TAG, reprinted=False, unsent=True),
    TagRefused(Reason.RECEPTION),
    TagRefused(Reason.LETTER_UNKNOWN),
    *(DecisionNeeded(offered(question)) for question in Question),
    *(SlotAnswered(SlotAnswer(outcome=outcome)) for outcome in ("full", "refused", "waiting")),
    SlotAnswered(BOOKED),
    OfficeShut(AT),
    OfficeOpened(),
    ErrandsWanted(),
    NoneOfThese(),
    *(ErrandChosen(errand) for errand in Errand),
    FeeAccepted(),
    *(Chosen(choice) for choice in Choice),
    SlotChosen(AT),
    MoreWanted(),
    NeedsWanted(),
    NeedsChosen(()),
    NeedsChosen((Need.INTERPRETER, Need.PRIORITY)),
    NeedsChosen((Need.WHEELCHAIR,)),
    LanguageChosen(Interpreted.URDU),
    CompanionWanted(),
    CompanionChosen(Companion.AGED),
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
    assert told.tasks[1:] == [WatchForLetter(), AwaitCard(), WatchHours(is_open=True)]


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
    assert told.tell(PersonLeft()).state == StartingUp()


def test_a_card_is_back_in_the_hand_before_the_office_is_asked():
    told = welcome(CardInserted(), CardRead(NUMBER), CardAtGate())
    assert not told.asked(AskForTag)
    assert told.tell(CardTaken()).state == GettingTag(ByCard(NUMBER))


def test_a_card_says_when_its_holder_was_born():
    told = welcome(CardInserted(), CardRead(NUMBER, 1980), CardAtGate(), CardTaken())
    assert told.asked(AskForTag) == [AskForTag(BY_CARD)]


UNREAD = (CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), CardAtGate(), CardTaken())


def test_an_unreadable_card_goes_back_and_is_tried_again_or_its_number_is_typed():
    lost = (ErrandsWanted(), ErrandChosen(Errand.FIRST))
    first = Wish(Errand.FIRST)
    told = welcome(*lost, *UNREAD)
    assert told.state == Unread(Reason.CARD_CHIP_SILENT, first)
    assert told.tell(WayChosen(Way.CARD)).state == Welcome(chosen=Way.CARD, wish=first)
    told.tell(CardInserted(), CardRead(NUMBER, 1980), CardAtGate(), CardTaken())
    assert told.state == GettingTag(BY_CARD, wish=first), "what was said before is not asked again"
    again = welcome(*lost, *UNREAD, CardInserted())
    assert again.state == ReadingCard(first), "a wiped card is put in, and nothing touched"
    typed = welcome(*lost, *UNREAD, NumberChosen(), NumberTyped(NUMBER), YearTyped(1980))
    assert typed.state == GettingTag(ByNumber(NUMBER, 1980), wish=first)
    assert welcome(*UNREAD, PersonLeft()).state == StartingUp()
    assert welcome(*UNREAD, WentBack()).state == Welcome(came_back=True)


@pytest.mark.parametrize("reason", [Reason.LETTER_UNKNOWN, Reason.LETTER_OTHER_DAY])
def test_a_code_that_is_not_good_leaves_the_other_ways(reason):
    told = welcome(LetterShown("another"), TagRefused(reason))
    assert told.state == Unread(reason)
    assert not told.asked(PrintSlip)
    assert told.tell(NumberChosen()).state == TypingNumber()
    shown = welcome(LetterShown("another"), TagRefused(reason), WayChosen(Way.CARD))
    assert shown.state == Welcome(chosen=Way.CARD)
    better = welcome(LetterShown("another"), TagRefused(reason), LetterShown("ours"))
    assert better.state == GettingTag(ByLetter("ours")), "nothing has to be touched for it"


def test_who_has_no_number_or_another_errand_is_called_to_reception():
    nobody = GettingTag(ByNobody(Reason.RECEPTION))
    assert welcome(ErrandsWanted(), NoneOfThese()).state == nobody
    errand = welcome(ErrandsWanted(), ErrandChosen(Errand.FIRST), NoneOfThese())
    assert errand.state == nobody
    assert welcome(*UNREAD, NoneOfThese()).state == nobody
    assert welcome(NoneOfThese()).state == Welcome(), "the first screen asks for an errand first"


def test_back_goes_one_page_back_and_the_same_person_reads_on():
    errand = (ErrandsWanted(), ErrandChosen(Errand.LOST), FeeAccepted())
    assert welcome(*errand, WentBack()).state == ChoosingErrand()
    assert welcome(*errand, NumberChosen(), WentBack()).state == Welcome(wish=LOST, came_back=True)
    assert welcome(ErrandsWanted(), WentBack()).state == Welcome(came_back=True)
    shown = welcome(WayChosen(Way.LETTER), WentBack())
    assert shown.state == Welcome(came_back=True)
    assert shown.tell(PersonLeft()).state == Welcome()


@pytest.mark.parametrize("problem", list(CardProblem))
def test_each_problem_with_a_card_has_its_own_words(problem):
    told = welcome(CardInserted(), CardNotRead(problem), CardAtGate(), CardTaken())
    reason = Reason(f"card_{problem}")
    if reason in SHOW_AGAIN:
        assert told.state == Unread(reason)
        return
    if reason in CALLED:
        assert told.state == GettingTag(ByNobody(reason))
        told.tell(TagRefused(Reason.NO_CONNECTION))
    assert told.state == GoToReception(reason)


def test_a_card_that_nobody_takes_is_never_swallowed():
    told = welcome(CardInserted(), CardRead(NUMBER), CardAtGate(), *[CardNotTaken()] * 5)
    assert told.state == TakeCard(ByCard(NUMBER), late=True)
    assert len(told.asked(AwaitCardTaken)) == 6
    told.tell(PersonLeft())
    assert told.state == TakeCard(None, late=True)
    assert told.tell(CardTaken()).state == StartingUp()


def test_three_wrong_numbers_lead_to_reception_with_a_tag():
    wrong = (NumberTyped(NUMBER), YearTyped(1980), TagRefused(Reason.YEAR_WRONG))
    told = welcome(NumberChosen(), *wrong)
    assert told.state == TypingNumber(1)
    assert told.tell(*wrong).state == TypingNumber(2)
    assert told.tell(*wrong).state == GettingTag(ByNobody(Reason.YEAR_WRONG))
    called = TAG.model_copy(update={"number": "E001", "service": Service.ASSISTED})
    told.tell(TagGranted(called, reprinted=False))
    assert told.state == TagIssued(called, False, reception=Reason.YEAR_WRONG)
    assert told.asked(PrintSlip) == [PrintSlip(called)]
    assert not told.tell(SlipPrinted()).state.may_say_more


@pytest.mark.parametrize("ending", [SlipMissing(), EquipmentFailed()])
def test_without_paper_the_tag_stays_on_the_screen(ending):
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), ending)
    assert told.state == TagIssued(TAG, reprinted=False, slip=Slip.MISSING)
    assert told.tell(ReadLongEnough()).state == TagIssued(TAG, reprinted=False, slip=Slip.MISSING)


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
        case TagIssued() | SlotTaken() | SlotsListed():
            return SlipPrinted()
        case TakingSlot():
            return TagRefused(Reason.NO_CONNECTION)
        case TellingNeeds():
            return TagRefused(Reason.NO_CONNECTION)
        case Closed():
            return OfficeOpened()
        case _:
            return ReadLongEnough()


@given(
    st.lists(st.sampled_from(EVENTS), max_size=25),
    st.lists(st.sampled_from([PersonLeft(), EquipmentFailed()]), min_size=1, max_size=6),
)
def test_from_anywhere_the_kiosk_comes_back_to_a_welcome_that_knows_nobody(history, ends):
    told = story(*history, *ends)
    for _ in range(14):
        if told.state == Welcome():
            break
        told.tell(mechanism_answers(told.state), PersonLeft())
    assert isinstance(told.state, Welcome)
    assert told.state.chosen is None
    assert told.state.wish == NOTHING_MORE
    assert "987654" not in repr(told.state)


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_nobody_gets_a_tag_while_a_card_is_inside(history):
    told = story()
    inside = False
    for event in history:
        before = told.state
        if isinstance(before, Welcome | Unread) and isinstance(event, CardInserted):
            inside = True
        if isinstance(event, CardTaken | NoCardInside) and isinstance(
            before, ReturningCard | TakeCard | CardStuck
        ):
            inside = False
        told.tell(event)
        if inside:
            assert isinstance(told.state, ReadingCard | ReturningCard | TakeCard | CardStuck)


def test_an_errand_with_a_fee_is_told_it_before_anything_is_done():
    told = welcome(ErrandsWanted(), ErrandChosen(Errand.LOST))
    assert told.state == HearingFee(Errand.LOST)
    assert not told.asked(AskForTag)
    told.tell(FeeAccepted(), LetterShown("letter"))
    assert told.asked(AskForTag) == [AskForTag(ByLetter("letter"), LOST)]
    assert welcome(ErrandsWanted(), ErrandChosen(Errand.COLLECT)).state == Welcome(
        wish=Wish(Errand.COLLECT)
    )


def test_an_errand_survives_the_card_s_way_and_wrong_numbers_and_nothing_else():
    told = welcome(ErrandsWanted(), ErrandChosen(Errand.FIRST), CardInserted(), CardRead(NUMBER))
    told.tell(CardAtGate(), CardTaken())
    assert told.state == GettingTag(ByCard(NUMBER), wish=Wish(Errand.FIRST))
    typed = (NumberTyped(NUMBER), YearTyped(1980), TagRefused(Reason.YEAR_WRONG))
    again = welcome(ErrandsWanted(), ErrandChosen(Errand.FIRST), NumberChosen(), *typed)
    assert again.state == TypingNumber(1, Wish(Errand.FIRST))
    assert again.tell(PersonLeft(), NoCardInside()).state == Welcome()


@pytest.mark.parametrize(
    ("question", "choice", "more"),
    [
        (Question.OTHER_OFFICE, Choice.WALK_IN, {"walk_in": True}),
        (Question.OTHER_DAY, Choice.WALK_IN, {"walk_in": True}),
        (Question.GUARDIAN, Choice.GUARDIAN_HERE, {"guardian": Guardian.HERE}),
        (Question.GUARDIAN, Choice.GUARDIAN_ABSENT, {"guardian": Guardian.ABSENT}),
        (Question.GUARDIAN_OR_ADULT, Choice.ADULT, {"guardian": Guardian.ADULT}),
        (Question.CARD_READY, Choice.COUNTER, {"at_counter": True}),
    ],
)
def test_a_decision_goes_back_to_the_office_with_who_asked(question, choice, more):
    told = welcome(LetterShown("letter"), DecisionNeeded(offered(question)), Chosen(choice))
    assert told.asked(AskForTag)[-1] == AskForTag(ByLetter("letter"), Wish(**more))


def test_who_has_an_appointment_elsewhere_is_shown_the_way():
    offer = offered(Question.OTHER_OFFICE)
    told = welcome(LetterShown("letter"), DecisionNeeded(offer), Chosen(Choice.SHOW_WAY))
    assert told.state == HearingWhere(offer)
    assert told.tell(WentBack()).state == StartingUp()


def test_a_slot_is_booked_and_printed_and_one_that_is_gone_is_chosen_anew():
    offer = offered(Question.NO_PLACES)
    told = welcome(LetterShown("letter"), DecisionNeeded(offer), Chosen(Choice.OTHER_SLOT))
    told.tell(SlotChosen(AT), SlotAnswered(SlotAnswer(outcome="full")))
    assert (told.state.is_taken, told.state.offer.slots) == (True, ())
    told.tell(SlotChosen(AT), SlotAnswered(BOOKED))
    assert told.asked(TakeSlot)[-1] == TakeSlot(ByLetter("letter"), NOTHING_MORE, AT)
    assert told.asked(PrintAppointment) == [PrintAppointment(BOOKED)]
    assert told.tell(PersonLeft()).state == SlotTaken(BOOKED)
    assert told.tell(SlipMissing()).state == SlotTaken(BOOKED, Slip.MISSING)


def test_the_wait_list_and_the_printed_list():
    offer = offered(Question.NO_PLACES)
    choosing = welcome(NumberChosen(), NumberTyped(NUMBER), YearTyped(1980))
    choosing.tell(DecisionNeeded(offer), Chosen(Choice.OTHER_SLOT), Chosen(Choice.WAIT_LIST))
    assert choosing.asked(TakeSlot)[-1].starts_at is None
    refused = choosing.tell(SlotAnswered(SlotAnswer(outcome="refused")))
    assert refused.state == GettingTag(ByNobody(Reason.RECEPTION))
    listed = welcome(LetterShown("a"), DecisionNeeded(offer), Chosen(Choice.OTHER_SLOT))
    assert listed.tell(Chosen(Choice.PRINT)).state == SlotsListed(offer.slots)
    assert listed.asked(PrintSlots) == [PrintSlots(offer.slots)]


def test_needs_are_told_with_the_tag_and_never_stand_in_the_way():
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False))
    assert told.tell(MoreWanted()).state == TagIssued(TAG, False), "the slip first"
    told.tell(SlipPrinted(), MoreWanted(), NeedsWanted())
    told.tell(NeedsChosen((Need.INTERPRETER, Need.PRIORITY)))
    assert told.state == ChoosingLanguage(ISSUED, (Need.INTERPRETER, Need.PRIORITY))
    told.tell(LanguageChosen(Interpreted.URDU))
    wish = Wish(needs=(Need.INTERPRETER, Need.PRIORITY), interpreter=Interpreted.URDU)
    assert told.asked(AskForTag)[-1] == AskForTag(ByLetter(TAG.token), wish)
    told.tell(TagGranted(TAG, reprinted=True))
    assert told.state == TagIssued(TAG, False, Slip.PRINTED, told=True)
    assert len(told.asked(PrintSlip)) == 1
    lost = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), SlipPrinted())
    lost.tell(MoreWanted(), NeedsWanted())
    lost.tell(NeedsChosen((Need.WHEELCHAIR,)), TagRefused(Reason.NO_CONNECTION))
    assert lost.state == TagIssued(TAG, False, Slip.PRINTED, told=False)


def test_a_companion_s_tag_is_linked_to_the_first():
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), SlipPrinted())
    told.tell(MoreWanted(), CompanionWanted(), CompanionChosen(Companion.AGED))
    told.tell(LetterShown("second"))
    assert told.asked(AskForTag)[-1] == AskForTag(ByLetter("second"), WITH_HOLDER)
    told.tell(DecisionNeeded(offered(Question.COMPANION_YOUNG)), Chosen(Choice.OWN_TAG))
    assert told.asked(AskForTag)[-1] == AskForTag(ByLetter("second"))


def test_who_thinks_better_of_a_companion_sees_their_own_tag_again():
    coming = (MoreWanted(), CompanionWanted(), CompanionChosen(Companion.AGED))
    told = welcome(LetterShown("letter"), TagGranted(TAG, reprinted=False), SlipMissing(), *coming)
    assert told.tell(WentBack()).state == TagIssued(TAG, False, Slip.MISSING)
    told.tell(*coming, LetterShown("second"), DecisionNeeded(offered(Question.COMPANIONS_FULL)))
    assert told.tell(WentBack()).state == TagIssued(TAG, False, Slip.MISSING)
    assert not told.asked(PrintSlip)[1:], "the code is on the screen, not printed anew"


def test_a_tag_that_the_office_does_not_know_yet_takes_nothing_more():
    told = welcome(LetterShown("a"), TagGranted(TAG, reprinted=False, unsent=True), SlipPrinted())
    assert not told.state.may_say_more
    assert told.tell(MoreWanted(), NeedsWanted()).state == told.state


def test_outside_its_hours_the_office_gives_nothing_and_opens_by_itself():
    told = welcome(OfficeShut(AT))
    assert told.state == Closed(AT)
    assert told.tell(LetterShown("letter"), CardInserted(), NumberChosen()).state == Closed(AT)
    assert told.tell(OfficeOpened(), NoCardInside()).state == Welcome()
    assert welcome(LetterShown("letter"), OfficeShut(AT)).state == Closed(AT)
    begun = welcome(ErrandsWanted(), ErrandChosen(Errand.FIRST), OfficeShut(AT))
    assert begun.state == Welcome(wish=Wish(Errand.FIRST))


@given(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_a_welcome_holds_no_number_of_anybody(history):
    told = story(NoCardInside())
    for event in history:
        told.tell(event)
        if isinstance(told.state, Welcome | Closed | StartingUp | GoToReception):
            assert "987654" not in repr(told.state)


def test_every_state_has_a_way_out():
    assert {type(state) for state in STATES} == set(states.State.__args__)
    assert {type(event) for event in EVENTS} == set(events.Event.__args__)
    assert not dead_ends(draw(next_step, STATES, EVENTS))


def test_the_drawing_in_the_readme_is_current():
    everywhere = (PersonLeft, EquipmentFailed, AskedForStaff, WentBack, Started)
    shown = [event for event in EVENTS if not isinstance(event, everywhere)]
    check_drawing(Path(flow.__file__).with_name("README.md"), draw(next_step, STATES, shown))
