"""A call holds a tag as a lease. What a dead station held comes back."""

from typing import Any

from sqlalchemy import Row, select

from backend.commands.tag_rows import record, wait_again
from backend.schema.tables import tags
from backend.transaction import Transaction
from common.domain.queue import TagStatus

STATION_LOST = "station_lost"
_WATCH = "queue"
"""Whose word it is in the ledger that a place has gone silent."""


def held(transaction: Transaction, office: str) -> list[Row[Any]]:
    """Return who is called or served, in the order of the line; what dead places held is back.

    Such a tag waits again with its own time, so at the head. Companions who are called to a place
    that still serves one of them are not forgotten there.
    """
    found = transaction.connection.execute(
        select(tags)
        .where(
            tags.c.office == office,
            tags.c.day == transaction.today.isoformat(),
            tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
        )
        .order_by(tags.c.order_at, tags.c.tag_id)
    ).all()
    lapsed = {tag.tag_id for tag in found if (tag.lease_until or transaction.now) < transaction.now}
    alive = {
        tag.place for tag in found if tag.status == TagStatus.SERVING and tag.tag_id not in lapsed
    }
    lost = {
        tag.tag_id
        for tag in found
        if tag.tag_id in lapsed and not (tag.status == TagStatus.CALLED and tag.place in alive)
    }
    for tag in found:
        if tag.tag_id in lost:
            record(transaction, "tag_given_back", _WATCH, tag)
            wait_again(transaction, tag, reason=STATION_LOST)
    return [tag for tag in found if tag.tag_id not in lost]
