"""The daily count: what the book says of a place beside what sensors or officers found there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, func, insert, select, update

from backend.commands.effects import Counted, DifferenceSettled
from backend.commands.station import Officer, Station, must_have_role
from backend.schema.custody_tables import (
    blank_cards,
    captured_documents,
    count_differences,
    counts,
)
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from common.domain.card import CardState
from common.domain.custody import BlankState, DocumentState
from common.domain.officer import Role
from common.wire.custody import CountRequest, CountView, Difference, PlaceView, SettleRequest
from common.wire.facts import new_id

_COUNTING = {Role.COUNTER, Role.PRODUCTION, Role.CUSTODIAN, Role.SUPERVISOR}
_SETTLING = {Role.SUPERVISOR, Role.COUNTER}
_IN_SLOTS = (CardState.STORED, CardState.RESERVED)
_IN_BINS = (DocumentState.CAPTURED, DocumentState.IN_BIN)
_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class _Compared:
    """Names of what is there by the book and by the count: slots, serials, or documents by rank."""

    kind: str
    book: frozenset[str]
    found: frozenset[str]

    @classmethod
    def of(cls, kind: str, book: Iterable[object], found: Iterable[object]) -> "_Compared":
        return cls(
            kind,
            frozenset(f"{kind} {one}" for one in book),
            frozenset(f"{kind} {one}" for one in found),
        )

    @property
    def differences(self) -> set[tuple[str, str]]:
        missing = {("missing", one) for one in self.book - self.found}
        return missing | {("unexpected", one) for one in self.found - self.book}


def count(
    transaction: Transaction, station: Station, officer: Officer | None, request: CountRequest
) -> CountView:
    """Take a count; each difference becomes a work item, and one that is gone is settled.

    Raises:
        Refusal: It counts nothing, or nobody is signed in where no sensor counts.
    """
    if station.kind != "collection":
        must_have_role(officer, _COUNTING)
    compared = _compare(transaction, station.office, request)
    name = None if officer is None else officer.officer_id
    count_id = str(new_id())
    transaction.connection.execute(
        insert(counts).values(
            count_id=count_id,
            office=station.office,
            place=request.place,
            day=transaction.today.isoformat(),
            station=station.name,
            officer=name,
            book=len(compared.book),
            counted=len(compared.found),
            at=transaction.now,
        )
    )
    _write_differences(transaction, station, count_id, request.place, name, compared)
    told = Counted(
        place=request.place,
        book=len(compared.book),
        counted=len(compared.found),
        differences=len(compared.differences),
    )
    transaction.record("place_counted", "", station.name, name, told)
    return CountView(
        count_id=UUID(count_id),
        place=request.place,
        book=told.book,
        counted=told.counted,
        differences=tuple(_differences(transaction, station.office, request.place)),
    )


def differences(
    transaction: Transaction, station: Station, officer: Officer | None
) -> list[Difference]:
    """List what does not agree, the oldest first.

    Raises:
        Refusal: Nobody is signed in who may know.
    """
    must_have_role(officer, _COUNTING)
    return _differences(transaction, station.office)


def settle(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    difference_id: UUID,
    request: SettleRequest,
) -> list[Difference]:
    """Say what became of a difference; return those that are left.

    Raises:
        Refusal: There is no such open difference, or the officer may not.
    """
    who = must_have_role(officer, _SETTLING)
    done = transaction.connection.execute(
        update(count_differences)
        .where(
            count_differences.c.difference_id == str(difference_id),
            count_differences.c.office == station.office,
            count_differences.c.settled_at.is_(None),
        )
        .values(
            open_object=None,
            settled_by=who.officer_id,
            settled_at=transaction.now,
            settlement=request.settlement,
        )
    )
    if done.rowcount == 0:
        raise Refusal(404, "not_found", "no such open difference")
    told = DifferenceSettled(difference_id=difference_id, settlement=request.settlement)
    transaction.record("difference_settled", "", station.name, who.officer_id, told)
    return _differences(transaction, station.office)


def places(transaction: Transaction, station: Station, officer: Officer | None) -> list[PlaceView]:
    """Say what the book has in each place, and which of them was counted today.

    Raises:
        Refusal: Nobody is signed in who may know.
    """
    must_have_role(officer, _COUNTING)
    held = [
        _by_place(transaction, station.office, cards, cards.c.location, _IN_SLOTS),
        _by_place(
            transaction, station.office, captured_documents, captured_documents.c.place, _IN_BINS
        ),
        _by_place(
            transaction, station.office, blank_cards, blank_cards.c.place, (BlankState.IN_STOCK,)
        ),
    ]
    counted = set(
        transaction.connection.execute(
            select(counts.c.place).where(
                counts.c.office == station.office,
                counts.c.day == transaction.today.isoformat(),
            )
        ).scalars()
    )
    return [
        PlaceView(
            place=place,
            cards=held[0].get(place, 0),
            documents=held[1].get(place, 0),
            blanks=held[2].get(place, 0),
            counted_today=place in counted,
        )
        for place in sorted({place for one in held for place in one})
    ]


def _compare(transaction: Transaction, office: str, request: CountRequest) -> _Compared:
    kinds = [request.slots, request.documents, request.serials]
    if sum(kind is not None for kind in kinds) != 1:
        raise Refusal(422, "bad_request", "count slots, documents or serials")
    place = request.place
    if request.slots is not None:
        held = _book(transaction, office, cards.c.slot, cards.c.location == place, _IN_SLOTS)
        return _Compared.of("slot", held, request.slots)
    if request.serials is not None:
        here = blank_cards.c.place == place
        held = _book(transaction, office, blank_cards.c.serial, here, (BlankState.IN_STOCK,))
        return _Compared.of("blank", held, request.serials)
    here = captured_documents.c.place == place
    held = _book(transaction, office, captured_documents.c.document_id, here, _IN_BINS)
    # Nobody reads what lies in a bin: its documents are numbered, on both sides.
    return _Compared.of("document", range(len(held)), range(request.documents or 0))


def _book(
    transaction: Transaction, office: str, name: Column[Any], here: Any, states: tuple[str, ...]
) -> list[object]:
    table = name.table
    rows = transaction.connection.execute(
        select(name).where(table.c.office == office, here, table.c.state.in_(states))
    )
    return [row[0] for row in rows if row[0] is not None]


def _by_place(
    transaction: Transaction, office: str, table: Any, place: Any, states: tuple[str, ...]
) -> dict[str, int]:
    rows = transaction.connection.execute(
        select(place.label("place"), func.count().label("many"))
        .where(table.c.office == office, table.c.state.in_(states), place.is_not(None))
        .group_by(place)
    )
    return {row.place: row.many for row in rows}


def _write_differences(
    transaction: Transaction,
    station: Station,
    count_id: str,
    place: str,
    officer: str | None,
    compared: _Compared,
) -> None:
    """Open what is new; what stands stays the work item that it is, and what is gone is settled."""
    open_now = {
        (row.what, row.object): row.difference_id
        for row in _open_rows(transaction, station.office, place)
        if row.object.startswith(f"{compared.kind} ")
    }
    gone = [open_now[key] for key in open_now.keys() - compared.differences]
    transaction.connection.execute(
        update(count_differences)
        .where(count_differences.c.difference_id.in_(gone))
        .values(
            open_object=None,
            settled_by=officer or station.name,
            settled_at=transaction.now,
            settlement="agrees again",
        )
    )
    for what, found in sorted(compared.differences - open_now.keys()):
        transaction.connection.execute(
            insert(count_differences).values(
                difference_id=str(new_id()),
                count_id=count_id,
                office=station.office,
                place=place,
                what=what,
                object=found,
                open_object=found,
            )
        )


def _open_rows(
    transaction: Transaction, office: str, place: str | None = None
) -> list[Row[tuple[object, ...]]]:
    wanted = [count_differences.c.office == office, count_differences.c.open_object.is_not(None)]
    if place is not None:
        wanted.append(count_differences.c.place == place)
    return list(
        transaction.connection.execute(
            select(count_differences, counts.c.at)
            .join(counts, counts.c.count_id == count_differences.c.count_id)
            .where(*wanted)
            .order_by(count_differences.c.difference_id)
            .limit(_MOST_ROWS)
        )
    )


def _differences(
    transaction: Transaction, office: str, place: str | None = None
) -> list[Difference]:
    return [
        Difference.model_validate(
            {
                "difference_id": row.difference_id,
                "place": row.place,
                "what": row.what,
                "object": row.object,
                "counted_at": row.at,
            }
        )
        for row in _open_rows(transaction, office, place)
    ]
