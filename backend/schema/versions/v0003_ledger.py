"""The ledger that proves itself: a chain for each station, a tree over all lines, signed heads.

Lines from before are checked by the chain they had, and get what the new ones have.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import Connection, Row

from backend import ledger_lines as lines
from backend import merkle
from backend.keys import Keys
from backend.schema.base import Count, Moment
from backend.schema.rules import append_only, refuse
from backend.store import StoreError

revision = "0003"
down_revision = "0002"

_lines = sa.table(
    "ledger",
    *(sa.column(name, sa.Text) for name in ("fact_id", "kind", "case_id", "station", "officer")),
    *(
        sa.column(name, sa.LargeBinary)
        for name in ("payload_hash", "head", "sums", "nodes", "seal")
    ),
    *(sa.column(name, Moment) for name in ("at", "received_at")),
    *(sa.column(name, sa.Integer) for name in ("number", "station_number", "schema_version")),
)
_old_end = sa.table(
    "chain_head",
    sa.column("number", sa.Integer),
    *(sa.column(name, sa.LargeBinary) for name in ("head", "seal")),
)


def upgrade() -> None:
    """Change the ledger's form, carry old lines over, and lock the books again."""
    bind = op.get_bind()
    for event in ("update", "delete"):
        of_table = " ON ledger" if bind.dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER ledger_no_{event}{of_table}")
    _make_tables(bind)
    size, seal = _carry_over(bind)
    op.create_index("uq_ledger_station", "ledger", ["station", "station_number"], unique=True)
    op.drop_table("chain_head")
    end = sa.table(
        "ledger_end",
        *(sa.column(name, sa.Integer) for name in ("one", "size")),
        sa.column("seal", sa.LargeBinary),
    )
    bind.execute(sa.insert(end).values(one=1, size=size, seal=seal))
    _lock(bind)


def _make_tables(bind: Connection) -> None:
    if bind.dialect.name == "postgresql":
        op.alter_column("ledger", "number", type_=sa.BigInteger(), existing_nullable=False)
    for name, kind, empty in (
        ("station_number", Count, "0"),
        ("sums", sa.LargeBinary(), "''"),
        ("nodes", sa.LargeBinary(), "''"),
        ("seal", sa.LargeBinary(), "''"),
    ):
        blank = empty if bind.dialect.name == "postgresql" else empty.replace("''", "x''")
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(blank))
        op.add_column("ledger", column)
    op.create_table(
        "ledger_end",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("size", Count, nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_ledger_end_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_ledger_end")),
        sqlite_strict=True,
    )
    op.create_table(
        "tree_heads",
        sa.Column("size", Count, autoincrement=False, nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_tree_heads")),
        sqlite_strict=True,
    )


def _carry_over(bind: Connection) -> tuple[int, bytes]:
    """Give every old line its place in chains and tree; return their number and its seal."""
    end = bind.execute(sa.select(_old_end)).one_or_none()
    rows = _after(bind, 0)
    if end is None and not rows:
        return 0, b""
    keys: Keys | None = context.config.attributes.get("keys")
    if keys is None:
        raise StoreError("a ledger with lines can be migrated with the master key only")
    head, place = lines.FIRST_HEAD, _Place(keys)
    while rows:
        for row in rows:
            head = _old_head(head, row)
            if row.number != place.size + 1 or row.head != head:
                raise StoreError(f"the ledger's chain is broken at line {place.size + 1}")
            new = place.of(row)
            bind.execute(sa.update(_lines).where(_lines.c.number == row.number).values(new))
        rows = _after(bind, place.size)
    sealed = hmac.digest(keys.chain, place.size.to_bytes(8, "big") + head, "sha256")
    whole = end is not None and (end.number, end.head) == (place.size, head)
    if end is None or not whole or not hmac.compare_digest(end.seal, sealed):
        raise StoreError(f"the ledger's end is not as we sealed it, after line {place.size}")
    return place.size, keys.seal_end(place.size, place.seal)


class _Place:
    """Where the next line stands: in the chains of the stations and of seals, and in the tree."""

    def __init__(self, keys: Keys) -> None:
        self.size, self.seal = 0, lines.FIRST_SEAL
        self._keys, self._frontier = keys, b""
        self._stations: dict[str, tuple[int, bytes]] = {}

    def of(self, row: Row[Any]) -> dict[str, object]:
        """Return the new columns of the next line."""
        before, head = self._stations.get(row.station, (0, lines.FIRST_HEAD))
        parts = lines.fields(
            lines.utc(row.at),
            row.case_id,
            row.fact_id,
            row.kind,
            row.number,
            row.officer,
            row.payload_hash,
            lines.utc(row.received_at),
            row.schema_version,
            row.station,
            before + 1,
        )
        text = lines.line(parts)
        leaf = merkle.leaf_hash(text)
        self._frontier, nodes = merkle.grow(self.size, self._frontier, leaf)
        self.size, self.seal = row.number, self._keys.seal_line(self.seal, leaf)
        head = lines.next_head(head, text)
        self._stations[row.station] = before + 1, head
        return {
            "station_number": before + 1,
            "head": head,
            "sums": lines.sums(parts),
            "nodes": nodes,
            "seal": self.seal,
        }


def _after(bind: Connection, number: int) -> list[Row[Any]]:
    rows = sa.select(_lines).where(_lines.c.number > number).order_by(_lines.c.number).limit(500)
    return list(bind.execute(rows))


def _old_head(before: bytes, row: Row[Any]) -> bytes:
    line = json.dumps(
        {
            "id": row.fact_id,
            "kind": row.kind,
            "case": row.case_id,
            "station": row.station,
            "officer": row.officer,
            "at": _utc(row.at),
            "schema": row.schema_version,
            "payload": row.payload_hash.hex(),
            "received": _utc(row.received_at),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(before + line.encode()).digest()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _lock(bind: Connection) -> None:
    """Let nobody change or remove a line, nor slip one in; the application cannot either."""
    for event in ("UPDATE", "DELETE"):
        refuse(f"ledger_no_{event.lower()}", event, "ledger", "ledger is append-only")
    append_only("tree_heads")
    if bind.dialect.name == "postgresql":
        _lock_postgresql()
        return
    # INSERT OR REPLACE removes a row without telling the triggers against DELETE.
    for table, key in (("payloads", "fact_id"), ("tree_heads", "size")):
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 (names)
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER ledger_next_number BEFORE INSERT ON ledger "
        "WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger) "
        "OR EXISTS (SELECT 1 FROM ledger WHERE fact_id = NEW.fact_id) "
        "BEGIN SELECT RAISE(ABORT, 'ledger is append-only: it takes the next number'); END"
    )


def _lock_postgresql() -> None:
    for table in ("ledger", "payloads", "refused_facts", "tree_heads"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION smartics_refuse('{table} is append-only')"
        )
    op.execute(
        "CREATE FUNCTION smartics_next_number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger) THEN "
        "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
        "MESSAGE = 'ledger is append-only: it takes the next number'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_next_number BEFORE INSERT ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION smartics_next_number()"
    )
