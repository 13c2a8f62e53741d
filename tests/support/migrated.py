"""Empty databases at the present schema: the first of a kind is migrated, the others are copies.

Hundreds of tests open an office of their own. The migrations take half a second of a processor
each time, and lead to the same tables.
"""

from contextlib import suppress
from threading import Lock
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege, ObjectInUse
from sqlalchemy import Engine, inspect
from sqlcipher3 import dbapi2

from backend.keys import Keys
from backend.schema.migrate import migrate

TEMPLATE = "smartics_migrated"
_lock = Lock()
_file: Any = None


def migrate_or_copy(engine: Engine, keys: Keys | None = None) -> None:
    """Do what migrate does; an empty database may become a copy of one that was migrated."""
    if inspect(engine).get_table_names():
        migrate(engine, keys)
        return
    with _lock:
        kind = _sqlite if engine.dialect.name == "sqlite" else _postgresql
        kind(engine, keys)


def _sqlite(engine: Engine, keys: Keys | None) -> None:
    global _file  # noqa: PLW0603 (the first one, for a whole run)
    connection = engine.raw_connection()
    try:
        own: Any = connection.dbapi_connection
        if own.execute("PRAGMA cipher_status").fetchone() not in (None, ("0",)):
            migrate(engine, keys)  # SQLCipher copies nothing between two keys
        elif _file is None:
            connection.close()
            migrate(engine, keys)
            connection = engine.raw_connection()
            _file = dbapi2.connect(":memory:", check_same_thread=False)
            own = connection.dbapi_connection
            own.backup(_file)
        else:
            _file.backup(own)
    finally:
        connection.close()


def _postgresql(engine: Engine, keys: Keys | None) -> None:
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        here = raw.info
        name, password = here.dbname, here.password
        address = make_conninfo(host=here.host, port=here.port, user=here.user, password=password)
    engine.dispose()
    with psycopg.connect(address, dbname="postgres", autocommit=True) as server:

        def tell(what: LiteralString, *names: str) -> None:
            server.execute(sql.SQL(what).format(*map(sql.Identifier, names)))

        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,))
        if found.fetchone() is None:
            migrate(engine, keys)
            engine.dispose()
            with suppress(InsufficientPrivilege):  # a role that only serves
                tell("CREATE DATABASE {} TEMPLATE {}", TEMPLATE, name)
            return
        try:
            tell("DROP DATABASE {}", name)
        except (InsufficientPrivilege, ObjectInUse):
            migrate(engine, keys)
        else:
            tell("CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)
