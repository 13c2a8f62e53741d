"""The queue as the registration kiosk meets it: who is called, who came, and with which case."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from common.domain.identity_number import IdentityNumber
from common.domain.queue import Stage, TagStatus
from common.equipment.codes import ReadsCodes, token_in
from common.flow.machine import Stay
from common.sync.client import (
    OTHER_DAY,
    BackendClient,
    BackendUnreachableError,
    RefusedError,
)
from common.wire.shapes import CallRequest, CaseFind, CaseView, TagAction, TagView
from hardware.camera.interface import Pixels
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from kiosk_registration import events as e
from kiosk_registration.flow import opened
from kiosk_registration.words import NotYet

logger = logging.getLogger(__name__)

LOOK_S = 30.0
RETRY_S = 3.0
CALL_EVERY_S = 2.0
LONGEST_PAUSE_S = 15.0
FLUSH_S = 2.0


@dataclass(frozen=True)
class QueueDesk:
    """What speaks with the queue for one place. flush sends what the journal holds."""

    place: str
    client: BackendClient
    codes: ReadsCodes
    flush: Callable[[float], bool]
    show: Callable[[Pixels], None] | None = None

    def call_next(self, stay: Stay) -> e.Event | None:
        """Ask for the next tag until there is one; tell when the office is silent, or answers."""
        request = CallRequest(place=self.place, stages=(Stage.KIOSK,))
        pause_s, answers = CALL_EVERY_S, None
        while not stay.left.is_set():
            try:
                tag = self.client.call_next(request)
            except (BackendUnreachableError, RefusedError) as error:
                if answers is not False:
                    logger.warning("no tag can be called: %s", error)
                    answers = False
                    stay.tell(e.LineLost())
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                pause_s = CALL_EVERY_S
                if tag is not None:
                    return e.TagCalled(tag)
                if not answers:
                    answers = True
                    stay.tell(e.LineBack())
            stay.left.wait(pause_s)
        return None

    def call_again(self, tag: TagView) -> e.Event | None:
        """Have the tag called once more."""
        try:
            self.client.recall(TagAction(tag_token=tag.token, place=self.place))
        except BackendUnreachableError as error:
            logger.warning("the tag is not called again: %s", error)
        except RefusedError:
            return e.CallEnded()
        return None

    def miss(self, token: str) -> None:
        """Say that nobody came, or that the person walked away."""
        try:
            self.client.miss(TagAction(tag_token=token, place=self.place))
        except (BackendUnreachableError, RefusedError) as error:
            # The next call of this place ends the call that nobody answered as well.
            logger.warning("a tag that nobody holds any more is not told: %s", error)

    def watch_for_tag(self, stay: Stay) -> e.Event | None:
        """Look until a code is seen; tell when the camera fails, and when it sees again."""
        is_back = False

        def works() -> None:
            nonlocal is_back
            if not is_back:
                is_back = True
                stay.tell(e.CameraBack())

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
                stay.tell(e.CameraMissing())
                stay.left.wait(RETRY_S)
                continue
            return e.TagShown(token) if (token := token_in(text)) else e.OtherCodeShown()
        return None

    def open_case(self, token: str) -> e.Event:
        """Say that the holder of the tag is here, and fetch the case."""
        try:
            refusal = self._arrive(token)
            # What was kept here and not sent yet must not be asked again.
            self.flush(FLUSH_S)
            view = self.client.find_case(CaseFind(tag_token=token), tells_day=True)
            if refusal is not None and _was_missed(view):
                refusal = self._call_back(token)
        except BackendUnreachableError as error:
            logger.warning("no case: %s", error)
            return e.TagNotServed(NotYet.NO_CONNECTION)
        except RefusedError as error:
            logger.info("no case: %s", error)
            is_old = error.problem == OTHER_DAY
            return e.TagNotServed(NotYet.OTHER_DAY if is_old else NotYet.UNKNOWN)
        if view is None or (refusal is not None and refusal.status == 404):
            return e.TagNotServed(NotYet.UNKNOWN)
        if refusal is not None:
            return self._not_yet(refusal, view)
        return e.CaseOpened(opened(view, IdentityNumber.parse(view.identity_number)))

    def _arrive(self, token: str) -> RefusedError | None:
        try:
            self.client.arrive(TagAction(tag_token=token, place=self.place))
        except RefusedError as refusal:
            return refusal
        return None

    def _call_back(self, token: str) -> RefusedError | None:
        """Serve who missed the call after all, or whose visit here was cut off by a restart."""
        try:
            self.client.recall(TagAction(tag_token=token, place=self.place))
        except RefusedError as refusal:
            return refusal
        return self._arrive(token)

    def _not_yet(self, refusal: RefusedError, view: CaseView) -> e.Event:
        tag = view.tag
        if tag is None:
            return e.TagNotServed(NotYet.UNKNOWN)
        if refusal.problem == NotYet.CALLED_ELSEWHERE:
            return e.TagNotServed(NotYet.CALLED_ELSEWHERE, tag.place or refusal.detail)
        if tag.stage is Stage.FORM and tag.status is not TagStatus.DONE:
            return e.TagNotServed(NotYet.FORM_FIRST)
        if tag.stage in (Stage.BOOTH, Stage.COUNTER, Stage.DONE):
            return e.TagNotServed(NotYet.DONE_HERE)
        return e.TagNotServed(NotYet.NOT_CALLED, people_ahead=tag.people_ahead)


def _was_missed(view: CaseView | None) -> bool:
    tag = view.tag if view is not None else None
    return tag is not None and tag.stage is Stage.KIOSK and tag.status is TagStatus.MISSED
