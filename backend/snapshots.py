"""One moment of a database as a stream of bytes, and a database made of such a stream."""

import os
import secrets
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which
from typing import Any, BinaryIO, TypeVar

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from backend.keys import KEY_BYTES
from backend.postgresql import PostgresqlServer
from backend.sealed_file import CHUNK
from backend.sqlite import SqliteFile
from backend.store import StoreError

T = TypeVar("T")

# Only our own schema: what was put aside by a restore is nobody's backup.
_SCHEMA = "--schema=public"


@contextmanager
def of_sqlite(
    database: SqliteFile, beside: Path, ask: Callable[[Connection], T]
) -> Iterator[tuple[T, bytes, Path]]:
    """Copy a SQLite database as it is at one moment, while others write on.

    Yields what was asked of this moment, and the copy: its key, made for it alone, and its file,
    which lies beside another and is removed afterwards. The file is written by SQLCipher itself:
    a file that is copied while it is in use lacks what stands in the write-ahead log.
    """
    key, copy = secrets.token_bytes(KEY_BYTES), beside.with_name(beside.name + ".copying")
    make_private(copy)
    engine = database.reader()
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA query_only = 0")
            driver.execute(f"ATTACH DATABASE ? AS copy KEY {_literal(key)}", (str(copy),))
            with connection.begin():
                found = ask(connection)
                connection.exec_driver_sql("SELECT sqlcipher_export('copy')").all()
            driver.execute("DETACH DATABASE copy")
        yield found, key, copy
    finally:
        engine.dispose()
        copy.unlink(missing_ok=True)


def into_sqlite(copy: Path, key: bytes, target: SqliteFile) -> None:
    """Make a new database file of a copy, encrypted with the target's own key."""
    make_private(target.path)
    with closing(dbapi2.connect(str(target.path), isolation_level=None)) as connection:
        if target.key is not None:
            connection.execute(f"PRAGMA key = {_literal(target.key)}")
        connection.execute("PRAGMA synchronous = 2")
        connection.execute(f"ATTACH DATABASE ? AS copy KEY {_literal(key)}", (str(copy),))
        connection.execute("SELECT sqlcipher_export('main', 'copy')").fetchall()


@contextmanager
def of_postgresql(
    database: PostgresqlServer, ask: Callable[[Connection], T]
) -> Iterator[tuple[T, BinaryIO]]:
    """Dump a PostgreSQL database as it is at one moment, while others write on.

    Yields what was asked of this moment, and the stream of pg_dump's custom format.
    """
    engine = database.reader()
    try:
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            found = ask(connection)
            moment = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}")
            with _program("pg_dump", database, *options, stdout=subprocess.PIPE) as dump:
                yield found, dump.stdout
    finally:
        engine.dispose()


def into_postgresql(chunks: Iterable[bytes], target: PostgresqlServer) -> None:
    """Fill an empty schema from a dump, wholly or not at all."""
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    with _program("pg_restore", target, *options, stdin=subprocess.PIPE) as restore:
        try:
            for chunk in chunks:
                restore.stdin.write(chunk)
            restore.stdin.close()
        except BrokenPipeError:
            return  # it ended early, and its status says why


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read, in place of what was there."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield a stream in pieces that fit a chunk."""
    while piece := file.read(CHUNK):
        yield piece


@contextmanager
def _program(
    name: str,
    database: PostgresqlServer,
    *options: str,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[Any]:
    """Run one of PostgreSQL's own programs; its password goes where other users cannot see it."""
    found = which(name)
    if found is None:
        raise StoreError(f"{name} is not installed here; it comes with PostgreSQL's client")
    where = {key: str(value) for key, value in conninfo_to_dict(database.address).items()}
    password = where.pop("password", None) or database.password
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    command = [found, *options, _SCHEMA, f"--dbname={make_conninfo('', **where)}"]
    with subprocess.Popen(  # noqa: S603 (the program of this name, our own options)
        command, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    ) as program:
        try:
            yield program
        except BaseException:
            program.kill()
            raise
        complaint = program.stderr.read().decode(errors="replace") if program.stderr else ""
        if program.wait() != 0:
            raise StoreError(f"{name} failed: {complaint.strip()[-500:]}")


def _literal(key: bytes) -> str:
    return f"\"x'{key.hex()}'\""
