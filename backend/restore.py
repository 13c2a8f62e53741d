"""Puts a backup in the place of a database, and proves what it put there."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Event
from uuid import UUID

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from backend import snapshots
from backend.backup import Manifest, data_of, manifest_of
from backend.commands.erasure import erase_case
from backend.database import database_of, keys_of
from backend.keys import Keys, make_key_file
from backend.ledger_check import check
from backend.notes import LogKey
from backend.postgresql import PostgresqlServer, reachable
from backend.schema.migrate import migrate
from backend.schema.tables import ledger
from backend.settings import Settings, read
from backend.sqlite import SqliteFile
from backend.store import Database, Store, StoreError
from backend.transaction import Refusal
from common.domain.clock import system_clock

LEAVING_S = 2
"""So long a server may need until it knows that somebody who hung up has gone."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        manifest: What the backup said of itself.
        replaced: How many ledger lines the database before had; None if there was none.
        aside: Where that database is now.
        erased: Cases that were erased since the backup, and are erased again.
        still_open: Such cases that are open in the backup and could not be erased.
    """

    manifest: Manifest
    replaced: int | None
    aside: str | None
    erased: tuple[str, ...]
    still_open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Present:
    lines: int
    erased: tuple[str, ...] = ()


def restore(config: Path, source: Path, *, force: bool = False) -> Restored:
    """Restore a backup, check its ledger, and put the database before it aside.

    Raises:
        SettingsError, SecretError: The settings or a secret is wrong.
        StoreError: The backup is not whole or not ours, the database is in use or holds newer
            lines, or the ledger in the backup is broken. Nothing was changed then.
    """
    settings = read(config)
    keys = keys_of(settings)
    manifest = manifest_of(source, keys)
    for _ in data_of(source, keys):
        pass  # proved whole before anything is touched
    kind = "postgresql" if settings.on_postgresql else "sqlite"
    if manifest.database != kind:
        raise StoreError(f"the backup is of {manifest.database}, the settings name {kind}")
    _make_database_key(settings)
    database = database_of(settings)
    present = _present(database, manifest.moment.lines, force=force)
    if present is not None and present.lines > manifest.moment.lines and not force:
        raise StoreError(
            f"the database holds {present.lines} lines, the backup {manifest.moment.lines}: "
            "with --force it is put aside"
        )
    stamp = system_clock().strftime("%Y%m%dT%H%M%S%fZ")
    if isinstance(database, PostgresqlServer):
        aside = _into_postgresql(database, source, manifest, keys, stamp)
    else:
        aside = _into_sqlite(database, source, manifest, keys, stamp)
    wanted = () if present is None else present.erased
    erased, still_open = _erase_again(database, keys, wanted)
    lines = None if present is None else present.lines
    return Restored(manifest, lines, aside if present is not None else None, erased, still_open)


def _make_database_key(settings: Settings) -> None:
    where = settings.backend.database_key
    is_new = not settings.on_postgresql and not settings.database.exists()
    if where is not None and where.startswith("file:") and is_new:
        make_key_file(settings.folder / where.removeprefix("file:"))


def _present(database: Database, from_line: int, *, force: bool) -> _Present | None:
    """Ask the database that is there how long its ledger is, and who was erased since a line."""
    if isinstance(database, SqliteFile) and not database.path.exists():
        return None
    engine = database.reader()
    try:
        if isinstance(database, PostgresqlServer):
            reachable(engine)
        with engine.connect() as connection, connection.begin():
            if not inspect(connection).has_table("ledger"):
                return None
            lines = connection.scalar(select(func.max(ledger.c.number))) or 0
            later = select(ledger.c.case_id).where(
                ledger.c.kind == "case_erased", ledger.c.number > from_line
            )
            erased = connection.scalars(later).all()
            return _Present(lines, tuple(case.removeprefix("erased ") for case in erased))
    except (StoreError, DBAPIError) as error:
        if force and isinstance(database, SqliteFile):
            return _Present(0)
        raise StoreError(
            f"the database that is there cannot be read ({error}); --force puts a file aside"
        ) from error
    finally:
        engine.dispose()


def _into_sqlite(
    target: SqliteFile, source: Path, manifest: Manifest, keys: Keys, stamp: str
) -> str:
    copy = target.path.with_name(target.path.name + ".copying")
    new = SqliteFile(target.path.with_name(target.path.name + ".restoring"), target.key)
    aside = target.path.with_name(f"{target.path.name}.before-restore-{stamp}")
    try:
        snapshots.make_private(copy)
        with copy.open("wb") as file:
            file.writelines(data_of(source, keys))
        snapshots.into_sqlite(copy, bytes.fromhex(manifest.copy_key or ""), new)
        _prove(new, manifest, keys)
        _close_log(new, must=True)
        if target.path.exists():
            _close_log(target, must=False)
            for end in ("-wal", "-shm"):  # only beside a file that could not be read
                log = Path(f"{target.path}{end}")
                if log.exists():
                    log.rename(f"{aside}{end}")
            aside.hardlink_to(target.path)
        new.path.replace(target.path)
    except dbapi2.DatabaseError as error:
        raise StoreError(f"the backup does not become a database: {error}") from error
    finally:
        for path in (copy, new.path, Path(f"{new.path}-wal"), Path(f"{new.path}-shm")):
            path.unlink(missing_ok=True)
    return aside.name


def _close_log(file: SqliteFile, *, must: bool) -> None:
    """Bring what stands in the write-ahead log into the file; nobody else may have it open."""
    with closing(dbapi2.connect(str(file.path), isolation_level=None, timeout=1)) as connection:
        try:
            if file.key is not None:
                connection.execute(f"PRAGMA key = \"x'{file.key.hex()}'\"")
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except dbapi2.OperationalError as error:
            if "locked" in str(error):
                mode = "wal"
            elif must:
                raise
            else:
                return
        except dbapi2.DatabaseError:
            # It cannot be read at all, which may be why a backup is wanted.
            if must:
                raise
            return
    if mode != "delete":
        raise StoreError(f"{file.path.name} is in use: stop the backend first")


def _into_postgresql(
    target: PostgresqlServer, source: Path, manifest: Manifest, keys: Keys, stamp: str
) -> str:
    aside = f"before_restore_{stamp}".lower()
    engine = target.writer()
    try:
        with engine.begin() as connection:
            _must_be_alone(connection)
            connection.exec_driver_sql(f'ALTER SCHEMA public RENAME TO "{aside}"')
            connection.exec_driver_sql("CREATE SCHEMA public")
        with _undone(engine, aside):
            snapshots.into_postgresql(data_of(source, keys), target)
            _prove(target, manifest, keys)
    finally:
        engine.dispose()
    return aside


@contextmanager
def _undone(engine: Engine, aside: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql(f'ALTER SCHEMA "{aside}" RENAME TO public')
        raise


def _must_be_alone(connection: Connection) -> None:
    pause = Event()
    for _ in range(LEAVING_S * 10):
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).scalar_one()
        if not others:
            return
        pause.wait(0.1)
        # Within a transaction the server tells the same again until it is asked to look anew.
        connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    raise StoreError("the database is in use: stop the backend first")


def _prove(database: Database, manifest: Manifest, keys: Keys) -> None:
    """Bring a restored database to the present schema and check its ledger from end to end."""
    engine = database.writer()
    try:
        migrate(engine, keys)
        with engine.connect() as connection:
            head = LogKey("any", keys.log).open(manifest.moment.checkpoint)
            found = check(connection, keys, [head])
    except CommandError as error:
        raise StoreError("the backup is of a newer version of this software") from error
    finally:
        engine.dispose()
    if not found["chain_ok"] or found["facts"] != manifest.moment.lines:
        line, where = found["first_bad"], found["where"]
        raise StoreError(f"the ledger in the backup is broken at line {line} ({where})")


def _erase_again(
    database: Database, keys: Keys, cases: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Erase what was erased since the backup; nobody comes back to life by a restore."""
    if not cases:
        return (), ()
    erased, still_open = [], []
    store = Store(database, keys, system_clock)
    try:
        for case in cases:
            try:
                store.submit(partial(erase_case, case_id=UUID(case), officer="restore")).result()
            except Refusal as refusal:
                # A case that began after the backup is not in it: nothing is left to erase.
                if refusal.status == HTTPStatus.CONFLICT:
                    still_open.append(case)
            else:
                erased.append(case)
    finally:
        store.close()
    return tuple(erased), tuple(still_open)
