"""Reads the whole ledger once and finds the first line that is not as it was written."""

import hashlib
import hmac
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from heapq import merge
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import Column, Connection, DateTime, Row, Select, Text, func, select, type_coerce
from sqlalchemy.exc import DatabaseError

from backend import ledger_lines as lines
from backend import merkle
from backend.keys import Keys
from backend.notes import Checkpoint, LogKey, NoteError
from backend.schema import tables
from backend.schema.base import Moment
from backend.schema.ledger_tables import ledger_end, tree_heads

# Payloads can be hundreds of kilobytes each, and so many are in memory at a time.
_ROWS = 100
_ENDS = select(ledger_end.c.size, ledger_end.c.seal)
_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


class Check(TypedDict):
    """What a check of the whole ledger found. first_bad is a line's number.

    where names the column of that line, or
    - "seal": the line does not carry our seal: it was put in, or rewritten with all that fits it;
    - "payload": the sealed payload is another one, or gone;
    - "missing", "extra": the line was removed, or stands after the ledger's end;
    - "unreadable": the database cannot read it any more;
    - "ledger_end": what says how many lines there are was changed;
    - "tree_heads", "witness": a signed head, ours or one kept outside, shows another ledger.
    """

    facts: int
    chain_ok: bool
    first_bad: int | None
    where: str | None


class _Finding(NamedTuple):
    line: int
    where: str


class _Head(NamedTuple):
    size: int
    root: bytes | None
    kept_in: str


def check(connection: Connection, keys: Keys, witnessed: Iterable[Checkpoint] = ()) -> Check:
    """Check every line, its payload, its station's chain, the tree, and every signed head.

    The hash is over the payload as sealed, so a ledger also holds after a case was erased. Lines
    are streamed: memory does not grow with the ledger.
    """
    outside = sorted(_Head(head.size, head.root, "witness") for head in witnessed)
    with closing(_kept_heads(connection, LogKey("any", keys.log))) as kept:
        walk = _Walk(keys, merge(kept, outside, key=lambda head: head.size))
        try:
            with _bytes_as_they_are(connection), closing(_rows(connection)) as rows:
                for row in rows:
                    walk.take(row)
            walk.finish([tuple(row) for row in connection.execute(_ENDS)])
        except DatabaseError:
            walk.find(walk.facts + 1, "unreadable")
    found = walk.found
    return {
        "facts": walk.facts,
        "chain_ok": found is None,
        "first_bad": None if found is None else found.line,
        "where": None if found is None else found.where,
    }


