"""Carries out what the registration kiosk's flow asks for, with devices, journal and backend."""

import logging
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, assert_never
from uuid import UUID

from common.domain.case import SourceDocument
from common.domain.finger_ladder import FingerLadder
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language
from common.domain.queue import Stage, TagStatus
from common.equipment.cards import CardDesk, CardHolder, CardUnreadable
from common.equipment.codes import ReadsCodes, token_in
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.flow.machine import Stay
from common.matching.face_engine import FaceVerdict
from common.matching.finger_records import fmr_2005
from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.wire.evidence import Attempts, EnrolledFinger, InspectedDocument
from common.wire.facts import (
    BiometricsAttempted,
    DocumentsInspected,
    FingersEnrolled,
    FormFilled,
    FormPrinted,
    HandedOff,
    HolderIdentified,
    NoticeGiven,
    ParticularsConfirmed,
    RegistrationFinished,
    What,
)
from common.wire.shapes import (
    CallRequest,
    CaseFind,
    CaseView,
    TagAction,
    TagView,
)
from hardware.camera.interface import Pixels
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.printer.interface import FormPrinter
from hardware.smartcard.interface import CardPosition
from kiosk_registration.flow import (
    opened,
)
from kiosk_registration.papers import application_form
from kiosk_registration.visit import (
    AwaitCard,
    AwaitCardTaken,
    AwaitVisitor,
    CallAgain,
    CallEnded,
    CallNext,
    CaptureFinger,
    CardAtGate,
    CardFoundInside,
    CardInserted,
    CardNotRead,
    CardNotTaken,
    CardRead,
    CardTaken,
    CaseOpened,
    CheckFace,
    CheckFinger,
    DeviceMissing,
    Event,
    FaceAccepted,
    FaceNotAccepted,
    FingerCaptured,
    FingerMatched,
    FingerNotCaptured,
    FingerNotMatched,
    FinishForm,
    FormFinished,
    FreeCard,
    GiveCardBack,
    HandOffSaved,
    HolderProof,
    HolderSaved,
    LookAtDevices,
    MissTag,
    NobodyCame,
    NotYet,
    OldCard,
    OpenCase,
    OpenCaseOf,
    ReadCard,
    ReadLongEnough,
    ReadyToServe,
    SaveForm,
    SaveHandOff,
    SaveHolder,
    ShowFor,
    TagCalled,
    TagNotServed,
    TagShown,
    Task,
    WatchForTag,
)

logger = logging.getLogger(__name__)

NOTICE = "registration-consent-1"
"""The notice that is shown before anything is read; a new text gets a new number."""
LOOK_S = 30.0
RETRY_S = 3.0
CALL_EVERY_S = 2.0
LONGEST_PAUSE_S = 15.0
VISITOR_S = 60.0
CARD_TAKEN_S = 30.0
NEEDED = frozenset({DeviceState.ONLINE, DeviceState.BUSY})


class Recorder(Protocol):
    """Writes facts into the journal; they are on the disk when it returns."""

    def __call__(self, case_id: UUID, *whats: What) -> None:
        """Record what happened to a case."""
        ...


def lane(task: Task) -> str:
    """Name the worker of a task: one for each device, one for the backend, one for time."""
    match task:
        case CallNext() | CallAgain() | MissTag() | OpenCaseOf():
            return "backend"
        case WatchForTag() | CheckFace():
            return "camera"
        case CheckFinger() | CaptureFinger():
            return "finger_scanner"
        case SaveHolder() | SaveForm() | FinishForm() | SaveHandOff():
            return "journal"
        case AwaitVisitor() | ShowFor():
            return "time"
        case (
            LookAtDevices()
            | AwaitCard()
            | ReadCard()
            | GiveCardBack()
            | FreeCard()
            | AwaitCardTaken()
        ):
            return "card_unit"
        case _:
            assert_never(task)


