"""What commands write into the ledger: the facts that the backend itself makes."""

from datetime import date, datetime
from uuid import UUID

from common.domain.case import Decision, OldDocument
from common.domain.queue import Service, Stage, TagRequestBy
from common.wire.base import Line, Shape
from common.wire.packets import PacketState
from common.wire.shapes import Particulars


class CaseOpened(Shape):
    """A person came for a new card."""

    by: TagRequestBy
    old_document: OldDocument
    form_complete: bool


class TagIssued(Shape):
    """A tag for the day."""

    tag_id: UUID
    number: Line
    service: Service
    stage: Stage


class TagMoved(Shape):
    """A tag was called, arrived or was missed."""

    tag_id: UUID
    number: Line
    place: Line
    times: int


class CaseSubmitted(Shape):
    """The application is with the centre."""

    receipt_number: Line
    ready_on: date


class CaseDecided(Shape):
    """An assessing officer decided."""

    decision: Decision
    reason: Line


class CardOrdered(Shape):
    """A new card is to be made."""

    card_id: UUID


class CardReserved(Shape):
    """One station is about to take the card out of its slot."""

    card_id: UUID
    version: int


class TagReplaced(Shape):
    """The slip that an offline kiosk printed is the newer one; the earlier number is void."""

    tag_id: UUID
    number: Line
    by: Line


class PacketSettled(Shape):
    """A packet arrived whole, or what was in it was accepted, rejected, or is there already."""

    packet_id: UUID
    state: PacketState
    reason: Line = ""


class OrderMade(Shape):
    """A field station was sent out."""

    order_id: UUID
    to: Line
    expected: int


class NumbersLeased(Shape):
    """A station may give these numbers out by itself."""

    lease_id: UUID
    series: Line
    first: Line
    last: Line


class NumbersSettled(Shape):
    """Numbers of a lease came back unused, or are void."""

    lease_id: UUID
    returned: int
    voided: int
    reason: Line = ""


class AppointmentBooked(Shape):
    """A person booked a slot."""

    starts_at: datetime
    reason: Line


class FormPrefilled(Shape):
    """A person filled in the form at home, wholly or in part."""

    particulars: Particulars
    complete: bool
