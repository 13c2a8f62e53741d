"""Tags: what their holders said, who walked in, whom reception sees first."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns; the tags of a running day stay what they are."""
    op.add_column("tags", sa.Column("said", sa.LargeBinary(), nullable=True))
    op.add_column("tags", sa.Column("walked_in", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE tags SET walked_in = 1 WHERE service = 'W'")
    op.create_table(
        "watched_people",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_watched_people")),
        sqlite_strict=True,
    )