@dataclass(frozen=True)
class RegistrationDesk:
    """What a registration kiosk has to work with. needed are the devices nobody can do without."""

    place: str
    needed: Sequence[Keeper[Any]]
    cards: CardDesk
    codes: ReadsCodes
    fingers: FingerDesk
    faces: FaceDesk
    printer: Keeper[FormPrinter]
    client: BackendClient
    record: Recorder
    render: Callable[[str], bytes]
    clock: Callable[[], datetime]
    language: Callable[[], Language]
    show: Callable[[Pixels], None] | None = None

    def perform(self, task: Task, stay: Stay) -> Event | None:
        """Do one task and say what came of it."""
        match task:
            case LookAtDevices():
                return self._look_at_devices()
            case CallNext():
                return self._call_next(stay)
            case WatchForTag():
                return self._watch_for_tag(stay)
            case AwaitVisitor():
                return NobodyCame() if not stay.left.wait(VISITOR_S) else None
            case CallAgain(tag):
                return self._call_again(tag)
            case MissTag(tag):
                self._miss(tag)
                return None
            case OpenCaseOf(token):
                return self._open_case(token)
            case AwaitCard():
                return self._await_card(stay)
            case ReadCard():
                return _read(self.cards.read_holder())
            case CheckFinger():
                return self._check_finger(task, stay)
            case CaptureFinger(position, earlier, known):
                taken = self.fingers.take(position, earlier, known, stay.left)
                if taken.capture is None:
                    return FingerNotCaptured(taken.advice, taken.used_s)
                return FingerCaptured(taken.capture, taken.advice, taken.used_s)
            case CheckFace(portrait_jpeg):
                return self._check_face(portrait_jpeg, stay)
            case SaveHolder(case, proof):
                self.record(case.case_id, *_holder_facts(case, proof))
                return HolderSaved()
            case SaveForm(case_id, particulars):
                self.record(case_id, FormFilled(particulars=particulars))
                return None
            case FinishForm(case):
                return self._finish_form(case)
            case SaveHandOff(case_id, reason, ladder):
                tried = () if ladder is None else (_attempted(ladder),)
                self.record(case_id, *tried, HandedOff(reason=reason))
                return HandOffSaved()
            case GiveCardBack():
                return self._give_card_back()
            case FreeCard():
                return self._free_card(stay)
            case AwaitCardTaken():
                return self._await_card_taken(stay)
            case ShowFor(seconds):
                stay.left.wait(seconds)
                return ReadLongEnough()
            case _:
                assert_never(task)

    # The queue

    def _call_next(self, stay: Stay) -> Event | None:
        request = CallRequest(place=self.place, stages=(Stage.KIOSK,))
        pause_s = CALL_EVERY_S
        while not stay.left.is_set():
            try:
                tag = self.client.call_next(request)
            except (BackendUnreachableError, RefusedError) as error:
                if pause_s == CALL_EVERY_S:
                    logger.warning("no tag can be called: %s", error)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                pause_s = CALL_EVERY_S
                if tag is not None:
                    return TagCalled(tag)
            stay.left.wait(pause_s)
        return None

    def _call_again(self, tag: TagView) -> Event | None:
        try:
            self.client.recall(TagAction(tag_token=tag.token, place=self.place))
        except BackendUnreachableError as error:
            logger.warning("the tag is not called again: %s", error)
        except RefusedError:
            return CallEnded()
        return None

    def _miss(self, tag: TagView) -> None:
        try:
            self.client.miss(TagAction(tag_token=tag.token, place=self.place))
        except (BackendUnreachableError, RefusedError) as error:
            # The next call of this place ends the call that nobody answered as well.
            logger.warning("the missed tag is not told: %s", error)

    def _watch_for_tag(self, stay: Stay) -> Event | None:
        while not stay.left.is_set():
            try:
                text = self.codes.wait_for_code(LOOK_S, stay.left, self.show)
            except DeviceTimeoutError:
                continue
            except RequestCancelledError:
                return None
            except DeviceError as error:
                logger.warning("no tag can be read: %s", error)
                stay.left.wait(RETRY_S)
                continue
            if token := token_in(text):
                return TagShown(token)
        return None

    def _open_case(self, token: str) -> Event:
        try:
            refusal = self._arrive(token)
            view = self.client.find_case(CaseFind(tag_token=token))
            if refusal is not None and _was_missed(view):
                refusal = self._call_back(token)
        except BackendUnreachableError as error:
            logger.warning("no case: %s", error)
            return TagNotServed(NotYet.NO_CONNECTION)
        except RefusedError as error:
            logger.info("no case: %s", error)
            return TagNotServed(NotYet.UNKNOWN)
        if view is None or (refusal is not None and refusal.status == 404):
            return TagNotServed(NotYet.UNKNOWN)
        if refusal is not None:
            return self._not_yet(refusal, view)
        return CaseOpened(opened(view, IdentityNumber.parse(view.identity_number)))

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

    def _not_yet(self, refusal: RefusedError, view: CaseView) -> Event:
        tag = view.tag
        if tag is None:
            return TagNotServed(NotYet.UNKNOWN)
        if refusal.problem == NotYet.CALLED_ELSEWHERE:
            return TagNotServed(NotYet.CALLED_ELSEWHERE, tag.place or refusal.detail)
        if tag.stage is Stage.FORM and tag.status is not TagStatus.DONE:
            return TagNotServed(NotYet.FORM_FIRST)
        if tag.stage in (Stage.BOOTH, Stage.COUNTER, Stage.DONE):
            return TagNotServed(NotYet.DONE_HERE)
        return TagNotServed(NotYet.NOT_CALLED, people_ahead=tag.people_ahead)

    # The card

    def _look_at_devices(self) -> Event:
        for keeper in self.needed:
            health = keeper.health()
            if health.state not in NEEDED:
                _log_missing(keeper.name, health)
                return DeviceMissing()
        try:
            position = self.cards.position()
        except DeviceError as error:
            logger.warning("no card unit: %s", error)
            return DeviceMissing()
        return ReadyToServe() if position is CardPosition.NONE else CardFoundInside()

    def _await_card(self, stay: Stay) -> Event | None:
        while not stay.left.is_set():
            try:
                # A card that was drawn in while the visit moved on still lies inside.
                if self.cards.position() is CardPosition.INSIDE:
                    return CardInserted()
                if self.cards.wait_for_card(LOOK_S, stay.left):
                    return CardInserted()
            except RequestCancelledError:
                return None
        return None

    def _give_card_back(self) -> Event:
        self.cards.give_back()
        return CardTaken() if self.cards.position() is CardPosition.NONE else CardAtGate()

    def _free_card(self, stay: Stay) -> Event | None:
        """Staff may clear the unit by hand meanwhile, so the sensors are asked each time."""
        while not stay.left.wait(RETRY_S):
            try:
                return self._give_card_back()
            except DeviceError as error:
                logger.warning("the card does not come out: %s", error)
        return None

    def _await_card_taken(self, stay: Stay) -> Event | None:
        try:
            taken = self.cards.wait_taken(CARD_TAKEN_S, stay.left)
        except RequestCancelledError:
            return None
        if taken:
            return CardTaken()
        logger.warning("a card waits at the gate: staff are needed")
        return CardNotTaken()

    # The person

    def _check_finger(self, task: CheckFinger, stay: Stay) -> Event:
        if task.is_first:
            self.fingers.begin()
        found = self.fingers.check(task.fingers, task.position, stay.left)
        if found.matched and found.template is not None:
            return FingerMatched(found.template, found.score, found.used_s)
        return FingerNotMatched(found.advice, found.quality, found.score, found.used_s)

    def _check_face(self, portrait_jpeg: bytes, stay: Stay) -> Event | None:
        try:
            found = self.faces.check(portrait_jpeg, stay.left)
        except RequestCancelledError:
            return None
        if found.verdict is FaceVerdict.ACCEPT:
            return FaceAccepted(found.score)
        return FaceNotAccepted("no_face" if found.verdict is FaceVerdict.NO_FACE else "unlike")

    # The form

    def _finish_form(self, case: OpenCase) -> Event:
        if "particulars_confirmed" not in case.done:
            self.record(case.case_id, ParticularsConfirmed(particulars=case.particulars))
        printed = "form_printed" in case.done or self._print(case)
        finished: tuple[What, ...] = (RegistrationFinished(),)
        if printed and "form_printed" not in case.done:
            finished = (FormPrinted(), *finished)
        self.record(case.case_id, *finished)
        return FormFinished(printed)

    def _print(self, case: OpenCase) -> bool:
        page = application_form(
            case.particulars,
            case.identity_number,
            case.number,
            case.token,
            self.clock(),
            self.language(),
        )
        pdf = self.render(page)
        try:
            self.printer.use(lambda printer: printer.print_document(pdf, "application form"))
        except DeviceError as error:
            # The booth prints it; the visit goes on.
            logger.warning("no form was printed: %s", error)
            return False
        return True


