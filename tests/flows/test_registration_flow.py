"""Stories of the registration kiosk."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.card_problem import CardProblem
from common.domain.case import LateReason
from common.domain.finger_ladder import FINGER_WORK_S, AskFinger, FingerLadder, FingerTry
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.portrait import PortraitRule
from common.domain.queue import HandOffReason, Service, Stage, TagStatus
from common.flow.draw import dead_ends, draw
from common.matching.finger_advice import FingerAdvice
from common.matching.finger_enrolment import CAPTURES, Capture, FingerEnrolment
from common.matching.finger_template import FingerTemplate
from common.wire.facts import CollectionOfficeChosen, LatenessDeclared, NoticeGiven
from common.wire.old_card import CallUp, OldCardStanding, Standing
from common.wire.shapes import Particulars, TagView
from kiosk_registration import events as e
from kiosk_registration import flow
from kiosk_registration import states as s
from kiosk_registration import tasks as task
from kiosk_registration.events import (
    AskedForStaff,
    CallEnded,
    CannotGiveFingers,
    CannotGiveThisFinger,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    CaseOpened,
    Consented,
    DeviceMissing,
    EquipmentFailed,
    FaceAccepted,
    FaceNotAccepted,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
    Finished,
    FormFinished,
    HandOffSaved,
    HolderSaved,
    NobodyCame,
    PageFilled,
    ParticularsRight,
    ParticularsWrong,
    PersonLeft,
    ReadLongEnough,
    ReadyToServe,
    Started,
    TagCalled,
    TagNotServed,
    TagShown,
)
from kiosk_registration.flow import (
    next_step,
)
from kiosk_registration.flow_form import go_on
from kiosk_registration.form import PAGE_NAMES
from kiosk_registration.screens.samples import PORTRAIT_JPEG, SIGNATURE_PNG
from kiosk_registration.states import (
    Arriving,
    AskingConsent,
    Calling,
    CardStuck,
    CheckingFace,
    CheckingFinger,
    CheckingParticulars,
    EnrollingFinger,
    FillingGap,
    GoToStaff,
    HandedOff,
    HandingOff,
    InsertingCard,
    NotYourTurn,
    OutOfService,
    PrintingForm,
    ReadingCard,
    Registered,
    ReturningCard,
    SavingHolder,
    StartingUp,
    TakeCard,
    Welcome,
)
from kiosk_registration.tasks import (
    AwaitCardTaken,
    AwaitVisitor,
    CallAgain,
    CallNext,
    CaptureFinger,
    CheckFace,
    CheckFinger,
    FinishForm,
    LookAtDevices,
    MissTag,
    OpenCaseOf,
    SaveForm,
    SaveHandOff,
    SaveHolder,
    WatchForTag,
)
from kiosk_registration.words import (
    NOTICE,
    Change,
    CodeTrouble,
    Contact,
    HolderProof,
    NotYet,
    Offer,
    OfficeChoice,
    OldCard,
    OpenCase,
    Shot,
    WrongCard,
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
TODAY = date(2026, 1, 5)
CASE = OpenCase(
    UUID(int=2),
    "A001",
    NUMBER,
    WHOLE,
    token="token-of-a-tag",
    offers=frozenset({Offer.PRINTER}),
    today=TODAY,
)
NOTICED = CASE.with_done("noticed")
INSIDE = replace(NOTICED, card_inside=True)
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
    "CHIP-1",
)
STANDS = e.CardStands(OldCardStanding())
LATE = e.CardStands(OldCardStanding(call_up=CallUp.LATE))
OFFICES = (OfficeChoice("HQ", ()), OfficeChoice("S2", ()))
CONTACT = Contact("+85291234567", Language.ENGLISH)
SHOT = Shot(PORTRAIT_JPEG)
POOR_SHOT = Shot(PORTRAIT_JPEG, (PortraitRule.EYES_OPEN,))
POOR = FingerNotMatched(FingerAdvice.TOO_DRY, quality=12, score=1.0, used_s=5.0)
SECOND = FingerCaptured(Capture(THUMB, (20.0,)), FingerAdvice.GOOD, 10.0)
THIRD = FingerCaptured(Capture(THUMB, (20.0, 20.0)), FingerAdvice.GOOD, 15.0)
ONE_FINGER = (MATCH, SECOND, THIRD)
BOTH = ONE_FINGER * 2
LADDER = FingerLadder.over((1, 6), 2)
PROOF = HolderProof("finger", LADDER, 20.0)
READY = INSIDE.with_done("particulars_confirmed")
STATES: list[s.State] = [
    StartingUp(),
    OutOfService(),
    Welcome(),
    Welcome(line=False),
    Calling(TAG),
    Calling(TAG, camera=False),
    Calling(TAG, 1),
    Arriving("tag"),
    Arriving("tag", TAG),
    NotYourTurn(NotYet.NOT_CALLED),
    NotYourTurn(NotYet.CALLED_ELSEWHERE, "K2", 0, TAG),
    AskingConsent(CASE),
    InsertingCard(CASE),
    ReadingCard(INSIDE),
    ReadingCard(INSIDE, 2),
    s.CheckingCard(INSIDE, CARD),
    s.AskingExcuse(INSIDE, CARD),
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
    FillingGap(INSIDE, 5, is_change=True),
    CheckingParticulars(INSIDE),
    CheckingParticulars(CASE),
    s.ChoosingChange(INSIDE),
    s.NeedsAlteration(INSIDE),
    s.FindingOffices(READY),
    s.ChoosingOffice(READY, OFFICES),
    s.AskingMobile(READY),
    s.SendingCode(READY, CONTACT),
    s.TypingCode(READY, CONTACT),
    s.CheckingCode(READY, CONTACT, "123456"),
    s.CodeSkipped(READY, CodeTrouble.NO_CONNECTION),
    s.PreparingPhotograph(READY),
    s.Photographing(READY),
    s.Photographing(READY, (SHOT, SHOT)),
    s.TakingShot(READY),
    s.TakingShot(READY, (SHOT,) * 5),
    s.TakingShot(READY, (POOR_SHOT,) * 5),
    s.ChoosingShot(READY, (SHOT, SHOT)),
    s.NoGoodPhotograph(READY),
    s.Signing(READY),
    s.ShowingSignature(READY, SIGNATURE_PNG),
    s.ChoosingPaper(READY),
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
EVENTS: list[e.Event] = [
    Started(),
    ReadyToServe(),
    CardFoundInside(),
    DeviceMissing(),
    TagCalled(TAG),
    NobodyCame(),
    CallEnded(),
    TagShown("tag"),
    e.OtherCodeShown(),
    e.CameraMissing(),
    e.CameraBack(),
    e.LineLost(),
    e.LineBack(),
    CaseOpened(CASE),
    TagNotServed(NotYet.NOT_CALLED),
    Consented(),
    CannotGiveFingers(),
    CannotGiveThisFinger(),
    CardInserted(),
    CardRead(CARD),
    CardRead(replace(CARD, identity_number=OTHER)),
    CardNotRead(CardProblem.CHIP_SILENT),
    STANDS,
    LATE,
    e.CardStands(OldCardStanding(card=Standing.LOST)),
    e.ExcuseGiven(LateReason.ABROAD),
    MATCH,
    POOR,
    SECOND,
    FingerNotCaptured(FingerAdvice.NOT_A_FINGER),
    FaceAccepted(0.6),
    FaceNotAccepted("no_face"),
    FaceNotAccepted("unlike"),
    HolderSaved(),
    PageFilled(WHOLE),
    e.GapLeft(),
    ParticularsRight(),
    ParticularsWrong(),
    *(e.ChangeChosen(change) for change in Change),
    e.WentBack(),
    e.KeptAsItIs(),
    e.AlterationWanted(),
    e.OfficesFound(()),
    e.OfficesFound(OFFICES),
    e.OfficeChosen("HQ"),
    e.MobileGiven(CONTACT),
    e.MobileDeclined(Language.ENGLISH),
    e.CodeSent(),
    e.CodeNotSent(CodeTrouble.NO_CONNECTION),
    e.CodeTyped("123456"),
    e.CodeAskedAgain(),
    e.CodeRight(),
    e.CodeNotRight(CodeTrouble.WRONG),
    e.CodeNotRight(CodeTrouble.NO_CONNECTION),
    e.CodeNotRight(CodeTrouble.TOO_MANY),
    e.GoneOn(),
    e.PhotographAtBooth(),
    e.FaceHint(PortraitRule.CENTRED),
    e.ShotAsked(),
    e.ShotTaken(SHOT),
    e.ShotTaken(POOR_SHOT),
    e.ShotMissed(),
    e.ChoiceAsked(),
    e.ShotChosen(0),
    e.SignatureTaken(b"png"),
    e.SignatureKept(),
    e.SignatureAgain(),
    e.SignAtBooth(),
    e.PaperChosen(on_paper=True),
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
READ = (Consented(), CardInserted(), CardRead(CARD), STANDS)
NO_EXTRAS = (e.OfficesFound(()), e.MobileDeclined(Language.ENGLISH), e.PaperChosen(on_paper=True))


def story(*events):
    return Story(StartingUp(), next_step, Started()).tell(*events)


def arrived(case=CASE, *events):
    opened = (ReadyToServe(), TagCalled(TAG), TagShown("tag"), CaseOpened(case))
    return story(*opened, *events)


def at_fingers(*events):
    return arrived(CASE, *READ, *events)


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
    assert recorded(told)[-1].kind == "particulars_confirmed"
    told.tell(*NO_EXTRAS)
    (finish,) = told.asked(FinishForm)
    assert finish.on_paper
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


@pytest.mark.parametrize("called", [(), (TagCalled(TAG),)])
def test_a_code_that_is_not_ours_is_said_and_the_call_stands(called):
    told = story(ReadyToServe(), *called, e.OtherCodeShown())
    assert told.state.why is NotYet.NOT_OURS
    after = Calling(TAG, 1) if called else StartingUp()
    assert told.tell(ReadLongEnough()).state == after


def test_without_the_camera_nobody_is_called_and_who_is_called_comes_by_a_touch():
    assert story(ReadyToServe(), e.CameraMissing()).state == OutOfService()
    told = story(ReadyToServe(), TagCalled(TAG), e.CameraMissing())
    assert told.state == Calling(TAG, camera=False)
    assert told.tell(NobodyCame()).state == Calling(TAG, 1, camera=False)
    assert told.tell(e.CameraBack()).state == Calling(TAG, 1)
    told.tell(e.CameraMissing(), TagShown(TAG.token))
    assert told.state == Arriving(TAG.token, TAG)


def test_a_lost_line_is_said_until_it_is_back():
    told = story(ReadyToServe(), e.LineLost(), e.LineLost())
    assert told.state == Welcome(line=False)
    assert len(told.asked(CallNext)) == 2
    assert told.tell(e.LineBack()).state == Welcome()


def test_who_told_the_tag_kiosk_of_no_fingerprints_is_not_asked_for_any():
    told = arrived(replace(CASE, gives_no_fingers=True), *READ)
    assert isinstance(told.state, CheckingFace)


def test_what_a_person_cannot_say_is_left_to_the_officer_once():
    gaps = WHOLE.model_copy(update={"telephone": "", "address": ""})
    told = Story(SavingHolder(replace(INSIDE, particulars=gaps), PROOF), next_step, HolderSaved())
    assert isinstance(told.state, FillingGap)
    told.tell(e.GapLeft())
    assert isinstance(told.state, CheckingParticulars)
    assert isinstance(told.tell(ParticularsRight()).state, s.FindingOffices)


def test_a_new_occupation_is_typed_in_here():
    told = Story(s.ChoosingChange(INSIDE), next_step, e.ChangeChosen(Change.OCCUPATION))
    assert told.state == FillingGap(INSIDE, PAGE_NAMES.index("work"), is_change=True)


def test_for_who_is_under_18_a_parent_signs_at_the_booth():
    born = WHOLE.model_copy(update={"date_of_birth": TODAY.replace(year=TODAY.year - 15)})
    offers = frozenset({Offer.SIGNATURE_PAD})
    ready = READY.with_done("office_chosen", "contact_asked")
    grown, young = replace(ready, offers=offers), replace(ready, offers=offers, particulars=born)
    assert isinstance(go_on(grown).state, s.Signing)
    assert isinstance(go_on(young).state, PrintingForm)


def test_a_code_that_cannot_be_checked_any_more_ends_the_check_and_not_the_visit():
    checking = s.CheckingCode(READY, CONTACT, "123456")
    told = Story(checking, next_step, e.CodeNotRight(CodeTrouble.TOO_MANY))
    assert isinstance(told.state, s.CodeSkipped)


def test_a_tag_shown_to_an_idle_kiosk_is_served_where_it_was_called_to_it_before():
    told = story(ReadyToServe(), TagShown("tag"), CaseOpened(CASE))
    assert told.asked(OpenCaseOf) == [OpenCaseOf("tag")]
    assert told.state == AskingConsent(CASE)


def recorded(told):
    """What was kept, in order."""
    return [one.what for one in told.asked(task.Record)]


@pytest.mark.parametrize("where", [(), (Consented(),)])
def test_who_cannot_give_fingers_is_known_by_the_face_and_goes_on(where):
    told = arrived(CASE, *where, CannotGiveFingers(), CardInserted(), CardRead(CARD), STANDS)
    assert told.asked(CheckFace) == [CheckFace(b"jpeg")]
    assert not told.asked(CheckFinger)
    told.tell(FaceAccepted(0.61))
    (saved,) = told.asked(SaveHolder)
    assert (saved.proof.by, saved.proof.score, saved.proof.taken) == ("face", 0.61, ())
    assert saved.proof.ladder.declined
    told.tell(HolderSaved(), ParticularsRight(), *NO_EXTRAS, FormFinished(printed=True), *BACK)
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
    told = arrived(twin, *READ, CannotGiveFingers())
    assert isinstance(told.state, HandingOff)
    assert told.state.reason is HandOffReason.NO_FINGERPRINTS


def test_a_card_without_a_portrait_leaves_no_face_to_compare():
    told = arrived(
        CASE, Consented(), CardInserted(), CardRead(replace(CARD, portrait_jpeg=b"")), STANDS
    )
    assert isinstance(told.tell(CannotGiveFingers()).state, HandingOff)


STRANGER = replace(CARD, identity_number=OTHER)


def test_a_swapped_card_goes_back_and_the_persons_own_is_asked_for():
    told = arrived(CASE, Consented(), CardInserted(), CardRead(STRANGER), *BACK)
    assert told.state == InsertingCard(NOTICED, 1, WrongCard.OF_ANOTHER)
    assert isinstance(told.tell(CardInserted(), CardRead(CARD), STANDS).state, CheckingFinger)


def test_the_card_of_another_person_goes_back_and_an_officer_goes_on():
    others = (CardInserted(), CardRead(STRANGER), *BACK)
    told = arrived(CASE, Consented(), *others * 2, *others[:2], HandOffSaved())
    assert told.state == ReturningCard(HandedOff("A001", HandOffReason.CARD_OF_ANOTHER))
    assert not told.asked(CheckFinger)


def test_a_card_of_another_kind_is_a_mistake_before_it_is_an_officers():
    banks = (CardInserted(), CardNotRead(CardProblem.FOREIGN), *BACK)
    told = arrived(CASE, Consented(), *banks)
    assert told.state == InsertingCard(NOTICED, 1, CardProblem.FOREIGN)
    told.tell(*banks, *banks[:2], HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.CARD_DOUBTFUL)


def test_three_unreadable_cards_end_at_an_officer():
    unread = (CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), *BACK)
    told = arrived(CASE, Consented(), *unread)
    assert told.state == InsertingCard(NOTICED, 1, CardProblem.CHIP_SILENT)
    told.tell(*unread, CardInserted(), CardNotRead(CardProblem.CHIP_SILENT), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.CARD_UNREADABLE)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (CardProblem.DOUBTFUL, HandOffReason.CARD_DOUBTFUL),
        (CardProblem.NOT_VALID, HandOffReason.CARD_NOT_VALID),
    ],
)
def test_a_card_that_is_not_believed_is_an_officers_at_once(problem, reason):
    told = arrived(CASE, Consented(), CardInserted(), CardNotRead(problem), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", reason)
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
    told = arrived(CASE, Consented(), CardInserted(), CardRead(card), STANDS)
    told.tell(FingerMatched(poor, 9.0), *captures)
    assert told.state.asked == AskFinger(6, 1)
    told.tell(*ONE_FINGER)
    assert told.state.asked == AskFinger(2, 1)
    told.tell(*ONE_FINGER)
    kept = [(one.position, len(one.kept)) for one in told.state.proof.taken]
    assert kept == [(1, 0), (6, 2), (2, 2)]


def test_a_card_without_fingers_leads_to_the_face():
    bare = replace(CARD, fingers=())
    told = arrived(CASE, Consented(), CardInserted(), CardRead(bare), STANDS)
    assert told.asked(CheckFace)
    told.tell(*[FaceNotAccepted("no_face")] * 3)
    assert told.state.reason is HandOffReason.NO_FINGERPRINTS


def test_gaps_are_asked_page_by_page_and_kept_at_once():
    gaps = WHOLE.model_copy(update={"telephone": "", "nationality": ""})
    case = replace(CASE, particulars=gaps)
    told = arrived(case, *READ, *BOTH, HolderSaved())
    assert told.state.page == 3
    better = gaps.model_copy(update={"nationality": "CHINESE"})
    told.tell(PageFilled(better))
    assert told.asked(SaveForm) == [SaveForm(CASE.case_id, better)]
    assert told.state.page == 6
    assert isinstance(told.tell(PageFilled(WHOLE)).state, CheckingParticulars)


def at_form(*events):
    return at_fingers(*BOTH, HolderSaved(), *events)


def test_other_wrong_particulars_are_for_an_officer():
    told = at_form(ParticularsWrong(), e.ChangeChosen(Change.OTHER))
    assert (type(told.state), told.state.reason) == (HandingOff, HandOffReason.PARTICULARS_WRONG)


def test_a_changed_address_is_typed_in_here_and_read_again():
    told = at_form(ParticularsWrong(), e.ChangeChosen(Change.ADDRESS))
    assert (type(told.state), told.state.page) == (FillingGap, 5)
    assert isinstance(told.tell(e.WentBack()).state, CheckingParticulars)
    moved = WHOLE.model_copy(update={"address": "2 OTHER STREET"})
    told.tell(ParticularsWrong(), e.ChangeChosen(Change.ADDRESS), PageFilled(moved))
    assert told.asked(SaveForm)[-1] == SaveForm(CASE.case_id, moved)
    assert isinstance(told.state, CheckingParticulars)
    told.tell(ParticularsRight())
    assert recorded(told)[-1].particulars == moved


def test_what_stands_on_the_card_stops_with_two_ways_on():
    told = at_form(ParticularsWrong(), e.ChangeChosen(Change.CARD_FACE))
    assert isinstance(told.state, s.NeedsAlteration)
    assert isinstance(told.tell(e.KeptAsItIs()).state, CheckingParticulars)
    told.tell(ParticularsWrong(), e.ChangeChosen(Change.CARD_FACE), e.AlterationWanted())
    (handing,) = told.asked(SaveHandOff)
    assert handing.reason is HandOffReason.ALTERATION


@pytest.mark.parametrize(
    ("told_of", "reason"),
    [
        (OldCardStanding(card=Standing.LOST), HandOffReason.CARD_LOST),
        (OldCardStanding(card=Standing.REPLACED), HandOffReason.CARD_REPLACED),
        (OldCardStanding(call_up=CallUp.EARLY), HandOffReason.NOT_CALLED_UP),
    ],
)
def test_a_card_that_the_office_will_not_have_goes_back_with_its_reason(told_of, reason):
    told = arrived(CASE, Consented(), CardInserted(), CardRead(CARD))
    assert told.asked(task.AskAboutCard) == [
        task.AskAboutCard(CASE.case_id, "CHIP-1", CARD.date_of_birth)
    ]
    told.tell(e.CardStands(told_of), HandOffSaved())
    assert told.state == ReturningCard(HandedOff("A001", reason))


def test_who_comes_late_declares_why_once_and_goes_on():
    told = arrived(CASE, Consented(), CardInserted(), CardRead(CARD), LATE)
    assert isinstance(told.state, s.AskingExcuse)
    told.tell(e.ExcuseGiven(LateReason.ILL))
    assert recorded(told)[-1] == LatenessDeclared(why=LateReason.ILL)
    assert isinstance(told.state, CheckingFinger)
    before = CASE.with_done("noticed", "late_declared")
    again = arrived(before, CardInserted(), CardRead(CARD), LATE)
    assert isinstance(again.state, CheckingFinger)


def test_without_the_line_nobody_knows_the_card_and_the_visit_goes_on():
    told = arrived(CASE, Consented(), CardInserted(), CardRead(CARD), EquipmentFailed())
    assert isinstance(told.state, CheckingFinger)


def test_the_notice_is_kept_at_once_and_not_given_twice():
    told = arrived(CASE, Consented())
    assert recorded(told) == [NoticeGiven(notice=NOTICE, agreed=True)]
    assert isinstance(arrived(NOTICED).state, InsertingCard)


def test_an_office_is_chosen_where_there_is_a_choice():
    told = at_form(ParticularsRight(), e.OfficesFound(OFFICES))
    assert told.state.offices == OFFICES
    told.tell(e.OfficeChosen("S2"))
    assert recorded(told)[-1] == CollectionOfficeChosen(office="S2")
    assert isinstance(told.state, s.AskingMobile)


AT_MOBILE = (ParticularsRight(), e.OfficesFound(()))


def test_a_number_is_proven_by_its_code_before_it_is_used():
    told = at_form(*AT_MOBILE, e.MobileGiven(CONTACT))
    assert told.asked(task.SendCode) == [task.SendCode(CASE.case_id, CONTACT)]
    told.tell(e.CodeSent(), e.CodeTyped("000000"), e.CodeNotRight(CodeTrouble.WRONG))
    assert told.state.trouble is CodeTrouble.WRONG
    told.tell(e.CodeTyped("123456"), e.CodeRight())
    assert isinstance(told.state, s.ChoosingPaper)
    assert "contact_consented" not in [what.kind for what in recorded(told)], "the office has it"


def test_two_taps_send_one_code():
    told = at_form(*AT_MOBILE, e.MobileGiven(CONTACT), e.MobileGiven(CONTACT))
    assert len(told.asked(task.SendCode)) == 1


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        (CodeTrouble.NO_CONNECTION, "+85291234567"),
        (CodeTrouble.NO_MESSAGES, None),
        (CodeTrouble.TOO_MANY, None),
    ],
)
def test_a_number_that_cannot_be_checked_does_not_stop_the_visit(why, kept):
    told = at_form(*AT_MOBILE, e.MobileGiven(CONTACT), e.CodeNotSent(why))
    assert (type(told.state), told.state.why) == (s.CodeSkipped, why)
    assert (recorded(told)[-1].mobile, recorded(told)[-1].mail) == (kept, None)
    assert isinstance(told.tell(ReadLongEnough()).state, s.ChoosingPaper)


def test_no_number_leaves_standing_what_was_said_before():
    told = at_form(*AT_MOBILE, e.MobileDeclined(Language.ENGLISH))
    assert (recorded(told)[-1].mobile, recorded(told)[-1].mail) == (None, None)


SIGNING = replace(CASE, offers=frozenset({Offer.SIGNATURE_PAD, Offer.PRINTER}))
TO_PAPER = (*AT_MOBILE, e.MobileDeclined(Language.ENGLISH))


def test_a_signature_is_shown_before_it_is_kept():
    told = arrived(SIGNING, *READ, *BOTH, HolderSaved(), *TO_PAPER)
    assert told.state.attempt == 1
    told.tell(e.SignatureTaken(b"ink"), e.SignatureAgain())
    assert (type(told.state), told.state.attempt) == (s.Signing, 2)
    assert len(told.asked(task.TakeSignature)) == 2
    told.tell(e.SignatureTaken(b"good ink"), e.SignatureKept())
    assert recorded(told)[-1].picture == b"good ink"
    assert isinstance(told.state, s.ChoosingPaper)


@pytest.mark.parametrize("way", [e.SignAtBooth(), EquipmentFailed()])
def test_who_cannot_sign_here_signs_at_the_booth(way):
    told = arrived(SIGNING, *READ, *BOTH, HolderSaved(), *TO_PAPER, way)
    assert isinstance(told.state, s.ChoosingPaper)
    assert "signs_at_booth" in told.state.case.done


def test_the_form_may_stay_electronic():
    told = at_form(*TO_PAPER, e.PaperChosen(on_paper=False), FormFinished(printed=False), *BACK)
    assert told.state == Registered("A001", printed=False, electronic=True)
    no_printer = replace(CASE, offers=frozenset())
    told = arrived(no_printer, *READ, *BOTH, HolderSaved(), *TO_PAPER)
    assert (type(told.state), told.state.on_paper) == (PrintingForm, False)


PICTURED = replace(CASE, offers=frozenset(Offer) - {Offer.SIGNATURE_PAD})
TAKE = (e.ShotAsked(), e.ShotTaken(SHOT))
TAKE_POOR = (e.ShotAsked(), e.ShotTaken(POOR_SHOT))


def at_camera(*events, case=PICTURED):
    return arrived(case, *READ, *BOTH, HolderSaved(), *TO_PAPER, *events)


def test_a_kiosk_that_takes_photographs_lets_choose_among_two_good_ones():
    told = at_camera(e.GoneOn(), *TAKE_POOR, *TAKE, e.ChoiceAsked())
    assert isinstance(told.state, s.Photographing), "one good one is no choice"
    told.tell(*TAKE, e.ChoiceAsked())
    assert told.state.shots == (SHOT, SHOT)
    told.tell(e.ShotChosen(2))
    assert isinstance(told.state, s.ChoosingShot)
    told.tell(e.ShotChosen(1))
    assert recorded(told)[-1].portrait == PORTRAIT_JPEG
    told.tell(e.PaperChosen(on_paper=True), FormFinished(printed=True), *BACK)
    assert told.state.photographed


def test_six_photographs_end_with_a_choice_or_at_the_booth():
    told = at_camera(e.GoneOn(), *TAKE_POOR * 4, *TAKE * 2)
    assert isinstance(told.state, s.ChoosingShot)
    told = at_camera(e.GoneOn(), *TAKE_POOR * 5, *TAKE)
    assert isinstance(told.state, s.NoGoodPhotograph)
    told.tell(ReadLongEnough())
    assert isinstance(told.state, s.ChoosingPaper)
    assert "photograph_taken" not in [what.kind for what in recorded(told)]


def test_a_picture_without_a_face_is_no_photograph_and_hints_come_and_go():
    told = at_camera(e.GoneOn(), e.ShotAsked(), e.ShotMissed())
    assert told.state.shots == ()
    told.tell(e.FaceHint(PortraitRule.CENTRED))
    assert told.state.hint is PortraitRule.CENTRED
    assert told.tell(e.FaceHint(None)).state.is_seen


@pytest.mark.parametrize("way", [e.PhotographAtBooth(), EquipmentFailed()])
def test_a_lost_camera_or_a_wish_leads_to_the_booth(way):
    told = at_camera(e.GoneOn(), *TAKE, way)
    assert isinstance(told.state, s.ChoosingPaper)


def test_a_minor_is_photographed_at_the_booth():
    child = WHOLE.model_copy(update={"date_of_birth": date(2008, 1, 6)})
    told = at_camera(case=replace(PICTURED, particulars=child))
    assert isinstance(told.state, s.ChoosingPaper)
    eighteen = WHOLE.model_copy(update={"date_of_birth": date(2008, 1, 5)})
    told = at_camera(case=replace(PICTURED, particulars=eighteen))
    assert isinstance(told.state, s.PreparingPhotograph)


def test_a_scanner_that_fails_ends_the_fingers_and_not_the_visit():
    told = at_fingers(EquipmentFailed())
    assert isinstance(told.state, CheckingFace)
    assert told.state.ladder.scanner_lost
    told.tell(FaceAccepted(0.6), HolderSaved())
    assert isinstance(told.state, CheckingParticulars)
    told = at_fingers(MATCH, EquipmentFailed())
    assert isinstance(told.state, SavingHolder), "what matched before counts"
    twin = arrived(replace(CASE, twin=True), *READ, EquipmentFailed())
    assert twin.state.reason is HandOffReason.EQUIPMENT_FAILED


def test_who_walks_away_leaves_a_tag_that_waits_and_what_was_tried():
    told = at_fingers(POOR, PersonLeft())
    assert told.asked(task.LeaveTag) == [task.LeaveTag("token-of-a-tag")]
    (tried,) = [what for what in recorded(told) if what.kind == "biometrics_attempted"]
    assert tried.attempts.fingers[0].tries == 1
    assert told.tell(*BACK, ReadyToServe()).state == Welcome()


ON_THE_WAY = (
    ("noticed", InsertingCard),
    ("identified enrolled", CheckingParticulars),
    ("identified enrolled particulars_confirmed", s.FindingOffices),
    ("identified enrolled particulars_confirmed office_chosen", s.AskingMobile),
    ("identified enrolled particulars_confirmed office_chosen contact_asked", s.ChoosingPaper),
    (
        "identified enrolled particulars_confirmed office_chosen contact_asked form_printed",
        PrintingForm,
    ),
)


@pytest.mark.parametrize(("done", "expected"), ON_THE_WAY)
def test_who_comes_back_goes_on_where_the_visit_was(done, expected):
    told = arrived(CASE.with_done("form_done", *done.split()))
    assert isinstance(told.state, expected)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({"form_done"}, AskingConsent),
        ({"identified"}, AskingConsent),
        ({"identified", "enrolled"}, CheckingParticulars),
        ({"identified", "attempted"}, CheckingParticulars),
        ({"identified", "enrolled", "particulars_confirmed"}, s.FindingOffices),
        ({"identified", "enrolled", "particulars_confirmed", "registered"}, NotYourTurn),
    ],
)
def test_nothing_is_asked_twice(done, expected):
    told = arrived(replace(CASE, done=frozenset(done)))
    assert isinstance(told.state, expected)


def test_a_form_that_is_not_printed_does_not_stop_the_visit():
    told = at_form(ParticularsRight(), *NO_EXTRAS)
    told.tell(FormFinished(printed=False), *BACK)
    assert told.state == Registered("A001", printed=False)


def test_a_failing_device_hands_over_what_was_done():
    told = at_fingers(CannotGiveFingers(), EquipmentFailed(), HandOffSaved(), *BACK)
    assert told.state == HandedOff("A001", HandOffReason.EQUIPMENT_FAILED)
    assert told.tell(ReadLongEnough()).state == StartingUp()
    told.tell(DeviceMissing())
    assert told.state == OutOfService()
    told.tell(ReadLongEnough(), DeviceMissing(), ReadLongEnough())
    assert told.state == OutOfService(), "nothing changes before the person while devices are asked"
    assert len(told.asked(CallNext)) == 1, "a broken kiosk calls nobody"
    assert told.tell(ReadyToServe()).state == Welcome()


def test_even_the_hand_over_may_fail():
    told = at_fingers(CannotGiveFingers(), EquipmentFailed(), EquipmentFailed(), *BACK)
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
        case StartingUp() | OutOfService():
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
        case s.CheckingCard():
            return STANDS
        case s.FindingOffices():
            return e.OfficesFound(())
        case s.SendingCode() | s.CheckingCode():
            return EquipmentFailed()
        case s.TakingShot():
            return e.ShotMissed()
        case _:
            return ReadLongEnough()


@given(
    st.lists(st.sampled_from(EVENTS), max_size=30),
    st.lists(st.sampled_from([PersonLeft(), EquipmentFailed()]), min_size=1, max_size=6),
)
def test_from_anywhere_the_kiosk_comes_back_to_a_welcome_that_knows_nobody(history, ends):
    told = story(*history, *ends)
    for _ in range(20):
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
    told = arrived(CASE, Consented(), CardInserted(), CardRead(card), STANDS)
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
    assert {type(state) for state in STATES} == set(s.State.__args__)
    assert {type(event) for event in EVENTS} == set(e.Event.__args__)
    assert not dead_ends(draw(next_step, STATES, EVENTS))


def test_the_drawing_in_the_readme_is_current():
    everywhere = (PersonLeft, EquipmentFailed, AskedForStaff, Started, Finished)
    shown = [event for event in EVENTS if not isinstance(event, everywhere)]
    check_drawing(Path(flow.__file__).with_name("README.md"), draw(next_step, STATES, shown))
