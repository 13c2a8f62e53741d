"""The tables of custody: what may happen, what happened, and who confirmed it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

from backend.schema.base import Moment, table

# A strict table of SQLite knows no BIGINT; its INTEGER has 64 bits as well.
LedgerNumber = BigInteger().with_variant(Integer(), "sqlite")

# The law of common.domain.custody, as the triggers read it.
moves_allowed = table(
    "moves_allowed",
    Column("thing", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("move", Text, nullable=False),
    Column("next", Text, nullable=False),
    Column("action", Text),
    Column("needed", Integer, nullable=False),
    PrimaryKeyConstraint("thing", "state", "move"),
    UniqueConstraint("thing", "state", "move", "next"),
)

pending_actions = table(
    "pending_actions",
    Column("action_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False, index=True),
    Column("to_office", Text),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", Moment),
    CheckConstraint("confirmed_by <> proposed_by", name="two_officers"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="whole"),
    CheckConstraint("confirmed_at <= expires_at", name="in_time"),
)

# What an action is about, in the version that both officers saw.
action_objects = table(
    "action_objects",
    Column("action_id", Text, ForeignKey("pending_actions.action_id"), nullable=False),
    Column("thing", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("action_id", "thing", "object_id"),
    Index("ix_action_objects_object", "thing", "object_id"),
)

# One line for each change of anything in custody, written before the change itself: a trigger lets
# no row change its state without its line, and the foreign key lets no line be outside the law.
custody_events = table(
    "custody_events",
    Column("thing", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("from_state", Text),
    Column("move", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("officer", Text),
    Column("action_id", Text, ForeignKey("pending_actions.action_id")),
    Column("proof", Text),
    Column("ledger_number", LedgerNumber),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("thing", "object_id", "version"),
    ForeignKeyConstraint(
        ["thing", "from_state", "move", "to_state"],
        ["moves_allowed.thing", "moves_allowed.state", "moves_allowed.move", "moves_allowed.next"],
    ),
    CheckConstraint(
        "move <> 'issue' OR (proof IS NOT NULL AND (proof = 'face_and_finger'"
        " OR (proof = 'officer' AND action_id IS NOT NULL)))",
        name="issued_on_proof",
    ),
)

captured_documents = table(
    "captured_documents",
    Column("document_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Index("ix_captured_documents_place", "office", "place", "state"),
)

blank_cards = table(
    "blank_cards",
    Column("serial", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("batch", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_blank_cards_place", "office", "place", "state"),
)

# What goes out to whoever accepts cards; card_id is empty where another system made the card.
card_revocations = table(
    "card_revocations",
    Column("revocation_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("card_id", Text, ForeignKey("cards.card_id")),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("sent_at", Moment, index=True),
)

counts = table(
    "counts",
    Column("count_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("officer", Text),
    Column("book", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_counts_day", "office", "day", "place"),
)

count_differences = table(
    "count_differences",
    Column("difference_id", Text, primary_key=True),
    Column("count_id", Text, ForeignKey("counts.count_id"), nullable=False, index=True),
    Column("office", Text, nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("object", Text, nullable=False),
    # open while it stands: the same difference, counted every day, is one work item.
    Column("open_object", Text),
    Column("settled_by", Text),
    Column("settled_at", Moment),
    Column("settlement", Text),
    UniqueConstraint("office", "place", "what", "open_object"),
)

biometric_tries = table(
    "biometric_tries",
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False),
    Column("station", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("failed", Integer, nullable=False),
    PrimaryKeyConstraint("case_id", "station", "day"),
)

# Each office's policy as the settings have it, where every command finds it.
issuance_policies = table(
    "issuance_policies",
    Column("office", Text, primary_key=True),
    Column("policy", Text, nullable=False),
)
