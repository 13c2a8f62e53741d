"""Notices: contacts with their consent, and the outbox."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables of notices."""
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("consented_at", Moment(), nullable=False),
        sa.Column("consented_at_place", sa.Text(), nullable=False),
        sa.Column("validated_at", Moment()),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("subject", "channel", name=op.f("uq_contacts_subject_channel")),
        sa.CheckConstraint("channel IN ('mail', 'sms')", name=op.f("ck_contacts_channel")),
        sqlite_strict=True,
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text()),
        sa.Column("sealed_for", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", Moment()),
        sa.Column("ended_at", Moment()),
        sa.Column("delivered_at", Moment()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "subject",
            "stage",
            "channel",
            "occasion",
            name=op.f("uq_notices_subject_stage_channel_occasion"),
        ),
        sa.CheckConstraint("channel IN ('mail', 'sms')", name=op.f("ck_notices_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'expired')",
            name=op.f("ck_notices_state"),
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_notices_leased")
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'sending')) = (ended_at IS NULL)", name=op.f("ck_notices_ended")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_notices_channel_state_due_at", "notices", ["channel", "state", "due_at"])
    op.create_index("ix_notices_contact_id", "notices", ["contact_id"])
    op.create_index("ix_notices_ended_at", "notices", ["ended_at"])
