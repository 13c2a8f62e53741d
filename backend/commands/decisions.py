"""Submission and assessment: the receipt, the decision by another officer, the work lists."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, select

from backend.commands import cases, custody, evidence, issuance, notices, queue
from backend.commands.effects import CaseDecided, CaseSubmitted
from backend.commands.station import Officer, Station, must_have_role
from backend.schema import tables
from backend.schema.tables import ledger
from backend.settings import OfficeSettings
from backend.transaction import Refusal, Transaction
from backend.working_days import add_working_days
from common.domain.card import CardState
from common.domain.case import CaseState, Decision
from common.domain.notice import NoticeStage
from common.domain.officer import Role
from common.wire.shapes import CaseRow, CaseView, DecisionRequest, SubmitAnswer

WorkList = Literal["submitted", "approved", "stored"]

_CAPTURING = (
    "holder_identified",
    "fingers_enrolled",
    "fingers_excepted",
    "witnessed",
    "photograph_taken",
    "photograph_approved",
    "case_submitted",
)
_WORK_ROLES = {
    "submitted": {Role.ASSESSMENT, Role.SUPERVISOR},
    "approved": {Role.PRODUCTION, Role.SUPERVISOR},
    "stored": {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR},
}
_WORK_STATES = {
    "submitted": (CaseState.SUBMITTED,),
    "approved": (CaseState.APPROVED, CaseState.IN_PRODUCTION),
    "stored": (CaseState.READY,),
}
_WORK_CARDS = {
    "approved": (CardState.ORDERED, CardState.PERSONALISED),
    "stored": (CardState.STORED,),
}
_MOST_ROWS = 500


def submit(
    transaction: Transaction,
    station: Station,
    office: OfficeSettings,
    signed_in: Officer | None,
    case_id: UUID,
    receipt_number: str | None = None,
) -> SubmitAnswer:
    """Take the application into the centre and give its receipt. Submitting twice is once.

    A field team gave its receipt already, with a number leased before.

    Raises:
        Refusal: Something is missing; the detail names it.
    """
    officer = must_have_role(signed_in, {Role.REGISTRATION})
    issuance.must_be_authorised(transaction, station)
    case = _case_here(transaction, station, case_id)
    if case.receipt_number is not None:
        return _receipt(transaction, case)
    missing = _missing(transaction, case)
    if missing:
        raise Refusal(409, "not_complete", ", ".join(missing))
    ready_on = add_working_days(transaction.today, office.processing_working_days, office.calendar)
    if receipt_number is None:
        year = transaction.today.year
        number = transaction.count(f"receipt {case.office} {year}")
        receipt_number = f"{case.office}-{year}-{number:06d}"
    case = cases.change(
        transaction,
        case,
        state=CaseState.SUBMITTED,
        done=cases.marked(case, "submitted"),
        receipt_number=receipt_number,
        ready_on=ready_on.isoformat(),
        submitted_at=transaction.now,
        captured_by=officer.officer_id,
    )
    answer = _receipt(transaction, case)
    submitted = CaseSubmitted(receipt_number=answer.receipt_number, ready_on=ready_on)
    transaction.record("case_submitted", case.case_id, station.name, officer.officer_id, submitted)
    notices.tell(transaction, case.case_id, NoticeStage.SUBMITTED)
    queue.finish(transaction, case.case_id)
    return answer


def decide(
    transaction: Transaction,
    station: Station,
    signed_in: Officer | None,
    case_id: UUID,
    request: DecisionRequest,
) -> CaseView:
    """Approve or refuse a submitted case; approval orders the card.

    Raises:
        Refusal: The officer took part in capturing it, or it does not wait for a decision.
    """
    officer = must_have_role(signed_in, {Role.ASSESSMENT})
    issuance.must_be_authorised(transaction, station)
    case = _case_here(transaction, station, case_id)
    if _captured(transaction, case, officer.officer_id):
        raise Refusal(403, "same_officer", "who captured a case does not decide it")
    if case.state != CaseState.SUBMITTED:
        raise Refusal(409, "not_submitted", str(case.state))
    if request.decision is Decision.APPROVE:
        issuance.must_be_unique(transaction, station.office, request.search)
    decided = CaseDecided(decision=request.decision, reason=request.reason, search=request.search)
    transaction.record("case_decided", case.case_id, station.name, officer.officer_id, decided)
    if request.decision is Decision.APPROVE:
        case = cases.change(
            transaction,
            case,
            state=CaseState.APPROVED,
            done=cases.marked(case, "approved"),
            approved_by=officer.officer_id,
        )
        custody.order(transaction, case, station.name, officer.officer_id)
        notices.tell(transaction, case.case_id, NoticeStage.APPROVED)
    else:
        case = cases.change(transaction, case, state=CaseState.REFUSED, live_person=None)
        notices.tell(transaction, case.case_id, NoticeStage.REFUSED)
    transaction.answer_subject = case.case_id
    return cases.view(transaction, case)


def work(
    transaction: Transaction, station: Station, officer: Officer | None, which: WorkList
) -> list[CaseRow]:
    """List the cases that wait for the next officer, the longest waiting first."""
    # A collection kiosk counts its own cards when it starts; nobody is signed in then.
    if not (which == "stored" and station.kind == "collection" and officer is None):
        must_have_role(officer, _WORK_ROLES[which])
    cards = tables.cards
    rows = transaction.connection.execute(
        select(tables.cases, cards.c.card_id, cards.c.state.label("card_state"))
        .outerjoin(cards, cards.c.live_case == tables.cases.c.case_id)
        .where(
            (cards if which == "stored" else tables.cases).c.office == station.office,
            tables.cases.c.state.in_(_WORK_STATES[which]),
        )
        .order_by(tables.cases.c.submitted_at, tables.cases.c.case_id)
        .limit(_MOST_ROWS)
    )
    wanted = _WORK_CARDS.get(which)
    return [_row(row) for row in rows if wanted is None or row.card_state in wanted]


def _case_here(transaction: Transaction, station: Station, case_id: UUID) -> Row[Any]:
    return cases.must_be_here(cases.load(transaction, str(case_id)), station.office)


def _missing(transaction: Transaction, case: Row[Any]) -> list[str]:
    form = cases.open_particulars(transaction, case.case_id, case.particulars)
    enrolled = evidence.positions(cases.open_fingers(transaction, case))
    needs = {
        # Who comes again another day is to be recognised again: each visit has its own proof.
        "identification": case.identified_by is None
        or case.identified_on != transaction.today.isoformat()
        or (not enrolled and case.identified_by != "officer"),
        "portrait": case.portrait is None or "photographed" not in case.done.split(),
    }
    missing = [name for name, is_missing in needs.items() if is_missing]
    missing += evidence.missing(transaction, case, form.date_of_birth, enrolled)
    return missing + list(form.missing())


def _receipt(transaction: Transaction, case: Row[Any]) -> SubmitAnswer:
    return SubmitAnswer(
        receipt_number=case.receipt_number,
        receipt_token=cases.receipt_token(transaction, case),
        ready_on=date.fromisoformat(case.ready_on),
    )


def _captured(transaction: Transaction, case: Row[Any], officer_id: str) -> bool:
    found = transaction.connection.execute(
        select(ledger.c.number)
        .where(
            ledger.c.case_id == case.case_id,
            ledger.c.officer == officer_id,
            ledger.c.kind.in_(_CAPTURING),
        )
        .limit(1)
    ).first()
    return found is not None or case.captured_by == officer_id


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow(
        case_id=UUID(row.case_id),
        receipt_number=row.receipt_number,
        state=CaseState(row.state),
        submitted_at=row.submitted_at,
        captured_by=row.captured_by or "",
        card_id=None if row.card_id is None else UUID(row.card_id),
    )
