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
    ISSUED_NOT_ACTIVATED = "issued_not_activated"
    RETAINED = "retained"
    FAULTY = "faulty"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    REVOKED = "revoked"
    LOST = "lost"
    DESTROYED = "destroyed"


KEPT = frozenset(
    {
        CardState.ORDERED,
        CardState.PERSONALISED,
        CardState.QUALITY_PASSED,
        CardState.STORED,
        CardState.RESERVED,
        CardState.PRESENTED,
        CardState.RETAINED,
        CardState.IN_TRANSIT,
        CardState.RECEIVED,
    }
)
"""On its way to the holder; of these a person has one at most, over all cases."""


class CardMove(StrEnum):
    """What happens to a card, step by step."""

    PERSONALISE = "personalise"
    PASS_QUALITY = "pass_quality"  # noqa: S105 (a card passes, no password)
    FAIL_QUALITY = "fail_quality"
    STORE = "store"
    RESERVE = "reserve"
    RELEASE_RESERVATION = "release_reservation"
    PRESENT = "present"
    ISSUE = "issue"
    ISSUE_TO_PROXY = "issue_to_proxy"
    ACTIVATE = "activate"
    RETAIN = "retain"
    DISPATCH = "dispatch"
    RECEIVE = "receive"
    REPORT_LOST = "report_lost"
    SUPERSEDE = "supersede"
    REVOKE = "revoke"
    WRITE_OFF = "write_off"
    DESTROY = "destroy"


BY_FACT = frozenset(
    {
        CardMove.PERSONALISE,
        CardMove.PASS_QUALITY,
        CardMove.FAIL_QUALITY,
        CardMove.STORE,
        CardMove.RESERVE,
        CardMove.RELEASE_RESERVATION,
        CardMove.PRESENT,
        CardMove.ISSUE,
        CardMove.ISSUE_TO_PROXY,
        CardMove.ACTIVATE,
        CardMove.RETAIN,
        CardMove.RECEIVE,
    }
)
"""What a station reports after it happened; all else is decided in the centre."""

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
    (CardState.PRESENTED, CardMove.ISSUE_TO_PROXY): CardState.ISSUED_NOT_ACTIVATED,
    (CardState.ISSUED_NOT_ACTIVATED, CardMove.ACTIVATE): CardState.ISSUED,
    (CardState.ISSUED_NOT_ACTIVATED, CardMove.REPORT_LOST): CardState.REVOKED,
    (CardState.ISSUED_NOT_ACTIVATED, CardMove.SUPERSEDE): CardState.REVOKED,
    (CardState.ISSUED_NOT_ACTIVATED, CardMove.REVOKE): CardState.REVOKED,
    (CardState.PRESENTED, CardMove.RETAIN): CardState.RETAINED,
    (CardState.RETAINED, CardMove.STORE): CardState.STORED,
    (CardState.STORED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.PRESENTED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.RETAINED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.STORED, CardMove.DISPATCH): CardState.IN_TRANSIT,
    (CardState.IN_TRANSIT, CardMove.RECEIVE): CardState.RECEIVED,
    (CardState.RECEIVED, CardMove.STORE): CardState.STORED,
    (CardState.RECEIVED, CardMove.FAIL_QUALITY): CardState.FAULTY,
    (CardState.ISSUED, CardMove.REPORT_LOST): CardState.REVOKED,
    (CardState.ISSUED, CardMove.SUPERSEDE): CardState.REVOKED,
    (CardState.ISSUED, CardMove.REVOKE): CardState.REVOKED,
    (CardState.PERSONALISED, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.QUALITY_PASSED, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.STORED, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.RETAINED, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.IN_TRANSIT, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.RECEIVED, CardMove.WRITE_OFF): CardState.LOST,
    (CardState.FAULTY, CardMove.DESTROY): CardState.DESTROYED,
    (CardState.REVOKED, CardMove.DESTROY): CardState.DESTROYED,
    (CardState.LOST, CardMove.DESTROY): CardState.DESTROYED,
}
"""(state, move) -> next state; whatever is not here is refused and shown to a supervisor."""


def after(state: CardState, move: CardMove) -> CardState | None:
    """Return the state after a lawful move, or None where the move is not lawful."""
    return LAWFUL.get((state, move))
