"""Gives every task of the desk to whoever can do it, and names what went wrong."""

import base64
import logging
from typing import assert_never

from booth.desk import Line, LineSeen, LookAtLine, Task
from booth.duties.assessment import Decide
from booth.duties.counter import (
    AwaitTakenOut,
    BinFaultyCard,
    CheckCard,
    FindCase,
    IssueCard,
    PutBack,
    RecordProxy,
    ReserveCard,
)
from booth.duties.fingers import HandTaken, ShowHand, TakeHand
from booth.duties.officer_cards import (
    AwaitCardTaken,
    AwaitOfficerCard,
    BindCard,
    GiveCardBack,
    ListCards,
    RevokeCard,
)
from booth.duties.oversight import Count
from booth.duties.production import (
    AwaitPut,
    BinCard,
    FeedBlank,
    GiveOut,
    GiveUpSlot,
    OpenSlot,
    PresentCard,
    ReadFinishedCard,
    Settle,
    VerifyChip,
    WriteChip,
)
from booth.duties.queueing import CallNext, FindOpenCase, TellQueue
from booth.duties.registration import (
    CloseCase,
    KeepPortrait,
    PaperPrinted,
    PrintPaper,
    Shot,
    ShotTaken,
    ShowCamera,
    Submit,
    TakeShot,
)
from booth.duties.second_officer import Confirm
from booth.duties.shared import Failed, FetchWork, Note, OpenCase, Record
from booth.duties.taking import CaptureFinger, FingerCaptured
from booth.duties.watching import Watch
from booth.papers import paper_for
from booth.work import cases, issuing, making, supervising
from booth.work.tools import NobodySignedInError, Tools, note_of_fault, note_of_refusal
from common.domain.finger_ladder import FINGER_WORK_S
from common.equipment.portraits import NoFaceError
from common.flow.machine import Stay
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.evidence import HandPhotograph
from hardware.core.errors import DeviceError, DeviceFaultError, RequestCancelledError

logger = logging.getLogger(__name__)

SHOT_S = 3.0


def lane(task: Task) -> str:
    """Name the worker of a task: one for each device, one for the line to the centre."""
    match task:
        case ShowCamera() | ShowHand():
            return "camera"
        case TakeShot() | TakeHand():
            return "shutter"
        case CaptureFinger():
            return "finger_scanner"
        case PrintPaper():
            return "form_printer"
        case (
            Settle()
            | FeedBlank()
            | WriteChip()
            | VerifyChip()
            | BinCard()
            | PresentCard()
            | GiveOut()
            | ReadFinishedCard()
            | CheckCard()
            | BinFaultyCard()
            | GiveCardBack()
            | AwaitCardTaken()
            | AwaitOfficerCard()
            | BindCard()
        ):
            return "card_unit"
        case OpenSlot() | AwaitPut() | GiveUpSlot() | ReserveCard() | AwaitTakenOut() | PutBack():
            return "cabinet"
        case LookAtLine():
            return "line"
        case (
            FindOpenCase()
            | CallNext()
            | TellQueue()
            | Record()
            | OpenCase()
            | FetchWork()
            | FindCase()
            | RecordProxy()
            | KeepPortrait()
            | Submit()
            | CloseCase()
            | Decide()
            | Count()
            | IssueCard()
            | Confirm()
            | ListCards()
            | RevokeCard()
            | Watch()
        ):
            return "backend"
        case _:
            assert_never(task)


def line_of(tools: Tools) -> Line:
    """See how the line to the centre is."""
    station = tools.station
    return Line(
        waiting=station.journal.count_waiting(),
        refused=station.journal.count_refused(),
        online=station.exchange.online,
    )


def perform(tools: Tools, task: Task, stay: Stay) -> object | None:
    """Do one task. What goes wrong comes back as Failed, in the desk's words."""
    try:
        return _do(tools, task, stay)
    except RequestCancelledError:
        return None
    except BackendUnreachableError as error:
        logger.warning("no answer for %s: %s", type(task).__name__, error)
        return Failed(Note.UNREACHABLE)
    except RefusedError as refusal:
        logger.warning("%s was refused: %s", type(task).__name__, refusal.problem)
        return Failed(note_of_refusal(refusal))
    except DeviceError as error:
        logger.warning("%s failed: %s", type(task).__name__, error)
        return Failed(_note_at(lane(task), error))
    except NobodySignedInError:
        return Failed(Note.SESSION_ENDED)


def _note_at(device: str, error: DeviceError) -> Note:
    note = note_of_fault(error)
    if device == "cabinet" and note is Note.CARD_JAMMED:
        return Note.SLOT_STUCK
    if device == "form_printer" and isinstance(error, DeviceFaultError):
        return Note.PRINTER_FAILED
    return note


def _do(tools: Tools, task: Task, stay: Stay) -> object | None:
    match task:
        case LookAtLine():
            return LineSeen(line_of(tools))
        case ShowCamera():
            tools.portraits.watch(tools.show, stay.left)
            return None
        case TakeShot():
            return _take_shot(tools, stay)
        case CaptureFinger():
            return _capture_finger(tools, task, stay)
        case ShowHand():
            tools.portraits.watch(tools.hands.watching(tools.show), stay.left)
            return None
        case TakeHand(hand):
            picture = tools.hands.take(SHOT_S, stay.left)
            return HandTaken(HandPhotograph(hand=hand, picture=base64.b64encode(picture)))
        case PrintPaper(case, receipt):
            cases.remember(tools, case, receipt)
            pdf = tools.render_pdf(paper_for(case, receipt))
            tools.form_printer.use(
                lambda printer: printer.print_document(pdf, "receipt", cancelled=stay.left)
            )
            return PaperPrinted()
        case (
            Settle()
            | FeedBlank()
            | WriteChip()
            | VerifyChip()
            | BinCard()
            | PresentCard()
            | GiveOut()
            | ReadFinishedCard()
            | OpenSlot()
            | AwaitPut()
            | GiveUpSlot()
        ):
            return making.perform(tools, task, stay)
        case (
            CheckCard()
            | BinFaultyCard()
            | ReserveCard()
            | AwaitTakenOut()
            | PutBack()
            | IssueCard()
        ):
            return issuing.perform(tools, task, stay)
        case (
            GiveCardBack()
            | AwaitCardTaken()
            | AwaitOfficerCard()
            | BindCard()
            | ListCards()
            | RevokeCard()
            | Watch()
        ):
            return supervising.perform(tools, task, stay)
        case _:
            return cases.perform(tools, task)


def _capture_finger(tools: Tools, task: CaptureFinger, stay: Stay) -> object:
    if tools.fingers is None:
        return Failed(Note.NO_SCANNER)
    if task.is_first:
        tools.fingers.begin()
    taken = tools.fingers.take(task.position, task.earlier, None, stay.left)
    return FingerCaptured(taken.capture, taken.advice, taken.used_s >= FINGER_WORK_S)


def _take_shot(tools: Tools, stay: Stay) -> object:
    try:
        photograph = tools.portraits.take(SHOT_S, stay.left)
    except NoFaceError:
        return Failed(Note.NO_FACE)
    except DeviceError as error:
        if isinstance(error, RequestCancelledError):
            raise
        return Failed(Note.NO_PICTURE)
    return ShotTaken(Shot(photograph.jpeg, photograph.findings))
