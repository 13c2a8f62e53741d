"""The append-only book of facts: each line holds the hash of all lines before it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict

from sqlalchemy import Connection, Row, insert, select, update

from backend.keys import Keys
from backend.schema import tables

_START = bytes(32)


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


class Check(TypedDict):
    """What a check of the whole ledger found. first_bad is a line's number."""

    facts: int
    chain_ok: bool
    first_bad: int | None


def append(connection: Connection, keys: Keys, entry: Entry, sealed: bytes) -> int:
    """Write the next line and its sealed payload; return the line's number."""
    last = connection.execute(select(tables.chain_head)).one_or_none()
    number = 1 if last is None else last.number + 1
    payload_hash = hashlib.sha256(sealed).digest()
    head = _next_head(_START if last is None else last.head, entry, payload_hash)
    connection.execute(
        insert(tables.ledger).values(
            number=number,
            fact_id=entry.fact_id,
            kind=entry.kind,
            case_id=entry.case_id,
            station=entry.station,
            officer=entry.officer,
            at=entry.at,
            schema_version=entry.schema_version,
            payload_hash=payload_hash,
            received_at=entry.received_at,
            head=head,
        )
    )
    connection.execute(insert(tables.payloads).values(fact_id=entry.fact_id, sealed=sealed))
    seal = keys.sign_chain(number, head)
    if last is None:
        connection.execute(
            insert(tables.chain_head).values(one=1, number=number, head=head, seal=seal)
        )
    else:
        connection.execute(update(tables.chain_head).values(number=number, head=head, seal=seal))
    return number


def check(connection: Connection, keys: Keys) -> Check:
    """Read the whole ledger and say whether anything in it was changed, removed or added.

    The hash is over the payload as sealed, so the chain also holds after a case was erased. The
    last line carries a seal made with the master key: who rewrites the whole chain cannot renew it.
    """
    head, count = _START, 0
    rows = connection.execute(
        select(tables.ledger, tables.payloads.c.sealed)
        .outerjoin(tables.payloads, tables.payloads.c.fact_id == tables.ledger.c.fact_id)
        .order_by(tables.ledger.c.number)
        .execution_options(yield_per=500)
    )
    first_bad: int | None = None
    for row in rows:
        count += 1
        if first_bad is None:
            head = _next_head(head, _entry(row), row.payload_hash)
            intact = row.sealed is not None and _hash_fits(row.sealed, row.payload_hash)
            if row.number != count or row.head != head or not intact:
                first_bad = count
    last = connection.execute(select(tables.chain_head)).one_or_none()
    if first_bad is None and not _end_fits(last, count, head, keys):
        first_bad = min(count, last.number if last is not None else 0) + 1
    return {"facts": count, "chain_ok": first_bad is None, "first_bad": first_bad}


def _end_fits(last: Row[tuple[object, ...]] | None, count: int, head: bytes, keys: Keys) -> bool:
    if last is None:
        return count == 0
    genuine = hmac.compare_digest(last.seal, keys.sign_chain(last.number, last.head))
    return genuine and last.number == count and last.head == head


def _hash_fits(sealed: bytes, payload_hash: bytes) -> bool:
    return hashlib.sha256(sealed).digest() == payload_hash


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        row.fact_id,
        row.kind,
        row.case_id,
        row.station,
        row.officer,
        row.at,
        row.schema_version,
        row.received_at,
    )


def _next_head(before: bytes, entry: Entry, payload_hash: bytes) -> bytes:
    line = json.dumps(
        {
            "id": entry.fact_id,
            "kind": entry.kind,
            "case": entry.case_id,
            "station": entry.station,
            "officer": entry.officer,
            "at": _iso(entry.at),
            "schema": entry.schema_version,
            "payload": payload_hash.hex(),
            "received": _iso(entry.received_at),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(before + line.encode()).digest()


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
