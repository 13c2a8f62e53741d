"""What is said to a person who asks for a card that cannot be had here and now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from backend.commands.appointments import place_of
from backend.commands.stations import SERVING, is_silent, stations_of
from backend.settings import OfficeSettings
from backend.transaction import Transaction
from common.domain.case import CaseState
from common.wire.shapes import TagAnswer


def not_here(case: Row[Any], here: str, offices: Sequence[OfficeSettings]) -> TagAnswer:
    """Say where a card is, or when it will be ready; a refused one is an officer's business."""
    if case.state == CaseState.REFUSED:
        return TagAnswer(outcome="reception", reason="reception")
    wanted = case.collection_office or case.office
    ready_on = None if case.ready_on is None else date.fromisoformat(case.ready_on)
    is_ready = case.state == CaseState.READY
    return TagAnswer(
        outcome="choose",
        reason="card_elsewhere" if is_ready else "card_not_ready",
        ready_on=None if is_ready else ready_on,
        place=None if wanted == here else place_of(wanted, offices),
    )


def kiosk_is_open(transaction: Transaction, office: str) -> bool:
    """Tell whether a collection kiosk of the office is at work."""
    return any(
        row.kind == "collection"
        and row.state in SERVING
        and row.told_at is not None
        and not is_silent(row, transaction.now)
        for row in stations_of(transaction, office)
    )
