"""The line itself: the office's rules, who waits in which order, who may be called next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, or_, select, update

from backend.queue_rules import QueueRules
from backend.schema.queue_tables import queue_rules
from backend.schema.tables import tags
from backend.transaction import Transaction
from common.domain.queue import Stage, TagStatus
from common.domain.queue_order import Waiting, comes_before, next_up

_PAGE = 64
_ABSENT = (TagStatus.DONE, TagStatus.VOID, TagStatus.MISSED, TagStatus.PARKED)

# Statements are built once: building one costs more than running it.
_RULES = select(queue_rules.c.rules).where(queue_rules.c.office == bindparam("office"))
# The index ix_tags_queue answers who waits for a stage, in the order of the line.
_HERE = (
    tags.c.office == bindparam("office"),
    tags.c.day == bindparam("day"),
    tags.c.status == TagStatus.WAITING,
    tags.c.stage == bindparam("stage"),
)
_COME = tags.c.turn_at <= bindparam("now")
_BEFORE = or_(
    tags.c.order_at < bindparam("order_at"),
    and_(tags.c.order_at == bindparam("order_at"), tags.c.tag_id < bindparam("tag_id")),
)
_IN_LINE = (tags.c.order_at, tags.c.tag_id)
_PAGES = tuple(
    select(tags)
    .where(*_HERE, come)
    .order_by(*_IN_LINE)
    .limit(bindparam("page"))
    .offset(bindparam("offset"))
    for come in (_COME, tags.c.turn_at > bindparam("now"))
)
_COUNT = select(func.count()).select_from(tags)
_AHEAD = _COUNT.where(*_HERE, _COME, _BEFORE)
_AHEAD_OF_EARLY = _COUNT.where(*_HERE, or_(_COME, _BEFORE))
_ALL_HERE = _COUNT.where(*_HERE)
_GROUP = select(tags).where(tags.c.group_id == bindparam("group"), *_HERE).order_by(*_IN_LINE)
_NEXT_FEW = select(tags.c.order_at).where(*_HERE, _COME).order_by(*_IN_LINE).limit(bindparam("few"))


def rules_of(transaction: Transaction, office: str) -> QueueRules:
    """Return the rules of an office's queue."""
    kept = transaction.connection.execute(_RULES, {"office": office}).scalar_one_or_none()
    return QueueRules() if kept is None else _read(kept)


@lru_cache(maxsize=64)
def _read(rules: str) -> QueueRules:
    return QueueRules.model_validate_json(rules)


def set_rules(transaction: Transaction, office: str, rules: QueueRules) -> None:
    """Write the rules of an office's queue, as backend.toml has them."""
    values = {"rules": rules.model_dump_json()}
    done = transaction.connection.execute(
        update(queue_rules).where(queue_rules.c.office == office).values(**values)
    )
    if done.rowcount == 0:
        transaction.connection.execute(insert(queue_rules).values(office=office, **values))


def next_tag(
    transaction: Transaction, office: str, stages: Iterable[Stage], place: str, patience: timedelta
) -> Row[Any] | None:
    """Choose the tag that a place calls next.

    Each stage gives its first page of tags whose turn has come, then of those who are early: the
    pages are read in the order of the index, so that ten thousand tags cost what one does.
    """
    here = {"office": office, "day": transaction.today.isoformat(), "now": transaction.now}
    for page in _PAGES:
        offset = 0
        while rows := [
            row
            for stage in stages
            for row in transaction.connection.execute(
                page, {**here, "stage": stage, "page": _PAGE, "offset": offset}
            )
        ]:
            chosen = _choose(transaction, rows, place, patience)
            if chosen is not None:
                return chosen
            offset += _PAGE
    return None


def people_ahead(transaction: Transaction, tag: Row[Any], stage: str) -> int:
    """Count who waits for a stage and comes before a tag."""
    is_early = tag.turn_at > transaction.now
    asked = {
        **_where(tag, stage),
        "now": transaction.now,
        "order_at": tag.order_at,
        "tag_id": tag.tag_id,
    }
    count = _AHEAD_OF_EARLY if is_early else _AHEAD
    return int(transaction.connection.execute(count, asked).scalar_one())


def how_many(transaction: Transaction, office: str, stage: str) -> int:
    """Count who waits for a stage today."""
    asked = {"office": office, "day": transaction.today.isoformat(), "stage": stage}
    return int(transaction.connection.execute(_ALL_HERE, asked).scalar_one())


def group_of(transaction: Transaction, tag: Row[Any]) -> list[Row[Any]]:
    """Return the tags that are called together with this one, itself included, in order."""
    if tag.group_id is None:
        return [tag]
    asked = {**_where(tag, tag.stage), "group": tag.group_id}
    return list(transaction.connection.execute(_GROUP, asked))


def behind_the_next(transaction: Transaction, tag: Row[Any], places: int) -> datetime:
    """Return the order_at with which a tag stands behind the next few of its stage."""
    asked = {**_where(tag, tag.stage), "now": transaction.now, "few": places}
    ahead = transaction.connection.execute(_NEXT_FEW, asked).scalars().all()
    order_at: datetime = tag.order_at
    return max(ahead[-1] + timedelta(microseconds=1), order_at) if ahead else order_at


def _where(tag: Row[Any], stage: str) -> dict[str, object]:
    return {"office": tag.office, "day": tag.day, "stage": stage}


def _choose(
    transaction: Transaction, rows: list[Row[Any]], place: str, patience: timedelta
) -> Row[Any] | None:
    by_id = {row.tag_id: row for row in rows}
    chosen = next_up(
        (
            Waiting(
                row.tag_id, row.turn_at, row.order_at, row.waits_since, row.for_place, row.group_id
            )
            for row in rows
        ),
        place,
        transaction.now,
        patience,
        _incomplete(transaction, rows),
    )
    return None if chosen is None else by_id[chosen.tag_id]


def _incomplete(transaction: Transaction, rows: list[Row[Any]]) -> frozenset[str]:
    """Name the groups of which somebody still does an earlier stage."""
    stage_of = {row.group_id: Stage(row.stage) for row in rows if row.group_id is not None}
    if not stage_of:
        return frozenset()
    members = transaction.connection.execute(
        select(tags.c.group_id, tags.c.stage).where(
            tags.c.group_id.in_(stage_of), tags.c.status.not_in(_ABSENT)
        )
    )
    return frozenset(
        member.group_id
        for member in members
        if comes_before(Stage(member.stage), stage_of[member.group_id])
    )
