"""What the bench does for its flow, with a scripted backend and journal."""

from datetime import date
from typing import Any

import pytest

from common.domain.queue import HandOffReason, Stage, TagStatus
from common.flow.machine import Stay
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import FormFilled, HandedOff
from hardware.core.errors import DeviceAbsentError
from kiosk_registration import bench_perform
from kiosk_registration.bench_flow import (
    CameraBack,
    CameraMissing,
    FetchForm,
    Form,
    FormFetched,
    FormKept,
    FormNotFetched,
    HandOver,
    KeepForm,
    KeepPage,
    NoForm,
    OtherCodeShown,
    TagShown,
    WatchForTag,
)
from kiosk_registration.bench_perform import BenchDesk
from tests.flows.test_registration_perform import CASE_ID, FORM, Backend, Codes, Journal, tag, view

DAY = date(2026, 3, 1)
THE_FORM = Form(CASE_ID, "A001", FORM, DAY)


def do(task: Any, backend: Any = None, journal: Any = None, codes: Any = None, stay: Any = None):
    desk = BenchDesk(
        codes=codes, client=backend, record=(journal or Journal()).record, today=lambda: DAY
    )
    return desk.perform(task, stay or Stay())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_perform, "RETRY_S", 0.01)


def test_a_form_is_fetched_by_the_tag():
    seen = tag(stage=Stage.FORM, status=TagStatus.WAITING)
    backend = Backend(find_case=view(tag=seen, done=()))
    assert do(FetchForm("token"), backend) == FormFetched(THE_FORM)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (BackendUnreachableError("down"), NoForm.NO_CONNECTION),
        (RefusedError(403, "no"), NoForm.UNKNOWN),
        (RefusedError(404, "token_other_day"), NoForm.OTHER_DAY),
        (None, NoForm.UNKNOWN),
        (view(tag=None), NoForm.UNKNOWN),
        (view(tag=tag(stage=Stage.BOOTH)), NoForm.NOTHING_TO_FILL),
        (view(tag=tag(status=TagStatus.SERVING)), NoForm.NOTHING_TO_FILL),
        (view(done=("particulars_confirmed",)), NoForm.NOTHING_TO_FILL),
    ],
)
def test_without_a_form_the_reason_is_told(found, reason):
    assert do(FetchForm("token"), Backend(find_case=found)) == FormNotFetched(reason)


def test_pages_and_the_whole_form_are_written_down():
    book = Journal()
    assert do(KeepPage(THE_FORM), journal=book) is None
    assert do(KeepForm(THE_FORM), journal=book) == FormKept()
    assert book.happened == [FormFilled(particulars=FORM)] * 2


def test_an_officer_is_told_that_the_rest_is_theirs():
    book = Journal()
    assert do(HandOver(THE_FORM), journal=book) == FormKept()
    handed = HandedOff(reason=HandOffReason.ASKED_FOR_STAFF)
    assert book.happened == [FormFilled(particulars=FORM), handed]


def test_the_camera_is_tried_again_until_a_tag_is_seen():
    told: list[Any] = []
    codes = Codes(DeviceAbsentError("gone"), "tag-1")
    assert do(WatchForTag(), codes=codes, stay=Stay(told.append)) == TagShown("tag-1")
    assert told == [CameraMissing(), CameraBack()]


def test_a_code_of_somebody_else_is_said():
    assert do(WatchForTag(), codes=Codes("two words")) == OtherCodeShown()
