"""What commands write into the ledger: the facts that the backend itself makes."""

from datetime import date, datetime
from uuid import UUID

from common.domain.case import Decision, OldDocument
from common.domain.queue import Service, Stage, TagRequestBy
from common.wire.base import Line, Shape
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


class AppointmentBooked(Shape):
    """A person booked a slot."""

    starts_at: datetime
    reason: Line


class AppointmentChanged(Shape):
    """A person took another slot instead of the one before."""

    office: Line
    starts_at: datetime


class AppointmentCarried(Shape):
    """The office closed: the booking is good on any later open day."""

    suggested_at: datetime | None


class OfficeClosed(Shape):
    """A supervisor closed an office for a day or a part of it."""

    starts_at: datetime
    ends_at: datetime
    reason: Line
    carried: int


class FormPrefilled(Shape):
    """A person filled in the form at home, wholly or in part."""

    particulars: Particulars
    complete: bool
