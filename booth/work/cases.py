"""Queue, cases and work lists: what every duty asks of the backend and the journal."""

import base64
from typing import assert_never
from uuid import UUID

from booth.duties.assessment import Decide, DecisionKept
from booth.duties.counter import CardOut, FindCase, RecordProxy
from booth.duties.oversight import Count, Counted, Counts
from booth.duties.queueing import (
    CallNext,
    FindOpenCase,
    NobodyWaits,
    NoCaseOpen,
    QueueAct,
    QueueTask,
    QueueTold,
    TagCalled,
    TellQueue,
)
from booth.duties.registration import (
    AlreadySubmitted,
    CloseCase,
    Closed,
    KeepPortrait,
    PortraitKept,
    Submit,
    Submitted,
)
from booth.duties.second_officer import Confirm, Matter, SecondOfficerConfirmed
from booth.duties.shared import (
    CaseOpened,
    Failed,
    FetchWork,
    Note,
    OpenCase,
    Record,
    Recorded,
    SharedTask,
    WorkFetched,
)
from booth.work.issuing import settle_issue
from booth.work.tools import FLUSH_S, REFRESH_S, Tools
from common.domain.clock import office_day
from common.domain.identity_number import IdentityNumber
from common.domain.officer import MAY_CONFIRM
from common.domain.proxy import objection
from common.domain.queue import Stage
from common.journal.journal import Motion
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.facts import PhotographTaken, Witnessed
from common.wire.shapes import (
    CallRequest,
    CaseFind,
    CaseView,
    DecisionRequest,
    SignInRequest,
    SubmitAnswer,
    TagAction,
)

AT_DESK = "case_at_desk"
"""The motion that remembers which case this desk was serving."""

CaseTask = (
    QueueTask
    | SharedTask
    | KeepPortrait
    | Submit
    | CloseCase
    | Decide
    | FindCase
    | RecordProxy
    | Count
    | Confirm
)


def perform(tools: Tools, task: CaseTask) -> object:
    """Do one task and say what came of it; errors of the line travel on."""
    match task:
        case FindOpenCase(stage):
            return _find_open_case(tools, stage)
        case CallNext(stage):
            request = CallRequest(place=tools.station.config.place, stages=(stage,))
            tag = tools.station.client.call_next(request, tools.signed_in.token)
            return TagCalled(tag) if tag is not None else NobodyWaits()
        case TellQueue():
            return _tell_queue(tools, task)
        case Record(case_id, what):
            tools.station.record(case_id, what, officer=tools.signed_in)
            return Recorded()
        case OpenCase(case_id):
            return _opened(_find(tools, CaseFind(case_id=case_id)))
        case FetchWork(which):
            tools.station.exchange.flush(REFRESH_S)
            return WorkFetched(tools.station.client.work(which, tools.signed_in.token))
        case FindCase(typed):
            return _find_typed(tools, typed)
        case KeepPortrait(case, jpeg):
            taken = PhotographTaken(portrait=base64.b64encode(jpeg))
            tools.station.record(case.case_id, taken, officer=tools.signed_in)
            return PortraitKept(taken)
        case Submit(case, key):
            return _submit(tools, case, key)
        case CloseCase(case):
            settle_issue(tools)  # a card that was reserved and not taken is free again
            for motion in _at_desk(tools, case.case_id):
                tools.station.journal.ended(motion)
            return Closed()
        case Decide(case_id, decision, reason, key):
            request_ = DecisionRequest(decision=decision, reason=reason)
            tools.station.client.decide(case_id, request_, tools.signed_in.token, key)
            return DecisionKept(decision)
        case Count():
            return Counted(_counts(tools))
        case RecordProxy():
            return _record_proxy(tools, task)
        case Confirm():
            return _confirm(tools, task)
        case _:
            assert_never(task)


def remember(tools: Tools, case: CaseView, receipt: SubmitAnswer) -> None:
    """Write the receipt into the journal: no paper comes out before that."""
    known = receipt.model_dump(mode="json")
    motions = _at_desk(tools, case.case_id)
    for motion in motions:
        tools.station.journal.note(motion, receipt=known)
    if not motions:
        body = {"case_id": str(case.case_id), "stage": Stage.BOOTH, "receipt": known}
        tools.station.journal.intend(AT_DESK, body, tools.station.clock())


def _at_desk(tools: Tools, case_id: UUID | None = None) -> list[Motion]:
    return [
        motion
        for motion in tools.station.journal.open_motions()
        if motion.kind == AT_DESK and case_id in (None, UUID(motion.body["case_id"]))
    ]


def _find(tools: Tools, by: CaseFind) -> CaseView | None:
    tools.station.exchange.flush(REFRESH_S)
    return tools.station.client.find_case(by)


def _opened(case: CaseView | None) -> object:
    return CaseOpened(case) if case is not None else Failed(Note.NO_SUCH_CASE)


def _find_open_case(tools: Tools, stage: Stage) -> object:
    if stage is Stage.COUNTER and (unsettled := settle_issue(tools)) is not None:
        case = _find(tools, CaseFind(case_id=unsettled.case_id))
        return CardOut(case, unsettled.slot) if case is not None else Failed(Note.NO_SUCH_CASE)
    for motion in _at_desk(tools):
        if motion.body["stage"] != stage:
            continue
        case = _find(tools, CaseFind(case_id=UUID(motion.body["case_id"])))
        if case is None:
            tools.station.journal.ended(motion)
        elif stage is Stage.BOOTH and (receipt := _receipt_of(case)) is not None:
            return AlreadySubmitted(case, receipt)
        else:
            return CaseOpened(case)
    return NoCaseOpen()


