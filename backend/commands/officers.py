"""Officers' sessions: begun with a password, bound to a station, ended by time or silence.

What a session still proves once it has ended: who made the facts that come late.
"""

import base64
import hashlib
import hmac
import os
import secrets
from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from backend.commands.station import Officer, Station
from backend.schema.tables import officers, sessions
from backend.transaction import Transaction
from common.domain.clock import OFFICE_ZONE
from common.domain.officer import Role
from common.wire.shapes import OfficerSession

_COST, _BLOCK, _LANES = 2**14, 8, 1
_KEPT = timedelta(days=90)

_BY_TOKEN = (
    select(
        officers,
        sessions.c.station,
        sessions.c.started_at,
        sessions.c.ends_at,
        sessions.c.seen_at,
        sessions.c.fresh_at,
    )
    .join(sessions, sessions.c.officer_id == officers.c.officer_id)
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        sessions.c.station == bindparam("at_station"),
    )
)


def hash_password(password: str, salt: bytes | None = None) -> str:
    """Hash a password with scrypt. It takes some 50 ms: keep it off the store's thread."""
    salt = os.urandom(16) if salt is None else salt
    digest = hashlib.scrypt(
        password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=64 * 2**20
    )
    return f"{base64.b64encode(salt).decode()} {base64.b64encode(digest).decode()}"


def password_fits(password: str, kept: str) -> bool:
    """Compare a password with its hash, in constant time."""
    salt = base64.b64decode(kept.partition(" ")[0])
    return hmac.compare_digest(hash_password(password, salt), kept)


def password_of(transaction: Transaction, officer_id: str) -> str | None:
    """Return the hash kept for an officer who may sign in."""
    return transaction.connection.execute(
        select(officers.c.password).where(
            officers.c.officer_id == officer_id, officers.c.disabled_at.is_(None)
        )
    ).scalar_one_or_none()


def begin_session(transaction: Transaction, station: Station, officer_id: str) -> OfficerSession:
    """Begin a session until the office's day ends; the token is told once and kept as a hash."""
    row = transaction.connection.execute(
        select(officers).where(officers.c.officer_id == officer_id)
    ).one()
    token = secrets.token_urlsafe(32)
    transaction.connection.execute(
        delete(sessions).where(sessions.c.ends_at < transaction.now - _KEPT)
    )
    transaction.connection.execute(
        insert(sessions).values(
            token_hash=_token_hash(token),
            officer_id=officer_id,
            station=station.name,
            started_at=transaction.now,
            ends_at=_day_end(transaction.now),
            seen_at=transaction.now,
            fresh_at=transaction.now,
        )
    )
    transaction.record("officer_signed_in", "", station.name, officer_id)
    return OfficerSession(
        token=token,
        officer_id=officer_id,
        display_name=row.display_name,
        roles=_roles(row.roles),
    )


def end_session(transaction: Transaction, station: Station, token: str, idle: timedelta) -> None:
    """End a session; ending it twice is once."""
    officer = by_session(transaction, station, token, idle)
    if officer is None or not officer.is_live:
        return
    _change(transaction, token, ends_at=transaction.now)
    transaction.record("officer_signed_out", "", station.name, officer.officer_id)


def by_session(
    transaction: Transaction, station: Station, token: str, idle: timedelta
) -> Officer | None:
    """Return the officer of a session begun at this station, ended or not.

    It is over at the day's end, after so long without a word, and when the officer was disabled.
    """
    row = transaction.connection.execute(
        _BY_TOKEN, {"token_hash": _token_hash(token), "at_station": station.name}
    ).one_or_none()
    if row is None:
        return None
    seen_at, fresh_at = row.seen_at or row.started_at, row.fresh_at or row.started_at
    enabled = row.disabled_at is None
    return Officer(
        officer_id=row.officer_id,
        display_name=row.display_name,
        roles=_roles(row.roles),
        station=row.station,
        is_live=enabled and transaction.now < row.ends_at and transaction.now < seen_at + idle,
        seen_at=seen_at,
        fresh_at=fresh_at,
    )


def note_seen(transaction: Transaction, token: str) -> None:
    """Note that the officer of this session is at work."""
    _change(transaction, token, seen_at=transaction.now)


def note_fresh(transaction: Transaction, token: str) -> None:
    """Note that the officer of this session typed the password once more."""
    _change(transaction, token, seen_at=transaction.now, fresh_at=transaction.now)


def end_sessions_of(transaction: Transaction, officer_id: str) -> None:
    """End every session of an officer."""
    transaction.connection.execute(
        update(sessions)
        .where(sessions.c.officer_id == officer_id, sessions.c.ends_at > transaction.now)
        .values(ends_at=transaction.now)
    )


def _change(transaction: Transaction, token: str, **values: datetime) -> None:
    transaction.connection.execute(
        update(sessions).where(sessions.c.token_hash == _token_hash(token)).values(**values)
    )


def _roles(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split())


def _day_end(now: datetime) -> datetime:
    tomorrow = now.astimezone(OFFICE_ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), OFFICE_ZONE)


def _token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
