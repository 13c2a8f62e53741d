"""Carries out what the registration kiosk's flow asks for, with devices, journal and backend."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any, Protocol, assert_never
from uuid import UUID

from common.domain.clock import office_day
from common.domain.language import Language
from common.domain.portrait import PortraitRule
from common.equipment.cards import CardDesk, CardHolder, CardUnreadable
from common.equipment.faces import FaceDesk
from common.equipment.fingers import FingerDesk
from common.equipment.portraits import NoFaceError, PortraitJudge
from common.flow.machine import Stay
from common.matching.face_engine import FaceVerdict
from common.wire.facts import FormFilled, FormPrinted, HandedOff, RegistrationFinished, What
from common.wire.shapes import TagView
from hardware.camera.interface import Pixels
from hardware.core.device import DeviceState, Health
from hardware.core.errors import DeviceError, DeviceTimeoutError, RequestCancelledError
from hardware.core.keeper import Keeper
from hardware.printer.interface import FormPrinter
from hardware.signature_pad.interface import SignaturePad
from hardware.signature_pad.rendering import signature_png
from hardware.smartcard.interface import CardPosition
from kiosk_registration import events as e
from kiosk_registration import tasks as t
from kiosk_registration.contact_desk import ContactDesk
from kiosk_registration.holder_facts import attempted, holder_facts
from kiosk_registration.papers import application_form
from kiosk_registration.queue_desk import LOOK_S, RETRY_S, QueueDesk
from kiosk_registration.words import Offer, OldCard, OpenCase, Shot

logger = logging.getLogger(__name__)

VISITOR_S = 60.0
CARD_TAKEN_S = 30.0
SENT_S = 3.0
JUDGE_EVERY_S = 0.7
SIGNATURE_DPI = 150
NEEDED = frozenset({DeviceState.ONLINE, DeviceState.BUSY})


class Recorder(Protocol):
    """Writes facts into the journal; they are on the disk when it returns."""

    def __call__(self, case_id: UUID, *whats: What) -> None:
        """Record what happened to a case."""
        ...


def lane(task: t.Task) -> str:
    """Name the worker of a task: one for each device, one for the backend, one for time."""
    match task:
        case (
            t.CallNext()
            | t.CallAgain()
            | t.MissTag()
            | t.LeaveTag()
            | t.OpenCaseOf()
            | t.AskAboutCard()
            | t.FetchOffices()
            | t.SendCode()
            | t.CheckCode()
        ):
            return "backend"
        case t.WatchForTag() | t.CheckFace() | t.WatchFace() | t.TakePortrait():
            return "camera"
        case t.CheckFinger() | t.CaptureFinger():
            return "finger_scanner"
        case t.SaveHolder() | t.SaveForm() | t.FinishForm() | t.SaveHandOff() | t.Record():
            return "journal"
        case t.TakeSignature():
            return "signature_pad"
        case t.AwaitVisitor() | t.ShowFor():
            return "time"
        case (
            t.LookAtDevices()
            | t.AwaitCard()
            | t.ReadCard()
            | t.GiveCardBack()
            | t.FreeCard()
            | t.AwaitCardTaken()
        ):
            return "card_unit"
        case _:
            assert_never(task)


@dataclass(frozen=True)
class RegistrationDesk:
    """What a registration kiosk has to work with.

    Attributes:
        needed: The devices nobody can do without when a visit begins.
        judge: What checks portraits; None where the booth takes them.
        pad: None where people sign at the booth.
        flush: Sends what the journal holds, for so many seconds; tells whether all is sent.
    """

    queue: QueueDesk
    contact: ContactDesk
    needed: Sequence[Keeper[Any]]
    cards: CardDesk
    fingers: FingerDesk
    faces: FaceDesk
    printer: Keeper[FormPrinter]
    record: Recorder
    flush: Callable[[float], bool]
    render: Callable[[str], bytes]
    clock: Callable[[], datetime]
    language: Callable[[], Language]
    judge: PortraitJudge | None = None
    pad: Keeper[SignaturePad] | None = None

    def perform(self, task: t.Task, stay: Stay) -> e.Event | None:
        """Do one task and say what came of it."""
        match lane(task):
            case "backend":
                return self._ask_office(task, stay)
            case "card_unit":
                return self._move_card(task, stay)
            case "journal":
                return self._keep(task)
            case _:
                return self._meet_person(task, stay)

    def _ask_office(self, task: t.Task, stay: Stay) -> e.Event | None:
        match task:
            case t.CallNext():
                return self.queue.call_next(stay)
            case t.CallAgain(tag):
                return self.queue.call_again(tag)
            case t.MissTag(TagView(token=token)) | t.LeaveTag(token):
                self.queue.miss(token)
                return None
            case t.OpenCaseOf(token):
                return self._with_offers(self.queue.open_case(token))
            case t.AskAboutCard():
                return self.contact.look_at_card(task)
            case t.FetchOffices():
                return self.contact.offices()
            case t.SendCode(case_id, contact):
                return self.contact.send_code(case_id, contact)
            case t.CheckCode(case_id, contact, code):
                return self.contact.check_code(case_id, contact, code)
            case _:
                raise _stray(task)

    def _move_card(self, task: t.Task, stay: Stay) -> e.Event | None:
        match task:
            case t.LookAtDevices():
                return self._look_at_devices()
            case t.AwaitCard():
                return self._await_card(stay)
            case t.ReadCard():
                return _read(self.cards.read_holder())
            case t.GiveCardBack():
                return self._give_card_back()
            case t.FreeCard():
                return self._free_card(stay)
            case t.AwaitCardTaken():
                return self._await_card_taken(stay)
            case _:
                raise _stray(task)

    def _keep(self, task: t.Task) -> e.Event | None:
        match task:
            case t.SaveHolder(case, proof):
                self.record(case.case_id, *holder_facts(case, proof))
                return e.HolderSaved()
            case t.SaveForm(case_id, particulars):
                self.record(case_id, FormFilled(particulars=particulars))
                return None
            case t.Record(case_id, what):
                self.record(case_id, what)
                return None
            case t.FinishForm(case, on_paper):
                return self._finish_form(case, on_paper)
            case t.SaveHandOff(case_id, reason, ladder):
                tried = () if ladder is None else (attempted(ladder),)
                self.record(case_id, *tried, HandedOff(reason=reason))
                return e.HandOffSaved()
            case _:
                raise _stray(task)

    def _meet_person(self, task: t.Task, stay: Stay) -> e.Event | None:
        match task:
            case t.WatchForTag():
                return self.queue.watch_for_tag(stay)
            case t.AwaitVisitor():
                return e.NobodyCame() if not stay.left.wait(VISITOR_S) else None
            case t.ShowFor(seconds):
                stay.left.wait(seconds)
                return e.ReadLongEnough()
            case t.CheckFinger():
                return self._check_finger(task, stay)
            case t.CaptureFinger():
                return self._capture_finger(task, stay)
            case t.CheckFace(portrait_jpeg):
                return self._check_face(portrait_jpeg, stay)
            case t.WatchFace():
                return self._watch_face(stay)
            case t.TakePortrait():
                return self._take_portrait(stay)
            case t.TakeSignature():
                return self._take_signature(stay)
            case _:
                raise _stray(task)

    def _with_offers(self, event: e.Event) -> e.Event:
        """Tell the flow what this kiosk has, as it stands now."""
        if not isinstance(event, e.CaseOpened):
            return event
        has = {
            Offer.PHOTOGRAPH: self.judge is not None,
            Offer.SIGNATURE_PAD: self.pad is not None and _answers(self.pad),
            Offer.PRINTER: _answers(self.printer),
        }
        offers = frozenset(offer for offer in event.case.offers if has[offer])
        case = replace(event.case, offers=offers, today=office_day(self.clock()))
        return e.CaseOpened(case)

    # The card

    def _look_at_devices(self) -> e.Event:
        for keeper in self.needed:
            health = keeper.health()
            if health.state not in NEEDED:
                _log_missing(keeper.name, health)
                return e.DeviceMissing()
        try:
            position = self.cards.position()
        except DeviceError as error:
            logger.warning("no card unit: %s", error)
            return e.DeviceMissing()
        return e.ReadyToServe() if position is CardPosition.NONE else e.CardFoundInside()

    def _await_card(self, stay: Stay) -> e.Event | None:
        while not stay.left.is_set():
            try:
                # A card that was drawn in while the visit moved on still lies inside.
                if self.cards.position() is CardPosition.INSIDE:
                    return e.CardInserted()
                if self.cards.wait_for_card(LOOK_S, stay.left):
                    return e.CardInserted()
            except RequestCancelledError:
                return None
        return None

    def _give_card_back(self) -> e.Event:
        self.cards.give_back()
        return e.CardTaken() if self.cards.position() is CardPosition.NONE else e.CardAtGate()

    def _free_card(self, stay: Stay) -> e.Event | None:
        """Staff may clear the unit by hand meanwhile, so the sensors are asked each time."""
        while not stay.left.wait(RETRY_S):
            try:
                return self._give_card_back()
            except DeviceError as error:
                logger.warning("the card does not come out: %s", error)
        return None

    def _await_card_taken(self, stay: Stay) -> e.Event | None:
        try:
            taken = self.cards.wait_taken(CARD_TAKEN_S, stay.left)
        except RequestCancelledError:
            return None
        if taken:
            return e.CardTaken()
        logger.warning("a card waits at the gate: staff are needed")
        return e.CardNotTaken()

    # The person

    def _check_finger(self, task: t.CheckFinger, stay: Stay) -> e.Event:
        if task.is_first:
            self.fingers.begin()
        found = self.fingers.check(task.fingers, task.position, stay.left)
        if found.matched and found.template is not None:
            return e.FingerMatched(found.template, found.score, found.used_s)
        return e.FingerNotMatched(found.advice, found.quality, found.score, found.used_s)

    def _check_face(self, portrait_jpeg: bytes, stay: Stay) -> e.Event | None:
        try:
            found = self.faces.check(portrait_jpeg, stay.left)
        except RequestCancelledError:
            return None
        if found.verdict is FaceVerdict.ACCEPT:
            return e.FaceAccepted(found.score)
        return e.FaceNotAccepted("no_face" if found.verdict is FaceVerdict.NO_FACE else "unlike")

    def _capture_finger(self, task: t.CaptureFinger, stay: Stay) -> e.Event:
        taken = self.fingers.take(task.position, task.earlier, task.known, stay.left)
        if taken.capture is None:
            return e.FingerNotCaptured(taken.advice, taken.used_s)
        return e.FingerCaptured(taken.capture, taken.advice, taken.used_s)

    # The portrait and the signature

    def _watch_face(self, stay: Stay) -> e.Event | None:
        """Show every picture; judge one now and then, and tell what is wrong with it first."""
        judge, next_look = self._portraits(), monotonic()
        with suppress(RequestCancelledError):
            while not stay.left.is_set():
                pixels = self.faces.take(stay.left)
                if monotonic() >= next_look:
                    stay.tell(_hint(judge, pixels))
                    next_look = monotonic() + JUDGE_EVERY_S
        return None

    def _take_portrait(self, stay: Stay) -> e.Event | None:
        try:
            taken = self._portraits().judge(self.faces.take(stay.left))
        except NoFaceError:
            return e.ShotMissed()
        except RequestCancelledError:
            return None
        return e.ShotTaken(Shot(taken.jpeg, tuple(one.rule for one in taken.findings)))

    def _portraits(self) -> PortraitJudge:
        if self.judge is None:
            raise LookupError("this kiosk takes no portraits")
        return self.judge

    def _take_signature(self, stay: Stay) -> e.Event | None:
        if self.pad is None:
            raise LookupError("this kiosk has no signature pad")
        return self.pad.use(lambda pad: _signed(pad, stay))

    # The form

    def _finish_form(self, case: OpenCase, on_paper: bool) -> e.Event:
        printed = "form_printed" in case.done or (on_paper and self._print(case))
        finished: tuple[What, ...] = (RegistrationFinished(),)
        if printed and "form_printed" not in case.done:
            finished = (FormPrinted(), *finished)
        self.record(case.case_id, *finished)
        return e.FormFinished(printed, self.flush(SENT_S))

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


def _stray(task: t.Task) -> AssertionError:
    return AssertionError(f"{type(task).__name__} has another lane")


def _answers(keeper: Keeper[Any]) -> bool:
    return keeper.health().state in NEEDED


def _hint(judge: PortraitJudge, pixels: Pixels) -> e.FaceHint:
    try:
        findings = judge.judge(pixels).findings
    except NoFaceError:
        return e.FaceHint(PortraitRule.ONE_FACE)
    return e.FaceHint(findings[0].rule if findings else None)


def _signed(pad: SignaturePad, stay: Stay) -> e.Event | None:
    """Wait as long as it takes; whatever comes of it, no ink stays on the pad."""
    pad.begin(None)
    try:
        while not stay.left.is_set():
            with suppress(DeviceTimeoutError):
                signature = pad.wait_for_signature(LOOK_S, stay.left)
                return e.SignatureTaken(signature_png(signature, SIGNATURE_DPI))
    except RequestCancelledError:
        return None
    finally:
        pad.clear()
    return None


def _log_missing(name: str, health: Health) -> None:
    logger.warning("%s is missing: %s %s", name, health.state, health.detail)


def _read(found: CardHolder | CardUnreadable) -> e.Event:
    if isinstance(found, CardUnreadable):
        return e.CardNotRead(found.problem)
    return e.CardRead(
        OldCard(
            identity_number=found.identity_number,
            surname=found.surname,
            given_names=found.given_names,
            chinese_name=found.chinese_name,
            sex=found.sex,
            date_of_birth=found.date_of_birth,
            fingers=found.fingers,
            portrait_jpeg=found.portrait_jpeg,
            chip_serial=found.chip_serial,
        )
    )
