"""The tables of what travels: packets in; orders, leases and number series out."""

from sqlalchemy import (
    BigInteger,
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

# A strict table of SQLite knows one integer, of 64 bits.
_BIG = BigInteger().with_variant(Integer(), "sqlite")

# The header is kept as it was signed; the ciphertext lies in files named by its hashes.
packets = table(
    "packets",
    Column("packet_id", Text, primary_key=True),
    Column("station", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("order_id", Text),
    Column("receipt_number", Text),
    Column("seq", _BIG, nullable=False),
    Column("prev", Text, nullable=False),
    Column("kid", Text, nullable=False),
    Column("header_hash", Text, nullable=False, unique=True),
    Column("header", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("bytes", _BIG, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("announced_at", Moment, nullable=False),
    Column("received_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("station", "seq"),
    CheckConstraint(
        "state IN ('announced', 'received', 'accepted', 'rejected', 'duplicate')", name="state"
    ),
    Index("ix_packets_state", "state", "kid", "received_at"),
)

packet_chunks = table(
    "packet_chunks",
    Column("packet_id", Text, ForeignKey("packets.packet_id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("leaf", Text, nullable=False, index=True),
    Column("stored", Integer, nullable=False),
    PrimaryKeyConstraint("packet_id", "position"),
    CheckConstraint("stored IN (0, 1)", name="stored"),
)

work_orders = table(
    "work_orders",
    Column("order_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("station", Text, ForeignKey("stations.name"), nullable=False, index=True),
    Column("place", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("most_packets", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    CheckConstraint("first_day <= last_day", name="days"),
)

work_order_cases = table(
    "work_order_cases",
    Column("order_id", Text, ForeignKey("work_orders.order_id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False),
    PrimaryKeyConstraint("order_id", "case_id"),
)

leases = table(
    "leases",
    Column("lease_id", Text, primary_key=True),
    Column("series", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("station", Text, ForeignKey("stations.name"), nullable=False),
    Column("order_id", Text, ForeignKey("work_orders.order_id")),
    Column("day", Text, nullable=False),
    Column("leased_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    UniqueConstraint("lease_id", "series"),
    CheckConstraint("kind IN ('tag', 'receipt')", name="kind"),
    Index("ix_leases_station", "station", "expires_at"),
)

# One row for every number of a series, from 1 on: that a number is leased twice, or lost without a
# word, is impossible here, not merely avoided by the code. A number's fate is told once.
series_numbers = table(
    "series_numbers",
    Column("series", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("lease_id", Text, nullable=False),
    Column("tag_id", Text, unique=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("settled_at", Moment),
    PrimaryKeyConstraint("series", "position"),
    UniqueConstraint("series", "number"),
    ForeignKeyConstraint(["lease_id", "series"], ["leases.lease_id", "leases.series"]),
    CheckConstraint("state IN ('leased', 'spent', 'returned', 'voided')", name="state"),
    CheckConstraint("state <> 'voided' OR reason <> ''", name="voided_with_reason"),
    CheckConstraint("(state = 'leased') = (settled_at IS NULL)", name="settled"),
    CheckConstraint("position >= 1", name="position"),
    Index("ix_series_numbers_lease", "lease_id", "state"),
)
