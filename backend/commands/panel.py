"""What the hall's display shows: tags and places, never a name or number."""

from sqlalchemy import func, select

from backend.commands import closures
from backend.schema.tables import counters, tags
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from common.domain.queue import Stage, TagStatus
from common.wire.shapes import Call, DisplayState

_MOST_LINES = 24


def display_state(transaction: Transaction, office: OfficeSettings) -> DisplayState:
    """Return the whole state of an office's panel, the newest call first."""
    today = transaction.today.isoformat()
    here = (tags.c.office == office.code, tags.c.day == today)
    called = transaction.connection.execute(
        select(tags)
        .where(*here, tags.c.status == TagStatus.CALLED)
        .order_by(tags.c.called_at.desc(), tags.c.tag_id)
        .limit(_MOST_LINES)
    )
    waiting = transaction.connection.execute(
        select(func.count())
        .select_from(tags)
        .where(*here, tags.c.status == TagStatus.WAITING, tags.c.stage != Stage.FORM)
    ).scalar_one()
    revision = transaction.connection.execute(
        select(counters.c.last).where(counters.c.name == f"panel {office.code}")
    ).scalar_one_or_none()
    return DisplayState(
        revision=revision or 0,
        calls=tuple(
            Call(
                tag_number=tag.number,
                place=tag.place or "",
                stage=Stage(tag.stage),
                called_at=tag.called_at,
                times=tag.times,
                revision=tag.called_revision,
            )
            for tag in called
        ),
        waiting=waiting,
        at=transaction.now,
        is_open=closures.is_open(transaction, office),
        closes_at=closures.closes_at(transaction, office),
    )
