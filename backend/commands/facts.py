"""Takes in what stations report: each fact once, into the ledger and into the case."""

import hashlib
from typing import Any, assert_never

from sqlalchemy import Row, bindparam, insert, select

from backend.commands import (
    card_moves,
    cases,
    contacts,
    documents,
    evidence,
    issuance,
    offline_tags,
    photographs,
    queue,
    recipients,
)
from backend.commands.contacts import Consent
from backend.commands.station import Officer, Station
from backend.commands.tag_rows import latest_tag
from backend.commands.tags import make_tag
from backend.keys import SealError
from backend.schema.tables import ledger, payloads, refused_facts
from backend.transaction import Refusal, Transaction
from common.domain.case import CaseState
from common.domain.clock import office_day
from common.domain.notice import Channel
from common.domain.queue import HandOffReason, Service, Stage
from common.wire.facts import (
    BiometricsAttempted,
    CardMoved,
    CollectionOfficeChosen,
    ContactConsented,
    DocumentMoved,
    DocumentsInspected,
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
    LatenessDeclared,
    NoticeGiven,
    OldDocumentCaptured,
    ParticularsConfirmed,
    PhotographApproved,
    PhotographTaken,
    RegistrationFinished,
    SignatureGiven,
    TagIssuedOffline,
    TwinFlagged,
    Witnessed,
)
from common.wire.shapes import Particulars

_ASKING_FOR_CONTACTS = ("bench", "registration", "booth")
Collected = (
    FingersExcepted
    | FingersEnrolled
    | DocumentsInspected
    | NoticeGiven
    | TwinFlagged
    | PhotographTaken
    | PhotographApproved
    | CollectionOfficeChosen
    | SignatureGiven
    | LatenessDeclared
)
"""What is collected of a person before submission, and by nobody afterwards."""

# Built once: every fact asks these.
_TAKEN = (
    select(ledger.c.number, ledger.c.case_id, payloads.c.sealed)
    .join(payloads, payloads.c.fact_id == ledger.c.fact_id)
    .where(ledger.c.fact_id == bindparam("which"))
)
_REFUSED = select(refused_facts.c.reason).where(refused_facts.c.fact_id == bindparam("which"))

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
            # First the book, so that what the fact does can name its line; both or neither stand.
            number = transaction.record_fact(
                fact.id,
                fact.what.kind,
                case.case_id,
                fact.station,
                fact.officer,
                fact.at,
                fact.schema_version,
                payload,
            )
            _apply(transaction, station, officer, case, fact, number)
    except Refusal as refusal:
        reason = f"{refusal.problem} {refusal.detail}".strip()[:200]
        _keep_aside(transaction, station, fact, payload, reason)
        if isinstance(fact.what, TagIssuedOffline):
            offline_tags.lead_nowhere(transaction, station, fact.what, refusal.problem)
        return FactReceipt(id=fact.id, outcome="refused", reason=reason)
    return FactReceipt(id=fact.id, outcome="accepted", ledger_number=number)


def _known(transaction: Transaction, fact: Fact, payload: bytes) -> FactReceipt | None:
    fact_id = str(fact.id)
    row = transaction.connection.execute(_TAKEN, {"which": fact_id}).one_or_none()
    if row is not None:
        if not _same(transaction, row, fact, payload):
            return FactReceipt(id=fact.id, outcome="refused", reason="id_reused")
        return FactReceipt(id=fact.id, outcome="duplicate", ledger_number=row.number)
    reason = transaction.connection.execute(_REFUSED, {"which": fact_id}).scalar_one_or_none()
    if reason is not None:
        return FactReceipt(id=fact.id, outcome="refused", reason=reason)
    return None


