"""Stories of the registration kiosk."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.card_problem import CardProblem
from common.domain.finger_ladder import FINGER_WORK_S, AskFinger, FingerLadder, FingerTry
from common.domain.identity_number import IdentityNumber
from common.domain.queue import HandOffReason, Service, Stage, TagStatus
from common.flow.draw import dead_ends, draw
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import CAPTURES, Capture, FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.wire.shapes import Particulars, TagView
from kiosk_registration import flow, visit
from kiosk_registration.flow import (
    next_step,
)
from kiosk_registration.visit import (
    Arriving,
    AskedForStaff,
    AskingConsent,
    AwaitCardTaken,
    AwaitVisitor,
    CallAgain,
    CallEnded,
    Calling,
    CallNext,
    CannotGiveFingers,
    CannotGiveThisFinger,
    CaptureFinger,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardStuck,
    CardTaken,
    CaseOpened,
    CheckFace,
    CheckFinger,
    CheckingFace,
    CheckingFinger,
    CheckingParticulars,
    Consented,
    DeviceMissing,
    EnrollingFinger,
    EquipmentFailed,
    FaceAccepted,
    FaceNotAccepted,
    FillingGap,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
    Finished,
    FinishForm,
    FormFinished,
    GoToStaff,
    HandedOff,
    HandingOff,
    HandOffSaved,
    HolderProof,
    HolderSaved,
    InsertingCard,
    LookAtDevices,
    MissTag,
    NobodyCame,
    NotYet,
    NotYourTurn,
    OldCard,
    OpenCase,
    OpenCaseOf,
    OutOfService,
    PageFilled,
    ParticularsRight,
    ParticularsWrong,
    PersonLeft,
    PrintingForm,
    ReadingCard,
    ReadLongEnough,
    ReadyToServe,
    Registered,
    ReturningCard,
    SaveForm,
    SaveHandOff,
    SaveHolder,
    SavingHolder,
    Started,
    StartingUp,
    TagCalled,
    TagNotServed,
    TagShown,
    TakeCard,
    WatchForTag,
    Welcome,
)
from tests.support.stories import Story, check_drawing

NUMBER = IdentityNumber.parse("A123456(3)")
OTHER = IdentityNumber.parse("G123456(A)")
WHOLE = Particulars(
    surname="CHAN",
    given_names="TAI MAN",
    sex="M",
    date_of_birth=date(1980, 5, 6),
    place_of_birth="HONG KONG",
    nationality="CHINESE",
    marital_status="single",
    address="1 SAMPLE STREET",
    telephone="55550123",
)
CASE = OpenCase(UUID(int=2), "A001", NUMBER, WHOLE)
INSIDE = replace(CASE, card_inside=True)
TAG = TagView(
    tag_id=UUID(int=1),
    number="A001",
    token="token-of-a-tag",
    case_id=UUID(int=2),
    service=Service.APPOINTMENT,
    stage=Stage.KIOSK,
    status=TagStatus.CALLED,
    place="K1",
    issued_at=datetime(2026, 1, 5, tzinfo=UTC),
)
THUMB = FingerTemplate((), 256, 288, 60)
MATCH = FingerMatched(THUMB, 20.0, 5.0)
CARD = OldCard(
    NUMBER,
    "CHAN",
    "TAI MAN",
    "陳大文",
    "M",
    date(1980, 5, 6),
    ((6, THUMB), (1, THUMB), (1, THUMB)),
    b"jpeg",
)
POOR = FingerNotMatched(FingerAdvice.TOO_DRY, quality=12, score=1.0, used_s=5.0)
SECOND = FingerCaptured(Capture(THUMB, (20.0,)), FingerAdvice.GOOD, 10.0)
THIRD = FingerCaptured(Capture(THUMB, (20.0, 20.0)), FingerAdvice.GOOD, 15.0)
ONE_FINGER = (MATCH, SECOND, THIRD)
BOTH = ONE_FINGER * 2
LADDER = FingerLadder.over((1, 6), 2)
PROOF = HolderProof("finger", LADDER, 20.0)
STATES: list[visit.State] = [
    StartingUp(),
    OutOfService(),
    Welcome(),
    Calling(TAG),
    Calling(TAG, 1),
    Arriving("tag"),
    Arriving("tag", TAG),
    NotYourTurn(NotYet.NOT_CALLED),
    NotYourTurn(NotYet.CALLED_ELSEWHERE, "K2", 0, TAG),
    AskingConsent(CASE),
    InsertingCard(CASE),
    ReadingCard(INSIDE),
    ReadingCard(INSIDE, 2),
    CheckingFinger(INSIDE, CARD, LADDER, AskFinger(1, 1)),
    CheckingFinger(INSIDE, CARD, LADDER.at(FINGER_WORK_S), AskFinger(6, 3)),
    EnrollingFinger(INSIDE, CARD, LADDER, FingerEnrolment.of(1, THUMB), 20.0),
    EnrollingFinger(
        INSIDE,
        CARD,
        LADDER.tried(FingerTry(1, matched=True)),
        FingerEnrolment.of(1, THUMB).missed().missed().missed().missed(),
        20.0,
    ),
    EnrollingFinger(
        INSIDE,
        CARD,
        LADDER.tried(FingerTry(1, matched=True)).without(6),
        FingerEnrolment.of(1, THUMB).missed().missed().missed().missed(),
        20.0,
    ),
    CheckingFace(INSIDE, CARD, LADDER.without_fingers()),
    SavingHolder(INSIDE, PROOF),
    FillingGap(INSIDE, 0),
    CheckingParticulars(INSIDE),
    CheckingParticulars(CASE),
    PrintingForm(INSIDE),
    HandingOff(INSIDE, HandOffReason.CARD_OF_ANOTHER),
    HandingOff(CASE, HandOffReason.NO_FINGERPRINTS),
    Registered("A001", printed=True),
    HandedOff("A001", HandOffReason.NO_FINGERPRINTS),
    GoToStaff("A001"),
    ReturningCard(Welcome()),
    ReturningCard(InsertingCard(CASE, 1)),
    ReturningCard(Registered("A001", printed=True)),
    ReturningCard(HandedOff("A001", HandOffReason.CARD_OF_ANOTHER)),
    TakeCard(Welcome()),
    TakeCard(InsertingCard(CASE, 1)),
    TakeCard(Registered("A001", printed=True), late=True),
    TakeCard(HandedOff("A001", HandOffReason.CARD_OF_ANOTHER)),
    TakeCard(GoToStaff("A001")),
    CardStuck(),
]
EVENTS: list[visit.Event] = [
    Started(),
    ReadyToServe(),
    CardFoundInside(),
    DeviceMissing(),
    TagCalled(TAG),
    NobodyCame(),
    CallEnded(),
    TagShown("tag"),
    CaseOpened(CASE),
    TagNotServed(NotYet.NOT_CALLED),
    Consented(),
    CannotGiveFingers(),
    CannotGiveThisFinger(),
    CardInserted(),
    CardRead(CARD),
    CardRead(replace(CARD, identity_number=OTHER)),
    CardNotRead(CardProblem.CHIP_SILENT),
    MATCH,
    POOR,
    SECOND,
    FingerNotCaptured(FingerAdvice.NOT_A_FINGER),
    FaceAccepted(0.6),
    FaceNotAccepted("no_face"),
    FaceNotAccepted("unlike"),
    HolderSaved(),
    PageFilled(WHOLE),
    ParticularsRight(),
    ParticularsWrong(),
    FormFinished(printed=True),
    HandOffSaved(),
    CardAtGate(),
    CardTaken(),
    CardNotTaken(),
    ReadLongEnough(),
    Finished(),
    AskedForStaff(),
    PersonLeft(),
    EquipmentFailed(),
]
BACK = (CardAtGate(), CardTaken())


def story(*events):
    return Story(StartingUp(), next_step, Started()).tell(*events)


def arrived(case=CASE, *events):
    opened = (ReadyToServe(), TagCalled(TAG), TagShown("tag"), CaseOpened(case))
    return story(*opened, *events)


def at_fingers(*events):
    return arrived(CASE, Consented(), CardInserted(), CardRead(CARD), *events)


def test_the_kiosk_calls_and_a_visitor_registers():
    told = at_fingers()
    assert told.state == CheckingFinger(INSIDE_FILLED, CARD, LADDER, AskFinger(1, 1))
    told.tell(*ONE_FINGER)
    assert told.state.asked == AskFinger(6, 1)
    told.tell(*ONE_FINGER)
    (saved,) = told.asked(SaveHolder)
    assert saved.proof.by == "finger"
    assert [(one.position, len(one.kept)) for one in saved.proof.taken] == [(1, 2), (6, 2)]
    told.tell(HolderSaved(), ParticularsRight())
    assert told.asked(FinishForm) == [FinishForm(INSIDE_FILLED)]
    told.tell(FormFinished(printed=True))
    assert told.state == ReturningCard(Registered("A001", printed=True))
    assert told.tell(*BACK).state == Registered("A001", printed=True)
    assert told.tell(ReadLongEnough()).state == StartingUp()
    assert told.tell(ReadyToServe()).state == Welcome()


INSIDE_FILLED = replace(INSIDE, particulars=WHOLE.model_copy(update={"chinese_name": "陳大文"}))


def test_an_idle_kiosk_calls_and_looks_for_tags():
    assert story(ReadyToServe()).tasks == [LookAtDevices(), CallNext(), WatchForTag()]


def test_who_does_not_come_is_called_again_and_then_missed():
    told = story(ReadyToServe(), TagCalled(TAG), NobodyCame())
    assert told.state == Calling(TAG, 1)
    assert told.tasks[-3:] == [CallAgain(TAG), WatchForTag(), AwaitVisitor(TAG)]
    told.tell(NobodyCame())
    assert told.asked(MissTag) == [MissTag(TAG)]
    assert told.state == StartingUp()


def test_a_tag_of_another_place_is_told_where_to_go_and_the_call_stands():
    told = story(ReadyToServe(), TagCalled(TAG), TagShown("other"))
    told.tell(TagNotServed(NotYet.CALLED_ELSEWHERE, "K2"))
    assert told.state == NotYourTurn(NotYet.CALLED_ELSEWHERE, "K2", 0, TAG)
    assert told.tell(ReadLongEnough()).state == Calling(TAG, 1)


def test_a_tag_shown_to_an_idle_kiosk_is_served_where_it_was_called_to_it_before():
    told = story(ReadyToServe(), TagShown("tag"), CaseOpened(CASE))
    assert told.asked(OpenCaseOf) == [OpenCaseOf("tag")]
    assert told.state == AskingConsent(CASE)


@pytest.mark.parametrize("where", [(), (Consented(),)])
def test_who_cannot_give_fingers_is_known_by_the_face_and_goes_on(where):
    told = arrived(CASE, *where, CannotGiveFingers(), CardInserted(), CardRead(CARD))
    assert told.asked(CheckFace) == [CheckFace(b"jpeg")]
    assert not told.asked(CheckFinger)
    told.tell(FaceAccepted(0.61))
    (saved,) = told.asked(SaveHolder)
    assert (saved.proof.by, saved.proof.score, saved.proof.taken) == ("face", 0.61, ())
    assert saved.proof.ladder.declined
    told.tell(HolderSaved(), ParticularsRight(), FormFinished(printed=True), *BACK)
    assert told.state == Registered("A001", printed=True)


def test_a_face_that_is_not_alike_is_an_officers_with_all_that_was_tried():
    told = at_fingers(CannotGiveFingers(), FaceNotAccepted("no_face"))
    assert (told.state.attempt, told.state.seen) == (2, "no_face")
    told.tell(FaceNotAccepted("unlike"))
    (saved,) = told.asked(SaveHandOff)
    assert saved.reason is HandOffReason.FACE_NOT_MATCHED
    assert saved.ladder.face_tries == ("no_face", "unlike")


def test_a_twin_is_never_known_by_the_face_alone():
    twin = replace(CASE, twin=True)
    told = arrived(twin, Consented(), CardInserted(), CardRead(CARD), CannotGiveFingers())
    assert isinstance(told.state, HandingOff)
    assert told.state.reason is HandOffReason.NO_FINGERPRINTS


def test_a_card_without_a_portrait_leaves_no_face_to_compare():
    told = arrived(CASE, Consented(), CardInserted(), CardRead(replace(CARD, portrait_jpeg=b"")))
    assert isinstance(told.tell(CannotGiveFingers()).state, HandingOff)


def test_the_card_of_another_person_goes_back_and_an_officer_goes_on():
    stranger = replace(CARD, identity_number=OTHER)
    told = arrived(CASE, Consented(), CardInserted(), CardRead(stranger), HandOffSaved())
    assert told.state == ReturningCard(HandedOff("A001", HandOffReason.CARD_OF_ANOTHER))
    assert not told.asked(CheckFinger)


def test_three_unreadable_cards_end_at_an_officer():
    unread = (CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), *BACK)
    told = arrived(CASE, Consented(), *unread)
    assert told.state == InsertingCard(CASE, 1, CardProblem.CHIP_SILENT)
    told.tell(*unread, CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.CARD_UNREADABLE)


@pytest.mark.parametrize(
    "problem", [CardProblem.DOUBTFUL, CardProblem.NOT_VALID, CardProblem.FOREIGN]
)
def test_a_card_that_is_not_believed_is_an_officers_at_once(problem):
    told = arrived(CASE, Consented(), CardInserted(), CardNotRead(problem), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.CARD_DOUBTFUL)
    assert not told.asked(CheckFinger)


def test_a_poor_finger_is_tried_three_times_with_advice_then_the_other():
    told = at_fingers(POOR)
    assert (told.state.asked, told.state.advice) == (AskFinger(1, 2), FingerAdvice.TOO_DRY)
    told.tell(POOR, POOR)
    assert (told.state.asked, told.state.advice) == (AskFinger(6, 1), None)
    told.tell(*ONE_FINGER)
    assert isinstance(told.state, SavingHolder)
    assert [one.position for one in told.state.proof.taken] == [6]


def test_a_finger_that_cannot_be_given_leads_to_the_next_one():
    told = at_fingers(CannotGiveThisFinger())
    assert told.state.asked == AskFinger(6, 1)
    assert [task.is_first for task in told.asked(CheckFinger)] == [True, False]
    told.tell(CannotGiveThisFinger())
    assert isinstance(told.state, CheckingFace)
    assert told.state.ladder.excepted == {1, 6}


def test_worn_fingers_end_at_the_face_and_the_person_goes_on():
    told = at_fingers(*[FingerNotMatched(None)] * 6)
    assert isinstance(told.state, CheckingFace)
    assert len(told.asked(CheckFinger)) == 6
    told.tell(FaceAccepted(0.5), HolderSaved())
    assert isinstance(told.state, CheckingParticulars)


def test_after_ninety_seconds_no_finger_is_asked_for():
    late = replace(POOR, used_s=FINGER_WORK_S + 1)
    told = at_fingers(POOR, late)
    assert isinstance(told.state, CheckingFace)
    told = at_fingers(replace(MATCH, used_s=FINGER_WORK_S + 1))
    assert isinstance(told.state, SavingHolder), "what matched in time counts"
    assert len(told.state.proof.taken[0].kept) == 1


def test_a_finger_is_captured_three_times_and_the_time_ends_that_too():
    told = at_fingers(MATCH)
    assert told.asked(CaptureFinger) == [
        CaptureFinger(1, (Capture(THUMB),), (THUMB, THUMB, THUMB)),
    ]
    told.tell(SECOND)
    assert told.state.enrolment.number == CAPTURES
    told.tell(replace(THIRD, used_s=FINGER_WORK_S))
    assert isinstance(told.state, SavingHolder), "the other thumb is not asked for any more"
    assert len(told.state.proof.taken[0].kept) == 2


def test_a_poor_capture_is_taken_again_with_advice():
    dry = replace(THUMB, quality=15)
    told = at_fingers(MATCH, FingerCaptured(Capture(dry, (9.0,)), FingerAdvice.TOO_DRY, 9.0))
    assert (told.state.advice, told.state.nobody) == (FingerAdvice.TOO_DRY, False)
    told.tell(FingerNotCaptured(None, 12.0))
    assert told.state.nobody
    told.tell(FingerCaptured(Capture(THUMB, (20.0, 9.0)), None, 15.0))
    assert told.state.asked == AskFinger(6, 1)
    assert [kept.overridden for kept in told.state.taken[0].kept] == [False, False]


def test_a_finger_of_which_nothing_is_good_enough_makes_room_for_another():
    poor = replace(THUMB, quality=5)
    captures = [FingerCaptured(Capture(poor, (9.0,) * number), None, 10.0) for number in range(5)]
    card = replace(CARD, fingers=((1, THUMB), (6, THUMB), (2, THUMB)))
    told = arrived(CASE, Consented(), CardInserted(), CardRead(card))
    told.tell(FingerMatched(poor, 9.0), *captures)
    assert told.state.asked == AskFinger(6, 1)
    told.tell(*ONE_FINGER)
    assert told.state.asked == AskFinger(2, 1)
    told.tell(*ONE_FINGER)
    kept = [(one.position, len(one.kept)) for one in told.state.proof.taken]
    assert kept == [(1, 0), (6, 2), (2, 2)]


def test_a_card_without_fingers_leads_to_the_face():
    bare = replace(CARD, fingers=())
    told = arrived(CASE, Consented(), CardInserted(), CardRead(bare))
    assert told.asked(CheckFace)
    told.tell(*[FaceNotAccepted("no_face")] * 3)
    assert told.state.reason is HandOffReason.NO_FINGERPRINTS


def test_gaps_are_asked_page_by_page_and_kept_at_once():
    gaps = WHOLE.model_copy(update={"telephone": "", "nationality": ""})
    case = replace(CASE, particulars=gaps)
    told = arrived(case, Consented(), CardInserted(), CardRead(CARD), *BOTH, HolderSaved())
    assert told.state.page == 3
    better = gaps.model_copy(update={"nationality": "CHINESE"})
    told.tell(PageFilled(better))
    assert told.asked(SaveForm) == [SaveForm(CASE.case_id, better)]
    assert told.state.page == 6
    assert isinstance(told.tell(PageFilled(WHOLE)).state, CheckingParticulars)


def test_wrong_particulars_are_for_an_officer():
    told = at_fingers(*BOTH, HolderSaved(), ParticularsWrong())
    assert told.state == HandingOff(INSIDE_FILLED, HandOffReason.PARTICULARS_WRONG)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({"form_done"}, AskingConsent),
        ({"identified"}, AskingConsent),
        ({"identified", "enrolled"}, CheckingParticulars),
        ({"identified", "attempted"}, CheckingParticulars),
        ({"identified", "enrolled", "particulars_confirmed"}, PrintingForm),
        ({"identified", "enrolled", "particulars_confirmed", "registered"}, NotYourTurn),
    ],
)
def test_nothing_is_asked_twice(done, expected):
    told = arrived(replace(CASE, done=frozenset(done)))
    assert isinstance(told.state, expected)


def test_a_form_that_is_not_printed_does_not_stop_the_visit():
    told = at_fingers(*BOTH, HolderSaved(), ParticularsRight())
    told.tell(FormFinished(printed=False), *BACK)
    assert told.state == Registered("A001", printed=False)


def test_a_failing_device_hands_over_what_was_done():
    told = at_fingers(EquipmentFailed(), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.EQUIPMENT_FAILED)
    assert told.tell(ReadLongEnough()).state == StartingUp()
    told.tell(DeviceMissing())
    assert told.state == OutOfService()
    assert len(told.asked(CallNext)) == 1, "a broken kiosk calls nobody"


def test_even_the_hand_over_may_fail():
    told = at_fingers(EquipmentFailed(), EquipmentFailed(), *BACK)
    assert told.state == GoToStaff("A001")


def test_a_card_is_never_swallowed():
    told = at_fingers(PersonLeft(), CardAtGate(), *[CardNotTaken()] * 4)
    assert told.state == TakeCard(Welcome(), late=True)
    assert len(told.asked(AwaitCardTaken)) == 5


def test_late_answers_do_not_count():
    told = at_fingers(PersonLeft(), *BACK)
    told.answer_late(MATCH, CheckFinger)
    assert told.state == StartingUp()


def mechanism_answers(state):
    match state:
        case StartingUp():
            return ReadyToServe()
        case ReturningCard() | CardStuck():
            return CardAtGate()
        case TakeCard():
            return CardTaken()
        case Arriving():
            return TagNotServed(NotYet.UNKNOWN)
        case Calling():
            return NobodyCame()
        case HandingOff():
            return HandOffSaved()
        case SavingHolder():
            return HolderSaved()
        case PrintingForm():
            return FormFinished(printed=False)
        case _:
            return ReadLongEnough()


@given(
    st.lists(st.sampled_from(EVENTS), max_size=30),
    st.lists(st.sampled_from([PersonLeft(), EquipmentFailed()]), min_size=1, max_size=6),
)
def test_from_anywhere_the_kiosk_comes_back_to_a_welcome_that_knows_nobody(history, ends):
    told = story(*history, *ends)
    for _ in range(16):
        if told.state == Welcome():
            break
        told.tell(mechanism_answers(told.state), PersonLeft())
    assert told.state == Welcome()


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_a_card_that_went_in_is_offered_before_the_next_tag_is_called(history):
    told = story()
    inside = False
    for event in history:
        before = told.state
        told.tell(event)
        if isinstance(before, InsertingCard) and isinstance(told.state, ReadingCard):
            inside = True
        if isinstance(event, CardTaken) and isinstance(
            before, ReturningCard | TakeCard | CardStuck
        ):
            inside = False
        assert not (inside and isinstance(told.state, Welcome | Calling | StartingUp))


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_nobody_is_registered_without_proof_and_confirmation(history):
    told = story(*history)
    for _ in told.asked(FinishForm):
        assert told.asked(SaveHolder)
        assert ParticularsRight() in history


ANSWERS = [MATCH, POOR, FingerNotMatched(None), CannotGiveThisFinger(), CannotGiveFingers()]


@given(
    st.sets(st.sampled_from((1, 2, 6, 7)), max_size=4),
    st.lists(
        st.tuples(st.sampled_from(ANSWERS), st.sampled_from([5.0, 100.0]), st.integers(0, 80)),
        min_size=60,
        max_size=60,
    ),
)
def test_from_the_first_finger_on_everybody_comes_to_an_end_in_time(fingers, answers):
    card = replace(CARD, fingers=tuple((position, THUMB) for position in fingers))
    told = arrived(CASE, Consented(), CardInserted(), CardRead(card))
    used_s, said = 0.0, []
    for answer, seconds, quality in answers:
        state = told.state
        match state:
            case CheckingFinger():
                assert state.asked.position in fingers
                assert not state.ladder.is_late
                if isinstance(answer, CannotGiveThisFinger):
                    said.append(state.asked.position)
                if isinstance(answer, FingerMatched | FingerNotMatched):
                    used_s += seconds
                    told.tell(replace(answer, used_s=used_s))
                else:
                    told.tell(answer)
            case EnrollingFinger():
                used_s += seconds
                likeness = (20.0,) * len(state.enrolment.captures)
                taken = Capture(replace(THUMB, quality=quality), likeness)
                told.tell(FingerCaptured(taken, None, used_s))
            case CheckingFace():
                told.tell(FaceNotAccepted("no_face"))
            case _:
                break
    assert isinstance(told.state, SavingHolder | HandingOff)
    asked = [task.position for task in told.asked(CheckFinger)]
    assert all(asked.count(position) <= 3 for position in asked)
    assert all(asked.count(position) >= 1 for position in said)


def test_every_state_has_a_way_out():
    assert {type(state) for state in STATES} == set(visit.State.__args__)
    assert {type(event) for event in EVENTS} == set(visit.Event.__args__)
    assert not dead_ends(draw(next_step, STATES, EVENTS))


def test_the_drawing_in_the_readme_is_current():
    everywhere = (PersonLeft, EquipmentFailed, AskedForStaff, Started, Finished)
    shown = [event for event in EVENTS if not isinstance(event, everywhere)]
    check_drawing(Path(flow.__file__).with_name("README.md"), draw(next_step, STATES, shown))
