"""What GET /v1/events tells a program: which case, card or tag moved, and where it stands now."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from common.domain.card import CardState
from common.domain.case import CaseState
from common.domain.queue import TagStatus
from common.wire.base import Line, Shape


class Happening(Shape):
    """One line of the ledger, without anything of a person.

    Attributes:
        number: The line's; it is also the event's id, and numbers only grow.
        about: What moved; the event's name.
        what: The kind of the fact.
        at: When the backend took it in.
        case_state: As it is when this is sent, like card_state and tag_status: of several lines in
            a row the first may already tell where the last one led.
    """

    number: int
    about: Literal["case", "card", "tag"]
    what: Line
    at: datetime
    case_id: UUID
    case_state: CaseState
    card_id: UUID | None = None
    card_state: CardState | None = None
    tag_id: UUID | None = None
    tag_status: TagStatus | None = None


class Reset(Shape):
    """Too much was missed to be told: ask for what matters, then go on from this number."""

    number: int
