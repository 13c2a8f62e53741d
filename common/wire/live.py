"""What stations tell of themselves, and what an office looks like at this moment."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from common.domain.queue import Stage, TagStatus
from common.wire.base import Line, Name, Shape


class StationState(StrEnum):
    """Whether a station can serve anybody; a limited one lacks a device and does what it can."""

    OPEN = "open"
    LIMITED = "limited"
    OUT_OF_ORDER = "out_of_order"
    CLOSED = "closed"


class StationStatus(Shape):
    """POST /v1/stations/status, when something changed and every half minute.

    It also renews the lease of the tags that the station's place has called.

    Attributes:
        devices_out: The roles of devices that do not answer.
        staff_called_at: When staff were last called here, by the station's clock; None where they
            were not since it started.
        staff_attended: The call that is over, because staff came to this station.
    """

    state: StationState
    devices_out: Annotated[tuple[Name, ...], Field(max_length=40)] = ()
    staff_called_at: AwareDatetime | None = None
    staff_attended: AwareDatetime | None = None


class StaffAttended(Shape):
    """POST /v1/stations/{name}/attended: an officer goes there.

    Attributes:
        called_at: The call that the officer saw, as StationLive has it.
    """

    called_at: AwareDatetime


class StationLive(Shape):
    """A station as it last spoke.

    Attributes:
        is_silent: It has missed several beats.
        staff_called_at: The call for staff that nobody has attended yet, by the station's clock.
    """

    name: Line
    kind: Line
    place: Line
    state: StationState
    devices_out: tuple[str, ...]
    told_at: datetime
    changed_at: datetime
    is_silent: bool
    staff_called_at: datetime | None = None


class StageLive(Shape):
    """One stage at this moment; the range is for somebody who begins to wait now."""

    stage: Stage
    waiting: int
    called: int
    serving: int
    aside: int
    open_places: int
    wait_low_min: int
    wait_high_min: int


class AsideTag(Shape):
    """A tag that an eye should rest on: missed, parked, or given back by a dead place."""

    number: Line
    stage: Stage
    status: TagStatus
    reason: Line
    since: datetime
    for_place: Line | None = None


class OfficeLive(Shape):
    """GET /v1/offices/{code}/live."""

    office: Line
    at: datetime
    is_open: bool
    stages: tuple[StageLive, ...]
    stations: tuple[StationLive, ...]
    aside: tuple[AsideTag, ...]


class StageWaits(Shape):
    """How good the ranges were that people of one stage were told.

    Attributes:
        measured: Waits that ended lately; with fewer than 20 nothing is known yet.
        inside: The share of them that ended inside their range; None where none were measured.
        median_error_min: Half of the waits were nearer than this to the middle of their range.
        aim: The share that the ranges are made for.
    """

    stage: Stage
    wait_low_min: int
    wait_high_min: int
    measured: int
    inside: float | None
    median_error_min: float | None
    aim: float


class OfficeWaits(Shape):
    """GET /v1/offices/{code}/waits."""

    office: Line
    at: datetime
    days: int
    stages: tuple[StageWaits, ...]
