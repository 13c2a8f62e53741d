"""What commands write into the ledger: the facts that the backend itself makes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from common.domain.case import Decision, OldDocument
from common.domain.custody import Thing
from common.domain.notice import Channel, NoticeStage, NoticeTopic
from common.domain.queue import Companion, Errand, Interpreted, Need, Service, Stage, TagRequestBy
from common.wire.base import Line, Name, Shape
from common.wire.packets import PacketState
from common.wire.shapes import DuplicateSearch, Particulars


class CaseOpened(Shape):
    """A person came for a new card."""

    by: TagRequestBy | Literal["partner"]
    old_document: OldDocument
    form_complete: bool


class Said(Shape):
    """What the holder of a tag said, or the officer for them."""

    errand: Errand | None = None
    companion: Companion | None = None
    needs: tuple[Need, ...] = ()
    interpreter: Interpreted | None = None


class TagIssued(Shape):
    """A tag for the day."""

    tag_id: UUID
    number: Line
    service: Service
    stage: Stage
    said: Said | None = None


class TagHolderSaid(Shape):
    """The holder of a tag said more."""

    tag_id: UUID
    said: Said


class PersonWatched(Shape):
    """Whoever comes under a number is led to reception first, or no longer."""

    is_watched: bool


class TagMoved(Shape):
    """A tag was called, arrived, was missed, parked, resumed, given back or voided."""

    tag_id: UUID
    number: Line
    place: Line
    times: int
    reason: Line = ""


class CaseSubmitted(Shape):
    """The application is with the centre."""

    receipt_number: Line
    ready_on: date


class CaseDecided(Shape):
    """An assessing officer decided."""

    decision: Decision
    reason: Line
    search: DuplicateSearch | None = None


class CardOrdered(Shape):
    """A new card is to be made."""

    card_id: UUID


class CardReserved(Shape):
    """One station is about to take the card out of its slot."""

    card_id: UUID
    version: int


class CardRevoked(Shape):
    """A card in its holder's hand is valid no more. None: another system made it."""

    card_id: Line | None
    reason: Line


class CardIssued(Shape):
    """The new card is in its holder's hand; who is told of it is the notices' business."""

    card_id: UUID


class CollectionMoved(Shape):
    """The holder wants the card at another office."""

    office: Line


class ActedOn(Shape):
    """Two officers did something to a thing in custody. to_office: where a card goes."""

    action_id: UUID
    thing: Thing
    object_id: Line
    first_officer: Line
    reason: Line
    to_office: Line | None = None


class BlanksReceived(Shape):
    """Blanks came into an office's stock."""

    batch: Line
    place: Line
    count: int


class Counted(Shape):
    """A place was counted."""

    place: Line
    book: int
    counted: int
    differences: int


class DifferenceSettled(Shape):
    """An officer found out why book and place did not agree."""

    difference_id: UUID
    settlement: Line


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


class AppointmentChanged(Shape):
    """A person took another slot instead of the one before."""

    office: Line
    starts_at: datetime


class AppointmentCarried(Shape):
    """The office closed: the booking is good on any later open day."""

    suggested_at: datetime | None


class PlaceOffered(Shape):
    """A place came free for a person on the wait list, and is held for a while."""

    office: Line
    starts_at: datetime
    offered_until: datetime


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


class OfficerCardGiven(Shape):
    """A card was bound to an officer, or counts no more; key_id names its public key."""

    officer_id: Line
    key_id: Line


class OfficerChanged(Shape):
    """An officer was entered, changed or disabled; by whom stands beside it."""

    officer_id: Name
    roles: Line
    enabled: bool


class NoticesConsented(Shape):
    """A person agreed to be told by a channel; the address stays out of the book."""

    channel: Channel
    topics: tuple[NoticeTopic, ...]


class NoticesWithdrawn(Shape):
    """A person wants no more notices by a channel."""

    channel: Channel


class AddressConfirmed(Shape):
    """The person opened what was sent to the address and said that it is theirs."""

    channel: Channel


class NoticeSent(Shape):
    """A notice of proofing or of issuing left for an address, confirmed or not."""

    stage: NoticeStage
    channel: Channel
    validated: bool
