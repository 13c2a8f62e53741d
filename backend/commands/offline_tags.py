"""Tags that a kiosk gave while the backend was out of reach, as they arrive."""

from typing import Any

from sqlalchemy import Row

from backend.commands import cases, series, tags
from backend.commands.station import Station
from backend.transaction import Transaction
from common.wire.facts import Fact, TagIssuedOffline
from common.wire.series import SeriesKind


def take_in(
    transaction: Transaction, station: Station, fact: Fact, what: TagIssuedOffline
) -> Row[Any]:
    """Spend the number, let the tag wait from the time it was given; return the case.

    Raises:
        Refusal: The number is not of this station's leases, or the office would have given no tag.
    """
    spent = series.spend(transaction, station, SeriesKind.TAG, what.number, str(what.tag_id))
    # A kiosk's clock may be wrong; nobody gets a place before the lease was made, or in the future.
    at = min(max(fact.at, spent.leased_at), transaction.now)
    given = tags.GivenNumber(what.number, what.tag_id, spent.day, at)
    tag = tags.issue_offline(transaction, station, what.request, fact.case_id, given)
    return cases.load(transaction, tag.case_id)


def lead_nowhere(
    transaction: Transaction, station: Station, what: TagIssuedOffline, reason: str
) -> None:
    """Void the number of a slip that was refused; the fact lies aside for a supervisor."""
    series.spoil(transaction, station, SeriesKind.TAG, what.number, str(what.tag_id), reason)
