"""What a move does to a card and to its case, and whose hands may make it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from backend.commands import (
    cases,
    custody,
    custody_book,
    issuance,
    notices,
    queue,
    recipients,
    revocations,
    stock,
)
from backend.commands.custody_book import HOLDER, Hands
from backend.commands.effects import CardIssued
from backend.commands.station import Station
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from common.domain.card import BY_FACT, CardMove, CardState
from common.domain.case import CaseState
from common.domain.clock import office_day
from common.domain.custody import Thing
from common.wire.evidence import card_content
from common.wire.facts import CardMoved, Fact

_BY_THE_HOLDER = {
    CardMove.RELEASE_RESERVATION,
    CardMove.PRESENT,
    CardMove.ISSUE,
    CardMove.ISSUE_TO_PROXY,
    CardMove.RETAIN,
}
_ISSUES = {CardMove.ISSUE, CardMove.ISSUE_TO_PROXY}
_BY_AUTHORISED = {CardMove.PERSONALISE, CardMove.ACTIVATE} | _ISSUES
_CASE_AFTER = {
    CardState.PERSONALISED: CaseState.IN_PRODUCTION,
    CardState.QUALITY_PASSED: CaseState.IN_PRODUCTION,
    CardState.STORED: CaseState.READY,
    CardState.ISSUED: CaseState.COLLECTED,
}
_LARGEST_SLOT = 100_000


def move(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    moved: CardMoved,
    fact: Fact,
    number: int,
) -> None:
    """Apply a custody fact, whose line in the ledger has this number.

    Raises:
        Refusal: The move is not lawful; the reason goes to a supervisor with the fact.
    """
    card = _card_to_move(transaction, station, moved)
    if card.case_id != case.case_id:
        raise Refusal(409, "card_of_another_case")
    if moved.move not in BY_FACT:
        raise Refusal(409, "unlawful_move", f"{moved.move} takes a decision of the centre")
    state = CardState(custody_book.must_be_lawful(Thing.CARD, card.state, moved.move).next)
    _check_hands(card, station, moved, fact.officer)
    if moved.move in _BY_AUTHORISED:
        issuance.must_be_authorised(transaction, station)
    hands = Hands(station.name, fact.officer, fact.at, number)
    if moved.move in _ISSUES:
        _issue(transaction, station, case, card, moved.move, hands)
        return
    if moved.move is CardMove.ACTIVATE:
        _activate(transaction, case, card, hands)
        return
    values = _values(transaction, card, station, moved, state, fact.officer)
    if moved.move is CardMove.PERSONALISE:
        values |= _made(transaction, station, case, moved, hands)
    if moved.move is CardMove.FAIL_QUALITY and card.state == CardState.ORDERED:
        stock.spoil_if_known(transaction, station.office, moved.chip_serial, hands)
    place = values.get("held_in") or values.get("location") or card.held_in or station.name
    card = custody_book.turn(transaction, Thing.CARD, card, moved.move, hands, place, **values)
    notices.tell_of_card(transaction, card)
    if state is CardState.FAULTY:
        custody.make_anew(transaction, case, station.name, fact.officer)
    elif state in _CASE_AFTER:
        _tell_case(transaction, case, _CASE_AFTER[state])


def _card_to_move(transaction: Transaction, station: Station, moved: CardMoved) -> Row[Any]:
    """Find the card here, or among what another office has sent here."""
    card_id = str(moved.card_id)
    if moved.move is not CardMove.RECEIVE:
        return custody.load(transaction, card_id, station.office)
    sent = custody_book.last_line(transaction, card_id, CardMove.DISPATCH)
    if sent is None or sent.place != f"to {station.office}":
        raise Refusal(404, "not_found", "no such card is on its way here")
    return custody_book.load(transaction, Thing.CARD, card_id)


def _check_hands(card: Row[Any], station: Station, moved: CardMoved, officer: str | None) -> None:
    if moved.slot is not None and not 0 < moved.slot < _LARGEST_SLOT:
        raise Refusal(409, "slot_unknown")
    if moved.move in _BY_THE_HOLDER and card.reserved_by != station.name:
        raise Refusal(409, "reserved_elsewhere", str(card.reserved_by))
    if moved.move is CardMove.PERSONALISE and (officer is None or not moved.chip_serial):
        raise Refusal(409, "officer_needed", "a card is personalised by an officer, with its chip")
    if moved.move is CardMove.RECEIVE and officer is None:
        raise Refusal(409, "officer_needed", "an officer takes what another office sent")
    if moved.move is CardMove.ACTIVATE and station.kind != "collection":
        raise Refusal(409, "not_compared_here", station.kind)
    if moved.move is CardMove.ISSUE_TO_PROXY and officer is None:
        raise Refusal(409, "officer_needed", "an officer looks at a proxy's authorisation")
    if moved.move in _ISSUES:
        if officer is not None and officer == card.personalised_by:
            raise Refusal(403, "same_officer", "who personalised a card does not issue it")
        if officer is None and station.kind != "collection":
            raise Refusal(409, "officer_needed", "outside the collection kiosk an officer issues")


def _made(
    transaction: Transaction, station: Station, case: Row[Any], moved: CardMoved, hands: Hands
) -> dict[str, Any]:
    """Check what a card was made of: approved, of this application's data, from our stock."""
    if case.approved_by is None:
        raise Refusal(409, "not_approved")
    wanted = issuance.policy(transaction, station.office)
    if moved.content is not None or wanted.content_needed:
        data = cases.view(transaction, case)
        held = card_content(data.case_id, data.particulars, data.portrait or b"", data.fingers)
        if moved.content != held:
            raise Refusal(409, "other_content", "made of other data than this application's")
    stock.use(transaction, station.office, moved.chip_serial, hands, wanted.stock_accounted)
    day = office_day(hands.at)
    return {"valid_until": issuance.must_be_valid_term(transaction, station.office, moved, day)}


