"""Fingers: from an image to a template, from two templates to an answer.

docs/decisions/0019 says what the threshold was measured on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from common.matching.finger_advice import GOOD_QUALITY, FingerAdvice, advice
from common.matching.finger_extraction import FingerImageError, extract
from common.matching.finger_matcher import PreparedFinger, likeness
from common.matching.finger_template import (
    FingerPosition,
    FingerTemplate,
    ImageObservation,
    Minutia,
    MinutiaKind,
    RecordError,
)

__all__ = [
    "FMR_AT_THRESHOLD",
    "GOOD_QUALITY",
    "MATCH_THRESHOLD",
    "FingerAdvice",
    "FingerComparison",
    "FingerImageError",
    "FingerPosition",
    "FingerTemplate",
    "ImageObservation",
    "Minutia",
    "MinutiaKind",
    "RecordError",
    "advice",
    "compare",
    "extract",
    "verify",
]

MATCH_THRESHOLD = 6.0
FMR_AT_THRESHOLD = 1e-4
"""None of 12,160 pairs of strangers was measured, and 3 of 11,520 in which one picture had been
coded at 15:1; twenty fingers say no more than that it is of this order (docs/calibration)."""


@dataclass(frozen=True)
class FingerComparison:
    """How a finger just given compares with the enrolled impressions of one finger."""

    score: float
    matched: bool
    threshold: float


def compare(a: FingerTemplate, b: FingerTemplate) -> float:
    """How alike two impressions are: 0 and up, a match from MATCH_THRESHOLD."""
    return likeness(PreparedFinger(a), PreparedFinger(b))


def verify(probe: FingerTemplate, enrolled: Sequence[FingerTemplate]) -> FingerComparison:
    """Compare one impression with every enrolled one; the best of them decides."""
    prepared = PreparedFinger(probe)
    scores = (likeness(prepared, PreparedFinger(template)) for template in enrolled)
    best = max(scores, default=0.0)
    return FingerComparison(best, best >= MATCH_THRESHOLD, MATCH_THRESHOLD)
