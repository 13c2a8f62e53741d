"""Booking: quotas, holds, closures and carried bookings, groups, tries, wishes and offers."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keep the slots and bookings of before; what is new is empty."""
    _slots_with_quotas()
    _bookings()
    _holds()
    _closures()
    _tries()
    _wishes()


def _slots_with_quotas() -> None:
    # A new primary key means a new table, on SQLite; names of constraints are taken until the old
    # one is gone.
    op.execute("CREATE TABLE slots_before AS SELECT * FROM slots")
    op.drop_table("slots")
    op.create_table(
        "slots",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("quota", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "booked >= 0 AND held >= 0 AND booked + held <= capacity",
            name=op.f("ck_slots_not_overbooked"),
        ),
        sa.CheckConstraint("closed IN (0, 1)", name=op.f("ck_slots_closed")),
        sa.PrimaryKeyConstraint("office", "starts_at", "quota", name=op.f("pk_slots")),
        sqlite_strict=True,
    )
    op.create_index("ix_slots_office_day", "slots", ["office", "day"])
    op.execute(
        "INSERT INTO slots (office, starts_at, quota, day, capacity, booked, held, closed) "
        "SELECT office, starts_at, 'appointment', day, capacity, booked, 0, 0 FROM slots_before"
    )
    op.drop_table("slots_before")


def _bookings() -> None:
    quota = sa.Column("quota", sa.Text(), nullable=False, server_default="appointment")
    op.add_column("bookings", quota)
    op.add_column("bookings", sa.Column("group_id", sa.Text()))
    op.add_column("bookings", sa.Column("companion", sa.LargeBinary()))
    op.add_column("bookings", sa.Column("carried_from", sa.Text()))
    op.add_column("bookings", sa.Column("suggested_at", Moment()))
    op.create_index(op.f("ix_bookings_group_id"), "bookings", ["group_id"])
    for name in ("starts_at", "suggested_at"):
        op.create_index(f"ix_bookings_office_{name}", "bookings", ["office", name])


def _holds() -> None:
    op.create_table(
        "slot_holds",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("appointment_places", sa.Integer(), nullable=False),
        sa.Column("group_places", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "appointment_places >= 0 AND group_places >= 0", name=op.f("ck_slot_holds_places")
        ),
        sa.CheckConstraint("people BETWEEN 1 AND 5", name=op.f("ck_slot_holds_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_slot_holds")),
        sqlite_strict=True,
    )
    for name in ("person", "made_at", "expires_at"):
        op.create_index(op.f(f"ix_slot_holds_{name}"), "slot_holds", [name])
    op.create_index("ix_slot_holds_source", "slot_holds", ["source", "expires_at"])
    op.create_table(
        "hold_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_hold_sources")),
        sqlite_strict=True,
    )


def _closures() -> None:
    op.create_table(
        "closures",
        sa.Column("closure_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("declared_at", Moment(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closures_lasts")),
        sa.PrimaryKeyConstraint("closure_id", name=op.f("pk_closures")),
        sqlite_strict=True,
    )
    op.create_index("ix_closures_office_day", "closures", ["office", "day"])


def _tries() -> None:
    op.create_table(
        "enquiry_tries",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("locked_until", Moment()),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_enquiry_tries")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_enquiry_tries_last_at"), "enquiry_tries", ["last_at"])


def _wishes() -> None:
    op.create_table(
        "booking_wishes",
        sa.Column("wish_id", sa.Text(), nullable=False),
        sa.Column("reference_hash", sa.LargeBinary(), nullable=False),
        sa.Column("live_person", sa.Text()),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("earliest_day", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("wish_id", name=op.f("pk_booking_wishes")),
        sa.UniqueConstraint("live_person", name=op.f("uq_booking_wishes_live_person")),
        sa.UniqueConstraint("reference_hash", name=op.f("uq_booking_wishes_reference_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_booking_wishes_made_at", "booking_wishes", ["made_at"])
    op.create_table(
        "booking_offers",
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("wish_id", sa.Text(), nullable=False),
        sa.Column("live_wish", sa.Text()),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("offered_at", Moment(), nullable=False),
        sa.Column("offered_until", Moment(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.ForeignKeyConstraint(
            ["wish_id"],
            ["booking_wishes.wish_id"],
            name=op.f("fk_booking_offers_wish_id"),
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_booking_offers")),
        sa.UniqueConstraint("live_wish", name=op.f("uq_booking_offers_live_wish")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_booking_offers_wish_id"), "booking_offers", ["wish_id"])
    op.create_index(op.f("ix_booking_offers_offered_until"), "booking_offers", ["offered_until"])
