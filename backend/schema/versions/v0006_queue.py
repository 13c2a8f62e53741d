"""The queue: classes, groups, parking, leases, measured waits, stations that beat."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import BEFORE_ALL, Count, Moment
from backend.schema.rules import refuse

revision = "0006"
down_revision = "0005"

_STAYS = "a tag and its number stay"
_CHANGED = "OLD.number <> NEW.number OR OLD.office <> NEW.office OR OLD.day <> NEW.day"
_REVIVED = "OLD.status = 'void' AND NEW.status <> 'void'"


def upgrade() -> None:
    """Add what the queue keeps; the tags of a running day keep their turn."""
    for column in (
        sa.Column("turn_at", Moment(), nullable=False, server_default=BEFORE_ALL),
        sa.Column("waits_since", Moment(), nullable=False, server_default=BEFORE_ALL),
        sa.Column("head_start_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("for_place", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("called_revision", Count, nullable=False, server_default="0"),
    ):
        op.add_column("tags", column)
    op.execute("UPDATE tags SET turn_at = order_at, waits_since = issued_at")
    op.create_index(op.f("ix_tags_group_id"), "tags", ["group_id"])
    _make_tables()
    _keep_numbers()


def _make_tables() -> None:
    op.create_table(
        "queue_rules",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_queue_rules")),
        sqlite_strict=True,
    )
    op.create_table(
        "station_status",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("devices_out", sa.Text(), nullable=False),
        sa.Column("serves", sa.Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("called_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_station_status")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_station_status_office"), "station_status", ["office"])
    op.create_table(
        "waits",
        sa.Column("wait_id", sa.Text(), nullable=False),
        sa.Column("tag_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("middle_s", sa.Integer(), nullable=False),
        sa.Column("spread_s", sa.Integer(), nullable=False),
        sa.Column("low_s", sa.Integer(), nullable=False),
        sa.Column("high_s", sa.Integer(), nullable=False),
        sa.Column("called_at", Moment(), nullable=True),
        sa.Column("actual_s", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("wait_id", name=op.f("pk_waits")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_waits_tag_id"), "waits", ["tag_id"])
    op.create_index("ix_waits_measured", "waits", ["office", "stage", "called_at"])
    figures = ("each_s", "places", "low_milli", "high_milli", "measured", "inside")
    op.create_table(
        "paces",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in figures),
        sa.Column("median_error_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("office", "stage", name=op.f("pk_paces")),
        sqlite_strict=True,
    )


def _keep_numbers() -> None:
    """No statement takes a tag away, gives its number to another, or revives a void one."""
    refuse("tags_no_delete", "DELETE", "tags", _STAYS)
    refuse("tags_no_reuse", "UPDATE", "tags", _STAYS, f"{_CHANGED} OR {_REVIVED}")
