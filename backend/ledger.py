"""The append-only book of facts: numbered lines, a chain for each station, one tree over all."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from backend import merkle
from backend.keys import Keys
from backend.ledger_check import Check, check
from backend.ledger_lines import FIRST_HEAD, FIRST_SEAL, fields, line, next_head, sums, utc
from backend.merkle import Node, Span
from backend.schema import tables
from backend.schema.ledger_tables import ledger_end

__all__ = ("Check", "Entry", "LedgerError", "append", "check")


class LedgerError(Exception):
    """The ledger does not end where we left it; nothing may be written or signed after it."""


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


# Built once: building a statement takes longer than running it, and this is the hot path.
_line, _mine = tables.ledger.c, tables.ledger.alias("mine")
_newest = select(func.max(_line.number)).scalar_subquery()
_mine_newest = (
    select(func.max(_line.station_number))
    .where(_line.station == bindparam("of_station"))
    .scalar_subquery()
)
_last = tables.ledger.alias("last")
_LAST = (
    select(_last.c.number, _last.c.seal, _last.c.nodes, _mine.c.station_number, _mine.c.head)
    .select_from(
        _last.outerjoin(
            _mine,
            and_(
                _mine.c.station == bindparam("of_station"),
                _mine.c.station_number == _mine_newest,
            ),
        )
    )
    .where(_last.c.number == _newest)
)
_LINE = insert(tables.ledger)
_PAYLOAD = insert(tables.payloads)
_MOVE_END = update(ledger_end).where(
    ledger_end.c.size == bindparam("old_size"), ledger_end.c.seal == bindparam("old_seal")
)


def append(connection: Connection, keys: Keys, entry: Entry, sealed: bytes) -> int:
    """Write the next line and its sealed payload; return the line's number.

    Raises:
        LedgerError: Lines after the last one are missing, or the ledger is another key's.
    """
    last = connection.execute(_LAST, {"of_station": entry.station}).one_or_none()
    size, seal_before = (0, FIRST_SEAL) if last is None else (last.number, last.seal)
    number: int = size + 1
    station_number: int = 1 if last is None else (last.station_number or 0) + 1
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
    leaf = merkle.leaf_hash(text)
    seal = keys.seal_line(seal_before, leaf)
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
            "head": next_head((last.head if last else None) or FIRST_HEAD, text),
            "station_number": station_number,
            "sums": sums(parts),
            "nodes": _nodes(connection, size, last.nodes if last else b"", leaf),
            "seal": seal,
        },
    )
    connection.execute(_PAYLOAD, {"fact_id": entry.fact_id, "sealed": sealed})
    moved = connection.execute(
        _MOVE_END,
        {
            "size": number,
            "seal": keys.seal_end(number, seal),
            "old_size": size,
            "old_seal": end_seal(keys, size, seal_before),
        },
    )
    if moved.rowcount != 1:
        raise LedgerError("the ledger does not end where we left it: run smartics backend check")
    return number


def end_seal(keys: Keys, size: int, last: bytes) -> bytes:
    """Return what seals a ledger's end. An empty ledger has no seal yet."""
    return keys.seal_end(size, last) if size else b""


def end(connection: Connection, keys: Keys) -> tuple[int, bytes]:
    """Return how many lines there are and the root of their tree.

    Raises:
        LedgerError: The ledger does not end where we left it.
    """
    last = connection.execute(
        select(_line.number, _line.seal).where(_line.number == _newest)
    ).one_or_none()
    size, seal = (0, FIRST_SEAL) if last is None else (last.number, last.seal)
    kept = connection.execute(select(ledger_end.c.size, ledger_end.c.seal)).all()
    if [tuple(row) for row in kept] != [(size, end_seal(keys, size, seal))]:
        raise LedgerError("the ledger does not end where we left it: run smartics backend check")
    return size, span_hashes(connection, [(0, size)])[0] if size else merkle.EMPTY_ROOT


def span_hashes(connection: Connection, spans: list[Span]) -> list[bytes]:
    """Return the hashes of spans of the tree, from the nodes that were kept."""
    kept = kept_nodes(connection, [node for span in spans for node in merkle.cover(span)])
    return merkle.hashes_of(spans, kept.__getitem__)


def kept_nodes(connection: Connection, nodes: list[Node]) -> dict[Node, bytes]:
    """Return nodes of the tree; each is kept with the last line below it."""
    numbers = {merkle.ending_leaf(node) for node in nodes}
    rows = connection.execute(select(_line.number, _line.nodes).where(_line.number.in_(numbers)))
    kept = {row.number: merkle.split(row.nodes) for row in rows}
    return {node: kept[merkle.ending_leaf(node)][node[0]] for node in nodes}


def _nodes(connection: Connection, size: int, last: bytes, leaf: bytes) -> bytes:
    """Return the tree's nodes that are complete with the next line."""
    siblings = merkle.left_siblings(size)
    # The last line's own leaf is at hand; more is needed for one line in four.
    lefts = [last[: merkle.HASH_BYTES]] if siblings else []
    if len(siblings) > 1:
        lefts += kept_nodes(connection, siblings[1:]).values()
    nodes = [leaf]
    for left in lefts:
        nodes.append(merkle.node_hash(left, nodes[-1]))
    return b"".join(nodes)
