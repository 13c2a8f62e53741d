"""What a case holds as proof of a person, and whether a second officer saw the same."""

from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import Row

from backend.commands import actions, issuance
from backend.commands.station import Officer, Station
from backend.transaction import Refusal, Transaction
from common.domain.biometrics import (
    NO_FINGERS_UNDER,
    WITH_PARENT_UNDER,
    FingerException,
    fingers_missing,
)
from common.domain.clock import OFFICE_ZONE, office_day
from common.domain.custody import ActionKind, Thing
from common.domain.officer import MAY_CONFIRM
from common.wire.base import Shape
from common.wire.evidence import Attempts, EnrolledFinger, Exceptions, documents_suffice
from common.wire.facts import (
    DocumentsInspected,
    Fact,
    FingersExcepted,
    HolderIdentified,
    NoticeGiven,
    Witnessed,
)
from common.wire.shapes import Recipient

Kept = TypeVar("Kept", bound=Shape)


def seal(transaction: Transaction, case_id: str, column: str, what: Shape) -> bytes:
    """Seal a record with the data key of its case."""
    return transaction.seal(case_id, what.model_dump_json().encode(), column)


def shown(transaction: Transaction, case: Row[Any]) -> dict[str, Any]:
    """Open everything of this kind in a case, as a station sees it.

    Raises:
        SealError: The case was erased.
    """
    came = _recipient(transaction, case)
    return {
        "attempts": _open(transaction, case, "attempts", Attempts),
        "exceptions": _exceptions(transaction, case),
        "excepted_by": case.excepted_by,
        "exceptions_confirmed_by": case.exceptions_confirmed_by,
        "twin": bool(case.twin),
        "recipient": came if came is not None and came.day == transaction.today else None,
    }


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


def identified(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    fact: Fact,
    what: HolderIdentified,
) -> dict[str, object]:
    """Keep how the person who comes for the new card was proven; one biometric alone is nothing.

    Raises:
        Refusal: An officer's proof without officer, documents or comparison; or face and finger
            from a station that compares neither with the case.
    """
    day = office_day(fact.at)
    must_be_believed(transaction, station, case, fact, what)
    if what.by not in ("face_and_finger", "officer"):
        return {}
    if what.by == "face_and_finger" and station.kind != "collection":
        raise Refusal(409, "not_compared_here", station.kind)
    if what.by == "officer":
        if fact.officer is None:
            raise Refusal(409, "officer_needed")
        if what.proof is None or not what.proof.is_enough:
            raise Refusal(409, "proof_needed", "two source documents, and the photograph compared")
    elif station.kind == "collection":
        issuance.must_be_convincing(transaction, station, what)
    version = (case.recipient_version or 0) + 1
    if what.proof is not None and fact.officer is not None:
        actions.keep(
            transaction,
            station.office,
            fact.officer,
            ActionKind.ISSUE_WITHOUT_BIOMETRICS,
            [(Thing.CASE, case.case_id, version)],
            what.proof.digest(case.case_id),
            "recipient",
            fact.at,
            day_end(fact.at),
        )
    came = Recipient(by=what.by, day=day, proof=what.proof, officer=fact.officer)
    return {
        "recipient": seal(transaction, case.case_id, "recipient", came),
        "recipient_version": version,
    }


def must_be_believed(
    transaction: Transaction, station: Station, case: Row[Any], fact: Fact, what: HolderIdentified
) -> None:
    """Believe a comparison only of an attended station, and not after too many failed tries.

    Raises:
        Refusal: A remote station's operator is missing, or only an officer may go on.
    """
    issuance.must_be_attended(transaction, station, fact.officer)
    if what.by != "officer":
        issuance.must_have_tries_left(transaction, station, case.case_id, office_day(fact.at))


def day_end(moment: datetime) -> datetime:
    """Return the last moment of the office's day."""
    return datetime.combine(office_day(moment), time.max, OFFICE_ZONE)


def witnessed(
    transaction: Transaction,
    case: Row[Any],
    officer: Officer | None,
    what: Witnessed,
    at: datetime,
) -> dict[str, object]:
    """Keep a second officer's confirmation.

    Raises:
        Refusal: It is the same officer, has no such duty, or saw something else.
    """
    if officer is None:
        raise Refusal(409, "officer_needed")
    if not MAY_CONFIRM & set(officer.roles):
        raise Refusal(403, "role_needed", ", ".join(sorted(MAY_CONFIRM)))
    if what.of == "exceptions":
        first, seen = case.excepted_by, _seen_exceptions(transaction, case)
        confirmed: dict[str, object] = {"exceptions_confirmed_by": officer.officer_id}
    else:
        came = _recipient(transaction, case)
        first = None if came is None else came.officer
        seen = None if came is None or came.proof is None else came.proof.digest(case.case_id)
        confirmed = _with_second(transaction, case, came, officer)
    if officer.officer_id == first:
        raise Refusal(403, "same_officer", "a second officer confirms what the first recorded")
    if seen is None or what.seen != seen:
        raise Refusal(409, "seen_otherwise", "the record is another than the one confirmed")
    if what.of == "recipient":
        proposed = actions.newest_about(
            transaction,
            ActionKind.ISSUE_WITHOUT_BIOMETRICS,
            Thing.CASE,
            case.case_id,
            case.recipient_version,
        )
        if proposed is None:
            raise Refusal(409, "seen_otherwise", "nothing is proposed")
        actions.confirm(transaction, proposed, officer.officer_id, what.seen, at)
    return confirmed


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


def must_be_proven(
    transaction: Transaction, case: Row[Any], day: date, personalised_by: str | None
) -> Recipient:
    """Let a card go only to a person who was proven to be its holder on this day; return how.

    Raises:
        Refusal: Nobody was, or one officer alone says so.
    """
    came = _recipient(transaction, case)
    if came is None or came.day != day:
        raise Refusal(409, "recipient_unproven", "face and finger, or two officers, on the day")
    if not came.is_proven:
        raise Refusal(409, "second_officer_needed")
    if personalised_by is not None and personalised_by in (came.officer, came.confirmed_by):
        raise Refusal(403, "same_officer", "who personalised a card proves no recipient")
    return came


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


def _with_second(
    transaction: Transaction, case: Row[Any], came: Recipient | None, officer: Officer
) -> dict[str, object]:
    if came is None:
        return {}
    both = came.model_copy(update={"confirmed_by": officer.officer_id})
    return {"recipient": seal(transaction, case.case_id, "recipient", both)}


def _seen_exceptions(transaction: Transaction, case: Row[Any]) -> str | None:
    exceptions = _exceptions(transaction, case)
    return None if exceptions is None else exceptions.digest(case.case_id)


def _documents_suffice(transaction: Transaction, case: Row[Any]) -> bool:
    seen = _open(transaction, case, "sources", DocumentsInspected)
    return seen is not None and documents_suffice(
        seen.documents, seen.name_evidence, transaction.today
    )


def _exceptions(transaction: Transaction, case: Row[Any]) -> Exceptions | None:
    return _open(transaction, case, "exceptions", Exceptions)


def _recipient(transaction: Transaction, case: Row[Any]) -> Recipient | None:
    return _open(transaction, case, "recipient", Recipient)


def _open(transaction: Transaction, case: Row[Any], column: str, kind: type[Kept]) -> Kept | None:
    sealed: bytes | None = getattr(case, column)
    if sealed is None:
        return None
    return kind.model_validate_json(transaction.unseal(case.case_id, sealed, column))


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