def _was_missed(view: CaseView | None) -> bool:
    tag = view.tag if view is not None else None
    return tag is not None and tag.stage is Stage.KIOSK and tag.status is TagStatus.MISSED


def _log_missing(name: str, health: Health) -> None:
    logger.warning("%s is missing: %s %s", name, health.state, health.detail)


def _read(found: CardHolder | CardUnreadable) -> Event:
    if isinstance(found, CardUnreadable):
        return CardNotRead(found.problem)
    return CardRead(
        OldCard(
            identity_number=found.identity_number,
            surname=found.surname,
            given_names=found.given_names,
            chinese_name=found.chinese_name,
            sex=found.sex,
            date_of_birth=found.date_of_birth,
            fingers=found.fingers,
            portrait_jpeg=found.portrait_jpeg,
        )
    )


_OLD_CARD = InspectedDocument(
    document=SourceDocument.OLD_CARD,
    strength="strong",
    original=True,
    genuine=True,
    chip="verified",
)


def _attempted(ladder: FingerLadder) -> What:
    return BiometricsAttempted(attempts=Attempts.of(ladder))


def _holder_facts(case: OpenCase, proof: HolderProof) -> tuple[What, ...]:
    best = max(proof.taken, key=lambda finger: finger.score, default=None)
    identified = HolderIdentified(
        by=proof.by,
        finger_position=0 if best is None else best.position,
        score=round(proof.score, 2),
        card="verified",  # a chip that is not genuine lets nobody come so far
    )
    fingers = _enrolled(proof)
    enrolled = (FingersEnrolled(fingers=fingers),) if fingers else ()
    form = FormFilled(particulars=case.particulars)
    before = (NoticeGiven(notice=NOTICE, agreed=True), DocumentsInspected(documents=(_OLD_CARD,)))
    return (*before, _attempted(proof.ladder), identified, *enrolled, form)


def _enrolled(proof: HolderProof) -> tuple[EnrolledFinger, ...]:
    return tuple(
        EnrolledFinger(
            position=finger.position,
            quality=kept.template.quality,
            # The shapes take bytes as they travel.
            template=b64encode(fmr_2005.write(kept.template)),
            overridden=kept.overridden,
        )
        for finger in proof.taken
        for kept in finger.kept
    )
