"""Alembic's way in: the caller brings the connection and the transaction."""

from alembic import context

from backend.schema import (  # noqa: F401 (each module adds its own tables)
    booking_tables,
    custody_tables,
    notices_tables,
    officer_card_tables,
    osia_tables,
    queue_tables,
    sync_tables,
    tables,
    trust_tables,
)
from backend.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
