"""Companions: tags that are called together."""

from sqlalchemy import func, select

from backend.commands.queue import tag_by_token
from backend.commands.said import open_said
from backend.commands.tag_rows import change
from backend.schema.tables import tags
from backend.transaction import Refusal, Transaction
from common.domain.queue import MOST_COMPANIONS, Companion, Stage
from common.domain.queue_order import MOST_IN_GROUP


def join(transaction: Transaction, office: str, with_tag: str) -> str:
    """Return the group of a companion's tag, making one of it if it is the first.

    Raises:
        Refusal: The tag is unknown or over, or the group has as many as may come together.
    """
    companion = tag_by_token(transaction, office, with_tag)
    if companion.stage == Stage.DONE:
        raise Refusal(409, "not_waiting", "the companion's tag is over")
    if companion.group_id is None:
        change(transaction, companion, group_id=companion.tag_id)
        return str(companion.tag_id)
    members = transaction.connection.execute(
        select(func.count()).select_from(tags).where(tags.c.group_id == companion.group_id)
    ).scalar_one()
    if members >= MOST_IN_GROUP:
        raise Refusal(409, "group_full")
    return str(companion.group_id)


def has_room(
    transaction: Transaction, office: str, with_tag: str, companion: Companion | None
) -> bool:
    """Tell whether one more companion of this kind may come along with a tag."""
    first = tag_by_token(transaction, office, with_tag)
    if first.group_id is None:
        return True
    members = transaction.connection.execute(
        select(tags).where(tags.c.group_id == first.group_id)
    ).all()
    alike = [one for one in members if open_said(transaction, one).companion == companion]
    most = MOST_IN_GROUP if companion is None else MOST_COMPANIONS[companion]
    return len(alike) < most and len(members) < MOST_IN_GROUP
