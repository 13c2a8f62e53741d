"""Alembic's way in: the caller brings the connection and the transaction."""

from alembic import context

from backend.schema import booking_tables  # noqa: F401 (so that the metadata knows them)
from backend.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
