"""The daily count: what the book says of a place beside what sensors or officers found there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

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

    book: frozenset[str]
    found: frozenset[str]

    @property
    def missing(self) -> list[str]:
        return sorted(self.book - self.found)

    @property
    def unexpected(self) -> list[str]:
        return sorted(self.found - self.book)


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
    _settle_gone(transaction, station, request.place, name, compared)
    for what, objects in (("missing", compared.missing), ("unexpected", compared.unexpected)):
        for found in objects:
            _open(transaction, station.office, count_id, request.place, what, found)
    told = Counted(
        place=request.place,
        book=len(compared.book),
        counted=len(compared.found),
        differences=len(compared.missing) + len(compared.unexpected),
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
    if request.slots is not None:
        slots = _book(
            transaction, office, cards, cards.c.slot, cards.c.location, request, _IN_SLOTS
        )
        return _Compared(_named("slot", slots), _named("slot", request.slots))
    if request.serials is not None:
        blanks = _book(
            transaction,
            office,
            blank_cards,
            blank_cards.c.serial,
            blank_cards.c.place,
            request,
            (BlankState.IN_STOCK,),
        )
        return _Compared(_named("blank", blanks), _named("blank", request.serials))
    papers = captured_documents
    in_bin = _book(
        transaction, office, papers, papers.c.document_id, papers.c.place, request, _IN_BINS
    )
    # Nobody reads what lies in a bin: documents are told apart by their number alone.
    return _Compared(
        _named("document", range(1, len(in_bin) + 1)),
        _named("document", range(1, (request.documents or 0) + 1)),
    )


def _book(
    transaction: Transaction,
    office: str,
    table: Any,
    name: Any,
    place: Any,
    request: CountRequest,
    states: tuple[str, ...],
) -> list[Any]:
    rows = transaction.connection.execute(
        select(name).where(
            table.c.office == office, place == request.place, table.c.state.in_(states)
        )
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


def _named(kind: str, objects: Iterable[object]) -> frozenset[str]:
    return frozenset(f"{kind} {one}" for one in objects)


def _settle_gone(
    transaction: Transaction, station: Station, place: str, officer: str | None, now: _Compared
) -> None:
    """What agrees again is no work any longer."""
    for row in _open_rows(transaction, station.office, place):
        left = now.missing if row.what == "missing" else now.unexpected
        same_kind = row.object.partition(" ")[0] in {
            one.partition(" ")[0] for one in now.book | now.found
        } or not (now.book | now.found)
        if row.object not in left and same_kind:
            transaction.connection.execute(
                update(count_differences)
                .where(count_differences.c.difference_id == row.difference_id)
                .values(
                    open_object=None,
                    settled_by=officer or station.name,
                    settled_at=transaction.now,
                    settlement="agrees again",
                )
            )


def _open(
    transaction: Transaction, office: str, count_id: str, place: str, what: str, found: str
) -> None:
    known = [(row.what, row.object) for row in _open_rows(transaction, office, place)]
    if (what, found) in known:
        return
    transaction.connection.execute(
        insert(count_differences).values(
            difference_id=str(new_id()),
            count_id=count_id,
            office=office,
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
