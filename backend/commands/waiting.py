"""How long a tag will wait: foretold when the wait begins, measured when it ends, published."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, insert, select, update

from backend.commands.line import how_many, people_ahead
from backend.commands.stations import is_open, stations_of
from backend.schema.queue_tables import paces, waits
from backend.schema.tables import stage_times, tags
from backend.transaction import Transaction
from common.domain.queue import Stage, TagStatus
from common.domain.waits import Forecast, Pace, calibrate, forecast
from common.wire.facts import new_id

MEASURED_DAYS = 7
STAGES = (Stage.FORM, Stage.KIOSK, Stage.BOOTH, Stage.COUNTER)

_TYPICAL_S = {Stage.FORM: 240, Stage.KIOSK: 180, Stage.BOOTH: 300, Stage.COUNTER: 180}
_ENOUGH_SERVED = 5
_LAST_SERVED = 50
_LAST_WAITS = 300
_FRESH = timedelta(minutes=1)
_KEPT = timedelta(days=60)

_BEGIN = insert(waits)
_IS_RUNNING = (waits.c.tag_id == bindparam("which"), waits.c.called_at.is_(None))
_RUNNING = select(waits.c.wait_id, waits.c.begun_at).where(*_IS_RUNNING)
_END = update(waits).where(waits.c.wait_id == bindparam("which"))
_GIVE_UP = delete(waits).where(*_IS_RUNNING)
_PACE = select(paces).where(
    paces.c.office == bindparam("office"), paces.c.stage == bindparam("stage")
)
_FRESH_PACES = select(paces.c.stage).where(
    paces.c.office == bindparam("office"), paces.c.made_at > bindparam("since")
)
_BUSY = select(tags.c.place).where(
    tags.c.office == bindparam("office"),
    tags.c.day == bindparam("day"),
    tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
    tags.c.stage == bindparam("stage"),
)


class Told(NamedTuple):
    """What a waiting person is told: how many come before, and the wait."""

    ahead: int
    wait: Forecast


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a stage: its pace, and how good the ranges were."""

    pace: Pace
    measured: int = 0
    inside: int = 0
    median_error_s: int = 0


def foretell(transaction: Transaction, tag: Row[Any]) -> Told:
    """Foretell how long a waiting tag will wait from now on."""
    ahead = people_ahead(transaction, tag, _served_as(tag.stage))
    early = tag.turn_at - transaction.now
    not_before = early if early > timedelta() else None
    return Told(ahead, _foretell(transaction, tag.office, Stage(tag.stage), ahead, not_before))


def foretell_newcomer(transaction: Transaction, office: str, stage: Stage) -> Forecast:
    """Foretell how long somebody would wait who begins to wait for a stage now."""
    ahead = how_many(transaction, office, _served_as(stage))
    return _foretell(transaction, office, stage, ahead, None)


def begin(transaction: Transaction, tag: Row[Any]) -> Told:
    """Keep and return what a person is told at the beginning of a wait."""
    told = foretell(transaction, tag)
    transaction.connection.execute(
        _BEGIN,
        {
            "wait_id": str(new_id()),
            "tag_id": tag.tag_id,
            "stage": tag.stage,
            "begun_at": transaction.now,
            "office": tag.office,
            "ahead": told.ahead,
            "middle_s": round(told.wait.middle_s),
            "spread_s": round(told.wait.spread_s),
            "low_s": told.wait.low_s,
            "high_s": told.wait.high_s,
        },
    )
    return told


def end(transaction: Transaction, tag: Row[Any]) -> None:
    """Measure a tag's waits: it is called. A second call of the same wait changes nothing."""
    for wait in transaction.connection.execute(_RUNNING, {"which": tag.tag_id}).all():
        lasted_s = round((transaction.now - wait.begun_at).total_seconds())
        transaction.connection.execute(
            _END, {"which": wait.wait_id, "called_at": transaction.now, "actual_s": lasted_s}
        )


def give_up(transaction: Transaction, tag: Row[Any]) -> None:
    """Forget a wait that will not end by a call at its time: the holder stood aside, or left."""
    transaction.connection.execute(_GIVE_UP, {"which": tag.tag_id})


def forget_old(transaction: Transaction) -> None:
    """Drop waits that no range is made of any more."""
    transaction.connection.execute(delete(waits).where(waits.c.begun_at < transaction.now - _KEPT))


