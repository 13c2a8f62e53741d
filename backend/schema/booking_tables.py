"""The tables about booking beside slots and bookings: holds, closures, tries, wishes, offers."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Text

from backend.schema.base import Moment, table

# A hold keeps places of one slot while a person types; expires_at is past once it keeps none. Its
# row stays for a day, so that who was away for long finds the slot and the form again.
slot_holds = table(
    "slot_holds",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("source", Text, nullable=False),
    Column("person", Text, index=True),
    Column("office", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("people", Integer, nullable=False),
    Column("appointment_places", Integer, nullable=False),
    Column("group_places", Integer, nullable=False),
    Column("made_at", Moment, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False, index=True),
    CheckConstraint("appointment_places >= 0 AND group_places >= 0", name="places"),
    CheckConstraint("people BETWEEN 1 AND 5", name="people"),
    Index("ix_slot_holds_source", "source", "expires_at"),
)

# How many holds a source made today.
hold_sources = table(
    "hold_sources",
    Column("source", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("made", Integer, nullable=False),
)

closures = table(
    "closures",
    Column("closure_id", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("declared_by", Text, nullable=False),
    Column("declared_at", Moment, nullable=False),
    CheckConstraint("starts_at < ends_at", name="lasts"),
    Index("ix_closures_office_day", "office", "day"),
)

# One row for each number that somebody tried a code for, whether it has a booking or not.
enquiry_tries = table(
    "enquiry_tries",
    Column("person", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("last_at", Moment, nullable=False, index=True),
    Column("locked_until", Moment),
)

booking_wishes = table(
    "booking_wishes",
    Column("wish_id", Text, primary_key=True),
    Column("reference_hash", LargeBinary, nullable=False, unique=True),
    Column("live_person", Text, unique=True),
    Column("offices", Text, nullable=False),
    Column("earliest_day", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("code", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("ix_booking_wishes_made_at", "made_at"),
)

# A place that is kept for the person of a wish until offered_until.
booking_offers = table(
    "booking_offers",
    Column("offer_id", Text, primary_key=True),
    Column("wish_id", Text, ForeignKey("booking_wishes.wish_id"), nullable=False, index=True),
    Column("live_wish", Text, unique=True),
    Column("office", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("offered_at", Moment, nullable=False),
    Column("offered_until", Moment, nullable=False, index=True),
    Column("outcome", Text),
)
