"""The tables, written once for every database that a store may stand on."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

from backend.schema.base import BEFORE_ALL, Count, Moment, table
from common.domain.card import KEPT, CardState

stations = table(
    "stations",
    Column("name", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("place", Text, nullable=False),
    # planned, paired, revoked, removed; epoch counts the changes, so that a second officer
    # confirms what the first one saw.
    Column("status", Text, nullable=False, server_default="planned"),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("version", Text, nullable=False, server_default=""),
    Column("software", Text, nullable=False, server_default=""),
    Column("authorised", Integer, nullable=False, server_default="1"),
)

officers = table(
    "officers",
    Column("officer_id", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("disabled_at", Moment),
    Column("from_settings", Integer, nullable=False, server_default="1"),
)

# A session that ended stays for a while: the facts made in it may still be on their way.
sessions = table(
    "sessions",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("officer_id", Text, ForeignKey("officers.officer_id"), nullable=False),
    Column("station", Text, ForeignKey("stations.name"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    # When the officer was last heard of, and when the password was last typed.
    Column("seen_at", Moment),
    Column("fresh_at", Moment),
)

answers = table(
    "answers",
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("actor", "key"),
)

counters = table(
    "counters",
    Column("name", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

# One data key per case or booking. Erasing the key erases every sealed column about it.
data_keys = table(
    "data_keys",
    Column("subject", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

# What head, sums, nodes and seal are stands in backend/ledger_lines.py.
ledger = table(
    "ledger",
    Column("number", Count, primary_key=True, autoincrement=False),
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
    Column("station_number", Count, nullable=False),
    Column("sums", LargeBinary, nullable=False),
    Column("nodes", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    Index("uq_ledger_station", "station", "station_number", unique=True),
)

payloads = table(
    "payloads",
    Column("fact_id", Text, ForeignKey("ledger.fact_id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

refused_facts = table(
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

# One row for each slot and quota, so that the places of each class are counted by themselves.
slots = table(
    "slots",
    Column("office", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("quota", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("booked", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
    PrimaryKeyConstraint("office", "starts_at", "quota"),
    CheckConstraint(
        "booked >= 0 AND held >= 0 AND booked + held <= capacity", name="not_overbooked"
    ),
    CheckConstraint("closed IN (0, 1)", name="closed"),
    Index("ix_slots_office_day", "office", "day"),
)

# live_person holds the person while the booking stands, and nothing afterwards: the unique
# constraint then means "one live booking per person" on every database.
bookings = table(
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
    Column("quota", Text, nullable=False, server_default="appointment"),
    # The booking_id of who booked for the group; the companions carry the same.
    Column("group_id", Text, index=True),
    Column("companion", LargeBinary),
    # Set when the office closed: the booking is good on any later open day.
    Column("carried_from", Text),
    Column("suggested_at", Moment),
    Index("ix_bookings_office_starts_at", "office", "starts_at"),
    Index("ix_bookings_office_suggested_at", "office", "suggested_at"),
)

cases = table(
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
    Column("collection_office", Text, index=True),
    Column("recipient_version", Integer),
    Column("identified_on", Text),
    Column("enrolled_on", Text),
    Column("sources", LargeBinary),
    Column("notice", Text),
)

tags = table(
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
    # order_at is what the line is sorted by; turn_at, what it counts from, survives every stage.
    Column("turn_at", Moment, nullable=False, server_default=BEFORE_ALL),
    Column("waits_since", Moment, nullable=False, server_default=BEFORE_ALL),
    Column("head_start_s", Integer, nullable=False, server_default="0"),
    Column("group_id", Text, index=True),
    Column("for_place", Text),
    Column("reason", Text),
    Column("lease_until", Moment),
    Column("called_revision", Count, nullable=False, server_default="0"),
    # What its holder said, sealed with the case's key; walked_in: without an appointment.
    Column("said", LargeBinary),
    Column("walked_in", Integer, nullable=False, server_default="0"),
    UniqueConstraint("office", "day", "number"),
    UniqueConstraint("office", "day", "live_person"),
    Index("ix_tags_queue", "office", "day", "status", "stage", "order_at"),
)

# Whom reception sees before anybody else does; why is nobody's to read here.
watched_people = table(
    "watched_people",
    Column("person", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("officer", Text, nullable=False),
)

stage_times = table(
    "stage_times",
    Column("tag_id", Text, ForeignKey("tags.tag_id"), nullable=False),
    Column("office", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("seconds", Integer, nullable=False),
    PrimaryKeyConstraint("tag_id", "stage", "ended_at"),
    Index("ix_stage_times_office_stage", "office", "stage", "ended_at"),
)

_KEPT = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(KEPT))))
_ISSUED = text(f"state = '{CardState.ISSUED}'")

# office has the card in its custody; where its holder collects it is the case's business.
cards = table(
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
    Column("person", Text),
    Column("stored_at", Moment),
    Column("valid_until", Text),
    Index("one_kept_card", "person", unique=True, sqlite_where=_KEPT, postgresql_where=_KEPT),
    Index("one_valid_card", "person", unique=True, sqlite_where=_ISSUED, postgresql_where=_ISSUED),
)
