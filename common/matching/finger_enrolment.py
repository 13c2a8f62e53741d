"""Which impressions of a finger are enrolled: the best two of three that agree with each other.

On FVC2002 DB3_B later touches were missed 0.7 % of the time with the first capture alone, and never
with what is kept here (docs/decisions/0022). A capture that matches no other capture of the same
finger is another finger, or too poor to be one: it is not kept beside another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from common.matching.finger_advice import GOOD_QUALITY
from common.matching.fingers import MATCH_THRESHOLD, FingerTemplate, compare, verify

CAPTURES = 3
KEPT = 2
RETAKES = 2
"""Captures beyond the three, while no two good ones agree."""
LEAST_QUALITY = 20
"""NFIQ 2 below which an impression is never enrolled; from here to the gate it is an override."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture of a finger.

    Attributes:
        likeness: Its score against each earlier capture, in order.
        is_proven: It matches what is known of the person's finger, or an officer looks on: where
            nobody does, a second person's finger must not follow the first's.
    """

    template: FingerTemplate
    likeness: tuple[float, ...] = ()
    is_proven: bool = True

    @property
    def quality(self) -> int:
        """NFIQ 2."""
        return self.template.quality


@dataclass(frozen=True, slots=True)
class Kept:
    """An impression to enrol; overridden: it is below the gate, and somebody answers for it."""

    template: FingerTemplate
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class FingerEnrolment:
    """The captures of one finger so far.

    Attributes:
        position: Which finger, in ISO's numbers.
        captures: What was captured, the first of them perhaps the one that proved who it is.
        misses: Times that the finger was asked for and nothing came that could be kept.
        is_over: No more is captured: the time is up, or somebody said that it is enough.
    """

    position: int
    captures: tuple[Capture, ...] = ()
    misses: int = 0
    is_over: bool = False

    @classmethod
    def of(cls, position: int, first: FingerTemplate | None) -> "FingerEnrolment":
        """Begin; the impression just verified is the first capture, where it is good enough."""
        begun = cls(position)
        if first is None or first.quality < GOOD_QUALITY:
            return begun
        return begun.captured(Capture(first))

    @property
    def number(self) -> int:
        """Which capture is asked for next, from 1."""
        return self._count + 1

    @property
    def _count(self) -> int:
        return len(self.captures) + self.misses

    @property
    def is_done(self) -> bool:
        """Whether no further capture is wanted."""
        if self.is_over or self._count >= CAPTURES + RETAKES:
            return True
        return self._count >= CAPTURES and bool(self._best_pair(GOOD_QUALITY))

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What is enrolled of this finger: two impressions, else the best proven one, else none."""
        best = self._best_pair(GOOD_QUALITY) or self._best_pair(LEAST_QUALITY) or self._best_one()
        return tuple(Kept(one.template, one.quality < GOOD_QUALITY) for one in best)

    @property
    def needs_override(self) -> bool:
        """Whether what would be kept lies below the gate."""
        return any(one.overridden for one in self.kept)

    def captured(self, capture: Capture) -> "FingerEnrolment":
        """The finger was captured once more."""
        return replace(self, captures=(*self.captures, capture))

    def missed(self) -> "FingerEnrolment":
        """Nothing came, or it was no finger."""
        return replace(self, misses=self.misses + 1)

    def ended(self) -> "FingerEnrolment":
        """Capture no more."""
        return replace(self, is_over=True)

    def _best_pair(self, gate: int) -> tuple[Capture, ...]:
        """The two best captures from this quality up that match each other; none where none do.

        The weaker of the two counts first, then both, then how alike they are.
        """
        best: tuple[Capture, ...] = ()
        best_worth = (gate, 0, MATCH_THRESHOLD)
        for (earlier, a), (_, b) in combinations(enumerate(self.captures), KEPT):
            alike = b.likeness[earlier]
            worth = (min(a.quality, b.quality), a.quality + b.quality, alike)
            proven = a.is_proven or b.is_proven
            if proven and alike >= MATCH_THRESHOLD and worth > best_worth:
                best, best_worth = (a, b), worth
        return best

    def _best_one(self) -> tuple[Capture, ...]:
        good = [one for one in self.captures if one.is_proven and one.quality >= LEAST_QUALITY]
        return (max(good, key=lambda one: one.quality),) if good else ()


def capture(
    template: FingerTemplate,
    earlier: Sequence[Capture],
    known: Sequence[FingerTemplate] | None = None,
) -> Capture:
    """Compare a capture with those before it; some hundredths of a second each.

    Args:
        template: The impression just taken.
        earlier: The captures of this finger before it.
        known: What is known to be the person's; None where an officer looks on.
    """
    likeness = tuple(compare(template, one.template) for one in earlier)
    proven = known is None or verify(template, known).matched
    return Capture(template, likeness, proven)
