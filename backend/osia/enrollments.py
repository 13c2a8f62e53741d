"""Enrollments of partners: kept sealed while they are made, and a case once they are final."""

import json
from typing import Any, Literal

from sqlalchemy import Row, delete, insert, select, update

from backend.bearer import Program
from backend.commands import cases
from backend.commands.station import Station
from backend.keys import SealError
from backend.osia.mapping import Mapped, mapped
from backend.osia.shapes import Enrollment, Expression
from backend.schema.osia_tables import osia_buffers, osia_enrollments
from backend.transaction import Refusal, Transaction
from common.domain.case import OldDocument
from common.wire.facts import new_id

IN_PROGRESS, FINALIZED = "IN_PROGRESS", "FINALIZED"
MOST_BUFFERS = 50
_MOST_SEARCHED = 1_000

Document = dict[str, Any]


def create(transaction: Transaction, program: Program, id_: str, document: Document) -> None:
    """Keep a new enrollment.

    Raises:
        Refusal: The id is in use.
    """
    if _found(transaction, program, id_) is not None:
        raise Refusal(409, "conflict", "enrollmentId already exists")
    subject = f"osia {new_id()}"
    transaction.connection.execute(
        insert(osia_enrollments).values(
            issuer=program.issuer,
            enrollment_id=id_,
            subject=subject,
            status=IN_PROGRESS,
            sealed=_sealed(transaction, subject, _checked(document)),
            made_at=transaction.now,
        )
    )


def read(transaction: Transaction, program: Program, id_: str) -> Document:
    """Return an enrollment.

    Raises:
        Refusal: There is none, or its case was erased.
    """
    return _opened(transaction, _row(transaction, program, id_))


def replace(transaction: Transaction, program: Program, id_: str, document: Document) -> None:
    """Put another document in the place of the one that is there.

    Raises:
        Refusal: There is none, or it is final.
    """
    _write(transaction, _unfinished(transaction, program, id_), document)


def patch(transaction: Transaction, program: Program, id_: str, change: Document) -> None:
    """Change a document as RFC 7396 says.

    Raises:
        Refusal: There is none, it is final, or what comes out is no enrollment.
    """
    row = _unfinished(transaction, program, id_)
    _write(transaction, row, merged(_opened(transaction, row), change))


def remove(transaction: Transaction, program: Program, id_: str) -> None:
    """Remove an enrollment with all that was sent for it.

    Raises:
        Refusal: There is none, or it is a case by now.
    """
    row = _unfinished(transaction, program, id_)
    transaction.connection.execute(delete(osia_buffers).where(*_of(osia_buffers, row)))
    transaction.connection.execute(delete(osia_enrollments).where(*_of(osia_enrollments, row)))
    transaction.erase(row.subject)


def finalize(transaction: Transaction, program: Program, id_: str) -> None:
    """Make a case of an enrollment. The person still comes to the office and is identified there.

    Raises:
        Refusal: There is none, something does not fit into a case, or the person has one.
    """
    row = _row(transaction, program, id_)
    if row.status == FINALIZED:
        return
    document = _opened(transaction, row)
    buffers = _buffers(transaction, row)
    found = mapped(_enrollment(document), {one[0]: one[1] for one in buffers}.get)
    if cases.live_case(transaction, found.who.person(transaction)) is not None:
        raise Refusal(409, "conflict", "the person has an open case")
    case_id = _open_case(transaction, program, found)
    transaction.connection.execute(
        update(osia_enrollments)
        .where(*_of(osia_enrollments, row))
        .values(
            subject=case_id,
            status=FINALIZED,
            case_id=case_id,
            sealed=_sealed(transaction, case_id, document),
        )
    )
    for buffer_id, plain in buffers:
        sealed = transaction.seal(case_id, plain, f"buffer {buffer_id}")
        transaction.connection.execute(
            update(osia_buffers).where(osia_buffers.c.buffer_id == buffer_id).values(sealed=sealed)
        )
    transaction.erase(row.subject)


def search(
    transaction: Transaction,
    program: Program,
    expressions: list[Expression],
    offset: int,
    limit: int,
) -> list[Document]:
    """Return enrollments of the partner that fit every expression, the newest first.

    What is searched is sealed, so each is opened; beyond the newest 1,000 nothing is found.
    """
    rows = transaction.connection.execute(
        select(osia_enrollments)
        .where(osia_enrollments.c.issuer == program.issuer)
        .order_by(osia_enrollments.c.made_at.desc(), osia_enrollments.c.enrollment_id)
        .limit(_MOST_SEARCHED)
    )
    found = []
    for row in rows.all():
        try:
            document = _opened(transaction, row)
        except Refusal:
            continue
        if all(_fits(document, one) for one in expressions):
            found.append(document)
    return found[offset : offset + limit]


