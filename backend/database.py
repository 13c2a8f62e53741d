"""Which database a backend's settings name, and how it is opened for the first time."""

import os

from sqlalchemy import inspect

from backend.keys import Keys, make_key_file, read_key, read_secret
from backend.postgresql import PostgresqlServer, reachable
from backend.schema.migrate import migrate
from backend.settings import Settings
from backend.sqlite import SqliteFile
from backend.store import Database


def database_of(settings: Settings) -> SqliteFile | PostgresqlServer:
    """Return the database that the settings name; its secrets must be there.

    Raises:
        SecretError: A secret is missing or malformed.
    """
    backend, folder = settings.backend, settings.folder
    if settings.on_postgresql:
        where = backend.database_password
        password = None if where is None else read_secret(where, folder)
        # A demo may run on a server that was told to be quick and not to last.
        return PostgresqlServer(backend.database, password, fsync_needed=not backend.demo)
    where = backend.database_key
    return SqliteFile(settings.database, None if where is None else read_key(where, folder))


def keys_of(settings: Settings) -> Keys:
    """Return everything that derives from the master key.

    Raises:
        SecretError: It is missing or malformed.
    """
    return Keys.derive(read_key(settings.backend.master_key, settings.folder))


def prepare(settings: Settings) -> tuple[Keys, Database]:
    """Make what a first start needs, then bring the schema up to date.

    Raises:
        SecretError, StoreError: A secret or the database does not open.
    """
    if _is_new(settings):
        # Only with a new database: a lost key must be found, not replaced.
        for where in (settings.backend.master_key, settings.backend.database_key):
            if where is not None and where.startswith("file:"):
                make_key_file(settings.folder / where.removeprefix("file:"))
    keys, database = keys_of(settings), database_of(settings)
    if isinstance(database, SqliteFile) and not database.path.exists():
        database.path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(database.path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = database.writer()
    try:
        reachable(engine)
        migrate(engine, keys)
    finally:
        engine.dispose()
    return keys, database


def _is_new(settings: Settings) -> bool:
    if not settings.on_postgresql:
        return not settings.database.exists()
    engine = database_of(settings).writer()
    try:
        reachable(engine)
        return not inspect(engine).has_table("ledger")
    finally:
        engine.dispose()
