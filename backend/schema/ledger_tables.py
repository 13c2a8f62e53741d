"""The tables beside the ledger's lines: its tree's end, and the heads that were signed."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Text

from backend.schema.base import Count, Moment, table

# How many lines there are, sealed: without it nobody would miss the last ones. One row, and a small
# one: PostgreSQL then keeps the versions of a whole batch of commands in one page.
ledger_end = table(
    "ledger_end",
    Column("one", Integer, CheckConstraint("one = 1", name="one"), primary_key=True),
    Column("size", Count, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

# The signed notes as they were given out, one for each size at which a head was signed.
tree_heads = table(
    "tree_heads",
    Column("size", Count, primary_key=True, autoincrement=False),
    Column("signed_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
)