def add_buffer(
    transaction: Transaction, program: Program, id_: str, content_type: str, plain: bytes
) -> str:
    """Keep a buffer and return its id.

    Raises:
        Refusal: There is no such enrollment, it is final, or it has too many.
    """
    row = _unfinished(transaction, program, id_)
    if len(_buffers(transaction, row)) >= MOST_BUFFERS:
        raise Refusal(400, "too_many", f"at most {MOST_BUFFERS} buffers")
    buffer_id = str(new_id())
    transaction.connection.execute(
        insert(osia_buffers).values(
            buffer_id=buffer_id,
            issuer=program.issuer,
            enrollment_id=id_,
            content_type=content_type,
            sealed=transaction.seal(row.subject, plain, f"buffer {buffer_id}"),
        )
    )
    return buffer_id


def read_buffer(
    transaction: Transaction, program: Program, id_: str, buffer_id: str
) -> tuple[str, bytes]:
    """Return a buffer's content type and bytes.

    Raises:
        Refusal: There is none.
    """
    row = _row(transaction, program, id_)
    kept = transaction.connection.execute(
        select(osia_buffers).where(*_of(osia_buffers, row), osia_buffers.c.buffer_id == buffer_id)
    ).one_or_none()
    if kept is None:
        raise Refusal(404, "not_found", "no such buffer")
    try:
        plain = transaction.unseal(row.subject, kept.sealed, f"buffer {buffer_id}")
    except SealError as error:
        raise Refusal(404, "not_found", "erased") from error
    return kept.content_type, plain


def merged(target: object, change: object) -> Any:
    """Apply a JSON merge patch (RFC 7396, section 2)."""
    if not isinstance(change, dict):
        return change
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def _open_case(transaction: Transaction, program: Program, found: Mapped) -> str:
    here = Station("osia", "osia", program.office, "")
    case = cases.open_case(
        transaction, here, found.who, "partner", found.particulars, OldDocument.OLD_CARD
    )
    case_id: str = case.case_id
    values: dict[str, Any] = {}
    if found.fingers:
        values["fingers"] = cases.seal_fingers(transaction, case_id, found.fingers)
        values["done"] = cases.marked(case, "enrolled")
    if found.portrait is not None:
        values["portrait"] = transaction.seal(case_id, found.portrait, "portrait")
    cases.change(transaction, case, **values)
    return case_id


def _fits(document: Document, one: Expression) -> bool:
    plain = {**document, **(document.get("biographicData") or {})}
    found: Any = plain.get(one.attributeName)
    wanted: Any = one.value
    if one.operator in ("=", "!="):
        return bool((found == wanted) is (one.operator == "="))
    if type(found) is not type(wanted):
        return False
    order = {"<": found < wanted, ">": found > wanted}
    order |= {"<=": found <= wanted, ">=": found >= wanted}
    return bool(order[one.operator])


def _checked(document: Document) -> Document:
    return _enrollment(document).model_dump(mode="json", exclude_none=True)


def _enrollment(document: Document) -> Enrollment:
    try:
        return Enrollment.model_validate(document)
    except ValueError as error:
        raise Refusal(400, "bad_request", "what comes out is no enrollment") from error


def _write(transaction: Transaction, row: Row[Any], document: Document) -> None:
    sealed = _sealed(transaction, row.subject, _checked(document))
    transaction.connection.execute(
        update(osia_enrollments).where(*_of(osia_enrollments, row)).values(sealed=sealed)
    )


def _sealed(transaction: Transaction, subject: str, document: Document) -> bytes:
    for name in ("enrollmentId", "status"):
        document.pop(name, None)  # read only: these are the row's
    return transaction.seal(subject, json.dumps(document).encode(), "enrollment")


def _opened(transaction: Transaction, row: Row[Any]) -> Document:
    try:
        plain = transaction.unseal(row.subject, row.sealed, "enrollment")
    except SealError as error:
        raise Refusal(404, "not_found", "erased") from error
    status: Literal["IN_PROGRESS", "FINALIZED"] = row.status
    return {"enrollmentId": row.enrollment_id, "status": status, **json.loads(plain)}


def _buffers(transaction: Transaction, row: Row[Any]) -> list[tuple[str, bytes]]:
    kept = transaction.connection.execute(select(osia_buffers).where(*_of(osia_buffers, row)))
    return [
        (one.buffer_id, transaction.unseal(row.subject, one.sealed, f"buffer {one.buffer_id}"))
        for one in kept.all()
    ]


def _of(table: Any, row: Row[Any]) -> tuple[Any, Any]:
    return table.c.issuer == row.issuer, table.c.enrollment_id == row.enrollment_id


def _found(transaction: Transaction, program: Program, id_: str) -> Row[Any] | None:
    return transaction.connection.execute(
        select(osia_enrollments).where(
            osia_enrollments.c.issuer == program.issuer, osia_enrollments.c.enrollment_id == id_
        )
    ).one_or_none()


def _row(transaction: Transaction, program: Program, id_: str) -> Row[Any]:
    row = _found(transaction, program, id_)
    if row is None:
        raise Refusal(404, "not_found", "no such enrollment")
    return row


def _unfinished(transaction: Transaction, program: Program, id_: str) -> Row[Any]:
    row = _row(transaction, program, id_)
    if row.status == FINALIZED:
        raise Refusal(403, "finalized", "a final enrollment is a case and changes no more")
    return row
