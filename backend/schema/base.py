"""What every table is made of: moments, names of constraints, strict columns."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

BEFORE_ALL = "1970-01-01T00:00:00.000000Z"
"""A moment that a column may hold which an older row cannot know, as both databases read it."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps it as a text that sorts as the time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        column: TypeEngine[Any] = DateTime(timezone=True)
        if dialect.name == "sqlite":
            column = Text()
        return dialect.type_descriptor(column)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Write a moment."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return utc

    def process_result_value(self, value: object, _dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromisoformat(str(value))


# Sixty-four bits everywhere; SQLite's INTEGER has them, and its strict tables know no BIGINT.
Count = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Column[object] | CheckConstraint | Index | object) -> Table:
    """Describe one table."""
    # The stubs know no list that mixes columns and constraints.
    return Table(name, metadata, *parts, sqlite_strict=True)  # type: ignore[arg-type]


def upsert(dialect: str, into: Table) -> Any:
    """Begin an INSERT that may say ON CONFLICT; both databases spell it alike."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(into)
