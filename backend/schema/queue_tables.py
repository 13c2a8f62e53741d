"""What the queue knows beside its tags: rules, stations that beat, waits foretold and measured."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Text

from backend.schema.base import Moment, table

# The office's rules as backend.toml has them: every command of every process keeps the same.
queue_rules = table(
    "queue_rules",
    Column("office", Text, primary_key=True),
    Column("rules", Text, nullable=False),
)

# told_at: its last beat; called_at: when it last called anybody of the stages that it serves.
# staff_called_at: its last call for staff; staff_attended: the call that was attended last.
station_status = table(
    "station_status",
    Column("station", Text, primary_key=True),
    Column("office", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("devices_out", Text, nullable=False),
    Column("serves", Text, nullable=False),
    Column("told_at", Moment),
    Column("called_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Column("staff_called_at", Moment),
    Column("staff_attended", Moment),
)

# What a person was told when the wait began, and how it came out.
waits = table(
    "waits",
    Column("wait_id", Text, primary_key=True),
    Column("tag_id", Text, nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("office", Text, nullable=False),
    Column("ahead", Integer, nullable=False),
    Column("middle_s", Integer, nullable=False),
    Column("spread_s", Integer, nullable=False),
    Column("low_s", Integer, nullable=False),
    Column("high_s", Integer, nullable=False),
    Column("called_at", Moment),
    Column("actual_s", Integer),
    Index("ix_waits_measured", "office", "stage", "called_at"),
)

# What the finished waits teach, worked out once a minute and then read by key.
paces = table(
    "paces",
    Column("office", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("each_s", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("low_milli", Integer, nullable=False),
    Column("high_milli", Integer, nullable=False),
    Column("measured", Integer, nullable=False),
    Column("inside", Integer, nullable=False),
    Column("median_error_s", Integer, nullable=False),
    PrimaryKeyConstraint("office", "stage"),
)
