"""PostgreSQL as the backend's database: for many offices, with standbys."""

from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from backend.store import StoreError

# One lock for every writer of this product in a database: commands run one after another.
_WRITER_LOCK = 0x736D617274696373
_OLDEST = 150000
_SAFE_COMMITS = ("on", "remote_apply")
# A dead server or line is noticed within seconds, not within TCP's two hours.
_LINE = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}


@dataclass(frozen=True, slots=True, repr=False)
class PostgresqlServer:
    """A database of a PostgreSQL server, or of several of which one can be written.

    Attributes:
        address: libpq's connection string (PostgreSQL manual, 34.1.1), several hosts included.
        fsync_needed: Refuse a server that does not write through to the disk.
    """

    address: str
    password: str | None = None
    fsync_needed: bool = True
    readers: int = 2

    def writer(self) -> Engine:
        """Open what writes: a transaction waits until no other writer of the database runs."""
        engine = self._engine(1)

        @event.listens_for(engine, "begin")
        def _alone(connection: Connection) -> None:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

        return engine

    def reader(self) -> Engine:
        """Open what asks: each transaction sees one moment, and cannot write."""
        engine = self._engine(self.readers)
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def check_kept(self, connection: Connection) -> None:
        """PostgreSQL never commits a transaction that it gave up: the commit itself fails."""

    def _engine(self, size: int) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,
        )

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        options = {**_LINE, "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60s"}
        if self.password is not None:
            options["password"] = self.password
        connection = psycopg.connect(make_conninfo(self.address, **options))
        try:
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        # Promises rest on these, so they are read back and not assumed.
        version = connection.info.server_version
        if version < _OLDEST:
            raise StoreError(f"PostgreSQL {version // 10000} is too old; 15 is needed")
        safe = _shown(connection, "synchronous_commit")
        if safe not in _SAFE_COMMITS:
            raise StoreError(f"PostgreSQL keeps synchronous_commit at {safe}")
        if self.fsync_needed and _shown(connection, "fsync") != "on":
            raise StoreError("PostgreSQL runs with fsync off and would lose data in a power cut")
        connection.rollback()


def _shown(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row[0]) if row else ""


def reachable(engine: Engine) -> None:
    """Open a first connection.

    Raises:
        StoreError: No server answers, or it lets nobody in.
    """
    try:
        with engine.connect():
            pass
    except OperationalError as error:
        # libpq's own text names host and user, never a password.
        raise StoreError(f"PostgreSQL does not open: {error.orig}".strip()) from error
