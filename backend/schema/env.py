"""Alembic's way in: the caller brings the connection and the transaction."""

from alembic import context

from backend.schema import sync_tables, tables  # noqa: F401 (their tables are what is compared)
from backend.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
