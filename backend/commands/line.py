"""The line itself: the office's rules, who waits in which order, who may be called next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, update

from backend.queue_rules import QueueRules
from backend.schema.queue_tables import queue_rules
from backend.schema.tables import tags
from backend.transaction import Transaction
from common.domain.queue import Stage, TagStatus
from common.domain.queue_order import Waiting, comes_before, next_up

_PAGE = 64
_ABSENT = (TagStatus.DONE, TagStatus.VOID, TagStatus.MISSED, TagStatus.PARKED)


def rules_of(transaction: Transaction, office: str) -> QueueRules:
    """Return the rules of an office's queue."""
    kept = transaction.connection.execute(
        select(queue_rules.c.rules).where(queue_rules.c.office == office)
    ).scalar_one_or_none()
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


def waiting_at(office: str, day: str, stage: str) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL which tags wait for a stage; the index ix_tags_queue answers it."""
    return (
        tags.c.office == office,
        tags.c.day == day,
        tags.c.status == TagStatus.WAITING,
        tags.c.stage == stage,
    )


def next_tag(
    transaction: Transaction, office: str, stages: Iterable[Stage], place: str, patience: timedelta
) -> Row[Any] | None:
    """Choose the tag that a place calls next.

    Each stage gives its first page of tags whose turn has come, then of those who are early: the
    pages are read in the order of the index, so that ten thousand tags cost what one does.
    """
    now = transaction.now
    for come in (tags.c.turn_at <= now, tags.c.turn_at > now):
        pages = [
            select(tags)
            .where(*waiting_at(office, transaction.today.isoformat(), stage), come)
            .order_by(tags.c.order_at, tags.c.tag_id)
            for stage in stages
        ]
        offset = 0
        while rows := [row for page in pages for row in _page(transaction, page, offset)]:
            chosen = _choose(transaction, rows, place, now, patience)
            if chosen is not None:
                return chosen
            offset += _PAGE
    return None


def people_ahead(transaction: Transaction, tag: Row[Any], stage: str) -> int:
    """Count who waits for a stage and comes before a tag."""
    before = or_(
        tags.c.order_at < tag.order_at,
        and_(tags.c.order_at == tag.order_at, tags.c.tag_id < tag.tag_id),
    )
    come = tags.c.turn_at <= transaction.now
    is_early = tag.turn_at > transaction.now
    return int(
        transaction.connection.execute(
            select(func.count())
            .select_from(tags)
            .where(
                *waiting_at(tag.office, tag.day, stage),
                or_(come, before) if is_early else and_(come, before),
            )
        ).scalar_one()
    )


def group_of(transaction: Transaction, tag: Row[Any]) -> list[Row[Any]]:
    """Return the tags that are called together with this one, itself included, in order."""
    if tag.group_id is None:
        return [tag]
    return list(
        transaction.connection.execute(
            select(tags)
            .where(tags.c.group_id == tag.group_id, *waiting_at(tag.office, tag.day, tag.stage))
            .order_by(tags.c.order_at, tags.c.tag_id)
        )
    )


def behind_the_next(transaction: Transaction, tag: Row[Any], places: int) -> datetime:
    """Return the order_at with which a tag stands behind the next few of its stage."""
    ahead = (
        transaction.connection.execute(
            select(tags.c.order_at)
            .where(*waiting_at(tag.office, tag.day, tag.stage), tags.c.turn_at <= transaction.now)
            .order_by(tags.c.order_at, tags.c.tag_id)
            .limit(places)
        )
        .scalars()
        .all()
    )
    order_at: datetime = tag.order_at
    return max(ahead[-1] + timedelta(microseconds=1), order_at) if ahead else order_at


def _page(transaction: Transaction, query: Select[Any], offset: int) -> list[Row[Any]]:
    return list(transaction.connection.execute(query.limit(_PAGE).offset(offset)))


def _choose(
    transaction: Transaction, rows: list[Row[Any]], place: str, now: datetime, patience: timedelta
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
        now,
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
