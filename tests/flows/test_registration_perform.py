"""What the registration kiosk does for its flow, with a scripted backend, journal and devices."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from common.domain.card_problem import CardProblem
from common.domain.case import CaseState, OldDocument
from common.domain.finger_ladder import FingerLadder, FingerTry
from common.domain.identity_number import IdentityNumber
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.queue import HandOffReason, Need, Service, Stage, TagStatus
from common.equipment.cards import CardHolder, CardUnreadable
from common.equipment.faces import FaceCheck
from common.equipment.fingers import FingerCapture, FingerCheck
from common.flow.machine import Stay
from common.matching.face_engine import FaceVerdict
from common.matching.finger_enrolment import Capture, Kept
from common.matching.finger_records import fmr_2005
from common.matching.fingers import FingerAdvice, FingerPosition, FingerTemplate
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import (
    BiometricsAttempted,
    FingersEnrolled,
    FormFilled,
    FormPrinted,
    HandedOff,
    HolderIdentified,
    RegistrationFinished,
)
from common.wire.shapes import CaseView, Particulars, TagView
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceAbsentError, DeviceFaultError
from hardware.smartcard.interface import CardPosition
from kiosk_registration import perform as registration_perform
from kiosk_registration import queue_desk
from kiosk_registration.contact_desk import ContactDesk
from kiosk_registration.events import (
    CallEnded,
    CameraBack,
    CameraMissing,
    CardFoundInside,
    CardNotRead,
    CardRead,
    CaseOpened,
    DeviceMissing,
    FaceAccepted,
    FaceNotAccepted,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
    FormFinished,
    HandOffSaved,
    HolderSaved,
    LineBack,
    LineLost,
    OtherCodeShown,
    ReadyToServe,
    TagCalled,
    TagNotServed,
    TagShown,
)
from kiosk_registration.papers import application_form
from kiosk_registration.perform import RegistrationDesk
from kiosk_registration.queue_desk import QueueDesk
from kiosk_registration.tasks import (
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
    ReadCard,
    SaveForm,
    SaveHandOff,
    SaveHolder,
)
from kiosk_registration.words import FingerTaken, HolderProof, NotYet, OpenCase

NUMBER = IdentityNumber.parse("A123456(3)")
CASE_ID = UUID(int=2)
AT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
FORM = Particulars(
    surname="CHAN",
    given_names="TAI MAN",
    chinese_name="陳大文",
    sex="M",
    date_of_birth=date(1980, 5, 6),
    marital_status="single",
    address="1 <SAMPLE> STREET",
)
CASE = OpenCase(CASE_ID, "A001", NUMBER, FORM, token="token-of-a-tag")
THUMB = FingerTemplate((), 256, 288, 60, FingerPosition.RIGHT_THUMB)


def tag(**changes: Any) -> TagView:
    values: dict[str, Any] = {
        "tag_id": UUID(int=1),
        "number": "A001",
        "token": "token-of-a-tag",
        "case_id": CASE_ID,
        "service": Service.APPOINTMENT,
        "stage": Stage.KIOSK,
        "status": TagStatus.CALLED,
        "place": "K1",
        "issued_at": AT,
    }
    return TagView(**(values | changes))


def view(**changes: Any) -> CaseView:
    values: dict[str, Any] = {
        "case_id": CASE_ID,
        "state": CaseState.FORM_DONE,
        "tag": tag(),
        "identity_number": str(NUMBER),
        "particulars": FORM,
        "missing": (),
        "done": ("form_done",),
        "old_document": OldDocument.OLD_CARD,
        "collection_office": "HQ",
    }
    return CaseView(**(values | changes))


class Backend:
    """Answers each call by name; what is an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*_arguments: Any, **_named: Any) -> Any:
            self.asked.append(name)
            answer = self.answers[name]
            if isinstance(answer, list):
                answer = answer.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class Codes:
    """A camera that gives one thing after another."""

    def __init__(self, *seen: Any) -> None:
        self.seen = list(seen)

    def wait_for_code(self, _timeout_s: float, _cancelled: Any, _show: Any, works: Any) -> str:
        one = self.seen.pop(0)
        if isinstance(one, Exception):
            raise one
        works()
        return str(one)


