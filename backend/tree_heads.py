"""Signed heads of the ledger's tree, and proofs against them: what an outside witness keeps."""

from datetime import timedelta

from sqlalchemy import Connection, Row, func, insert, select

from backend import ledger, merkle
from backend.ledger import LedgerError
from backend.notes import Checkpoint, LogKey
from backend.schema import tables
from backend.schema.ledger_tables import tree_heads
from backend.transaction import Transaction

AT_LEAST_EVERY = timedelta(hours=1)
# Whoever asks all the time makes no more heads than this.
AT_MOST_EVERY = timedelta(seconds=10)


def latest(connection: Connection) -> Row[tuple[object, ...]] | None:
    """Return the newest head: size, signed_at, note."""
    newest = select(func.max(tree_heads.c.size)).scalar_subquery()
    return connection.execute(select(tree_heads).where(tree_heads.c.size == newest)).one_or_none()


def is_due(transaction: Transaction, after: timedelta) -> bool:
    """Tell whether the ledger has grown since the newest head, and that is older than after."""
    head = latest(transaction.connection)
    if head is None:
        return True
    is_old: bool = transaction.now - head.signed_at >= after
    return is_old and size(transaction.connection) > head.size


def size(connection: Connection) -> int:
    """Return how many lines the ledger has."""
    return connection.scalar(select(func.max(tables.ledger.c.number))) or 0


def sign(transaction: Transaction, name: str) -> str:
    """Sign the ledger as it is now, keep the head, and return it as a signed note.

    Raises:
        LedgerError: The ledger's end is not ours, or does not go on from the newest head.
    """
    connection, key = transaction.connection, LogKey(name, transaction.keys.log)
    checkpoint = Checkpoint(name, *ledger.end(connection, transaction.keys))
    head = latest(connection)
    if head is not None:
        # A log never signs two heads that contradict each other (tlog-checkpoint, "Signatures").
        before = key.open(head.note)
        proof = (
            consistency(connection, before.size, checkpoint.size)
            if checkpoint.size >= before.size
            else []
        )
        if not merkle.is_consistent(
            before.size, before.root, checkpoint.size, checkpoint.root, proof
        ):
            raise LedgerError("the ledger does not go on from what was signed before")
        if before.size == checkpoint.size:
            return str(head.note)
    note = key.sign(str(checkpoint))
    connection.execute(
        insert(tree_heads).values(size=checkpoint.size, signed_at=transaction.now, note=note)
    )
    return note


def inclusion(connection: Connection, number: int, size: int) -> list[bytes]:
    """Return the proof that the line of this number is in the tree of size lines."""
    return ledger.span_hashes(connection, merkle.inclusion_spans(number - 1, size))


def consistency(connection: Connection, old: int, size: int) -> list[bytes]:
    """Return the proof that the tree of size lines begins with that of old lines."""
    return ledger.span_hashes(connection, merkle.consistency_spans(old, size)) if old else []


def leaf(connection: Connection, number: int) -> bytes:
    """Return the leaf hash of a line."""
    return ledger.span_hashes(connection, [(number - 1, number)])[0]
