"""What a release may end in, in words that a flow understands."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from common.domain.queue import HandOffReason


class Fate(StrEnum):
    """Where a transaction has left the new card."""

    ISSUED = "issued"
    BACK = "back"
    UNKNOWN = "unknown"


class Stuck(StrEnum):
    """What staff have to look for in the machine; UNSEEN: the new card may be in it, or out."""

    NEW_CARD = "new_card"
    OLD_DOCUMENT = "old_document"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transaction.

    Attributes:
        fate: ISSUED: with its holder. BACK: out of the person's reach. UNKNOWN: cannot be told now.
        case_id: Whose card it is.
        reason: Why the case was handed off; None for a card that was issued.
        is_open: Something remains to be settled; nobody else can be served before.
        recorded: The hand-off is in the journal already.
    """

    fate: Fate
    case_id: UUID
    reason: HandOffReason | None = None
    is_open: bool = False
    recorded: bool = True

    @property
    def document_may_go_back(self) -> bool:
        """Tell whether the old document may leave the kiosk."""
        return self.fate is Fate.BACK
