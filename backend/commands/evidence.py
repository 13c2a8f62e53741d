"""What a case holds as proof of a person, and whether a second officer saw the same."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Row, select

from backend.commands import issuance
from backend.commands.station import Officer
from backend.schema.tables import ledger, payloads
from backend.transaction import Refusal, Transaction
from common.domain.age import years_old
from common.domain.biometrics import (
    NO_FINGERS_UNDER,
    WITH_PARENT_UNDER,
    FingerException,
    fingers_missing,
)
from common.domain.officer import MAY_CONFIRM
from common.wire.base import Shape
from common.wire.evidence import Attempts, EnrolledFinger, Exceptions, documents_suffice
from common.wire.facts import (
    DocumentsInspected,
    Fact,
    FingersExcepted,
    LatenessDeclared,
    NoticeGiven,
    SignatureGiven,
    Witnessed,
)

Kept = TypeVar("Kept", bound=Shape)


def seal(transaction: Transaction, case_id: str, column: str, what: Shape) -> bytes:
    """Seal a record with the data key of its case."""
    return transaction.seal(case_id, what.model_dump_json().encode(), column)


def shown(transaction: Transaction, case: Row[Any]) -> dict[str, Any]:
    """Open everything of this kind in a case, as a station sees it.

    Raises:
        SealError: The case was erased.
    """
    return {
        "attempts": unsealed(transaction, case, "attempts", Attempts),
        "exceptions": _exceptions(transaction, case),
        "excepted_by": case.excepted_by,
        "exceptions_confirmed_by": case.exceptions_confirmed_by,
        "twin": bool(case.twin),
        "signature": _told(transaction, case, "signed", SignatureGiven),
        "lateness": _told(transaction, case, "late_declared", LatenessDeclared),
    }


def _told(
    transaction: Transaction,
    case: Row[Any],
    mark: str,
    kind: type[SignatureGiven | LatenessDeclared],
) -> object:
    """Return what the newest fact of a kind says, where the case is marked with it.

    Few look at these, so they stay in the book and have no column of their own.
    """
    if mark not in case.done.split():
        return None
    newest = transaction.connection.execute(
        select(ledger.c.fact_id, payloads.c.sealed)
        .join(payloads, payloads.c.fact_id == ledger.c.fact_id)
        .where(ledger.c.case_id == case.case_id, ledger.c.kind == kind.model_fields["kind"].default)
        .order_by(ledger.c.number.desc())
        .limit(1)
    ).one()
    plain = transaction.unseal(case.case_id, newest.sealed, f"fact {newest.fact_id}")
    told = kind.model_validate_json(plain)
    return told.why if isinstance(told, LatenessDeclared) else told.picture


def excepted(
    transaction: Transaction, case: Row[Any], fact: Fact, what: FingersExcepted
) -> dict[str, object]:
    """Keep the exceptions an officer recorded; what was confirmed before is confirmed no more.

    Raises:
        Refusal: No officer recorded them.
    """
    if fact.officer is None:
        raise Refusal(409, "officer_needed", "an officer says which fingers are not given")
    return {
        "exceptions": seal(transaction, case.case_id, "exceptions", what.exceptions),
        "excepted_by": fact.officer,
        "exceptions_confirmed_by": None,
    }


def witnessed(
    transaction: Transaction, case: Row[Any], officer: Officer | None, what: Witnessed
) -> dict[str, object]:
    """Keep a second officer's confirmation of the exceptions.

    Raises:
        Refusal: It is the same officer, has no such duty, or saw something else.
    """
    officer = must_confirm(officer)
    exceptions = _exceptions(transaction, case)
    if officer.officer_id == case.excepted_by:
        raise Refusal(403, "same_officer", "a second officer confirms what the first recorded")
    if exceptions is None or what.seen != exceptions.digest(case.case_id):
        raise Refusal(409, "seen_otherwise", "the record is another than the one confirmed")
    return {"exceptions_confirmed_by": officer.officer_id}


def must_confirm(officer: Officer | None) -> Officer:
    """Return the officer, where one is signed in who may be the second.

    Raises:
        Refusal: Nobody is, or the officer has another duty.
    """
    if officer is None:
        raise Refusal(409, "officer_needed")
    if not MAY_CONFIRM & set(officer.roles):
        raise Refusal(403, "role_needed", ", ".join(sorted(MAY_CONFIRM)))
    return officer


def missing(
    transaction: Transaction, case: Row[Any], born: date | None, enrolled: tuple[int, ...]
) -> list[str]:
    """Name what an application still needs: in place of fingers, of documents, of consent."""
    wanted = issuance.policy(transaction, case.office)
    exceptions = _exceptions(transaction, case) or Exceptions()
    age = _age(born, transaction.today)
    child = any(one.why is FingerException.CHILD for one in exceptions.fingers)
    needs = {
        "fingers": bool(fingers_missing(enrolled, exceptions.positions)),
        "hand_photographs": bool(exceptions.without_photograph()),
        "exception_reason": bool(exceptions.fingers) and not exceptions.reason,
        "too_old_for_child": child and (age is None or age >= NO_FINGERS_UNDER),
        "parent": bool(exceptions.fingers)
        and age is not None
        and age < WITH_PARENT_UNDER
        and not exceptions.parent,
        "second_officer": bool(exceptions.fingers) and case.exceptions_confirmed_by is None,
        "source_documents": wanted.source_documents_needed
        and not _documents_suffice(transaction, case),
        "notice": wanted.notice_needed and case.notice is None,
    }
    return [name for name, is_missing in needs.items() if is_missing]


def inspected(
    transaction: Transaction, case: Row[Any], what: DocumentsInspected
) -> dict[str, object]:
    """Keep which original documents were looked at, good ones and bad ones."""
    return {"sources": seal(transaction, case.case_id, "sources", what)}


def noticed(what: NoticeGiven) -> dict[str, object]:
    """Keep which notice the person agreed to.

    Where the person does not agree, no biometric may be taken, and an officer speaks with them.
    """
    return {"notice": what.notice if what.agreed else None}


def positions(fingers: tuple[EnrolledFinger, ...]) -> tuple[int, ...]:
    """Name the fingers that are enrolled, each once."""
    return tuple(dict.fromkeys(finger.position for finger in fingers))


def _documents_suffice(transaction: Transaction, case: Row[Any]) -> bool:
    seen = unsealed(transaction, case, "sources", DocumentsInspected)
    return seen is not None and documents_suffice(
        seen.documents, seen.name_evidence, transaction.today
    )


def _exceptions(transaction: Transaction, case: Row[Any]) -> Exceptions | None:
    return unsealed(transaction, case, "exceptions", Exceptions)


def unsealed(
    transaction: Transaction, case: Row[Any], column: str, kind: type[Kept]
) -> Kept | None:
    """Open what `seal` made, where there is something.

    Raises:
        SealError: The case was erased.
    """
    sealed: bytes | None = getattr(case, column)
    if sealed is None:
        return None
    return kind.model_validate_json(transaction.unseal(case.case_id, sealed, column))


def _age(born: date | None, today: date) -> int | None:
    return None if born is None else years_old(born, today)
