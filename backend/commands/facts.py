"""Takes in what stations report: each fact once, into the ledger and into the case."""

import hashlib
from typing import Any, assert_never

from sqlalchemy import Row, insert, select

from backend.commands import cases, custody, evidence, queue
from backend.commands.station import Officer, Station
from backend.commands.tag_rows import latest_tag
from backend.commands.tags import make_tag
from backend.keys import SealError
from backend.schema.tables import ledger, payloads, refused_facts
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState
from common.domain.queue import HandOffReason, Service, Stage
from common.wire.facts import (
    BiometricsAttempted,
    CardMoved,
    Fact,
    FactReceipt,
    FactsAnswer,
    FactsRequest,
    FingersEnrolled,
    FingersExcepted,
    FormFilled,
    FormPrinted,
    HandedOff,
    HolderIdentified,
    OldDocumentCaptured,
    ParticularsConfirmed,
    PhotographTaken,
    RegistrationFinished,
    TwinFlagged,
    Witnessed,
)
from common.wire.shapes import Particulars

_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_LIVE_STAGES = (Stage.FORM, Stage.KIOSK, Stage.BOOTH, Stage.COUNTER)


def accept_all(
    transaction: Transaction, station: Station, officer: Officer | None, request: FactsRequest
) -> FactsAnswer:
    """Take facts in the order in which they happened; one that is refused stops no other."""
    return FactsAnswer(
        receipts=tuple(accept(transaction, station, officer, fact) for fact in request.facts)
    )


def accept(
    transaction: Transaction, station: Station, officer: Officer | None, fact: Fact
) -> FactReceipt:
    """Take one fact and say what became of it."""
    payload = fact.what.model_dump_json().encode()
    known = _known(transaction, fact, payload)
    if known is not None:
        return known
    try:
        with transaction.attempt():
            case = _check(transaction, station, officer, fact)
            _apply(transaction, station, officer, case, fact)
            number = transaction.record_fact(
                fact.id,
                fact.what.kind,
                str(fact.case_id),
                fact.station,
                fact.officer,
                fact.at,
                fact.schema_version,
                payload,
            )
    except Refusal as refusal:
        reason = f"{refusal.problem} {refusal.detail}".strip()[:200]
        _keep_aside(transaction, station, fact, payload, reason)
        return FactReceipt(id=fact.id, outcome="refused", reason=reason)
    return FactReceipt(id=fact.id, outcome="accepted", ledger_number=number)


def _known(transaction: Transaction, fact: Fact, payload: bytes) -> FactReceipt | None:
    fact_id = str(fact.id)
    row = transaction.connection.execute(
        select(ledger.c.number, ledger.c.case_id, payloads.c.sealed)
        .join(payloads, payloads.c.fact_id == ledger.c.fact_id)
        .where(ledger.c.fact_id == fact_id)
    ).one_or_none()
    if row is not None:
        if not _same(transaction, row, fact, payload):
            return FactReceipt(id=fact.id, outcome="refused", reason="id_reused")
        return FactReceipt(id=fact.id, outcome="duplicate", ledger_number=row.number)
    reason = transaction.connection.execute(
        select(refused_facts.c.reason).where(refused_facts.c.fact_id == fact_id)
    ).scalar_one_or_none()
    if reason is not None:
        return FactReceipt(id=fact.id, outcome="refused", reason=reason)
    return None


def _same(transaction: Transaction, row: Row[Any, Any, Any], fact: Fact, payload: bytes) -> bool:
    try:
        kept = transaction.unseal(row.case_id, row.sealed, f"fact {fact.id}")
    except SealError:
        # Erased since; there is nothing left to compare, and nothing to do again.
        return True
    return row.case_id == str(fact.case_id) and kept == payload


def _check(
    transaction: Transaction, station: Station, officer: Officer | None, fact: Fact
) -> Row[Any]:
    # First, because the time goes into every record that is kept of the fact.
    if fact.at.tzinfo is None or not _FIRST_YEAR <= fact.at.year <= _LAST_YEAR:
        raise Refusal(422, "time_wrong")
    if fact.station != station.name:
        raise Refusal(403, "other_station")
    # A station's key alone cannot speak for an officer.
    if fact.officer is not None and (officer is None or officer.officer_id != fact.officer):
        raise Refusal(403, "officer_unproven")
    case = cases.load(transaction, str(fact.case_id))
    if case.office != station.office:
        raise Refusal(404, "other_office")
    return case


def _keep_aside(
    transaction: Transaction, station: Station, fact: Fact, payload: bytes, reason: str
) -> None:
    subject = str(fact.case_id)
    transaction.connection.execute(
        insert(refused_facts).values(
            fact_id=str(fact.id),
            kind=fact.what.kind,
            case_id=subject,
            station=station.name,
            officer=fact.officer,
            at=transaction.now if reason == "time_wrong" else fact.at,
            received_at=transaction.now,
            reason=reason,
            payload_hash=hashlib.sha256(payload).digest(),
            sealed=transaction.seal(subject, payload, f"refused {fact.id}"),
        )
    )


