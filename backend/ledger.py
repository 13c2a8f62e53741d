"""The append-only book of facts: numbered lines, a chain for each station, one tree over all."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from backend import merkle
from backend.keys import Keys
from backend.ledger_check import Check, check
from backend.ledger_lines import FIRST_HEAD, fields, is_sealed, line, next_head, sums, utc
from backend.schema import tables
from backend.schema.ledger_tables import ledger_end

__all__ = ("Check", "Entry", "LedgerError", "append", "check")


class LedgerError(Exception):
    """The ledger's end was changed by somebody else; nothing may be written after it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, without personal data: that lies sealed beside the ledger and can be erased."""

    fact_id: str
    kind: str
    case_id: str
    station: str
    officer: str | None
    at: datetime
    schema_version: int
    received_at: datetime


# Written once: SQLAlchemy then finds its compiled statement at once, and this is the hot path.
_mine = tables.ledger.alias("mine")
_newest = (
    select(func.max(tables.ledger.c.station_number))
    .where(tables.ledger.c.station == bindparam("of"))
    .scalar_subquery()
)
_END = select(
    ledger_end.c.size,
    ledger_end.c.frontier,
    ledger_end.c.seal,
    _mine.c.station_number,
    _mine.c.head,
).select_from(
    ledger_end.outerjoin(
        _mine, and_(_mine.c.station == bindparam("of"), _mine.c.station_number == _newest)
    )
)
_LINE = insert(tables.ledger)
_PAYLOAD = insert(tables.payloads)
_MOVE_END = update(ledger_end)


def append(connection: Connection, keys: Keys, entry: Entry, sealed: bytes) -> int:
    """Write the next line and its sealed payload; return the line's number.

    Raises:
        LedgerError: The end of the ledger does not carry our seal.
    """
    end = connection.execute(_END, {"of": entry.station}).one()
    if not is_sealed(keys, end.size, end.frontier, end.seal):
        raise LedgerError("the ledger's end was changed: run smartics backend check")
    number: int = end.size + 1
    station_number: int = (end.station_number or 0) + 1
    payload_hash = hashlib.sha256(sealed).digest()
    parts = fields(
        utc(entry.at),
        entry.case_id,
        entry.fact_id,
        entry.kind,
        number,
        entry.officer,
        payload_hash,
        utc(entry.received_at),
        entry.schema_version,
        entry.station,
        station_number,
    )
    text = line(parts)
    frontier, nodes = merkle.grow(end.size, end.frontier, merkle.leaf_hash(text))
    connection.execute(
        _LINE,
        {
            "number": number,
            "fact_id": entry.fact_id,
            "kind": entry.kind,
            "case_id": entry.case_id,
            "station": entry.station,
            "officer": entry.officer,
            "at": entry.at,
            "schema_version": entry.schema_version,
            "payload_hash": payload_hash,
            "received_at": entry.received_at,
            "head": next_head(end.head or FIRST_HEAD, text),
            "station_number": station_number,
            "sums": sums(parts),
            "nodes": nodes,
        },
    )
    connection.execute(_PAYLOAD, {"fact_id": entry.fact_id, "sealed": sealed})
    seal = keys.seal_ledger(number, frontier)
    connection.execute(_MOVE_END, {"size": number, "frontier": frontier, "seal": seal})
    return number