def _same(transaction: Transaction, row: Row[Any, Any, Any], fact: Fact, payload: bytes) -> bool:
    try:
        kept = transaction.unseal(row.case_id, row.sealed, f"fact {fact.id}")
    except SealError:
        # Erased since; there is nothing left to compare, and nothing to do again.
        return True
    # The tag of somebody who had a case already went to that case.
    same_case = row.case_id == str(fact.case_id) or isinstance(fact.what, TagIssuedOffline)
    return same_case and kept == payload


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
    if isinstance(fact.what, TagIssuedOffline):
        return offline_tags.take_in(transaction, station, fact, fact.what)
    case = cases.load(transaction, str(fact.case_id))
    if station.office not in (case.office, case.collection_office):
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
    number: int,
) -> None:
    case_id, day = case.case_id, office_day(fact.at)
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
            issuance.count_tries(transaction, station, case_id, day, attempts)
            cases.change(transaction, case, attempts=sealed, done=done)
        case Witnessed() as seen:
            _witness(transaction, officer, case, fact, seen)
        case (
            FingersExcepted()
            | FingersEnrolled()
            | DocumentsInspected()
            | NoticeGiven()
            | TwinFlagged()
            | PhotographTaken()
            | PhotographApproved()
            | CollectionOfficeChosen()
            | SignatureGiven()
            | LatenessDeclared()
        ) as what:
            _refuse_submitted(case)
            collected = _collected(transaction, station, case, fact, what)
            cases.change(transaction, case, **collected)
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
        case CardMoved() | DocumentMoved() | OldDocumentCaptured():
            _move(transaction, station, case, fact, fact.what, number)
        case ContactConsented() as told:
            _agree(transaction, station, case_id, told)
            _mark(transaction, case, "contact_asked")
        case TagIssuedOffline():
            pass  # the tag came with its case
        case _:
            assert_never(fact.what)


def _collected(
    transaction: Transaction, station: Station, case: Row[Any], fact: Fact, what: Collected
) -> dict[str, object]:
    """Return what a case holds of what was collected for it."""
    day = office_day(fact.at)
    match what:
        case FingersExcepted():
            return evidence.excepted(transaction, case, fact, what)
        case FingersEnrolled(fingers=fingers):
            return {
                "fingers": cases.seal_fingers(transaction, case.case_id, fingers),
                "done": cases.marked(case, "enrolled"),
                "enrolled_on": day.isoformat(),
            }
        case DocumentsInspected():
            return evidence.inspected(transaction, case, what)
        case NoticeGiven():
            return evidence.noticed(what) | {"done": cases.marked(case, "noticed")}
        case TwinFlagged(twin=twin):
            return {"twin": int(twin)}
        case PhotographTaken():
            return photographs.taken(transaction, station, case, fact, what, day)
        case PhotographApproved():
            return photographs.approved(transaction, case, fact, what)
        case CollectionOfficeChosen(office=office):
            issuance.must_be_office(transaction, office)
            return {"collection_office": office, "done": cases.marked(case, "office_chosen")}
        case SignatureGiven(picture=picture):
            mark = "signed" if picture else "signs_at_booth"
            return {"done": cases.marked(case, mark)}
        case LatenessDeclared():
            return {"done": cases.marked(case, "late_declared")}


def _agree(
    transaction: Transaction, station: Station, case_id: str, told: ContactConsented
) -> None:
    if station.kind not in _ASKING_FOR_CONTACTS:
        raise Refusal(403, "not_allowed_here", station.kind)
    consent = Consent(told.mail or "", told.mobile or "", told.language, told.topics)
    for channel, address in ((Channel.MAIL, told.mail), (Channel.SMS, told.mobile)):
        if address is not None:
            contacts.agree_by(transaction, case_id, channel, consent, station.name)


def _witness(
    transaction: Transaction, officer: Officer | None, case: Row[Any], fact: Fact, seen: Witnessed
) -> None:
    if seen.of == "exceptions":
        _refuse_submitted(case)
        confirmed = evidence.witnessed(transaction, case, officer, seen)
    else:
        confirmed = recipients.witnessed(transaction, case, officer, seen, fact.at)
    cases.change(transaction, case, **confirmed)


def _move(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    fact: Fact,
    what: CardMoved | DocumentMoved | OldDocumentCaptured,
    number: int,
) -> None:
    """Change the custody of a card or a document."""
    match what:
        case CardMoved():
            card_moves.move(transaction, station, case, what, fact, number)
        case DocumentMoved():
            documents.put_in_bin(transaction, station, case, what, fact, number)
        case OldDocumentCaptured():
            documents.capture(transaction, station, case, what, fact, number)
            _mark(transaction, case, "old_document_captured")


def _identify(
    transaction: Transaction, station: Station, case: Row[Any], fact: Fact, what: HolderIdentified
) -> None:
    """Before submission it is who applies, afterwards who comes for the card."""
    if cases.is_submitted(case):
        form = cases.open_particulars(transaction, case.case_id, case.particulars)
        came = recipients.identified(transaction, station, case, fact, what, form.date_of_birth)
        cases.change(transaction, case, **came)
        return
    recipients.must_be_believed(transaction, station, case, fact, what)
    done, day = cases.marked(case, "identified"), office_day(fact.at)
    cases.change(transaction, case, identified_by=what.by, identified_on=day.isoformat(), done=done)


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
