"""Numbers that a station may give out while the backend is out of reach: series and leases."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.wire.base import Line, Name, Sentence, Shape, Token


class SeriesKind(StrEnum):
    """What the numbers are for."""

    TAG = "tag"
    RECEIPT = "receipt"


class LeaseRequest(Shape):
    """POST /v1/leases: so many more numbers, for today at a kiosk, for an order in the field."""

    kind: SeriesKind
    count: Annotated[int, Field(strict=True, ge=1, le=100)]
    order_id: UUID | None = None


class LeasedNumber(Shape):
    """One number. A tag's code is made beforehand: no station can make one that is genuine."""

    number: Name
    tag_id: UUID | None = None
    token: Token | None = None


class Lease(Shape):
    """Numbers that this station alone may give out until expires_at; each is accounted for."""

    lease_id: UUID
    kind: SeriesKind
    day: date
    expires_at: datetime
    numbers: Annotated[tuple[LeasedNumber, ...], Field(max_length=100)]


class LeasesAnswer(Shape):
    """GET /v1/leases: what this station holds, with the numbers that nobody told of yet."""

    leases: tuple[Lease, ...]


class SpoiltNumber(Shape):
    """A number that is good for nothing any more, and why."""

    number: Name
    reason: Sentence


class LeaseReturned(Shape):
    """POST /v1/leases/{id}/return: what was never given out, and what was spoilt."""

    unspent: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    spoilt: Annotated[tuple[SpoiltNumber, ...], Field(max_length=100)] = ()


class LeaseVoided(Shape):
    """POST /v1/leases/{id}/void: a supervisor ends a lease whose station will not tell."""

    reason: Sentence


class LeaseAnswer(Shape):
    """What became of a lease's numbers."""

    lease_id: UUID
    leased: int
    spent: int
    returned: int
    voided: int


class SeriesAccount(Shape):
    """One series: every number up to last was spent, returned or voided, or is still out.

    Attributes:
        leased: Out, and its lease still runs.
        overdue: Out, though its lease ended: somebody has to ask the station.
        whole: No number is missing and none is counted twice.
    """

    series: Line
    last: int
    leased: int
    overdue: int
    spent: int
    returned: int
    voided: int
    whole: bool


class OverdueLease(Shape):
    """A lease that ended with numbers nobody told of."""

    lease_id: UUID
    station: Name
    series: Line
    expires_at: datetime
    numbers: int


class NumbersAnswer(Shape):
    """GET /v1/work/numbers."""

    series: tuple[SeriesAccount, ...]
    overdue: tuple[OverdueLease, ...]
