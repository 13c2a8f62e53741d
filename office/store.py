"""Where an office's backend may keep its tables."""

from enum import StrEnum


class Store(StrEnum):
    """The kind of database."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class NoPostgresqlError(Exception):
    """This machine has no PostgreSQL server that can be started; the message says why."""
