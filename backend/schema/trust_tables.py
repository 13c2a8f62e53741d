"""Tables of trust: the authority, stations' keys, pairings, proposals, failed sign-ins."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
)

from backend.schema.base import Moment, table

# The backend's own certificate authority; its key is sealed by the master key.
authority = table(
    "authority",
    Column("one", Integer, CheckConstraint("one = 1", name="one"), primary_key=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("made_at", Moment, nullable=False),
)

# A key is named by its own hash, so that a row can be remembered; whether it still counts cannot.
station_keys = table(
    "station_keys",
    Column("key_id", Text, primary_key=True),
    Column("station", Text, ForeignKey("stations.name"), nullable=False, index=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

# One open code per station. The code itself is nowhere; sealed_key is what it stands for.
pairings = table(
    "pairings",
    Column("station", Text, ForeignKey("stations.name"), primary_key=True),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("csr_hash", LargeBinary),
    Column("key_id", Text, ForeignKey("station_keys.key_id")),
    CheckConstraint("tries_left >= 0", name="tries"),
)

# What one officer wants and a second confirms, bound to the station as the first one saw it.
proposals = table(
    "proposals",
    Column("proposal_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("station", Text, ForeignKey("stations.name"), nullable=False),
    Column("station_version", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, ForeignKey("officers.officer_id"), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("confirmed_by", Text, ForeignKey("officers.officer_id")),
    CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_officers"),
    CheckConstraint("kind IN ('pair', 'revoke')", name="kind"),
)

sign_in_failures = table(
    "sign_in_failures",
    Column("officer_id", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment, nullable=False, index=True),
)

# Only of requests that have no answer kept for repetition: these must not be repeated anywhere.
spent_nonces = table(
    "spent_nonces",
    Column("nonce", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_spent_nonces_at", "at"),
)
