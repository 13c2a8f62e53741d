"""A tag's row: how it is found, and every way in which it changes."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from backend.commands import waiting
from backend.commands.effects import TagMoved
from backend.schema.tables import stage_times, tags
from backend.transaction import Refusal, Transaction
from common.domain.queue import ParkReason, Stage, TagStatus

ASIDE = (TagStatus.MISSED, TagStatus.PARKED)

_TAG = select(tags).where(tags.c.tag_id == bindparam("which"))
_CHANGE = update(tags).where(tags.c.tag_id == bindparam("which"))
_LATEST = (
    select(tags)
    .where(tags.c.case_id == bindparam("case"))
    .order_by(tags.c.issued_at.desc(), tags.c.tag_id.desc())
    .limit(1)
)


def tag_row(transaction: Transaction, tag_id: str) -> Row[Any]:
    """Return a tag.

    Raises:
        Refusal: There is none.
    """
    tag = transaction.connection.execute(_TAG, {"which": tag_id}).one_or_none()
    if tag is None:
        raise Refusal(404, "token_unknown", "no such tag")
    return tag


def latest_tag(transaction: Transaction, case_id: str) -> Row[Any] | None:
    """Return the newest tag of a case, live or done."""
    return transaction.connection.execute(_LATEST, {"case": case_id}).one_or_none()


def change(transaction: Transaction, tag: Row[Any], **values: Any) -> Row[Any]:
    """Write a tag, tell the panel, and return the row as it is now."""
    transaction.connection.execute(_CHANGE, {"which": tag.tag_id, **values})
    transaction.panel_changed(tag.office)
    return tag_row(transaction, tag.tag_id)


def wait_again(transaction: Transaction, tag: Row[Any], **values: Any) -> Row[Any]:
    """Let a tag wait again for the stage that it is at."""
    return change(
        transaction,
        tag,
        **{
            "status": TagStatus.WAITING,
            "place": None,
            "lease_until": None,
            "reason": None,
            "waits_since": transaction.now,
            **values,
        },
    )


def set_aside(
    transaction: Transaction, tag: Row[Any], status: TagStatus, reason: ParkReason
) -> Row[Any]:
    """Let a tag wait for nobody's call, until its holder or an officer resumes it."""
    waiting.give_up(transaction, tag)
    return change(
        transaction,
        tag,
        status=status,
        reason=reason,
        place=None,
        lease_until=None,
        waits_since=transaction.now,
    )


def end(
    transaction: Transaction, tag: Row[Any], status: TagStatus, reason: str | None = None
) -> Row[Any]:
    """End a tag; its number is used up, and the person may take another."""
    waiting.give_up(transaction, tag)
    return change(
        transaction,
        tag,
        stage=Stage.DONE,
        status=status,
        reason=reason,
        place=None,
        lease_until=None,
        live_person=None,
    )


def note_service_time(transaction: Transaction, tag: Row[Any]) -> None:
    """Keep how long a person was served, who is served no more."""
    if tag.status != TagStatus.SERVING or tag.served_at is None:
        return
    seconds = max(0, int((transaction.now - tag.served_at).total_seconds()))
    transaction.connection.execute(
        insert(stage_times).values(
            tag_id=tag.tag_id,
            office=tag.office,
            stage=tag.stage,
            ended_at=transaction.now,
            seconds=seconds,
        )
    )


def record(
    transaction: Transaction, kind: str, station: str, tag: Row[Any], officer: str | None = None
) -> None:
    """Write into the ledger what became of a tag."""
    what = TagMoved(
        tag_id=UUID(tag.tag_id),
        number=tag.number,
        place=tag.place or "",
        times=tag.times,
        reason=tag.reason or "",
    )
    transaction.record(kind, tag.case_id, station, officer, what)
