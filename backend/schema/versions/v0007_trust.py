"""Trust: the authority's key, keys of stations, pairings, proposals, and officers' sign-in."""

import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Let keys take the place of shared secrets; every station of before pairs anew."""
    _stations_and_officers()
    op.create_table(
        "authority",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_authority_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_authority")),
        sqlite_strict=True,
    )
    op.create_table(
        "station_keys",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station"], ["stations.name"], name=op.f("fk_station_keys_station")
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_station_keys")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_station_keys_station"), "station_keys", ["station"], unique=False)
    op.create_table(
        "pairings",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("csr_hash", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_pairings_tries")),
        sa.ForeignKeyConstraint(["station"], ["stations.name"], name=op.f("fk_pairings_station")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["station_keys.key_id"], name=op.f("fk_pairings_key_id")
        ),
        sa.PrimaryKeyConstraint("station", name=op.f("pk_pairings")),
        sqlite_strict=True,
    )
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("station_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by",
            name=op.f("ck_proposals_two_officers"),
        ),
        sa.CheckConstraint("kind IN ('pair', 'revoke')", name=op.f("ck_proposals_kind")),
        sa.ForeignKeyConstraint(["station"], ["stations.name"], name=op.f("fk_proposals_station")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["officers.officer_id"], name=op.f("fk_proposals_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["officers.officer_id"], name=op.f("fk_proposals_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposals")),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_sign_in_failures")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_sign_in_failures_locked_until"), "sign_in_failures", ["locked_until"], unique=False
    )
    op.create_table(
        "spent_nonces",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_spent_nonces")),
        sqlite_strict=True,
    )
    op.create_index("ix_spent_nonces_at", "spent_nonces", ["at"], unique=False)


def _stations_and_officers() -> None:
    op.drop_column("stations", "key_hash")
    for name, default in (("status", "planned"), ("version", ""), ("software", "")):
        op.add_column(
            "stations", sa.Column(name, sa.Text(), nullable=False, server_default=default)
        )
    op.add_column("stations", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("officers", sa.Column("disabled_at", Moment(), nullable=True))
    # Who was there before came from the settings.
    op.add_column(
        "officers", sa.Column("from_settings", sa.Integer(), nullable=False, server_default="1")
    )
    # Sessions are ended rather than guessed to be fresh: officers sign in once more.
    for name in ("seen_at", "fresh_at"):
        op.add_column("sessions", sa.Column(name, Moment(), nullable=True))
