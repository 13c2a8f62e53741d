"""What an issuing authority ever issued: a small SQLite file that survives a power cut.

A certificate is issued at the moment when its row is on the disk, the certificate in it; files are
written from the rows and can be written again. Rows are never changed or removed, and the database
itself refuses a number that was used before.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE issued (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, reference TEXT NOT NULL, name TEXT NOT NULL, key_label TEXT NOT NULL,
  begins TEXT NOT NULL, key_ends TEXT NOT NULL, ends TEXT NOT NULL,
  content BLOB NOT NULL, UNIQUE (kind, reference)
) STRICT;
CREATE TABLE serial (serial TEXT PRIMARY KEY) STRICT;
CREATE TABLE revoked (
  serial TEXT PRIMARY KEY REFERENCES serial, at TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE revocation_list (
  number INTEGER PRIMARY KEY, made TEXT NOT NULL, content BLOB NOT NULL
) STRICT;
"""
_VERSION = 1
_WAIT_S = 10.0


class RegisterError(Exception):
    """The register is missing, there already, of another version, or does not allow it."""


class AuthorityError(Exception):
    """The authority does not do this; the message says why."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate of the register.

    Attributes:
        kind: csca, csca_link, document_signer, cvca, cvca_link, verifier or terminal.
        reference: The serial number in hexadecimal, or the holder reference of a CV certificate.
        name: What people call it.
        key_label: Its private key in the key store.
        key_ends: Until when that may sign.
    """

    kind: str
    reference: str
    name: str
    key_label: str
    begins: datetime
    key_ends: datetime
    ends: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class Revoked:
    """One revocation."""

    serial: int
    at: datetime
    reason: str


class Register:
    """An open register. Each act is a transaction of its own; two programs wait for each other."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def create(cls, file: Path, settings: dict[str, str], first: list[Issued]) -> "Register":
        """Make a register with its settings and first certificates, all at once.

        Raises:
            RegisterError: There is one already.
        """
        file.parent.mkdir(parents=True, exist_ok=True)
        found = cls(file)
        with found._connected() as database:
            if database.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise RegisterError("there is an authority in this folder already")
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            database.executemany("INSERT INTO setting VALUES (?, ?)", settings.items())
            for issued in first:
                _insert(database, issued)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        return found

    @classmethod
    def open(cls, file: Path) -> "Register":
        """Open a register.

        Raises:
            RegisterError: It is not there, or of another version.
        """
        if not file.exists():
            raise RegisterError("there is no authority in this folder: create one")
        found = cls(file)
        with found._connected() as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            raise RegisterError("the authority's register is unfinished or of another version")
        return found

    @staticmethod
    def is_made(file: Path) -> bool:
        """Whether there is a whole register; what a power cut left of one does not count."""
        try:
            Register.open(file)
        except RegisterError:
            return False
        return True

    def settings(self) -> dict[str, str]:
        """What the authority was created with."""
        with self._connected() as database:
            return dict(database.execute("SELECT name, value FROM setting"))

    def issued(self, *kinds: str) -> list[Issued]:
        """Certificates of these kinds, the oldest first; all where none is named."""
        with self._connected() as database:
            rows = database.execute(
                "SELECT kind, reference, name, key_label, begins, key_ends, ends, content"
                " FROM issued ORDER BY number"
            ).fetchall()
        return [_read(row) for row in rows if not kinds or row[0] in kinds]

    def add(self, *issued: Issued) -> None:
        """Issue certificates, all or none.

        Raises:
            RegisterError: A number was used before.
        """
        with self._connected() as database:
            for one in issued:
                _insert(database, one)

    def revoke(self, revoked: Revoked) -> bool:
        """Note a revocation; False where it was noted before.

        Raises:
            RegisterError: No certificate has this number.
        """
        row = (f"{revoked.serial:X}", _text(revoked.at), revoked.reason)
        with self._connected() as database:
            if database.execute("SELECT 1 FROM revoked WHERE serial = ?", row[:1]).fetchone():
                return False
            try:
                database.execute("INSERT INTO revoked VALUES (?, ?, ?)", row)
            except sqlite3.IntegrityError:
                raise RegisterError(f"no certificate has the number {row[0]}") from None
        return True

    def revoked(self) -> list[Revoked]:
        """All revocations, the oldest first."""
        with self._connected() as database:
            rows = database.execute("SELECT serial, at, reason FROM revoked ORDER BY rowid")
            return [
                Revoked(int(serial, 16), datetime.fromisoformat(at), reason)
                for serial, at, reason in rows
            ]

    def next_list_number(self) -> int:
        """The number that the next CRL must have."""
        with self._connected() as database:
            (last,) = database.execute("SELECT MAX(number) FROM revocation_list").fetchone()
        return (last or 0) + 1

    def add_list(self, number: int, made: datetime, content: bytes) -> None:
        """Keep a CRL.

        Raises:
            RegisterError: Another program has used its number meanwhile.
        """
        with self._connected() as database:
            try:
                database.execute(
                    "INSERT INTO revocation_list VALUES (?, ?, ?)", (number, _text(made), content)
                )
            except sqlite3.IntegrityError:
                raise RegisterError("another program has just made a CRL: try again") from None

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._file, _WAIT_S, isolation_level=None)) as database:
                database.execute("PRAGMA synchronous = EXTRA")
                database.execute("PRAGMA foreign_keys = ON")
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                except BaseException:
                    database.execute("ROLLBACK")
                    raise
                database.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise RegisterError(f"the register cannot be used: {error}") from error


def _insert(database: sqlite3.Connection, issued: Issued) -> None:
    try:
        if issued.kind in ("csca", "csca_link", "document_signer"):
            database.execute("INSERT INTO serial VALUES (?)", (issued.reference,))
        database.execute(
            "INSERT INTO issued (kind, reference, name, key_label, begins, key_ends, ends, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                issued.kind,
                issued.reference,
                issued.name,
                issued.key_label,
                _text(issued.begins),
                _text(issued.key_ends),
                _text(issued.ends),
                issued.content,
            ),
        )
    except sqlite3.IntegrityError:
        raise RegisterError(f"the number {issued.reference} was used before") from None


def _read(row: tuple[Any, ...]) -> Issued:
    begins, key_ends, ends = (datetime.fromisoformat(text) for text in row[4:7])
    return Issued(row[0], row[1], row[2], row[3], begins, key_ends, ends, row[7])


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