class Device:
    """One thing that answers every question with one answer."""

    name = "device"

    def __init__(self, answer: Any = None, state: DeviceState = DeviceState.ONLINE) -> None:
        self.answer = answer
        self.state = state

    def health(self) -> Health:
        return Health(self.state)

    def use(self, action: Callable[[Any], Any]) -> Any:
        return action(self)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._say

    def _say(self, *_arguments: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Journal:
    """What was written down, in order, with what was printed."""

    def __init__(self) -> None:
        self.happened: list[Any] = []
        self.is_online = True

    def record(self, case_id: UUID, *whats: Any) -> None:
        assert case_id == CASE_ID
        self.happened += whats

    def flush(self, _seconds: float) -> bool:
        return self.is_online

    def render(self, page: str) -> bytes:
        self.happened.append(page)
        return b"%PDF"

    def kinds(self) -> list[str]:
        return [getattr(one, "kind", "page") for one in self.happened]


def do(
    task: Any,
    backend: Any = None,
    journal: Journal | None = None,
    stay: Stay | None = None,
    **devices: Any,
) -> Any:
    book = journal or Journal()
    other: Any = Device()
    desk = RegistrationDesk(
        queue=QueueDesk("K1", backend, other, book.flush),
        contact=ContactDesk(backend, "HQ"),
        needed=devices.get("needed", ()),
        cards=devices.get("cards", other),
        fingers=devices.get("fingers", other),
        faces=devices.get("faces", other),
        printer=devices.get("printer", other),
        record=book.record,
        flush=book.flush,
        render=book.render,
        clock=lambda: AT,
        language=lambda: Language.SIMPLIFIED,
        judge=devices.get("judge"),
        pad=devices.get("pad"),
    )
    return desk.perform(task, stay or Stay())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_desk, "CALL_EVERY_S", 0.01)
    monkeypatch.setattr(queue_desk, "LONGEST_PAUSE_S", 0.02)
    monkeypatch.setattr(registration_perform, "VISITOR_S", 0.01)


def test_the_next_tag_is_called_as_soon_as_there_is_one_and_the_line_is_up():
    backend = Backend(
        call_next=[BackendUnreachableError("down"), None, RefusedError(503, "later"), tag()]
    )
    told: list[Any] = []
    assert do(CallNext(), backend, stay=Stay(told.append)) == TagCalled(tag())
    assert len(backend.asked) == 4
    assert told == [LineLost(), LineBack(), LineLost()]


def test_a_camera_that_goes_and_comes_is_told_and_a_strange_code_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_desk, "RETRY_S", 0.01)
    told: list[Any] = []
    assert watch(Stay(told.append), DeviceAbsentError("gone"), "tag-1") == TagShown("tag-1")
    assert told == [CameraMissing(), CameraBack()]
    assert watch(Stay(), "two words") == OtherCodeShown()


def watch(stay: Stay, *seen: Any) -> Any:
    backend: Any = Backend()
    codes: Any = Codes(*seen)
    return QueueDesk("K1", backend, codes, lambda _: True).watch_for_tag(stay)


def test_nobody_is_called_once_the_visit_moved_on():
    stay = Stay()
    stay.left.set()
    backend = Backend(call_next=tag())
    assert do(CallNext(), backend, stay=stay) is None
    assert not backend.asked


def test_waiting_for_a_visitor_ends_with_the_stay():
    stay = Stay()
    stay.left.set()
    assert do(AwaitVisitor(tag()), stay=stay) is None


def test_calling_again_and_missing_survive_a_lost_line():
    lost = BackendUnreachableError("down")
    assert do(CallAgain(tag()), Backend(recall=lost)) is None
    assert do(CallAgain(tag()), Backend(recall=RefusedError(409, "not_called"))) == CallEnded()
    assert do(MissTag(tag()), Backend(miss=lost)) is None
    assert do(MissTag(tag()), Backend(miss=RefusedError(409, "not_called"))) is None


