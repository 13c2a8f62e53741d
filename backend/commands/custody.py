"""The custody of new cards: ordered, moved lawfully, reserved by one station at a time."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from backend.commands import (
    cases,
    custody_book,
    issuance,
    notices,
    recipients,
    revocations,
)
from backend.commands.custody_book import NOWHERE, Hands
from backend.commands.effects import CardOrdered, CardReserved
from backend.commands.station import Officer, Station
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from common.domain.card import KEPT, CardMove, CardState
from common.domain.case import CaseState
from common.domain.custody import Thing
from common.domain.notice import NoticeStage
from common.domain.officer import Role
from common.wire.facts import new_id
from common.wire.shapes import CardView, ReserveRequest

_CARD_DESK = {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR}


def order(transaction: Transaction, case: Row[Any], station: str, officer: str | None) -> None:
    """Order a new card for an approved case.

    Raises:
        Refusal: Another card for this person is on its way, from whichever case.
    """
    person = case.person or None
    if _kept_card(transaction, person) is not None:
        raise Refusal(409, "card_known", "another card for this person is on its way")
    card_id = new_id()
    ordered = CardOrdered(card_id=card_id)
    number = transaction.record("card_ordered", case.case_id, station, officer, ordered)
    custody_book.begin(
        transaction,
        Thing.CARD,
        str(card_id),
        "order",
        Hands(station, officer, transaction.now, number),
        "to be made",
        case_id=case.case_id,
        live_case=case.case_id,
        office=case.office,
        state=CardState.ORDERED,
        ordered_at=transaction.now,
        person=person,
    )


def reserve(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    card_id: UUID,
    request: ReserveRequest,
) -> CardView:
    """Reserve a stored card for one station. The station that holds it may ask again.

    Raises:
        Refusal: Another version, not in storage, held by another station, or the officer made it;
            or the holder's biometrics are too old, and no two officers overrode that.
    """
    card = load(transaction, str(card_id), station.office)
    issuance.must_be_authorised(transaction, station)
    issuance.must_be_attended(transaction, station, officer)
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
    case = cases.load(transaction, card.case_id)
    if station.kind == "booth":
        # No slot opens before it is known who comes. A kiosk's own facts are still on their way.
        recipients.must_be_proven(transaction, case, transaction.today, card.personalised_by)
    given = None if request.action_id is None else str(request.action_id)
    overridden = issuance.override(transaction, card, given)
    issuance.must_be_fresh(transaction, case, station.office, transaction.today, overridden)
    name = None if officer is None else officer.officer_id
    reserved = CardReserved(card_id=card_id, version=card.version + 1)
    number = transaction.record("card_reserved", card.case_id, station.name, name, reserved)
    hands = Hands(station.name, name, transaction.now, number, action_id=overridden)
    card = custody_book.turn(
        transaction,
        Thing.CARD,
        card,
        CardMove.RESERVE,
        hands,
        card.held_in or station.name,
        reserved_by=station.name,
    )
    return cases.card_view(card)


def release_all(transaction: Transaction, station: str) -> None:
    """Release what a station reserved and had not yet moved; what it moved, staff must look for."""
    held = select(cards).where(cards.c.reserved_by == station, cards.c.state == CardState.RESERVED)
    for card in transaction.connection.execute(held).all():
        what = CardReserved(card_id=UUID(card.card_id), version=card.version + 1)
        number = transaction.record("card_reservation_released", card.case_id, station, what=what)
        hands = Hands(station, None, transaction.now, number)
        custody_book.turn(
            transaction,
            Thing.CARD,
            card,
            CardMove.RELEASE_RESERVATION,
            hands,
            card.held_in or station,
            reserved_by=None,
        )


def send_on(transaction: Transaction, card: Row[Any], hands: Hands, to_office: str) -> None:
    """Let a stored card travel to another office, where its holder collects it from now on."""
    custody_book.turn(
        transaction,
        Thing.CARD,
        card,
        CardMove.DISPATCH,
        hands,
        f"to {to_office}",
        location=f"to {to_office}",
        slot=None,
        held_in=None,
    )
    case = cases.load(transaction, card.case_id)
    cases.change(transaction, case, state=CaseState.IN_PRODUCTION, collection_office=to_office)
    notices.tell(transaction, card.case_id, NoticeStage.REDIRECTED, to_office)


def write_off(transaction: Transaction, card: Row[Any], hands: Hands) -> None:
    """Give a card up that nobody finds: it is worth nothing from now on, and made anew."""
    custody_book.turn(
        transaction,
        Thing.CARD,
        card,
        CardMove.WRITE_OFF,
        hands,
        NOWHERE,
        location=None,
        slot=None,
        held_in=None,
        live_case=None,
    )
    revocations.announce(transaction, card.case_id, card.card_id, "lost in custody")
    case = cases.load(transaction, card.case_id)
    make_anew(transaction, case, hands.station, hands.officer)


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


def make_anew(transaction: Transaction, case: Row[Any], station: str, officer: str | None) -> None:
    """The person waits for a card, not for this one."""
    case = cases.change(transaction, case, state=CaseState.APPROVED)
    order(transaction, case, station, officer)


def _kept_card(transaction: Transaction, person: str | None) -> Row[Any] | None:
    return transaction.connection.execute(
        select(cards).where(cards.c.person == person, cards.c.state.in_(sorted(KEPT)))
    ).one_or_none()


def load(transaction: Transaction, card_id: str, office: str) -> Row[Any]:
    """Return a card in this office's custody.

    Raises:
        Refusal: There is none.
    """
    card = transaction.connection.execute(
        select(cards).where(cards.c.card_id == card_id, cards.c.office == office)
    ).one_or_none()
    if card is None:
        raise Refusal(404, "not_found", "no such card")
    return card
