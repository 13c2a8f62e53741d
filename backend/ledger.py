"""The append-only book of facts: numbered lines, a chain for each station, one tree over all.

A line's text is canonical JSON of its columns: keys sorted, no spaces, times in UTC with
microseconds and a Z, hashes in hexadecimal. From it follow
- `head`: SHA-256 over the head of the station's line before (32 zero bytes before its first) and
  the text, so that a station can prove its own lines to anybody by itself;
- `nodes`: the nodes of the Merkle tree (RFC 9162) that are complete with this line, the first of
  them the line's own leaf. Proofs and the signed heads are made from them;
- `sums`: a CRC-32 of each column. They prove nothing; they say which column was changed.
"""

import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from json import JSONEncoder
from zlib import crc32

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from backend import merkle
from backend.keys import Keys
from backend.schema import tables
from backend.schema.ledger_tables import ledger_end

FIRST_HEAD = bytes(32)
COLUMNS = (
    "at",
    "case_id",
    "fact_id",
    "kind",
    "number",
    "officer",
    "payload_hash",
    "received_at",
    "schema_version",
    "station",
    "station_number",
)
"""What a line's text holds, in its order."""

_SUMS = struct.Struct(f">{len(COLUMNS)}I")
_text = JSONEncoder().encode


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


def fields(
    at: str,
    case_id: str,
    fact_id: str,
    kind: str,
    number: int,
    officer: str | None,
    payload_hash: bytes,
    received_at: str,
    schema_version: int,
    station: str,
    station_number: int,
) -> list[bytes]:
    """Return the parts of a line's text, one for each of COLUMNS. Moments are written by `utc`."""
    return [
        # A changed database may hold what is no text; its bytes then count as they are.
        part.encode(errors="surrogateescape")
        for part in (
            f'"at":"{at}"',
            f'"case_id":{_text(case_id)}',
            f'"fact_id":{_text(fact_id)}',
            f'"kind":{_text(kind)}',
            f'"number":{number}',
            f'"officer":{_text(officer)}',
            f'"payload_hash":"{payload_hash.hex()}"',
            f'"received_at":"{received_at}"',
            f'"schema_version":{schema_version}',
            f'"station":{_text(station)}',
            f'"station_number":{station_number}',
        )
    ]


def line(parts: list[bytes]) -> bytes:
    """Put a line's text together."""
    return b"{" + b",".join(parts) + b"}"


def sums(parts: list[bytes]) -> bytes:
    """Return the check sums of a line's columns."""
    return _SUMS.pack(*map(crc32, parts))


def sum_of(part: bytes) -> bytes:
    """Return the check sum of one column."""
    return crc32(part).to_bytes(4, "big")


def next_head(before: bytes, text: bytes) -> bytes:
    """Return the head of a station's chain after one more line."""
    return hashlib.sha256(before + text).digest()


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
    number, station_number = end.size + 1, (end.station_number or 0) + 1
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


def is_sealed(keys: Keys, size: int, frontier: bytes, seal: bytes) -> bool:
    """Tell whether we wrote the ledger's end. An empty ledger has no seal yet."""
    if size == 0:
        return not frontier and not seal
    return hmac.compare_digest(seal, keys.seal_ledger(size, frontier))


def utc(moment: datetime) -> str:
    """Write a moment as a line's text has it, and as SQLite keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
