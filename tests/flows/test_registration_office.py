"""What the registration kiosk asks of the office, the camera and the pad besides the queue."""

from datetime import date
from threading import Event
from typing import Any

import numpy as np
import pytest

from common.domain.language import Language
from common.domain.portrait import Finding, PortraitRule
from common.equipment.portraits import NoFaceError, Photograph
from common.flow.machine import Stay
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.booking import Offices, OfficeView
from common.wire.mobile import MobileChecked, MobileCodeSent
from common.wire.old_card import CallUp, OldCardStanding, Standing
from hardware.core.device import DeviceState
from hardware.core.errors import DeviceAbsentError, DeviceTimeoutError, RequestCancelledError
from hardware.signature_pad.interface import InkPoint, Signature
from kiosk_registration import events as e
from kiosk_registration import tasks as t
from kiosk_registration.contact_desk import ContactDesk
from kiosk_registration.words import CodeTrouble, Contact, Offer
from tests.flows.test_registration_perform import CASE_ID, Backend, Device, Journal, do, tag, view

LOST = BackendUnreachableError("down")
CONTACT = Contact("+85291234567", Language.ENGLISH)
ASKED = t.AskAboutCard(CASE_ID, "CHIP-1", date(1980, 5, 6))
BROKEN = Finding(PortraitRule.EYES_OPEN, 0.0, "0.14..1", ok=False)


def office(code: str) -> OfficeView:
    return OfficeView(
        code=code,
        name={Language.ENGLISH: f"Office {code}"},
        opens=None,
        closes=None,
        is_open=True,
        walk_ins_left=0,
        days=[],
        closures=[],
    )


def test_a_card_stands_as_the_office_says_or_nobody_knows():
    told = OldCardStanding(card=Standing.LOST, call_up=CallUp.LATE)
    assert do(ASKED, Backend(look_at_old_card=told)) == e.CardStands(told)
    for trouble in (LOST, RefusedError(410, "erased")):
        assert do(ASKED, Backend(look_at_old_card=trouble)) == e.CardStands(OldCardStanding())


def test_the_own_office_stands_first_and_a_list_outlives_the_line():
    line = Backend(offices=[Offices(offices=[office("A2"), office("HQ"), office("A1")]), LOST])
    desk = ContactDesk(line, "HQ")
    first = desk.offices()
    assert isinstance(first, e.OfficesFound)
    assert [one.code for one in first.offices] == ["HQ", "A1", "A2"]
    assert desk.offices() == first
    assert ContactDesk(Backend(offices=LOST), "HQ").offices() == e.OfficesFound(())


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (LOST, CodeTrouble.NO_CONNECTION),
        (RefusedError(429, "too_many_codes"), CodeTrouble.TOO_MANY),
        (RefusedError(409, "no_sms"), CodeTrouble.NO_MESSAGES),
        (RefusedError(500, "what"), CodeTrouble.NO_CONNECTION),
    ],
)
def test_a_code_is_sent_or_the_reason_is_told_without_the_number(trouble, why, caplog):
    task = t.SendCode(CASE_ID, CONTACT)
    assert do(task, Backend(send_mobile_code=MobileCodeSent(again_after_s=45))) == e.CodeSent()
    assert do(task, Backend(send_mobile_code=trouble)) == e.CodeNotSent(why)
    assert "91234567" not in caplog.text + repr(task)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (MobileChecked(right=True, tries_left=5), e.CodeRight()),
        (MobileChecked(right=False, tries_left=2), e.CodeNotRight(CodeTrouble.WRONG)),
        (MobileChecked(right=False, tries_left=0), e.CodeNotRight(CodeTrouble.TOO_OLD)),
        (RefusedError(409, "no_code"), e.CodeNotRight(CodeTrouble.TOO_OLD)),
        (LOST, e.CodeNotRight(CodeTrouble.NO_CONNECTION)),
    ],
)
def test_a_code_is_right_wrong_or_of_no_use(answer, expected, caplog):
    task = t.CheckCode(CASE_ID, CONTACT, "123456")
    assert do(task, Backend(check_mobile_code=answer)) == expected
    assert "123456" not in caplog.text + repr(task)


