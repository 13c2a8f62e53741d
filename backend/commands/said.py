"""What the holder of a tag said: errand, needs, language. Sealed, and open to stations only."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from backend.commands.effects import Said, TagHolderSaid
from backend.commands.line import rules_of
from backend.commands.station import Station
from backend.commands.tag_rows import change
from backend.keys import SealError
from backend.transaction import Transaction
from common.domain.queue import Need, Service
from common.wire.shapes import TagRequest


def said_in(request: TagRequest | None) -> Said:
    """Return what a request says."""
    if request is None:
        return Said()
    return Said(
        errand=request.errand,
        companion=request.companion,
        needs=tuple(dict.fromkeys(request.needs)),
        interpreter=request.interpreter if Need.INTERPRETER in request.needs else None,
    )


def seal_said(transaction: Transaction, case_id: str, said: Said) -> bytes | None:
    """Seal with the data key of the case; nothing said is nothing kept."""
    if said == Said():
        return None
    return transaction.seal(case_id, said.model_dump_json().encode(), "said")


def open_said(transaction: Transaction, tag: Row[Any]) -> Said:
    """Open what `seal_said` made; of an erased case nothing is known any more."""
    if tag.said is None:
        return Said()
    try:
        return Said.model_validate_json(transaction.unseal(tag.case_id, tag.said, "said"))
    except SealError:
        return Said()


def head_start_s(transaction: Transaction, office: str, service: Service, said: Said) -> int:
    """Return how much earlier a tag is ordered: its class's head start, or who needs priority's."""
    classes = rules_of(transaction, office).classes
    minutes = classes[service].head_start_minutes
    if Need.PRIORITY in said.needs:
        minutes = max(minutes, classes[Service.PRIORITY].head_start_minutes)
    return minutes * 60


def add(transaction: Transaction, station: Station, tag: Row[Any], request: TagRequest) -> Row[Any]:
    """Note what the holder of a tag says afterwards; the number stays, whatever it is."""
    before, now = open_said(transaction, tag), said_in(request)
    said = before.model_copy(
        update={name: value for name, value in now.model_dump(mode="python").items() if value}
    )
    if said == before:
        return tag
    head_start = head_start_s(transaction, tag.office, Service(tag.service), said)
    earlier = head_start - tag.head_start_s
    what = TagHolderSaid(tag_id=UUID(tag.tag_id), said=said)
    transaction.record("tag_holder_said", tag.case_id, station.name, what=what)
    return change(
        transaction,
        tag,
        said=seal_said(transaction, tag.case_id, said),
        head_start_s=head_start,
        order_at=tag.order_at - timedelta(seconds=earlier),
    )
