"""Alembic's way in: the caller brings the connection and the transaction."""

from alembic import context

from backend.schema import osia_tables, tables, trust_tables  # noqa: F401 (each adds its own)
from backend.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
