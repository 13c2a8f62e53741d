"""What travels: packets in; work orders, leases and number series out."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment
from backend.schema.rules import refuse

revision = "0008"
down_revision = "0007"

# A strict table of SQLite knows one integer, of 64 bits.
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# A number's fate is told once, and no row of a series ever goes away.
_TOLD_ONCE = (
    "OLD.state <> 'leased' OR NEW.series <> OLD.series OR NEW.position <> OLD.position "
    "OR NEW.number <> OLD.number OR NEW.lease_id <> OLD.lease_id"
)


def upgrade() -> None:
    """Make the tables, and let nobody rewrite what became of a number."""
    op.create_table(
        "packets",
        sa.Column("packet_id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("receipt_number", sa.Text(), nullable=True),
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("header_hash", sa.Text(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", _BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("announced_at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state IN ('announced', 'received', 'accepted', 'rejected', 'duplicate')",
            name=op.f("ck_packets_state"),
        ),
        sa.PrimaryKeyConstraint("packet_id", name=op.f("pk_packets")),
        sa.UniqueConstraint("header_hash", name=op.f("uq_packets_header_hash")),
        sa.UniqueConstraint("station", "seq", name=op.f("uq_packets_station_seq")),
        sqlite_strict=True,
    )
    op.create_index("ix_packets_state", "packets", ["state", "kid", "received_at"], unique=False)
    op.create_table(
        "packet_chunks",
        sa.Column("packet_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.CheckConstraint("stored IN (0, 1)", name=op.f("ck_packet_chunks_stored")),
        sa.ForeignKeyConstraint(
            ["packet_id"], ["packets.packet_id"], name=op.f("fk_packet_chunks_packet_id")
        ),
        sa.PrimaryKeyConstraint("packet_id", "position", name=op.f("pk_packet_chunks")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_packet_chunks_leaf"), "packet_chunks", ["leaf"], unique=False)
    op.create_table(
        "work_orders",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("most_packets", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_work_orders_days")),
        sa.ForeignKeyConstraint(
            ["station"], ["stations.name"], name=op.f("fk_work_orders_station")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_work_orders")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_work_orders_station"), "work_orders", ["station"], unique=False)
    op.create_table(
        "leases",
        sa.Column("lease_id", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("leased_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('tag', 'receipt')", name=op.f("ck_leases_kind")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_orders.order_id"], name=op.f("fk_leases_order_id")
        ),
        sa.ForeignKeyConstraint(["station"], ["stations.name"], name=op.f("fk_leases_station")),
        sa.PrimaryKeyConstraint("lease_id", name=op.f("pk_leases")),
        sa.UniqueConstraint("lease_id", "series", name=op.f("uq_leases_lease_id_series")),
        sqlite_strict=True,
    )
    op.create_index("ix_leases_station", "leases", ["station", "expires_at"], unique=False)
    op.create_table(
        "work_order_cases",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_work_order_cases_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_orders.order_id"], name=op.f("fk_work_order_cases_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "case_id", name=op.f("pk_work_order_cases")),
        sqlite_strict=True,
    )
    op.create_table(
        "series_numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("lease_id", sa.Text(), nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(state = 'leased') = (settled_at IS NULL)", name=op.f("ck_series_numbers_settled")
        ),
        sa.CheckConstraint(
            "state <> 'voided' OR reason <> ''", name=op.f("ck_series_numbers_voided_with_reason")
        ),
        sa.CheckConstraint(
            "state IN ('leased', 'spent', 'returned', 'voided')",
            name=op.f("ck_series_numbers_state"),
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_series_numbers_position")),
        sa.ForeignKeyConstraint(
            ["lease_id", "series"],
            ["leases.lease_id", "leases.series"],
            name=op.f("fk_series_numbers_lease_id_series"),
        ),
        sa.PrimaryKeyConstraint("series", "position", name=op.f("pk_series_numbers")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_series_numbers_series_number")),
        sa.UniqueConstraint("tag_id", name=op.f("uq_series_numbers_tag_id")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_series_numbers_lease", "series_numbers", ["lease_id", "state"], unique=False
    )
    refuse(
        "series_numbers_told_once",
        "UPDATE",
        "series_numbers",
        "what became of a number stays",
        _TOLD_ONCE,
    )
    refuse("series_numbers_stay", "DELETE", "series_numbers", "a number of a series stays")
