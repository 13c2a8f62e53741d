"""Ledgers to tamper with, and the standards' own way of checking what they prove."""

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert, select, text, update

from backend import ledger_lines as lines
from backend import merkle
from backend.schema.ledger_tables import ledger_end
from backend.schema.tables import ledger, payloads

LOCKED = ("ledger", "payloads", "tree_heads")


def unlock(connection):
    """Take the triggers away, as only somebody with the database itself in hand can."""
    connection.execute(text("DROP INDEX IF EXISTS uq_ledger_station"))
    if connection.dialect.name == "postgresql":
        for table in LOCKED:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(
            text("ALTER TABLE payloads DROP CONSTRAINT IF EXISTS fk_payloads_fact_id")
        )
        return
    connection.execute(text("PRAGMA defer_foreign_keys = 1"))
    for name in connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        connection.execute(text(f"DROP TRIGGER {name}"))


def all_lines(connection):
    return [
        dict(row._mapping)
        for row in connection.execute(select(ledger).order_by(ledger.c.number)).all()
    ]


def rewrite(connection, changed, *, head=True, nodes=True, keys=None):
    """Change lines as a forger does who knows every formula, and make sums fit again.

    Args:
        changed: Column values by line number.
        head, nodes: Whether chains and tree are made to fit again.
        keys: With which keys lines and end are sealed again.
    """
    chains: dict[str, tuple[int, bytes]] = {}
    frontier, seal = b"", lines.FIRST_SEAL
    for old in all_lines(connection):
        row = {**old, **changed.get(old["number"], {})}
        number, before = chains.get(row["station"], (0, lines.FIRST_HEAD))
        row["station_number"] = number + 1
        parts = parts_of(row)
        leaf = merkle.leaf_hash(lines.line(parts))
        frontier, fitting = merkle.grow(row["number"] - 1, frontier, leaf)
        chained = lines.next_head(before, lines.line(parts))
        chains[row["station"]] = row["station_number"], chained
        seal = old["seal"] if keys is None else keys.seal_line(seal, leaf)
        row |= {"sums": lines.sums(parts), "seal": seal}
        row |= {"head": chained} if head else {}
        row |= {"nodes": fitting} if nodes else {}
        connection.execute(update(ledger).where(ledger.c.number == row["number"]).values(**row))
    if keys is not None:
        size = len(all_lines(connection))
        connection.execute(update(ledger_end).values(size=size, seal=keys.seal_end(size, seal)))


def parts_of(row):
    values = {**row, "at": lines.utc(row["at"]), "received_at": lines.utc(row["received_at"])}
    return lines.fields(*(values[name] for name in lines.COLUMNS))


def add_line(connection, number, like):
    """Put a line in that fits its own sums, leaf and chain; its seal cannot."""
    rows = {row["number"]: row for row in all_lines(connection)}
    before = [r for r in rows.values() if r["station"] == like["station"] and r["number"] < number]
    row = {
        **like,
        "number": number,
        "fact_id": "00000000-0000-7000-8000-000000000000",
        "station_number": len(before) + 1,
        "payload_hash": hashlib.sha256(b"forged").digest(),
    }
    parts = parts_of(row)
    head = before[-1]["head"] if before else lines.FIRST_HEAD
    row |= {
        "sums": lines.sums(parts),
        "head": lines.next_head(head, lines.line(parts)),
        "nodes": merkle.leaf_hash(lines.line(parts)),
        "seal": bytes(32),
    }
    connection.execute(insert(ledger).values(**row))
    connection.execute(insert(payloads).values(fact_id=row["fact_id"], sealed=b"forged"))


def canonical(row):
    """A line's text, written by another program."""
    moment = "%Y-%m-%dT%H:%M:%S.%fZ"
    values = {
        "number": row["number"],
        "fact_id": row["fact_id"],
        "kind": row["kind"],
        "case_id": row["case_id"],
        "station": row["station"],
        "station_number": row["station_number"],
        "officer": row["officer"],
        "at": row["at"].strftime(moment),
        "received_at": row["received_at"].strftime(moment),
        "schema_version": row["schema_version"],
        "payload_hash": row["payload_hash"].hex(),
    }
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()


def tree_hash(leaves):
    """MTH of RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    both = tree_hash(leaves[:k]) + tree_hash(leaves[k:])
    return hashlib.sha256(b"\x01" + both).digest()


def included_root(leaf, index, size, proof):
    """The root that an inclusion proof leads to: RFC 9162, 2.1.3.2."""
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        assert sn != 0
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return r


def opened_note(note, verifier):
    """Check a signed note with its key, as c2sp.org/signed-note says; return its lines."""
    name, id_, encoded = verifier.strip().split("+", 2)
    key = base64.b64decode(encoded)
    assert hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == id_
    body, line = note.rsplit("\n\n", 1)
    dash, signer, signature = line.rstrip("\n").split(" ")
    assert (dash, signer, key[0]) == ("—", name, 1)
    bytes_ = base64.b64decode(signature)
    assert bytes_[:4].hex() == id_
    Ed25519PublicKey.from_public_bytes(key[1:]).verify(bytes_[4:], f"{body}\n".encode())
    return body.split("\n")


def toml_of(settings, **backend):
    """Write settings without stations and officers as backend.toml."""
    names = ", ".join(f'{lang} = "{name}"' for lang, name in settings.offices[0].name.items())
    values = {"demo": True, "database": settings.backend.database, **backend}
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    return f'[backend]\n{table}[office]\ncode = "HQ"\nname = {{{names}}}\n'
