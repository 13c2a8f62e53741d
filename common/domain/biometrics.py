"""Fingers as an office speaks of them: which there are, and why one cannot be given."""

from collections.abc import Collection
from enum import StrEnum

RIGHT_THUMB, LEFT_THUMB = 1, 6
THUMBS = (RIGHT_THUMB, LEFT_THUMB)
"""The law's two fingers; others stand in for them."""
ALL_FINGERS = (1, 6, 2, 7, 3, 8, 4, 9, 5, 10)
"""ISO/IEC 19794-2's numbers in the order of asking: thumbs first, right before left."""
FINGERS_WANTED = 2
NO_FINGERS_UNDER = 11
"""Younger children give no fingerprints."""
WITH_PARENT_UNDER = 18


class FingerException(StrEnum):
    """Why a finger is not given.

    Attributes:
        MISSING: Never there, or lost; AMPUTATED: taken off.
        BANDAGED: Covered for now, or hurt.
        WORN: It is there, and no scanner reads it.
        REFUSED: The person does not wish to.
        CHILD: Too young.
        NOT_TAKEN: Nothing is wrong with the finger: here is no scanner that works.
    """

    MISSING = "missing"
    AMPUTATED = "amputated"
    BANDAGED = "bandaged"
    WORN = "worn"
    REFUSED = "refused"
    CHILD = "child"
    NOT_TAKEN = "not_taken"


PERMANENT = frozenset({FingerException.MISSING, FingerException.AMPUTATED})
"""These hold for the next card too; all others are asked anew at each application."""
NEEDS_PHOTOGRAPH = PERMANENT | {FingerException.BANDAGED, FingerException.WORN}
"""There is something to see, so the hand is photographed."""


class Hand(StrEnum):
    """One of the two."""

    RIGHT = "right"
    LEFT = "left"


def hand_of(position: int) -> Hand:
    """Return the hand that a finger belongs to.

    Raises:
        ValueError: There is no such finger.
    """
    if position not in ALL_FINGERS:
        raise ValueError(f"no finger has the number {position}")
    return Hand.RIGHT if position <= 5 else Hand.LEFT


def hands_to_photograph(excepted: Collection[tuple[int, FingerException]]) -> tuple[Hand, ...]:
    """Name the hands of which a photograph belongs to these exceptions, right before left."""
    seen = {hand_of(position) for position, why in excepted if why in NEEDS_PHOTOGRAPH}
    return tuple(hand for hand in Hand if hand in seen)


def fingers_missing(enrolled: Collection[int], excepted: Collection[int]) -> tuple[int, ...]:
    """Name the thumbs that an application still has to account for.

    Two fingers are enough, whichever they are. With fewer, each thumb that is not enrolled needs
    an exception.
    """
    if len(set(enrolled)) >= FINGERS_WANTED:
        return ()
    return tuple(thumb for thumb in THUMBS if thumb not in enrolled and thumb not in excepted)
