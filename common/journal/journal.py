"""The station's encrypted local book: facts waiting to be sent, and motions begun but not ended."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import UUID

from common.journal.encrypted_book import BookError, open_book
from common.wire.facts import Fact, new_id
from common.wire.series import Lease, LeasedNumber, SeriesKind

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    officer_token TEXT,
    refused TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS motion(
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    begun_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leased(
    lease_id TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    until TEXT NOT NULL,
    spent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(lease_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept(
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


class JournalError(Exception):
    """The book cannot be opened: another key, or not a book at all."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A physical transaction in work: what was intended, and how far it is known to have come."""

    id: UUID
    kind: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fact that waits to be sent, with the session of the officer who made it."""

    fact: Fact
    officer_token: str | None


class Journal:
    """One SQLCipher file, FULL sync: what put() or intend() returned from is on the disk.

    Safe to use from several threads.
    """

    def __init__(self, file: Path, key: bytes) -> None:
        """Open or make the book at file with a raw 32-byte key.

        Raises:
            JournalError: The key does not fit the file.
        """
        self._lock = RLock()
        self._file, self._key = file, key
        self._is_closed = False
        try:
            self._opened: Any = open_book(file, key, SCHEMA)
        except BookError as error:
            raise JournalError(f"the journal: {error}") from error

    def close(self) -> None:
        """Close the book for good."""
        with self._lock:
            self._book.close()
            self._is_closed = True

    def rest(self) -> None:
        """Close the book until its next use, for as long as it is open SQLite keeps rows in clear.

        Also one that was deleted: the last row written stays in a buffer of the connection's own.
        """
        with self._lock:
            if self._opened is not None and not self._is_closed:
                self._opened.close()
                self._opened = None

    @property
    def _book(self) -> Any:
        if self._opened is None:
            self._opened = open_book(self._file, self._key, SCHEMA)
        return self._opened

    def put(self, *facts: Fact, officer_token: str | None = None) -> None:
        """Write facts into the outbox, all or none. The same fact twice is one fact."""
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            self._book.executemany(
                "INSERT INTO outbox(id, body, officer_token) VALUES(?, ?, ?)"
                " ON CONFLICT(id) DO NOTHING",
                [(str(fact.id), fact.model_dump_json(), officer_token) for fact in facts],
            )

    def waiting(self, at_most: int = 50) -> tuple[Waiting, ...]:
        """Return the oldest facts that were neither accepted nor refused."""
        with self._lock:
            rows = self._book.execute(
                "SELECT body, officer_token FROM outbox WHERE refused IS NULL"
                " ORDER BY number LIMIT ?",
                (at_most,),
            ).fetchall()
        return tuple(Waiting(Fact.model_validate_json(body), token) for body, token in rows)

    def count_waiting(self) -> int:
        """Count the facts that the backend does not have yet."""
        with self._lock:
            row = self._book.execute("SELECT count(*) FROM outbox WHERE refused IS NULL").fetchone()
        return int(row[0])

    def settled(self, fact_id: UUID) -> None:
        """Forget a fact that the backend has."""
        with self._lock:
            self._book.execute("DELETE FROM outbox WHERE id = ?", (str(fact_id),))

    def refused(self, fact_id: UUID, reason: str) -> None:
        """Set a fact aside that the backend will not take; a supervisor looks at it."""
        with self._lock:
            self._book.execute("UPDATE outbox SET refused = ? WHERE id = ?", (reason, str(fact_id)))

    def count_refused(self) -> int:
        """Count the facts set aside."""
        with self._lock:
            row = self._book.execute(
                "SELECT count(*) FROM outbox WHERE refused IS NOT NULL"
            ).fetchone()
        return int(row[0])

    def intend(self, kind: str, body: Mapping[str, Any], at: datetime) -> Motion:
        """Write down a physical transaction before its first motion."""
        motion = Motion(new_id(), kind, dict(body))
        with self._lock:
            self._book.execute(
                "INSERT INTO motion VALUES(?, ?, ?, ?)",
                (str(motion.id), kind, json.dumps(motion.body), at.isoformat()),
            )
        return motion

    def note(self, motion: Motion, **progress: Any) -> Motion:
        """Write down how far a motion has come; progress must be JSON."""
        noted = Motion(motion.id, motion.kind, {**motion.body, **progress})
        with self._lock:
            self._book.execute(
                "UPDATE motion SET body = ? WHERE id = ?", (json.dumps(noted.body), str(motion.id))
            )
        return noted

    def ended(self, motion: Motion, *facts: Fact, officer_token: str | None = None) -> None:
        """End a motion and put the facts of its outcome in the outbox, both or neither."""
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            self._book.execute("DELETE FROM motion WHERE id = ?", (str(motion.id),))
            self._book.executemany(
                "INSERT INTO outbox(id, body, officer_token) VALUES(?, ?, ?)"
                " ON CONFLICT(id) DO NOTHING",
                [(str(fact.id), fact.model_dump_json(), officer_token) for fact in facts],
            )

    def keep_lease(self, lease: Lease) -> None:
        """Keep leased numbers; what is known of a number already stays as it is."""
        until = _utc(lease.expires_at)
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            self._book.executemany(
                "INSERT INTO leased(lease_id, number, kind, body, until) VALUES(?, ?, ?, ?, ?)"
                " ON CONFLICT(lease_id, number) DO UPDATE SET until = excluded.until",
                [
                    (
                        str(lease.lease_id),
                        number.number,
                        lease.kind,
                        number.model_dump_json(),
                        until,
                    )
                    for number in lease.numbers
                ],
            )

    def spend_number(
        self, kind: SeriesKind, at: datetime, fact_of: Callable[[LeasedNumber], Fact]
    ) -> LeasedNumber | None:
        """Take the next leased number and put the fact that spends it in the outbox, both or none.

        Returns None where no lease runs that has a number left.
        """
        with self._lock, self._book:
            self._book.execute("BEGIN IMMEDIATE")
            row = self._book.execute(
                "SELECT lease_id, number, body FROM leased"
                " WHERE kind = ? AND spent = 0 AND until > ? ORDER BY until, number LIMIT 1",
                (kind, _utc(at)),
            ).fetchone()
            if row is None:
                return None
            number = LeasedNumber.model_validate_json(row[2])
            fact = fact_of(number)
            self._book.execute(
                "UPDATE leased SET spent = 1 WHERE lease_id = ? AND number = ?", row[:2]
            )
            self._book.execute(
                "INSERT INTO outbox(id, body) VALUES(?, ?)", (str(fact.id), fact.model_dump_json())
            )
        return number

    def count_numbers(self, kind: SeriesKind, at: datetime) -> int:
        """Count the numbers that can still be given out."""
        with self._lock:
            row = self._book.execute(
                "SELECT count(*) FROM leased WHERE kind = ? AND spent = 0 AND until > ?",
                (kind, _utc(at)),
            ).fetchone()
        return int(row[0])

    def ended_leases(self, at: datetime) -> dict[UUID, tuple[str, ...]]:
        """Return the leases that are over, with the numbers that were never given out."""
        with self._lock:
            rows = self._book.execute(
                "SELECT lease_id, number FROM leased WHERE spent = 0 AND until <= ?"
                " ORDER BY lease_id, number",
                (_utc(at),),
            ).fetchall()
        ended: dict[UUID, tuple[str, ...]] = {}
        for lease_id, number in rows:
            ended[UUID(lease_id)] = (*ended.get(UUID(lease_id), ()), number)
        return ended

    def forget_unspent(self, lease_id: UUID) -> None:
        """Forget the numbers that went back; spent ones stay, so that none is taken up anew."""
        with self._lock:
            self._book.execute(
                "DELETE FROM leased WHERE lease_id = ? AND spent = 0", (str(lease_id),)
            )

    def forget_spent(self, before: datetime) -> None:
        """Forget the spent numbers of leases that ended before a moment."""
        with self._lock:
            self._book.execute("DELETE FROM leased WHERE spent = 1 AND until < ?", (_utc(before),))

    def keep(self, name: str, body: str) -> None:
        """Keep a small thing of the station's own under a name, in place of the one before."""
        with self._lock:
            self._book.execute(
                "INSERT INTO kept VALUES(?, ?)"
                " ON CONFLICT(name) DO UPDATE SET body = excluded.body",
                (name, body),
            )

    def kept(self, name: str) -> str:
        """Return what is kept under a name; empty where nothing is."""
        with self._lock:
            row = self._book.execute("SELECT body FROM kept WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def open_motions(self) -> tuple[Motion, ...]:
        """Return the motions begun and never ended: the first thing to settle on start."""
        with self._lock:
            rows = self._book.execute("SELECT id, kind, body FROM motion ORDER BY id").fetchall()
        return tuple(Motion(UUID(i), kind, json.loads(body)) for i, kind, body in rows)


def _utc(moment: datetime) -> str:
    """Write a moment so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
