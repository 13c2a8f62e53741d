"""Where the backend keeps things: the store's promise, and SQLite with one writer."""

import logging
import queue
import sqlite3
from asyncio import wrap_future
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlcipher3 import dbapi2

from backend.keys import Keys
from backend.transaction import Transaction
from common.domain.clock import Clock

logger = logging.getLogger(__name__)

T = TypeVar("T")
Command = Callable[[Transaction], T]

# SQLite up to 3.51.2 can corrupt a write-ahead log that two connections reset at once.
_OLDEST_SQLITE = (3, 51, 3)
_BATCH = 64


class StoreError(Exception):
    """The store cannot be opened or could not keep what it was given."""


class Store(Protocol):
    """Keeps everything, and runs each command as one transaction: wholly, or not at all."""

    async def command(self, do: Command[T]) -> T:
        """Run a command; return its result only after it is safe on disk."""

    async def read(self, ask: Command[T]) -> T:
        """Ask something of the last committed state."""

    def close(self) -> None:
        """Finish what was accepted, then let go of the database."""


@dataclass(slots=True)
class _Job(Generic[T]):
    do: Command[T]
    future: Future[T]
    result: T | None = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Hand the outcome to whoever waits for it."""
        if not self.future.set_running_or_notify_cancel():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]  # set where error is None


class SqliteStore:
    """SQLite, encrypted where a key is given, with one thread that writes.

    Commands that wait at the same moment share one commit, each inside its own savepoint: this is
    several times faster than letting connections fight for the lock, and nobody starves.
    """

    def __init__(
        self,
        path: Path,
        keys: Keys,
        clock: Clock,
        database_key: bytes | None = None,
        on_commit: Callable[[set[str]], None] = lambda _offices: None,
    ) -> None:
        self._keys, self._clock, self._on_commit = keys, clock, on_commit
        self._writer = open_engine(path, database_key, write=True)
        self._reader = open_engine(path, database_key, write=False)
        self._commands: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._questions: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._threads = [
            Thread(target=self._write_all, name="store-writer", daemon=True),
            Thread(target=self._read_all, name="store-reader", daemon=True),
        ]
        self._closed = False
        for thread in self._threads:
            thread.start()

    async def command(self, do: Command[T]) -> T:
        """Run a command; return its result only after it is safe on disk."""
        return await wrap_future(self.submit(do))

    async def read(self, ask: Command[T]) -> T:
        """Ask something of the last committed state."""
        return await wrap_future(self._enqueue(self._questions, ask))

    def submit(self, do: Command[T]) -> "Future[T]":
        """Queue a command from any thread."""
        return self._enqueue(self._commands, do)

    def ask(self, question: Command[T]) -> T:
        """Ask from a thread that may wait."""
        return self._enqueue(self._questions, question).result()

    def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        if self._closed:
            return
        self._closed = True
        self._commands.put(None)
        self._questions.put(None)
        for thread in self._threads:
            thread.join()
        self._reader.dispose()
        self._writer.dispose()

    def _enqueue(self, line: "queue.SimpleQueue[_Job[Any] | None]", do: Command[T]) -> "Future[T]":
        if self._closed:
            raise StoreError("the store is closed")
        job = _Job(do, Future[T]())
        line.put(job)
        return job.future

    def _write_all(self) -> None:
        with self._writer.connect() as connection:
            for batch in _batches(self._commands):
                self._commit(connection, batch)

    def _commit(self, connection: Connection, batch: list[_Job[Any]]) -> None:
        offices: set[str] = set()
        try:
            with connection.begin():
                for job in batch:
                    self._run(connection, job, offices)
                    _check_still_open(connection)
        except Exception as error:
            # Nothing of the batch is on disk, so nobody may hear a yes.
            logger.exception("a commit failed; %d commands were not kept", len(batch))
            for job in batch:
                job.error = StoreError("the store could not keep the command")
                job.error.__cause__ = error
            offices.clear()
        for job in batch:
            job.settle()
        if offices:
            self._on_commit(offices)

    def _run(self, connection: Connection, job: _Job[Any], offices: set[str]) -> None:
        transaction = Transaction(connection, self._keys, self._clock())
        try:
            with connection.begin_nested():
                job.result = job.do(transaction)
        except Exception as error:
            job.error = error
        else:
            offices |= transaction.changed_offices

    def _read_all(self) -> None:
        with self._reader.connect() as connection:
            for batch in _batches(self._questions):
                for job in batch:
                    try:
                        with connection.begin():
                            job.result = job.do(Transaction(connection, self._keys, self._clock()))
                    except Exception as error:
                        job.error = error
                    job.settle()


def _check_still_open(connection: Connection) -> None:
    # With a full disk or a failing one SQLite may undo the whole transaction by itself, and its
    # commit would then succeed with nothing in it.
    driver = connection.connection.dbapi_connection
    if driver is None or not driver.in_transaction:
        raise StoreError("SQLite gave the transaction up")


def _batches(line: "queue.SimpleQueue[_Job[Any] | None]") -> Iterable[list[_Job[Any]]]:
    """Yield what waits, as many at a time as there are, until the end mark."""
    while True:
        batch = [line.get()]
        while len(batch) < _BATCH and batch[-1] is not None:
            try:
                batch.append(line.get_nowait())
            except queue.Empty:
                break
        jobs = [job for job in batch if job is not None]
        if jobs:
            yield jobs
        if len(jobs) < len(batch):
            return


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
