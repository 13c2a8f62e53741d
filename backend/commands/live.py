"""What an office looks like at this moment: stages, stations, tags that stand aside, waits."""

from typing import Any

from sqlalchemy import Row, func, or_, select

from backend.commands import stations, waiting
from backend.commands.leases import STATION_LOST
from backend.commands.tag_rows import ASIDE
from backend.schema.tables import tags
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from backend.working_days import is_working_day
from common.domain import staff_call
from common.domain.clock import OFFICE_ZONE
from common.domain.queue import Stage, TagStatus
from common.domain.waits import AIM
from common.wire.live import (
    AsideTag,
    OfficeLive,
    OfficeWaits,
    StageLive,
    StageWaits,
    StationLive,
    StationState,
)

_MOST_ASIDE = 200


def is_open(transaction: Transaction, office: OfficeSettings) -> bool:
    """Tell whether the office receives people now."""
    if office.demo:
        return True
    clock = transaction.now.astimezone(OFFICE_ZONE).time()
    return is_working_day(transaction.today) and office.opens <= clock < office.closes


def live(transaction: Transaction, office: OfficeSettings) -> OfficeLive:
    """Return what a supervisor watches. It holds tags and places, no person."""
    here = (tags.c.office == office.code, tags.c.day == transaction.today.isoformat())
    counts = {
        (row.stage, row.status): row.how_many
        for row in transaction.connection.execute(
            select(tags.c.stage, tags.c.status, func.count().label("how_many"))
            .where(*here, tags.c.stage != Stage.DONE)
            .group_by(tags.c.stage, tags.c.status)
        )
    }
    aside = transaction.connection.execute(
        select(tags)
        .where(*here, or_(tags.c.status.in_(ASIDE), tags.c.reason == STATION_LOST))
        .where(tags.c.stage != Stage.DONE)
        .order_by(tags.c.waits_since, tags.c.tag_id)
        .limit(_MOST_ASIDE)
    )
    return OfficeLive(
        office=office.code,
        at=transaction.now,
        is_open=is_open(transaction, office),
        stages=tuple(_stage(transaction, office.code, stage, counts) for stage in waiting.STAGES),
        stations=tuple(
            _station(transaction, row) for row in stations.stations_of(transaction, office.code)
        ),
        aside=tuple(_aside(tag) for tag in aside),
    )


def waits(transaction: Transaction, office: str) -> OfficeWaits:
    """Return the ranges that a newcomer is told, and how good the last ones were."""
    return OfficeWaits(
        office=office,
        at=transaction.now,
        days=waiting.MEASURED_DAYS,
        stages=tuple(_waits(transaction, office, stage) for stage in waiting.STAGES),
    )


def _stage(
    transaction: Transaction, office: str, stage: Stage, counts: dict[tuple[str, str], int]
) -> StageLive:
    low, high = waiting.foretell_newcomer(transaction, office, stage).minutes
    return StageLive(
        stage=stage,
        waiting=counts.get((stage, TagStatus.WAITING), 0),
        called=counts.get((stage, TagStatus.CALLED), 0),
        serving=counts.get((stage, TagStatus.SERVING), 0),
        aside=sum(counts.get((stage, status), 0) for status in ASIDE),
        open_places=waiting.open_places(transaction, office, stage),
        wait_low_min=low,
        wait_high_min=high,
    )


def _station(transaction: Transaction, row: Row[Any]) -> StationLive:
    return StationLive(
        name=row.station,
        kind=row.kind,
        place=row.place,
        state=StationState(row.state),
        devices_out=tuple(row.devices_out.split()),
        told_at=row.told_at or row.called_at,
        changed_at=row.changed_at,
        is_silent=stations.is_silent(row, transaction.now),
        staff_called_at=staff_call.wanted(row.staff_called_at, row.staff_attended, transaction.now),
    )


def _aside(tag: Row[Any]) -> AsideTag:
    return AsideTag(
        number=tag.number,
        stage=Stage(tag.stage),
        status=TagStatus(tag.status),
        reason=tag.reason or "",
        since=tag.waits_since,
        for_place=tag.for_place,
    )


def _waits(transaction: Transaction, office: str, stage: Stage) -> StageWaits:
    low, high = waiting.foretell_newcomer(transaction, office, stage).minutes
    known = waiting.known(transaction, office, stage)
    return StageWaits(
        stage=stage,
        wait_low_min=low,
        wait_high_min=high,
        measured=known.measured,
        inside=round(known.inside / known.measured, 3) if known.measured else None,
        median_error_min=round(known.median_error_s / 60, 1) if known.measured else None,
        aim=AIM,
    )