def test_the_holder_of_the_called_tag_gets_the_case():
    backend = Backend(arrive=tag(), find_case=view())
    found = do(OpenCaseOf("token-of-a-tag"), backend)
    assert isinstance(found, CaseOpened)
    assert (found.case.number, found.case.identity_number) == ("A001", NUMBER)
    assert found.case.done == {"form_done"}


@pytest.mark.parametrize(
    ("refusal", "seen", "expected"),
    [
        (
            RefusedError(409, "called_elsewhere", "K2"),
            tag(place="K2"),
            TagNotServed(NotYet.CALLED_ELSEWHERE, "K2"),
        ),
        (
            RefusedError(409, "not_called"),
            tag(status=TagStatus.WAITING, place=None, people_ahead=4),
            TagNotServed(NotYet.NOT_CALLED, people_ahead=4),
        ),
        (
            RefusedError(409, "not_called"),
            tag(stage=Stage.FORM, status=TagStatus.WAITING),
            TagNotServed(NotYet.FORM_FIRST),
        ),
        (
            RefusedError(409, "not_called"),
            tag(stage=Stage.BOOTH, status=TagStatus.WAITING),
            TagNotServed(NotYet.DONE_HERE),
        ),
        (RefusedError(404, "token_unknown"), tag(), TagNotServed(NotYet.UNKNOWN)),
    ],
)
def test_a_tag_that_is_not_due_here_is_told_why(refusal, seen, expected):
    backend = Backend(arrive=refusal, find_case=view(tag=seen))
    assert do(OpenCaseOf("token-of-a-tag"), backend) == expected


def test_who_missed_the_call_is_called_back_and_served():
    missed = view(tag=tag(status=TagStatus.MISSED, place=None))
    refusal = RefusedError(409, "not_called")
    backend = Backend(arrive=[refusal, tag()], find_case=missed, recall=tag())
    assert isinstance(do(OpenCaseOf("token-of-a-tag"), backend), CaseOpened)
    assert backend.asked == ["arrive", "find_case", "recall", "arrive"]
    elsewhere = RefusedError(409, "called_elsewhere", "K2")
    late = Backend(arrive=refusal, find_case=missed, recall=elsewhere)
    told = do(OpenCaseOf("token-of-a-tag"), late)
    assert told == TagNotServed(NotYet.CALLED_ELSEWHERE, "K2")


def test_without_the_office_no_case_is_opened():
    lost = BackendUnreachableError("down")
    expected = TagNotServed(NotYet.NO_CONNECTION)
    assert do(OpenCaseOf("token"), Backend(arrive=lost)) == expected
    assert do(OpenCaseOf("token"), Backend(arrive=tag(), find_case=lost)) == expected
    gone = Backend(arrive=tag(), find_case=None)
    assert do(OpenCaseOf("token"), gone) == TagNotServed(NotYet.UNKNOWN)
    old = RefusedError(404, "token_other_day")
    yesterday = Backend(arrive=old, find_case=old)
    assert do(OpenCaseOf("token"), yesterday) == TagNotServed(NotYet.OTHER_DAY)


def test_what_was_told_at_the_tag_kiosk_is_not_asked_again():
    told = tag(needs=(Need.NO_FINGERPRINTS,))
    opened = do(OpenCaseOf("token"), Backend(arrive=told, find_case=view(tag=told)))
    assert opened.case.gives_no_fingers


def test_a_kiosk_is_ready_when_all_it_needs_answers_and_no_card_is_inside():
    empty, full = Device(CardPosition.NONE), Device(CardPosition.INSIDE)
    assert do(LookAtDevices(), cards=empty, needed=[Device()]) == ReadyToServe()
    assert do(LookAtDevices(), cards=full, needed=[Device()]) == CardFoundInside()
    absent = Device(state=DeviceState.NO_DEVICE)
    assert do(LookAtDevices(), cards=empty, needed=[absent]) == DeviceMissing()
    gone = Device(DeviceAbsentError("gone"))
    assert do(LookAtDevices(), cards=gone) == DeviceMissing()


