"""The book of custody: nothing changes hands without its line, and no line is outside the law.

The database holds the same: a row whose line is missing, or whose line is no lawful move, does not
change (the triggers of migration 0005).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, insert, select, update

from backend.schema.custody_tables import blank_cards, captured_documents, custody_events
from backend.schema.tables import cards
from backend.transaction import Refusal, Transaction
from common.domain.custody import Edge, Thing, edge

HOLDER, NOWHERE = "holder", "nowhere"
"""The places of a card in its holder's hand, and of one that nobody finds."""

_KEPT_IN: dict[Thing, tuple[Table, Column[Any]]] = {
    Thing.CARD: (cards, cards.c.card_id),
    Thing.DOCUMENT: (captured_documents, captured_documents.c.document_id),
    Thing.BLANK: (blank_cards, blank_cards.c.serial),
}


@dataclass(frozen=True, slots=True)
class Hands:
    """Who did it, where and when, and the line of the ledger that says so.

    Attributes:
        action_id: What two officers confirmed, where that is needed.
        proof: By what the holder was known; with the move ISSUE alone.
    """

    station: str
    officer: str | None
    at: datetime
    number: int
    action_id: str | None = None
    proof: str | None = None


def begin(
    transaction: Transaction,
    thing: Thing,
    object_id: str,
    move: str,
    hands: Hands,
    where: str,
    **values: Any,
) -> Row[Any]:
    """Take a thing into custody, in the state that values name."""
    table, key = _KEPT_IN[thing]
    _write_line(transaction, thing, object_id, 1, None, move, values["state"], hands, where)
    transaction.connection.execute(
        insert(table).values({key.name: object_id, "version": 1, **values})
    )
    return load(transaction, thing, object_id)


def turn(
    transaction: Transaction,
    thing: Thing,
    row: Row[Any],
    move: str,
    hands: Hands,
    where: str,
    **values: Any,
) -> Row[Any]:
    """Make one lawful move and return the row as it is now.

    Raises:
        Refusal: The move is not lawful, needs two officers, or the row changed meanwhile.
    """
    table, key = _KEPT_IN[thing]
    lawful = must_be_lawful(thing, row.state, move)
    if lawful.needed and hands.action_id is None:
        raise Refusal(409, "action_needed", f"{move} takes two officers")
    object_id, version = getattr(row, key.name), row.version + 1
    _write_line(transaction, thing, object_id, version, row.state, move, lawful.next, hands, where)
    done = transaction.connection.execute(
        update(table)
        .where(key == object_id, table.c.version == row.version)
        .values(state=lawful.next, version=version, **values)
    )
    if done.rowcount == 0:
        raise Refusal(409, "version")
    return load(transaction, thing, object_id)


def must_be_lawful(thing: Thing, state: str, move: str) -> Edge:
    """Return the lawful move.

    Raises:
        Refusal: There is none; the reason goes to a supervisor.
    """
    found = edge(thing, state, move)
    if found is None:
        raise Refusal(409, "unlawful_move", f"{move} from {state}")
    return found


def load(transaction: Transaction, thing: Thing, object_id: str) -> Row[Any]:
    """Return what is in custody under this id.

    Raises:
        Refusal: There is nothing.
    """
    table, key = _KEPT_IN[thing]
    row = transaction.connection.execute(select(table).where(key == object_id)).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", f"no such {thing}")
    return row


def last_line(transaction: Transaction, card_id: str, move: str) -> Row[Any] | None:
    """Return the newest line of a card with this move."""
    return transaction.connection.execute(
        select(custody_events)
        .where(
            custody_events.c.thing == Thing.CARD,
            custody_events.c.object_id == card_id,
            custody_events.c.move == move,
        )
        .order_by(custody_events.c.version.desc())
        .limit(1)
    ).one_or_none()


def _write_line(
    transaction: Transaction,
    thing: Thing,
    object_id: str,
    version: int,
    before: str | None,
    move: str,
    after: str,
    hands: Hands,
    place: str,
) -> None:
    transaction.connection.execute(
        insert(custody_events).values(
            thing=thing,
            object_id=object_id,
            version=version,
            from_state=before,
            move=move,
            to_state=after,
            place=place,
            station=hands.station,
            officer=hands.officer,
            action_id=hands.action_id,
            proof=hands.proof,
            ledger_number=hands.number,
            at=hands.at,
        )
    )