def _receipt_of(case: CaseView) -> SubmitAnswer | None:
    if case.receipt_number is None or case.receipt_token is None or case.ready_on is None:
        return None
    return SubmitAnswer(
        receipt_number=case.receipt_number,
        receipt_token=case.receipt_token,
        ready_on=case.ready_on,
    )


def _tell_queue(tools: Tools, task: TellQueue) -> object:
    client, token = tools.station.client, tools.signed_in.token
    action = TagAction(tag_token=task.tag.token, place=tools.station.config.place)
    match task.act:
        case QueueAct.RECALL:
            client.recall(action, token)
            return QueueTold()
        case QueueAct.MISS:
            client.miss(action, token)
            return QueueTold()
        case QueueAct.ARRIVE:
            client.arrive(action, token)
            case = _find(tools, CaseFind(case_id=task.tag.case_id))
            if case is None:
                return Failed(Note.NO_SUCH_CASE)
            _note_at_desk(tools, case, task.stage)
            return CaseOpened(case)


def _note_at_desk(tools: Tools, case: CaseView, stage: Stage) -> None:
    for motion in _at_desk(tools):
        if motion.body["stage"] == stage:
            tools.station.journal.ended(motion)
    body = {"case_id": str(case.case_id), "stage": stage}
    tools.station.journal.intend(AT_DESK, body, tools.station.clock())


def _find_typed(tools: Tools, typed: str) -> object:
    """Try it as an identity number, then as a receipt number, then as a receipt's code."""
    plain = typed.strip()
    case: CaseView | None = None
    try:
        number = IdentityNumber.parse(plain)
        case = _find(tools, CaseFind(identity_number=str(number)))
    except ValueError:
        rows = tools.station.client.work("stored", tools.signed_in.token)
        fitting = [row for row in rows if row.receipt_number.upper() == plain.upper()]
        try:
            by = CaseFind(case_id=fitting[0].case_id) if fitting else CaseFind(receipt_token=plain)
        except ValueError:
            return Failed(Note.NUMBER_WRONG)
        case = _find(tools, by)
    if case is not None:
        _note_at_desk(tools, case, Stage.COUNTER)
    return _opened(case)


def _submit(tools: Tools, case: CaseView, key: UUID) -> object:
    if not tools.station.exchange.flush(FLUSH_S):
        return Failed(Note.NOT_SENT)
    receipt = tools.station.client.submit(case.case_id, tools.signed_in.token, key)
    remember(tools, case, receipt)
    return Submitted(receipt)


def _record_proxy(tools: Tools, task: RecordProxy) -> object:
    """Ask what the centre asks, here: the officer hears it while the person stands there."""
    proxy = task.what.proof.proxy if task.what.proof else None
    if proxy is not None:
        born, enrolled = task.case.particulars.date_of_birth, "enrolled" in task.case.done
        day = office_day(tools.station.clock())
        against = objection(proxy.paper, born, enrolled=enrolled, day=day)
        if against is not None:
            return Failed(Note(against.value))
    tools.station.record(task.case.case_id, task.what, officer=tools.signed_in)
    return Recorded()


def _confirm(tools: Tools, task: Confirm) -> object:
    """Let a second officer sign in, confirm what was shown, and sign out again."""
    request = SignInRequest(officer_id=task.officer_id, password=task.password)
    second = tools.station.client.sign_in(request)
    try:
        if second.officer_id == tools.signed_in.officer_id:
            return Failed(Note.SAME_OFFICER)
        if not MAY_CONFIRM & set(second.roles):
            return Failed(Note.NOT_ALLOWED)
        seen = _digest_of(task.case, task.of)
        if seen is None:
            return Failed(Note.CHANGED_MEANWHILE)
        confirmed = Witnessed(of=task.of, seen=seen)
        tools.station.record(task.case.case_id, confirmed, officer=second)
        if not tools.station.exchange.flush(FLUSH_S):
            return Failed(Note.NOT_SENT)
        case = tools.station.client.find_case(CaseFind(case_id=task.case.case_id))
    finally:
        tools.station.client.sign_out(second.token)
    if case is None or _second_of(case, task.of) != second.officer_id:
        return Failed(Note.NOT_CONFIRMED)
    return SecondOfficerConfirmed(case)


def _digest_of(case: CaseView, of: Matter) -> str | None:
    if of == "exceptions":
        return case.exceptions.digest(case.case_id) if case.exceptions else None
    proof = case.recipient.proof if case.recipient else None
    return proof.digest(case.case_id) if proof else None


def _second_of(case: CaseView, of: Matter) -> str | None:
    if of == "exceptions":
        return case.exceptions_confirmed_by
    return case.recipient.confirmed_by if case.recipient else None


def _counts(tools: Tools) -> Counts:
    journal = tools.station.journal
    return Counts(
        journal.count_waiting(),
        journal.count_refused(),
        *(_length(tools, which) for which in ("submitted", "approved", "stored")),
    )


def _length(tools: Tools, which: str) -> int | None:
    try:
        return len(tools.station.client.work(which, tools.signed_in.token))
    except (BackendUnreachableError, RefusedError):
        return None