def test_a_card_gives_its_holder_or_nothing():
    holder = CardHolder(
        NUMBER, "CHAN", "TAI MAN", "陳大文", "M", date(1980, 5, 6), ((1, THUMB),), b"jpeg", "AB"
    )
    found = do(ReadCard(), cards=Device(holder))
    assert isinstance(found, CardRead)
    assert (found.card.identity_number, found.card.fingers) == (NUMBER, ((1, THUMB),))
    assert do(ReadCard(), cards=Device(CardUnreadable(CardProblem.CHIP_SILENT))) == CardNotRead(
        CardProblem.CHIP_SILENT
    )


def test_a_finger_matches_or_not_and_says_why():
    ask = CheckFinger(((1, THUMB),), 1)
    good = Device(FingerCheck(True, 20.0, FingerAdvice.GOOD, THUMB, 4.0))
    assert do(ask, fingers=good) == FingerMatched(THUMB, 20.0, 4.0)
    poor = Device(FingerCheck(False, 1.0, FingerAdvice.TOO_DRY, THUMB, 9.0))
    assert do(ask, fingers=poor) == FingerNotMatched(FingerAdvice.TOO_DRY, 60, 1.0, 9.0)
    assert do(ask, fingers=Device(FingerCheck(False))) == FingerNotMatched(None)


def test_the_time_for_fingers_begins_with_the_first_one():
    class Clocked(Device):
        begun = 0

        def begin(self) -> None:
            self.begun += 1

    desk = Clocked(FingerCheck(False))
    do(CheckFinger(((1, THUMB),), 1, is_first=True), fingers=desk)
    do(CheckFinger(((1, THUMB),), 6), fingers=desk)
    assert desk.begun == 1


def test_a_finger_is_captured_or_says_what_was_wrong():
    ask, taken = CaptureFinger(1, (), (THUMB,)), Capture(THUMB)
    good = Device(FingerCapture(taken, FingerAdvice.GOOD, 7.0))
    assert do(ask, fingers=good) == FingerCaptured(taken, FingerAdvice.GOOD, 7.0)
    none = Device(FingerCapture(None, FingerAdvice.NOT_A_FINGER, 8.0))
    assert do(ask, fingers=none) == FingerNotCaptured(FingerAdvice.NOT_A_FINGER, 8.0)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (FaceVerdict.ACCEPT, FaceAccepted(0.5)),
        (FaceVerdict.OFFICER, FaceNotAccepted("unlike")),
        (FaceVerdict.REFUSE, FaceNotAccepted("unlike")),
        (FaceVerdict.NO_FACE, FaceNotAccepted("no_face")),
    ],
)
def test_a_face_is_the_cards_or_an_officers_to_compare(verdict, expected):
    assert do(CheckFace(b"jpeg"), faces=Device(FaceCheck(verdict, 0.5))) == expected


TRIED = (
    FingerLadder.over((1, 6), 2)
    .tried(FingerTry(1, quality=14, score=2.126, advice="too_dry"), 6.0)
    .tried(FingerTry(1, matched=True, quality=55, score=9.0), 12.04)
    .without(6)
)


