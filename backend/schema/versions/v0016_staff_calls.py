"""Calls for staff: when a station made its last one, and which was attended."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns; no station has called anybody yet."""
    op.add_column("station_status", sa.Column("staff_called_at", Moment(), nullable=True))
    op.add_column("station_status", sa.Column("staff_attended", Moment(), nullable=True))
