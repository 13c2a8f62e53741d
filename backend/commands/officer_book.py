"""Which officers there are: entered by the operator, changed by a supervisor, never by oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from backend.commands.effects import OfficerChanged
from backend.commands.officers import end_sessions_of, hash_password
from backend.commands.station import Officer
from backend.schema.tables import officers
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role


@dataclass(frozen=True, slots=True, repr=False)
class Planned:
    """An officer as the settings name him, with his first password."""

    officer_id: str
    display_name: str
    roles: Sequence[Role]
    password: str


def add(
    transaction: Transaction, officer_id: str, display_name: str, roles: Sequence[Role], hashed: str
) -> None:
    """Enter a new officer, as the operator wants.

    Args:
        transaction: The command's.
        officer_id: What is typed at sign-in; it is never given to a second person.
        display_name: What screens show.
        roles: What the officer may do.
        hashed: The first password's hash.

    Raises:
        Refusal: This name was given before.
    """
    if _is_known(transaction, officer_id):
        raise Refusal(409, "officer_known", "an officer's name is never used again")
    transaction.connection.execute(
        insert(officers).values(
            officer_id=officer_id,
            display_name=display_name,
            roles=" ".join(roles),
            password=hashed,
            from_settings=0,
        )
    )
    _record(transaction, "officer_added", officer_id, "backend", None)


def change(
    transaction: Transaction,
    officer_id: str,
    roles: Sequence[Role] | None,
    *,
    enabled: bool,
    at: str,
    by: Officer | None,
) -> None:
    """Change what an officer may do, or whether he may sign in; his sessions are over.

    What a command changed the settings change no more.

    Args:
        transaction: The command's.
        officer_id: Who is changed.
        roles: What he may do from now on; None leaves it.
        enabled: Whether he may sign in.
        at: The station at which it is done, or "backend".
        by: The supervisor; None for the operator.

    Raises:
        Refusal: There is no such officer, or it is the supervisor himself.
    """
    if by is not None and by.officer_id == officer_id:
        raise Refusal(403, "same_officer", "nobody changes his own roles")
    values: dict[str, Any] = {"disabled_at": None if enabled else transaction.now}
    if roles is not None:
        values["roles"] = " ".join(roles)
    _write(transaction, officer_id, **values)
    end_sessions_of(transaction, officer_id)
    officer = None if by is None else by.officer_id
    _record(transaction, "officer_changed", officer_id, at, officer)


def set_password(transaction: Transaction, officer_id: str, hashed: str) -> None:
    """Give an officer another password; his sessions are over.

    Raises:
        Refusal: There is no such officer.
    """
    _write(transaction, officer_id, password=hashed)
    end_sessions_of(transaction, officer_id)
    _record(transaction, "officer_password_set", officer_id, "backend", None)


def write_settings(transaction: Transaction, planned: Sequence[Planned]) -> None:
    """Write the officers that the settings name; who left them signs in no more."""
    for officer in planned:
        _write_planned(transaction, officer)
    gone = select(officers.c.officer_id).where(
        officers.c.from_settings == 1,
        officers.c.disabled_at.is_(None),
        officers.c.officer_id.not_in([officer.officer_id for officer in planned]),
    )
    for officer_id in transaction.connection.execute(gone).scalars().all():
        _update(transaction, officer_id, disabled_at=transaction.now)
        end_sessions_of(transaction, officer_id)


def _write_planned(transaction: Transaction, officer: Planned) -> None:
    values = {"display_name": officer.display_name, "roles": " ".join(officer.roles)}
    ruled_by = transaction.connection.execute(
        select(officers.c.from_settings).where(officers.c.officer_id == officer.officer_id)
    ).scalar_one_or_none()
    if ruled_by is None:
        hashed = hash_password(officer.password)
        transaction.connection.execute(
            insert(officers).values(officer_id=officer.officer_id, password=hashed, **values)
        )
    elif ruled_by:
        _update(transaction, officer.officer_id, disabled_at=None, **values)


def _is_known(transaction: Transaction, officer_id: str) -> bool:
    found = select(officers.c.officer_id).where(officers.c.officer_id == officer_id)
    return transaction.connection.execute(found).first() is not None


def _write(transaction: Transaction, officer_id: str, **values: Any) -> None:
    if not _is_known(transaction, officer_id):
        raise Refusal(404, "not_found", "no such officer")
    _update(transaction, officer_id, from_settings=0, **values)


def _update(transaction: Transaction, officer_id: str, **values: Any) -> None:
    transaction.connection.execute(
        update(officers).where(officers.c.officer_id == officer_id).values(**values)
    )


def _record(transaction: Transaction, kind: str, officer_id: str, at: str, by: str | None) -> None:
    row = transaction.connection.execute(
        select(officers).where(officers.c.officer_id == officer_id)
    ).one()
    what = OfficerChanged(officer_id=officer_id, roles=row.roles, enabled=row.disabled_at is None)
    transaction.record(kind, "", at, by, what)
