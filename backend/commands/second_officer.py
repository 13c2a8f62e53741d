"""What officers propose, and what it does once the second one has confirmed it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from backend.commands import actions, custody, custody_book, issuance, revocations
from backend.commands.custody_book import HOLDER, Hands
from backend.commands.effects import ActedOn
from backend.commands.station import Officer, Station, must_have_role
from backend.transaction import Refusal, Transaction
from common.domain.custody import MOVE_OF, ActionKind, Thing
from common.wire.custody import ActionRequest, ActionView, ConfirmRequest

DESTROYED, COLLECTED = "destroyed", "with two officers"
"""The places of what was destroyed, and of what was taken out of a bin."""
_DONE = {
    (Thing.CARD, ActionKind.DESTROY): "card_destroyed",
    (Thing.CARD, ActionKind.REDIRECT): "card_redirected",
    (Thing.CARD, ActionKind.REVOKE): "card_revoked",
    (Thing.CARD, ActionKind.CLOSE_LOST): "card_written_off",
    (Thing.DOCUMENT, ActionKind.COLLECT): "document_collected",
    (Thing.DOCUMENT, ActionKind.DESTROY): "document_destroyed",
    (Thing.BLANK, ActionKind.DESTROY): "blank_destroyed",
}


def propose(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    request: ActionRequest,
    offices: Iterable[str],
) -> ActionView:
    """Propose an action on things as they are now.

    Raises:
        Refusal: The role is missing, a thing changed or is elsewhere, or the move is unlawful.
    """
    if request.kind not in actions.ROLES:
        raise Refusal(409, "by_fact", "officers prove a recipient with their facts")
    redirects = request.kind is ActionKind.REDIRECT
    if redirects != (request.to_office is not None) or request.to_office == station.office:
        raise Refusal(422, "bad_request", "to_office goes with redirect: another office")
    if request.to_office is not None and request.to_office not in offices:
        raise Refusal(404, "not_found", "no such office")
    objects = [(one.thing, one.id, one.version) for one in request.objects]
    if len({(thing, object_id) for thing, object_id, _ in objects}) < len(objects):
        raise Refusal(422, "bad_request", "a thing is named twice")
    must_have_role(officer, actions.ROLES[request.kind])
    for seen in objects:
        _as_seen(transaction, station.office, request.kind, seen)
    minutes = issuance.policy(transaction, station.office).second_officer_minutes
    return actions.propose(transaction, station, officer, request, minutes)


def confirm(
    transaction: Transaction,
    station: Station,
    officer: Officer | None,
    action_id: UUID,
    request: ConfirmRequest,
) -> ActionView:
    """Confirm an action, which then takes effect on all its things or on none.

    Raises:
        Refusal: The same officer, another role, another record, or a thing changed meanwhile.
    """
    row = actions.load(transaction, station.office, action_id)
    kind = ActionKind(str(row.kind))
    second = must_have_role(officer, actions.ROLES.get(kind, set()))
    objects = sorted(actions.objects_of(transaction, action_id))
    things = [_as_seen(transaction, station.office, kind, seen) for seen in objects]
    actions.confirm(transaction, row, second.officer_id, request.seen, transaction.now)
    for (thing, object_id, _), found in zip(objects, things, strict=True):
        if kind is not ActionKind.OVERRIDE_ISSUE:
            _act(transaction, station, second, row, thing, object_id, found)
    return actions.view(transaction, actions.load(transaction, station.office, action_id))


def _as_seen(
    transaction: Transaction, office: str, kind: ActionKind, seen: actions.Object
) -> Row[Any]:
    """Return a thing that is here, in the version that was seen, and may be moved so."""
    thing, object_id, version = seen
    move = MOVE_OF.get((thing, kind))
    if move is None:
        raise Refusal(422, "bad_request", f"{kind} is not for a {thing}")
    row = custody_book.load(transaction, thing, object_id)
    if row.office != office:
        raise Refusal(404, "not_found", f"no such {thing}")
    if row.version != version:
        raise Refusal(409, "version", str(row.version))
    custody_book.must_be_lawful(thing, row.state, move)
    return row


def _act(
    transaction: Transaction,
    station: Station,
    officer: Officer,
    action: Row[Any],
    thing: Thing,
    object_id: str,
    row: Row[Any],
) -> None:
    kind = ActionKind(action.kind)
    subject = "" if thing is Thing.BLANK else row.case_id
    acted = ActedOn(
        action_id=UUID(action.action_id),
        thing=thing,
        object_id=object_id,
        first_officer=action.proposed_by,
        reason=action.reason,
        to_office=action.to_office,
    )
    number = transaction.record(
        _DONE[thing, kind], subject, station.name, officer.officer_id, acted
    )
    hands = Hands(
        station.name, officer.officer_id, transaction.now, number, action_id=action.action_id
    )
    move = MOVE_OF[thing, kind]
    if thing is not Thing.CARD:
        where = DESTROYED if kind is ActionKind.DESTROY else COLLECTED
        custody_book.turn(transaction, thing, row, move, hands, where, place=where)
        return
    match kind:
        case ActionKind.REDIRECT:
            custody.send_on(transaction, row, hands, action.to_office)
        case ActionKind.CLOSE_LOST:
            custody.write_off(transaction, row, hands)
        case ActionKind.REVOKE:
            custody_book.turn(transaction, thing, row, move, hands, HOLDER)
            revocations.announce(transaction, row.case_id, row.card_id, "revoked")
        case _:
            custody_book.turn(transaction, thing, row, move, hands, DESTROYED)
