"""The tables of notices: who agreed to be told, and the outbox of what is told."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Text, UniqueConstraint

from backend.schema.base import Moment, table

# A subject is a booking or a case. Another address is another contact, with an id of its own: a
# link that confirms the one does not confirm the other.
contacts = table(
    "contacts",
    Column("contact_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("language", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("consented_at", Moment, nullable=False),
    Column("consented_at_place", Text, nullable=False),
    Column("validated_at", Moment),
    UniqueConstraint("subject", "channel"),
    CheckConstraint("channel IN ('mail', 'sms')", name="channel"),
)

# occasion tells apart what may rightly happen again to one subject: a second change, another card.
# sealed_for is whose data key the address is sealed with.
notices = table(
    "notices",
    Column("notice_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("contact_id", Text),
    Column("sealed_for", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("ended_at", Moment),
    Column("delivered_at", Moment),
    Column("reason", Text),
    UniqueConstraint("subject", "stage", "channel", "occasion"),
    CheckConstraint("channel IN ('mail', 'sms')", name="channel"),
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed', 'expired')", name="state"),
    CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="leased"),
    CheckConstraint("(state IN ('waiting', 'sending')) = (ended_at IS NULL)", name="ended"),
    Index("ix_notices_channel_state_due_at", "channel", "state", "due_at"),
    Index("ix_notices_contact_id", "contact_id"),
    Index("ix_notices_ended_at", "ended_at"),
)
