"""The tables, written once for every database that a store may stand on."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps it as a text that sorts as the time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        column: TypeEngine[Any] = DateTime(timezone=True)
        if dialect.name == "sqlite":
            column = Text()
        return dialect.type_descriptor(column)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Write a moment."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return utc

    def process_result_value(self, value: object, _dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if value is None or isinstance(value, datetime):
            return value
        return datetime.fromisoformat(str(value))


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: Column[object] | CheckConstraint | Index | object) -> Table:
    # The stubs know no list that mixes columns and constraints.
    return Table(name, metadata, *parts, sqlite_strict=True)  # type: ignore[arg-type]


stations = _table(
    "stations",
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
)

officers = _table(
    "officers",
    Column("officer_id", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("password", Text, nullable=False),
)

# A session that ended stays for a while: the facts made in it may still be on their way.
sessions = _table(
    "sessions",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("officer_id", Text, ForeignKey("officers.officer_id"), nullable=False),
    Column("station", Text, ForeignKey("stations.name"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

answers = _table(
    "answers",
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("actor", "key"),
)

counters = _table(
    "counters",
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

# One data key per case or booking. Erasing the key erases every sealed column about it.
data_keys = _table(
    "data_keys",
    Column("subject", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

ledger = _table(
    "ledger",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("fact_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Text, nullable=False, index=True),
    Column("station", Text, nullable=False),
    Column("officer", Text),
    Column("at", Moment, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("payload_hash", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("head", LargeBinary, nullable=False),
)

payloads = _table(
    "payloads",
    Column("fact_id", Text, ForeignKey("ledger.fact_id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

chain_head = _table(
    "chain_head",
    Column("one", Integer, CheckConstraint("one = 1", name="one"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

refused_facts = _table(
    "refused_facts",
    Column("fact_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("officer", Text),
    Column("at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload_hash", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

slots = _table(
    "slots",
    Column("office", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("day", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("booked", Integer, nullable=False),
    PrimaryKeyConstraint("office", "starts_at"),
    CheckConstraint("booked >= 0 AND booked <= capacity", name="not_overbooked"),
    Index("ix_slots_office_day", "office", "day"),
)

# live_person holds the person while the booking stands, and nothing afterwards: the unique
# constraint then means "one live booking per person" on every database.
bookings = _table(
    "bookings",
    Column("booking_id", Text, primary_key=True),
    Column("reference_hash", LargeBinary, nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("live_person", Text, unique=True),
    Column("case_id", Text),
    Column("identity", LargeBinary, nullable=False),
    Column("code", LargeBinary, nullable=False),
    Column("form", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
)

cases = _table(
    "cases",
    Column("case_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("person", Text, nullable=False, index=True),
    Column("live_person", Text, unique=True),
    Column("state", Text, nullable=False, index=True),
    Column("old_document", Text, nullable=False),
    Column("done", Text, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("particulars", LargeBinary, nullable=False),
    Column("fingers", LargeBinary),
    Column("portrait", LargeBinary),
    Column("attempts", LargeBinary),
    Column("exceptions", LargeBinary),
    Column("excepted_by", Text),
    Column("exceptions_confirmed_by", Text),
    Column("twin", Integer),
    Column("recipient", LargeBinary),
    Column("identified_by", Text),
    Column("hand_off", Text),
    Column("captured_by", Text),
    Column("approved_by", Text),
    Column("receipt_number", Text, unique=True),
    Column("ready_on", Text),
    Column("opened_at", Moment, nullable=False),
    Column("submitted_at", Moment),
)

tags = _table(
    "tags",
    Column("tag_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("live_person", Text),
    Column("service", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("place", Text),
    Column("issued_at", Moment, nullable=False),
    Column("order_at", Moment, nullable=False),
    Column("called_at", Moment),
    Column("served_at", Moment),
    Column("times", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    UniqueConstraint("office", "day", "number"),
    UniqueConstraint("office", "day", "live_person"),
    Index("ix_tags_queue", "office", "day", "status", "stage", "order_at"),
)

stage_times = _table(
    "stage_times",
    Column("tag_id", Text, ForeignKey("tags.tag_id"), nullable=False),
    Column("office", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("seconds", Integer, nullable=False),
    PrimaryKeyConstraint("tag_id", "stage", "ended_at"),
    Index("ix_stage_times_office_stage", "office", "stage", "ended_at"),
)

cards = _table(
    "cards",
    Column("card_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.case_id"), nullable=False, index=True),
    Column("live_case", Text, unique=True),
    Column("office", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("chip_serial", Text, unique=True),
    Column("location", Text),
    Column("slot", Integer),
    Column("held_in", Text, unique=True),
    Column("version", Integer, nullable=False),
    Column("personalised_by", Text),
    Column("reserved_by", Text),
    Column("ordered_at", Moment, nullable=False),
)
