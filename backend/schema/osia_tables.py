"""Tables of the interfaces for other systems: enrollments, subscriptions, credential requests."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from backend.schema.base import Moment, table

# The ids are the partners' own, so each issuer has its own. subject is whose data key seals the
# rest: the enrollment's own at first, and its case's once it is one, so that both end together.
osia_enrollments = table(
    "osia_enrollments",
    Column("issuer", Text, nullable=False),
    Column("enrollment_id", Text, nullable=False),
    Column("subject", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.case_id"), unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    PrimaryKeyConstraint("issuer", "enrollment_id"),
    CheckConstraint("status IN ('IN_PROGRESS', 'FINALIZED')", name="status"),
    CheckConstraint("(status = 'FINALIZED') = (case_id IS NOT NULL)", name="finalized"),
)

osia_buffers = table(
    "osia_buffers",
    Column("buffer_id", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("enrollment_id", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["issuer", "enrollment_id"],
        ["osia_enrollments.issuer", "osia_enrollments.enrollment_id"],
    ),
    Index("ix_osia_buffers_issuer", "issuer", "enrollment_id"),
)

# The backend's own topics have an empty issuer.
osia_topics = table(
    "osia_topics",
    Column("topic_id", Text, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("issuer", "name"),
)

osia_subscriptions = table(
    "osia_subscriptions",
    Column("subscription_id", Text, primary_key=True),
    Column("topic_id", Text, ForeignKey("osia_topics.topic_id"), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("pause_s", Integer, nullable=False),
    Column("most_retries", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    UniqueConstraint("topic_id", "issuer", "address"),
    CheckConstraint("active IN (0, 1)", name="active"),
)

osia_messages = table(
    "osia_messages",
    Column("message_id", Text, primary_key=True),
    Column(
        "subscription_id", Text, ForeignKey("osia_subscriptions.subscription_id"), nullable=False
    ),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    CheckConstraint("kind IN ('SubscriptionConfirmation', 'Notification')", name="kind"),
    Index("ix_osia_messages_subscription_id", "subscription_id"),
)

# What an external credential management system makes of a card that was ordered.
osia_credential_requests = table(
    "osia_credential_requests",
    Column("card_id", Text, ForeignKey("cards.card_id"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("credential_id", Text),
    Column("reason", Text),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    CheckConstraint(
        "status IN ('UNSENT', 'PENDING', 'ISSUED', 'CANCELLED', 'FAILED')", name="status"
    ),
    Index("ix_osia_credential_requests_status_due_at", "status", "due_at"),
)
