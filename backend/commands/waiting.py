"""How long a tag will wait, from how long others took."""

import math
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import Row, func, select

from backend.schema.tables import stage_times, tags
from backend.transaction import Transaction
from common.domain.queue import Stage, TagStatus

_TYPICAL_S = {
    Stage.FORM: 240,
    Stage.KIOSK: 180,
    Stage.BOOTH: 300,
    Stage.COUNTER: 180,
    Stage.DONE: 0,
}
_ENOUGH = 5
_LOOK_BACK = 30
_OPEN_FOR = timedelta(hours=1)


def people_ahead(transaction: Transaction, tag: Row[Any]) -> int:
    """Count the tags that will be called before this one."""
    if tag.status != TagStatus.WAITING:
        return 0
    stage = _queue_stage(tag.stage)
    return int(
        transaction.connection.execute(
            select(func.count())
            .select_from(tags)
            .where(
                tags.c.office == tag.office,
                tags.c.day == tag.day,
                tags.c.status == TagStatus.WAITING,
                tags.c.stage == stage,
                (tags.c.order_at < tag.order_at)
                | ((tags.c.order_at == tag.order_at) & (tags.c.tag_id < tag.tag_id)),
            )
        ).scalar_one()
    )


def wait_range(transaction: Transaction, tag: Row[Any], ahead: int) -> tuple[int, int]:
    """Return a fair range of minutes. It is a range because a single number would be a promise."""
    if tag.status != TagStatus.WAITING:
        return 0, 0
    stage = _queue_stage(tag.stage)
    each_s = _service_time_s(transaction, tag.office, stage)
    wait_s = ahead * each_s / _open_places(transaction, tag.office, stage)
    low = math.floor(0.7 * wait_s / 60)
    high = math.ceil((1.4 * wait_s + 0.5 * each_s) / 60)
    return low, max(high, low + 1)


def _queue_stage(stage: str) -> str:
    # Nobody is called to fill in a form; who does so waits for a kiosk next.
    return Stage.KIOSK if stage == Stage.FORM else stage


def _service_time_s(transaction: Transaction, office: str, stage: str) -> float:
    seconds = (
        transaction.connection.execute(
            select(stage_times.c.seconds)
            .where(stage_times.c.office == office, stage_times.c.stage == stage)
            .order_by(stage_times.c.ended_at.desc())
            .limit(_LOOK_BACK)
        )
        .scalars()
        .all()
    )
    return float(median(seconds)) if len(seconds) >= _ENOUGH else float(_TYPICAL_S[Stage(stage)])


def _open_places(transaction: Transaction, office: str, stage: str) -> int:
    places = transaction.connection.execute(
        select(func.count(func.distinct(tags.c.place))).where(
            tags.c.office == office,
            tags.c.stage == stage,
            tags.c.called_at > transaction.now - _OPEN_FOR,
        )
    ).scalar_one()
    return max(1, int(places))