def test_a_kiosk_offers_what_it_has():
    opened = Backend(arrive=tag(), find_case=view())
    whole: Any = {"pad": Device(), "judge": object()}
    found = do(t.OpenCaseOf("token"), opened, **whole)
    assert found.case.offers == set(Offer)
    assert found.case.today == date(2026, 1, 5)
    absent = Device(state=DeviceState.NO_DEVICE)
    found = do(t.OpenCaseOf("token"), opened, pad=absent, printer=absent)
    assert found.case.offers == set()


def test_only_who_replaces_a_card_takes_the_photograph_alone():
    altered = tag(service="L")
    opened = Backend(arrive=altered, find_case=view(tag=altered))
    found = do(t.OpenCaseOf("token"), opened, judge=object())
    assert Offer.PHOTOGRAPH not in found.case.offers


class Frames(Device):
    """A camera that gives so many frames, and then the person is gone."""

    def __init__(self, frames: int = 1) -> None:
        super().__init__()
        self.left = frames

    def take(self, _cancelled: Event) -> Any:
        if self.left == 0:
            raise RequestCancelledError("gone")
        self.left -= 1
        return np.zeros((4, 4, 3), np.uint8)


class Judge:
    """Finds the same in every picture."""

    def __init__(self, *findings: Finding, no_face: bool = False) -> None:
        self.findings, self.no_face = findings, no_face

    def judge(self, _picture: Any) -> Photograph:
        if self.no_face:
            raise NoFaceError
        return Photograph(b"jpeg", self.findings)


@pytest.mark.parametrize(
    ("judge", "hint"),
    [
        (Judge(), None),
        (Judge(BROKEN), PortraitRule.EYES_OPEN),
        (Judge(no_face=True), PortraitRule.ONE_FACE),
    ],
)
def test_the_live_picture_is_judged_now_and_then(judge, hint):
    heard: list[Any] = []
    assert do(t.WatchFace(), stay=Stay(heard.append), faces=Frames(3), judge=judge) is None
    assert heard == [e.FaceHint(hint)], "three frames within a moment are judged once"


def test_a_photograph_is_what_the_judge_makes_of_the_next_picture():
    taken = do(t.TakePortrait(), faces=Frames(), judge=Judge(BROKEN))
    assert (taken.shot.jpeg, taken.shot.broken) == (b"jpeg", (PortraitRule.EYES_OPEN,))
    assert do(t.TakePortrait(), faces=Frames(), judge=Judge(no_face=True)) == e.ShotMissed()
    assert do(t.TakePortrait(), faces=Frames(0), judge=Judge()) is None


class Pad(Device):
    """A pad on which somebody signs at the second wait."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers, self.cleared, self.begun = list(answers), 0, 0

    def begin(self, _picture: Any) -> None:
        self.begun += 1

    def clear(self) -> None:
        self.cleared += 1

    def wait_for_signature(self, _timeout_s: float, _cancelled: Event) -> Signature:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


INK = Signature(((InkPoint(5, 5, 0.5, 0.0), InkPoint(9, 9, 0.5, 0.1)),), 96, 60, 0)


def test_a_signature_is_waited_for_and_leaves_the_pad():
    pad = Pad(DeviceTimeoutError("nobody"), INK)
    signed = do(t.TakeSignature(), pad=pad)
    assert signed.png.startswith(b"\x89PNG")
    assert "PNG" not in repr(signed)
    assert (pad.begun, pad.cleared) == (1, 1)


@pytest.mark.parametrize("end", [RequestCancelledError("left"), DeviceAbsentError("gone")])
def test_whatever_ends_the_wait_no_ink_stays(end):
    pad = Pad(end)
    if isinstance(end, DeviceAbsentError):
        with pytest.raises(DeviceAbsentError):
            do(t.TakeSignature(), pad=pad)
    else:
        assert do(t.TakeSignature(), pad=pad) is None
    assert pad.cleared == 1


def test_who_walked_away_is_told_to_the_office_which_may_be_gone():
    line = Backend(miss=tag())
    assert do(t.LeaveTag("token"), line) is None
    assert line.asked == ["miss"]
    assert do(t.LeaveTag("token"), Backend(miss=LOST)) is None


def test_before_a_case_is_opened_what_was_kept_here_is_sent():
    class Line(Journal):
        flushed = 0

        def flush(self, seconds: float) -> bool:
            self.flushed += 1
            return super().flush(seconds)

    book = Line()
    do(t.OpenCaseOf("token"), Backend(arrive=tag(), find_case=view()), book)
    assert book.flushed == 1
