"""What the journal holds of a release: the order, how far it has come, and its facts' ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.domain.card import CardMove
from common.domain.case import OldDocument
from common.domain.queue import HandOffReason
from common.journal.journal import Journal, Motion
from common.wire.facts import CardMoved, Fact, HandedOff, OldDocumentCaptured, What, new_id
from common.wire.shapes import OfficerSession
from kiosk_collection.outcome import Fate, Outcome

KIND = "release"
BY_HAND = "staff"
"""The location of what an officer took out of the machine."""


class Step(StrEnum):
    """How far the transaction is known to have come. -ing: the motion may have been made."""

    RESERVING = "reserving"
    RESERVED = "reserved"
    DROPPING = "dropping"
    DROPPED = "dropped"
    FEEDING = "feeding"
    INSIDE = "inside"
    PRESENTING = "presenting"
    PRESENTED = "presented"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    BINNING = "binning"
    TAKEN = "taken"
    KEEPING = "keeping"


MAY_BE_OUT = frozenset({Step.PRESENTING, Step.PRESENTED, Step.TAKING_BACK})
IS_OUT = frozenset({Step.TAKEN, Step.KEEPING})
ABOVE_THE_FEEDER = frozenset({Step.DROPPING, Step.DROPPED, Step.FEEDING})


@dataclass(frozen=True, slots=True)
class Order:
    """Which card to release, from which pocket, against which document."""

    case_id: UUID
    card_id: UUID
    version: int
    pocket: int
    document: OldDocument

    def body(self) -> dict[str, Any]:
        """What the journal keeps. Each fact has its id from the start, so it cannot double."""
        return {
            "step": Step.RESERVING,
            "case_id": str(self.case_id),
            "card_id": str(self.card_id),
            "version": self.version,
            "pocket": self.pocket,
            "document": self.document,
            "reserve_key": str(new_id()),
            "ids": {name: str(new_id()) for name in ("present", "card", "document", "hand_off")},
            "told": [],
        }


class ReleaseBook:
    """The one release in work, as the journal has it; all that survives a power cut."""

    def __init__(
        self,
        journal: Journal,
        make_fact: Callable[[UUID, What, OfficerSession | None], Fact],
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._make_fact = make_fact
        self._clock = clock

    def begin(self, order: Order) -> None:
        """Write the order down before its first motion."""
        self._journal.intend(KIND, order.body(), self._clock())

    def note_why(self, why: HandOffReason) -> None:
        """Write down why the new card is not to go out."""
        self._journal.note(self.must_be_open(), why=why)

    def open(self) -> Motion | None:
        """Return the release in work, or None."""
        return next((m for m in self._journal.open_motions() if m.kind == KIND), None)

    def must_be_open(self) -> Motion:
        """Return the release in work; LookupError where there is none."""
        motion = self.open()
        if motion is None:
            raise LookupError("no release is in work")
        return motion

    def note(self, step: Step, **more: Any) -> Motion:
        """Write down the step that is reached, before or after its motion."""
        return self._journal.note(self.must_be_open(), step=step, **more)

    def end(self, motion: Motion, *facts: Fact, officer: OfficerSession | None = None) -> None:
        """End the release with the facts of its outcome, both or neither."""
        self._journal.ended(motion, *facts, officer_token=officer.token if officer else None)

    def told(self, name: str, make: Callable[[Motion], tuple[Fact, ...]]) -> Motion:
        """Put facts into the outbox before the transaction ends, once."""
        motion = self.must_be_open()
        if name in motion.body["told"]:
            return motion
        self._journal.put(*make(motion))
        return self._journal.note(motion, told=[*motion.body["told"], name])

    def tell_hand_off(self) -> None:
        """Put the hand-off into the outbox, once."""
        motion = self.must_be_open()
        what = HandedOff(reason=why_of(motion))
        self.told("hand_off", lambda m: (self.fact(m, what, "hand_off"),))

    def fact(
        self, motion: Motion, what: What, fact_id: str, officer: OfficerSession | None = None
    ) -> Fact:
        """Make a fact with the id that was set aside for it."""
        fact = self._make_fact(case_of(motion), what, officer)
        return fact.model_copy(update={"id": UUID(motion.body["ids"][fact_id])})

    def card_fact(
        self,
        motion: Motion,
        move: CardMove,
        location: str,
        officer: OfficerSession | None = None,
        fact_id: str = "card",
    ) -> Fact:
        """Make a custody fact of the new card."""
        what = CardMoved(card_id=UUID(motion.body["card_id"]), move=move, location=location)
        return self.fact(motion, what, fact_id, officer)

    def captured(
        self, motion: Motion, location: str, officer: OfficerSession | None = None
    ) -> Fact:
        """Make the fact that the old document was kept."""
        document = OldDocument(motion.body["document"])
        what = OldDocumentCaptured(document=document, location=location)
        return self.fact(motion, what, "document", officer)

    def outcome(self, fate: Fate, *, is_open: bool = False) -> Outcome:
        """Say what has become of the release in work."""
        motion = self.must_be_open()
        reason = None if fate is Fate.ISSUED else why_of(motion)
        return Outcome(fate, case_of(motion), reason, is_open)


def step_of(motion: Motion) -> Step:
    """Return how far the release is known to have come."""
    return Step(motion.body["step"])


def case_of(motion: Motion) -> UUID:
    """Return whose card it is."""
    return UUID(motion.body["case_id"])


def why_of(motion: Motion) -> HandOffReason:
    """Return why the card is not to go out; that is the equipment unless somebody said more."""
    return HandOffReason(motion.body.get("why", HandOffReason.EQUIPMENT_FAILED))
