"""The shapes about offices and their booking: what anybody may ask, and what a supervisor says."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.domain.language import OfficeLanguage
from common.domain.queue import Errand
from common.wire.base import Day, Line, Name, Shape, TimeOfDay


class ClosureReason(StrEnum):
    """Why an office closes on a day on which it would be open."""

    TYPHOON = "typhoon"
    RAINSTORM = "rainstorm"
    POWER = "power"
    OTHER = "other"


class ClosureRequest(Shape):
    """POST /v1/offices/{code}/closures. Times are the office's own; without them the whole day."""

    day: Day
    from_time: TimeOfDay | None = None
    to_time: TimeOfDay | None = None
    reason: ClosureReason


class Closure(Shape):
    """A closure as declared, and how many bookings it carried to later days."""

    closure_id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: ClosureReason
    bookings_carried: Annotated[int, Field(ge=0)]


class OfficeDay(Shape):
    """How many places of a day can be booked."""

    day: date
    free_places: Annotated[int, Field(ge=0)]


class ShutTime(Shape):
    """When an office is closed though it would be open."""

    starts_at: datetime
    ends_at: datetime
    reason: ClosureReason


class OfficeView(Shape):
    """What anybody may know of an office. opens and closes are today's, None on a closed day.

    Attributes:
        next_opens: When it opens again; now or earlier while it is open.
        fees: What an errand costs, in whole Hong Kong dollars.
    """

    code: Name
    name: dict[OfficeLanguage, Line]
    address: dict[OfficeLanguage, Line] = Field(default_factory=dict)
    next_opens: datetime | None = None
    fees: dict[Errand, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    opens: datetime | None
    closes: datetime | None
    is_open: bool
    walk_ins_left: Annotated[int, Field(ge=0)]
    days: list[OfficeDay]
    closures: list[ShutTime]


class Offices(Shape):
    """GET /v1/offices."""

    offices: list[OfficeView]
