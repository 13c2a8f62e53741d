"""Old cards and acknowledgement forms, from their holder's hand to their end."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from backend.commands import custody_book
from backend.commands.custody_book import Hands
from backend.commands.station import Officer, Station, must_have_role
from backend.schema.custody_tables import captured_documents
from backend.transaction import Refusal, Transaction
from common.domain.custody import DocumentMove, DocumentState, Thing
from common.domain.officer import Role
from common.wire.custody import DocumentView
from common.wire.facts import DocumentMoved, Fact, OldDocumentCaptured

IN_HAND = "staff"
"""The location that a kiosk tells of what an officer took out of it."""
_DESK = {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR}
_MOST_ROWS = 500


def capture(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    what: OldDocumentCaptured,
    fact: Fact,
    number: int,
) -> None:
    """Take a document into custody; its id is the fact's. A kiosk keeps it in its bin at once."""
    in_bin = station.kind == "collection" and what.location != IN_HAND
    custody_book.begin(
        transaction,
        Thing.DOCUMENT,
        str(fact.id),
        "capture",
        Hands(station.name, fact.officer, fact.at, number),
        what.location,
        case_id=case.case_id,
        kind=what.document,
        office=station.office,
        place=what.location,
        state=DocumentState.IN_BIN if in_bin else DocumentState.CAPTURED,
        captured_at=fact.at,
    )


def put_in_bin(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    what: DocumentMoved,
    fact: Fact,
    number: int,
) -> None:
    """Put a document that an officer holds into a bin.

    Raises:
        Refusal: No officer says so, or it is no document of this case and office.
    """
    if fact.officer is None:
        raise Refusal(409, "officer_needed")
    row = custody_book.load(transaction, Thing.DOCUMENT, str(what.document_id))
    if (row.case_id, row.office) != (case.case_id, station.office):
        raise Refusal(404, "not_found", "no such document")
    hands = Hands(station.name, fact.officer, fact.at, number)
    custody_book.turn(
        transaction,
        Thing.DOCUMENT,
        row,
        DocumentMove.PUT_IN_BIN,
        hands,
        what.location,
        place=what.location,
    )


def held(
    transaction: Transaction, station: Station, officer: Officer | None, place: str | None
) -> list[DocumentView]:
    """List the documents of this office that are not destroyed yet, of one place or of all.

    Raises:
        Refusal: Nobody is signed in who may know.
    """
    must_have_role(officer, _DESK)
    wanted = [
        captured_documents.c.office == station.office,
        captured_documents.c.state != DocumentState.DESTROYED,
    ]
    if place is not None:
        wanted.append(captured_documents.c.place == place)
    rows = transaction.connection.execute(
        select(captured_documents)
        .where(*wanted)
        .order_by(captured_documents.c.document_id)
        .limit(_MOST_ROWS)
    )
    return [
        DocumentView(
            document_id=UUID(row.document_id),
            case_id=UUID(row.case_id),
            kind=row.kind,
            place=row.place,
            state=row.state,
            version=row.version,
            captured_at=row.captured_at,
        )
        for row in rows
    ]
