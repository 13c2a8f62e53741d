"""Tables of officers' cards: which card is whose, and what a card is to sign next."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Text

from backend.schema.base import Moment, table

# A card is named by its public key and given to one officer for ever; whether it counts may end.
officer_cards = table(
    "officer_cards",
    Column("key_id", Text, primary_key=True),
    Column("officer_id", Text, ForeignKey("officers.officer_id"), nullable=False, index=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("given_by", Text, ForeignKey("officers.officer_id")),
    Column("ended_at", Moment),
)

# Only the hash is kept: what a card is to sign cannot be read out of a copy of the database.
officer_challenges = table(
    "officer_challenges",
    Column("challenge_hash", Text, primary_key=True),
    Column("station", Text, ForeignKey("stations.name"), nullable=False),
    Column("ends_at", Moment, nullable=False, index=True),
)