def known(transaction: Transaction, office: str, stage: Stage) -> Known:
    """Return what is known of a stage, as last worked out."""
    row = _row(transaction, office, stage)
    if row is None:
        return Known(Pace(_TYPICAL_S[_served_as(stage)], 1))
    pace = Pace(row.each_s, row.places, row.low_milli / 1000, row.high_milli / 1000)
    return Known(pace, row.measured, row.inside, row.median_error_s)


def learn(transaction: Transaction, office: str, stages: tuple[Stage, ...]) -> None:
    """Work out anew what is known of stages, unless that was done a moment ago."""
    concerned = [stage for stage in STAGES if _served_as(stage) in stages]
    fresh = transaction.connection.execute(
        _FRESH_PACES, {"office": office, "since": transaction.now - _FRESH}
    ).scalars()
    for stage in set(concerned) - {Stage(name) for name in fresh}:
        values = {
            "made_at": transaction.now,
            "each_s": _service_time_s(transaction, office, _served_as(stage)),
            "places": max(1, open_places(transaction, office, _served_as(stage))),
            **_lessons(transaction, office, stage),
        }
        where = (paces.c.office == office, paces.c.stage == stage)
        done = transaction.connection.execute(update(paces).where(*where).values(**values))
        if done.rowcount == 0:
            transaction.connection.execute(
                insert(paces).values(office=office, stage=stage, **values)
            )


def _foretell(
    transaction: Transaction, office: str, stage: Stage, ahead: int, not_before: timedelta | None
) -> Forecast:
    pace = known(transaction, office, stage).pace
    # Somebody is idle only where fewer wait than places are open: else nobody needs to be asked.
    idle = 0
    if ahead < pace.places:
        idle = max(0, pace.places - len(_busy_places(transaction, office, _served_as(stage))))
    before_s = _TYPICAL_S[Stage.FORM] if stage is Stage.FORM else 0
    return forecast(pace, ahead, idle, before_s, not_before)


def _served_as(stage: str) -> Stage:
    # Nobody is called to fill in a form; who does so waits for a kiosk next.
    return Stage.KIOSK if stage == Stage.FORM else Stage(stage)


def _row(transaction: Transaction, office: str, stage: Stage) -> Row[Any] | None:
    asked = {"office": office, "stage": stage}
    return transaction.connection.execute(_PACE, asked).one_or_none()


def _service_time_s(transaction: Transaction, office: str, stage: Stage) -> int:
    seconds = (
        transaction.connection.execute(
            select(stage_times.c.seconds)
            .where(stage_times.c.office == office, stage_times.c.stage == stage)
            .order_by(stage_times.c.ended_at.desc())
            .limit(_LAST_SERVED)
        )
        .scalars()
        .all()
    )
    if len(seconds) < _ENOUGH_SERVED:
        return _TYPICAL_S[stage]
    return max(1, round(int(sum(seconds)) / len(seconds)))


def open_places(transaction: Transaction, office: str, stage: Stage) -> int:
    """Count the places that serve a stage: that serve somebody, or would; 0 where none does."""
    would = {
        row.place
        for row in stations_of(transaction, office)
        if stage in row.serves.split() and is_open(row, transaction.now)
    }
    return len(would | _busy_places(transaction, office, stage))


def _busy_places(transaction: Transaction, office: str, stage: Stage) -> set[str]:
    asked = {"office": office, "day": transaction.today.isoformat(), "stage": stage}
    return set(transaction.connection.execute(_BUSY, asked).scalars())


def _lessons(transaction: Transaction, office: str, stage: Stage) -> dict[str, int]:
    """Say what the last waits of a stage teach."""
    ended = transaction.connection.execute(
        select(waits)
        .where(
            waits.c.office == office,
            waits.c.stage == stage,
            waits.c.called_at > transaction.now - timedelta(days=MEASURED_DAYS),
        )
        .order_by(waits.c.called_at.desc())
        .limit(_LAST_WAITS)
    ).all()
    told = [
        (Forecast(wait.low_s, wait.high_s, wait.middle_s, max(1, wait.spread_s)), wait.actual_s)
        for wait in ended
    ]
    low, high = calibrate([each.score(actual_s) for each, actual_s in told])
    errors = [abs(actual_s - (each.low_s + each.high_s) / 2) for each, actual_s in told]
    return {
        "low_milli": round(low * 1000),
        "high_milli": round(high * 1000),
        "measured": len(told),
        "inside": sum(each.holds(actual_s) for each, actual_s in told),
        "median_error_s": round(median(errors)) if errors else 0,
    }
