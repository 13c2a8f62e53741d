"""What commands write into the ledger: the facts that the backend itself makes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from common.domain.case import Decision, OldDocument
from common.domain.queue import Service, Stage, TagRequestBy
from common.wire.base import Line, Name, Shape
from common.wire.shapes import Particulars


class CaseOpened(Shape):
    """A person came for a new card."""

    by: TagRequestBy | Literal["partner"]
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


class FormPrefilled(Shape):
    """A person filled in the form at home, wholly or in part."""

    particulars: Particulars
    complete: bool


class StationNamed(Shape):
    """A station that something was done about."""

    station: Name


class KeyCertified(Shape):
    """A station's key got a certificate."""

    station: Name
    key_id: Line
    serial: Line


class SoftwareSeen(Shape):
    """A station told for the first time that it runs this."""

    version: Line
    software: Line


class StationRevoked(Shape):
    """A station was taken out of service."""

    station: Name
    reason: Line


class OfficerChanged(Shape):
    """An officer was entered, changed or disabled; by whom stands beside it."""

    officer_id: Name
    roles: Line
    enabled: bool
