"""The interfaces for other systems: enrollments, subscriptions, credential requests."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    _enrollments()
    _notification()
    op.create_table(
        "osia_credential_requests",
        sa.Column("card_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('UNSENT', 'PENDING', 'ISSUED', 'CANCELLED', 'FAILED')",
            name=op.f("ck_osia_credential_requests_status"),
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_osia_credential_requests_card_id")
        ),
        sa.PrimaryKeyConstraint("card_id", name=op.f("pk_osia_credential_requests")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_osia_credential_requests_status_due_at",
        "osia_credential_requests",
        ["status", "due_at"],
        unique=False,
    )


def _enrollments() -> None:
    op.create_table(
        "osia_enrollments",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("enrollment_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "status IN ('IN_PROGRESS', 'FINALIZED')", name=op.f("ck_osia_enrollments_status")
        ),
        sa.CheckConstraint(
            "(status = 'FINALIZED') = (case_id IS NOT NULL)",
            name=op.f("ck_osia_enrollments_finalized"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_osia_enrollments_case_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "enrollment_id", name=op.f("pk_osia_enrollments")),
        sa.UniqueConstraint("case_id", name=op.f("uq_osia_enrollments_case_id")),
        sa.UniqueConstraint("subject", name=op.f("uq_osia_enrollments_subject")),
        sqlite_strict=True,
    )
    op.create_table(
        "osia_buffers",
        sa.Column("buffer_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("enrollment_id", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer", "enrollment_id"],
            ["osia_enrollments.issuer", "osia_enrollments.enrollment_id"],
            name=op.f("fk_osia_buffers_issuer_enrollment_id"),
        ),
        sa.PrimaryKeyConstraint("buffer_id", name=op.f("pk_osia_buffers")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_osia_buffers_issuer", "osia_buffers", ["issuer", "enrollment_id"], unique=False
    )


def _notification() -> None:
    op.create_table(
        "osia_topics",
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_osia_topics")),
        sa.UniqueConstraint("issuer", "name", name=op.f("uq_osia_topics_issuer_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "osia_subscriptions",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("pause_s", sa.Integer(), nullable=False),
        sa.Column("most_retries", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_osia_subscriptions_active")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["osia_topics.topic_id"], name=op.f("fk_osia_subscriptions_topic_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_osia_subscriptions")),
        sa.UniqueConstraint(
            "topic_id",
            "issuer",
            "address",
            name=op.f("uq_osia_subscriptions_topic_id_issuer_address"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "osia_messages",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('SubscriptionConfirmation', 'Notification')",
            name=op.f("ck_osia_messages_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["osia_subscriptions.subscription_id"],
            name=op.f("fk_osia_messages_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_osia_messages")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_osia_messages_due_at"), "osia_messages", ["due_at"], unique=False)
    op.create_index(
        "ix_osia_messages_subscription_id", "osia_messages", ["subscription_id"], unique=False
    )