def _issue(
    transaction: Transaction,
    station: Station,
    case: Row[Any],
    card: Row[Any],
    how: CardMove,
    hands: Hands,
) -> None:
    issuance.must_be_attended(transaction, station, hands.officer)
    day = office_day(hands.at)
    came = recipients.must_be_proven(transaction, case, day, card.personalised_by)
    recipients.must_go_as_proven(came, how)
    issuance.must_go_out(transaction, case, card, station.office, day)
    action = None
    if came.by == "officer":
        confirmed = recipients.proof_action(transaction, case)
        action = None if confirmed is None else str(confirmed.action_id)
    revocations.supersede(transaction, case, hands)
    card = custody_book.turn(
        transaction,
        Thing.CARD,
        card,
        how,
        replace(hands, action_id=action, proof=came.by),
        HOLDER,
        location=None,
        slot=None,
        held_in=None,
    )
    _tell_case(transaction, case, CaseState.COLLECTED)
    issued = CardIssued(card_id=UUID(card.card_id))
    transaction.record("card_issued", case.case_id, hands.station, hands.officer, issued)
    notices.tell_of_card(transaction, card)


def _activate(transaction: Transaction, case: Row[Any], card: Row[Any], hands: Hands) -> None:
    """Let a card that a proxy collected count, now that its holder was compared with it."""
    came = recipients.must_be_proven(transaction, case, office_day(hands.at), card.personalised_by)
    if came.by != "face_and_finger":
        raise Refusal(409, "recipient_unproven", "the holder's own face and finger")
    custody_book.turn(
        transaction, Thing.CARD, card, CardMove.ACTIVATE, replace(hands, proof=came.by), HOLDER
    )


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
    if state is CardState.RECEIVED:
        return values | {"office": station.office, "location": moved.location or station.name}
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
            "stored_at": card.stored_at or transaction.now,
        }
    values |= {
        "location": moved.location or station.name,
        "slot": moved.slot,
        "held_in": None,
    }
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
