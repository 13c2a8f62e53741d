"""A call holds a tag as a lease. What a dead station held comes back."""

from sqlalchemy import select

from backend.commands.tag_rows import record, wait_again
from backend.schema.tables import tags
from backend.transaction import Transaction
from common.domain.queue import TagStatus

STATION_LOST = "station_lost"
_WATCH = "queue"
"""Whose word it is in the ledger that a place has gone silent."""


def give_back(transaction: Transaction, office: str) -> None:
    """Let tags wait again whose place has gone silent: with their own time, so at the head.

    Companions who are called to a place that still serves one of them are not forgotten there.
    """
    held = transaction.connection.execute(
        select(tags)
        .where(
            tags.c.office == office,
            tags.c.day == transaction.today.isoformat(),
            tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
        )
        .order_by(tags.c.tag_id)
    ).all()
    lost = [tag for tag in held if (tag.lease_until or transaction.now) < transaction.now]
    serving = {tag.place for tag in held if tag not in lost and tag.status == TagStatus.SERVING}
    for tag in lost:
        if tag.status == TagStatus.CALLED and tag.place in serving:
            continue
        record(transaction, "tag_given_back", _WATCH, tag)
        wait_again(transaction, tag, reason=STATION_LOST)
