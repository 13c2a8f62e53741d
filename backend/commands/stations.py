"""What stations say of themselves, what they serve, and the leases that they renew."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from backend.commands.line import rules_of
from backend.commands.station import Station
from backend.schema.queue_tables import station_status
from backend.schema.tables import tags
from backend.transaction import Refusal, Transaction
from common.domain import staff_call
from common.domain.queue import Stage, TagStatus
from common.wire.live import StationState, StationStatus

SERVING = (StationState.OPEN, StationState.LIMITED)
BEAT_S = 30
_SILENT = timedelta(seconds=4 * BEAT_S)
_CALLS_NO_MORE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(seconds=BEAT_S)

_ROW = select(station_status).where(station_status.c.station == bindparam("which"))


def beat(transaction: Transaction, station: Station, said: StationStatus) -> None:
    """Take a station's word about itself, and renew the leases of what its place has called."""
    devices_out = " ".join(said.devices_out)
    row = _row(transaction, station)
    values: dict[str, Any] = {
        "state": said.state,
        "devices_out": devices_out,
        "told_at": transaction.now,
    }
    known = None if row is None else row.staff_called_at
    # A station that was started anew knows of no call; what it called before still stands.
    if staff_call.counts(said.staff_called_at, known, transaction.now):
        known = values["staff_called_at"] = said.staff_called_at
    if row is not None and said.staff_attended is not None:
        values["staff_attended"] = staff_call.attended_now(
            known, row.staff_attended, said.staff_attended
        )
    if row is None or (row.state, row.devices_out) != (said.state, devices_out):
        values["changed_at"] = transaction.now
    _write(transaction, station, row, values)
    transaction.connection.execute(
        update(tags)
        .where(
            tags.c.office == station.office,
            tags.c.day == transaction.today.isoformat(),
            tags.c.status.in_((TagStatus.CALLED, TagStatus.SERVING)),
            tags.c.place == station.place,
        )
        .values(lease_until=lease_until(transaction, station.office))
    )


def attend(transaction: Transaction, office: str, name: str, called_at: datetime) -> None:
    """Note that an officer goes to a station that called staff at this moment.

    Once is as good as twice; a call that was made since then stays wanted.

    Raises:
        Refusal: The office has no such station, or it never said anything.
    """
    row = transaction.connection.execute(_ROW, {"which": name}).one_or_none()
    if row is None or row.office != office:
        raise Refusal(404, "not_found", "no such station here")
    attended = staff_call.attended_now(row.staff_called_at, row.staff_attended, called_at)
    transaction.connection.execute(
        update(station_status)
        .where(station_status.c.station == name)
        .values(staff_attended=attended)
    )


def calls(transaction: Transaction, station: Station, stages: Iterable[Stage]) -> None:
    """Note that a station serves these stages now. An idle kiosk asks every second or so."""
    row = _row(transaction, station)
    serves = " ".join(stages)
    is_known = row is not None and row.called_at is not None and row.serves == serves
    if row is not None and is_known and transaction.now - row.called_at < _NOTED_EVERY:
        return
    _write(transaction, station, row, {"serves": serves, "called_at": transaction.now})


def lease_until(transaction: Transaction, office: str) -> datetime:
    """Return until when a call holds its tag, unless its station renews it."""
    return transaction.now + timedelta(minutes=rules_of(transaction, office).lease_minutes)


def stations_of(transaction: Transaction, office: str) -> list[Row[Any]]:
    """Return what is known of an office's stations, by name."""
    return list(
        transaction.connection.execute(
            select(station_status)
            .where(station_status.c.office == office)
            .order_by(station_status.c.station)
        )
    )


def is_silent(row: Row[Any], now: datetime) -> bool:
    """Tell whether a station that used to beat has stopped."""
    return row.told_at is not None and now - row.told_at > _SILENT


def is_open(row: Row[Any], now: datetime) -> bool:
    """Tell whether a station serves people: it is well and has called somebody not long ago."""
    if row.state not in SERVING or row.called_at is None or is_silent(row, now):
        return False
    return bool(now - row.called_at < _CALLS_NO_MORE)


def _row(transaction: Transaction, station: Station) -> Row[Any] | None:
    return transaction.connection.execute(_ROW, {"which": station.name}).one_or_none()


def _write(
    transaction: Transaction, station: Station, row: Row[Any] | None, values: dict[str, Any]
) -> None:
    if row is not None:
        transaction.connection.execute(
            update(station_status)
            .where(station_status.c.station == station.name)
            .values(office=station.office, place=station.place, kind=station.kind, **values)
        )
        return
    first = {
        "station": station.name,
        "office": station.office,
        "kind": station.kind,
        "place": station.place,
        "state": StationState.OPEN,
        "devices_out": "",
        "serves": "",
        "changed_at": transaction.now,
    }
    transaction.connection.execute(insert(station_status).values(**{**first, **values}))
