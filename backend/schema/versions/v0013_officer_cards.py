"""Officers sign in with a card too: cards, and challenges that are good once."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "officer_cards",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.officer_id"], name=op.f("fk_officer_cards_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["officers.officer_id"], name=op.f("fk_officer_cards_given_by")
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_officer_cards")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_officer_cards_officer_id"), "officer_cards", ["officer_id"], unique=False
    )
    op.create_table(
        "officer_challenges",
        sa.Column("challenge_hash", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station"], ["stations.name"], name=op.f("fk_officer_challenges_station")
        ),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_officer_challenges")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_officer_challenges_ends_at"), "officer_challenges", ["ends_at"], unique=False
    )
