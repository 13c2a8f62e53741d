"""Where the backend keeps things: one writer, group commit, whatever database lies below."""

import logging
import queue
from asyncio import wrap_future
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError

from backend.keys import Keys
from backend.transaction import Transaction, forbidden
from common.domain.clock import Clock

logger = logging.getLogger(__name__)

T = TypeVar("T")
Command = Callable[[Transaction], T]

_BATCH = 64
_MOST_WAITING = 2000


class StoreError(Exception):
    """The store cannot be opened or could not keep what it was given."""


class Database(Protocol):
    """What a store stands on. Engines begin their transactions as their use needs it."""

    @property
    def readers(self) -> int:
        """How many may ask at the same time."""

    def writer(self) -> Engine:
        """Open what writes. Its transactions run one after another, in every process."""

    def reader(self) -> Engine:
        """Open what asks, one connection for each of the readers; it cannot write."""

    def check_kept(self, connection: Connection) -> None:
        """See before the commit that the database still holds the transaction.

        Raises:
            StoreError: It gave the transaction up by itself.
        """


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


class Store:
    """Keeps everything, and runs each command as one transaction: wholly, or not at all.

    One thread writes. Commands that wait at the same moment share one commit, each inside its own
    savepoint: this is several times faster than letting connections fight for locks, nobody
    starves, and a command may look before it writes, for no other runs meanwhile.
    """

    def __init__(
        self,
        database: Database,
        keys: Keys,
        clock: Clock,
        on_commit: Callable[[set[str]], None] = lambda _offices: None,
        observe: Callable[[int, float, bool], None] = lambda _many, _seconds, _kept: None,
    ) -> None:
        """Open both engines and begin.

        Args:
            database: What it stands on.
            keys: The backend's.
            clock: The time.
            on_commit: Hears of the offices whose panels changed, on the writer's thread.
            observe: Hears of each commit: its commands, its seconds, whether it was kept.
        """
        self._database, self._keys, self._clock = database, keys, clock
        self._on_commit, self._observe = on_commit, observe
        self._writer, self._reader = database.writer(), database.reader()
        self._commands: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._questions: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        readers = range(1, database.readers + 1)
        self._threads = [
            Thread(target=self._write_all, name="store-writer", daemon=True),
            *(
                Thread(target=self._read_all, name=f"store-reader-{n}", daemon=True)
                for n in readers
            ),
        ]
        self._closed = False
        for thread in self._threads:
            thread.start()

    async def command(self, do: Command[T]) -> T:
        """Run a command; return its result only after it is safe on disk.

        Raises:
            StoreError: It is unknown whether the command was kept; it may be sent again.
            Refusal: The command, or the database's own rules, say no.
        """
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

    @property
    def waiting(self) -> int:
        """How many commands wait to be written."""
        return self._commands.qsize()

    def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
        if self._closed:
            return
        self._closed = True
        self._commands.put(None)
        for _ in range(self._database.readers):
            self._questions.put(None)
        for thread in self._threads:
            thread.join()
        self._reader.dispose()
        self._writer.dispose()

    def _enqueue(self, line: "queue.SimpleQueue[_Job[Any] | None]", do: Command[T]) -> "Future[T]":
        if self._closed:
            raise StoreError("the store is closed")
        if line.qsize() >= _MOST_WAITING:
            # A database that stands still must not fill the memory with what waits for it.
            raise StoreError("too many commands wait already")
        job = _Job(do, Future[T]())
        line.put(job)
        return job.future

    def _write_all(self) -> None:
        for batch in _batches(self._commands, _BATCH):
            self._commit(batch)

    def _commit(self, batch: list[_Job[Any]]) -> None:
        offices: set[str] = set()
        begun, kept = monotonic(), True
        try:
            with self._writer.connect() as connection, connection.begin() as whole:
                for job in batch:
                    self._run(connection, job, offices, alone=len(batch) == 1)
                if len(batch) == 1 and batch[0].error is not None:
                    whole.rollback()
                else:
                    self._database.check_kept(connection)
        except Exception as error:
            # Nothing of the batch is known to be on disk, so nobody may hear a yes.
            logger.exception("a commit failed; %d commands were not kept", len(batch))
            for job in batch:
                job.error = StoreError("the store could not keep the command")
                job.error.__cause__ = error
            offices.clear()
            kept = False
        self._observe(len(batch), monotonic() - begun, kept)
        for job in batch:
            job.settle()
        if offices:
            self._on_commit(offices)

    def _run(
        self, connection: Connection, job: _Job[Any], offices: set[str], *, alone: bool
    ) -> None:
        transaction = Transaction(connection, self._keys, self._clock())
        try:
            if alone:
                job.result = job.do(transaction)
            else:
                with connection.begin_nested():
                    job.result = job.do(transaction)
        except Exception as error:
            job.error = _told(error)
        else:
            offices |= transaction.changed_offices

    def _read_all(self) -> None:
        for (job,) in _batches(self._questions, 1):
            try:
                with self._reader.connect() as connection, connection.begin():
                    job.result = job.do(Transaction(connection, self._keys, self._clock()))
            except Exception as error:
                job.error = _told(error)
            job.settle()


def _told(error: Exception) -> Exception:
    """Return what the one who asked hears of an error."""
    if isinstance(error, IntegrityError):
        return forbidden(error)
    if isinstance(error, DBAPIError | InvalidRequestError):
        # The text of a database's error may quote what was written.
        logger.error("the database failed: %s", type(error).__name__)
        failed = StoreError("the database failed")
        failed.__cause__ = error
        return failed
    return error


def _batches(line: "queue.SimpleQueue[_Job[Any] | None]", most: int) -> Iterable[list[_Job[Any]]]:
    """Yield what waits, as many at a time as there are up to most, until the end mark."""
    while True:
        batch = [line.get()]
        while len(batch) < most and batch[-1] is not None:
            try:
                batch.append(line.get_nowait())
            except queue.Empty:
                break
        jobs = [job for job in batch if job is not None]
        if jobs:
            yield jobs
        if len(jobs) < len(batch):
            return
