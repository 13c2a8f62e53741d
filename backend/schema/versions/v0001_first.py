"""The first schema."""

from alembic import op

from backend.schema.tables import metadata

revision = "0001"
down_revision = None

APPEND_ONLY = ("ledger", "payloads", "refused_facts")


def upgrade() -> None:
    """Make every table, and let nobody change what was written into the books."""
    metadata.create_all(op.get_bind())
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
