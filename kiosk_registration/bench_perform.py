"""Carries out what the form-filling bench's flow asks for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from common.domain.queue import HandOffReason, Stage, TagStatus
from common.equipment.codes import ReadsCodes, token_in
from common.flow.machine import Stay
from common.sync.client import (
    OTHER_DAY,
    BackendClient,
    BackendUnreachableError,
    RefusedError,
)
from common.wire.facts import FormFilled, HandedOff, What
from common.wire.shapes import CaseFind
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from kiosk_registration.bench_flow import (
    CameraBack,
    CameraMissing,
    Event,
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
    ReadLongEnough,
    ShowFor,
    TagShown,
    Task,
    WatchForTag,
)
from kiosk_registration.perform import Recorder

logger = logging.getLogger(__name__)

LOOK_S = 30.0
RETRY_S = 3.0


def lane(task: Task) -> str:
    """Name the worker of a task."""
    match task:
        case WatchForTag():
            return "camera"
        case FetchForm():
            return "backend"
        case KeepPage() | KeepForm() | HandOver():
            return "journal"
        case ShowFor():
            return "time"
        case _:
            assert_never(task)


@dataclass(frozen=True)
class BenchDesk:
    """What a form-filling bench has to work with."""

    codes: ReadsCodes
    client: BackendClient
    record: Recorder
    today: Callable[[], date]
    show: Callable[[Pixels], None] | None = None

    def perform(self, task: Task, stay: Stay) -> Event | None:
        """Do one task and say what came of it."""
        match task:
            case WatchForTag():
                return self._watch_for_tag(stay)
            case FetchForm(token):
                return self._fetch_form(token)
            case KeepPage(form):
                self._keep(form)
                return None
            case KeepForm(form):
                self._keep(form)
                return FormKept()
            case HandOver(form):
                self._keep(form, HandedOff(reason=HandOffReason.ASKED_FOR_STAFF))
                return FormKept()
            case ShowFor(seconds):
                stay.left.wait(seconds)
                return ReadLongEnough()
            case _:
                assert_never(task)

    def _keep(self, form: Form, *more: What) -> None:
        self.record(form.case_id, FormFilled(particulars=form.particulars), *more)

    def _watch_for_tag(self, stay: Stay) -> Event | None:
        is_back = False

        def works() -> None:
            nonlocal is_back
            if not is_back:
                is_back = True
                stay.tell(CameraBack())

        while not stay.left.is_set():
            is_back = False
            try:
                text = self.codes.wait_for_code(LOOK_S, stay.left, self.show, works)
            except DeviceTimeoutError:
                continue
            except RequestCancelledError:
                return None
            except DeviceError as error:
                logger.warning("no tag can be read: %s", error)
                stay.tell(CameraMissing())
                stay.left.wait(RETRY_S)
                continue
            return TagShown(token) if (token := token_in(text)) else OtherCodeShown()
        return None

    def _fetch_form(self, token: str) -> Event:
        try:
            view = self.client.find_case(CaseFind(tag_token=token), tells_day=True)
        except BackendUnreachableError as error:
            logger.warning("no form: %s", error)
            return FormNotFetched(NoForm.NO_CONNECTION)
        except RefusedError as error:
            logger.info("no form: %s", error)
            is_old = error.problem == OTHER_DAY
            return FormNotFetched(NoForm.OTHER_DAY if is_old else NoForm.UNKNOWN)
        if view is None or view.tag is None:
            return FormNotFetched(NoForm.UNKNOWN)
        tag = view.tag
        # Past the kiosk the form is confirmed; who is being served has it before an officer.
        is_early = tag.stage in (Stage.FORM, Stage.KIOSK) and tag.status is not TagStatus.SERVING
        if not is_early or "particulars_confirmed" in view.done:
            return FormNotFetched(NoForm.NOTHING_TO_FILL)
        form = Form(view.case_id, tag.number, view.particulars, self.today())
        return FormFetched(form)
