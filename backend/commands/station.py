"""Who speaks: the station, and the officer where one is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import load_der_x509_certificate
from sqlalchemy import Row, bindparam, func, insert, select, update

from backend.commands.effects import SoftwareSeen
from backend.schema.tables import stations
from backend.schema.trust_tables import station_keys
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.trust import HelloAnswer, HelloRequest, StationRow

PLANNED, PAIRED, REVOKED, REMOVED = "planned", "paired", "revoked", "removed"

_BY_KEY = (
    select(stations, station_keys.c.expires_at)
    .join(station_keys, station_keys.c.station == stations.c.name)
    .where(station_keys.c.key_id == bindparam("key_id"), station_keys.c.ended_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Station:
    """A station that proved its key."""

    name: str
    kind: str
    office: str
    place: str


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who signed in at a station. An ended session proves only what is past.

    Attributes:
        seen_at: When the session was last used.
        fresh_at: When the officer last typed the password.
    """

    officer_id: str
    display_name: str
    roles: tuple[Role, ...]
    station: str
    is_live: bool
    seen_at: datetime
    fresh_at: datetime


def admit(transaction: Transaction, key_id: str) -> Station:
    """Return the station that this key speaks for, as it stands at this moment.

    Every command asks this inside its own transaction, so that nothing of a station is kept after
    its revocation was.

    Raises:
        Refusal: The key is unknown or ended, the certificate is over, or the station is revoked.
    """
    row = transaction.connection.execute(_BY_KEY, {"key_id": key_id}).one_or_none()
    if row is None:
        raise Refusal(401, "station_unknown")
    if row.status != PAIRED:
        raise Refusal(401, "station_revoked", "taken out of service, call the technician")
    if transaction.now >= row.expires_at:
        raise Refusal(401, "certificate_expired", "pair the station anew")
    return Station(row.name, row.kind, row.office, row.place)


def public_key(transaction: Transaction, key_id: str) -> EllipticCurvePublicKey | None:
    """Return the key of this name, whether it still counts or not."""
    certificate = transaction.connection.execute(
        select(station_keys.c.certificate).where(station_keys.c.key_id == key_id)
    ).scalar_one_or_none()
    if certificate is None:
        return None
    key = load_der_x509_certificate(certificate).public_key()
    return key if isinstance(key, EllipticCurvePublicKey) else None


def plan(transaction: Transaction, planned: Sequence[Station]) -> None:
    """Write the stations that the settings plan; what they name no more is let in no more.

    A key was given for a kind and an office: where one of them is another now, the station pairs
    anew.
    """
    for station in planned:
        _plan_one(transaction, station)
    gone = select(stations.c.name).where(
        stations.c.name.not_in([station.name for station in planned]),
        stations.c.status.not_in((REMOVED, REVOKED)),
    )
    for name in transaction.connection.execute(gone).scalars().all():
        change(transaction, name, status=REMOVED)
        end_keys(transaction, name)


def change(transaction: Transaction, name: str, **values: Any) -> None:
    """Write a station, and count the change."""
    transaction.connection.execute(
        update(stations).where(stations.c.name == name).values(epoch=stations.c.epoch + 1, **values)
    )


def end_keys(transaction: Transaction, name: str, but: str = "") -> None:
    """Let a station's keys count no more, but for one."""
    transaction.connection.execute(
        update(station_keys)
        .where(
            station_keys.c.station == name,
            station_keys.c.ended_at.is_(None),
            station_keys.c.key_id != but,
        )
        .values(ended_at=transaction.now)
    )


def row_of(transaction: Transaction, name: str, office: str | None = None) -> Row[Any]:
    """Return a planned station's row.

    Raises:
        Refusal: There is none of this name, or it is another office's.
    """
    row = transaction.connection.execute(
        select(stations).where(stations.c.name == name, stations.c.status != REMOVED)
    ).one_or_none()
    if row is None or office not in (None, row.office):
        raise Refusal(404, "not_found", "no such station")
    return row


def hello(
    transaction: Transaction, station: Station, key_id: str, told: HelloRequest
) -> HelloAnswer:
    """Note what runs on a station; the key that says so is from now on its only one."""
    end_keys(transaction, station.name, but=key_id)
    row = row_of(transaction, station.name)
    if (row.version, row.software) != (told.version, told.software):
        transaction.connection.execute(
            update(stations)
            .where(stations.c.name == station.name)
            .values(version=told.version, software=told.software)
        )
        seen = SoftwareSeen(version=told.version, software=told.software)
        transaction.record("station_software", "", station.name, what=seen)
    ends = transaction.connection.execute(
        select(station_keys.c.expires_at).where(station_keys.c.key_id == key_id)
    ).scalar_one()
    return HelloAnswer(
        station=station.name,
        kind=station.kind,
        office=station.office,
        place=station.place,
        now=transaction.now,
        certificate_ends=ends,
    )


def listed(transaction: Transaction, office: str) -> tuple[StationRow, ...]:
    """Return the stations of an office, in the order of their names."""
    ends = (
        select(func.max(station_keys.c.expires_at))
        .where(station_keys.c.station == stations.c.name, station_keys.c.ended_at.is_(None))
        .scalar_subquery()
    )
    rows = transaction.connection.execute(
        select(stations, ends.label("ends")).where(stations.c.office == office).order_by("name")
    )
    return tuple(
        StationRow(
            name=row.name,
            kind=row.kind,
            office=row.office,
            place=row.place,
            status=row.status,
            version=row.version,
            software=row.software,
            certificate_ends=row.ends,
        )
        for row in rows
    )


def _plan_one(transaction: Transaction, station: Station) -> None:
    values = {"kind": station.kind, "office": station.office, "place": station.place}
    row = transaction.connection.execute(
        select(stations).where(stations.c.name == station.name)
    ).one_or_none()
    if row is None:
        transaction.connection.execute(insert(stations).values(name=station.name, **values))
    elif (row.kind, row.office) != (station.kind, station.office) or row.status == REMOVED:
        change(transaction, station.name, status=PLANNED, **values)
        end_keys(transaction, station.name)
    elif row.place != station.place:
        change(transaction, station.name, place=station.place)


def must_have_role(officer: Officer | None, roles: set[Role]) -> Officer:
    """Return the officer, where one is signed in who has one of these roles.

    Raises:
        Refusal: Nobody is signed in, or the officer has another duty.
    """
    if officer is None:
        raise Refusal(401, "sign_in_needed")
    if not roles & set(officer.roles):
        raise Refusal(403, "role_needed", ", ".join(sorted(roles)))
    return officer
