"""What stands in for a finger: attempts, exceptions with their second officer, the recipient."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ADDED: tuple[tuple[str, type[sa.types.TypeEngine[Any]]], ...] = (
    ("attempts", sa.LargeBinary),
    ("exceptions", sa.LargeBinary),
    ("excepted_by", sa.Text),
    ("exceptions_confirmed_by", sa.Text),
    ("twin", sa.Integer),
    ("recipient", sa.LargeBinary),
)


def upgrade() -> None:
    """Give the cases their new columns; a case from before has nothing in them."""
    for name, kind in _ADDED:
        op.add_column("cases", sa.Column(name, kind(), nullable=True))