def test_who_the_person_is_and_the_new_fingers_are_written_down_together():
    book = Journal()
    kept = (Kept(THUMB), Kept(THUMB, overridden=True))
    taken = (FingerTaken(1, 9.0, kept), FingerTaken(6, 30.0, (Kept(THUMB),)))
    proof = HolderProof("finger", TRIED, 30.0, taken)
    assert do(SaveHolder(CASE, proof), journal=book) == HolderSaved()
    inspected, attempted, identified, enrolled, form = book.happened
    (old_card,) = inspected.documents
    assert (old_card.document, old_card.chip) == ("old_card", "verified")
    assert isinstance(attempted, BiometricsAttempted)
    right, left = attempted.attempts.fingers
    assert (right.position, right.tries, right.matched) == (1, 2, True)
    assert (right.best_quality, right.best_score, right.advice) == (55, 9.0, ("too_dry",))
    assert (left.position, left.tries, left.excepted) == (6, 0, True)
    assert attempted.attempts.seconds == 12.0
    assert identified == HolderIdentified(
        by="finger", finger_position=6, score=30.0, card="verified"
    )
    assert isinstance(enrolled, FingersEnrolled)
    assert [(f.position, f.overridden) for f in enrolled.fingers] == [
        (1, False),
        (1, True),
        (6, False),
    ]
    assert fmr_2005.read_own(enrolled.fingers[0].template) == THUMB
    assert form == FormFilled(particulars=FORM)


def test_a_person_known_by_the_face_has_no_new_fingers():
    book = Journal()
    ladder = FingerLadder.over(()).face_seen(accepted=True)
    do(SaveHolder(CASE, HolderProof("face", ladder, 0.6123)), journal=book)
    assert book.kinds() == [
        *("documents_inspected", "biometrics_attempted"),
        *("holder_identified", "form_filled"),
    ]
    assert book.happened[1].attempts.face == "accepted"
    assert book.happened[2] == HolderIdentified(by="face", score=0.61, card="verified")


def test_a_form_is_printed_before_all_is_done():
    book = Journal()
    assert do(FinishForm(CASE), journal=book) == FormFinished(printed=True)
    assert book.kinds() == ["page", "form_printed", "registration_finished"]
    assert book.happened[1:] == [FormPrinted(), RegistrationFinished()]


def test_who_wants_no_paper_gets_none_and_who_is_cut_off_is_told():
    book = Journal()
    book.is_online = False
    done = do(FinishForm(CASE, on_paper=False), journal=book)
    assert done == FormFinished(printed=False, sent=False)
    assert book.kinds() == ["registration_finished"]


@pytest.mark.parametrize("error", [DeviceAbsentError("gone"), DeviceFaultError("empty")])
def test_a_form_that_is_not_printed_leaves_the_registration_finished(error):
    book = Journal()
    assert do(FinishForm(CASE), journal=book, printer=Device(error)) == FormFinished(False)
    assert "form_printed" not in book.kinds()
    assert book.kinds()[-1] == "registration_finished"


def test_after_a_power_cut_nothing_is_printed_twice():
    book = Journal()
    case = OpenCase(
        CASE_ID, "A001", NUMBER, FORM, frozenset({"particulars_confirmed", "form_printed"})
    )
    assert do(FinishForm(case), journal=book) == FormFinished(printed=True)
    assert book.kinds() == ["registration_finished"]


def test_drafts_and_hand_overs_are_written_down():
    book = Journal()
    assert do(SaveForm(CASE_ID, FORM), journal=book) is None
    reason = HandOffReason.FINGER_NOT_MATCHED
    assert do(SaveHandOff(CASE_ID, reason), journal=book) == HandOffSaved()
    assert book.happened == [FormFilled(particulars=FORM), HandedOff(reason=reason)]
    assert do(SaveHandOff(CASE_ID, reason, TRIED), journal=book) == HandOffSaved()
    assert book.kinds()[2:] == ["biometrics_attempted", "handed_off"]


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_form_says_everything_in_two_languages_and_no_finger(language):
    page = application_form(FORM, NUMBER, "A001", "token-of-a-tag", AT, language)
    for words in ("A123456(3)", "CHAN", "TAI MAN", "陳大文", "A001"):
        assert words in page
    is_english = language is Language.ENGLISH
    for day in ("6 May 1980", "5 January 2026") if is_english else ("1980年5月6日", "2026年1月5日"):
        assert day in page
    assert "1 &lt;SAMPLE&gt; STREET" in page, "what people type is no HTML"
    assert "Signature of applicant" in page
    assert "template" not in page
