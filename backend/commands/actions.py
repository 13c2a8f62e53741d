"""What no officer does alone: one proposes, another confirms exactly what the first saw."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from backend.commands.station import Officer, Station, must_have_role
from backend.schema.custody_tables import action_objects, pending_actions
from backend.transaction import Refusal, Transaction
from common.domain.custody import ActionKind, Thing
from common.domain.officer import Role
from common.wire.custody import ActionRequest, ActionView, Seen
from common.wire.facts import new_id

Object = tuple[Thing, str, int]

_DESK = {Role.COUNTER, Role.PRODUCTION, Role.SUPERVISOR}
ROLES = {
    ActionKind.OVERRIDE_ISSUE: {Role.COUNTER, Role.SUPERVISOR},
    ActionKind.DESTROY: _DESK | {Role.CUSTODIAN},
    ActionKind.COLLECT: _DESK,
    ActionKind.REDIRECT: {Role.COUNTER, Role.SUPERVISOR},
    ActionKind.REVOKE: {Role.ASSESSMENT, Role.SUPERVISOR},
    ActionKind.CLOSE_LOST: _DESK,
}
"""Who may propose and who may confirm. What is absent here is confirmed by a fact."""
_MOST_ROWS = 200


def keep(
    transaction: Transaction,
    office: str,
    officer: str,
    kind: ActionKind,
    objects: Iterable[Object],
    digest: str,
    reason: str,
    at: datetime,
    expires_at: datetime,
    to_office: str | None = None,
) -> str:
    """Write down what an officer proposes; return its id."""
    action_id = str(new_id())
    transaction.connection.execute(
        insert(pending_actions).values(
            action_id=action_id,
            kind=kind,
            office=office,
            to_office=to_office,
            reason=reason,
            digest=digest,
            proposed_by=officer,
            proposed_at=at,
            expires_at=expires_at,
        )
    )
    for thing, object_id, version in objects:
        transaction.connection.execute(
            insert(action_objects).values(
                action_id=action_id, thing=thing, object_id=object_id, version=version
            )
        )
    return action_id


def propose(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    request: ActionRequest,
    minutes: int,
) -> ActionView:
    """Write down a proposal that was checked; it waits so many minutes for its second officer.

    Raises:
        Refusal: Nobody is signed in who may.
    """
    first = must_have_role(officer, ROLES.get(request.kind, set()))
    action_id = keep(
        transaction,
        station.office,
        first.officer_id,
        request.kind,
        [(one.thing, one.id, one.version) for one in request.objects],
        request.digest(),
        request.reason,
        transaction.now,
        transaction.now + timedelta(minutes=minutes),
        request.to_office,
    )
    transaction.record("action_proposed", "", station.name, first.officer_id, request)
    return view(transaction, load(transaction, station.office, action_id))


def confirm(
    transaction: Transaction, row: Row[tuple[object, ...]], officer: str, seen: str, at: datetime
) -> None:
    """Let a second officer confirm; what it does takes effect from here on.

    Raises:
        Refusal: The same officer, another record, too late, or confirmed before.
    """
    if officer == row.proposed_by:
        raise Refusal(403, "same_officer", "a second officer confirms what the first proposed")
    if seen != row.digest:
        raise Refusal(409, "seen_otherwise", "the action is another than the one confirmed")
    if row.confirmed_by is not None:
        raise Refusal(409, "confirmed_before", str(row.confirmed_by))
    if not row.proposed_at <= at <= row.expires_at:
        raise Refusal(409, "expired", "propose it anew")
    transaction.connection.execute(
        update(pending_actions)
        .where(pending_actions.c.action_id == row.action_id)
        .values(confirmed_by=officer, confirmed_at=at)
    )


def load(transaction: Transaction, office: str, action_id: UUID | str) -> Row[tuple[object, ...]]:
    """Return an action of this office.

    Raises:
        Refusal: There is none.
    """
    row = transaction.connection.execute(
        select(pending_actions).where(
            pending_actions.c.action_id == str(action_id), pending_actions.c.office == office
        )
    ).one_or_none()
    if row is None:
        raise Refusal(404, "not_found", "no such action")
    return row


def newest_about(
    transaction: Transaction, kind: ActionKind, thing: Thing, object_id: str, version: int
) -> Row[tuple[object, ...]] | None:
    """Return the newest action of a kind about one thing in one version."""
    return transaction.connection.execute(
        select(pending_actions)
        .join(action_objects, action_objects.c.action_id == pending_actions.c.action_id)
        .where(
            pending_actions.c.kind == kind,
            action_objects.c.thing == thing,
            action_objects.c.object_id == object_id,
            action_objects.c.version == version,
        )
        .order_by(pending_actions.c.action_id.desc())
        .limit(1)
    ).one_or_none()


def objects_of(
    transaction: Transaction, action_id: UUID | str, kind: ActionKind | None = None
) -> set[Object]:
    """Return what an action is about; with a kind, only if it is of this kind and confirmed."""
    wanted = [action_objects.c.action_id == str(action_id)]
    if kind is not None:
        wanted += [pending_actions.c.kind == kind, pending_actions.c.confirmed_by.is_not(None)]
    rows = transaction.connection.execute(
        select(action_objects)
        .join(pending_actions, pending_actions.c.action_id == action_objects.c.action_id)
        .where(*wanted)
    )
    return {(Thing(row.thing), row.object_id, row.version) for row in rows}


def waiting(
    transaction: Transaction, station: Station, officer: Officer | None
) -> list[ActionView]:
    """List what waits for a second officer who may be this one, the oldest first.

    Raises:
        Refusal: Nobody is signed in who confirms anything.
    """
    second = must_have_role(officer, set().union(*ROLES.values()))
    kinds = [kind for kind, roles in ROLES.items() if roles & set(second.roles)]
    rows = transaction.connection.execute(
        select(pending_actions)
        .where(
            pending_actions.c.office == station.office,
            pending_actions.c.kind.in_(kinds),
            pending_actions.c.confirmed_by.is_(None),
            pending_actions.c.expires_at >= transaction.now,
        )
        .order_by(pending_actions.c.action_id)
        .limit(_MOST_ROWS)
    ).all()
    return [view(transaction, row) for row in rows]


def view(transaction: Transaction, row: Row[tuple[object, ...]]) -> ActionView:
    """Show an action to officers."""
    objects = sorted(objects_of(transaction, str(row.action_id)))
    return ActionView.model_validate(
        {
            "objects": tuple(
                Seen(thing=thing, id=object_id, version=version)
                for thing, object_id, version in objects
            ),
            **{
                name: getattr(row, name)
                for name in ActionView.model_fields
                if name not in ("objects",)
            },
        }
    )
