"""A call holds a tag as a lease. What a dead station held comes back."""

from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select

from backend.commands.tag_rows import record, wait_again
from backend.schema.tables import tags
from backend.transaction import Transaction
from common.domain.queue import TagStatus

STATION_LOST = "station_lost"
_WATCH = "queue"
"""Whose word it is in the ledger that a place has gone silent."""

_ALL_HELD = (
    select(tags)
    .where(
        tags.c.office == bindparam("office"),
        tags.c.day == bindparam("day"),
        tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
    )
    .order_by(tags.c.order_at, tags.c.tag_id)
)
_HERE_OR_LAPSED = _ALL_HELD.where(
    or_(tags.c.place == bindparam("place"), tags.c.lease_until < bindparam("now"))
)
_AT_PLACES = _ALL_HELD.where(tags.c.place.in_(bindparam("places", expanding=True)))


def held_here(transaction: Transaction, office: str, place: str) -> list[Row[Any]]:
    """Return who is called to a place or served there, in the order of the line.

    What dead places of the office held is given back first: it waits again with its own time, so
    at the head.
    """
    found = _held(transaction, office, _HERE_OR_LAPSED, place=place, now=transaction.now)
    lost = _lost(transaction, office, [tag for tag in found if _is_over(transaction, tag)])
    for tag in lost:
        record(transaction, "tag_given_back", _WATCH, tag)
        wait_again(transaction, tag, reason=STATION_LOST)
    return [tag for tag in found if tag.place == place and tag not in lost]


def _lost(transaction: Transaction, office: str, lapsed: list[Row[Any]]) -> list[Row[Any]]:
    """Of tags whose lease is over, choose those that nobody looks after.

    Companions who are called to a place that still serves one of them are not forgotten there.
    """
    if not lapsed:
        return []
    there = _held(transaction, office, _AT_PLACES, places=[tag.place for tag in lapsed])
    alive = {
        tag.place
        for tag in there
        if tag.status == TagStatus.SERVING and not _is_over(transaction, tag)
    }
    return [tag for tag in lapsed if tag.status == TagStatus.SERVING or tag.place not in alive]


def _is_over(transaction: Transaction, tag: Row[Any]) -> bool:
    return tag.lease_until is not None and tag.lease_until < transaction.now


def _held(
    transaction: Transaction, office: str, which: Select[Any], **asked: object
) -> list[Row[Any]]:
    here = {"office": office, "day": transaction.today.isoformat()}
    return list(transaction.connection.execute(which, {**here, **asked}))
