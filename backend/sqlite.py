"""SQLite as the backend's database: one file, encrypted where a key is given."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlcipher3 import dbapi2

from backend.store import StoreError

# SQLite up to 3.51.2 can corrupt a write-ahead log that two connections reset at once.
_OLDEST_SQLITE = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """One database file. Only one process may serve it."""

    path: Path
    key: bytes | None = None
    readers: int = 1

    def writer(self) -> Engine:
        """Open what writes: a transaction takes the file's lock when it begins."""
        return open_engine(self.path, self.key, write=True)

    def reader(self) -> Engine:
        """Open what asks; it cannot write."""
        return open_engine(self.path, self.key, write=False)

    def check_kept(self, connection: Connection) -> None:
        """See that the transaction still stands.

        With a full disk or a failing one SQLite may undo the whole transaction by itself, and its
        commit would then succeed with nothing in it.

        Raises:
            StoreError: SQLite gave the transaction up.
        """
        driver = connection.connection.dbapi_connection
        if driver is None or not driver.in_transaction:
            raise StoreError("SQLite gave the transaction up")


def open_engine(path: Path, database_key: bytes | None, *, write: bool) -> Engine:
    """Open a database file with the settings that its promises need.

    Raises:
        StoreError: SQLite is too old, the file is not ours, or the key does not fit.
    """
    if dbapi2.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(f"SQLite {dbapi2.sqlite_version} can corrupt its log; 3.51.3 is needed")

    def connect() -> sqlite3.Connection:
        connection: sqlite3.Connection = dbapi2.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=10
        )
        if database_key is not None:
            connection.execute(f"PRAGMA key = \"x'{database_key.hex()}'\"")
        wanted = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
            "temp_store": 2,
        }
        try:
            for name, value in wanted.items():
                connection.execute(f"PRAGMA {name} = {value}")
                found = connection.execute(f"PRAGMA {name}").fetchone()[0]
                if found != value:
                    raise StoreError(f"SQLite keeps {name} at {found}")
            if not write:
                connection.execute("PRAGMA query_only = 1")
        except dbapi2.DatabaseError as error:
            raise StoreError(f"{path.name} does not open: {error}") from error
        return connection

    engine = create_engine(
        "sqlite://", module=dbapi2, creator=connect, poolclass=StaticPool, hide_parameters=True
    )
    # The driver would begin late and in the wrong mode; a writer takes the lock at once.
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