class _Walk:
    """Goes from line to line and remembers chains, tree, heads, and the first finding."""

    def __init__(self, keys: Keys, heads: Iterator[_Head]) -> None:
        self.facts = 0
        self.found: _Finding | None = None
        self._keys = keys
        self._heads, self._head = heads, next(heads, None)
        self._proved = 0
        self._frontier = b""
        self._seal = lines.FIRST_SEAL
        self._chains: dict[str, tuple[int, bytes]] = {}
        self._compare_heads()

    def find(self, line: int, where: str) -> None:
        """Remember what is wrong, unless something before it is."""
        if self.found is None:
            self.found = _Finding(line, where)

    def take(self, row: Row[Any]) -> None:
        """Check the next line."""
        self.facts += 1
        if self.found is not None:
            return
        if row.number != self.facts:
            self.find(self.facts, "missing" if row.number > self.facts else "extra")
            return
        where = self._fault_of(row)
        if where is not None:
            self.find(self.facts, where)
            return
        self._chains[row.station] = row.station_number, row.head
        self._seal = row.seal
        self._compare_heads()

    def finish(self, ends: list[tuple[int, bytes]]) -> None:
        """Compare what was read with the sealed end and the heads that are left."""
        if self._head is not None:
            is_ours = self._head.root is not None
            self.find(self.facts + 1, "missing" if is_ours else self._head.kept_in)
        size, seal = ends[0] if len(ends) == 1 else (-1, b"")
        fits = seal == (self._keys.seal_end(self.facts, self._seal) if self.facts else b"")
        if self.found is not None and self.found.line == size + 1 <= self.facts:
            self.found = _Finding(size + 1, "extra")
        elif size > self.facts and not fits:
            self.find(self.facts + 1, "missing")
        elif size != self.facts or not fits:
            self.find(self.facts + 1, "ledger_end")

    def _fault_of(self, row: Row[Any]) -> str | None:
        """Return which column of a line, or its payload, is not as it was written."""
        parts = lines.fields(*(getattr(row, name) for name in lines.COLUMNS))
        text = lines.line(parts)
        leaf = merkle.leaf_hash(text)
        self._frontier, nodes = merkle.grow(self.facts - 1, self._frontier, leaf)
        changed = _changed_column(row.sums, lines.sums(parts))
        if not hmac.compare_digest(row.seal, self._keys.seal_line(self._seal, leaf)):
            return changed or "seal"
        # From here on the line is as we wrote it, and only what stands beside it may not be.
        if changed is not None:
            return "sums"
        number, head = self._chains.get(row.station, (0, lines.FIRST_HEAD))
        if row.station_number != number + 1 or row.head != lines.next_head(head, text):
            return "head"
        if row.nodes != nodes:
            return "nodes"
        if row.sealed is None or hashlib.sha256(row.sealed).digest() != row.payload_hash:
            return "payload"
        return None

    def _compare_heads(self) -> None:
        while self._head is not None and self._head.size == self.facts:
            head, self._head = self._head, next(self._heads, None)
            if head.root is None:
                self.find(max(head.size, 1), head.kept_in)
            elif head.root == merkle.root(self._frontier):
                self._proved = head.size
            else:
                self.find(self._proved + 1, head.kept_in)


def _changed_column(kept: bytes, made: bytes) -> str | None:
    if kept == made:
        return None
    for at, name in enumerate(lines.COLUMNS):
        if kept[4 * at : 4 * at + 4] != made[4 * at : 4 * at + 4]:
            return name
    return None


def _rows(connection: Connection) -> Generator[Row[Any]]:
    """Yield the lines with their payloads; after an error one by one, up to the bad one."""
    lines_, last = _lines(connection), 0
    try:
        with connection.execute(lines_.execution_options(yield_per=_ROWS)) as rows:
            for row in rows:
                last = row.number
                yield row
    except DatabaseError:
        rest = lines_.where(tables.ledger.c.number > last).execution_options(yield_per=1)
        with connection.execute(rest) as rows:
            yield from rows


def _lines(connection: Connection) -> Select[Any]:
    def as_written(column: Column[Any]) -> Any:
        # In SQLite a moment is kept as the line's text has it; a changed one may be no moment.
        if not isinstance(column.type, Moment):
            return column
        if connection.dialect.name == "sqlite":
            return type_coerce(column, Text).label(column.name)
        utc = func.timezone("UTC", type_coerce(column, DateTime))
        return func.to_char(utc, _MOMENT, type_=Text).label(column.name)

    columns = [as_written(column) for column in tables.ledger.c]
    return (
        select(*columns, tables.payloads.c.sealed)
        .outerjoin(tables.payloads, tables.payloads.c.fact_id == tables.ledger.c.fact_id)
        .order_by(tables.ledger.c.number)
    )


@contextmanager
def _bytes_as_they_are(connection: Connection) -> Iterator[None]:
    """Let texts that were changed into no texts be read all the same."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.text_factory = lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _kept_heads(connection: Connection, key: LogKey) -> Generator[_Head]:
    """Yield the signed heads; one that was changed has no root."""
    notes = select(tree_heads.c.size, tree_heads.c.note).order_by(tree_heads.c.size)
    with connection.execute(notes.execution_options(yield_per=_ROWS)) as rows:
        for row in rows:
            yield _Head(row.size, _root_in(row.note, row.size, key), "tree_heads")


def _root_in(note: str, size: int, key: LogKey) -> bytes | None:
    try:
        head = key.open(note)
    except NoteError:
        return None
    return head.root if head.size == size else None
