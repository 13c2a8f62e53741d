"""Taking a station out of service, and what two officers do to a station together."""

from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Row, insert, select, update

from backend.commands import custody, pairing, queue, series, work_orders
from backend.commands import station as stations_
from backend.commands.effects import StationNamed, StationRevoked
from backend.commands.pairing import Code
from backend.commands.station import REVOKED, Officer, Station
from backend.schema.tables import sessions
from backend.schema.trust_tables import proposals
from backend.settings import Settings
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.wire.facts import new_id
from common.wire.trust import StationChange

_CONFIRMED_WITHIN = timedelta(minutes=30)

Kind = Literal["pair", "revoke"]


def revoke(
    transaction: Transaction, name: str, reason: str, at: str, officer: str | None
) -> StationChange:
    """Take a station out of service: from this commit on nothing of it is taken.

    What it reserved is free again, who was called to it waits where he stood, and the sessions of
    officers there are over. Revoking twice is once.

    Raises:
        Refusal: There is no such station.
    """
    row = stations_.row_of(transaction, name)
    if row.status != REVOKED:
        stations_.change(transaction, name, status=REVOKED)
        pairing.withdraw(transaction, name)
        _free(transaction, row)
        what = StationRevoked(station=name, reason=reason)
        transaction.record("station_revoked", "", at, officer, what)
    return StationChange(outcome="done", station=name)


def propose(
    transaction: Transaction, station: Station, officer: Officer, kind: Kind, name: str, reason: str
) -> StationChange:
    """Note what one supervisor wants; a second one confirms it within half an hour.

    Raises:
        Refusal: There is no such station at this office.
    """
    row = stations_.row_of(transaction, name, station.office)
    ends = transaction.now + _CONFIRMED_WITHIN
    proposal = str(new_id())
    transaction.connection.execute(
        insert(proposals).values(
            proposal_id=proposal,
            kind=kind,
            station=name,
            station_version=row.epoch,
            reason=reason,
            proposed_by=officer.officer_id,
            expires_at=ends,
        )
    )
    what = StationNamed(station=name)
    transaction.record(f"station_{kind}_proposed", "", station.name, officer.officer_id, what)
    return StationChange(
        outcome="second_officer_needed", station=name, proposal=proposal, ends_at=ends
    )


def proposed_pairing(transaction: Transaction, proposal: str) -> str | None:
    """Return the station that a proposal wants to pair, so that a code can be made beforehand."""
    return transaction.connection.execute(
        select(proposals.c.station).where(
            proposals.c.proposal_id == proposal, proposals.c.kind == "pair"
        )
    ).scalar_one_or_none()


def confirm(
    transaction: Transaction,
    station: Station,
    officer: Officer,
    proposal: str,
    code: Code | None,
    settings: Settings,
) -> StationChange:
    """Do what another supervisor proposed, if the station still is as that one saw it.

    Raises:
        Refusal: It is unknown, over or done; it is one's own; or the station changed meanwhile.
    """
    row = _open(transaction, station, officer, proposal)
    transaction.connection.execute(
        update(proposals)
        .where(proposals.c.proposal_id == proposal)
        .values(confirmed_by=officer.officer_id)
    )
    if row.kind == "pair":
        if code is None:
            raise Refusal(409, "not_open")
        rules = settings.trust
        return pairing.offer(transaction, code, rules, station.name, officer.officer_id)
    return revoke(transaction, row.station, row.reason, station.name, officer.officer_id)


def must_supervise(officer: Officer | None) -> Officer:
    """Return the officer where it is a supervisor.

    Raises:
        Refusal: Nobody is signed in, or somebody without the role.
    """
    if officer is None:
        raise Refusal(403, "officer_needed")
    if Role.SUPERVISOR not in officer.roles:
        raise Refusal(403, "role_needed", "supervisor")
    return officer


def _open(transaction: Transaction, station: Station, officer: Officer, proposal: str) -> Row[Any]:
    row = transaction.connection.execute(
        select(proposals).where(proposals.c.proposal_id == proposal)
    ).one_or_none()
    if row is None or row.confirmed_by is not None or transaction.now >= row.expires_at:
        raise Refusal(409, "not_open", "unknown, done or too late")
    if row.proposed_by == officer.officer_id:
        raise Refusal(403, "same_officer", "another supervisor confirms")
    if stations_.row_of(transaction, row.station, station.office).epoch != row.station_version:
        raise Refusal(409, "changed_meanwhile", "the station is no more as it was seen")
    return row


def _free(transaction: Transaction, row: Row[Any]) -> None:
    custody.release_all(transaction, row.name)
    series.revoke(transaction, row.name)
    work_orders.revoke(transaction, row.name)
    if row.place:
        queue.leave_waiting(transaction, row.office, row.place)
    transaction.connection.execute(
        update(sessions)
        .where(sessions.c.station == row.name, sessions.c.ends_at > transaction.now)
        .values(ends_at=transaction.now)
    )
