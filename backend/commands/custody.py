"""The custody of new cards: ordered, moved lawfully, reserved by one station at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from backend.commands import cases, evidence, notices, queue
from backend.commands.effects import CardOrdered, CardReserved
from backend.commands.station import Officer, Station
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from common.domain.card import CardMove, CardState, after
from common.domain.case import CaseState
from common.domain.clock import office_day
from common.domain.officer import Role
from common.wire.facts import CardMoved, new_id
from common.wire.shapes import CardView, ReserveRequest

_CARD_DESK = {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR}
_BY_THE_HOLDER = {
    CardMove.RELEASE_RESERVATION,
    CardMove.PRESENT,
    CardMove.ISSUE,
    CardMove.RETAIN,
}
_CASE_AFTER = {
    CardState.PERSONALISED: CaseState.IN_PRODUCTION,
    CardState.QUALITY_PASSED: CaseState.IN_PRODUCTION,
    CardState.STORED: CaseState.READY,
    CardState.ISSUED: CaseState.COLLECTED,
}
_LARGEST_SLOT = 100_000


def order(transaction: Transaction, case: Row[Any], station: str, officer: str | None) -> None:
    """Order a new card for a case."""
    card_id = new_id()
    transaction.connection.execute(
        insert(cards).values(
            card_id=str(card_id),
            case_id=case.case_id,
            live_case=case.case_id,
            office=case.office,
            state=CardState.ORDERED,
            version=1,
            ordered_at=transaction.now,
        )
    )
    ordered = CardOrdered(card_id=card_id)
    transaction.record("card_ordered", case.case_id, station, officer, ordered)


def reserve(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    card_id: UUID,
    request: ReserveRequest,
) -> CardView:
    """Reserve a stored card for one station. The station that holds it may ask again.

    Raises:
        Refusal: Another version, not in storage, held by another station, or the officer made it.
    """
    card = _card(transaction, str(card_id), station.office)
    if officer is not None:
        if not _CARD_DESK & set(officer.roles):
            raise Refusal(403, "role_needed", "counter or production")
        if officer.officer_id == card.personalised_by:
            raise Refusal(403, "same_officer", "who personalised a card does not issue it")
    if card.state == CardState.RESERVED and card.reserved_by == station.name:
        return cases.card_view(card)
    if card.state != CardState.STORED:
        raise Refusal(409, "not_stored", str(card.state))
    if card.version != request.expect_version:
        raise Refusal(409, "version", str(card.version))
    if station.kind == "booth":
        # No slot opens before it is known who comes. A kiosk's own facts are still on their way.
        case = cases.load(transaction, card.case_id)
        evidence.must_be_proven(transaction, case, transaction.today, card.personalised_by)
    card = _write(transaction, card, state=CardState.RESERVED, reserved_by=station.name)
    transaction.record(
        "card_reserved",
        card.case_id,
        station.name,
        None if officer is None else officer.officer_id,
        CardReserved(card_id=card_id, version=card.version),
    )
    return cases.card_view(card)


def release_all(transaction: Transaction, station: str) -> None:
    """Release what a station reserved and had not yet moved; what it moved, staff must look for."""
    held = select(cards).where(cards.c.reserved_by == station, cards.c.state == CardState.RESERVED)
    for card in transaction.connection.execute(held).all():
        freed = _write(transaction, card, state=CardState.STORED, reserved_by=None)
        what = CardReserved(card_id=UUID(card.card_id), version=freed.version)
        transaction.record("card_reservation_released", card.case_id, station, what=what)


def move(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    moved: CardMoved,
    officer: str | None,
    at: datetime,
) -> None:
    """Apply a custody fact of a moment.

    Raises:
        Refusal: The move is not lawful; the reason goes to a supervisor with the fact.
    """
    card = _card(transaction, str(moved.card_id), station.office)
    if card.case_id != case.case_id:
        raise Refusal(409, "card_of_another_case")
    state = after(CardState(card.state), moved.move)
    if state is None:
        raise Refusal(409, "unlawful_move", f"{moved.move} from {card.state}")
    _check_hands(card, station, moved, officer)
    if moved.move is CardMove.ISSUE:
        evidence.must_be_proven(transaction, case, office_day(at), card.personalised_by)
    values = _values(transaction, card, station, moved, state, officer)
    card = _write(transaction, card, state=state, **values)
    if state is CardState.FAULTY:
        # The person waits for a card, not for this one.
        cases.change(transaction, case, state=CaseState.APPROVED)
        order(transaction, case, station.name, officer)
    elif state in _CASE_AFTER:
        _tell_case(transaction, case, _CASE_AFTER[state])
        notices.tell_of_card(transaction, card)


def by_serial(transaction: Transaction, station: Station, chip_serial: str) -> Row[Any]:
    """Find a card by the serial of its chip.

    Raises:
        Refusal: No card of this office has it.
    """
    card = transaction.connection.execute(
        select(cards).where(cards.c.chip_serial == chip_serial, cards.c.office == station.office)
    ).one_or_none()
    if card is None:
        raise Refusal(404, "not_found", "no such card")
    return card


def _check_hands(card: Row[Any], station: Station, moved: CardMoved, officer: str | None) -> None:
    if moved.slot is not None and not 0 < moved.slot < _LARGEST_SLOT:
        raise Refusal(409, "slot_unknown")
    if moved.move in _BY_THE_HOLDER and card.reserved_by != station.name:
        raise Refusal(409, "reserved_elsewhere", str(card.reserved_by))
    if moved.move is CardMove.PERSONALISE and (officer is None or not moved.chip_serial):
        raise Refusal(409, "officer_needed", "a card is personalised by an officer, with its chip")
    if moved.move is CardMove.ISSUE:
        if officer is not None and officer == card.personalised_by:
            raise Refusal(403, "same_officer", "who personalised a card does not issue it")
        if officer is None and station.kind != "collection":
            raise Refusal(409, "officer_needed", "outside the collection kiosk an officer issues")


def _values(
    transaction: Transaction,
    card: Row[Any],
    station: Station,
    moved: CardMoved,
    state: CardState,
    officer: str | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if moved.move is CardMove.PERSONALISE:
        _check_free(transaction, cards.c.chip_serial == moved.chip_serial, card, "chip_known")
        values |= {"personalised_by": officer, "chip_serial": moved.chip_serial}
    elif moved.chip_serial and moved.chip_serial != card.chip_serial:
        raise Refusal(409, "chip_of_another_card")
    if state is CardState.RESERVED:
        # The card still lies in its slot.
        return values | {"reserved_by": station.name}
    place = f"{moved.location} {moved.slot}" if moved.slot is not None else None
    if state is CardState.STORED:
        if moved.move is CardMove.RELEASE_RESERVATION and not moved.location:
            return values | {"reserved_by": None}
        if place is not None:
            _check_free(transaction, cards.c.held_in == place, card, "slot_taken")
        return values | {
            "location": moved.location,
            "slot": moved.slot,
            "held_in": place,
            "reserved_by": None,
        }
    values |= {"location": moved.location or None, "slot": moved.slot, "held_in": None}
    if state is CardState.FAULTY:
        values["live_case"] = None
    return values


def _check_free(transaction: Transaction, taken: Any, card: Row[Any], problem: str) -> None:
    found = transaction.connection.execute(
        select(cards.c.card_id).where(taken, cards.c.card_id != card.card_id)
    ).first()
    if found is not None:
        raise Refusal(409, problem)


def _tell_case(transaction: Transaction, case: Row[Any], state: CaseState) -> None:
    if state is CaseState.COLLECTED:
        done = cases.marked(case, "collected")
        cases.change(transaction, case, state=state, done=done, live_person=None)
        queue.finish(transaction, case.case_id)
    elif state is CaseState.READY:
        cases.change(transaction, case, state=state, done=cases.marked(case, "ready"))
    else:
        cases.change(transaction, case, state=cases.progressed(case, state))


def _write(transaction: Transaction, card: Row[Any], **values: Any) -> Row[Any]:
    done = transaction.connection.execute(
        update(cards)
        .where(cards.c.card_id == card.card_id, cards.c.version == card.version)
        .values(version=card.version + 1, **values)
    )
    if done.rowcount == 0:
        raise Refusal(409, "version")
    return transaction.connection.execute(
        select(cards).where(cards.c.card_id == card.card_id)
    ).one()


def _card(transaction: Transaction, card_id: str, office: str) -> Row[Any]:
    card = transaction.connection.execute(
        select(cards).where(cards.c.card_id == card_id, cards.c.office == office)
    ).one_or_none()
    if card is None:
        raise Refusal(404, "not_found", "no such card")
    return card
