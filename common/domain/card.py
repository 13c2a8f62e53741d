"""The custody of a new card: where it may be and which moves are lawful."""

from enum import StrEnum


class CardState(StrEnum):
    """Where the card is in its life."""

    ORDERED = "ordered"
    PERSONALISED = "personalised"
    QUALITY_PASSED = "quality_passed"
    STORED = "stored"
    RESERVED = "reserved"
    PRESENTED = "presented"
    ISSUED = "issued"
    RETAINED = "retained"
    FAULTY = "faulty"


class CardMove(StrEnum):
    """What happens to a card. Each move is a custody fact."""

    PERSONALISE = "personalise"
    PASS_QUALITY = "pass_quality"  # noqa: S105 (a card passes, no password)
    FAIL_QUALITY = "fail_quality"
    STORE = "store"
    RESERVE = "reserve"
    RELEASE_RESERVATION = "release_reservation"
    PRESENT = "present"
    ISSUE = "issue"
    RETAIN = "retain"


LAWFUL: dict[tuple[CardState, CardMove], CardState] = {
    (CardState.ORDERED, CardMove.PERSONALISE): CardState.PERSONALISED,
    (CardState.ORDERED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.PERSONALISED, CardMove.PASS_QUALITY): CardState.QUALITY_PASSED,
    (CardState.PERSONALISED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.QUALITY_PASSED, CardMove.STORE): CardState.STORED,
    (CardState.STORED, CardMove.STORE): CardState.STORED,
    (CardState.STORED, CardMove.RESERVE): CardState.RESERVED,
    (CardState.RESERVED, CardMove.RELEASE_RESERVATION): CardState.STORED,
    (CardState.RESERVED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.RESERVED, CardMove.PRESENT): CardState.PRESENTED,
    (CardState.RESERVED, CardMove.RETAIN): CardState.RETAINED,
    (CardState.PRESENTED, CardMove.ISSUE): CardState.ISSUED,
    (CardState.PRESENTED, CardMove.RETAIN): CardState.RETAINED,
    (CardState.RETAINED, CardMove.STORE): CardState.STORED,
}
"""(state, move) -> next state; whatever is not here is refused and shown to a supervisor."""


def after(state: CardState, move: CardMove) -> CardState | None:
    """Return the state after a lawful move, or None where the move is not lawful."""
    return LAWFUL.get((state, move))