def _apply(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    case: Row[Any],
    fact: Fact,
) -> None:
    case_id = case.case_id
    match fact.what:
        case FormFilled(particulars=particulars):
            _fill_form(transaction, case, particulars)
        case ParticularsConfirmed(particulars=particulars):
            filled = _fill_form(transaction, case, particulars)
            _mark(transaction, filled, "particulars_confirmed")
        case HolderIdentified() as identified:
            _identify(transaction, station, case, fact, identified)
        case BiometricsAttempted(attempts=attempts):
            sealed = evidence.seal(transaction, case_id, "attempts", attempts)
            done = cases.marked(case, "attempted")
            cases.change(transaction, case, attempts=sealed, done=done)
        case FingersExcepted() as what:
            _refuse_submitted(case)
            cases.change(transaction, case, **evidence.excepted(transaction, case, fact, what))
        case Witnessed() as seen:
            if seen.of == "exceptions":
                _refuse_submitted(case)
            cases.change(transaction, case, **evidence.witnessed(transaction, case, officer, seen))
        case TwinFlagged(twin=twin):
            _refuse_submitted(case)
            cases.change(transaction, case, twin=int(twin))
        case FingersEnrolled(fingers=fingers):
            _refuse_submitted(case)
            cases.change(
                transaction,
                case,
                fingers=cases.seal_fingers(transaction, case_id, fingers),
                done=cases.marked(case, "enrolled"),
            )
        case FormPrinted():
            _mark(transaction, case, "form_printed")
        case RegistrationFinished():
            _refuse_submitted(case)
            cases.change(
                transaction,
                case,
                state=cases.progressed(case, CaseState.REGISTERED),
                done=cases.marked(case, "registered"),
            )
            queue.move_on(transaction, case_id, (Stage.FORM, Stage.KIOSK), Stage.BOOTH)
        case HandedOff(reason=reason):
            _hand_off(transaction, station, case, reason)
        case PhotographTaken(portrait=portrait):
            _refuse_submitted(case)
            cases.change(
                transaction,
                case,
                portrait=transaction.seal(case_id, portrait, "portrait"),
                state=cases.progressed(case, CaseState.PHOTOGRAPHED),
                done=cases.marked(case, "photographed"),
                captured_by=fact.officer,
            )
        case CardMoved() as moved:
            custody.move(transaction, station, case, moved, fact.officer, fact.at)
        case OldDocumentCaptured():
            _mark(transaction, case, "old_document_captured")
        case _:
            assert_never(fact.what)


def _identify(
    transaction: Transaction, station: Station, case: Row[Any], fact: Fact, what: HolderIdentified
) -> None:
    """Before submission it is who applies, afterwards who comes for the card."""
    if cases.is_submitted(case):
        came = evidence.identified(transaction, station, case, fact, what)
        cases.change(transaction, case, **came)
        return
    done = cases.marked(case, "identified")
    cases.change(transaction, case, identified_by=what.by, done=done)


def _refuse_submitted(case: Row[Any]) -> None:
    # What an officer has submitted is evidence; nothing replaces it afterwards.
    if cases.is_submitted(case):
        raise Refusal(409, "already_submitted")


def _mark(transaction: Transaction, case: Row[Any], mark: str) -> None:
    cases.change(transaction, case, done=cases.marked(case, mark))


def _fill_form(transaction: Transaction, case: Row[Any], particulars: Particulars) -> Row[Any]:
    _refuse_submitted(case)
    sealed = cases.seal_particulars(transaction, case.case_id, particulars)
    values: dict[str, Any] = {"particulars": sealed}
    complete = not particulars.missing()
    if complete:
        values["state"] = cases.progressed(case, CaseState.FORM_DONE)
        values["done"] = cases.marked(case, "form_done")
    changed = cases.change(transaction, case, **values)
    if complete:
        queue.move_on(transaction, case.case_id, (Stage.FORM,), Stage.KIOSK)
    return changed


def _hand_off(
    transaction: Transaction, station: Station, case: Row[Any], reason: HandOffReason
) -> None:
    case = cases.change(transaction, case, hand_off=reason)
    if station.kind == "booth":
        # The officer excuses what could not be done, and the person stays where they are.
        return
    to_counter = station.kind == "collection" or cases.is_submitted(case)
    stage = Stage.COUNTER if to_counter else Stage.BOOTH
    tag = latest_tag(transaction, case.case_id)
    lives = tag is not None and tag.stage != Stage.DONE
    if lives and tag is not None and tag.day == transaction.today.isoformat():
        queue.move_on(transaction, case.case_id, _LIVE_STAGES, stage)
    else:
        make_tag(transaction, station, case, Service.ASSISTED, stage)
