"""What an officer does with a tag outside the line: set it aside, let it wait again, end it."""

from typing import Any

from sqlalchemy import Row

from backend.commands import waiting
from backend.commands.queue import requeue, tag_by_token, tag_view
from backend.commands.station import Officer, Station, must_have_role
from backend.commands.tag_rows import ASIDE, change, end, record, set_aside, wait_again
from backend.transaction import Refusal, Transaction
from common.domain.officer import Role
from common.domain.queue import ParkReason, TagStatus
from common.wire.shapes import ParkRequest, ResumeRequest, TagView, VoidRequest

_MAY_PARK = {Role.RECEPTION, Role.REGISTRATION, Role.COUNTER, Role.SUPERVISOR}
_MAY_VOID = {Role.RECEPTION, Role.REGISTRATION, Role.SUPERVISOR}
_OVER = (TagStatus.DONE, TagStatus.VOID)
_BACKENDS_OWN = (ParkReason.NOT_COME, ParkReason.BROKEN_OFF)


def park(
    transaction: Transaction, station: Station, officer: Officer | None, request: ParkRequest
) -> TagView:
    """Set a tag aside with a reason; it keeps its turn.

    Raises:
        Refusal: The tag is over or aside already, is called elsewhere, or the officer may not.
    """
    signed_in = must_have_role(officer, _MAY_PARK)
    if request.reason in _BACKENDS_OWN:
        raise Refusal(422, "bad_request", "reason")
    tag = tag_by_token(transaction, station.office, request.tag_token)
    if tag.status in (*_OVER, *ASIDE):
        raise Refusal(409, "not_waiting")
    if tag.place is not None and tag.place != station.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    tag = set_aside(transaction, tag, TagStatus.PARKED, request.reason)
    tag = change(transaction, tag, for_place=request.for_place)
    record(transaction, "tag_parked", station.name, tag, signed_in.officer_id)
    return tag_view(transaction, tag)


def resume(transaction: Transaction, station: Station, request: ResumeRequest) -> TagView:
    """Let a missed or parked tag wait again. One that waits already is left as it is.

    Raises:
        Refusal: The tag is over, or is called at this moment.
    """
    tag = tag_by_token(transaction, station.office, request.tag_token)
    if tag.status in ASIDE:
        tag = again(transaction, station, tag)
    elif tag.status != TagStatus.WAITING:
        raise Refusal(409, "not_aside")
    if request.for_place is not None:
        tag = change(transaction, tag, for_place=request.for_place)
    return tag_view(transaction, tag)


def again(transaction: Transaction, station: Station, tag: Row[Any]) -> Row[Any]:
    """Let a tag wait again: who did not come behind the next few, who was sent away at once."""
    if tag.reason in _BACKENDS_OWN:
        tag = requeue(transaction, tag, misses=0)
    else:
        tag = wait_again(transaction, tag, misses=0)
    waiting.begin(transaction, tag)
    record(transaction, "tag_resumed", station.name, tag)
    return tag


def void(
    transaction: Transaction, station: Station, officer: Officer | None, request: VoidRequest
) -> TagView:
    """End a tag without service. Its number is used up; the person may take another.

    Raises:
        Refusal: The tag is over, is served elsewhere, or the officer may not.
    """
    signed_in = must_have_role(officer, _MAY_VOID)
    tag = tag_by_token(transaction, station.office, request.tag_token)
    if tag.status == TagStatus.VOID:
        return tag_view(transaction, tag)
    if tag.status == TagStatus.DONE:
        raise Refusal(409, "not_waiting")
    if tag.place is not None and tag.place != station.place:
        raise Refusal(409, "called_elsewhere", str(tag.place))
    tag = end(transaction, tag, TagStatus.VOID, request.reason)
    record(transaction, "tag_voided", station.name, tag, signed_in.officer_id)
    return tag_view(transaction, tag)
