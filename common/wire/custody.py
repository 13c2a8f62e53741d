"""The shapes of custody: actions of two officers, stock, counts, cards that wait too long."""

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.domain.custody import ActionKind, Thing
from common.wire.base import WITHOUT_NUL, Digest, Line, Name, Shape

Reason = Annotated[str, Field(min_length=3, max_length=200, pattern=WITHOUT_NUL)]
Serial = Annotated[str, Field(min_length=1, max_length=100, pattern=WITHOUT_NUL)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Slot = Annotated[int, Field(ge=1, le=100_000)]
Many = Annotated[int, Field(ge=0, le=2000)]


class Seen(Shape):
    """A thing in custody, in the version in which an officer saw it."""

    thing: Thing
    id: Serial
    version: Version


class ActionRequest(Shape):
    """POST /v1/actions: what the first officer proposes. to_office goes with REDIRECT alone."""

    kind: ActionKind
    objects: Annotated[tuple[Seen, ...], Field(min_length=1, max_length=200)]
    reason: Reason
    to_office: Name | None = None

    def digest(self) -> Digest:
        """Return what the second officer confirms: all of this and nothing else."""
        objects = sorted([one.thing, one.id, one.version] for one in self.objects)
        whole = json.dumps([self.kind, objects, self.reason, self.to_office], ensure_ascii=True)
        return hashlib.sha256(whole.encode()).hexdigest()


class ConfirmRequest(Shape):
    """POST /v1/actions/{id}/confirm: the digest of what this officer saw."""

    seen: Digest


class ActionView(Shape):
    """An action, proposed or confirmed."""

    action_id: UUID
    kind: ActionKind
    objects: tuple[Seen, ...]
    reason: Line
    to_office: Line | None = None
    digest: Digest
    proposed_by: Line
    proposed_at: datetime
    expires_at: datetime
    confirmed_by: Line | None = None


class StockRequest(Shape):
    """POST /v1/stock/received: blanks that came with a delivery, each by the serial of its chip."""

    batch: Name
    place: Name
    serials: Annotated[tuple[Serial, ...], Field(min_length=1, max_length=1000)]


class SpoiledRequest(Shape):
    """POST /v1/stock/spoiled: a blank that will never be a card."""

    serial: Serial
    reason: Reason


class StockView(Shape):
    """How many blanks of an office are in which state."""

    in_stock: int = 0
    used: int = 0
    spoiled: int = 0
    destroyed: int = 0


class DocumentView(Shape):
    """A captured document in custody."""

    document_id: UUID
    case_id: UUID
    kind: Line
    place: Line
    state: Line
    version: int
    captured_at: datetime


class CountRequest(Shape):
    """POST /v1/counts: what sensors or officers found in one place.

    Attributes:
        slots: The slots with a card in them, of a cabinet or magazine.
        documents: How many captured documents lie in a bin.
        serials: The blanks of a stock, each by its serial.
    """

    place: Line
    slots: Annotated[tuple[Slot, ...], Field(max_length=2000)] | None = None
    documents: Many | None = None
    serials: Annotated[tuple[Serial, ...], Field(max_length=2000)] | None = None


class Difference(Shape):
    """What the book says and nobody found, or the other way round. object: a slot, a serial."""

    difference_id: UUID
    place: Line
    what: Literal["missing", "unexpected"]
    object: Line
    counted_at: datetime


class CountView(Shape):
    """A count beside the book, and what does not agree."""

    count_id: UUID
    place: Line
    book: int
    counted: int
    differences: tuple[Difference, ...] = ()


class PlaceView(Shape):
    """A place that holds something: what the book says of it, and whether it was counted today."""

    place: Line
    cards: int
    documents: int
    blanks: int
    counted_today: bool


class SettleRequest(Shape):
    """POST /v1/differences/{id}/settle: what became of it."""

    settlement: Reason


class WaitingCard(Shape):
    """A stored card that should not be here any longer, and why."""

    card_id: UUID
    case_id: UUID
    receipt_number: Line
    version: int
    stored_on: date
    why: Literal["overdue", "wanted_elsewhere"]
    collection_office: Line


class CollectAtRequest(Shape):
    """POST /v1/cases/{id}/collect-at: the holder wants the card at another office."""

    office: Name


class LostReport(Shape):
    """POST /v1/cards/report-lost: the person of this case says that the old card is lost."""

    case_id: UUID


class LostAnswer(Shape):
    """What became invalid. card_id is empty where another system made the old card."""

    card_id: UUID | None
    revocation_id: UUID
    due_at: datetime
